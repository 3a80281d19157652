//go:build ignore

// Makes requests.csv: the log of a lane of four servers, first come first
// served, whose customers come at 0.8/s and, from five minutes on, at 3/s
// exp(-t/150 s) on top; services are gamma of mean 2 s and SCV 1/3, numbers
// rounded to milliseconds. Run it as: go run requests_gen.go > requests.csv
package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"
)

func main() {
	const servers, incident, end = 4, 300.0, 1200.0
	g := rand.New(rand.NewPCG(20120629, 1))
	rate := func(t float64) float64 {
		if t < incident {
			return 0.8
		}
		return 0.8 + 3*math.Exp(-(t-incident)/150)
	}
	zero := time.Date(2012, 6, 30, 2, 55, 0, 0, time.UTC)
	stamp := func(t float64) string {
		return zero.Add(time.Duration(math.Round(t*1e3)) * time.Millisecond).Format("2006-01-02T15:04:05.000Z07:00")
	}
	free := make([]float64, servers)
	fmt.Println("arrival,start,end")
	for t := g.ExpFloat64() / 3.8; t < end; t += g.ExpFloat64() / 3.8 {
		if g.Float64()*3.8 > rate(t) {
			continue
		}
		k := 0
		for i := range free {
			if free[i] < free[k] {
				k = i
			}
		}
		start := math.Max(t, free[k])
		free[k] = start + 2.0/3*(g.ExpFloat64()+g.ExpFloat64()+g.ExpFloat64())
		fmt.Printf("%s,%s,%s\n", stamp(t), stamp(start), stamp(free[k]))
	}
}

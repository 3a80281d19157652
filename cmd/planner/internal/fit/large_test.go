package fit_test

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"singlelane/cmd/planner/internal/fit"
	"singlelane/cmd/planner/internal/fit/trace"
)

// large streams the log of n requests at eight servers, nine tenths busy.
func large(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		g := rand.New(rand.NewPCG(17, 1))
		var free [8]float64
		b := bytes.NewBufferString("arrival,start,end\n")
		line, at := []byte(nil), 1.75e9
		for i := range n {
			at += g.ExpFloat64() / 10
			k := 0
			for j := range free {
				if free[j] < free[k] {
					k = j
				}
			}
			start := math.Max(at, free[k])
			free[k] = start + 0.72*g.ExpFloat64()
			line = line[:0]
			for j, x := range []float64{at, start, free[k]} {
				line = append(strconv.AppendFloat(line, x, 'f', 6, 64), ",,\n"[j])
			}
			b.Write(line)
			if b.Len() > 1<<18 || i == n-1 {
				if _, err := w.Write(b.Bytes()); err != nil {
					return
				}
				b.Reset()
			}
		}
		_ = w.Close() // the reader sees the end
	}()
	return r
}

func fitLarge(n int) (*fit.Fit, error) {
	t, err := trace.Read("log.csv", large(n), trace.Options{})
	if err != nil {
		return nil, err
	}
	f := fit.Requests(t, fit.Options{Incident: math.NaN()})
	if f.Service == nil || f.Servers.Count != 8 || f.Service.N != n {
		return f, fmt.Errorf("%d services at %+v", n, f.Servers)
	}
	return f, nil
}

// BenchmarkFit reads and fits a million requests, a third of the time going
// into writing them.
func BenchmarkFit(b *testing.B) {
	const rows = 1_000_000
	for b.Loop() {
		if _, err := fitLarge(rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

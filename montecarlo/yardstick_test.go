package montecarlo

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"singlelane/queueing"
)

// Each benchmark here is a plain hand-written loop of one model, the yardstick
// for the engine's benchmark of the same name: BenchmarkYardstickEventsSurge
// for BenchmarkEventsSurge, and so on.

// The surge, event by event: one server, two event times and a counter.
func BenchmarkYardstickEventsSurge(b *testing.B) {
	events := 0
	for i := 0; b.Loop(); i++ {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		t, n := 0.0, 1000
		arrival, done := nextSurge(r, 0), r.ExpFloat64()/10
		for n > 0 {
			events++
			if arrival < done {
				t, n = arrival, n+1
				arrival = nextSurge(r, t)
				continue
			}
			t, n = done, n-1
			done = t + r.ExpFloat64()/10
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
}

// nextSurge is the next arrival after t at rate 4 + 8 exp(-t/300), by
// thinning.
func nextSurge(r *rand.Rand, t float64) float64 {
	for {
		top := 4 + 8*math.Exp(-t/300)
		t += r.ExpFloat64() / top
		if r.Float64()*top < 4+8*math.Exp(-t/300) {
			return t
		}
	}
}

// customers of a plain queue in one replication of the recursion benchmarks.
const customers = 100_000

// Lindley's recursion for M/M/1.
func BenchmarkYardstickRecursionOne(b *testing.B) {
	sum := 0.0
	for i := 0; b.Loop(); i++ {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		w := 0.0
		for range customers {
			w = max(0, w+r.ExpFloat64()*0.8-r.ExpFloat64())
			sum += w
		}
	}
	if !(sum > 0) {
		b.Fatal("nobody waited")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(customers*b.N), "ns/customer")
}

// Eight servers as a sorted list with insertion.
func BenchmarkYardstickRecursionEight(b *testing.B) {
	sum := 0.0
	for i := 0; b.Loop(); i++ {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		var free [8]float64
		t := 0.0
		for range customers {
			t += r.ExpFloat64()
			begin := max(t, free[0])
			sum += begin - t
			done := begin + r.ExpFloat64()*6.4
			k := 0
			for ; k < 7 && free[k+1] < done; k++ {
				free[k] = free[k+1]
			}
			free[k] = done
		}
	}
	if !(sum > 0) {
		b.Fatal("nobody waited")
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(customers*b.N), "ns/customer")
}

func benchRecursion(b *testing.B, servers int, mean float64) {
	l := laneOf(b, queueing.Config{Service: queueing.Exponential{MeanTime: mean}, Servers: servers}, queueing.Steady{PerSecond: 1},
		queueing.Batch{Size: 1, At: customers})
	p, err := newPlan([]*queueing.Lane{l}, 1)
	if err != nil {
		b.Fatal(err)
	}
	e := newFCFS(context.Background(), p.lanes[0], 2*customers, false, nil)
	b.ReportAllocs()
	n := 0
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
		n += e.came
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/customer")
}

func BenchmarkRecursionOne(b *testing.B)   { benchRecursion(b, 1, 0.8) }
func BenchmarkRecursionEight(b *testing.B) { benchRecursion(b, 8, 6.4) }

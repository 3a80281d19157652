package queueing

import "testing"

// BenchmarkGrid solves a what-if grid of 50 paces of the surge by 10
// capacities, one design after the other.
func BenchmarkGrid(b *testing.B) {
	b.Run("50 by 10 designs in 5 s on two cores", benchmarkGrid)
}

func benchmarkGrid(b *testing.B) {
	for b.Loop() {
		for i := range 50 {
			arrivals := arrivalsOf(b, Steady{4}, Surge{8, 60 * float64(1+i)})
			for j := range 10 {
				l := laneOf(b, Config{Backlog: 1000, Servers: 1, Service: Exponential{1 / (9 + float64(j))}, Arrivals: arrivals})
				if _, err := SolveDrain(l, SolveOptions{}); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
}

// BenchmarkChain is the surge followed state by state, beside the density.
func BenchmarkChain(b *testing.B) {
	l := surgeLane(b, Exponential{0.1})
	b.Run("chain", func(b *testing.B) {
		for b.Loop() {
			if _, err := SolveChain(l, SolveOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("density", func(b *testing.B) {
		for b.Loop() {
			if _, err := SolveDrain(l, SolveOptions{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

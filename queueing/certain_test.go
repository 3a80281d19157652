package queueing

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// lastBegins is when, of requests that come at the given times in order, the last
// begins its service at one of c servers with services of length s: the
// recursion of J. Kiefer and J. Wolfowitz (1955), from when the lane is up.
func lastBegins(at []float64, c int, s, up float64) float64 {
	free := make([]float64, c)
	for i := range free {
		free[i] = up
	}
	last := 0.0
	for _, t := range at {
		first := 0
		for i := range free {
			if free[i] < free[first] {
				first = i
			}
		}
		last = math.Max(t, free[first])
		free[first] = last + s
	}
	return last
}

// Services of one length and batches known beforehand: nothing waits once the
// last request has begun its service.
func TestCertainDrain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c, s := rapid.IntRange(1, 9).Draw(r, "servers"), rapid.Float64Range(0.01, 100).Draw(r, "service")
		n0 := rapid.IntRange(c+1, 300).Draw(r, "backlog")
		up := rapid.SampledFrom([]float64{0, 17.25}).Draw(r, "down for")
		streams, at := []Stream{}, make([]float64, n0)
		clear := lastBegins(at, c, s, up)
		for i, more := range rapid.SliceOfN(rapid.IntRange(1, 50), 0, 3).Draw(r, "batches") {
			when := clear * 0.9 * rapid.Float64Range(0, 1).Draw(r, "when")
			streams = append(streams, Stream{Name: fmt.Sprint(i), Source: Batch{At: when, Size: more}})
			for range more {
				at = append(at, when)
			}
		}
		a, err := NewArrivals(streams...)
		if err != nil {
			r.Fatal(err)
		}
		l, err := NewLane(Config{Name: "certain", Backlog: n0, Arrivals: a, Service: Deterministic{s}, Servers: c, DownFor: up})
		if err != nil {
			r.Fatal(err)
		}
		d, err := SolveDrain(l, SolveOptions{Method: DrainIdentity})
		var refused *UnsupportedError
		if errors.As(err, &refused) && c == 1 { // one server has its own way
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		slices.Sort(at)
		if want := lastBegins(at, c, s, up); math.Abs(d.Mean()-want) > 1e-9*want || d.Quality != Exact && c > 1 {
			r.Errorf("drained at %v, %s; want %v", d.Mean(), d.Quality, want)
		}
	})
}

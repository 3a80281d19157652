package queueing

import (
	"fmt"
	"math"
	"strconv"
	"testing"
)

// serviceByService follows the number in a lane of one server with services of
// length d from the end of one to the end of the next, and returns P(T > n d).
// It knows nothing of ballots.
func serviceByService(a Arrivals, n0, level int, d float64, steps int) []float64 {
	const states, most = 700, 60
	now := make([]float64, states)
	now[n0] = 1
	var tail []float64
	for i := range steps {
		mean := a.Flow(float64(i)*d, float64(i+1)*d)
		next := make([]float64, states)
		for n := level + 1; n < states; n++ {
			for k, p := 0, math.Exp(-mean); k < most && n-1+k < states; k, p = k+1, p*mean/float64(k+1) {
				next[n-1+k] += now[n] * p
			}
		}
		left := 0.0
		for n := range next {
			if n <= level {
				next[n] = 0
			}
			left += next[n]
		}
		now = next
		tail = append(tail, left)
	}
	return tail
}

// Few requests, and a load that takes far more services to drain at worst:
// rates that change only early on, and a law whose first point is its largest.
func TestDeterministicLawOfFewRequestsAtHighLoad(t *testing.T) {
	const d = 0.1
	for _, c := range []struct {
		backlog int
		surge   Surge
	}{{3, Surge{1, 2}}, {1, Surge{4, 3}}, {7, Surge{2, 0.3}}} {
		a := arrivalsOf(t, Steady{9}, c.surge)
		l := laneOf(t, Config{Backlog: c.backlog, Servers: 1, Service: Deterministic{d}, Arrivals: a,
			Target: Target{Idle: true, FirstPassage: true}})
		got, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Method != DrainDensity || got.Quality != Exact {
			t.Errorf("%d requests: %s by %s, want exact by the density", c.backlog, got.Quality, got.Method)
		}
		for i, want := range serviceByService(a, c.backlog, 0, d, 900) {
			at := (float64(i) + 1.5) * d
			if tail := got.Exceed(at); math.Abs(tail-want) > 1e-11 {
				t.Errorf("%d requests: P(T > %g s) = %.15g, want %.15g", c.backlog, at, tail, want)
				break
			}
		}
	}
}

// A multiple of a service time is as many services on paper, whatever rounding
// makes of either: its atom is counted.
func TestAtomsOfRoundedMultiples(t *testing.T) {
	for _, d := range []float64{.007, .07, .1, .3, 1.1} {
		l := laneOf(t, Config{Backlog: 200, Arrivals: arrivalsOf(t, Steady{.4 / d}), Servers: 1, Service: Deterministic{d}, Target: idle})
		for _, method := range []Method{DrainDensity, ClosedForm, DrainIdentity} {
			law, err := SolveDrain(l, SolveOptions{Method: method})
			if err != nil {
				t.Fatal(err)
			}
			for n := 250; n < 420; n++ {
				at, err := strconv.ParseFloat(fmt.Sprintf("%.6g", float64(n)*d), 64) // as it is written
				if err != nil {
					t.Fatal(err)
				}
				if got, want := law.CDF(at), law.CDF(at*(1+1e-9)); got != want {
					t.Errorf("%s: P(T <= %g) = %.15g, a moment later %.15g", method, at, got, want)
				}
			}
		}
	}
}

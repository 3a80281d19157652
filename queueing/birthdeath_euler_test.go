package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Coarse steps against the Taylor series of the same chain, which share nothing but the
// generator: from an empty lane and a full one, through idle servers, overload, batches and
// rates that jump, fade and soar.
func TestCoarseStepsOfAChainAgreeWithItsSeries(t *testing.T) {
	pool := func(n int, start float64, d Delay) Source {
		return Pool{Instances: n, Requests: 1, Start: start, Delay: d}
	}
	for _, c := range []struct {
		name    string
		servers int
		from    law
		to      float64
		streams []Source
	}{
		{"idle, then overload", 11, point(0), 900, []Source{Steady{2}, pool(5000, 100, ExponentialDelay{1500})}},
		{"batches and jumps", 3, point(40), 400, []Source{Steady{0.5}, Batch{60, 50}, Batch{200, 170}, pool(300, 200, UniformDelay{90})}},
		{"a flood that soars and fades", 20, poissonLaw(12), 500, []Source{Steady{4}, pool(1500, 20, LognormalDelay{120, 0.4})}},
		{"one server near saturation", 1, point(3), 3000, []Source{Steady{0.39}}},
		{"many servers", 300, point(0), 60, []Source{Steady{100}, Surge{40, 30}}},
	} {
		l := laneOf(t, Config{Servers: c.servers, Service: Exponential{2.5}, Arrivals: arrivalsOf(t, c.streams...)})
		series := &birthDeath{lane: l, now: c.from, absorb: -1}
		series.run(c.to)
		for _, rough := range []float64{1e-6, 1e-8, 1e-10} {
			steps := &birthDeath{lane: l, now: c.from, absorb: -1, cut: rough / 100, rough: rough}
			steps.run(c.to)
			lost := math.Abs(1 - steps.now.mass())
			off := 0.0
			for n := min(series.now.lo, steps.now.lo); n <= max(series.now.hi(), steps.now.hi()); n++ {
				off += math.Abs(series.now.at(n) - steps.now.at(n))
			}
			t.Logf("%s, to %g a step: off by %.2g, of which %.2g is lost, stated %.2g", c.name, rough, off, lost, steps.off)
			if !(off <= steps.off+2*lost+1e-12) || !(steps.off > 0) || !(lost < 100*rough) {
				t.Errorf("%s, to %g a step: off by %.2g, %.2g is lost, stated %.2g", c.name, rough, off, lost, steps.off)
			}
		}
	}
}

// The tridiagonal system against elimination with row exchanges of the whole matrix, which
// goes on far above where servers are all busy.
func TestEulerSystemIsSolved(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const servers, above = 9, 160
	for _, n := range []int{1, 2, 3, 4, 5, 9, 10, 16, 33} {
		for _, lo := range []int{0, 2, 7, 12} {
			birth, each := 30*r.Float64(), 3*r.Float64()
			p := make([]float64, n)
			whole := n
			if lo+n > servers {
				whole += above
			}
			a, want := make([]float64, whole*whole), make([]float64, whole)
			deaths := func(i int) float64 { return each * float64(min(lo+i, servers)) }
			for i := range whole {
				a[i*whole+i] = 1 + birth + deaths(i)
				if i > 0 {
					a[i*whole+i-1] = -birth
				}
				if i < whole-1 {
					a[i*whole+i+1] = -deaths(i + 1)
				}
			}
			for i := range p {
				p[i] = r.Float64()
				want[i] = p[i]
			}
			solveLinear(a, want, math.Abs)
			s := eulerSystem{lo: lo, servers: servers, held: make([]float64, n), given: make([]float64, n)}
			s.solve(p, birth, each)
			for i := range p {
				if !(math.Abs(p[i]-want[i]) <= 1e-12*want[i]) {
					t.Errorf("%d numbers from %d: %.16g at %d, want %.16g", n, lo, p[i], i, want[i])
				}
			}
		}
	}
}

func (a law) at(n int) float64 {
	if n < a.lo || n > a.hi() {
		return 0
	}
	return a.p[n-a.lo]
}

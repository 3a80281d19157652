package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A kernel that is taken for small in (a,b) is so at every place in between, and
// the equation is solved where it is small at both ends of the lags but not
// between them: a calm, an overload, and a batch that comes when the backlog of
// the overload has about gone. A lattice with batches is not followed so: there a
// second overload takes their place, and groups bring one as well.
func TestKernelBetweenLags(t *testing.T) {
	trace, err := NewTrace([]float64{0, 3000, 3300, 9000}, []float64{.2 * 3000, 1.4 * 300, .2 * 5700}, false)
	if err != nil {
		t.Fatal(err)
	}
	again, err := NewTrace([]float64{0, 3000, 3300, 3700, 3740, 9000}, []float64{.2 * 3000, 1.4 * 300, .2 * 400, 150, .2 * 5260}, false)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(8, 1))
	groups := poissonPool{Pool{Instances: 40, Requests: 4, Together: true, Start: 3700, Delay: UniformDelay{30}}, 1}
	with := []Source{trace, Batch{150, 3720}, Batch{30, 100}}
	for name, c := range map[string]struct {
		service Service
		sources []Source
	}{
		"exponential": {Exponential{2}, with}, "gamma": {Gamma{2, 4}, with}, "two phases": {BalancedHyperexponential(2, 4), with},
		"deterministic": {Deterministic{2}, []Source{again}}, "groups": {Exponential{2}, []Source{trace, groups}},
	} {
		l := laneOf(t, Config{Backlog: 40, Servers: 1, Service: c.service, Target: Target{Idle: true, FirstPassage: true}, Arrivals: arrivalsOf(t, c.sources...)})
		var p interface {
			row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool)
		}
		var still func(s, t float64) float64
		switch from := l.Initial().law(); {
		case name == "groups":
			q := newGroupedPassage(l, 0, from, 0, newGroupSums(c.service))
			p, still = q, q.still
		case name == "exponential":
			q := newSkellamPassage(l, 0, from, 0)
			p, still = q, q.still
		case name == "gamma":
			q := newGammaPassage(l, 0, from, 0)
			p, still = q, q.still
		case name == "deterministic":
			q := newLatticePassage(l, 0, from, 0)
			p, still = &smoothLattice{p: q}, func(m, n float64) float64 { return q.still(m*q.d, n*q.d) }
		default:
			q := newTransformPassage(l, 0, from, 0, sumsOf(c.service))
			p, still = q, q.still
		}
		offs := 0
		for range 400 {
			at := 100 + 4500*r.Float64()
			if name == "deterministic" {
				at /= 2
			}
			a, b := at*r.Float64(), at*r.Float64()
			a, b = math.Min(a, b), math.Max(a, b)
			_, _, off := p.row(at)
			if !off(a, b, 20) {
				continue
			}
			offs++
			for i := range 300 {
				if x := a + (b-a)*float64(i)/299; still(x, at) < 10 {
					t.Errorf("%s: the kernel for %g is left out of (%g,%g), but has weight exp(-%.3g) at %g", name, at, a, b, still(x, at), x)
					break
				}
			}
		}
		if offs < 20 {
			t.Errorf("%s: left out %d times", name, offs)
		}
	}
}

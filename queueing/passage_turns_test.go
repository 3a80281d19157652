package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A kernel that is taken for small in (a,b) is so at every place in between, and
// the equation is solved where it is small at both ends of the lags but not
// between them: a calm, an overload, and a batch that comes when the backlog of
// the overload has about gone.
func TestKernelBetweenLags(t *testing.T) {
	trace, err := NewTrace([]float64{0, 3000, 3300, 9000}, []float64{.2 * 3000, 1.4 * 300, .2 * 5700}, false)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(8, 1))
	for name, s := range map[string]Service{"exponential": Exponential{2}, "gamma": Gamma{2, 4}, "two phases": BalancedHyperexponential(2, 4)} {
		l := laneOf(t, Config{Backlog: 40, Servers: 1, Service: s, Target: Target{Idle: true, FirstPassage: true},
			Arrivals: arrivalsOf(t, trace, Batch{150, 3720}, Batch{30, 100})})
		var p passage
		var still func(s, t float64) float64
		switch s.(type) {
		case Exponential:
			q := newSkellamPassage(l, 0, l.Initial().law(), 0)
			p, still = q, q.still
		case Gamma:
			q := newGammaPassage(l, 0, l.Initial().law(), 0)
			p, still = q, q.still
		default:
			q := newTransformPassage(l, 0, l.Initial().law(), 0, sumsOf(s))
			p, still = q, q.still
		}
		offs := 0
		for range 400 {
			at := 100 + 4500*r.Float64()
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

package queueing

import (
	"fmt"
	"math"
	"testing"
)

// fastStages is the mean of term(n, stages) over n = k + A hyperexponential
// services, A Poisson of mean a, as a sum of positive terms: an exponential time of
// the slower phase is a geometric number of the faster one's, so that n services
// are n stages and some more, and take an Erlang time.
func fastStages(s Hyperexponential, k int, a float64, term func(n, stages float64) float64) float64 {
	const most = 400 // stages
	slow, end := 1-s.P1, s.Mean1/s.Mean2
	one := make([]float64, most)
	one[0] = s.P1 + slow*end
	for j := 1; j < most; j++ {
		one[j] = slow * end * math.Pow(1-end, float64(j))
	}
	more := append([]float64{1}, make([]float64, most-1)...)
	sum := 0.0
	for n := 1; n < most/2; n++ {
		next := make([]float64, most)
		for i, x := range more {
			for j := 0; i+j < most; j++ {
				next[i+j] += x * one[j]
			}
		}
		more = next
		if n < k {
			continue
		}
		for j := 0; n+j < most; j++ {
			sum += poissonProb(float64(n-k), a) * more[j] * term(float64(n), float64(n+j))
		}
	}
	return sum
}

// Where one phase is far longer than the other the path passes poles of high
// order that a step for the slow one does not see.
func TestTransformOfUnlikePhases(t *testing.T) {
	for _, scv := range []float64{4, 25, 200} {
		s := BalancedHyperexponential(2, scv)
		w := sumsOf(s).(*poleSums)
		for _, c := range [][3]float64{{11, 24, 13.5}, {11, 10, 6}, {40, 60, 15}, {1, 3, .4}, {1, 30, 20}, {5, 90, 9}} {
			k, u, a := c[0], c[1], c[2]
			last := fastStages(s, int(k), a, func(n, stages float64) float64 {
				lg, _ := math.Lgamma(stages)
				return u / n / s.Mean1 * math.Exp((stages-1)*math.Log(u/s.Mean1)-u/s.Mean1-lg)
			})
			below := fastStages(s, int(k), a, func(_, stages float64) float64 { return gammaBelow(stages, u/s.Mean1) })
			near(t, fmt.Sprintf("SCV %g at %v", scv, c), w.lasts(k, u, a, 1, 0), last, 1e-11)
			if got := w.below(k, u, a); !(math.Abs(got-below) < 1e-12) {
				t.Errorf("SCV %g, below %v: %.15g, want %.15g", scv, c, got, below)
			}
		}
	}
}

// counting counts the kernel values that a march asks for.
type counting struct {
	*transformPassage
	values *int
}

func (c counting) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	source, kernel, off := c.transformPassage.row(t)
	return source, func(s float64) float64 {
		*c.values++
		return kernel(s)
	}, off
}

// A source or kernel that is rough, be it by rounding, drives panels down to the
// width at which they are taken as they are, and there are that many of them over
// the whole window: tens of thousands of kernel values where it is smooth, a
// million and more where it is not.
func TestValuesOfTransforms(t *testing.T) {
	for name, c := range map[string]Config{
		"unlike phases": {Backlog: 21, Service: BalancedHyperexponential(2, 25), Target: Target{Waiting: 9, FirstPassage: true},
			Arrivals: arrivalsOf(t, Steady{.15}, Surge{.5, 60}, Batch{1, 33.9668})},
		"few measured": {Backlog: 14, Service: measured(40, 3), Target: Target{Waiting: 3, FirstPassage: true},
			Arrivals: arrivalsOf(t, Steady{9}, Surge{8, 2})},
	} {
		c.Servers = 1
		l := laneOf(t, c)
		values := 0
		q := newTransformPassage(l, 0, l.Initial().law(), l.Level(0), sumsOf(c.Service))
		mass := newCurve(SolveOptions{Tolerance: 1e-7}.passage(counting{q, &values}), nil, 0).total()
		if values > 100000 || math.Abs(mass-1) > 1e-2 {
			t.Errorf("%s: %d values for a mass of %.9g", name, values, mass)
		}
	}
}

// Sums of measured times pass smoothly from the law of few to that of many: no
// step is seen against the difference of the two.
func TestFewPassIntoMany(t *testing.T) {
	s := measured(40, 3)
	a := newAtomSums(s)
	for _, k := range []float64{1, 30} {
		at := func(x float64) float64 { return a.last(k, x*s.Mean(), math.Max(0, x-k)) }
		for x := 40.; x < 110; x += .5 {
			const h = 1e-3
			if step := at(x+h) - 2*at(x) + at(x-h); math.Abs(step) > 1e-6*at(x) {
				t.Errorf("%g services and as many as make %g: the slope steps by %.2g of %.3g", k, x, step/h, at(x))
			}
		}
	}
}

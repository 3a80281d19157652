package queueing

import (
	"math"
	"testing"
)

// The phases have the moments of the gamma law, as many as there are points to
// choose: E S^j = (a)(a+1)...(a+j-1) (mean/a)^j.
func TestGammaPhasesHaveItsMoments(t *testing.T) {
	for _, shape := range []float64{.0625, .25, .5, .9, 1.3, 2.5, 7.75} {
		for n := 2; n <= 7; n++ {
			law, err := gammaPhases(Gamma{3, shape}, n)
			if err != nil {
				t.Fatal(err)
			}
			count := 2*n - 1
			if shape > 1 { // one point is at 0
				count--
			}
			got, err := law.Moments(count)
			if err != nil {
				t.Fatal(err)
			}
			want := 1.0
			for j, x := range got {
				want *= (shape + float64(j)) * 3 / shape
				if math.Abs(x-want) > 1e-11*want {
					t.Errorf("shape %g, %d points: moment %d is %.15g, want %.15g", shape, n, j+1, x, want)
				}
			}
		}
	}
}

// What is stated for so many points is no less than what the law is off by from
// the one of the drain density, which knows no phases.
func TestGammaPhasesStateTheirError(t *testing.T) {
	shapes := []float64{2.5}
	if !testing.Short() {
		shapes = append(shapes, .5)
	}
	for _, shape := range shapes {
		g := Gamma{1, shape}
		l := laneOf(t, Config{Servers: 1, Service: g, Target: idle, Arrivals: arrivalsOf(t, Steady{.4}, Batch{2, 3})})
		begin := 4.0
		l.overload = &begin
		exact, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		var last *curve
		before := 0.0
		for n := 2; n <= 5; n++ {
			law, err := gammaPhases(g, n)
			if err != nil {
				t.Fatal(err)
			}
			d, err := followPhases(l, law, begin, SolveOptions{Tolerance: betweenSpan})
			if err != nil {
				t.Fatal(err)
			}
			c := d.Distribution.(*curve)
			if last != nil {
				off := furthest(c, last)
				stated := stillOff(off, before, shape, n) + d.AbsError + exact.AbsError
				if is := furthest(c, exact.Distribution.(*curve)); is > stated {
					t.Errorf("shape %g, %d points: the law is off by %.2g, where %.2g is stated", shape, n, is, stated)
				} else {
					t.Logf("shape %g, %d points: off by %.2g of %.2g", shape, n, is, stated)
				}
				before = off
			}
			last = c
		}
		if shape > 1 && before > 1e-4 {
			t.Errorf("shape %g: the last point still changes %.2g", shape, before)
		}
	}
}

// Nor is it where a single service is all there is, from any time after its start on:
// its own law against that of the phases, which is a sum of exponentials.
func TestStillOffOfOneService(t *testing.T) {
	for _, shape := range []float64{.003, .02, .05, .1, .25, .5, .9, 1.1, 1.5, 1.9} {
		whole := shape > 1
		var x, w [9][]float64
		for n := 2; n < len(x); n++ {
			x[n], w[n] = betaRule(shape-math.Floor(shape), n, whole)
		}
		cdf := func(n int, u float64) float64 {
			sum := 0.0
			for i, x := range x[n] {
				var v float64 // the chance to be longer than u
				switch {
				case !whole:
					v = math.Exp(-u * shape / x)
				case x == 0:
					v = math.Exp(-u * shape)
				default:
					v = (math.Exp(-u*shape)/x - math.Exp(-u*shape/x)) / (1/x - 1)
				}
				sum += w[n][i] * (1 - v)
			}
			return sum
		}
		for from := 1e-4; from < 4; from *= 1.3 {
			before := 0.0
			for n := 3; n < len(x); n++ {
				off, is := 0.0, 0.0
				for u := from; u < 20; u *= 1.1 {
					off = math.Max(off, math.Abs(cdf(n, u)-cdf(n-1, u)))
					is = math.Max(is, math.Abs(cdf(n, u)-gammaBelow(shape, u*shape)))
				}
				if stated := stillOff(off, before, shape, n); is > stated {
					t.Errorf("shape %g from %g on, %d points: off by %.3g, where %.3g is stated", shape, from, n, is, stated)
				}
				before = off
			}
		}
	}
}

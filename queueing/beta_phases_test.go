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
				stated := stillOff(off, before, n) + d.AbsError + exact.AbsError
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

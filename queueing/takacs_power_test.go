package queueing

import (
	"fmt"
	"math"
	"testing"
)

// The series in powers of the time against the sum of the summands one by one,
// from the first instants that count to where the series ends.
func TestTakacsPowersMeetSum(t *testing.T) {
	early := 0
	for _, shape := range []float64{.25, .7, 1, 4, 100} {
		for _, k := range []int{1, 10, 100} {
			for _, rho := range []float64{0, .1, .9} {
				s := Gamma{.1, shape}
				c := constantLane{k, rho / s.MeanTime, s}
				powers, sum := c.takacsPower(s), c.takacsSum(s, 1e-12)
				lo, hi := c.bounds(outside)
				for i := range 41 {
					at := lo * math.Pow(hi/lo, (float64(i)+.5)/41)
					got, ok := powers.at(at, powerMost)
					if !ok {
						continue
					}
					early++
					if off := math.Abs(got - sum(at)); !(off <= 1e-12) {
						t.Errorf("shape %g, k %d, load %g at %g s: %.16g differs by %.2g", shape, k, rho, at, got, off)
					}
				}
			}
		}
	}
	if early < 1000 {
		t.Errorf("the series holds at %d instants only", early)
	}
}

// Without arrivals the drain is one gamma variable: both tails keep their
// digits over fifty decades of time.
func TestFewRequestsWithoutArrivals(t *testing.T) {
	for _, c := range []struct {
		k     int
		shape float64
	}{{1, .25}, {1, .4}, {2, .25}, {1, 1}, {3, 2.5}, {2, 20}} {
		l := constantCase(t, c.k, 0, Gamma{.1, c.shape}, 1, idle)
		d, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("%d of shape %g", c.k, c.shape)
		for _, p := range []float64{1e-12, 1e-9, 1e-4, .01, .5, .99, 1 - 1e-6, 1 - 1e-12} {
			at := d.Quantile(p)
			below, above := gammaTails(float64(c.k)*c.shape, at*c.shape/.1)
			near(t, fmt.Sprintf("%s: P(T <= %g)", name, at), d.CDF(at), below, 1e-7)
			near(t, fmt.Sprintf("%s: P(T > %g)", name, at), d.Exceed(at), above, 1e-7)
			if off := math.Abs(d.CDF(at) - below); off > 1e-11 {
				t.Errorf("%s: CDF(%g) is off by %.2g", name, at, off)
			}
		}
	}
}

// The ballot density, by whichever of its forms, against the source of the
// general passage, which goes its own way about the same sum.
func TestTakacsMeetsPassage(t *testing.T) {
	for _, shape := range []float64{.25, 1, 4, 30, 100} {
		for _, k := range []int{1, 3, 40} {
			for _, rho := range []float64{.05, .5, .95} {
				s := Gamma{.1, shape}
				l := constantCase(t, k, rho*10, s, 1, idle)
				c := constantLane{k, rho * 10, s}
				log, sum := c.takacs(s, 1e-12), c.takacsSum(s, 1e-12)
				p := newGammaPassage(l, 0, point(k), 0)
				lo, hi := c.bounds(1e-12)
				for i := range 31 {
					at := lo * math.Pow(hi/lo, (float64(i)+.5)/31)
					want := math.Log(p.source(at, rho*10))
					for _, got := range []float64{log(at), sum(at)} {
						if !(math.Abs(got-want) <= 1e-12*(10+math.Abs(want))) {
							t.Errorf("shape %g, k %d, load %g at %g s: %.16g, want %.16g", shape, k, rho, at, got, want)
						}
					}
				}
			}
		}
	}
}

package queueing

import (
	"fmt"
	"math"
	"testing"
)

// erlangCases are lanes of few requests, from next to no arrivals to many.
func erlangCases(t *testing.T, visit func(what string, c constantLane, m *erlangMixture)) {
	t.Helper()
	for _, stages := range []float64{1, 2, 4, 30, 100} {
		for _, n0 := range []int{1, 3, 20, 100} {
			for _, rate := range []float64{0, .001, 1, 4, 6} {
				c := constantLane{n0, rate, Gamma{.1, stages}}
				if stages == 1 {
					c.service = Exponential{.1}
				}
				if m := c.erlangMixture(windowExponent); m != nil {
					visit(fmt.Sprintf("%d at %g/s, %g stages", n0, rate, stages), c, m)
				} else if rate < 4 {
					t.Errorf("%d at %g/s, %g stages: no mixture", n0, rate, stages)
				}
			}
		}
	}
}

// far is what rounding of its logarithm leaves of a mass, relatively.
func far(mass float64) float64 { return 1e-12 - 2e-14*math.Log(math.Min(1, mass+1e-300)) }

// Tails and the density are those of the sum of incomplete gamma functions, the moments those of
// the busy period.
func TestErlangMixture(t *testing.T) {
	erlangCases(t, func(what string, c constantLane, m *erlangMixture) {
		k := c.cumulants()
		near(t, what+": mean", m.Mean(), k.Mean, 1e-12)
		near(t, what+": standard deviation", m.StdDev(), math.Sqrt(k.Variance), 1e-11)
		near(t, what+": mean over 0", m.MeanOver(0), k.Mean, 1e-12)
		for _, x := range []float64{-1, 0, 1e-200, 1e-9, .05, .3, .8, 1, 1.3, 3, 8, 20, 1e12, math.Inf(1)} {
			at := x * k.Mean
			var below, above, over, density float64
			for j, w := range m.weight {
				p := float64(m.ends(j))
				lo, hi := gammaTails(p, m.c*at)
				_, next := gammaTails(p+1, m.c*at)
				below, above = below+w*lo, above+w*hi
				if at > 0 && !math.IsInf(at, 1) {
					over += w * (p/m.c*next - at*hi)
					gamma, _ := math.Lgamma(p)
					density += w * math.Exp(p*math.Log(m.c*at)-m.c*at-gamma) / at
				}
			}
			what := fmt.Sprintf("%s: at %g s", what, at)
			got, left := m.sums(at, false)
			if !(math.Abs(got-below) <= far(below)*below+1e-290) {
				t.Errorf("%s: P(T <= t) = %.15g, want %.15g", what, got, below)
			}
			got, f := m.sums(at, true)
			if below < above {
				f = left
			}
			if !(math.Abs(got-above) <= far(above)*above+1e-290) {
				t.Errorf("%s: P(T > t) = %.15g, want %.15g", what, got, above)
			}
			if !(math.Abs(f-density) <= 5e-11*density+1e-250) && at > 0 {
				t.Errorf("%s: density %.15g, want %.15g", what, f, density)
			}
			if over > 1e-6*k.Mean {
				near(t, what+": mean over", m.MeanOver(at), over, 1e-9)
			}
			near(t, what+": both sides", m.CDF(at)+m.Exceed(at), 1, 1e-14)
		}
	})
}

// Quantiles are where the probability is, also between the peaks of services much alike.
func TestErlangMixtureQuantiles(t *testing.T) {
	erlangCases(t, func(what string, _ constantLane, m *erlangMixture) {
		before := 0.0
		for _, p := range []float64{1e-200, 1e-12, 1e-4, .01, .3, .5, math.Nextafter(.5, 1), .5001, .7, .99, .9999, 1 - 1e-9, 1 - 1e-14} {
			q := m.Quantile(p)
			what := fmt.Sprintf("%s: %g-quantile", what, p)
			if q < before*(1-1e-14) {
				t.Errorf("%s is %.17g after %.17g", what, q, before)
			}
			before = q
			mass, f := m.sums(q, p > .5)
			goal := p
			if p > .5 {
				goal = 1 - p
			}
			if !(math.Abs(mass-goal) <= 1e-12*goal+1e-15*q*f) {
				t.Errorf("%s is %.17g, where there is %.17g", what, q, mass)
			}
		}
	})
}

// The law is that of the ballot densities, Kendall's and Takács's, which SolveDrain takes where
// there are many requests.
func TestErlangMixtureIsTheBallotLaw(t *testing.T) {
	for _, s := range []Service{Exponential{.1}, Gamma{.1, 2}, Gamma{.1, 7}} {
		for _, n0 := range []int{1, 4, 30} {
			for _, rate := range []float64{.5, 3, 6} {
				l := constantCase(t, n0, rate, s, 1, idle)
				few, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10})
				if err != nil {
					t.Fatal(err)
				}
				if _, is := few.Distribution.(knownMoments).Distribution.(*erlangMixture); !is {
					t.Errorf("%v, %d at %g/s: a %T", s, n0, rate, few.Distribution)
				}
				ballot, err := ClosedFormDrain(l, SolveOptions{Tolerance: 1e-10})
				if err != nil {
					t.Fatal(err)
				}
				for _, x := range []float64{.01, .2, .7, 1, 1.5, 4, 9} {
					at := x * few.Mean()
					what := fmt.Sprintf("%v, %d at %g/s: after %g s", s, n0, rate, at)
					if off := few.Exceed(at) - ballot.Exceed(at); !(math.Abs(off) <= few.AbsError+ballot.AbsError) {
						t.Errorf("%s off by %.2g", what, off)
					}
					if at < few.Tail {
						near(t, what, few.Exceed(at), ballot.Exceed(at), 2e-8)
					}
				}
				checkLaw(t, few)
			}
		}
	}
}

// Laws that would take long are left to the density.
func TestErlangMixtureRefuses(t *testing.T) {
	for _, c := range []constantLane{
		{1, 9.9, Exponential{.1}}, {1e9, 1, Exponential{.1}}, {1, 9.999999, Gamma{.1, 3}}, {1, 1, Gamma{.1, 2.5}}, {1, 1, Gamma{.1, 1e9}}, {1e6, 0, Gamma{.1, 1e6}},
	} {
		if m := c.erlangMixture(windowExponent); m != nil {
			t.Errorf("%v: %d weights", c, len(m.weight))
		}
	}
}

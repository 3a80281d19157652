package queueing

import (
	"errors"
	"fmt"
	"math"
	"testing"
)

// Hyperexponential services, from alike to a phase a hundred times the other:
// the error asked for is reached, mass, mean and variance are the busy period's,
// and the law is that of the general way, whose paths and panels are others.
func TestBusyMixture(t *testing.T) {
	services := []Service{BalancedHyperexponential(.1, 1.5), BalancedHyperexponential(.1, 20), Hyperexponential{.99, .05, 5.05}}
	for i, s := range services {
		for _, n0 := range []int{1, 3, 30, 300, 10000} {
			for _, rate := range []float64{0, 1, 9, 9.99} {
				name := fmt.Sprintf("%v from %d at %g/s", s, n0, rate)
				l := constantCase(t, n0, rate, s, 1, idle)
				c, err := constantRates(l, DrainDensity)
				if err != nil {
					t.Fatal(err)
				}
				p, err := newProblem(l, SolveOptions{Tolerance: 1e-10})
				if err != nil {
					t.Fatal(err)
				}
				d, err := p.busyMixture(c, s.(Hyperexponential))
				if err != nil || !(d.AbsError <= 1e-10) {
					t.Errorf("%s: error %.2g, %v", name, d.AbsError, err)
					continue
				}
				k := c.cumulants()
				near(t, name+": mean", d.Mean(), k.Mean, 1e-9)
				near(t, name+": standard deviation", d.StdDev(), math.Sqrt(k.Variance), 1e-9)
				if n0 == 1 && rate == 0 { // one service
					for _, q := range []float64{1e-6, .1, .5, .9, .999, 1 - 1e-9} {
						at := d.Quantile(q)
						near(t, name+": P(T <= t)", d.CDF(at), serviceCDF(s, at), 1e-10)
					}
					continue
				}
				if i == 1 && n0 < 300 || i == 2 || testing.Short() && n0 > 1 {
					continue // the general way is far off, or takes long
				}
				want, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10, Method: DrainDensity})
				if err != nil {
					t.Fatal(name, err)
				}
				if worst := worstBetween(d, want); !(worst <= d.AbsError+want.AbsError+1e-12) {
					t.Errorf("%s: differs by %.2g", name, worst)
				}
				if reach := math.Min(d.Tail, want.Tail); reach > 0 {
					near(t, name+": P(T > Tail)", d.Exceed(reach), want.Exceed(reach), 1e-5)
				}
			}
		}
	}
}

// Phases that are alike are one exponential service, whose density is Kendall's.
func TestBusyMixtureOfOnePhase(t *testing.T) {
	for _, n0 := range []int{1, 20, 500} {
		for _, rate := range []float64{4, 9.9} {
			c := constantLane{n0, rate, Hyperexponential{.3, .1, .1}}
			rules := newMixtureRules(c.busyMixture(c.service.(Hyperexponential)), func() {})
			kendall := constantLane{n0, rate, Exponential{.1}}.kendall()
			lo, hi := c.bounds(1e-18)
			for i := range 60 {
				at := math.Max(lo, 1e-12) * math.Pow(hi/math.Max(lo, 1e-12), float64(i)/59)
				near(t, fmt.Sprintf("ln f(%g) from %d at %g/s", at, n0, rate), rules.log(at), kendall(at), 3e-12)
			}
		}
	}
}

// The derivatives of the logarithm of the transform are those of its values.
func TestBusyMixtureJets(t *testing.T) {
	p := constantLane{7, 8, BalancedHyperexponential(.1, 4)}.busyMixture(BalancedHyperexponential(.1, 4))
	const h = 1e-3
	for _, s := range []float64{-.5 * p.edge(), .3, 40} {
		_, m := p.jets(s)
		log, _ := p.at(complex(s, 0))
		h := h * (s + p.edge())
		up, mUp := p.jets(s + h)
		down, mDown := p.jets(s - h)
		near(t, "ln phi", (up+down)/2-m[1]*-h*h/2, real(log), 1e-8)
		near(t, "M", (down-up)/(2*h), m[0], 1e-5)
		for j := range 3 {
			near(t, fmt.Sprintf("derivative %d of M", j+1), (mUp[j]-mDown[j])/(2*h), m[j+1], 1e-4)
		}
	}
}

// What stops a solver stops rules.
func TestBusyMixtureStops(t *testing.T) {
	l := constantCase(t, 3, 4, BalancedHyperexponential(.1, 4), 1, idle)
	enough := errors.New("enough")
	c, err := constantRates(l, DrainDensity)
	if err != nil {
		t.Fatal(err)
	}
	rules := newMixtureRules(c.busyMixture(BalancedHyperexponential(.1, 4)), func() { panic(stopped{enough}) })
	err = func() (err error) {
		defer catch(&err)
		rules.log(1)
		return nil
	}()
	if !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
}

// The time of the whole law to 1e-10, with the error stated.
func BenchmarkHyperexponential(b *testing.B) {
	for _, scv := range []float64{1.5, 4, 20} {
		for _, n0 := range []int{1, 3, 10, 100, 1000} {
			for _, rate := range []float64{1, 4, 9, 9.9} {
				l := constantCase(b, n0, rate, BalancedHyperexponential(.1, scv), 1, idle)
				b.Run(fmt.Sprintf("SCV %g from %d at load %g", scv, n0, rate/10), func(b *testing.B) {
					var d Drain
					for b.Loop() {
						var err error
						if d, err = SolveDrain(l, SolveOptions{Tolerance: 1e-10}); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(d.AbsError*1e12, "1e-12-error")
				})
			}
		}
	}
}

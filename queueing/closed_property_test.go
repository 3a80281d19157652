package queueing

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func drawnConstant(t *rapid.T) (n0 int, rho float64, service Service) {
	n0 = int(math.Pow(10, rapid.Float64Range(0, 9).Draw(t, "log backlog")))
	rho = 1 - math.Pow(10, -rapid.Float64Range(0, 4).Draw(t, "-log(1-rho)"))
	mean := math.Pow(10, rapid.Float64Range(-4, 4).Draw(t, "log mean"))
	switch rapid.IntRange(0, 2).Draw(t, "law") {
	case 0:
		return n0, rho, Exponential{mean}
	case 1:
		return n0, rho, Gamma{mean, math.Pow(10, rapid.Float64Range(-0.6, 2).Draw(t, "log shape"))}
	}
	return n0, rho, Deterministic{mean}
}

func drawnLane(t *rapid.T, n0 int, rate float64, s Service) *Lane {
	a, err := NewArrivals(Stream{Name: "steady", Source: Steady{rate}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLane(Config{Backlog: n0, Arrivals: a, Service: s, Servers: 1, Target: idle})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func closedOf(t *rapid.T, l *Lane) Drain {
	d, err := ClosedFormDrain(l, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Anywhere in the domain: a CDF within [0,1] that does not fall, the
// cumulants' mean, an error as asked for or stated, a larger law for a larger
// backlog, and the same law in any unit of time.
func TestClosedFormProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n0, rho, s := drawnConstant(t)
		d := closedOf(t, drawnLane(t, n0, rho/s.Mean(), s))
		k, err := DrainCumulants(drawnLane(t, n0, rho/s.Mean(), s))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(d.Mean()-k.Mean) > 1e-7*(k.Mean+math.Sqrt(k.Variance)) || d.AbsError > 1e-7 {
			t.Fatalf("mean %g, want %g; error %g", d.Mean(), k.Mean, d.AbsError)
		}
		more := closedOf(t, drawnLane(t, n0+1+n0/100, rho/s.Mean(), s))
		slow := closedOf(t, drawnLane(t, n0, rho/s.Mean()/8, s.Scaled(8)))
		slack := d.AbsError + more.AbsError + slow.AbsError + 1e-12
		before := 0.0
		for _, z := range []float64{-6, -3, -1, -0.3, 0, 0.3, 1, 3, 6, 20} {
			at := (math.Floor((k.Mean+z*math.Sqrt(k.Variance))/s.Mean()) + 0.5) * s.Mean()
			f := d.CDF(at)
			if !(f >= before-slack && f <= 1) || math.Abs(f+d.Exceed(at)-1) > slack {
				t.Fatalf("CDF(%g) = %g after %g, beyond %g", at, f, before, d.Exceed(at))
			}
			if more.CDF(at) > f+slack {
				t.Fatalf("CDF(%g) = %g, from a larger backlog %g", at, f, more.CDF(at))
			}
			if math.Abs(slow.CDF(8*at)-f) > slack {
				t.Fatalf("CDF(%g) = %g, with the time stretched %g", at, f, slow.CDF(8*at))
			}
			before = f
		}
	})
}

// Where both cover a lane the series and the diffusion agree with the closed
// form within what they state.
func TestMethodsAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n0, rho, s := drawnConstant(t)
		if _, is := s.(Deterministic); is {
			s = Exponential{s.Mean()}
		}
		l := drawnLane(t, n0, rho/s.Mean(), s)
		want := closedOf(t, l)
		compare := func(name string, d Drain, err error) {
			if err != nil {
				return // refused: TestFourierRefuses
			}
			for _, p := range []float64{0.01, 0.2, 0.5, 0.8, 0.99} {
				x := want.Quantile(p)
				if f := d.CDF(x); math.Abs(f-want.CDF(x)) > d.AbsError+want.AbsError+1e-9 {
					t.Fatalf("%s: CDF(%g) = %.12g, want %.12g, stated %.2g and %.2g", name, x, f, want.CDF(x), d.AbsError, want.AbsError)
				}
			}
		}
		d, err := FourierDrain(l, SolveOptions{})
		compare("fourier", d, err)
		d, err = DiffusionDrain(l)
		compare("diffusion", d, err)
		d, err = InverseGaussianDrain(l)
		compare("inverse Gaussian", d, err)
	})
}

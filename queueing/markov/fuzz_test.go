package markov

import (
	"errors"
	"math"
	"testing"
)

// Over the whole domain a run ends, stays a law, and never has a NaN.
func FuzzRun(f *testing.F) {
	f.Add(4.0, 8.0, 300.0, 10.0, 1.0, uint16(1000), int16(0), 500.0, uint16(0))
	f.Add(0.0, 1e6, 1e-6, 1e-9, 5.0, uint16(3), int16(-1), 1e-9, uint16(7))
	f.Add(1e9, 0.0, 1.0, 1.0, 1.0, uint16(0), int16(0), 1e-3, uint16(2))
	f.Fuzz(func(t *testing.T, steady, surge, decay, mu, c float64, n uint16, level int16, at float64, limit uint16) {
		if !(steady >= 0 && surge >= 0 && decay > 0 && mu >= 0 && c >= 1 && c < 1e6 && at >= 0) ||
			(steady+surge+mu*c)*at > 3e5 || (steady+surge)/decay > 1e12 || decay < 1e-9 {
			return // out of the domain, or too much to follow
		}
		rate := func(t float64) float64 { return steady + surge*math.Exp(-t/decay) }
		p := Queue(rate, servers(int(c)), mu, int(limit), nil)
		r, err := p.Start(0, Point(int(n)), Options{MaxSteps: 20_000})
		if err != nil {
			return // n above the limit
		}
		r.Absorb(int(level))
		var slow *ToleranceError
		if err := r.Advance(at); err != nil && !errors.As(err, &slow) {
			t.Fatal(err)
		}
		for _, x := range r.Law().P {
			if !(x >= -1e-9 && x <= 1+1e-9) {
				t.Fatalf("probability %g", x)
			}
		}
		if m := r.Remaining() + r.Absorbed(); !(math.Abs(m-1) <= 1e-8+2*r.Err()) {
			t.Fatalf("mass %g, claimed error %g", m, r.Err())
		}
	})
}

// Every orbit that is valid has a law and a drain time of at least 0, or says
// that it is reducible.
func FuzzOrbit(f *testing.F) {
	f.Add(9.5, 10.0, uint8(1), uint8(40), uint8(10), 0.2667, 0.0667, 0.0, 1.0, 3.0)
	f.Add(1.0, 1.0, uint8(3), uint8(3), uint8(30), 1e-9, 0.0, 1.0, 0.0, 0.0)
	f.Fuzz(func(t *testing.T, lam, mu float64, c, limit, size uint8, retry, quit, refused, timedOut, timeout float64) {
		o := Orbit{Arrivals: lam, ServiceRate: mu, Servers: int(c), Limit: int(limit), Size: int(size % 60), RetryRate: retry,
			GiveUpRate: quit, Refused: refused, TimedOut: timedOut, Timeout: timeout}
		if o.Validate() != nil || lam > 1e100 || mu > 1e100 || retry > 1e100 || quit > 1e100 || mu*timeout*float64(c) > 1e7 {
			return // out of the domain, or too much to follow
		}
		if law, err := o.Stationary(); err == nil {
			sum := 0.0
			for _, p := range law.Lane {
				if !(p >= 0) {
					t.Fatalf("probability %g", p)
				}
				sum += p
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("sum %g", sum)
			}
		} else if !errors.Is(err, ErrReducible) {
			t.Fatal(err)
		}
		a, err := o.Drain(0)
		if err != nil {
			if !errors.Is(err, ErrReducible) {
				t.Fatal(err)
			}
			return
		}
		for i, m := range a.Mean {
			if !(m >= 0) || !(a.Variance[i] >= 0) {
				t.Fatalf("state %d: mean %g, variance %g", i, m, a.Variance[i])
			}
		}
	})
}

package steady

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestAtomsOfInterruptedWaits: where only services of one length interrupt, all
// their atoms together are the chance to find the server idle and be
// interrupted, whatever the class's own service.
func TestAtomsOfInterruptedWaits(t *testing.T) {
	for _, scv := range []float64{0, 0.3, 1, 4} {
		m := Priority{[]Class{{"a", 0.3, 1, 0}, {"b", 0.5, 0.5, scv}}, 1, true}
		law := m.classLaw(1)
		sum, seen := 0.0, map[float64]bool{}
		for at := 1.0; at < 400; at += 20 {
			for _, a := range law.atomsNear(at) {
				if !seen[a.at] {
					sum += a.mass
				}
				seen[a.at] = true
			}
		}
		want(t, name(m)+" all atoms", sum, law.waits()-0.3-0.25, 1e-12)
		once := law.atomsNear(1)
		first := law.idle * 0.3 * math.Exp(-0.3) * -slope(func(x float64) float64 {
			return real(law.service[1].Transform(complex(x, 0)))
		}, 0.3)
		for _, a := range once {
			if a.at == 1 { // one interruption: E[lambda S exp(-lambda (S+1))]
				want(t, name(m)+" one interruption", a.mass, first, 1e-8)
			}
		}
	}
}

// TestVeryShortInterruptions: they leave the law of M/G/1 as it is, for waits as
// short as they are too but for the atoms of those that find the server idle.
func TestVeryShortInterruptions(t *testing.T) {
	for _, scv := range []float64{0, 0.5, 1, 4} {
		m := Priority{[]Class{{"a", 1, 1e-9, 0}, {"b", 0.5, 1, scv}}, 1, true}
		alone := MG1{0.5, TwoMoments(1, scv)}
		at := []float64{1e-3, 0.5, 1.5, 4}
		for _, x := range at {
			got, err := m.ClassWaitTail(1, x)
			if err != nil {
				t.Fatal(err)
			}
			if tail, err := alone.WaitTail(x); err != nil || math.Abs(got-tail) > 2e-8 {
				t.Errorf("SCV %g: P(wait > %g) = %.12g, without interruptions %.12g (%v)", scv, x, got, tail, err)
			}
		}
		never := real(TwoMoments(1, scv).Transform(1))
		got, err := m.ClassWaitTail(1, 0.5e-9)
		if err != nil || math.Abs(got-1+0.5*never) > 2e-8 {
			t.Errorf("SCV %g: P(wait > 0.5 ns) = %.12g, want %.12g (%v)", scv, got, 1-0.5*never, err)
		}
		q, err := m.ClassWaitQuantile(1, 0.9)
		if err != nil {
			t.Fatal(err)
		}
		free, err := alone.WaitQuantile(0.9)
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" 90 % wait no longer", q, free, 1e-6)
	}
}

func slope(f func(x float64) float64, x float64) float64 {
	const h = 1e-3
	return (8*(f(x+h)-f(x-h)) - f(x+2*h) + f(x-2*h)) / (12 * h)
}

// TestInterruptedWaitsOfCertainLengths holds the law next to its atoms and at
// them against a simulation, of interruptions of one length and of two with
// others between them: 32 comparisons, a false alarm in 1e6 runs.
func TestInterruptedWaitsOfCertainLengths(t *testing.T) {
	for i, m := range []Priority{
		{[]Class{{"a", 0.4, 1, 0}, {"b", 0.3, 1, 0}}, 1, true},
		{[]Class{{"a", 0.2, 1, 0}, {"b", 0.1, 1.7, 0}, {"c", 0.1, 0.5, 1}, {"d", 0.3, 0.8, 0.5}}, 1, true},
	} {
		last := len(m.Classes) - 1
		at := []float64{0.5, 0.999, 1, 1.001, 1.69, 1.701, 2, 2.699, 2.701, 3, 3.0001, 5.5, 9.999, 10, 15}
		shares := simulatedInterrupted(m, uint64(i+1), at)
		for j, x := range at {
			p, err := m.ClassWaitTail(last, x)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, name(m)+" P(wait > t)", shares[j], p)
		}
	}
}

// simulatedInterrupted is the shares, one a batch, of independent requests of
// the last class that wait longer than each time: what is there on arrival is
// the work of a busy or idle period met at random, by Pollaczek and Khinchine a
// geometric number of residual services, during which and during its own
// service the classes above come.
func simulatedInterrupted(m Priority, seed uint64, at []float64) [][]float64 {
	rng := rand.New(rand.NewPCG(seed, 9))
	last := len(m.Classes) - 1
	load := m.load(last + 1)
	draw := func(c Class) float64 {
		switch {
		case c.ServiceSCV == 0:
			return c.MeanService
		case c.ServiceSCV == 1:
			return c.MeanService * rng.ExpFloat64()
		}
		return c.MeanService * (rng.ExpFloat64() + rng.ExpFloat64()) / 2
	}
	residual := func(c Class) float64 {
		switch {
		case c.ServiceSCV == 0:
			return c.MeanService * rng.Float64()
		case c.ServiceSCV == 1:
			return c.MeanService * rng.ExpFloat64()
		}
		x := c.MeanService * rng.ExpFloat64() / 2
		if rng.Float64() < 0.5 {
			x += c.MeanService * rng.ExpFloat64() / 2
		}
		return x
	}
	above := 0.0
	for _, c := range m.Classes[:last] {
		above += c.ArrivalRate
	}
	drawnOut := func(work float64) float64 { // by the classes above
		for done := rng.ExpFloat64() / above; done < work; done += rng.ExpFloat64() / above {
			u, k := rng.Float64()*above, 0
			for ; u > m.Classes[k].ArrivalRate && k < last-1; k++ {
				u -= m.Classes[k].ArrivalRate
			}
			work += draw(m.Classes[k])
		}
		return work
	}
	shares := make([][]float64, len(at))
	for range batches {
		late := make([]float64, len(at))
		for range int(simJumps) {
			work := 0.0
			for rng.Float64() < load {
				u, k := rng.Float64()*load, 0
				for ; u > m.Classes[k].ArrivalRate*m.Classes[k].MeanService && k < last; k++ {
					u -= m.Classes[k].ArrivalRate * m.Classes[k].MeanService
				}
				work += residual(m.Classes[k])
			}
			own := draw(m.Classes[last])
			wait := drawnOut(work) + drawnOut(own) - own
			for j, x := range at {
				if wait > x+1e-9 {
					late[j]++
				}
			}
		}
		for j := range at {
			shares[j] = append(shares[j], late[j]/simJumps)
		}
	}
	return shares
}

package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Sums over A of the same without A, each on a path of its own; the integral of
// the density of k services; and the same sums elsewhere and in finer steps.
func TestMixtureSums(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, scv := range mixtureSCV[1:6] {
		w := newMixtureSums(Lognormal{1, scv})
		for i := range 150 {
			k, a := math.Ceil(math.Exp(8*r.Float64())), math.Exp(11*r.Float64()-3)
			if i%2 == 0 {
				k, a = math.Ceil(20*r.Float64()), math.Exp(7*r.Float64()-3)
			}
			sd := math.Sqrt(k*scv + a*(1+scv))
			u := math.Max(k+a+sd*(20*r.Float64()-10), .02*(k+a))
			got := w.last(k, u, a)
			p := w.path(k, u, a)
			p.c, p.x, p.h, p.patience, p.kept = 1.03*p.c, 1.2*p.x, p.h/2.1, 5*p.patience, nil
			if want := alongPath(p, k, u, a); !(math.Abs(got-want)*sd < 1e-9) {
				t.Errorf("SCV %g, %g + %g take %g: %.12g, elsewhere %.12g", scv, k, a, u, got, want)
			}
			if a > 20 {
				continue
			}
			sum, below := 0.0, 0.0
			for n := 0.0; n < 40+3*a; n++ {
				sum += poissonProb(n, a) * w.last(k+n, u, 0)
				below += poissonProb(n, a) * w.below(k+n, u, 0)
			}
			if !(math.Abs(got-sum)*sd < 1e-9) {
				t.Errorf("SCV %g, %g + %g take %g: %.12g, want %.12g", scv, k, a, u, got, sum)
			}
			if got := w.below(k, u, a); !(math.Abs(got-below) < 1e-9) {
				t.Errorf("SCV %g, %g + %g below %g: %.12g, want %.12g", scv, k, a, u, got, below)
			}
		}
	}
}

func alongPath(p parabola, k, u, a float64) float64 {
	first := p.at(0)
	top := real(first.phase(k-1, u, a))
	sum, small := real(first.slope)/2, 0
	for j := 1; small < p.patience; j++ {
		q := p.at(j)
		phase := q.phase(k-1, u, a)
		sin, cos := math.Sincos(imag(phase))
		slope := q.slope * complex(1, p.h*float64(j))
		v := math.Exp(real(phase)-top) * (cos*real(slope) - sin*imag(slope))
		if sum += v; math.Abs(v) < 1e-18*real(first.slope) {
			small++
		} else {
			small = 0
		}
	}
	return 2 * p.x / math.Pi * p.h * sum * math.Exp(top)
}

// The density k/u last(k) of k services adds up to what below says.
func TestMixtureBelow(t *testing.T) {
	for _, scv := range mixtureSCV[1:6] {
		w := newMixtureSums(Lognormal{1, scv})
		for _, k := range []float64{1, 3, 20, 300} {
			sd := math.Sqrt(k * scv)
			lo, hi := math.Max(k-2*sd, k/4), k+2*sd
			sum := 0.0
			for i := range 16 {
				a := lo + (hi-lo)*float64(i)/16
				for j, x := range gauss16.x {
					u := a + (hi-lo)/32*(1+x)
					sum += (hi - lo) / 32 * gauss16.w[j] * k / u * w.last(k, u, 0)
				}
			}
			if got := w.below(k, hi, 0) - w.below(k, lo, 0); !(math.Abs(got-sum) < 1e-10) {
				t.Errorf("SCV %g, %g services between %g and %g: %.12g, want %.12g", scv, k, lo, hi, got, sum)
			}
			grid, err := SumOf(Lognormal{1, scv}, int(k))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := w.below(k, k, 0), grid.CDF(k); !(math.Abs(got-want) < 1e-4) {
				t.Errorf("SCV %g, %g services below their mean: %.9g, on a grid %.9g", scv, k, got, want)
			}
		}
	}
}

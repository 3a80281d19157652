package skellam

import (
	"math"
	"math/big"
	"testing"
)

// reference sums the definition, sum over j of Poisson probabilities, in 200
// bits.
func reference(k int, b, a float64) float64 {
	const bits = 200
	f := func(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }
	term := f(1)
	for i := 1; i <= k; i++ {
		term.Mul(term, f(b)).Quo(term, f(float64(i)))
	}
	sum := f(0).Set(term)
	ab := f(0).Mul(f(a), f(b))
	for j := 1; j < 20000; j++ {
		term.Mul(term, ab).Quo(term, f(float64(j)*float64(k+j)))
		sum.Add(sum, term)
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-120 {
			break
		}
	}
	// e^-(a+b) by 2^n-fold squaring of a Taylor sum
	x := f(0).Quo(f(0).Neg(f(0).Add(f(a), f(b))), f(1<<20))
	e, p := f(1), f(1)
	for i := 1; i < 30; i++ {
		p.Mul(p, x).Quo(p, f(float64(i)))
		e.Add(e, p)
	}
	for range 20 {
		e.Mul(e, e)
	}
	out, _ := sum.Mul(sum, e).Float64()
	return out
}

func TestProbAgainstItsDefinition(t *testing.T) {
	for _, k := range []int{0, 1, 2, 7, 19, 20, 29, 31, 100, 700} {
		for _, b := range []float64{1e-3, 0.3, 4, 14.9, 15.1, 60, 900} {
			for _, a := range []float64{1e-3, 0.5, 5, 15.05, 33, 450} {
				want, got := reference(k, b, a), Prob(float64(k), b, a)
				if want < 1e-280 {
					continue
				}
				tol := 3e-15 * (8 + math.Abs(math.Log(want)))
				if math.Abs(got/want-1) > tol {
					t.Errorf("Prob(%d, %g, %g) = %.17g, want %.17g (off by %.1e, allowed %.1e)", k, b, a, got, want, got/want-1, tol)
				}
				if back := Prob(-float64(k), a, b); math.Abs(back/got-1) > tol {
					t.Errorf("mirror of Prob(%d, %g, %g) is %g, want %g", k, b, a, back, got)
				}
			}
		}
	}
}

// At 1e9 the recurrence k P(k) = b P(k-1) - a P(k+1) checks what no
// reference sum can.
func TestProbObeysItsRecurrenceAtScale(t *testing.T) {
	const b, a = 4.88e9, 3.88e9
	for _, k := range []float64{0.9995e9, 1e9, 1.0003e9} {
		left := k * Prob(k, b, a)
		right := b*Prob(k-1, b, a) - a*Prob(k+1, b, a)
		if math.Abs(left-right) > 1e-9*left*b/k {
			t.Errorf("k=%g: %g against %g", k, left, right)
		}
	}
	sum := 0.0
	const step = 1e4 // sd 94000: the sum over a stride is exact to exp(-2 pi^2 88)
	for k := 0.999e9; k <= 1.001e9; k += step {
		sum += step * Prob(k, b, a)
	}
	if math.Abs(sum-1) > 1e-11 {
		t.Errorf("total probability %.15g", sum)
	}
}

func TestProbOfNothing(t *testing.T) {
	for _, c := range []struct{ k, b, a, want float64 }{
		{0, 0, 0, 1}, {1, 0, 0, 0}, {-1, 0, 0, 0}, {3, 0, 2, 0}, {-2, 0, 2, 2 * math.Exp(-2)}, {0, 5, 0, math.Exp(-5)},
	} {
		if got := Prob(c.k, c.b, c.a); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("Prob(%g, %g, %g) = %g, want %g", c.k, c.b, c.a, got, c.want)
		}
	}
}

func BenchmarkProb(b *testing.B) {
	for _, c := range []struct {
		name    string
		k, b, a float64
	}{{"series", 3, 4, 2}, {"debye", 1000, 4880, 3880}, {"debye at 1e9", 1e9, 4.88e9, 3.88e9}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Prob(c.k, c.b, c.a)
			}
		})
	}
}

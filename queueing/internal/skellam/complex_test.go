package skellam

import (
	"math"
	"math/cmplx"
	"testing"
)

// For complex means P(D - A = k) is still the sum over n of P(D = n+k) P(A = n),
// whose terms are entire in the mean of A: here added one by one.
func TestComplexAgainstSum(t *testing.T) {
	compared := 0
	for _, b := range []float64{1e-6, 0.3, 37, 900} {
		for _, size := range []float64{0.2, 5, 30, 800} {
			for _, angle := range []float64{0, 0.03, -0.3, 1.2} {
				a := cmplx.Rect(size, angle)
				for _, k := range []float64{-40, -3, -1, 0, 1, 2, 17, 120} {
					want, bound := complex(0, 0), 0.0
					for n := math.Max(0, -k); n < 4*(b+size)+300; n++ {
						d := math.Exp(logPoisson(n+k, b))
						term := complex(d, 0) * cmplx.Exp(complex(logPoisson(n, size), n*angle)+complex(size, 0)-a)
						want += term
						bound += cmplx.Abs(term)
					}
					got := Complex(k, b, a)
					if off := cmplx.Abs(got - want); !(off <= 2e-12*bound+1e-200) {
						t.Errorf("k %g, means %g and %g: %g, want %g, off by %.1e of %.1e", k, b, a, got, want, off, bound)
					}
					compared++
				}
			}
		}
	}
	if compared != 512 {
		t.Errorf("compared %d", compared)
	}
}

func logPoisson(n, mean float64) float64 {
	lg, _ := math.Lgamma(n + 1)
	return n*math.Log(mean) - mean - lg
}

package steady

import (
	"math"
	"math/big"
	"math/cmplx"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// TestBatchWaits: the law of the wait against the states counted one by one,
// a request having n before it with probability p(n+1)/rho.
func TestBatchWaits(t *testing.T) {
	for _, m := range []BatchMM1{{0.2, 1, 3, 0}, {0.2, 1, 3, 1 - 1.0/3}, {0.02, 2, 40, 0}, {3, 5, 1, 0}, {0.09, 1, 10, 0.9}, {0.6, 1, 1.5, 1 - 1/1.5},
		{0.2, 1, 2.5, LeastBatchSCV(2.5)}, {0.3, 1, 1.25, LeastBatchSCV(1.25)}, {0.05, 1, 17.9, LeastBatchSCV(17.9)}, {0.01, 2, 40.01, LeastBatchSCV(40.01)}} {
		p, err := m.States(4000)
		if err != nil {
			t.Fatal(err)
		}
		rho := m.ArrivalRate * m.BatchMean / m.ServiceRate
		for _, u := range []float64{0.01, 1, 7, 60, 300} {
			sum := 0.0
			for n := len(p) - 2; n >= 1; n-- {
				sum += p[n+1] / rho * mathext.GammaIncRegComp(float64(n), u)
			}
			tail, err := m.WaitTail(u / m.ServiceRate)
			if err != nil {
				t.Fatal(err)
			}
			want(t, name(m)+" P(wait > t)", tail, sum, 1e-10)
		}
		tail, err := m.WaitTail(0)
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" P(wait > 0)", tail, measures(t, m).PWait, 1e-14)
	}
}

// TestBatchWaitsOfTwoSizes: between two whole sizes, and at them, the law has
// no jump; it is that of a walk through the batches' transform too, P(wait > t)
// having the transform (1 - E e^(-z wait)) / z with
//
//	E e^(-z wait) = (1-rho) (1-x) / ((1-x) - (lambda/mu) x (1-X(x))) (1-X(x)) / (k (1-x)),
//
// x = mu/(mu+z) the transform of a service and X that of the batch's size.
func TestBatchWaitsOfTwoSizes(t *testing.T) {
	for _, m := range []BatchMM1{{0.2, 1, 2.5, LeastBatchSCV(2.5)}, {0.1, 1, 3.7, LeastBatchSCV(3.7)}, {0.09, 1, 10.99, LeastBatchSCV(10.99)}, {0.6, 1, 1.1, LeastBatchSCV(1.1)}} {
		low, f := math.Floor(m.BatchMean), m.BatchMean-math.Floor(m.BatchMean)
		rho := m.ArrivalRate * m.BatchMean / m.ServiceRate
		for _, u := range []float64{0.1, 1, 7, 30} {
			inverted := eulerSum(func(z complex128) float64 {
				x := complex(m.ServiceRate, 0) / (complex(m.ServiceRate, 0) + z)
				sized := 1 - cmplx.Pow(x, complex(low, 0))*(complex(1-f, 0)+complex(f, 0)*x)
				found := complex(1-rho, 0) * (1 - x) / ((1 - x) - complex(m.ArrivalRate/m.ServiceRate, 0)*x*sized)
				return real((1 - found*sized/(complex(m.BatchMean, 0)*(1-x))) / z)
			}, u)
			tail, err := m.WaitTail(u)
			if err != nil || math.Abs(tail-inverted) > 1e-9 {
				t.Errorf("%s: P(wait > %g) is %.12g by its states, %.12g inverted (%v)", name(m), u, tail, inverted, err)
			}
		}
	}
	for _, mean := range []float64{3, 3 - 1e-12, 3 + 1e-12} {
		tail, err := BatchMM1{0.2, 1, mean, LeastBatchSCV(mean)}.WaitTail(5)
		whole, err2 := BatchMM1{0.2, 1, 3, 0}.WaitTail(5)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		want(t, "next to a whole size", tail, whole, 1e-10)
	}
	near := 2.5
	m := BatchMM1{(1 - 1e-9) / near, 1, near, LeastBatchSCV(near)}
	median, err := m.WaitQuantile(0.5)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "median near saturation", median, math.Ln2*measures(t, m).Wq, 1e-6)
}

// TestBatchWaitsAtTheEdges: without load only the own batch is waited for,
// near saturation the law is exponential, at it infinite, and unknown laws are
// errors.
func TestBatchWaitsAtTheEdges(t *testing.T) {
	alone, err := BatchMM1{0, 2, 2, 0}.WaitTail(1)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "behind one of its own", alone, math.Exp(-2)/2, 1e-14)
	near := BatchMM1{0.25 * (1 - 1e-9), 1, 4, 0}
	median, err := near.WaitQuantile(0.5)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "median near saturation", median, math.Ln2*measures(t, near).Wq, 1e-6)
	if q, err := (BatchMM1{1, 1, 4, 0}).WaitQuantile(0.5); err != nil || !math.IsInf(q, 1) {
		t.Errorf("saturated: %g %v", q, err)
	}
	unknown := BatchMM1{0.1, 1, 3, 0.5}
	if _, err := unknown.WaitTail(1); err == nil || unknown.HasWaitLaw() {
		t.Errorf("no law for SCV 0.5: %v", err)
	}
}

// TestBatchNextToSaturation: L in fractions of the rates as they are, where a
// rounded flow would leave 1 - rho no more than seven digits.
func TestBatchNextToSaturation(t *testing.T) {
	for _, m := range []BatchMM1{{0.09999999, 1, 10, 0}, {(1 - 1e-9) / 3, 1, 3, 2}, {0.7 * (1 - 1e-9), 4.9, 7, 0.25}} {
		exact := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
		one := big.NewRat(1, 1)
		rho := new(big.Rat).Mul(exact(m.ArrivalRate), exact(m.BatchMean))
		rho.Quo(rho, exact(m.ServiceRate))
		l := new(big.Rat).Mul(exact(m.BatchMean), new(big.Rat).Add(one, exact(m.BatchSCV)))
		l.Mul(l.Add(l, one), rho)
		l.Quo(l, new(big.Rat).Sub(one, rho))
		twice, _ := l.Float64()
		want(t, name(m), measures(t, m).L, twice/2, 1e-14)
	}
}

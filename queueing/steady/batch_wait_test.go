package steady

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// TestBatchWaits: the law of the wait against the states counted one by one,
// a request having n before it with probability p(n+1)/rho.
func TestBatchWaits(t *testing.T) {
	for _, m := range []BatchMM1{{0.2, 1, 3, 0}, {0.2, 1, 3, 1 - 1.0/3}, {0.02, 2, 40, 0}, {3, 5, 1, 0}, {0.09, 1, 10, 0.9}, {0.6, 1, 1.5, 1 - 1/1.5}} {
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

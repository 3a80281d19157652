package queueing

import (
	"math"
	"testing"
)

// Cauchy's formula makes M^k, for a Poisson number of mean M, the falling power
// N (N-1) ... (N-k+1).
func TestDepoissonizedPowers(t *testing.T) {
	for _, members := range []float64{1, 3, 14, 60, 5000} {
		for _, n := range []int{6, 12} {
			half := math.Min(phasedHalf*math.Sqrt(members), .9*members)
			weights := depoissonized(members, half, n)
			for k := range n + 1 {
				want, sum, size := 1.0, 0.0, 0.0
				for j := range k {
					want *= (members - float64(j)) / members
				}
				for i, w := range weights {
					x := w * math.Pow(1+half/members*math.Cos(math.Pi*float64(i)/float64(n)), float64(k))
					sum, size = sum+x, size+math.Abs(x)
				}
				if math.Abs(sum-want) > 1e-13*size {
					t.Errorf("%g members, %d nodes: the mean of M^%d is %.15g, want %.15g", members, n+1, k, sum, want)
				}
			}
		}
	}
}

// The law for a Poisson number of members is the mixture of those for each
// number, which are found from Poisson numbers again, of other means.
func TestFixedNumbersMixToPoisson(t *testing.T) {
	lane := func(sources ...Source) *Lane {
		return laneOf(t, Config{Servers: 1, Service: Deterministic{2}, Target: idle,
			Arrivals: arrivalsOf(t, append([]Source{Steady{.2}, Batch{2, 90}}, sources...)...)})
	}
	const mean, most = 2, 12
	at := []float64{92.5, 94, 95.7, 99, 108, 125}
	sums, stated, left := make([]float64, len(at)), 0.0, 1.0
	for n := range most {
		l := lane(Spread(n, 5, 60))
		if n == 0 {
			l = lane()
		}
		d, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
		if err != nil {
			t.Fatal(err)
		}
		p := poissonProb(float64(n), mean)
		stated, left = stated+p*d.AbsError, left-p
		for i, x := range at {
			sums[i] += p * d.CDF(x)
		}
	}
	poisson, err := SolveDrain(lane(Spread(mean, 5, 60)), SolveOptions{Method: DrainDensity, PoissonPools: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range at {
		if off := math.Abs(sums[i] - poisson.CDF(x)); off > stated+poisson.AbsError+left {
			t.Errorf("P(T <= %g) = %.12g by the mixture, %.12g at once, where %.2g is stated", x, sums[i], poisson.CDF(x), stated)
		}
	}
	if stated+left > 1e-5 {
		t.Errorf("%.2g of error is stated, and %.2g left out", stated, left)
	}
}

package queueing

import (
	"math"
	"testing"
)

// skellamSum adds up the tail of D - A term by term, each a sum of products
// of Poisson probabilities: slow, free of cancellation.
func skellamSum(k int, d, a float64) float64 {
	poisson := func(n int, m float64) float64 {
		lg, _ := math.Lgamma(float64(n) + 1)
		return math.Exp(float64(n)*math.Log(m) - m - lg)
	}
	sum := 0.0
	hi := int(d+a+60*math.Sqrt(d+a)) + 200
	for i := 0; i < hi; i++ { // D = i
		p := poisson(i, d)
		if p == 0 {
			continue
		}
		below := 0.0
		for j := 0; j <= i-k; j++ {
			term := poisson(j, a)
			below += term
			if float64(j) > a && term < 1e-18*below {
				break
			}
		}
		sum += p * below
	}
	return sum
}

func TestSkellamTailAgainstSums(t *testing.T) {
	for _, c := range []struct {
		k    int
		d, a float64
	}{
		{0, 1e-3, 1e-3}, {1, 1e-3, 1e-3}, {2, 1e-6, 1e-7}, {0, 0.3, 2}, {-3, 0.3, 9}, {1, 5, 5}, {5, 5, 5},
		{30, 5, 5}, {-4, 20, 30}, {-30, 20, 30}, {0, 20, 30}, {12, 20, 30}, {40, 20, 30}, {100, 80, 30},
		{10, 100, 100}, {90, 100, 100}, {-100, 90, 150}, {3, 60, 60}, {1, 1e-9, 30},
	} {
		got, want := skellamAtLeast(c.k, c.d, c.a), skellamSum(c.k, c.d, c.a)
		if !(math.Abs(got-want) <= 3e-11*want) {
			t.Errorf("P(D-A >= %d), means %g and %g: %.16g, the sum is %.16g", c.k, c.d, c.a, got, want)
		}
		if got, want := skellamAtMost(-c.k, c.a, c.d), want; !(math.Abs(got-want) <= 3e-11*want) {
			t.Errorf("P(A-D <= %d), means %g and %g: %.16g, the sum is %.16g", -c.k, c.a, c.d, got, want)
		}
	}
}

func TestSkellamTailAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		k          int
		d, a, want float64
	}{
		{0, 0, 0, 1}, {1, 0, 0, 0}, {-1, 0, 0, 1},
		{1, 2, 0, -math.Expm1(-2)}, {0, 0, 2, math.Exp(-2)}, {-1, 0, 2, 3 * math.Exp(-2)},
	} {
		if got := skellamAtLeast(c.k, c.d, c.a); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("P(D-A >= %d), means %g and %g: %.16g, want %.16g", c.k, c.d, c.a, got, c.want)
		}
	}
}

// At any size the two tails come from different contours, and neighbours
// differ by one Skellam probability, here from its own saddlepoint series.
func TestSkellamTailAtAnySize(t *testing.T) {
	for _, size := range []float64{1e3, 1e5, 1e7, 1e9, 1e11} {
		d, a := size, 0.37*size
		sd := math.Sqrt(d + a)
		for z := -7.0; z <= 7; z += 0.5 {
			k := int(math.Round(d - a + z*sd))
			below := skellamAtMost(k-1, d, a)
			above := skellamAtLeast(k, d, a)
			if math.Abs(below+above-1) > 1e-12 {
				t.Errorf("size %g, %g sd: tails add to 1%+.2g", size, z, below+above-1)
			}
			step := skellamAtLeast(k, d, a) - skellamAtLeast(k+1, d, a)
			if want := skellamMass(k, d, a); math.Abs(step-want) > 1e-9*want+3e-15 {
				t.Errorf("size %g, %g sd: step %.12g, probability %.12g", size, z, step, want)
			}
		}
	}
}

func BenchmarkSkellamTail(b *testing.B) {
	for b.Loop() {
		skellamAtLeast(612_345, 1e6, 0.37e6)
	}
}

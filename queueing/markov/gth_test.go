package markov

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// A chain whose load is 2 fills its 10^5 states from the top; one with load
// 1/2 from the bottom. Neither over- nor underflows where it matters.
func TestLongBirthDeath(t *testing.T) {
	const n = 100_000
	for _, lam := range []float64{0.5, 2} {
		birth, death := make([]float64, n), make([]float64, n)
		for i := range birth {
			birth[i], death[i] = lam, 1
		}
		birth[n-1], death[0] = 0, 0
		b, err := BirthDeath(birth, death)
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.Stationary()
		if err != nil {
			t.Fatal(err)
		}
		for k := range 50 {
			at := k
			if lam > 1 {
				at = n - 1 - k
			}
			near(t, "p", p[at], 0.5*math.Pow(0.5, float64(k)), 1e-13)
		}
	}
}

// The mean time to empty of M/M/1 from n is n/(mu-lam), its variance
// n (mu+lam)/(mu-lam)^3, at any length.
func TestLongAbsorption(t *testing.T) {
	const n = 100_000
	birth, death := make([]float64, n), make([]float64, n)
	for i := range birth {
		birth[i], death[i] = 4, 10
	}
	birth[n-1] = 0
	b, err := BirthDeath(birth, death)
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Absorption()
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []int{1, 100, 99_000} {
		near(t, "mean", a.Mean[k-1], float64(k)/6, 1e-12)
		near(t, "variance", a.Variance[k-1], float64(k)*14/216, 1e-10)
	}
}

func TestReducible(t *testing.T) {
	b, err := BirthDeath([]float64{1, 0, 1, 0}, []float64{0, 1, 0, 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.Stationary(); !errors.Is(err, ErrReducible) {
		t.Errorf("two classes: %v", err)
	}
	if _, err := b.Absorption(); !errors.Is(err, ErrReducible) {
		t.Errorf("no exit: %v", err)
	}
}

func TestBandedRefuses(t *testing.T) {
	b, err := NewBanded(5, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range []Jump{{0, 2, 1}, {1, 1, 1}, {7, 1, 1}, {0, 1, -1}, {0, 1, math.NaN()}, {0, 1, math.Inf(1)}} {
		var field *FieldError
		if err := b.Add(j.From, j.To, j.Rate); !errors.As(err, &field) {
			t.Errorf("%v: %v", j, err)
		}
	}
}

// Random chains: the stationary law balances, and the mean and variance of an
// absorption agree with the law followed in time.
func TestRandomChains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "n")
		rate := func() float64 { return math.Exp(rapid.Float64Range(-6, 6).Draw(t, "ln rate")) }
		var jumps []Jump
		for i := range n {
			jumps = append(jumps, Jump{i, (i + 1) % n, rate()}) // irreducible
		}
		for range rapid.IntRange(0, 30).Draw(t, "more") {
			i, j := rapid.IntRange(0, n-1).Draw(t, "i"), rapid.IntRange(0, n-1).Draw(t, "j")
			if i != j {
				jumps = append(jumps, Jump{i, j, rate()})
			}
		}
		s, err := NewSparse(n, jumps)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.Banded()
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.Stationary()
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for j := range n {
			sum += p[j]
			in, out := s.into(j, p), s.out[j]*p[j]
			if math.Abs(in-out) > 1e-12*(in+out) {
				t.Fatalf("state %d: %g in, %g out", j, in, out)
			}
		}
		if math.Abs(sum-1) > 1e-12 {
			t.Fatalf("sum %g", sum)
		}
		checkAbsorption(t, b, s)
	})
}

// checkAbsorption makes state 0 absorbing: m and v must solve their systems.
func checkAbsorption(t *rapid.T, b *Banded, s *Sparse) {
	b.Absorb(0)
	a, err := b.Absorption()
	if err != nil {
		t.Fatal(err)
	}
	second := make([]float64, s.n)
	for i := range second {
		second[i] = a.Variance[i] + a.Mean[i]*a.Mean[i]
	}
	for i := 1; i < s.n; i++ {
		var mean, square, out float64
		for j := range s.n {
			if q := s.rateOf(i, j); q > 0 {
				mean += q * a.Mean[j]
				square += q * second[j]
				out += q
			}
		}
		if math.Abs(out*a.Mean[i]-mean-1) > 1e-9*out*a.Mean[i] {
			t.Fatalf("mean from %d", i)
		}
		if math.Abs(out*second[i]-square-2*a.Mean[i]) > 1e-9*out*second[i] {
			t.Fatalf("second moment from %d", i)
		}
	}
}

func (s *Sparse) rateOf(i, j int) float64 {
	sum := 0.0
	for k := s.first[j]; k < s.first[j+1]; k++ {
		if int(s.from[k]) == i {
			sum += s.rate[k]
		}
	}
	return sum
}

// Poisson weights at every size sum to one, have the mean, and at 1e7 the
// value of Stirling's formula at the mode.
func TestPoissonWeights(t *testing.T) {
	for _, x := range []float64{1e-9, 0.3, 1, 30, 745, 1e4, 1e6, 1e7, 1e10} {
		w := poissonWeights(x, 1e-18)
		sum, mean := 0.0, 0.0
		for i, p := range w.p {
			sum += p
			mean += p * (float64(w.left+i) - x)
		}
		near(t, "sum", sum, 1, 1e-11)
		if math.Abs(mean) > 1e-12*x+1e-9 {
			t.Errorf("mean of %g is off by %g", x, mean)
		}
	}
	w := poissonWeights(1e7, 1e-18)
	near(t, "mode", w.at(1e7), math.Exp(-1/12e7)/math.Sqrt(2*math.Pi*1e7), 1e-12)
	n, x := 1e6+5000, 1e6
	deviance := n*math.Log1p(5e-3) - 5000
	near(t, "tail", poissonWeights(x, 1e-18).at(int(n)), math.Exp(-deviance-1/(12*n))/math.Sqrt(2*math.Pi*n), 1e-9)
}

func BenchmarkAbsorption(b *testing.B) {
	const n = 100_000
	birth, death := make([]float64, n), make([]float64, n)
	for i := range birth {
		birth[i], death[i] = 4, 10
	}
	birth[n-1] = 0
	chain, err := BirthDeath(birth, death)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("means and variances of 1e5 states in 50 ms", func(b *testing.B) {
		for b.Loop() {
			if _, err := chain.Absorption(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("orbit 200 x 20", func(b *testing.B) {
		c := Orbit{Arrivals: 9.5, ServiceRate: 10, Servers: 1, Limit: 200, Size: 20, RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 3}
		for b.Loop() {
			if _, err := c.Drain(0); err != nil {
				b.Fatal(err)
			}
		}
	})
}

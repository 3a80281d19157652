package queueing

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func exponentials(rates ...float64) []Drain {
	ds := make([]Drain, len(rates))
	for i, r := range rates {
		ds[i] = Drain{Distribution: erlangTime{distuv.Gamma{Alpha: 1, Beta: r}}, Method: ClosedForm, Quality: Exact}
	}
	return ds
}

// The maximum of n like exponential times has mean H_n / r and variance
// sum 1/(k r)^2 (A. Rényi 1953).
func TestLatestLikeLanes(t *testing.T) {
	const r = 0.01
	for _, n := range []int{2, 4, 50} {
		rates, mean, variance := make([]float64, n), 0.0, 0.0
		for i := range rates {
			rates[i] = r
			mean += 1 / (float64(i+1) * r)
			variance += 1 / (float64(i+1) * float64(i+1) * r * r)
		}
		m := Latest(exponentials(rates...))
		if math.Abs(m.Mean()-mean) > 1e-9*mean || math.Abs(m.StdDev()-math.Sqrt(variance)) > 1e-8*mean {
			t.Errorf("%d lanes: mean %.12g, sd %.12g, want %.12g, %.12g", n, m.Mean(), m.StdDev(), mean, math.Sqrt(variance))
		}
		for _, p := range []float64{1e-6, 0.5, 0.99, 0.999999} {
			want := -math.Log1p(-math.Pow(p, 1/float64(n))) / r
			if got := m.Quantile(p); math.Abs(got-want) > 1e-9*want {
				t.Errorf("%d lanes: quantile %g is %.12g, want %.12g", n, p, got, want)
			}
		}
		if got, want := m.Exceed(4000), -math.Expm1(float64(n)*math.Log1p(-math.Exp(-40))); math.Abs(got-want) > 1e-12*want {
			t.Errorf("%d lanes: tail %g, want %g", n, got, want)
		}
	}
}

// Two unlike lanes by inclusion and exclusion: E max = 1/a + 1/b - 1/(a+b).
func TestLatestUnlikeLanes(t *testing.T) {
	const a, b = 0.02, 0.005
	m := Latest(exponentials(a, b))
	if want := 1/a + 1/b - 1/(a+b); math.Abs(m.Mean()-want) > 1e-8*want {
		t.Errorf("mean %.12g, want %.12g", m.Mean(), want)
	}
	second := 2/(a*a) + 2/(b*b) - 2/((a+b)*(a+b))
	if want := math.Sqrt(second - m.Mean()*m.Mean()); math.Abs(m.StdDev()-want) > 1e-7*want {
		t.Errorf("sd %.12g, want %.12g", m.StdDev(), want)
	}
	for _, x := range []float64{0, 3, 77, 500, 2500} {
		want := math.Exp(-a*x)/a + math.Exp(-b*x)/b - math.Exp(-(a+b)*x)/(a+b)
		if got := m.MeanOver(x); math.Abs(got-want) > 1e-8*want {
			t.Errorf("E(T-%g)^+ is %.12g, want %.12g", x, got, want)
		}
	}
	for _, p := range []float64{0.001, 0.3, 0.99} {
		if got := m.CDF(m.Quantile(p)); math.Abs(got-p) > 1e-12 {
			t.Errorf("CDF(Quantile(%g)) = %.15g", p, got)
		}
	}
}

// The order of the lanes does not matter, and one lane is itself.
func TestLatestOrder(t *testing.T) {
	x, y := Latest(exponentials(1, 2, 3)), Latest(exponentials(3, 1, 2))
	for _, p := range []float64{0.1, 0.9} {
		if d := math.Abs(x.Quantile(p) - y.Quantile(p)); d > 1e-12 {
			t.Errorf("quantile %g differs by %g", p, d)
		}
	}
	if one := exponentials(1); Latest(one).Distribution != one[0].Distribution {
		t.Error("one lane was changed")
	}
	mixed := exponentials(1, 2)
	mixed[1].Quality, mixed[1].Reason = Approximate, "two moments"
	mixed[0].AbsError, mixed[1].AbsError = 0.7, 0.6
	if m := Latest(mixed); m.Quality != Approximate || m.Reason != "two moments" || m.AbsError != 1 {
		t.Errorf("quality %q, reason %q, error %g of a probability", m.Quality, m.Reason, m.AbsError)
	}
}

// The Fourier series of several lanes is a law like the others.
func TestLatestOfFourierSeries(t *testing.T) {
	l := laneOf(t, Config{Backlog: 60, Servers: 1, Service: Exponential{.1}, Arrivals: arrivalsOf(t, Steady{9})})
	laws := map[Method]Drain{}
	for _, m := range []Method{FourierSeries, DrainDensity} {
		d, err := SolveDrain(l, SolveOptions{Method: m})
		if err != nil {
			t.Fatal(err)
		}
		laws[m] = Latest([]Drain{d, d, d})
	}
	for _, p := range []float64{.001, .1, .5, .9, .999} {
		x := laws[DrainDensity].Quantile(p)
		if is := laws[FourierSeries].CDF(x); math.Abs(is-p) > 1e-8 {
			t.Errorf("P(T <= %g) = %.10f by the series, %g by the density", x, is, p)
		}
	}
}

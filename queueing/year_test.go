package queueing

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// erlangTime is a gamma law as a Distribution, for tests.
type erlangTime struct{ distuv.Gamma }

func (e erlangTime) Exceed(t float64) float64 { return e.Survival(t) }
func (e erlangTime) MeanOver(t float64) float64 {
	up := distuv.Gamma{Alpha: e.Alpha + 1, Beta: e.Beta}
	return e.Mean()*up.Survival(t) - t*e.Survival(t)
}

// never is a time that is infinite with probability one half.
type never struct{ erlangTime }

func (never) Mean() float64 { return math.Inf(1) }

func twoKinds() []EventKind {
	return []EventKind{
		{PerYear: 1.7, Drain: erlangTime{distuv.Gamma{Alpha: 40, Beta: 40.0 / 5000}}},
		{PerYear: 0.2, Drain: erlangTime{distuv.Gamma{Alpha: 3, Beta: 3.0 / 20000}}},
	}
}

func TestYearPanjerAgainstFFT(t *testing.T) {
	y, err := NewYear(twoKinds()...)
	if err != nil {
		t.Fatal(err)
	}
	f := y.severity()
	panjer, total := compoundPanjer(y.rate, f), 0.0
	for k := range panjer {
		if d := math.Abs(panjer[k] - y.total[k]); d > 1e-13 {
			t.Fatalf("mass at %d: FFT %g, Panjer %g", k, y.total[k], panjer[k])
		}
		total += float64(k) * y.width * panjer[k]
	}
	if math.Abs(total-y.Mean()) > 1e-6*y.Mean() {
		t.Errorf("the grid's mean is %.9g, Wald's identity gives %.9g", total, y.Mean())
	}
}

// A million simulated years: each share of years below a quantile lies within
// 6 standard errors of its probability (false alarm below 1e-8 each).
func TestYearAgainstSimulation(t *testing.T) {
	kinds := twoKinds()
	y, err := NewYear(kinds...)
	if err != nil {
		t.Fatal(err)
	}
	const years, within = 1_000_000, 6000.0
	src := rand.NewPCG(11, 12)
	levels := []float64{0.5, 0.9, 0.95, 0.99}
	below, any := make([]int, len(levels)), 0
	quantiles := make([]float64, len(levels))
	for i, p := range levels {
		quantiles[i] = y.Quantile(p)
	}
	for range years {
		total, breached := 0.0, false
		for _, k := range kinds {
			law := k.Drain.(erlangTime).Gamma
			law.Src = src
			for range int(distuv.Poisson{Lambda: k.PerYear, Src: src}.Rand()) {
				x := law.Rand()
				total += x
				breached = breached || x > within
			}
		}
		for i, q := range quantiles {
			if total <= q+y.width/2 {
				below[i]++
			}
		}
		if breached {
			any++
		}
	}
	check := func(what string, count int, p float64) {
		se := math.Sqrt(p*(1-p)/years) + 2e-5 // and half a grid width of mass
		if got := float64(count) / years; math.Abs(got-p) > 6*se {
			t.Errorf("%s: %.5f of the years, theory %.5f", what, got, p)
		}
	}
	for i := range levels {
		check("below the quantile", below[i], y.CDF(quantiles[i]))
	}
	check("a breach", any, y.AnyBreach(within))
}

func TestYearBreaches(t *testing.T) {
	y, err := NewYear(EventKind{PerYear: 0.5, Drain: erlangTime{distuv.Gamma{Alpha: 1, Beta: 1.0 / 100}}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := y.Breaches(200), 0.5*math.Exp(-2); math.Abs(got-want) > 1e-14 {
		t.Errorf("breaches %g, want %g", got, want)
	}
	if got, want := y.Over(200), 0.5*100*math.Exp(-2); math.Abs(got-want) > 1e-9 {
		t.Errorf("time over %g, want %g", got, want)
	}
}

func TestYearRefuses(t *testing.T) {
	law := erlangTime{distuv.Gamma{Alpha: 1, Beta: 1}}
	for _, kinds := range [][]EventKind{nil, {{PerYear: 0, Drain: law}}, {{PerYear: -1, Drain: law}},
		{{PerYear: math.NaN(), Drain: law}}, {{PerYear: 1e6, Drain: law}}, {{PerYear: 1, Drain: law, Never: 1.5}}} {
		if _, err := NewYear(kinds...); err == nil {
			t.Errorf("%v was accepted", kinds)
		}
	}
	if _, err := NewYear(EventKind{PerYear: 1, Drain: never{law}}); !errors.Is(err, ErrDefective) {
		t.Errorf("got %v, want ErrDefective", err)
	}
}

// The closed form for a gamma law: 1 - (1 + r/beta)^-alpha.
func TestSecondFailure(t *testing.T) {
	for _, c := range []struct{ alpha, beta, rate float64 }{
		{1, 1e-4, 1e-8}, {40, 8e-3, 4.0 / 31557600}, {3, 1e-3, 1e-3}, {1, 1, 20}} {
		got := SecondFailure(erlangTime{distuv.Gamma{Alpha: c.alpha, Beta: c.beta}}, c.rate)
		want := -math.Expm1(-c.alpha * math.Log1p(c.rate/c.beta))
		if math.Abs(got-want) > 1e-6*want {
			t.Errorf("%+v: %.10g, want %.10g", c, got, want)
		}
	}
	if SecondFailure(erlangTime{distuv.Gamma{Alpha: 1, Beta: 1}}, 0) != 0 {
		t.Error("a failure that never comes came")
	}
}

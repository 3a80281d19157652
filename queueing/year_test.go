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

// Events without an end thin the year: it ends with probability exp(-rate),
// and is then the year without them.
func TestYearWithEndlessRecoveries(t *testing.T) {
	k := twoKinds()
	plain, err := NewYear(k...)
	if err != nil {
		t.Fatal(err)
	}
	// A tenth of the first kind never ends, and a third kind never does.
	k[0].PerYear, k[0].Never = k[0].PerYear/0.9, 0.1
	y, err := NewYear(append(k, EventKind{PerYear: 0.02})...)
	if err != nil {
		t.Fatal(err)
	}
	lost := 1.7/0.9*0.1 + 0.02
	if math.Abs(y.Lost()-lost) > 1e-15 || math.Abs(y.Events()-(1.9+lost)) > 1e-12 {
		t.Errorf("lost %g of %g events", y.Lost(), y.Events())
	}
	for _, x := range []float64{0, 4000, 9000, 30_000} {
		if got, want := y.CDF(x), plain.CDF(x)*math.Exp(-lost); math.Abs(got-want) > 2e-3 {
			t.Errorf("P(year <= %g) = %g, want %g", x, got, want)
		}
	}
	if q := y.Quantile(math.Exp(-lost) + 1e-9); !math.IsInf(q, 1) {
		t.Errorf("a quantile beyond the years that end is %g", q)
	}
	if q, want := y.Quantile(0.7), plain.Quantile(0.7*math.Exp(lost)); math.Abs(q-want) > y.Width()+plain.Width() {
		t.Errorf("P70 is %g, want %g", q, want)
	}
	if got, want := y.Breaches(6000), plain.Breaches(6000)+lost; math.Abs(got-want) > 1e-12 || !math.IsInf(y.Over(6000), 1) || !math.IsInf(y.Mean(), 1) {
		t.Errorf("breaches %g, want %g; over %g, mean %g", got, want, y.Over(6000), y.Mean())
	}
	alone, err := NewYear(EventKind{PerYear: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if alone.CDF(0) != math.Exp(-0.5) || alone.Quantile(0.5) != 0 || !math.IsInf(alone.Quantile(0.7), 1) {
		t.Errorf("only endless: %g, %g, %g", alone.CDF(0), alone.Quantile(0.5), alone.Quantile(0.7))
	}
}

// twoPoint is a time that is 100 or 300 s.
type twoPoint struct{ long float64 } // P(300 s)

func (d twoPoint) Mean() float64   { return 100 + 200*d.long }
func (d twoPoint) StdDev() float64 { return 200 * math.Sqrt(d.long*(1-d.long)) }
func (d twoPoint) Exceed(t float64) float64 {
	switch {
	case t < 100:
		return 1
	case t < 300:
		return d.long
	}
	return 0
}
func (d twoPoint) CDF(t float64) float64 { return 1 - d.Exceed(t) }
func (d twoPoint) Quantile(p float64) float64 {
	if p <= 1-d.long {
		return 100
	}
	return 300
}
func (d twoPoint) MeanOver(t float64) float64 {
	return (1-d.long)*math.Max(0, 100-t) + d.long*math.Max(0, 300-t)
}

// Moving mass from 100 s to 300 s moves CDF(t) by the difference of the
// influences, so that a sample of n of which a binomial number is long makes
// CDF(t) deviate by Spread over the root of n.
func TestYearSpreadIsTheSlope(t *testing.T) {
	const long, step, at = 0.3, 1e-3, 350.0
	year := func(p float64) *Year {
		y, err := NewYear(EventKind{PerYear: 1.4, Drain: twoPoint{p}}, EventKind{PerYear: 0.2})
		if err != nil {
			t.Fatal(err)
		}
		return y
	}
	slope := (year(long+step).CDF(at) - year(long-step).CDF(at)) / (2 * step)
	want := math.Abs(slope) * math.Sqrt(long*(1-long))
	if got := year(long).Spread(0, at); math.Abs(got-want) > 1e-3*want {
		t.Errorf("spread %.6g, by the slope %.6g", got, want)
	}
	if got := year(long).Spread(1, at); got != 0 {
		t.Errorf("what is known to be endless has a spread of %g", got)
	}
}

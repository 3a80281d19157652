package study

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync/atomic"
	"testing"

	"singlelane/queueing"
)

// unknownBacklog is a lane whose backlog, and rate if it is asked for, are
// uniform between two ends.
func unknownBacklog(t testing.TB, rate bool) Unknown {
	t.Helper()
	uniform := func(key string, low, high float64) Input {
		text := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
		at := func(u float64) float64 { return low + u*(high-low) }
		return Input{Key: key, Low: at(0.05), Middle: at(0.5), High: at(0.95),
			LowText: text(at(0.05)), MiddleText: text(at(0.5)), HighText: text(at(0.95)), Draw: func(u float64) string { return text(at(u)) }}
	}
	u := Unknown{Inputs: []Input{uniform("backlog", 600, 1400)}}
	if rate {
		u.Inputs = append(u.Inputs, uniform("rate", 3.9, 4.1))
	}
	u.Compile = func(texts []string) (Case, error) {
		values := []float64{0, 4}
		for i, text := range texts {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return Case{}, err
			}
			values[i] = x
		}
		a, err := queueing.NewArrivals(queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: values[1]}})
		if err != nil {
			return Case{}, err
		}
		l, err := queueing.NewLane(queueing.Config{Backlog: int(values[0]), Arrivals: a, Servers: 1, Service: queueing.Exponential{MeanTime: 0.1}})
		return Case{Name: "unknown", Objective: Objective{180, 0.99}, Horizon: 86400, Designs: []Design{{Name: "base", Lanes: []*queueing.Lane{l}}}}, err
	}
	return u
}

// The bars are what single questions answer; the averages over ignorance are
// those of a quadrature over the one unknown input.
func TestIgnoranceIsAveragedOver(t *testing.T) {
	u := unknownBacklog(t, false)
	s, err := Sense(t.Context(), []Unknown{u}, Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	d := s.Designs[0]
	single := func(text string) *Answer {
		c, err := u.Compile([]string{text})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Evaluate(t.Context(), c, Options{Replications: 20})
		if err != nil {
			t.Fatal(err)
		}
		return &r.Designs[0]
	}
	for side, text := range []string{u.Inputs[0].LowText, u.Inputs[0].HighText} {
		a := single(text)
		if got, want := d.Bars[0].P99[side].Value, a.Drain.P99.Value; math.Abs(got-want) > 1e-3*want {
			t.Errorf("P99 at %s: %g, a single run says %g", text, got, want)
		}
		if got, want := d.Bars[0].Breach[side].Value, a.Drain.Breach.Value; math.Abs(got-want) > 1e-4 {
			t.Errorf("P(breach) at %s: %g, a single run says %g", text, got, want)
		}
	}
	const cells = 200
	mean, square, meets := 0.0, 0.0, 0.0
	for i := range cells {
		c, err := u.Compile([]string{u.Inputs[0].Draw((float64(i) + 0.5) / cells)})
		if err != nil {
			t.Fatal(err)
		}
		law, err := queueing.SolveDrain(c.Designs[0].Lanes[0], queueing.SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p := law.Exceed(180)
		mean, square = mean+p/cells, square+p*p/cells
		if p <= 0.01 {
			meets += 1.0 / cells
		}
	}
	var last, total atomic.Int64
	alone, err := DrawInputs(t.Context(), []Unknown{u, {Compile: u.Compile}}, Options{Seed: 4, Workers: 1, Progress: func(done, all int) {
		last.Store(int64(done))
		total.Store(int64(all))
	}})
	if err != nil {
		t.Fatal(err)
	}
	if alone[1] != nil || last.Load() != int64(alone[0].Draws) || total.Load() != last.Load() {
		t.Errorf("%d draws, of which %d of %d were reported; without inputs: %v", alone[0].Draws, last.Load(), total.Load(), alone[1])
	}
	// Five and a half standard errors: a false alarm in 2e7 each, with the
	// quadrature's own error of a cell beside them.
	for _, g := range []*Ignorance{&d.Ignorance, alone[0]} {
		n := float64(g.Draws)
		if off := math.Abs(g.MeanBreach.Value - mean); off > 5.5*math.Sqrt((square-mean*mean)/n)+1.0/cells {
			t.Errorf("mean P(breach) over %d draws is %g, quadrature says %g", g.Draws, g.MeanBreach.Value, mean)
		}
		if off := math.Abs(g.Meets.Value - meets); off > 5.5*math.Sqrt(meets*(1-meets)/n)+1.0/cells {
			t.Errorf("%g of the draws meet the objective, quadrature says %g", g.Meets.Value, meets)
		}
	}
	n := float64(d.Draws)
	// P99 grows with the backlog, so that its quantiles over the draws are its
	// values at the quantiles of the backlog: the draws below are binomial.
	for p, got := range map[float64]float64{0.05: d.P5.Value, 0.95: d.P95.Value} {
		at := func(u0 float64) float64 { return single(u.Inputs[0].Draw(u0)).Drain.P99.Value }
		slack := 5.5 * math.Sqrt(p*(1-p)/n)
		if lo, hi := at(math.Max(0.001, p-slack)), at(math.Min(0.999, p+slack)); got < lo-1 || got > hi+1 {
			t.Errorf("the %g-quantile of P99 over the draws is %g, want it in [%g, %g]", p, got, lo, hi)
		}
	}
	if x := d.Of(Breach)[0]; math.Abs(x.Total.Value-1) > 0.25 || d.First != 0 {
		t.Errorf("the only input explains %g of the variance", x.Total.Value)
	}
}

// Far from the ends P99 is nearly linear in the backlog and in the rate, so
// that the share of each in the variance is that of its slope.
func TestSensitivityFindsWhatMatters(t *testing.T) {
	u := unknownBacklog(t, true)
	s, err := Sense(t.Context(), []Unknown{u}, Options{Seed: 5, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := s.Designs[0]
	slopes := [2]float64{d.Bars[0].Swing(P99), d.Bars[1].Swing(P99)}
	want := slopes[0] * slopes[0] / (slopes[0]*slopes[0] + slopes[1]*slopes[1])
	got := d.Of(P99)[0]
	if d.First != 0 || math.Abs(got.Total.Value-want) > 3*(got.Total.Hi-got.Total.Lo) || want < 0.9 {
		t.Errorf("the backlog explains %g [%g, %g], its slope %g", got.Total.Value, got.Total.Lo, got.Total.Hi, want)
	}
	again, err := Sense(t.Context(), []Unknown{u}, Options{Seed: 5, Workers: 3})
	if err != nil {
		t.Fatal(err)
	}
	if e := again.Designs[0]; fmt.Sprint(d.Bars, d.Ignorance, d.First) != fmt.Sprint(e.Bars, e.Ignorance, e.First) {
		t.Error("the answer depends on the number of workers")
	}
	if _, err := Sense(t.Context(), []Unknown{{Compile: u.Compile}}, Options{}); !errors.As(err, new(*NoInputsError)) {
		t.Errorf("no inputs: %v", err)
	}
}

// Where theory does not cover the lanes the draws are simulated, and say so.
func TestIgnoranceIsSimulatedWhereTheoryEnds(t *testing.T) {
	u := unknownBacklog(t, false)
	exact := u.Compile
	u.Compile = func(texts []string) (Case, error) {
		c, err := exact(texts)
		if err != nil {
			return c, err
		}
		config := c.Designs[0].Lanes[0].Config()
		config.Mechanisms.Discipline = queueing.LIFO
		config.Mechanisms.Retries = &queueing.Retries{Timeout: 1e6, MaxAttempts: 2}
		l, err := queueing.NewLane(config)
		c.Designs[0].Lanes = []*queueing.Lane{l}
		return c, err
	}
	u.Inputs[0].Draw = func(x float64) string { return strconv.Itoa(20 + int(10*x)) }
	u.Inputs[0].LowText, u.Inputs[0].MiddleText, u.Inputs[0].HighText = "20", "25", "30"
	s, err := Sense(t.Context(), []Unknown{u}, Options{Seed: 3, Replications: 50})
	if err != nil {
		t.Fatal(err)
	}
	if d := s.Designs[0]; d.Simulated != d.Draws || d.Middle.Drain.Quality != queueing.Simulated {
		t.Errorf("%d of %d draws are simulated, the middle is %s", d.Simulated, d.Draws, d.Middle.Drain.Quality)
	}
}

// A draw whose storms have not drained when simulation ends is one that never
// does, as its P99 says.
func TestIgnoranceCountsWhatNeverDrains(t *testing.T) {
	u := unknownBacklog(t, false)
	exact := u.Compile
	u.Compile = func(texts []string) (Case, error) {
		c, err := exact(texts)
		if err != nil {
			return c, err
		}
		c.Horizon = 1 // s; the backlog takes a minute
		config := c.Designs[0].Lanes[0].Config()
		config.Mechanisms.Discipline = queueing.LIFO
		config.Mechanisms.Retries = &queueing.Retries{Timeout: 1e6, MaxAttempts: 2}
		l, err := queueing.NewLane(config)
		c.Designs[0].Lanes = []*queueing.Lane{l}
		return c, err
	}
	if testing.Short() { // 60 services at 10/s and more, of which not one in 10^12 ends within 1 s
		u.Inputs[0].Draw = func(x float64) string { return strconv.Itoa(60 + int(20*x)) }
		u.Inputs[0].LowText, u.Inputs[0].MiddleText, u.Inputs[0].HighText = "60", "70", "80"
	}
	all, err := DrawInputs(t.Context(), []Unknown{u}, Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	if g := all[0]; g.Never.Value != 1 || !math.IsInf(g.P5.Value, 1) || g.Meets.Value != 0 {
		t.Errorf("%g of the draws never drain, %g meet the objective, and 5 %% have a P99 of %g at most", g.Never.Value, g.Meets.Value, g.P5.Value)
	}
}

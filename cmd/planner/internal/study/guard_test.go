package study

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// guardedCase has a design by exact theory with a year, and one that takes a
// simulation.
func guardedCase(t testing.TB) Case {
	retries := func(c *queueing.Config) {
		c.Mechanisms.Retries = &queueing.Retries{Timeout: 5, MaxAttempts: 2, Backoff: 1}
	}
	c := oneDesign(60, lane(t, "lane", 200, 4, 8))
	c.Designs[0].Events = []Event{{Name: "a zone", PerYear: 3, Own: true}}
	c.Designs = append(c.Designs, Design{Name: "retries", Lanes: []*queueing.Lane{lane(t, "lane", 60, 4, 0, retries)}, LaneKind: "shared"})
	return c
}

// Each law is broken in an answer that was sound: the answer is refused, and
// the message names the design and the law.
func TestBrokenAnswersAreRefused(t *testing.T) {
	r, err := Evaluate(context.Background(), guardedCase(t), Options{Seed: 2, Replications: 300, Curves: true})
	if err != nil {
		t.Fatal(err)
	}
	theory := r.Designs[0].Drain.Theory
	r.Designs[0].forget()
	var sound bytes.Buffer
	if err := gob.NewEncoder(&sound).Encode(r.Designs[0]); err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for name, c := range map[string]struct {
		corrupt func(a *Answer)
		words   string
	}{
		"quantiles that cross":    {func(a *Answer) { a.Drain.P99.Value = a.Drain.P50.Value - 1 }, "quantiles fall"},
		"an unknown quantile":     {func(a *Answer) { a.Drain.P90.Value = nan }, "quantiles fall"},
		"a negative time":         {func(a *Answer) { a.Drain.P5.Value = -1 }, "before the storm"},
		"an unknown mean":         {func(a *Answer) { a.Drain.Mean.Value = nan }, "the mean is not a number"},
		"a mean too small":        {func(a *Answer) { a.Drain.Mean.Value = a.Drain.P50.Value / 3 }, "is less than P5"},
		"an unknown deviation":    {func(a *Answer) { a.Simulated.SD.Value = nan }, "standard deviation is not a number"},
		"a negative deviation":    {func(a *Answer) { a.Drain.SD.Value = -1 }, "standard deviation is -1"},
		"a tail mean before P99":  {func(a *Answer) { a.Drain.CVaR99.Value = a.Drain.P99.Value / 2 }, "P99 and the mean beyond it fall"},
		"a chance above 1":        {func(a *Answer) { a.Drain.Breach.Value = 1.0000001 }, "no probability"},
		"a chance below 0":        {func(a *Answer) { a.Simulated.Breach.Value = -1e-9 }, "no probability"},
		"an interval elsewhere":   {func(a *Answer) { a.Simulated.P99.Lo = a.Simulated.P99.Value + 1 }, "outside its interval"},
		"half an interval":        {func(a *Answer) { a.Simulated.P50.Hi = nan }, "outside its interval"},
		"a curve that falls":      {func(a *Answer) { a.Curve[200].Y = a.Curve[190].Y - 0.01 }, "P(T <= t) goes from"},
		"a curve above 1":         {func(a *Answer) { a.Curve[len(a.Curve)-1].Y = 1.01 }, "no probability"},
		"a tail that rises":       {func(a *Answer) { a.Tail[10].Y = a.Tail[8].Y + 0.01 }, "P(T > t) goes from"},
		"a tail out of order":     {func(a *Answer) { a.Tail[10].X = 0 }, "is listed at"},
		"a step above 1":          {func(a *Answer) { a.Steps[3].Share.Value = 2 }, "the simulated share"},
		"a peak below its median": {func(a *Answer) { a.Peak.Max = a.Peak.P50.Value - 1 }, "the peak: P50, P99 and the largest fall"},
		"a band that crosses":     {func(a *Answer) { a.Curves.Backlog.P5[7] = a.Curves.Backlog.P95[7] + 1 }, "the backlog: quantiles fall"},
		"too many requests":       {func(a *Answer) { a.Streams[0].Refused.Value, a.Streams[0].Refused.Hi = 0.5, 1 }, "add up to 1.5"},
		"more left than came":     {func(a *Answer) { a.Streams[0].Left = 1.5 }, "the share left is 1.5"},
		"breaches without end":    {func(a *Answer) { a.Year.Breaches.Value = a.Year.Events + 1 }, "breaches a year of 3 failures"},
		"a year that crosses":     {func(a *Answer) { a.Year.P50.Value = a.Year.P99.Value + 1 }, "quantiles of the year fall"},
		"a kind of the year":      {func(a *Answer) { a.Year.Kinds[0].Breach.Value = nan }, "a zone: P(T > objective) is NaN"},
		"theory that adds to 2":   {func(a *Answer) { a.Drain.Theory = &queueing.Drain{Distribution: twice{theory.Distribution}} }, "do not make 1"},
	} {
		t.Run(name, func(t *testing.T) {
			var a Answer
			if err := errors.Join(gob.NewDecoder(bytes.NewReader(sound.Bytes())).Decode(&a), a.guarded()); err != nil {
				t.Fatal(err)
			}
			c.corrupt(&a)
			var broken *InternalError
			if err := a.guarded(); !errors.As(err, &broken) || broken.Design != "base" || !strings.Contains(broken.Error(), c.words) {
				t.Errorf("got %v, want an internal error with %q", err, c.words)
			}
		})
	}
}

// twice is a law whose tail is as likely again.
type twice struct{ queueing.Distribution }

func (d twice) Exceed(t float64) float64 { return 2 * d.Distribution.Exceed(t) }

func TestLostRequestsAreRefused(t *testing.T) {
	sound := montecarlo.Fates{Arrived: 15, Served: 5, InTime: 5, Refused: 4, AgedOut: 3, GivenUp: 2, Left: 1}
	for name, corrupt := range map[string]func(f *montecarlo.Fates){
		"lost":    func(f *montecarlo.Fates) { f.Arrived++ },
		"made up": func(f *montecarlo.Fates) { f.AgedOut++ },
		"in time": func(f *montecarlo.Fates) { f.InTime = 6 },
	} {
		p := &montecarlo.Paths{Streams: []montecarlo.StreamPaths{{Name: "calls", Fates: sound}}}
		if err := conserved("base", p); err != nil {
			t.Fatal(err)
		}
		corrupt(&p.Streams[0].Fates)
		var broken *InternalError
		if err := conserved("base", p); !errors.As(err, &broken) || !strings.Contains(broken.Broken, "calls: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What an earlier process kept is held against the laws again.
func TestKeptAnswersAreGuarded(t *testing.T) {
	c := oneDesign(60, lane(t, "lane", 200, 4, 8))
	a, err := quick(context.Background(), c.Designs[0], c, Options{Replications: 100})
	if err != nil {
		t.Fatal(err)
	}
	a.forget()
	a.Drain.Breach.Value = 1.5
	kept, err := encodeAnswers([]Answer{a})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Replications: 100, Ledger: &book{kept: map[string][]byte{"cell/1": kept, "design/base": kept}, parts: 1}}
	axis := Axis{Key: "servers", Values: []float64{1, 2}, Texts: []string{"1", "2"}}
	_, swept := Vary(context.Background(), []Axis{axis}, P99, func([]string) (Case, error) { return c, nil }, o)
	_, passed := Check(context.Background(), c, nil, o)
	for what, err := range map[string]error{"sweep": swept, "check": passed} {
		var broken *InternalError
		if !errors.As(err, &broken) {
			t.Errorf("%s: error %v, want an internal one", what, err)
		}
	}
}

// The other studies refuse a broken answer of their own.
func TestBrokenStudiesAreRefused(t *testing.T) {
	c := guardedCase(t)
	k, err := Compare(context.Background(), c, P99, Options{Replications: 300})
	if err != nil {
		t.Fatal(err)
	}
	k.Pairs[0].Differences[0].Less = 1.5
	law, err := Drain(context.Background(), DrainCase{Lanes: c.Designs[0].Lanes, Within: 60, Horizon: 1e4}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	law.P999.Value = 0
	sized := &Sized{Trials: []Trial{{Breach: plain(-0.5)}}}
	replayed := &Replayed{Times: []float64{0}, Mean: []float64{1}, P5: []float64{2}, P50: []float64{1}, P95: []float64{3}}
	sense := &DesignSensitivity{Design: "base"}
	sense.P5, sense.P50, sense.P95 = plain(3), plain(2), plain(1)
	for what, err := range map[string]error{"compare": k.guarded(), "drain": law.guarded(), "size": sized.guarded(), "replay": replayed.guarded(), "sensitivity": sense.guarded()} {
		var broken *InternalError
		if !errors.As(err, &broken) {
			t.Errorf("%s: error %v, want an internal one", what, err)
		}
	}
}

// BenchmarkGuard reports what share of the time of an answer by theory alone,
// the quickest there is, its guard takes.
func BenchmarkGuard(b *testing.B) {
	c := guardedCase(b)
	c.Designs = c.Designs[:1]
	var all, guard time.Duration
	for b.Loop() {
		start := time.Now()
		a, err := quick(context.Background(), c.Designs[0], c, Options{Replications: 100})
		if err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if err := a.guarded(); err != nil {
			b.Fatal(err)
		}
		all, guard = all+middle.Sub(start), guard+time.Since(middle)
	}
	b.ReportMetric(100*guard.Seconds()/all.Seconds(), "%-of-answer")
}

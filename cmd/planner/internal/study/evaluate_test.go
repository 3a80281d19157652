package study

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"singlelane/queueing"
)

// lane is one with a backlog and the steady and surge rates given, requests
// per second; the service is exponential at 10/s.
func lane(t testing.TB, name string, backlog int, steady, surge float64, change ...func(*queueing.Config)) *queueing.Lane {
	t.Helper()
	streams := []queueing.Stream{{Name: "baseline", Source: queueing.Steady{PerSecond: steady}, Priority: 5}}
	if surge > 0 {
		streams = append(streams, queueing.Stream{Name: "surge", Source: queueing.Surge{Initial: surge, Decay: 300}, Priority: 5})
	}
	arrivals, err := queueing.NewArrivals(streams...)
	if err != nil {
		t.Fatal(err)
	}
	c := queueing.Config{Name: name, Backlog: backlog, Arrivals: arrivals, Servers: 1,
		Service: queueing.Exponential{MeanTime: 0.1}, Target: queueing.Target{Idle: true}}
	for _, f := range change {
		f(&c)
	}
	l, err := queueing.NewLane(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func oneDesign(within float64, lanes ...*queueing.Lane) Case {
	return Case{Name: "a case", Objective: Objective{within, 0.99}, Horizon: 86400,
		Designs: []Design{{Name: "base", Lanes: lanes, LaneKind: "shared"}}}
}

func evaluate(t *testing.T, c Case, o Options) *Result {
	t.Helper()
	r, err := Evaluate(context.Background(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The reference figures are those of a chain integrated independently: 1000
// requests waiting, 4/s and a surge of 8/s that decays over 300 s in, 10/s
// out, until the lane is idle.
func TestSurgeByTheoryAndSimulation(t *testing.T) {
	a := evaluate(t, oneDesign(537.538994631, lane(t, "lane", 1000, 4, 8)), Options{Seed: 3, Replications: 2000}).Designs[0]
	if a.Status != Drains || !a.Drain.Exact() {
		t.Fatalf("status %s, quality %s", a.Status, a.Drain.Quality)
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"mean", a.Drain.Mean.Value, 487.779884390}, {"sd", a.Drain.SD.Value, 21.146133247}, {"P50", a.Drain.P50.Value, 487.651538306},
		{"P99", a.Drain.P99.Value, 537.538994631}, {"P99.9", a.Drain.P999.Value, 554.227057462}, {"breach", a.Drain.Breach.Value, 0.01},
	} {
		if math.Abs(c.got/c.want-1) > 1e-6 {
			t.Errorf("%s = %.9f, want %.9f", c.name, c.got, c.want)
		}
	}
	if g := a.Agreement; g == nil || !g.Exact || !g.Agrees { // false alarm: 1e-3 for one seed, which is fixed
		t.Errorf("theory and simulation: %+v", g)
	}
	if a.Simulated.N != 2000 || a.Peak.N != 400 || a.LongestWait.N != 400 {
		t.Errorf("n = %d drain times, %d peaks", a.Simulated.N, a.Peak.N)
	}
	// The mean peak is 1108.7171; 400 storms leave a standard error of 1.2.
	if m := a.Peak.Mean; math.Abs(m.Value-1108.7171) > 6*(m.Hi-m.Lo)/3.92 {
		t.Errorf("mean peak %v", m)
	}
}

func TestNeverIsAnAnswer(t *testing.T) {
	c := oneDesign(600, lane(t, "zone 1", 10, 4, 0), lane(t, "zone 2", 10, 12, 0))
	a := evaluate(t, c, Options{Replications: 10}).Designs[0]
	if a.Status != Never || a.BindingLane != "zone 2" || a.MeetsObjective || !a.Decided {
		t.Errorf("%+v", a)
	}
	// zone 2 gets 12 of 16 and serves 10: the region sustains 16 x 10/12.
	if math.Abs(a.LargestSustainable-16*10.0/12) > 1e-12 {
		t.Errorf("largest sustainable rate %v", a.LargestSustainable)
	}
	if a.Drain != nil || a.Simulated != nil || a.Peak != nil || a.Judged() != nil {
		t.Error("numbers of a design that never drains")
	}
	if !strings.Contains(a.StatusReason, "12 requests/s arrive at zone 2, which can serve 10/s") {
		t.Error(a.StatusReason)
	}
}

func TestManyServersNeverIdleAtOnce(t *testing.T) {
	wide := func(c *queueing.Config) { c.Servers = 900 }
	a := evaluate(t, oneDesign(60, lane(t, "wide", 20, 8000, 0, wide)), Options{Replications: 10}).Designs[0]
	if a.Status != Never || a.BindingLane != "wide" || a.Drain != nil || !strings.Contains(a.StatusReason, "until: no-wait") {
		t.Errorf("%+v", a)
	}
	waits := func(c *queueing.Config) { c.Servers, c.Target = 900, queueing.Target{} }
	if a := evaluate(t, oneDesign(60, lane(t, "wide", 20, 8000, 0, waits)), Options{Replications: 10}).Designs[0]; a.Status != Drains {
		t.Errorf("%+v", a)
	}
}

func TestTheRegionDrainsWithItsLastLane(t *testing.T) {
	slow, quick := lane(t, "slow", 1000, 4, 8), lane(t, "quick", 900, 4, 8)
	a := evaluate(t, oneDesign(540, quick, slow, lane(t, "slow too", 1000, 4, 8)), Options{Seed: 1, Replications: 1000}).Designs[0]
	one, err := queueing.SolveDrain(slow, queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := queueing.SolveDrain(quick, queueing.SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := 1 - one.CDF(540)*one.CDF(540)*other.CDF(540)
	if math.Abs(a.Drain.Breach.Value-want) > 1e-7 {
		t.Errorf("P(T > 540 s) = %v, want %v", a.Drain.Breach.Value, want)
	}
	if a.BindingLane != "slow" || a.Lanes != 3 || !a.Agreement.Agrees {
		t.Errorf("binding %q of %d lanes, agreement %+v", a.BindingLane, a.Lanes, a.Agreement)
	}
}

func TestUndecidedWhereTheIntervalStraddles(t *testing.T) {
	c := oneDesign(537.5, lane(t, "lane", 1000, 4, 8))
	a := evaluate(t, c, Options{Seed: 1, Replications: 300, Method: Simulate}).Designs[0]
	if a.Decided {
		t.Errorf("decided on %+v", a.Simulated.Breach)
	}
	if a.Drain.Quality != queueing.Simulated || a.Drain.Method != queueing.Leaps || a.Agreement != nil {
		t.Errorf("drain %+v", a.Drain)
	}
}

func TestRefusalsComeBeforeWork(t *testing.T) {
	c := oneDesign(600, lane(t, "a", 10, 4, 0))
	_, err := Evaluate(context.Background(), c, Options{Method: "leap"})
	if !errors.As(err, new(*MethodError)) {
		t.Errorf("an unknown method: %v", err)
	}
}

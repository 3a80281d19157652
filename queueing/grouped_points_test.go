package queueing

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// mixedSizes are lanes that are busy until overload ends, with groups of several sizes.
func mixedSizes() map[string]struct {
	Config
	sources []Source
} {
	held := Pool{Instances: 6, Requests: 2, Together: true, Start: 4, Held: true, Delay: ExponentialDelay{10}}
	spread := Pool{Instances: 5, Requests: 4, Together: true, Start: 3, Delay: UniformDelay{20}}
	return map[string]struct {
		Config
		sources []Source
	}{
		"exponential":      {Config{Servers: 1, Service: Exponential{.1}, Backlog: 90, Target: idle}, []Source{Steady{3}, groupsOf(5, 4, 0, 20), groupsOf(2, 10, 0, 15)}},
		"held and spread":  {Config{Servers: 1, Service: Exponential{.1}, Backlog: 120, Target: idle}, []Source{Steady{3}, held, spread}},
		"down, batch":      {Config{Servers: 1, Service: Exponential{.1}, Backlog: 300, DownFor: 6, Target: idle}, []Source{Steady{3}, spread, groupsOf(4, 1, 7, 20), Batch{30, 10}}},
		"no wait":          {Config{Servers: 5, Service: Exponential{.5}, Backlog: 100}, []Source{Steady{3}, groupsOf(6, 4, 0, 20), groupsOf(5, 2, 0, 15)}},
		"Erlang":           {Config{Servers: 1, Service: Gamma{.1, 3}, Backlog: 90}, []Source{Steady{3}, groupsOf(3, 5, 0, 20), groupsOf(4, 1, 0, 15)}},
		"hyperexponential": {Config{Servers: 1, Service: BalancedHyperexponential(.1, 3), Backlog: 90, Target: idle}, []Source{Steady{3}, groupsOf(5, 4, 0, 20), groupsOf(6, 1, 0, 15)}},
	}
}

// Groups of several sizes at complex means, by contours, against the chain that follows
// the members, which shares nothing with it.
func TestSeveralSizesWhileBusy(t *testing.T) {
	for name, c := range mixedSizes() {
		if testing.Short() && name != "exponential" {
			continue
		}
		p, open := settledLane(t, laneOf(t, c.with(arrivalsOf(t, c.sources...))))
		got, err := p.sizesWhileBusy(open)
		if err != nil || got.Quality != Exact || got.AbsError > 1e-8 {
			t.Errorf("%s: %v, error %.1g", name, err, got.AbsError)
			continue
		}
		law, _ := phases(p.cfg.Service)
		want, _, err := p.byNumbers(open, law, 1e11)
		if err != nil || want.AbsError > 1e-8 {
			t.Fatalf("%s: %v, error %.1g", name, err, want.AbsError)
		}
		closeTo(t, name, got, want)
	}
}

// The passage to where the first of eight servers idles enters the chain from there.
func TestSeveralSizesUntilIdle(t *testing.T) {
	p, open := settledLane(t, laneOf(t, Config{Servers: 8, Service: Exponential{.8}, Backlog: 80, Target: idle, Arrivals: arrivalsOf(t, Steady{3}, groupsOf(6, 4, 0, 20), groupsOf(5, 2, 0, 15))}))
	got, err := p.idleAfterBusy(open)
	if err != nil || got.AbsError > 1e-8 {
		t.Fatalf("%v, error %.1g", err, got.AbsError)
	}
	law, _ := phases(p.cfg.Service)
	want, _, err := p.byNumbers(open, law, 1e11)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "eight servers", got, want)
}

// Groups of one size by contours against [volterra], which adds up over numbers of them:
// for services that are no phases.
func TestContoursAgainstCounts(t *testing.T) {
	p, open := settledLane(t, laneOf(t, Config{Servers: 1, Service: Gamma{.1, 1.7}, Backlog: 90, Target: idle, Arrivals: arrivalsOf(t, Steady{3}, groupsOf(12, 3, 0, 20))}))
	got, err := p.sizesWhileBusy(open)
	if err != nil || got.AbsError > 1e-8 {
		t.Fatalf("%v, error %.1g", err, got.AbsError)
	}
	want, err := p.atComplexMeans(true)
	if err != nil {
		t.Fatal(err)
	}
	closeTo(t, "gamma", got, want)
}

// One pool in two parts is the same lane, with other points: of large pools those are
// Gauss-Hermite points.
func TestLargeGroupsInParts(t *testing.T) {
	solve := func(sources ...Source) Drain {
		p, open := settledLane(t, laneOf(t, Config{Servers: 1, Service: BalancedHyperexponential(.1, 3), Backlog: 600, Target: idle, Arrivals: arrivalsOf(t, sources...)}))
		d, err := p.sizesWhileBusy(open)
		if err != nil || d.Quality != Exact {
			t.Fatalf("%v, error %.1g", err, d.AbsError)
		}
		return d
	}
	whole := solve(Steady{3}, groupsOf(200, 5, 0, 200), groupsOf(1000, 2, 0, 300))
	parts := solve(Steady{3}, groupsOf(200, 5, 0, 200), groupsOf(600, 2, 0, 300), groupsOf(400, 2, 0, 300))
	closeTo(t, "in parts", parts, whole)
	closeTo(t, "by default", solveDefault(t, Steady{3}, groupsOf(200, 5, 0, 200), groupsOf(1000, 2, 0, 300)), whole)
}

func solveDefault(t *testing.T, sources ...Source) Drain {
	t.Helper()
	d, err := SolveDrain(laneOf(t, Config{Servers: 1, Service: BalancedHyperexponential(.1, 3), Backlog: 600, Target: idle, Arrivals: arrivalsOf(t, sources...)}), SolveOptions{})
	if err != nil || d.Quality != Exact {
		t.Fatalf("%v, %s to %.1g: %s", err, d.Quality, d.AbsError, d.Reason)
	}
	return d
}

// Groups of two sizes against storms that are drawn.
func TestSeveralSizesAgainstStorms(t *testing.T) {
	storms := 20_000
	if testing.Short() {
		storms = 2_000
	}
	few, many := groupsOf(120, 4, 0, 100), groupsOf(30, 10, 0, 60)
	l := laneOf(t, Config{Servers: 1, Service: Gamma{.1, 2.5}, Backlog: 300, Target: idle, Arrivals: arrivalsOf(t, Steady{3}, few, many)})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Quality != Exact || d.AbsError > 1e-7 {
		t.Fatalf("%v: %s, error %.1g: %s", err, d.Method, d.AbsError, d.Reason)
	}
	r := rand.New(rand.NewPCG(3, 7))
	service := distuv.Gamma{Alpha: 2.5, Beta: 25, Src: rand.NewPCG(4, 7)}
	at := []float64{d.Quantile(.05), d.Quantile(.3), d.Quantile(.6), d.Quantile(.9), d.Quantile(.99)}
	seen := make([]float64, len(at))
	for range storms {
		var groups []dueGroup
		for range few.Instances {
			groups = append(groups, dueGroup{100 * r.ExpFloat64(), few.Requests})
		}
		for range many.Instances {
			groups = append(groups, dueGroup{60 * r.ExpFloat64(), many.Requests})
		}
		drained := emptied(r, groups, 300, 3, service.Rand)
		for i, x := range at {
			seen[i] += indicator(drained <= x)
		}
	}
	for i, x := range at {
		p, got := d.CDF(x), seen[i]/float64(storms)
		if sd := math.Sqrt(p * (1 - p) / float64(storms)); !(math.Abs(got-p) <= 5.6*sd) { // once in 1e7
			t.Errorf("P(T <= %g) is %.6g, of the storms %.6g: %.1f standard deviations", x, p, got, (got-p)/sd)
		}
	}
}

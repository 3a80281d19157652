package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// gateStorm draws T of a lane behind a token bucket: when each request passes, when it begins
// by the recursion of Kiefer and Wolfowitz, and when few enough wait.
func gateStorm(r *rand.Rand, l *Lane, begin float64, free, held []float64) float64 {
	bucket := l.cfg.Mechanisms.Throttle
	type request struct{ came, passed float64 }
	var all []request
	for range l.cfg.Backlog {
		all = append(all, request{})
	}
	for _, t := range free {
		all = append(all, request{t, t})
	}
	short, last := 0.0, 0.0
	for _, t := range held {
		short = math.Max(0, short-bucket.PerSecond*(t-last))
		all = append(all, request{t, t + math.Max(0, short-bucket.Burst+1)/bucket.PerSecond})
		short, last = short+1, t
	}
	slices.SortStableFunc(all, func(a, b request) int { return int(math.Copysign(1, a.passed-b.passed)) })
	service := func() float64 { return l.cfg.Service.Mean() * r.ExpFloat64() }
	if _, is := l.cfg.Service.(Deterministic); is {
		service = l.cfg.Service.Mean
	}
	ready := make([]float64, l.cfg.Servers)
	for i := range ready {
		ready[i] = l.cfg.DownFor
	}
	type change struct {
		at float64
		by int
	}
	var changes []change
	for _, x := range all {
		i := slices.Index(ready, slices.Min(ready))
		begins := math.Max(x.passed, ready[i])
		ready[i] = begins + service()
		leaves := begins
		if l.cfg.Target.Idle {
			leaves = ready[i]
		}
		changes = append(changes, change{x.came, 1}, change{leaves, -1})
	}
	slices.SortFunc(changes, func(a, b change) int {
		if a.at != b.at {
			return int(math.Copysign(1, a.at-b.at))
		}
		return b.by - a.by
	})
	there := 0
	for i, x := range changes {
		if x.at > begin && (i == 0 || changes[i-1].at <= begin) && there <= l.cfg.Target.Waiting {
			return begin
		}
		there += x.by
		if x.at >= begin && there <= l.cfg.Target.Waiting && (i+1 == len(changes) || changes[i+1].at > x.at) {
			return x.at
		}
	}
	return math.Max(begin, 0)
}

// Lanes behind a token bucket against storms, at a false-alarm rate of 1e-7 each.
func TestLanesBehindThrottle(t *testing.T) {
	for name, c := range map[string]struct {
		servers, backlog, batch, pool int
		rate, burst, surge, down      float64
		target                        Target
	}{
		"one server":            {1, 4, 0, 0, 1.5, 3, 6, 0, Target{}},
		"several, until idle":   {3, 10, 0, 0, 1.2, 1, 4, 0, Target{Idle: true}},
		"more than it may take": {2, 5, 0, 0, 2.5, 2, 7, 0, Target{}},
		"some may wait":         {2, 5, 0, 0, 1.4, 4, 6, 0, Target{Waiting: 5}},
		"a batch":               {2, 5, 15, 0, 1.3, 4, 2, 0, Target{}},
		"down at first":         {2, 5, 0, 0, 1.4, 4, 4, 9.3, Target{}},
		"a pool":                {2, 5, 0, 60, 1.2, 4, 0, 0, Target{}},
		"equal services":        {4, 5, 0, 0, 1, 2, 6, 0, Target{}},
	} {
		const rate, decay, at, delay = .3, 10., 7.3, 12.
		streams := []Stream{{Name: "free", Source: Steady{rate}}}
		add := func(name string, s Source) { streams = append(streams, Stream{Name: name, Source: s}) }
		names := []string{"surge", "batch", "pool"}
		if c.surge > 0 {
			add("surge", Surge{c.surge, decay})
		}
		if c.batch > 0 {
			add("batch", Batch{c.batch, at})
		}
		if c.pool > 0 {
			add("pool", Pool{Instances: c.pool, Requests: 1, Delay: ExponentialDelay{delay}})
		}
		arrivals, err := NewArrivals(streams...)
		if err != nil {
			t.Fatal(err)
		}
		var service Service = Exponential{float64(c.servers) / 2}
		most := .08
		if name == "equal services" {
			service, most = Deterministic{service.Mean()}, .2
		}
		l := laneOf(t, Config{Servers: c.servers, Service: service, Backlog: c.backlog, Target: c.target, DownFor: c.down,
			Arrivals: arrivals, Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: c.rate, Burst: c.burst, Streams: names}}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || d.AbsError > most {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		d.AbsError = math.Min(d.AbsError, most/2) // storms show less than what is stated
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			held := stormComers(r, 0, c.surge, decay, c.pool, delay)
			for range c.batch {
				held = append(held, at)
			}
			slices.Sort(held)
			return gateStorm(r, l, begin, stormComers(r, rate, 0, decay, 0, delay), held)
		})
	}
}

// With a token to begin with, and servers for all, requests wait for tokens as they do for one
// server of equal services, whose law is found service by service.
func TestTokensAreEqualServices(t *testing.T) {
	for name, source := range map[string]Source{
		"surge": Surge{5, 8},
		"pool":  Pool{Instances: 50, Requests: 1, Delay: ExponentialDelay{10}},
		"held":  Pool{Instances: 30, Requests: 1, Delay: ExponentialDelay{10}, Start: 4, Held: true},
		"pairs": Pool{Instances: 20, Requests: 2, Together: true, Delay: UniformDelay{15}},
	} {
		const rate = 1.5
		arrivals, err := NewArrivals(Stream{Name: "all", Source: source})
		if err != nil {
			t.Fatal(err)
		}
		p, err := newProblem(laneOf(t, Config{Servers: 40, Service: Exponential{1}, Arrivals: arrivals,
			Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: rate, Burst: 1, Streams: []string{"all"}}}}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		q, err := newProblem(laneOf(t, Config{Servers: 1, Service: Deterministic{1 / rate}, Arrivals: arrivals}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p.begin = q.begin
		got, err := p.byGate()
		if err != nil {
			t.Fatal(err)
		}
		most := .045
		if name == "held" { // whose law is one of instants
			most = .15
		}
		if got.AbsError > 2*most {
			t.Errorf("%s: to %.2g", name, got.AbsError)
		}
		want, err := q.solve()
		if err != nil || want.AbsError > 1e-6 {
			t.Fatalf("%v: %s to %.2g", err, want.Reason, want.AbsError)
		}
		if off := math.Abs(got.Mean() - want.Mean()); !(off < math.Max(.02, got.AbsError/4)*want.StdDev()) {
			t.Errorf("%s: mean %.6f, of equal services %.6f", name, got.Mean(), want.Mean())
		}
		for _, x := range []float64{.02, .1, .3, .5, .7, .9, .98} {
			at := want.Quantile(x)
			if off := math.Abs(got.CDF(at) - want.CDF(at)); !(off <= math.Min(most, got.AbsError)+1e-6) {
				t.Errorf("%s: P(T <= %.4g) = %.6f, of equal services %.6f, stated %.2g", name, at, got.CDF(at), want.CDF(at), got.AbsError)
			}
		}
	}
}

// A bucket that is never empty makes no difference.
func TestBucketThatIsNeverEmpty(t *testing.T) {
	for _, idles := range []bool{false, true} {
		arrivals, err := NewArrivals(Stream{Name: "base", Source: Steady{1}}, Stream{Name: "surge", Source: Surge{2, 8}})
		if err != nil {
			t.Fatal(err)
		}
		config := Config{Servers: 2, Service: Exponential{1}, Backlog: 15, Target: Target{Idle: idles}, Arrivals: arrivals}
		want, err := SolveDrain(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		config.Mechanisms = Mechanisms{Throttle: &Throttle{PerSecond: 3, Burst: 60, Streams: []string{"surge"}}}
		got, err := SolveDrain(laneOf(t, config), SolveOptions{})
		if err != nil || got.AbsError > 1e-3 {
			t.Fatalf("%v: %s to %.2g", err, got.Reason, got.AbsError)
		}
		for _, x := range []float64{.01, .1, .3, .5, .7, .9, .99} {
			at := want.Quantile(x)
			if off := math.Abs(got.CDF(at) - want.CDF(at)); !(off <= got.AbsError+1e-6) {
				t.Errorf("idle %t: P(T <= %.4g) = %.7f, without a bucket %.7f, stated %.2g", idles, at, got.CDF(at), want.CDF(at), got.AbsError)
			}
		}
	}
}

// All that need tokens come at once: they pass at fixed instants, and T is one of those.
func TestBatchBehindThrottle(t *testing.T) {
	arrivals, err := NewArrivals(Stream{Name: "batch", Source: Batch{20, 2}})
	if err != nil {
		t.Fatal(err)
	}
	l := laneOf(t, Config{Servers: 50, Service: Exponential{1}, Arrivals: arrivals, Mechanisms: Mechanisms{Throttle: &Throttle{PerSecond: 2, Burst: 5, Streams: []string{"batch"}}}})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || len(d.Atoms) != 1 || math.Abs(d.Atoms[0].At-9.5) > 1e-9 || math.Abs(d.Atoms[0].Mass-1) > 1e-8 {
		t.Errorf("%v: atoms %v, where the fifteen that find no token take 7.5 s", err, d.Atoms)
	}
}

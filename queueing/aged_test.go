package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// agedStorm draws T of servers that drop who has waited too long, event by event.
func agedStorm(r *rand.Rand, l *Lane, begin float64, rate, surge, decay float64, batch int, at float64, pool int, delay float64) float64 {
	came := stormComers(r, rate, surge, decay, 0, 0) // when those who wait have come, and who will
	for range pool {
		due := delay * r.ExpFloat64()
		for range l.largestGroup() {
			came = append(came, due)
		}
	}
	for range l.cfg.Backlog {
		came = append(came, 0)
	}
	for range batch {
		came = append(came, at)
	}
	slices.Sort(came)
	up := l.cfg.DownFor
	level, tau, servers := l.Level(up), Until(l.cfg.Mechanisms.MaxAge), l.cfg.Servers
	var ends []float64
	waiting, now := 0, 0.0
	for {
		for now >= up && len(ends) < servers && waiting > 0 {
			if sent := came[0]; now-sent <= tau {
				ends = append(ends, now+drawnService(r, l.cfg.Service))
			}
			waiting, came = waiting-1, came[1:]
		}
		arrives, end := math.Inf(1), math.Inf(1)
		if waiting < len(came) {
			arrives = came[waiting]
		}
		if arrives > now && now >= begin && len(ends)+waiting <= level {
			return math.Max(begin, now)
		}
		if len(ends) > 0 {
			end = slices.Min(ends)
		}
		next := math.Inf(1)
		if now < begin {
			next = begin
		}
		if now < up {
			next = math.Min(next, up)
		}
		switch {
		case arrives <= next && arrives <= end:
			now, waiting = arrives, waiting+1
		case end <= next:
			now = end
			i := slices.Index(ends, end)
			ends = slices.Delete(ends, i, i+1)
		default:
			now = next
		}
	}
}

// Exponential servers that drop who is too old against storms, at a false-alarm rate of 1e-7
// each.
func TestServersThatDropTheOld(t *testing.T) {
	for name, c := range map[string]struct {
		servers, backlog, batch, pool int
		age, surge                    float64
		idles                         bool
		down                          float64
	}{
		"one":                 {1, 30, 0, 0, 10, 3, false, 0},
		"several, until idle": {3, 0, 0, 0, 6, 3, true, 0},
		"a batch on the way":  {2, 20, 25, 0, 8, 1, false, 0},
		"a pool":              {1, 5, 0, 150, 12, 0, false, 0},
		"too old at once":     {1, 60, 0, 0, 5, 0, true, 0},
		"down at first":       {3, 20, 4, 0, 9, 1, false, 11},
		"down for long":       {4, 20, 0, 0, 6, 0, true, 31.3},
		"a batch as it is up": {6, 0, 3, 0, 5, 0, false, 7.3},
	} {
		const rate, decay, at, delay = .4, 12., 7.3, 20.
		sources := []Source{Steady{rate}}
		if c.surge > 0 {
			sources = append(sources, Surge{c.surge, decay})
		}
		if c.batch > 0 {
			sources = append(sources, Batch{c.batch, at})
		}
		if c.pool > 0 {
			sources = append(sources, Pool{Instances: c.pool, Requests: 1, Delay: ExponentialDelay{delay}})
		}
		l := laneOf(t, Config{Servers: c.servers, Service: Exponential{float64(c.servers)}, Backlog: c.backlog, Target: Target{Idle: c.idles},
			DownFor: c.down, Arrivals: arrivalsOf(t, sources...), Mechanisms: Mechanisms{MaxAge: c.age}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || d.AbsError > 2e-3 {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			return agedStorm(r, l, begin, rate, c.surge, decay, c.batch, at, c.pool, delay)
		})
	}
}

// Where T is never so late nobody is too old, whatever serves.
func TestNobodyIsTooOld(t *testing.T) {
	config := Config{Servers: 1, Service: Gamma{.5, 3}, Backlog: 10, Arrivals: arrivalsOf(t, Steady{1}, Pool{Instances: 6, Requests: 2, Together: true, Delay: ExponentialDelay{5}})}
	want, err := SolveDrain(laneOf(t, config), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	config.Mechanisms = Mechanisms{MaxAge: want.Quantile(1 - 1e-5)}
	got, err := SolveDrain(laneOf(t, config), SolveOptions{})
	if err != nil || got.Mean() != want.Mean() || !(got.AbsError >= 1e-5 && got.AbsError < 3e-5) {
		t.Errorf("%v: mean %g, where nobody is dropped %g, error %.2g", err, got.Mean(), want.Mean(), got.AbsError)
	}
	config.Mechanisms.MaxAge = want.Quantile(.9)
	if d, err := SolveDrain(laneOf(t, config), SolveOptions{}); err != nil || !(d.AbsError > 1e-3 && furthestAt(want, d) < d.AbsError+.1) {
		t.Errorf("a tenth may be too old: %v: mean %g, where nobody is dropped %g, to %.2g: %s", err, d.Mean(), want.Mean(), d.AbsError, d.Reason)
	}
}

// An age that nobody reaches makes no difference.
func TestAgeThatIsNotReached(t *testing.T) {
	for _, idles := range []bool{false, true} {
		config := Config{Servers: 2, Service: Exponential{1}, Backlog: 15, Target: Target{Idle: idles}, Arrivals: arrivalsOf(t, Steady{1}, Surge{1.6, 8}, Batch{4, 2.7})}
		want, err := SolveDrain(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		config.Mechanisms = Mechanisms{MaxAge: 40}
		p, err := newProblem(laneOf(t, config), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.followAge()
		if err != nil || got.AbsError > 1e-3 {
			t.Fatalf("%v: %s to %.2g", err, got.Reason, got.AbsError)
		}
		for _, q := range []float64{.01, .1, .3, .5, .7, .9, .99} {
			at := want.Quantile(q)
			if off := math.Abs(want.CDF(at) - got.CDF(at)); !(off < 1e-4 && off <= got.AbsError+1e-5) {
				t.Errorf("idle %t: P(T <= %.4g) = %.7f, where nobody is dropped %.7f, stated %.2g", idles, at, got.CDF(at), want.CDF(at), got.AbsError)
			}
		}
	}
}

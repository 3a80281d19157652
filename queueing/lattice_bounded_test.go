package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// boundedStorm draws T of servers of unit services before a bounded queue, event by event:
// from rates that are thinned, members of a pool with exponential delays and a batch.
func boundedStorm(r *rand.Rand, servers, limit, backlog, level int, begin, rate, surge, decay float64, pool int, delay float64) float64 {
	came := stormComers(r, rate, surge, decay, pool, delay)
	var ends []float64 // of services that go on
	waiting, now := 0, 0.0
	for range min(backlog, servers) {
		ends = append(ends, 1)
	}
	if backlog > servers {
		waiting = min(backlog-servers, limit)
	}
	for {
		if now >= begin && len(ends)+waiting <= level {
			return math.Max(begin, now)
		}
		next := math.Inf(1)
		if now < begin {
			next = begin
		}
		end := math.Inf(1)
		if len(ends) > 0 {
			end = slices.Min(ends)
		}
		switch {
		case end <= next && (len(came) == 0 || end <= came[0]):
			now = end
			ends = slices.Delete(ends, slices.Index(ends, end), slices.Index(ends, end)+1)
			if waiting > 0 {
				waiting--
				ends = append(ends, now+1)
			}
		case len(came) > 0 && came[0] <= next:
			now, came = came[0], came[1:]
			switch {
			case len(ends) < servers:
				ends = append(ends, now+1)
			case waiting < limit:
				waiting++
			}
		default:
			now = next
		}
	}
}

// Equal services before a bounded queue against storms, at a false-alarm rate of 1e-7 each.
func TestEqualServicesBeforeBoundedQueue(t *testing.T) {
	for name, c := range map[string]struct {
		servers, limit, backlog int
		target                  Target
		surge                   float64
		pool                    int
		most                    float64 // error
	}{
		"full":            {1, 12, 30, Target{}, 2, 0, 1e-9},
		"until idle":      {1, 12, 30, Target{Idle: true}, 2, 0, 1e-9},
		"some may wait":   {1, 12, 9, Target{Waiting: 3}, 0, 0, 1e-12},
		"a pool":          {1, 15, 15, Target{}, 0, 40, 1e-6},
		"empty at first":  {1, 15, 0, Target{}, 3, 0, 0.06},
		"several servers": {3, 12, 15, Target{}, 5, 0, 1e-3},
		"nobody waits":    {1, 0, 1, Target{}, 2, 0, 1e-12},
	} {
		const rate, decay, delay = .3, 15., 12.
		sources := []Source{Steady{rate}}
		if c.surge > 0 {
			sources = append(sources, Surge{c.surge, decay})
		}
		if c.pool > 0 {
			sources = append(sources, Pool{Instances: c.pool, Requests: 1, Delay: ExponentialDelay{delay}})
		}
		l := laneOf(t, Config{Servers: c.servers, Service: Deterministic{1}, Backlog: c.backlog, Target: c.target, Arrivals: arrivalsOf(t, sources...),
			Mechanisms: Mechanisms{Limited: true, QueueLimit: c.limit}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil || d.Method != Chain || d.AbsError > c.most {
			t.Fatalf("%s: %v, %s to %.2g: %s", name, err, d.Method, d.AbsError, d.Reason)
		}
		begin, _ := OverloadEnd(l)
		againstStorms(t, name, d, func(r *rand.Rand) float64 {
			return boundedStorm(r, c.servers, c.limit, c.backlog, l.Level(0), begin, rate, c.surge, decay, c.pool, delay)
		})
	}
}

// A bound that is never reached makes no difference.
func TestBoundThatIsNotReached(t *testing.T) {
	config := Config{Servers: 1, Service: Deterministic{.5}, Backlog: 30, Target: Target{Waiting: 1},
		Arrivals: arrivalsOf(t, Steady{.7}, Pool{Instances: 20, Requests: 2, Together: true, Delay: ExponentialDelay{15}})}
	want, err := SolveDrain(laneOf(t, config), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	config.Mechanisms = Mechanisms{Limited: true, QueueLimit: 200}
	got, err := SolveDrain(laneOf(t, config), SolveOptions{})
	if err != nil || got.Quality != Exact {
		t.Fatalf("%v: %s", err, got.Reason)
	}
	for _, q := range []float64{.001, .1, .5, .9, .999} {
		at := want.Quantile(q)
		if off := math.Abs(want.CDF(at) - got.CDF(at)); !(off < 1e-11) {
			t.Errorf("P(T <= %g) = %.12g, without a bound %.12g", at, got.CDF(at), want.CDF(at))
		}
	}
}

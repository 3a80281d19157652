package montecarlo

import (
	"context"
	"testing"

	"singlelane/queueing"
)

// measure of one lane: mean drain time, peak, mean wait of the urgent, share
// served and attempts a request.
func measure(t *testing.T, c queueing.Config) [5]float64 {
	l := laneWith(t, c,
		queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 4}, Priority: 5, Retries: true},
		queueing.Stream{Name: "urgent", Source: queueing.Spread(100, 20, 40), Priority: 0},
		queueing.Stream{Name: "pool", Source: queueing.Pool{Instances: 400, Requests: 1, Delay: queueing.ExponentialDelay{MeanDelay: 60}}, Priority: 5, Retries: true})
	storms := 200
	if testing.Short() {
		storms = 30
	}
	// With retries and no budget the lane never drains: half an hour shows it.
	p, err := FollowPaths(context.Background(), []*queueing.Lane{l}, PathOptions{Options: Options{Seed: 5, Replications: storms, Horizon: 2000}})
	if err != nil {
		t.Fatal(err)
	}
	served, arrived, attempts := 0.0, 0.0, 0.0
	for _, s := range p.Streams {
		served += float64(s.Fates.Served)
		arrived += float64(s.Fates.Arrived)
		attempts += float64(s.Fates.Attempts)
	}
	return [5]float64{p.Drain.Mean().Value, p.Peak.Mean().Value, p.Streams[1].MeanWait.Mean().Value, served / arrived, attempts / arrived}
}

// The table says for each mechanism which numbers it raises (+1), lowers (-1)
// or leaves alone (0), against the lane without it and the same random
// numbers.
func TestWhatEachMechanismDoes(t *testing.T) {
	base := func() queueing.Config {
		return queueing.Config{Backlog: 100, Service: queueing.Exponential{MeanTime: 0.5}, Servers: 4}
	}
	retries := queueing.Retries{Timeout: 20, MaxAttempts: 3, Backoff: 2, Jitter: queueing.EqualJitter}
	plain := measure(t, base())
	names := [...]string{"drain time", "peak", "urgent wait", "share served", "attempts"}
	for _, e := range []struct {
		name string
		with func(*queueing.Config)
		want [5]int
	}{
		//                                                                                              drain peak urgent served attempts
		{"nothing", func(*queueing.Config) {}, [5]int{0, 0, 0, 0, 0}},
		{"urgent first", func(c *queueing.Config) { c.Mechanisms.Discipline = queueing.UrgentFirst }, [5]int{0, 0, -1, 0, 0}},
		{"lifo", func(c *queueing.Config) { c.Mechanisms.Discipline = queueing.LIFO }, [5]int{0, 0, -1, 0, 0}},
		{"queue limit", func(c *queueing.Config) { c.Mechanisms.Limited, c.Mechanisms.QueueLimit = true, 50 }, [5]int{-1, -1, -1, -1, 0}},
		{"maximum age", func(c *queueing.Config) { c.Mechanisms.MaxAge = 15 }, [5]int{-1, -1, -1, -1, 0}},
		{"throttle", func(c *queueing.Config) {
			c.Mechanisms.Throttle = &queueing.Throttle{PerSecond: 2, Burst: 1, Streams: []string{"pool"}}
		}, [5]int{+1, 0, -1, 0, 0}},
		{"slow-down", func(c *queueing.Config) { c.Mechanisms.SlowDown = &queueing.SlowDown{At: 200, Factor: 1.5} }, [5]int{+1, +1, +1, 0, 0}},
		{"retries", func(c *queueing.Config) { c.Mechanisms.Retries = &retries }, [5]int{+1, +1, +1, -1, +1}},
		{"retries, stale dropped", func(c *queueing.Config) {
			r := retries
			r.DropStale = true
			c.Mechanisms.Retries = &r
		}, [5]int{+1, +1, -1, -1, +1}},
		{"retries, budget by share", func(c *queueing.Config) {
			r := retries
			r.Budget.Share = 0.1
			c.Mechanisms.Retries = &r
		}, [5]int{+1, +1, +1, -1, +1}},
		{"retries, budget by tokens", func(c *queueing.Config) {
			r := retries
			r.Budget = queueing.RetryBudget{Tokens: 20, Refill: 0.5}
			c.Mechanisms.Retries = &r
		}, [5]int{+1, +1, +1, -1, +1}},
		{"down at first", func(c *queueing.Config) { c.DownFor = 30 }, [5]int{+1, +1, +1, 0, 0}},
		{"servers that join", func(c *queueing.Config) { c.ScaleOut = []queueing.Join{{After: 30, Servers: 2}} }, [5]int{-1, -1, -1, 0, 0}},
	} {
		c := base()
		e.with(&c)
		got := measure(t, c)
		for i, want := range e.want {
			change := got[i]/plain[i] - 1
			// Half a per cent covers what a different order of the same
			// services does to the numbers at the end of the incident.
			if want == 0 && (change > 0.005 || change < -0.005) || want > 0 && change < 0.02 || want < 0 && change > -0.02 {
				t.Errorf("%s: %s goes from %.4g to %.4g", e.name, names[i], plain[i], got[i])
			}
		}
		t.Logf("%-24s drain %6.1f s  peak %5.0f  urgent wait %5.1f s  served %.3f  attempts %.2f", e.name, got[0], got[1], got[2], got[3], got[4])
	}
}

// Four servers in one lane, in a lane per zone, or in lanes that requests fall
// into at random: the more the work is torn apart, the later the last lane has
// drained and the longer some request waits. Each lane alone holds less than
// the shared one.
func TestWhatLanesDo(t *testing.T) {
	region := func(n int, part func(s queueing.Source, k int) queueing.Source) []*queueing.Lane {
		var lanes []*queueing.Lane
		for k := range n {
			lanes = append(lanes, laneOf(t, queueing.Config{Service: queueing.Exponential{MeanTime: 0.5}, Servers: 4 / n},
				part(queueing.Steady{PerSecond: 4}, k), part(queueing.Batch{Size: 200}, k)))
		}
		return lanes
	}
	zone := func(s queueing.Source, k int) queueing.Source { return s.Split(4, k) }
	var before [3]float64 // of the row above
	for i, c := range []struct {
		name  string
		lanes []*queueing.Lane
	}{
		{"shared", region(1, func(s queueing.Source, _ int) queueing.Source { return s })},
		{"per zone", region(4, zone)},
		{"hashed", region(4, func(s queueing.Source, _ int) queueing.Source { return queueing.Hash(s, 4) })},
	} {
		p := follow(t, 400, nil, c.lanes...)
		got := [3]float64{p.Drain.Mean().Value, p.LongestWait.Mean().Value, p.Peak.Mean().Value}
		t.Logf("%-10s drain %5.1f s  longest wait %5.1f s  peak of a lane %5.1f", c.name, got[0], got[1], got[2])
		if i > 0 && (got[0] < 1.02*before[0] || got[1] < 1.02*before[1]) || i == 1 && got[2] > before[2]/2 {
			t.Errorf("%s: drain time, longest wait and peak go from %.4g to %.4g", c.name, before, got)
		}
		before = got
	}
}

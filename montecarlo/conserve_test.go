package montecarlo

import (
	"context"
	"errors"
	"math"
	"testing"

	"singlelane/queueing"
)

// tenSeconds is one server that takes ten seconds for each of n requests that
// come at once.
func tenSeconds(t testing.TB, n int, m queueing.Mechanisms) *queueing.Lane {
	return laneOf(t, queueing.Config{Service: queueing.Deterministic{Time: 10}, Servers: 1, Mechanisms: m}, queueing.Batch{Size: n})
}

// What is dropped and what is left has waited too. Of four requests two are
// served, at 0 and 10 s, and two are too old at 20 s; of five two are served
// by 25 s and three are left.
func TestTheLongestWaitIsOfAnyRequest(t *testing.T) {
	never := math.Inf(1)
	for name, c := range map[string]struct {
		lane                            *queueing.Lane
		horizon                         float64
		longest, served, last, nearly   float64
		waited, over, lanePeak, sojourn float64
		fates                           Fates
	}{
		"aged out": {tenSeconds(t, 4, queueing.Mechanisms{MaxAge: 15}), 1000, 20, 10, 20, never, 3*10 + 2*10, 20, 4, 15,
			Fates{Arrived: 4, Attempts: 4, Served: 2, InTime: 2, AgedOut: 2}},
		"refused": {tenSeconds(t, 4, queueing.Mechanisms{Limited: true, QueueLimit: 1}), 1000, 10, 10, 20, never, 10, 10, 2, 15,
			Fates{Arrived: 4, Attempts: 4, Served: 2, InTime: 2, Refused: 2}},
		"left": {tenSeconds(t, 5, queueing.Mechanisms{}), 25, 25, 10, never, never, 4*10 + 3*10 + 2*5, 25, 5, 15,
			Fates{Arrived: 5, Attempts: 5, Served: 2, InTime: 2, Left: 3}},
		"left in a line of events": {tenSeconds(t, 5, queueing.Mechanisms{Discipline: queueing.UrgentFirst}), 25, 25, 10, never, never, 4*10 + 3*10 + 2*5, 25, 5, 15,
			Fates{Arrived: 5, Attempts: 5, Served: 2, InTime: 2, Left: 3}},
		// Both of two give up at 3 s and come again behind their own copies.
		"given up": {tenSeconds(t, 2, queueing.Mechanisms{Retries: &queueing.Retries{Timeout: 3, MaxAttempts: 2}}), 1000, 6, 0, never, never, -1, -1, -1, math.NaN(),
			Fates{Arrived: 2, Attempts: 4, GivenUp: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := FollowPaths(context.Background(), []*queueing.Lane{c.lane}, PathOptions{Options: Options{Replications: 3, Horizon: c.horizon}})
			if err != nil {
				t.Fatal(err)
			}
			s, l := p.Streams[0], p.Lanes[0]
			for what, got := range map[string][2]float64{
				"longest wait": {p.LongestWait[0], c.longest}, "of the stream": {s.LongestWait[0], c.longest}, "of those served": {s.MaxWait[0], c.served},
				"last done": {s.LastDone[0], c.last}, "99 in 100 done": {s.NearlyDone[0], c.nearly},
				"waited": {p.Waited[0], c.waited}, "lane waited": {l.Waited[0], c.waited}, "over": {l.Over[0], c.over}, "lane peak": {l.Peak[0], c.lanePeak},
			} {
				if got[1] >= 0 && got[0] != got[1] {
					t.Errorf("%s is %g, want %g", what, got[0], got[1])
				}
			}
			if len(s.MeanSojourn) > 0 && s.MeanSojourn[0] != c.sojourn {
				t.Errorf("mean sojourn %g, want %g", s.MeanSojourn[0], c.sojourn)
			}
			if q := s.Sojourn.Quantile(0.99); c.fates.Served > 0 && math.Abs(q-20) > 0.2 {
				t.Errorf("P99 sojourn %g, want 20", q)
			}
			for _, n := range []*int64{&c.fates.Arrived, &c.fates.Attempts, &c.fates.Served, &c.fates.InTime, &c.fates.Refused, &c.fates.AgedOut, &c.fates.GivenUp, &c.fates.Left} {
				*n *= 3 // replications
			}
			if s.Fates != c.fates {
				t.Errorf("fates %+v, want %+v", s.Fates, c.fates)
			}
		})
	}
}

// A simulation that loses a request, or makes one up, ends with an error.
func TestLostRequestsAreAnError(t *testing.T) {
	for name, m := range map[string]queueing.Mechanisms{"recursion": {}, "events": {MaxAge: 35}} {
		for _, wrong := range []int{-1, 1} {
			p, err := newPlan([]*queueing.Lane{tenSeconds(t, 7, m)}, 7)
			if err != nil {
				t.Fatal(err)
			}
			e := newEngine(context.Background(), p.lanes[0], 25, nil, "")
			rec := e.replicate(3)
			if rec.fault != nil {
				t.Fatalf("%s: %v", name, rec.fault)
			}
			left := rec.streams[1].left()
			rec.streams[1].arrived += wrong
			fault := rec.conserved("a", 3, left)
			var c *ConservationError
			if !errors.As(fault, &c) || *c != (ConservationError{"a", 3, 7 + wrong, 7 - left, left}) {
				t.Errorf("%s: %d requests too many: %v", name, wrong, fault)
			}
		}
	}
	var f faults
	f.note(5, nil)
	f.note(4, errors.New("second"))
	f.note(2, errors.New("first"))
	f.note(3, errors.New("third"))
	if f.err == nil || f.err.Error() != "first" {
		t.Errorf("the fault told is %v, want that of the earliest replication", f.err)
	}
}

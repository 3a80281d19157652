package report

import (
	"bytes"
	"context"
	"encoding/json"
	"testing"

	"singlelane/cmd/planner/internal/study"
	"singlelane/queueing"
)

// Of a bounded queue whose clients time out, the counts of each stream add up
// to those that arrived, and the shares are theirs.
func TestCountsOfAStreamAddUp(t *testing.T) {
	arrivals, err := queueing.NewArrivals(queueing.Stream{Name: "clients", Source: queueing.Steady{PerSecond: 6}, Retries: true})
	if err != nil {
		t.Fatal(err)
	}
	lane, err := queueing.NewLane(queueing.Config{Name: "lane", Backlog: 60, Arrivals: arrivals, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1,
		Mechanisms: queueing.Mechanisms{Limited: true, QueueLimit: 30, Retries: &queueing.Retries{Timeout: 2, MaxAttempts: 2, Backoff: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := study.Evaluate(context.Background(), study.Case{Name: "counts", Objective: study.Objective{Within: 60, Confidence: 0.99}, Horizon: 3600,
		Designs: []study.Design{{Name: "base", Lanes: []*queueing.Lane{lane}, LaneKind: "shared"}}}, study.Options{Seed: 1, Replications: 200})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := JSON(&out, r, "test"); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Designs []struct {
			Streams []struct {
				Name   string
				Served float64
				Counts map[string]int64
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	lost := int64(0)
	for _, s := range doc.Designs[0].Streams {
		c := s.Counts
		lost += c["refused"] + c["given_up"]
		if c["arrived"] == 0 || c["arrived"] != c["served"]+c["refused"]+c["aged_out"]+c["given_up"]+c["left"] || s.Served != float64(c["served"])/float64(c["arrived"]) {
			t.Errorf("%s: served %g, counts %v", s.Name, s.Served, c)
		}
	}
	if lost == 0 {
		t.Error("nothing was refused or given up")
	}
}

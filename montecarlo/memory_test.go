package montecarlo

import (
	"context"
	"errors"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"singlelane/queueing"
)

// notebook is a memory for tests: parts[i] of n does the spans dealt to it.
type notebook struct {
	mu     sync.Mutex
	kept   map[Span][]byte
	part   int
	parts  int
	dealt  int
	recall int
}

func newNotebook(part, parts int) *notebook {
	return &notebook{kept: map[Span][]byte{}, part: part, parts: parts}
}

func (b *notebook) Recall(s Span) ([]byte, bool) {
	data, ok := b.kept[s]
	if ok {
		b.recall++
	}
	return data, ok
}

func (b *notebook) Keep(s Span, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[s] = data
	return nil
}

func (b *notebook) Mine(Span) bool {
	b.dealt++
	return b.dealt%b.parts == b.part
}

// TestMemoryChangesNothing simulates whole, in three parts that are put
// together, and from memory alone: three times the same.
func TestMemoryChangesNothing(t *testing.T) {
	ctx := context.Background()
	lane := func(m queueing.Mechanisms) *queueing.Lane {
		return laneOf(t, queueing.Config{Backlog: 50, Servers: 2, Service: queueing.Exponential{MeanTime: 1. / 3}, Mechanisms: m}, queueing.Steady{PerSecond: 2})
	}
	retries := queueing.Mechanisms{Retries: &queueing.Retries{Timeout: 4, MaxAttempts: 2, Backoff: 1}}
	cases := map[string]func(m Memory) (any, error){
		"drains": func(m Memory) (any, error) {
			return Drains(ctx, []*queueing.Lane{lane(queueing.Mechanisms{})}, Options{Seed: 7, Replications: 1234, Horizon: 3600, Memory: m})
		},
		"paths": func(m Memory) (any, error) {
			return FollowPaths(ctx, []*queueing.Lane{lane(queueing.Mechanisms{}), lane(retries)}, PathOptions{Grid: []float64{0, 5, 50},
				Options: Options{Seed: 7, Replications: 57, Horizon: 3600, Memory: m}})
		},
	}
	for name, simulate := range cases {
		t.Run(name, func(t *testing.T) {
			want, err := simulate(nil)
			if err != nil {
				t.Fatal(err)
			}
			all := newNotebook(0, 1)
			for part := range 3 {
				mine := newNotebook(part, 3)
				if _, err := simulate(mine); !errors.Is(err, ErrElsewhere) {
					t.Fatalf("part %d of 3: error %v, want ErrElsewhere", part, err)
				}
				for s, data := range mine.kept {
					all.kept[s] = data
				}
			}
			for _, m := range []*notebook{newNotebook(0, 1), all} {
				got, err := simulate(m)
				if err != nil {
					t.Fatal(err)
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("recalled %d of %d spans: another result than without a memory", m.recall, len(m.kept))
				}
			}
			if all.recall != len(all.kept) {
				t.Errorf("recalled %d of %d spans", all.recall, len(all.kept))
			}
		})
	}
}

func TestMemoryRefusesWhatItDidNotKeep(t *testing.T) {
	lane := laneOf(t, queueing.Config{Backlog: 5, Servers: 1, Service: queueing.Exponential{MeanTime: 1. / 3}})
	with := func(n int, time float64) []byte {
		var w spanWriter
		times := make(Outcomes, n)
		times[n/2] = time
		w.column(times)
		w.verdicts(make([]Verdict, n))
		return w.b
	}
	whole := with(100, 0.5)
	for name, data := range map[string][]byte{"noise": {1, 2, 3}, "another form": {3}, "other": with(1, 1), "cut": whole[:len(whole)-1], "more": append(slices.Clone(whole), 0),
		"no number": with(100, math.NaN()), "a negative time": with(100, -1)} {
		b := newNotebook(0, 1)
		b.kept[Span{drainsKind, 0, 100}] = data
		_, err := Drains(context.Background(), []*queueing.Lane{lane}, Options{Replications: 100, Memory: b})
		var kept *KeptError
		if !errors.As(err, &kept) || kept.Span != (Span{drainsKind, 0, 100}) {
			t.Errorf("%s was taken for drain times: %v", name, err)
		}
	}
}

// TestSpansCover has the spans follow each other without gap or overlap, few
// in number, with an end at each number of drain times that is looked at.
func TestSpansCover(t *testing.T) {
	const last = 64_000_000
	ends := map[int]bool{}
	next := 0
	all := spans(drainsKind, next, last)
	for _, s := range all {
		if s.First != next || s.Last <= s.First {
			t.Fatalf("span %v after %d", s, next)
		}
		next = s.Last
		ends[next] = true
	}
	if next != last || len(all) > 1000 {
		t.Errorf("%d spans end at %d", len(all), next)
	}
	for n := 1000; n <= last; n *= 2 {
		if !ends[n] {
			t.Errorf("no span ends at %d", n)
		}
	}
}

package study

import (
	"bytes"
	"context"
	"encoding/gob"
	"errors"
	"math"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"singlelane/queueing"
)

// whole has fields compared that only their package sees.
var whole = cmp.Exporter(func(reflect.Type) bool { return true })

// book is a ledger for tests: process part of parts.
type book struct {
	mu          sync.Mutex
	kept        map[string][]byte
	part, parts int
	loaded      int
}

func (b *book) Load(name string) ([]byte, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	data, ok := b.kept[name]
	if ok {
		b.loaded++
	}
	return data, ok
}

func (b *book) Store(name string, data []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.kept[name] = data
	return nil
}

func (b *book) Mine(position int) bool { return b.part < b.parts && position%b.parts == b.part }
func (b *book) Sharing() bool          { return b.parts > 1 && b.part < b.parts }

// TestDividedStudies does a study whole, in three parts that are put
// together, and once more from what was kept: the same answer each time.
func TestDividedStudies(t *testing.T) {
	ctx := context.Background()
	retries := func(c *queueing.Config) {
		c.Mechanisms.Retries = &queueing.Retries{Timeout: 5, MaxAttempts: 2, Backoff: 1}
	}
	c := oneDesign(600, lane(t, "lane", 60, 4, 0))
	c.Designs = append(c.Designs, Design{Name: "retries", Lanes: []*queueing.Lane{lane(t, "lane", 60, 4, 0, retries)}, LaneKind: "shared"},
		Design{Name: "never", Lanes: []*queueing.Lane{lane(t, "lane", 60, 14, 0)}, LaneKind: "shared"})
	servers := Axis{Key: "servers", Values: []float64{1, 2, 3}, Texts: []string{"1", "2", "3"}}
	studies := map[string]func(o Options) (any, error){
		"run": func(o Options) (any, error) { return strip(Evaluate(ctx, c, o)) },
		"sweep": func(o Options) (any, error) {
			return strip(Vary(ctx, []Axis{servers}, P99, func(texts []string) (Case, error) {
				return oneDesign(600, lane(t, "lane", 60, 4, 8, retries, func(c *queueing.Config) { c.Servers = int(texts[0][0] - '0') })), nil
			}, o))
		},
	}
	for name, ask := range studies {
		t.Run(name, func(t *testing.T) {
			o := Options{Seed: 5, Replications: 600, Curves: true}
			if testing.Short() {
				o.Replications = 300
			}
			want, err := ask(o)
			if err != nil {
				t.Fatal(err)
			}
			all := &book{kept: map[string][]byte{}, parts: 1}
			for part := range 3 {
				mine := &book{kept: map[string][]byte{}, part: part, parts: 3}
				o.Ledger = mine
				if _, err := ask(o); !errors.Is(err, ErrElsewhere) {
					t.Fatalf("part %d of 3: error %v, want ErrElsewhere", part, err)
				}
				if len(mine.kept) == 0 {
					t.Errorf("part %d of 3 had nothing to do", part)
				}
				for k, v := range mine.kept {
					all.kept[k] = v
				}
			}
			all.part = 1 // does nothing itself
			for range 2 {
				o.Ledger = all
				got, err := ask(o)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), whole); diff != "" {
					t.Errorf("another answer than the whole study's (-whole +parts):\n%s", diff)
				}
			}
			if all.loaded != 2*len(all.kept) {
				t.Errorf("loaded %d of %d blocks twice", all.loaded, len(all.kept))
			}
		})
	}
}

// strip drops the functions of laws by theory, which cannot be compared; their
// numbers stay.
func strip[T any](answer *T, err error) (*T, error) {
	if r, ok := any(answer).(*Result); ok && err == nil {
		for i := range r.Designs {
			if l := r.Designs[i].Drain; l != nil {
				l.Theory = nil
			}
		}
	}
	return answer, err
}

// Answers that nothing keeps are refused, and those that claim to be long
// before memory is taken for what they claim: 128 KiB may decode to some hundred
// times as many, not more.
func TestKeptAnswersAreThoseThatWereAsked(t *testing.T) {
	c := oneDesign(60, lane(t, "lane", 200, 4, 8))
	sound, err := quick(context.Background(), c.Designs[0], c, Options{Replications: 100})
	if err != nil {
		t.Fatal(err)
	}
	sound.forget()
	long := 1 << 20
	if testing.Short() {
		long = 1 << 18
	}
	for what, change := range map[string]func(a *Answer){
		"not of":         func(a *Answer) { a.Name = "another" },
		"the status":     func(a *Answer) { a.Status = "lost" },
		"what its":       func(a *Answer) { a.Drain = nil },
		"answer holds":   func(a *Answer) { a.Curves = &Curves{Backlog: Band{P50: []float64{1}}} },
		"not what":       func(a *Answer) { a.Streams = make([]Stream, 4000) },
		"more than the ": func(a *Answer) { a.Streams = make([]Stream, long) },
		"no probability": func(a *Answer) { a.Drain.Breach.Value = 2 },
		"is not a num":   func(a *Answer) { a.Drain.Mean.Value = math.NaN() },
	} {
		a, law := sound, *sound.Drain
		a.Drain = &law
		change(&a)
		var b bytes.Buffer
		if err := gob.NewEncoder(&b).Encode(a); err != nil {
			t.Fatal(err)
		}
		l := &book{kept: map[string][]byte{"design": b.Bytes()}, parts: 1}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := keptAnswer(l, "design", 0, "base", func() (Answer, error) { return sound, nil })
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("error %v, want %q", err, what)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<27 {
			t.Errorf("%q took %d bytes for %d", what, took, b.Len())
		}
	}
	data, err := encodeAnswers([]Answer{sound})
	if err != nil {
		t.Fatal(err)
	}
	step := 1
	if testing.Short() {
		step = 23
	}
	for n := 0; n < len(data); n += step {
		if _, err := decodeAnswers(data[:n], []string{"base"}); err == nil {
			t.Errorf("%d of %d bytes are taken", n, len(data))
		}
	}
	if _, err := decodeAnswers(append(data, 0), []string{"base"}); err == nil {
		t.Error("a byte more is taken")
	}
}

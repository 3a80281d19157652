package montecarlo

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"singlelane/queueing"
)

// Every column comes back to the bit, in the form that is shortest for it.
func TestColumnsComeBack(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		v     []float64
		bytes int
	}{
		{nil, 1},
		{[]float64{0, 0, 0}, 9},
		{[]float64{nan, nan}, 9},
		{[]float64{inf, inf, inf}, 9},
		{[]float64{0, 1, -64, 63}, 5},
		{[]float64{64, mostWhole, -mostWhole}, 15},
		{[]float64{1, 2 * mostWhole}, 17},
		{[]float64{0, math.Copysign(0, -1)}, 17},
		{[]float64{1, inf}, 17},
		{[]float64{1, nan}, 17},
		{[]float64{0.5, math.MaxFloat64, math.SmallestNonzeroFloat64}, 25},
	} {
		var w spanWriter
		w.column(c.v)
		got, r := make([]float64, len(c.v)), spanReader{b: w.b}
		r.column(got)
		if err := r.end(); err != nil || len(w.b) != c.bytes {
			t.Errorf("%v: %v, in %d bytes, want %d", c.v, err, len(w.b), c.bytes)
		}
		for i := range got {
			if math.Float64bits(got[i]) != math.Float64bits(c.v[i]) {
				t.Errorf("%v comes back as %v", c.v, got)
			}
		}
	}
	for n := range 10 {
		v := make([]Verdict, n)
		for i := range v {
			v[i] = Verdict(i % 4)
		}
		var w spanWriter
		w.verdicts(v)
		r := spanReader{b: w.b}
		r.verdicts(n, func(i int, got Verdict) {
			if got != v[i] {
				t.Errorf("verdict %d of %d is %v, want %v", i, n, got, v[i])
			}
		})
		if err := r.end(); err != nil || len(w.b) != (n+3)/4 {
			t.Errorf("%d verdicts: %v, in %d bytes", n, err, len(w.b))
		}
	}
}

// What was kept of followed storms is refused when it is cut or longer, and
// bytes that were changed at random are refused or taken for other storms: they
// never end the process.
func TestSpansOfPathsSurviveAnything(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 50, Servers: 2, Service: queueing.Exponential{MeanTime: 1. / 3}}, queueing.Steady{PerSecond: 2})
	span := Span{pathsKind, 0, 4}
	ask := func(b *notebook) error {
		_, err := FollowPaths(context.Background(), []*queueing.Lane{l}, PathOptions{Grid: []float64{0, 5},
			Options: Options{Seed: 3, Replications: 4, Horizon: 600, Memory: b}})
		return err
	}
	first := newNotebook(0, 1)
	if err := ask(first); err != nil {
		t.Fatal(err)
	}
	whole := first.kept[span]
	with := func(data []byte) error {
		b := newNotebook(0, 1)
		b.kept[span] = data
		return ask(b)
	}
	var kept *KeptError
	for n := range whole {
		if err := with(whole[:n]); !errors.As(err, &kept) {
			t.Fatalf("%d of %d bytes: %v", n, len(whole), err)
		}
	}
	if err := with(append(slices.Clone(whole), 0)); !errors.As(err, &kept) {
		t.Errorf("a byte more: %v", err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		data := slices.Clone(whole)
		for range 1 + random.IntN(3) {
			data[random.IntN(len(data))] = byte(random.Uint32())
		}
		if err := with(data); err != nil && !errors.As(err, &kept) {
			t.Fatalf("%q: %v", data, err)
		}
	}
}

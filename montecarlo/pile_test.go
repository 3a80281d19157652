package montecarlo

import (
	"context"
	"math"
	"slices"
	"testing"

	"singlelane/queueing"
)

// What is found from the blocks of a pile is what the whole says when it is
// sorted, values at +Inf and ties with it.
func TestPileSaysWhatTheWholeSays(t *testing.T) {
	for name, kinds := range map[string][]int{"narrow": {0}, "wide": {1}, "mixed": {0, 3, 4, 6}, "endless": {0, 2}} {
		g, n := newGenerator(7), 2*pileBlock+777
		v := make(Outcomes, 3*pileBlock+1234)
		p := newPile(v)
		for i := range v {
			v[i] = valueOf(kinds[i%len(kinds)], &g)
		}
		for i := 0; i < n; i += 1000 {
			p.filled(i, min(n, i+1000))
		}
		p.cut(n)
		s := &Sample{times: p, workers: 2}
		whole := slices.Clone(v[:n])
		slices.Sort(whole)
		got := []Estimate{s.Mean(), s.StdDev(), s.CVaR(0.99), s.NotDrained(), s.Exceed(whole[n/3])}
		want := []Estimate{whole.Mean(), whole.StdDev(), whole.CVaR(0.99), whole.Exceed(maxFinite), whole.Exceed(whole[n/3])}
		for _, q := range []float64{1e-5, 0.05, 0.5, 0.99, 0.99999} {
			if a, b := s.Quantile(q), whole.Quantile(q); a != b {
				t.Errorf("%s: quantile %g is %+v, want %+v", name, q, a, b)
			}
		}
		for i := range got {
			if a, b := got[i], want[i]; a.N != b.N || !alike(a.Value, b.Value) || !alike(a.Lo, b.Lo) || !alike(a.Hi, b.Hi) {
				t.Errorf("%s: %+v, want %+v", name, a, b)
			}
		}
		if !slices.Equal(s.Times(), whole) {
			t.Errorf("%s: the whole is not sorted", name)
		}
		for _, q := range []float64{0.5, 0.99} {
			if a, b := s.Quantile(q), whole.Quantile(q); a != b {
				t.Errorf("%s: quantile %g of the sorted whole is %+v, want %+v", name, q, a, b)
			}
		}
	}
}

func alike(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*math.Abs(b)
}

// Estimates of several blocks do not depend on the workers, nor on whether the
// values were sorted meanwhile.
func TestPileDoesNotDependOnWorkers(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 1, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle}, queueing.Steady{PerSecond: 1})
	var first []Estimate
	for _, o := range []Options{{Workers: 1}, {Workers: 2}, {Workers: 2, Paired: true}} {
		o.Seed, o.Replications = 5, 2*pileBlock+99
		s, err := Drains(context.Background(), []*queueing.Lane{l}, o)
		if err != nil {
			t.Fatal(err)
		}
		all := []Estimate{s.Mean(), s.StdDev(), s.Quantile(0.5), s.Quantile(0.999), s.CVaR(0.99), s.Exceed(0.3)}
		if first == nil {
			first = all
		}
		if !slices.Equal(all, first) {
			t.Errorf("%+v: %v, want %v", o, all, first)
		}
	}
}

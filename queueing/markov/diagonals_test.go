package markov

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What a law gains in each state is the sum over its jumps, one by one: in chains
// like a queue's, whose first and last states have jumps of their own, in ones
// that have no order at all, and in small ones.
func TestFlowIsTheSumOfJumps(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 26))
	for _, c := range []struct {
		states, stray int
		steps         []int
	}{{3000, 40, []int{1, -1, 17, -16}}, {700, 0, []int{2, -3}}, {400, 4000, []int{1}}, {1, 0, nil}, {5, 3, []int{1, -1}}} {
		var jumps []Jump
		for i := range c.states {
			for _, step := range c.steps {
				if to := i + step; to >= 0 && to < c.states && r.IntN(9) > 0 {
					jumps = append(jumps, Jump{i, to, r.Float64()})
				}
			}
		}
		for range c.stray { // most of them in the first tenth
			from, to := r.IntN(c.states), r.IntN(max(1, c.states/10))
			if from != to {
				jumps = append(jumps, Jump{from, to, r.Float64()})
			}
		}
		s, err := NewSparse(c.states, jumps)
		if err != nil {
			t.Fatal(err)
		}
		p, got, want := make([]float64, c.states), make([]float64, c.states), make([]float64, c.states)
		for i := range p {
			p[i] = r.Float64()
		}
		lo, hi := c.states/20, c.states-c.states/30
		for _, j := range jumps {
			if j.To >= lo && j.To < hi {
				want[j.To] += 0.3 * j.Rate * p[j.From]
			}
			if j.From >= lo && j.From < hi {
				want[j.From] -= 0.3 * j.Rate * p[j.From]
			}
		}
		s.flow(got, p, lo, hi, 0.3)
		for i := range want {
			if math.Abs(got[i]-want[i]) > 1e-12 {
				t.Fatalf("%d states: state %d gains %g, want %g", c.states, i, got[i], want[i])
			}
		}
	}
}

// Queues are followed along their diagonals, but for the states at their ends.
func TestQueuesHaveDiagonals(t *testing.T) {
	var jumps []Jump
	for n := range 999 {
		jumps = append(jumps, Jump{n, n + 1, 1}, Jump{n + 1, n, 2})
	}
	s, err := NewSparse(1000, append(jumps, Jump{500, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	if s.lo != 1 || s.hi != 999 || len(s.ahead) != 3 {
		t.Errorf("%d diagonals from state %d to %d", len(s.ahead), s.lo, s.hi)
	}
}

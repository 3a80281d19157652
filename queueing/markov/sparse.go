package markov

import (
	"errors"
	"fmt"
	"math"
	"sort"
)

// Jump is a transition between two states at a rate in 1/s.
type Jump struct {
	From, To int
	Rate     float64
}

// Sparse is a generator on the states 0..n-1 that stores its jumps only, by
// the state they come to.
type Sparse struct {
	n, band int
	first   []int // jumps into state j are first[j]..first[j+1]-1
	from    []int32
	rate    []float64
	out     []float64 // rate out of each state
	diagonals
}

// NewSparse is the generator of n states with the given jumps; jumps between
// the same two states add up. Those of rate 0 are left out.
func NewSparse(n int, jumps []Jump) (*Sparse, error) {
	if err := between("states", n, 1, MaxStates); err != nil {
		return nil, err
	}
	s := &Sparse{n: n, first: make([]int, n+1), out: make([]float64, n)}
	var errs []error
	for i, j := range jumps {
		if err := j.validate(n); err != nil {
			errs = append(errs, fmt.Errorf("jump %d: %w", i, err))
			continue
		}
		if j.Rate > 0 {
			s.first[j.To+1]++
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	for j := range n {
		s.first[j+1] += s.first[j]
	}
	s.from, s.rate = make([]int32, s.first[n]), make([]float64, s.first[n])
	next := append([]int(nil), s.first[:n]...)
	for _, j := range jumps {
		if j.Rate > 0 {
			s.from[next[j.To]], s.rate[next[j.To]] = int32(j.From), j.Rate
			next[j.To]++
			s.out[j.From] += j.Rate
			s.band = max(s.band, j.To-j.From, j.From-j.To)
		}
	}
	s.findDiagonals()
	return s, nil
}

func (j Jump) validate(n int) error {
	errs := []error{between("Jump.From", j.From, 0, n-1), between("Jump.To", j.To, 0, n-1), nonNegative("Jump.Rate", j.Rate)}
	if j.From == j.To {
		errs = append(errs, &FieldError{"Jump.To", j.To, "another state"})
	}
	return errors.Join(errs...)
}

// States is the number of states.
func (s *Sparse) States() int { return s.n }

// Jumps lists the transitions by the state they come to.
func (s *Sparse) Jumps() []Jump {
	var all []Jump
	for j := range s.n {
		for k := s.first[j]; k < s.first[j+1]; k++ {
			all = append(all, Jump{int(s.from[k]), j, s.rate[k]})
		}
	}
	return all
}

// Banded is the same generator in banded storage, for stationary laws and
// absorption times.
func (s *Sparse) Banded() (*Banded, error) {
	b, err := NewBanded(s.n, s.band)
	if err != nil {
		return nil, err
	}
	for _, j := range s.Jumps() {
		if err := b.Add(j.From, j.To, j.Rate); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// plus is s and the jumps of t, as many states, at so many times their rate.
func (s *Sparse) plus(t *Sparse, times float64) *Sparse {
	sum := &Sparse{n: s.n, band: max(s.band, t.band), first: make([]int, s.n+1), out: make([]float64, s.n)}
	sum.from = make([]int32, 0, len(s.from)+len(t.from))
	sum.rate = make([]float64, 0, len(s.rate)+len(t.rate))
	for j := range s.n {
		sum.from = append(append(sum.from, s.from[s.first[j]:s.first[j+1]]...), t.from[t.first[j]:t.first[j+1]]...)
		sum.rate = append(sum.rate, s.rate[s.first[j]:s.first[j+1]]...)
		for _, r := range t.rate[t.first[j]:t.first[j+1]] {
			sum.rate = append(sum.rate, times*r)
		}
		sum.first[j+1] = len(sum.from)
		sum.out[j] = s.out[j] + times*t.out[j]
	}
	sum.findDiagonals()
	return sum
}

// into is the flow into state j from the law p.
func (s *Sparse) into(j int, p []float64) float64 {
	sum := 0.0
	lo, hi := s.first[j], s.first[j+1]
	rate, from := s.rate[lo:hi], s.from[lo:hi]
	for k, r := range rate {
		sum += r * p[from[k]]
	}
	return sum
}

// Sources is a chain with a part whose rates are constant and a part whose
// rates are all multiplied by Arrivals(t).
type Sources struct {
	Fixed    *Sparse
	Fresh    *Sparse                 // nil: none
	Arrivals func(t float64) float64 // smooth between Breaks
	Breaks   []float64               // in order
	// Mean is the integral of Arrivals from s to t, as in [Process]; nil: not known.
	Mean func(s, t float64) float64
}

func (s Sources) nextBreak(t float64) float64 {
	if i := sort.SearchFloat64s(s.Breaks, math.Nextafter(t, math.Inf(1))); i < len(s.Breaks) {
		return s.Breaks[i]
	}
	return math.Inf(1)
}

package queueing

import (
	"math"
	"sort"
)

// Recorded is requests that were measured: exactly those, not the means of a
// Poisson process. Either each has its instant, or each interval has its
// count, whose requests come at independent instants, uniform within it: what
// a Poisson process does given its counts (D. R. Cox, P. A. W. Lewis, "The
// Statistical Analysis of Series of Events", 1966, 2.1). Build it with
// [NewRecordedInstants] or [NewRecordedCounts].
type Recorded struct {
	means    Trace // the counts per interval as rates
	counts   []int
	instants []float64 // s, in order; nil: counts alone
}

// recordedIntervals cut recorded instants for their rates.
const recordedIntervals = 1000

// NewRecordedInstants is requests at the instants given, in order, at least
// one, from 0 on.
func NewRecordedInstants(at []float64) (Recorded, error) {
	if len(at) == 0 {
		return Recorded{}, &FieldError{"Recorded", 0, "at least one instant"}
	}
	for i, t := range at {
		if !(t >= 0) || math.IsInf(t, 1) || i > 0 && t < at[i-1] {
			return Recorded{}, &FieldError{"Recorded.instants", t, "finite instants from 0 on, in order"}
		}
	}
	n := max(1, min(recordedIntervals, len(at)/4))
	end := math.Nextafter(math.Max(at[len(at)-1], 1e-9), math.Inf(1))
	edges, counts := make([]float64, n+1), make([]int, n)
	for i := range edges {
		edges[i] = end * float64(i) / float64(n)
	}
	for _, t := range at {
		counts[min(n-1, int(t/end*float64(n)))]++
	}
	r, err := NewRecordedCounts(edges, counts)
	r.instants = append([]float64(nil), at...)
	return r, err
}

// NewRecordedCounts is counts[i] requests in (edges[i], edges[i+1]].
func NewRecordedCounts(edges []float64, counts []int) (Recorded, error) {
	means := make([]float64, len(counts))
	for i, n := range counts {
		if err := countBetween("Recorded.counts", n, 0, MaxCount); err != nil {
			return Recorded{}, err
		}
		means[i] = float64(n)
	}
	t, err := newIntervals(edges, means, false)
	return Recorded{t, append([]int(nil), counts...), nil}, err
}

// Instants are the measured ones, nil where only counts are known; Intervals
// the edges and counts.
func (a Recorded) Instants() []float64 { return append([]float64(nil), a.instants...) }

// Intervals are the edges in s and the count in each interval between them.
func (a Recorded) Intervals() (edges []float64, counts []int) {
	return append([]float64(nil), a.means.edges...), append([]int(nil), a.counts...)
}

// Total is the number of requests.
func (a Recorded) Total() int {
	sum := 0
	for _, n := range a.counts {
		sum += n
	}
	return sum
}

func (a Recorded) Rate(t float64) float64          { return a.means.Rate(t) }
func (a Recorded) Flow(s, t float64) float64       { return a.means.Flow(s, t) }
func (a Recorded) Excess(s, t float64) float64     { return a.means.Excess(s, t) }
func (a Recorded) Breaks(lo, hi float64) []float64 { return a.means.Breaks(lo, hi) }
func (a Recorded) Jumps() []Jump                   { return nil }
func (a Recorded) Begins() float64                 { return 0 }
func (a Recorded) LongRun() float64                { return 0 }

// Count is known for instants. Of an interval that (s,t] cuts, each request
// is within with the probability of the share that it covers.
func (a Recorded) Count(s, t float64) Count {
	if a.instants != nil {
		upTo := func(x float64) int {
			return sort.Search(len(a.instants), func(i int) bool { return a.instants[i] > x })
		}
		return Count{Fixed: max(0, upTo(t)-upTo(s))}
	}
	var c Count
	for i, n := range a.counts {
		lo, hi := a.means.edges[i], a.means.edges[i+1]
		switch share := (math.Min(t, hi) - math.Max(s, lo)) / (hi - lo); {
		case share >= 1:
			c.Fixed += n
		case share > 0 && n > 0:
			c.Binomials = append(c.Binomials, Binomial{n, share, 1})
		}
	}
	return c
}

// Split deals the requests in turn: instants one by one, the counts so that
// what does not divide goes to another part in each interval.
func (a Recorded) Split(n, k int) Source {
	counts := make([]int, len(a.counts))
	if a.instants == nil {
		for i, c := range a.counts {
			counts[i] = dealt(c, n, (k+i)%n)
		}
		part, _ := NewRecordedCounts(a.means.edges, counts) // valid because a is
		return part
	}
	var at []float64
	for i := k; i < len(a.instants); i += n {
		at = append(at, a.instants[i])
		counts[max(0, min(a.means.interval(a.instants[i]), len(counts)-1))]++
	}
	part, _ := NewRecordedCounts(a.means.edges, counts)
	part.instants = at
	return part
}

func (a Recorded) Validate() error {
	for _, n := range a.counts {
		if err := countBetween("Recorded.counts", n, 0, MaxCount); err != nil {
			return err
		}
	}
	return a.means.Validate()
}

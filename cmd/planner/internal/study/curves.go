package study

import (
	"math"
	"slices"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Curves are what charts show of a design, all at Times.
type Curves struct {
	Times   []float64 // s
	Backlog Band      // requests in all lanes
	Wait    Band      // s that a request arriving then waits
	Fluid   []float64 // mean-field requests in all lanes; nil where a lane has what the mean field ignores
}

// Band describes a simulated path by its quantiles over the storms.
type Band struct {
	P0_5, P5, P25, P50, P75, P95, P99, P99_5 []float64
}

func curves(lanes []*queueing.Lane, p *montecarlo.Paths) *Curves {
	c := &Curves{Times: p.Backlog.Grid, Backlog: band(p.Backlog), Wait: band(p.Wait)}
	if slices.ContainsFunc(lanes, beyondMeanField) {
		return c
	}
	c.Fluid = make([]float64, len(c.Times))
	for _, l := range lanes {
		for i, n := range queueing.FluidPath(l, c.Times) {
			c.Fluid[i] += n
		}
	}
	return c
}

// beyondMeanField tells whether a lane refuses, drops, delays, slows or tries
// requests again: none of that is in the mean field's equation. The order of
// service is no part of a backlog.
func beyondMeanField(l *queueing.Lane) bool {
	m := l.Config().Mechanisms
	m.Discipline = queueing.FIFO
	return len(m.Names()) > 0
}

func band(b *montecarlo.Bands) Band {
	at := func(q float64) []float64 {
		out := make([]float64, len(b.Grid))
		for i := range out {
			out[i] = b.Quantile(i, q).Value
		}
		return out
	}
	return Band{at(0.005), at(0.05), at(0.25), at(0.5), at(0.75), at(0.95), at(0.99), at(0.995)}
}

// Point is P(T <= X) = Y, X in seconds.
type Point struct{ X, Y float64 }

// Step is the share of storms drained by a time, with its interval.
type Step struct {
	At    float64 // s
	Share montecarlo.Estimate
}

// Pair is a quantile of the drain time, reached twice.
type Pair struct {
	Theory    float64 // s
	Simulated montecarlo.Estimate
}

const (
	curvePoints = 400
	stepPoints  = 25

	// A tail is described down to this exceedance, tailPoints a decade.
	leastTail  = 1e-9
	tailPoints = 16
)

// describe records the laws of the drain time as charts show them.
func (a *Answer) describe(o Objective) {
	a.Steps, a.TailSteps = steps(a.Simulated.Sample), tailSteps(a.Simulated.Sample)
	if a.Drain != nil && a.Drain.Theory != nil {
		a.Curve, a.Tail = distribution(*a.Drain.Theory), tail(*a.Drain.Theory, o.Within)
		a.Pairs = pairs(*a.Drain.Theory, a.Simulated.Sample)
	}
}

// tail is P(T > t) by theory from where nearly all storms still drain to where
// next to none does, and at the objective.
func tail(d queueing.Drain, within float64) []Point {
	times := []float64{math.Max(within, d.Quantile(1e-4)), d.Quantile(1e-4)}
	for k := 1; k < 20; k++ {
		times = append(times, d.Quantile(float64(k)/20))
	}
	for k := tailPoints; ; k++ {
		p := math.Pow(10, -float64(k)/tailPoints)
		if p < leastTail {
			break
		}
		times = append(times, d.Quantile(1-p))
	}
	return points(d, times, d.Exceed)
}

// tailSteps are the simulated shares still draining at ranks that come closer
// and closer to the last.
func tailSteps(s *montecarlo.Sample) []Step {
	n := s.N()
	var all []Step
	for k := 0; ; k++ {
		later := int(float64(n) * math.Pow(10, -float64(k)/3))
		if k > 0 && later == 0 {
			return all
		}
		t := s.At(min(n-1, max(0, n-1-later)))
		if math.IsInf(t, 1) || len(all) > 0 && t == all[len(all)-1].At {
			continue
		}
		all = append(all, Step{t, s.Exceed(t)})
	}
}

// pairs are the quantiles at evenly spread probabilities.
func pairs(d queueing.Drain, s *montecarlo.Sample) []Pair {
	var all []Pair
	for k := 1; k <= stepPoints; k++ {
		p := float64(2*k-1) / (2 * stepPoints)
		x, y := d.Quantile(p), s.Quantile(p)
		if !math.IsInf(x, 0) && !math.IsInf(y.Lo, 0) && !math.IsInf(y.Hi, 0) {
			all = append(all, Pair{x, y})
		}
	}
	return all
}

// distribution is the law by theory at times that follow its quantiles, with
// both sides of each atom.
func distribution(d queueing.Drain) []Point {
	times := []float64{d.Quantile(1e-4)}
	for k := 1; k < curvePoints; k++ {
		times = append(times, d.Quantile(float64(k)/curvePoints))
	}
	times = append(times, d.Quantile(0.9999))
	return points(d, times, d.CDF)
}

// points are the values of a function of a law at times, in their order, and
// on both sides of each of its atoms.
func points(d queueing.Drain, times []float64, of func(t float64) float64) []Point {
	for _, a := range d.Atoms {
		times = append(times, queueing.Before(a.At), a.At)
	}
	slices.Sort(times)
	var all []Point
	for _, t := range slices.Compact(times) {
		if t >= 0 && !math.IsInf(t, 1) {
			all = append(all, Point{t, of(t)})
		}
	}
	return all
}

// steps are the simulated shares at evenly spread ranks.
func steps(s *montecarlo.Sample) []Step {
	n := s.N()
	var all []Step
	for k := 1; k <= stepPoints; k++ {
		t := s.At(min(n-1, n*(2*k-1)/(2*stepPoints)))
		if math.IsInf(t, 1) || len(all) > 0 && t == all[len(all)-1].At {
			continue
		}
		later := s.Exceed(t)
		all = append(all, Step{t, montecarlo.Estimate{Value: 1 - later.Value, Lo: 1 - later.Hi, Hi: 1 - later.Lo,
			Confidence: later.Confidence, N: later.N}})
	}
	return all
}

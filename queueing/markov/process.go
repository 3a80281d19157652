package markov

import (
	"context"
	"math"
	"slices"
	"sort"
)

// Process is a birth-death process on 0, 1, 2, … whose rates depend on the
// state and on time: in state n at time t it goes to n+1 at rate
// Arrivals(t) Births[n] and to n-1 at rate Speed(t) Deaths[n].
type Process struct {
	// Arrivals and Speed must be smooth between Breaks. A nil Speed is 1.
	Arrivals, Speed func(t float64) float64
	// Mean is the integral of Arrivals from s to t. With it no step misses arrivals
	// that come within a time far shorter than the steps; nil: they are not looked for.
	Mean func(s, t float64) float64
	// Births and Deaths fill in the shapes for the states first, first+1, ….
	// They are constant between Breaks: t is an instant between two of them.
	// Nil Births are 1. The death rate of state 0 is disregarded.
	Births, Deaths func(t float64, first int, shape []float64)
	// Breaks are the times, in order, at which a rate is not smooth.
	Breaks []float64
	// Top is the highest state; its birth rate is disregarded. 0: no limit.
	Top int
}

// Queue is the M_t/M_t/c/K queue: arrivals come at arrivals(t) and each of
// servers(t) servers ends services at rate serviceRate. Limit is K, the most
// requests in the lane, 0 for no limit. Breaks are the times at which the
// arrival rate is not smooth or the number of servers jumps.
func Queue(arrivals func(t float64) float64, servers func(t float64) int, serviceRate float64, limit int, breaks []float64) Process {
	deaths := func(t float64, first int, shape []float64) {
		c := servers(t)
		for i := range shape {
			shape[i] = serviceRate * float64(min(first+i, c))
		}
	}
	return Process{Arrivals: arrivals, Deaths: deaths, Breaks: breaks, Top: limit}
}

// Options of a transient solution. The zero value works.
type Options struct {
	// Tolerance is the error asked for, as the sum over all states of the
	// absolute errors, relative to the mass that is not absorbed yet.
	// 0 means 1e-10.
	Tolerance float64
	// MaxSteps bounds the time steps of one call. 0 means 100,000.
	MaxSteps int
	// Context ends an advance early, with its error; what was reached then is
	// of no use. nil: none.
	Context context.Context
}

// stopped is the context's error, if it has ended.
func (o Options) stopped() error {
	if o.Context == nil {
		return nil
	}
	return o.Context.Err()
}

func (o Options) tolerance() float64 {
	if o.Tolerance > 0 {
		return math.Max(o.Tolerance, 1e-14)
	}
	return 1e-10
}

func (o Options) maxSteps() int {
	if o.MaxSteps > 0 {
		return o.MaxSteps
	}
	return 100_000
}

// Run is a process on its way: its law at the present time, and what has been
// absorbed so far. Make it with [Process.Start], then call [Run.Advance].
type Run struct {
	process  Process
	options  Options
	time     float64
	law      Law
	floor    int // lowest state that is not absorbing
	absorbed float64
	lost     float64
	stepErr  float64
	recent   recent // step
	spare    buffers
	traced   trace
}

// Start puts the process at time t into the given law. The law's mass should
// be 1; a state above Top is an error.
func (p Process) Start(t float64, law Law, o Options) (*Run, error) {
	if p.Arrivals == nil || p.Deaths == nil {
		return nil, &FieldError{"Process.Arrivals, Process.Deaths", nil, "functions"}
	}
	if math.IsNaN(t) || math.IsInf(t, 0) {
		return nil, &FieldError{"time", t, "a finite number"}
	}
	law = trimmed(law)
	if len(law.P) == 0 || law.First < 0 {
		return nil, &FieldError{"Law", law.First, "some mass, on states of at least 0"}
	}
	if p.Top > 0 && law.First+len(law.P)-1 > p.Top {
		return nil, between("Law", law.First+len(law.P)-1, 0, p.Top)
	}
	for _, x := range law.P {
		if err := nonNegative("Law.P", x); err != nil {
			return nil, err
		}
	}
	return &Run{process: p, options: o, time: t, law: law}, nil
}

// trimmed is a copy without zeros at the ends.
func trimmed(l Law) Law {
	lo, hi := 0, len(l.P)
	for lo < hi && l.P[lo] == 0 {
		lo++
	}
	for hi > lo && l.P[hi-1] == 0 {
		hi--
	}
	return Law{l.First + lo, slices.Clone(l.P[lo:hi])}
}

// Time is the present time.
func (r *Run) Time() float64 { return r.time }

// Law is the law at present, without what has been absorbed.
func (r *Run) Law() Law { return Law{r.law.First, slices.Clone(r.law.P)} }

// Absorbed is the probability that the absorbing set has been reached.
func (r *Run) Absorbed() float64 { return r.absorbed }

// Remaining is the probability that it has not been reached, as a sum and not
// as a difference.
func (r *Run) Remaining() float64 { return r.law.Mass() }

// Err bounds the mass that was cut off and estimates the error of the time
// steps.
func (r *Run) Err() float64 { return r.lost + r.stepErr }

// Flux is the density, in 1/s, of the time of absorption at present, with the
// rates just after.
func (r *Run) Flux() float64 {
	if r.law.First != r.floor || len(r.law.P) == 0 || r.floor == 0 {
		return 0
	}
	var death [1]float64
	r.process.Deaths(r.process.middle(r.time), r.floor, death[:])
	return death[0] * r.process.speed(r.time) * r.law.P[0]
}

// Absorb makes every state up to level absorbing from now on, and returns the
// mass that is there: an atom of the time of absorption.
func (r *Run) Absorb(level int) (atom float64) {
	if level+1 <= r.floor {
		return 0
	}
	r.floor = level + 1
	cut := min(len(r.law.P), max(0, r.floor-r.law.First))
	for _, p := range r.law.P[:cut] {
		atom += p
	}
	r.law = trimmed(Law{r.law.First + cut, r.law.P[cut:]})
	r.absorbed += atom
	return atom
}

// Lower moves the absorbing level down to level; what was absorbed stays so.
// Level -1 means that no state is absorbing.
func (r *Run) Lower(level int) { r.floor = min(r.floor, level+1) }

// Raise moves the highest state up, from the present instant on. It does nothing where
// there is no highest state, or it is that high.
func (r *Run) Raise(top int) {
	if r.process.Top > 0 {
		r.process.Top = max(r.process.Top, top)
	}
}

// Add lets a batch arrive whose size has the given law. What goes beyond Top
// is turned away.
func (r *Run) Add(size Law) {
	if len(r.law.P) == 0 {
		return
	}
	r.law = trimmed(r.law.Plus(size))
	top := r.process.Top
	if last := r.law.First + len(r.law.P) - 1; top > 0 && last > top {
		keep := max(0, top-r.law.First)
		over := 0.0
		for _, p := range r.law.P[keep:] {
			over += p
		}
		if r.law.First > top {
			r.law.First = top
		}
		r.law.P = append(r.law.P[:keep:keep], over)
	}
}

func (p Process) speed(t float64) float64 {
	if p.Speed == nil {
		return 1
	}
	return p.Speed(t)
}

// nextBreak is the first break after t, +Inf if there is none.
func (p Process) nextBreak(t float64) float64 {
	if i := sort.SearchFloat64s(p.Breaks, math.Nextafter(t, math.Inf(1))); i < len(p.Breaks) {
		return p.Breaks[i]
	}
	return math.Inf(1)
}

// middle is an instant after t and before the next break.
func (p Process) middle(t float64) float64 {
	if next := p.nextBreak(t); !math.IsInf(next, 1) {
		return t + (next-t)/2
	}
	return t + 1
}

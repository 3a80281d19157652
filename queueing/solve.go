package queueing

import (
	"context"
	"errors"
	"fmt"
	"math"
)

// ErrNever says that a lane never drains for good, because its long-run
// arrivals reach its final capacity or because a repeating trace overloads it
// in every pass.
var ErrNever = errors.New("queueing: the lane never drains")

// UnsupportedError says that a method does not cover a lane.
type UnsupportedError struct {
	Method Method
	Reason string
}

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("queueing: %s does not cover this lane: %s", e.Method, e.Reason)
}

// Auto lets [SolveDrain] choose the method.
const Auto Method = ""

// SolveOptions tune [SolveDrain]. The zero value works.
type SolveOptions struct {
	Tolerance float64         // largest error of the CDF asked for; 0: 1e-8; above 1e-6 far tails are given up for speed
	Method    Method          // Auto: the fastest that is exact
	Context   context.Context // its end stops the solver, within milliseconds, with its error; nil: none
	// PoissonPools takes the numbers in finite streams for Poisson: one solve
	// instead of several, and a law that is a little too wide.
	PoissonPools bool
	Shared       *Shared // what is kept for solves of similar lanes; nil: for this solve alone
	// Tail, in s: P(T > t) is wanted to digits of its own up to there, however
	// small; 0: as far as comes by itself.
	Tail   float64
	nearly *alike  // what lanes that are solved one after the other have in common; nil: nothing
	effort *effort // what all chains of one way of solving may take; nil: no bound
}

const defaultTolerance = 1e-8

func (o SolveOptions) tolerance() float64 {
	if o.Tolerance > 0 {
		return math.Max(o.Tolerance, 1e-12)
	}
	return defaultTolerance
}

// coarse tells whether so much error is allowed that tails need no digits of
// their own. Solves inside others are asked for a quarter of the tolerance.
func (o SolveOptions) coarse() bool { return o.tolerance() > 2.5e-7 }

// cut is the mass that may be cut off a law's ends at each step.
func (o SolveOptions) cut() float64 {
	if o.coarse() {
		return 1e-4 * o.tolerance()
	}
	return lawEpsilon
}

// SolveDrain is the law of the lane's drain time as its [Target] defines it.
// It returns [ErrNever] for a lane that cannot drain, and an
// [*UnsupportedError] where no theory, or not the method asked for, covers the
// lane. AbsError of the result is what was reached, which may be more than
// the tolerance asked for.
func SolveDrain(l *Lane, o SolveOptions) (d Drain, err error) {
	defer catch(&err)
	p, err := newProblem(l, o)
	if err != nil {
		return Drain{}, err
	}
	if d, err = p.solve(); unsupported(err) || err == nil && d.AbsError > defaultTolerance {
		d, err = p.lessClosely(d, err)
	}
	if err != nil {
		return Drain{}, err
	}
	return o.unsure(o.ownUp(p.qualify(p.deepened(d.risen()))).withCumulants(p.Lane).unordered(p.reordered)), nil
}

// lessClosely is the answer to the default tolerance where a smaller one, which takes
// longer, has not been met, if that is less far off.
func (p problem) lessClosely(d Drain, err error) (Drain, error) {
	if !(p.tolerance() < defaultTolerance) {
		return d, err
	}
	p.Tolerance = 0
	if other, err2 := p.solve(); err2 == nil && (err != nil || other.AbsError < d.AbsError) || err2 != nil && !unsupported(err2) {
		return other, err2
	}
	return d, err
}

// ownUp says it where an exact law is not as accurate as was asked for, and
// calls one approximate that is off by more than exact laws are, too.
func (o SolveOptions) ownUp(d Drain) Drain {
	if d.Quality == Exact && d.AbsError > o.tolerance() {
		d.Reason += fmt.Sprintf("; %.0e was reached where an error of %.0e was asked for", d.AbsError, o.tolerance())
		if d.AbsError > betweenExact {
			d.Quality = Approximate
		}
	}
	return d
}

func newProblem(l *Lane, o SolveOptions) (problem, error) {
	if o.Shared == nil {
		o.Shared = &Shared{}
	}
	l, reordered := l.withoutSplinters().inOrder()
	begin := 0.0
	end, ok := OverloadEnd(l)
	if !ok {
		return problem{}, ErrNever
	}
	l, err := l.withoutIdleLength(end)
	if err != nil {
		return problem{}, err
	}
	if !l.cfg.Target.FirstPassage {
		begin = end
	}
	return problem{Lane: l, begin: begin, end: end, reordered: reordered, SolveOptions: o, tried: &tried{kept: map[question]answer{}}}, nil
}

// problem is a lane whose drain time is asked for: the first instant, not
// before begin, at which it is at its level.
type problem struct {
	*Lane
	begin float64 // s
	end   float64 // s, end of overload
	known *start  // nil: nothing
	SolveOptions
	tried *tried // nil: nothing is kept
	soon  bool   // ways that take long refuse sooner
	deep  bool   // circles are to give far tails digits of their own

	panels    bool // the law's density is asked for
	ofNumber  bool // whether what is asked for is the number in the lane, found in parts
	reordered bool // from a lane that serves in another order
}

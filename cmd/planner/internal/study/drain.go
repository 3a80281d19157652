package study

import (
	"context"
	"errors"
	"fmt"
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// DrainCase is a lane, or several alike, asked about by itself.
type DrainCase struct {
	Lanes   []*queueing.Lane     // at least one, alike but for their names
	Orbit   *queueing.RetryOrbit // of each lane; nil: refused requests are lost
	Within  float64              // s, for the chance of a breach; NaN: not asked
	Horizon float64              // s, of a simulation
	At      []float64            // s, for methods that find small chances one by one
}

// Drain is the law of the time at which the latest of the lanes has drained.
// It returns [queueing.ErrNever] for lanes that cannot drain, and a
// [*queueing.UnsupportedError] or [*queueing.AccuracyError] where the method
// asked for does not suit. When ctx ends it returns what was drawn by then
// together with a [*StoppedError].
func Drain(ctx context.Context, c DrainCase, o Options) (*Law, error) {
	m := o.Method.orAuto()
	objective := Objective{Within: c.Within, Confidence: 0.99}
	if _, ok := queueing.OverloadEnd(c.Lanes[0]); !ok {
		return nil, queueing.ErrNever
	}
	reason := ""
	if named, ask := m.theory(); ask && m.rare() == "" {
		law, err := c.solve(ctx, named)
		var uncovered *queueing.UnsupportedError
		switch {
		case err == nil && m == Exact && law.Quality != queueing.Exact:
			return nil, &queueing.UnsupportedError{Method: law.Method, Reason: "it is only approximate: " + law.Reason}
		case err == nil:
			return c.breach(theoryLaw(law, objective))
		case m != Auto || c.Orbit != nil || !errors.As(err, &uncovered): // no simulation knows an orbit
			return nil, stopped(err, nothingYet)
		}
		reason = "simulated, since no theory covers it: " + uncovered.Reason + "; "
	}
	law, err := c.simulate(ctx, objective, o)
	if law == nil {
		return nil, stopped(err, nothingYet)
	}
	err = stopped(err, fmt.Sprintf("%d drain times were simulated", law.N))
	law.Reason = reason + law.Reason
	law, broken := c.breach(law)
	if broken != nil {
		return nil, broken
	}
	return law, err
}

const nothingYet = "nothing was known yet"

// breach drops the chance of a breach where no time was set, and checks the
// law.
func (c DrainCase) breach(l *Law) (*Law, error) {
	l.Breach.Value += 0 // -0 becomes 0
	if math.IsNaN(c.Within) {
		l.Breach = plain(math.NaN())
	}
	return l, l.guarded()
}

// solve finds the law of one lane and from it that of the latest.
func (c DrainCase) solve(ctx context.Context, m queueing.Method) (queueing.Drain, error) {
	one, err := c.solveOne(ctx, m)
	if err != nil {
		return queueing.Drain{}, err
	}
	all := make([]queueing.Drain, len(c.Lanes))
	for i := range all {
		all[i] = one
	}
	out := queueing.Latest(all)
	if n := len(all); n > 1 {
		out.Reason = fmt.Sprintf("the latest of %d independent lanes; %s", n, one.Reason)
	}
	return out, nil
}

func (c DrainCase) solveOne(ctx context.Context, m queueing.Method) (queueing.Drain, error) {
	l, o := c.Lanes[0], queueing.SolveOptions{Method: m, Context: ctx, Tail: c.farthest()}
	switch {
	case c.Orbit == nil:
		return queueing.SolveDrain(l, o)
	case m == queueing.Auto || m == queueing.Chain || m == queueing.FourierSeries || m == queueing.DrainDensity:
		return queueing.SolveOrbit(l, *c.Orbit, o)
	}
	return queueing.Drain{}, &queueing.UnsupportedError{Method: m, Reason: "an orbit of retries takes the chain, the drain density or the Fourier series"}
}

// simulate draws drain times, or follows storms where the method says so.
func (c DrainCase) simulate(ctx context.Context, objective Objective, o Options) (*Law, error) {
	if c.Orbit != nil {
		return nil, &queueing.UnsupportedError{Method: queueing.Events, Reason: "an orbit of retries takes the chain"}
	}
	if ok, why := montecarlo.Supports(c.Lanes[0]); !ok {
		return nil, &queueing.UnsupportedError{Method: queueing.Events, Reason: why}
	}
	work := &meter{report: o.Progress}
	if o.Replications == 0 {
		o.Replications = defaultReplications
	}
	work.total = o.Replications
	until := 1.5 * overloadEnd(c.Lanes)
	if c.Within > until {
		until = c.Within
	}
	s, err := montecarlo.Drains(ctx, c.Lanes, o.plainly().of(o.options(o.Replications, c.Horizon, work), c.Within, offered(c.Lanes, until)))
	var law *Law
	if s != nil && s.N() > 0 {
		law = sampleLaw(s, objective)
		if err == nil {
			err = law.control(ctx, c.Lanes)
		}
	}
	if err == nil && o.Method.rare() != "" {
		err = law.rarely(ctx, c.Lanes, o.Method, o, c.rareTimes()...)
	}
	var refused *montecarlo.UnsupportedError
	if errors.As(err, &refused) {
		return nil, &queueing.UnsupportedError{Method: queueing.Method(o.Method), Reason: refused.Reason}
	}
	return law, err
}

// rareTimes are the times later than which to drain is rare, that of a breach
// first.
func (c DrainCase) rareTimes() []float64 {
	if math.IsNaN(c.Within) {
		return c.At
	}
	return append([]float64{c.Within}, c.At...)
}

// farthest of the times at which the law is asked for, 0 if there is none.
func (c DrainCase) farthest() float64 {
	far := 0.0
	for _, t := range c.rareTimes() {
		far = math.Max(far, t)
	}
	return far
}

// CDF is P(T <= t) and P(T > t).
func (l *Law) CDF(t float64) (p, tail montecarlo.Estimate) {
	if l.Theory != nil {
		return plain(l.Theory.CDF(t) + 0), plain(l.Theory.Exceed(t) + 0)
	}
	tail = l.Sample.Exceed(t)
	for _, r := range l.Rare {
		if r.Within == t {
			tail = r.Estimate
		}
	}
	p = tail
	p.Value, p.Lo, p.Hi = 1-tail.Value, 1-tail.Hi, 1-tail.Lo
	return p, tail
}

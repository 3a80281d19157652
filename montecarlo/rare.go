package montecarlo

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/queueing"
)

// Rare is a small probability found by changing what is drawn.
type Rare struct {
	Estimate
	Relative float64 // standard error over the value, +Inf where nothing was seen
	Method   queueing.Method
	Reason   string
	Gain     float64 // replications that plain simulation would need, over those made
}

const rareReplications = 20_000

// RareEvent estimates P(T > within) of one lane where plain simulation would
// see nothing: by exponential tilting of leaps where the lane has a tilt, else
// by multilevel splitting of event simulations, unless o.Method insists on
// queueing.Tilting or Splitting. The interval is Student's over
// independent replications (of the splitting: over independent runs, in the
// logarithm; where they differ too much a bound on either side). Without
// replications asked for it makes 20,000 (of the splitting: 20 runs); with a
// precision asked for as many as that takes, 640 runs of the splitting at the
// most. A lane whose late drain splitting does not reach within its levels,
// below some 1e-20, is refused with an [*UnsupportedError].
func RareEvent(ctx context.Context, l *queueing.Lane, within float64, o Options) (Rare, error) {
	asked, insist := o.Replications, o.Method
	if insist == queueing.Tilting || insist == queueing.Splitting {
		o.Method = ""
	}
	o, err := o.withDefaults()
	if err != nil {
		return Rare{}, err
	}
	if !(within > 0) || math.IsInf(within, 1) {
		return Rare{}, &OptionError{"within", within, "a positive finite number of seconds"}
	}
	draw, err := rareBy(ctx, l, queueing.Until(within), insist, o)
	if err != nil {
		return Rare{}, err
	}
	r, err := draw(asked)
	for err == nil && o.Precision.Relative > 0 {
		now, most := o.Precision.reached(r.Estimate), o.Precision.Most
		if r.Method == queueing.Splitting {
			most = min(most, splitMostRuns)
		}
		if now <= o.Precision.Relative || r.N >= most {
			break
		}
		r, err = draw(min(most, max(r.N+1, o.Precision.wanted(r.N, now))))
	}
	return r, err
}

// splitMostRuns is how many runs of the splitting a precision may take, each of
// which follows thousands of paths.
const splitMostRuns = 640

// rareBy is the way to find a small chance with so many replications, 0 for as many
// as are usual.
func rareBy(ctx context.Context, l *queueing.Lane, within float64, insist queueing.Method, o Options) (func(n int) (Rare, error), error) {
	ok, why := tiltable(l)
	split := func(why string) func(int) (Rare, error) {
		return func(n int) (Rare, error) { return splitEvent(ctx, l, within, n, o, why) }
	}
	switch {
	case insist == queueing.Splitting:
		return split("event by event with splitting"), nil
	case !ok && insist == queueing.Tilting:
		return nil, &UnsupportedError{l.Name(), "no tilt: " + why}
	case !ok:
		return split("event by event with splitting; no tilt: " + why), nil
	}
	return func(n int) (Rare, error) {
		o := o
		if o.Replications = n; n == 0 {
			o.Replications = rareReplications
		}
		return tiltEvent(ctx, l, within, o)
	}, nil
}

// leastChance is the least that is told: squares aside, floats hold little
// less.
const leastChance = 1e-300

func tiltEvent(ctx context.Context, l *queueing.Lane, within float64, o Options) (Rare, error) {
	p, err := newPlan([]*queueing.Lane{l}, o.Seed)
	if err != nil {
		return Rare{}, err
	}
	x, err := newTilt(p.lanes[0], within)
	if err != nil {
		return Rare{}, err
	}
	values := make(Outcomes, o.Replications)
	for i := range values {
		values[i] = math.Inf(-1)
	}
	n := replicate(ctx, o, 0, o.Replications, func() worker {
		p, _ := newPlan([]*queueing.Lane{l}, o.Seed) // has compiled before
		e := newLeaper(p.lanes[0], math.Inf(1), nil)
		e.wanted = x
		return func(replication int) {
			p.start(replication)
			if e.run(replication) > within {
				values[replication] = e.ratio
			}
		}
	})
	r := rareOf(values[:n], 1)
	if !math.IsInf(r.Relative, 1) && r.Value < leastChance {
		return Rare{}, &UnsupportedError{l.Name(), fmt.Sprintf("the chance of draining later than %g s is below %.0e, less than a number here holds", within, leastChance)}
	}
	r.Method, r.Reason = queueing.Tilting, "leaps under an exponential change of measure"
	return r, ctx.Err()
}

// rareOf estimates the mean of values, given by their logarithms, each of
// which took the work of so many plain replications. It counts in units of the
// largest, since their squares may be less than a float can hold.
func rareOf(logs Outcomes, work float64) Rare {
	most := math.Inf(-1)
	for _, x := range logs {
		most = max(most, x)
	}
	n := float64(len(logs))
	if math.IsInf(most, -1) { // nothing was seen: no worse than plain storms that saw nothing
		r := Rare{Estimate: meanEstimate(0, 0, len(logs)), Relative: math.Inf(1)}
		r.Lo, r.Hi = 0, Proportion(0, int(n*work)).Hi
		return r
	}
	values := make(Outcomes, len(logs))
	for i, x := range logs {
		values[i] = math.Exp(x - most)
	}
	mean, sd := values.moments()
	unit := math.Exp(most)
	r := Rare{Estimate: meanEstimate(mean, sd, len(values)), Relative: sd / math.Sqrt(n) / mean}
	r.Value, r.Lo, r.Hi = unit*r.Value, unit*max(0, r.Lo), unit*r.Hi
	r.Gain = (1 - r.Value) / (r.Value * r.Relative * r.Relative) / (n * work)
	return r
}

// trusted is the relative error up to which runs of the splitting are alike
// enough for Student's law in the logarithm.
const trusted = 0.3

// byRuns gives the mean of unbiased runs its interval. They are products of
// many shares, so that their logarithms are near to normal, not they. Runs too
// unlike for that may all have missed what carries the mean: then the interval
// is Markov's below, P(mean >= p/a) <= a, and that of the storms followed
// without splitting above.
func (r Rare) byRuns(plain Estimate) Rare {
	if !(r.Relative <= trusted) {
		r.Lo, r.Hi = r.Value*(1-Confidence)/2, plain.Hi
		r.Reason += "; the runs differ so much that only the interval holds, a bound on either side"
		return r
	}
	half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(r.N - 1)}.Quantile((1+Confidence)/2) * r.Relative
	r.Lo, r.Hi = r.Value*math.Exp(-half), min(1, r.Value*math.Exp(half))
	return r
}

package montecarlo

import (
	"context"
	"math"

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
// independent replications (of the splitting: over independent runs). Without
// replications asked for it makes 20,000 (of the splitting: 16 runs).
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
	ok, why := tiltable(l)
	switch {
	case insist == queueing.Splitting:
		return splitEvent(ctx, l, within, asked, o, "event by event with splitting")
	case !ok && insist == queueing.Tilting:
		return Rare{}, &UnsupportedError{l.Name(), "no tilt: " + why}
	case !ok:
		return splitEvent(ctx, l, within, asked, o, "event by event with splitting; no tilt: "+why)
	}
	if o.Replications = asked; asked == 0 {
		o.Replications = rareReplications
	}
	return tiltEvent(ctx, l, within, o)
}

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
	n := replicate(ctx, o, 0, o.Replications, func() worker {
		p, _ := newPlan([]*queueing.Lane{l}, o.Seed) // has compiled before
		e := newLeaper(p.lanes[0], math.Inf(1), nil)
		e.wanted = x
		return func(replication int) {
			p.start(replication)
			if e.run(replication) > within {
				values[replication] = math.Exp(e.ratio)
			}
		}
	})
	r := rareOf(values[:n], 1)
	r.Method, r.Reason = queueing.Tilting, "leaps under an exponential change of measure"
	return r, ctx.Err()
}

// rareOf estimates the mean of the values, each of which took the work of so
// many plain replications.
func rareOf(values Outcomes, work float64) Rare {
	mean, sd := values.moments()
	r := Rare{Estimate: meanEstimate(mean, sd, len(values))}
	r.Lo = max(0, r.Lo)
	n := float64(len(values))
	if mean == 0 { // nothing was seen: no worse than plain storms that saw nothing
		r.Hi, r.Relative = Proportion(0, int(n*work)).Hi, math.Inf(1)
		return r
	}
	r.Relative = sd / math.Sqrt(n) / mean
	r.Gain = (1 - mean) / (mean * r.Relative * r.Relative) / (n * work)
	return r
}

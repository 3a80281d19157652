package study

import (
	"context"
	"fmt"
	"math"
	"reflect"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// rareMethods find small chances of a breach by drawing late drains more often
// than they come. The rest of the law is drawn as ever, and theory stands
// beside it where there is one.
var rareMethods = []queueing.Method{queueing.Tilting, queueing.Splitting}

// Rare is P(T > Within) found by such a method.
type Rare struct {
	Within   float64 // s
	Estimate montecarlo.Estimate
	Relative float64 // standard error over the value
	Gain     float64 // storms that plain simulation would need over those simulated, of the lane where it is least
}

// rarely puts the chances of draining later than each of the times into a law
// that was drawn, the first of them as the chance of a breach.
func (l *Law) rarely(ctx context.Context, lanes []*queueing.Lane, m Method, o Options, times ...float64) error {
	body := l.Method
	for i, t := range times {
		r, reason, err := rareEvent(ctx, lanes, t, m.rare(), o)
		if err != nil {
			return err
		}
		if i == 0 && o.Precision.isOfRare(m) {
			now := o.Precision.half(r.Estimate)
			l.Precision = montecarlo.Reached{Asked: true, Met: now <= o.Precision.Relative, Relative: now, Of: fmt.Sprintf("P(T > %g s)", t)}
		}
		l.Rare = append(l.Rare, r)
		l.Method, l.Reason = m.rare(), reason+"; quantiles by "+string(body)
		if i == 0 {
			l.Breach = r.Estimate
		}
	}
	return nil
}

// mostRare is the most that is simulated for one small chance: late storms, or runs
// of the splitting, each of which follows thousands.
var mostRare = map[queueing.Method]int{queueing.Tilting: 10_000_000, queueing.Splitting: 640}

// isOfRare tells whether what is to be known precisely is a small chance that
// the method finds.
func (p Precision) isOfRare(m Method) bool {
	return p.Relative > 0 && p.Of == string(Breach) && m.rare() != ""
}

// plainly is the precision of what is drawn plainly: none where it is asked of a
// small chance that is found otherwise.
func (o Options) plainly() Precision {
	if o.Precision.isOfRare(o.Method) {
		return Precision{}
	}
	return o.Precision
}

// half is half the interval over the value.
func (p Precision) half(e montecarlo.Estimate) float64 {
	if !(e.Value > 0) {
		return math.Inf(1)
	}
	return (e.Hi - e.Lo) / 2 / e.Value
}

// rareEvent finds the small chance of one lane, with as many storms as the
// precision takes: the square root law, and a tenth on top.
func (p Precision) rareEvent(ctx context.Context, l *queueing.Lane, within float64, o montecarlo.Options) (montecarlo.Rare, error) {
	for {
		r, err := montecarlo.RareEvent(ctx, l, within, o)
		most := mostRare[r.Method]
		if err != nil || !p.isOfRare(Method(o.Method)) || p.half(r.Estimate) <= p.Relative || r.N >= most {
			return r, err
		}
		share := p.half(r.Estimate) / p.Relative
		o.Replications = min(most, int(float64(r.N)*math.Min(8, 1.1*share*share))+1)
	}
}

// group is a lane and how many are like it.
type group struct {
	lane *queueing.Lane
	n    float64
}

// groups puts lanes together that differ in nothing but their names.
func groups(lanes []*queueing.Lane) []group {
	var all []group
	var seen []queueing.Config
next:
	for _, l := range lanes {
		c := l.Config()
		c.Name = ""
		for i := range seen {
			if reflect.DeepEqual(seen[i], c) {
				all[i].n++
				continue next
			}
		}
		seen, all = append(seen, c), append(all, group{l, 1})
	}
	return all
}

// rareEvent finds P(T > within) of the latest of the lanes, which must be
// independent: with p of each it is 1 - (1-p)(1-p).... The errors of unlike
// lanes add up in square; the interval, from the ends of theirs, is on the safe
// side.
func rareEvent(ctx context.Context, lanes []*queueing.Lane, within float64, m queueing.Method, o Options) (r Rare, reason string, err error) {
	if dependent(lanes) {
		return r, "", &montecarlo.UnsupportedError{Lane: lanes[0].Name(), Reason: "lanes that divide a finite source at random are late together"}
	}
	var none, low, high, spread float64 // ln P(no lane is late), its ends, variance of none
	n := 0
	r = Rare{Within: within, Gain: math.Inf(1)}
	for i, g := range groups(lanes) {
		x, err := o.Precision.rareEvent(ctx, g.lane, within, montecarlo.Options{Seed: o.Seed + uint64(i), Workers: o.Workers, Method: m})
		if err != nil {
			return r, "", err
		}
		if len(lanes) == 1 {
			return Rare{within, x.Estimate, x.Relative, x.Gain}, x.Reason, nil
		}
		none += g.n * math.Log1p(-x.Value)
		low, high = low+g.n*math.Log1p(-x.Hi), high+g.n*math.Log1p(-x.Lo)
		if x.Value > 0 {
			se := g.n * x.Relative * x.Value / (1 - x.Value)
			spread += se * se
		}
		n, reason, r.Gain = n+x.N, x.Reason, math.Min(r.Gain, x.Gain)
	}
	late := -math.Expm1(none)
	r.Estimate = montecarlo.Estimate{Value: late, Lo: -math.Expm1(high), Hi: -math.Expm1(low), Confidence: montecarlo.Confidence, N: n}
	r.Relative = math.Sqrt(spread) * (1 - late) / late
	return r, reason, nil
}

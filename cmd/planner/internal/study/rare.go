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
// that was drawn, the first of them as the chance of a breach. Without any the law
// stays what it is, and says so.
func (l *Law) rarely(ctx context.Context, lanes []*queueing.Lane, m Method, o Options, times ...float64) error {
	body := l.Method
	if len(times) == 0 {
		l.Reason += fmt.Sprintf("; %s finds the chance to drain later than some time, and none is given", m)
	}
	for i, t := range times {
		r, reason, err := rareEvent(ctx, lanes, t, m.rare(), o)
		if err != nil {
			return err
		}
		if p := o.Precision.ofRare(m, t); i == 0 && p.Relative > 0 {
			l.Precision = p.Judge(r.Estimate)
		}
		l.Rare = append(l.Rare, r)
		l.Method, l.Reason = m.rare(), reason+"; quantiles by "+string(body)
		if i == 0 {
			l.Breach = r.Estimate
		}
	}
	return nil
}

// ofRare is the precision of a small chance, of draining later than within,
// that the method finds; none where it is asked of another number.
func (p Precision) ofRare(m Method, within float64) montecarlo.Precision {
	if p.Relative == 0 || p.Of != string(Breach) || m.rare() == "" {
		return montecarlo.Precision{}
	}
	return montecarlo.Precision{Relative: p.Relative, Beyond: within}
}

// plainly is the precision of what is drawn plainly: none where it is asked of a
// small chance that is found otherwise.
func (o Options) plainly() Precision {
	if o.Precision.ofRare(o.Method, 0).Relative > 0 {
		return Precision{}
	}
	return o.Precision
}

// rarely is the precision asked of a small chance that is found otherwise than
// plainly; none else.
func (o Options) rarely() Precision {
	if o.plainly().Relative > 0 {
		return Precision{}
	}
	return o.Precision
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
		x, err := montecarlo.RareEvent(ctx, g.lane, within, montecarlo.Options{Seed: o.Seed + uint64(i), Workers: o.Workers,
			Method: m, Precision: o.Precision.ofRare(o.Method, within)})
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

package queueing

import (
	"math"
	"slices"
)

// A panel whose density is negative somewhere, which an interpolant may be by as much
// as its error, is halved up to risingHalves times; risingNarrow is the width of one
// over its instant that has no parts. A density that is negative by risingRounding of the
// panel's mean only is lifted; in the smallest parts one that is by risingMost.
const (
	risingHalves   = 8
	risingNarrow   = 1e-12
	risingRounding = 1e-14
	risingMost     = 0.1
)

// risen is the drain with a distribution function that never falls.
func (d Drain) risen() Drain {
	if c, is := d.Distribution.(*curve); is {
		d.Distribution = c.rising()
	}
	return d
}

// rising is the curve with panels under which its distribution function never falls:
// where it did it stays at the most that it has reached, and no panel's mass changes.
func (c *curve) rising() *curve {
	var panels []panel
	falls := false
	for _, p := range c.panels {
		if p.rises() {
			panels = append(panels, p)
			continue
		}
		falls = true
		panels = append(panels, p.levelled()...)
	}
	if !falls {
		return c
	}
	return newCurve(panels, c.atoms, c.never)
}

// rises tells whether the density is at least 0 wherever it is looked at. Panels over
// octaves have no error to speak of.
func (p panel) rises() bool {
	if p.octave != nil || p.positive {
		return true
	}
	rest := 0.0
	for _, c := range p.coef[1:] {
		rest += math.Abs(c)
	}
	if p.coef[0] >= rest {
		return true
	}
	return !(p.least() < 0)
}

// risingLooks are where a panel is looked at.
var risingLooks = func() (x [65]float64) {
	for i := range x {
		x[i] = float64(i)/32 - 1
	}
	return x
}()

// least is the smallest density of those that are looked at.
func (p panel) least() float64 {
	var f [len(risingLooks)]float64
	clenshaws(f[:], p.coef, risingLooks[:])
	return slices.Min(f[:])
}

// lifted is the panel with as much added to its density as makes it 0 where it is least,
// at the same mass, if that is no more than a share of its mean.
func (p panel) lifted(share float64) (panel, bool) {
	below := math.Max(0, -p.least()) * (p.hi - p.lo)
	if below == 0 || !(below <= share*p.mass) {
		return p, below == 0
	}
	coef := slices.Clone(p.coef)
	coef[0] += below / (p.hi - p.lo)
	return newPanel(p.lo, p.hi, coef).times(p.mass / (p.mass + below)), true
}

// levelled cuts the panel in parts that rise, lifted where that takes little: the smallest
// that fall, or do not come up to what was reached before, are even.
func (p panel) levelled() []panel {
	even := func(lo, hi, mass float64) panel { return newPanel(lo, hi, []float64{mass / (hi - lo)}) }
	if !(p.mass > 0) || p.hi-p.lo < risingNarrow*p.hi {
		return []panel{even(p.lo, p.hi, math.Max(0, p.mass))}
	}
	var out []panel
	reached, rounding := 0.0, risingRounding*p.mass
	var cut func(lo, hi float64, halves int)
	cut = func(lo, hi float64, halves int) {
		before, now := clenshaw(p.anti, p.to(lo)), clenshaw(p.anti, p.to(hi))
		to := math.Min(p.mass, math.Max(reached, now))
		share := risingRounding
		if halves == 0 {
			share = risingMost
		}
		if part, rises := p.part(lo, hi).lifted(share); rises && before >= reached-rounding && now <= p.mass+rounding {
			out, reached = append(out, part), to
			return
		}
		if halves == 0 || to == reached {
			out, reached = append(out, even(lo, hi, to-reached)), to
			return
		}
		cut(lo, (lo+hi)/2, halves-1)
		cut((lo+hi)/2, hi, halves-1)
	}
	cut(p.lo, p.hi, risingHalves)
	return out
}

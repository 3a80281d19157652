package queueing

import "math"

// risingPieces are the pieces that a panel is cut into where its density is negative
// somewhere, which an interpolant may be by as much as its error.
const risingPieces = 16

// risingNarrow is the width of a panel over its instant that has no pieces.
const risingNarrow = 1e-12

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
	if p.octave != nil {
		return true
	}
	rest := 0.0
	for _, c := range p.coef[1:] {
		rest += math.Abs(c)
	}
	if p.coef[0] >= rest {
		return true
	}
	const looks = 4 * risingPieces
	for i := range looks + 1 {
		if clenshaw(p.coef, 2*float64(i)/looks-1) < 0 {
			return false
		}
	}
	return true
}

// levelled cuts the panel in pieces: those that fall, or do not come up to what was
// reached before, are even.
func (p panel) levelled() []panel {
	if !(p.mass > 0) || p.hi-p.lo < risingNarrow*p.hi {
		return []panel{newPanel(p.lo, p.hi, []float64{math.Max(0, p.mass) / (p.hi - p.lo)})}
	}
	var out []panel
	reached, before, lo := 0.0, 0.0, p.lo
	for i := range risingPieces {
		hi := p.lo + (p.hi-p.lo)*float64(i+1)/risingPieces
		if i == risingPieces-1 {
			hi = p.hi
		}
		now := clenshaw(p.anti, p.to(hi))
		to := math.Min(p.mass, math.Max(reached, now))
		if piece := p.part(lo, hi); before >= reached && now <= p.mass && piece.rises() {
			out = append(out, piece)
		} else {
			out = append(out, newPanel(lo, hi, []float64{(to - reached) / (hi - lo)}))
		}
		reached, before, lo = to, now, hi
	}
	return out
}

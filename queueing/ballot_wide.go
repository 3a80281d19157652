package queueing

import (
	"math"
	"slices"
)

// wideDensity makes panels of a density of ln t that is given piece by piece.
// Each is as wide as the series of the one before, which falls by a factor from
// term to term, tells that it may be.
type wideDensity struct {
	*ballotDensity
	pieces []expPiece
	first  float64 // width of the first panel that is tried
}

// expPiece is the density of ln t from where the piece before ends.
type expPiece struct {
	hi   float64
	exps func(x []float64) // takes the place of the ln t that it is given
	off  float64           // about its largest relative error
}

const (
	firstPanel   = 0.5  // of ln t, where nothing is known
	powerPanel   = 6.0  // of the logarithm of a power of t
	mostGrowth   = 4.0  // of a panel over the one before
	leastGrowth  = 0.3  // of a panel over one that was too wide
	shyGrowth    = 0.9  // at most, of the panel after one that was narrowed
	fallOfPanel  = 9.5  // of the logarithm of a falling density
	leastPanel   = 1e-3 // of ln t: narrower panels have no better series
	shareOfPanel = 60.0 // tolerance over the error of one panel's mass
	safety       = 0.9
	shrinking    = 0.95
	leastDensity = 1e-200 // of ln t, that has digits
)

func (d *wideDensity) march(lo, hi float64) {
	d.panels = make([]panel, 0, 32)
	share := math.Max(d.tol/shareOfPanel, d.noise)
	relative := math.Max(1e-8, 30*d.noise)
	room := newPanelRoom(32)
	var spare []float64
	for a, width := lo, d.first; a < hi; {
		b := math.Min(hi, a+width)
		if hi-b < 0.2*(b-a) {
			b = hi
		}
		values := d.values(a, b)
		size := math.Max(leastDensity, math.Min(values[0], values[ballotPoints-1]))
		coef := spare
		if coef == nil {
			coef = room.take(ballotPoints)
		}
		ballotNodes.write(coef, values[:])
		rest := beyondLast(coef)
		over := math.Max(rest*(b-a)/share, rest/(relative*size))
		if over > 1 && b-a > leastPanel {
			// 0.8 leaves more than is added at the end
			width = (b - a) * math.Min(0.8, math.Max(leastGrowth, shrinking*math.Exp(-math.Log(over)/ballotPoints)))
			clear(coef)
			spare = coef
			continue
		}
		width = (b - a) * growth(over, spare != nil)
		if slope := fall(values[:], (b-a)/2); slope > 0 {
			width = math.Min(width, math.Log1p(fallOfPanel/slope))
		}
		spare = nil
		p := room.octaves(a, b, coef)
		d.cut += rest*(b-a) + d.offOver(p, a, b)
		d.panels = append(d.panels, p)
		a = b
	}
}

// growth of the next panel after one whose error is over times what it may be,
// itself narrowed from one that was too wide or not.
func growth(over float64, narrowed bool) float64 {
	most := mostGrowth
	if narrowed {
		most = shyGrowth
	}
	return math.Min(most, safety*math.Exp(-math.Log(over)/(ballotPoints-2)))
}

// fall of the logarithm of the density, per unit of ln t, at the end of a panel
// half of which is so wide; 0: none. As far out as it falls it does so in
// proportion to t, and next to nothing of a panel is seen before it is left.
func fall(values []float64, half float64) float64 {
	n := ballotPoints - 1
	if !(values[n] < values[n-1] && values[n] > leastDensity) {
		return 0
	}
	return math.Log(values[n-1]/values[n]) / (half * (ballotNodes.x[n] - ballotNodes.x[n-1]))
}

const (
	leastDecay = 1. / 16 // of the coefficients, from two to the next two, that is believed
	massOfRest = 16.0    // a density over the error that it may leave in masses
)

// beyondLast is what the coefficients after the last leave in a mass, over the
// width of its panel. They go on as the last four do, odd and even ones together.
// The integral of the n-th Chebyshev polynomial, which is interpolated by another
// of that size, is below 1.1/(n-1) of half of the panel.
func beyondLast(coef []float64) float64 {
	n := len(coef)
	rest, before := last(coef), last(coef[:n-2])
	if before > 0 {
		rest *= math.Min(1, math.Max(rest/before, leastDecay))
	}
	return rest / massOfRest
}

// values of the density at the nodes of a panel.
func (d *wideDensity) values(a, b float64) (v [ballotPoints]float64) {
	for i, x := range ballotNodes.x {
		v[i] = (a+b)/2 + (b-a)/2*x
	}
	for i, j := 0, d.piece(a); i < len(v); j++ {
		n := len(v)
		if j < len(d.pieces)-1 {
			n = i
			for n < len(v) && v[n] <= d.pieces[j].hi {
				n++
			}
		}
		if n > i {
			d.pieces[j].exps(v[i:n])
		}
		i = n
	}
	return v
}

// piece is the index of the piece that holds x.
func (d *wideDensity) piece(x float64) int {
	i, _ := slices.BinarySearchFunc(d.pieces, x, func(p expPiece, x float64) int {
		if p.hi > x {
			return 1
		}
		return -1
	})
	return min(i, len(d.pieces)-1)
}

// offOver is the error of the mass of a panel over (a,b) from pieces that could
// not be made as accurate as is asked for.
func (d *wideDensity) offOver(p panel, a, b float64) float64 {
	off, before := 0.0, 0.0
	for j := d.piece(a); j < len(d.pieces); j++ {
		end := p.mass
		if hi := d.pieces[j].hi; hi < b {
			end = p.upTo(math.Exp(hi))
		}
		if q := d.pieces[j]; q.off > d.allowed {
			off += math.Min(1, q.off) * math.Abs(end-before)
		}
		if before = end; d.pieces[j].hi >= b {
			break
		}
	}
	return off
}

// panelRoom is where the coefficients of panels lie one after the other.
type panelRoom struct{ free []float64 }

// newPanelRoom for so many panels; further ones get as much again.
func newPanelRoom(panels int) *panelRoom { return &panelRoom{make([]float64, panels*roomOfPanel)} }

const roomOfPanel = 2*ballotPoints + 1

// take n numbers.
func (r *panelRoom) take(n int) []float64 {
	if len(r.free) < n {
		r.free = make([]float64, 16*roomOfPanel)
	}
	out := r.free[:n:n]
	r.free = r.free[n:]
	return out
}

// octaves is [newOctaves].
func (r *panelRoom) octaves(a, b float64, coef []float64) panel {
	anti := r.take(len(coef) + 1)
	writeAntiderivative(anti, coef)
	return scaledPanel(a, b, coef, anti).overOctaves()
}

package queueing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A phaseCut is an instant in (t*-d,t*] that is whole services from one at
// which something changed or will. If that was for sure a start of service, or
// may have been one, services may begin at the cut with some probability.
type phaseCut struct {
	at, from float64 // s
	services int     // from one to the other
	sure     bool
}

// cutOf is the cut of an instant, to rounding.
func (s *regularStarts) cutOf(t float64, sure bool) phaseCut {
	services := int(math.Floor((s.begin-t)/s.d + crommelinSnap))
	return phaseCut{math.Min(s.begin, t+float64(services)*s.d), t, services, sure}
}

// cuts lists them in order, with the ends of the interval that services under
// way at t* may begin in; whole is the law of n(t*).
func (s *regularStarts) cuts(whole law) ([]phaseCut, error) {
	lo := math.Max(s.up, s.begin-s.d)
	all := []phaseCut{s.cutOf(s.up, true), {at: lo, from: lo}, {at: s.begin, from: s.begin}}
	a := &s.lane.cfg.Arrivals
	for _, j := range a.jumps {
		if j.At > s.up && j.At <= s.begin {
			all = append(all, s.cutOf(j.At, true))
		}
	}
	breaks := a.Breaks(s.up, s.begin)
	breaks = breaks[max(0, len(breaks)-regularBreaks):]
	passage := newLatticePassage(s.lane, s.begin, whole, s.level)
	_, last := passage.window(defaultTolerance)
	for _, t := range append(breaks, passage.breaks(s.begin, last+s.d)...) {
		all = append(all, s.cutOf(t, false))
	}
	all = slices.DeleteFunc(all, func(c phaseCut) bool { return c.at < lo })
	slices.SortStableFunc(all, func(x, y phaseCut) int { return cmp.Compare(x.at, y.at) })
	if all = s.merged(all); len(all) > regularCuts {
		return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and its services are cut by %d instants, at most %d are looked at", len(all), regularCuts)}
	}
	return all, nil
}

// merged takes cuts that rounding may have set apart for one. Ends of the
// interval stay where they are.
func (s *regularStarts) merged(all []phaseCut) []phaseCut {
	out := all[:1]
	for _, c := range all[1:] {
		last := &out[len(out)-1]
		switch {
		case c.at-last.at > 2*crommelinSnap*s.d:
			out = append(out, c)
		case c.at == s.begin:
			last.at = c.at
			fallthrough
		default:
			if c.sure && !last.sure {
				c.at = last.at
				*last = c
			}
		}
	}
	return out
}

// A firstEnd is where the service under way at t* ends, with the law of n then
// as far as n(t*) is above the level. Its mass is a density over the time in
// units of one service, or a probability for an instant.
type firstEnd struct {
	at float64 // s
	n  law
}

// ends are those in (lo,hi), at the Chebyshev points, or those at one instant
// lo = hi, which is so many services after from.
type ends struct {
	lo, hi   float64 // s
	from     float64 // s
	services int
	nodes    []firstEnd
}

// atom is what begins at the instant of a cut.
func (s *regularStarts) atom(c phaseCut) []ends {
	starts := s.startsAt(c)
	if starts.mass() < regularAtom {
		return nil
	}
	end := c.from + float64(c.services+1)*s.d
	return []ends{{end, end, c.from, c.services + 1, []firstEnd{s.end(c.at, starts)}}}
}

// startsAt is the law of the number with which a service begins at a cut.
func (s *regularStarts) startsAt(c phaseCut) law {
	if c.from == s.up && c.services == 0 {
		_, some := s.first.upTo(0)
		return some
	}
	slack := crommelinSnap * s.d
	before, came := s.before(c.at), s.lane.cfg.Arrivals.batches(c.at-slack, c.at+slack).law()
	met, after := before.plus(came), s.at(c.at)
	lo, hi := min(met.lo, after.lo), max(met.hi(), after.hi())
	out := law{1, make([]float64, max(hi, 1))}
	fallen := 0.0
	for k := lo; k <= hi; k++ {
		fallen += after.prob(k) - met.prob(k)
		if k > 0 {
			out.p[k-1] = math.Max(fallen, 0) + before.prob(0)*came.prob(k)
		}
	}
	return out.trim()
}

func (a law) prob(n int) float64 {
	if n < a.lo || n > a.hi() {
		return 0
	}
	return a.p[n-a.lo]
}

// end follows a service that begins at t with that many in the lane.
func (s *regularStarts) end(t float64, starts law) firstEnd {
	slack := crommelinSnap * s.d
	n := s.convolve(starts, s.arrived(t, s.begin, t+slack, s.begin+slack))
	_, n = n.upTo(s.level)
	n.lo--
	return firstEnd{t + s.d, s.convolve(n, s.arrived(s.begin, t+s.d, s.begin+slack, t+s.d+slack))}
}

// between is what begins in (lo,hi), halved until it is smooth.
func (s *regularStarts) between(lo, hi float64) []ends {
	if s.panels++; s.panels > regularPanels {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and the starts of its services take more than %d panels", regularPanels)}})
	}
	nodes := s.starts(lo, hi)
	if hi-lo > regularNarrow*s.d && !s.smooth(nodes, (hi-lo)/s.d) {
		mid := (lo + hi) / 2
		return append(s.between(lo, mid), s.between(mid, hi)...)
	}
	return []ends{{lo: lo + s.d, hi: hi + s.d, nodes: nodes}}
}

// starts follows the services that begin at the Chebyshev points of (lo,hi).
func (s *regularStarts) starts(lo, hi float64) []firstEnd {
	half, mid := (hi-lo)/2, (hi+lo)/2
	at := make([]law, len(phaseNodes.x))
	for i, x := range phaseNodes.x {
		spent := s.spent
		at[i] = s.at(mid + half*x)
		if i == 0 && s.panels == 1 {
			s.afford(float64(len(at)) * float64(s.pieces) * (s.spent - spent))
		}
	}
	out := make([]firstEnd, len(at))
	for i, density := range fallDensities(at, half/s.d) {
		t := mid + half*phaseNodes.x[i]
		came := s.lane.cfg.Arrivals.Rate(t) * s.d
		for k := range density.p {
			density.p[k] = math.Max(0, density.p[k]+came*at[i].prob(density.lo+k))
		}
		if none := at[i].prob(0); none > 0 { // who meets an idle server begins
			density = density.or(law{1, []float64{came * none}})
		}
		_, density = density.upTo(0)
		out[i] = s.end(t, density)
	}
	return out
}

// fallDensities are the derivatives of P(n <= k) with respect to a variable of
// which the interval has 2 half, at the Chebyshev points at which n has the
// given laws. Of P(n <= k) and P(n > k) the smaller is differentiated.
func fallDensities(at []law, half float64) []law {
	lo, hi := at[0].lo, at[0].hi()
	for _, n := range at {
		lo, hi = min(lo, n.lo), max(hi, n.hi())
	}
	out := make([]law, len(at))
	for i := range at {
		out[i] = law{lo, make([]float64, hi-lo+1)}
	}
	side := make([]float64, len(at))
	slopes := func(k int, sign float64) {
		slope := derivative(phaseNodes.coefficients(side), half)
		for i, x := range phaseNodes.x {
			out[i].p[k-lo] = sign * clenshaw(slope, x)
		}
	}
	k := lo
	for ; k <= hi && side[0] < 0.5; k++ {
		for i, n := range at {
			side[i] += n.prob(k)
		}
		slopes(k, 1)
	}
	clear(side)
	for j := hi; j >= k; j-- {
		slopes(j, -1)
		for i, n := range at {
			side[i] += n.prob(j)
		}
	}
	return out
}

// smooth tells whether the laws at the ends are a polynomial of the phase.
func (s *regularStarts) smooth(nodes []firstEnd, width float64) bool {
	lo, hi := nodes[0].n.lo, nodes[0].n.hi()
	for _, e := range nodes {
		lo, hi = min(lo, e.n.lo), max(hi, e.n.hi())
	}
	rest := 0.0
	values := make([]float64, len(nodes))
	for k := lo; k <= hi; k++ {
		for i, e := range nodes {
			values[i] = e.n.prob(k)
		}
		coef := phaseNodes.coefficients(values)
		n := len(coef)
		rest += math.Max(math.Abs(coef[n-1]), math.Max(math.Abs(coef[n-2]), math.Abs(coef[n-3])))
	}
	return rest*width <= s.allowed
}

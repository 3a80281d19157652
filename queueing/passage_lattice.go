package queueing

import (
	"fmt"
	"math"

	"singlelane/queueing/internal/skellam"
)

// latticePassage is the passage of one busy server with services of length d:
// T lies on start + n d. It obeys the equation of [gammaPassage] with a sum
// for the integral,
//
//	q_n = P(A = n-k) [k/n + (1 - k/n) Excess/Lam] - sum over m<n of R_mn q_m,
//	R_mn = P(A = n-m-1) Excess / (n-m), A the arrivals in n-m services,
//
// and is the Borel–Tanner law where rates are constant.
type latticePassage struct {
	busyPassage
	d     float64
	reach float64 // -ln of what is left out on the right; 0: windowExponent
	far   float64 // up to where points are solved for at least

	chain bool // whether it was followed as a chain
}

func newLatticePassage(l *Lane, start float64, from law, level int) *latticePassage {
	p := &latticePassage{d: l.cfg.Service.(Deterministic).Time}
	p.busyPassage = newBusyPassage(l, start, from, level, func(t float64) (float64, func(k float64) float64) {
		n, arrived := math.Floor((t-start)/p.d*(1+1e-14)), l.cfg.Arrivals.Flow(start, t)
		return n - arrived, func(k float64) float64 { return p.exponent(n, k, arrived) }
	})
	return p
}

// exponent of {n - A = k}.
func (p *latticePassage) exponent(n, k, arrived float64) float64 {
	switch {
	case n < k:
		return math.Inf(1)
	case arrived == 0 && n == k:
		return 0
	case arrived == 0:
		return math.Inf(1)
	}
	return arrived * skellam.Deviance((n-k)/arrived-1)
}

func (p *latticePassage) window(tolerance float64) (lo, hi float64) {
	if p.reach == 0 {
		lo, hi = p.busyPassage.window(tolerance)
		return lo, math.Max(hi, p.far)
	}
	hi = p.latest(p.reach)
	if math.IsInf(hi, 1) {
		return 0, 0
	}
	return p.earliest(hi, 12-math.Log(tolerance)), hi
}

// at is the n-th service end.
func (p *latticePassage) at(n int) float64 { return p.start + float64(n)*p.d }

// latticeDirect is the number of lattice points up to which each is solved
// for; wider laws are smooth from point to point.
const latticeDirect = 600

// latticeWork is the number of pairs of points up to which a wider law that is
// not smooth is solved for at each.
const latticeWork = 4e7

// latticeFlat is a change of the arrivals in one service that is rounding.
const latticeFlat = 1e-16

// latticeMost is the number of points that a law may have.
const latticeMost = 4_000_000

// smoothPairs is about how many pairs of points take as long as a smooth law.
const smoothPairs = 3e5

// pairs is about how many pairs of points, or what takes as long, solve looks at.
func (p *latticePassage) pairs(tolerance float64) float64 {
	first, varied, last := p.points(tolerance)
	if services, is := p.chained(first, varied, last, tolerance); is {
		return p.chainWork(services)
	}
	if p.smoothFrom(first, varied, last, tolerance) == first {
		return smoothPairs
	}
	n := float64(varied - first)
	return n * (float64(last-first) - n/2)
}

// points are the first n, the one from which on rates are constant, and the last.
func (p *latticePassage) points(tolerance float64) (first, varied, last int) {
	lo, hi := p.window(tolerance)
	first = max(1, p.from.lo-p.level, int((lo-p.start)/p.d))
	last = int((hi-p.start)/p.d) + 1
	if last-first > latticeMost {
		return first, last, last
	}
	return first, p.varied(first, last), last
}

// smoothFrom is the first n from which on the law is solved for as a smooth one,
// after last if it is solved for point by point.
func (p *latticePassage) smoothFrom(first, varied, last int, tolerance float64) int {
	switch wide := last-first > latticeDirect && len(p.jumps) == 0; {
	case wide && (p.fadesIn(first, tolerance) || float64(last-first)*float64(varied-first) > latticeWork):
		return first
	case wide && varied == first:
		return first + latticeDirect
	}
	return last + 1
}

// solve returns the first n and the probabilities from there on.
func (p *latticePassage) solve(o SolveOptions) (first int, q []float64, err error) {
	first, varied, last := p.points(o.tolerance())
	if last-first > latticeMost {
		return 0, nil, &UnsupportedError{DrainDensity, fmt.Sprintf("its law has %d points, at most %d are solved for", last-first, latticeMost)}
	}
	if services, is := p.chained(first, varied, last, o.tolerance()); is {
		return p.byChain(services, o)
	}
	from := p.smoothFrom(first, varied, last, o.tolerance())
	if from == first {
		return p.whollySmooth(first, varied, last, o)
	}
	for n := first; n < min(from, last+1); n++ {
		o.check()
		q = append(q, p.source(float64(n))-p.earlier(n, first, varied, q))
	}
	if from <= last {
		rest, err := p.smooth(from, last, varied == first, o)
		if err != nil {
			return 0, nil, err
		}
		q = append(q, rest...)
	}
	return first, q, nil
}

// whollySmooth solves for a law that is smooth from its first point: at once if it
// is smooth enough for that, else by the chain as long as rates vary, or by a march where
// that takes too long or far tails are to have digits of their own.
func (p *latticePassage) whollySmooth(first, varied, last int, o SolveOptions) (int, []float64, error) {
	even := varied == first
	if panels, smooth := solveSmooth(&smoothLattice{p: p, even: even}, float64(first), float64(last)+0.5, o.tolerance(), 1); smooth {
		return first, atPoints(panels, first, last), nil
	}
	if !even && p.far == 0 && varied < last && p.chainWork(varied) < chainPairs*regularWork {
		return p.byChain(varied, o)
	}
	q, err := p.marched(first, last, even, o)
	return first, q, err
}

// fadesIn tells whether q is so small where it begins that it is smooth from
// there: what enters the sum from one point to the next is a jump of q as a
// function of real n.
func (p *latticePassage) fadesIn(first int, tolerance float64) bool {
	return math.Abs(p.source(float64(first))) < 1e-3*tolerance
}

// varied is the first n from which to last the rates are as good as constant:
// R_mn is at most d times the change of the rate between m and n, and is
// rounding for m from there on. Rates are monotone between breaks as far as
// the lattice resolves them.
func (p *latticePassage) varied(first, last int) int {
	if len(p.jumps) > 0 {
		return last
	}
	if p.flat(p.at(last)) {
		return first
	}
	lo := first
	if at := p.breaks(p.at(first), p.at(last)); len(at) > 0 {
		lo = min(last, int((at[len(at)-1]-p.start)/p.d)+1)
	}
	rates := &p.lane.cfg.Arrivals
	end := rates.Rate(p.at(last))
	n := last
	for n > lo && p.d*math.Abs(rates.Rate(p.at(n-1))-end) < latticeFlat {
		n--
	}
	return n
}

// smooth solves at Chebyshev points of panels: q is an analytic function of n,
// and what came before is taken from the panels.
func (p *latticePassage) smooth(first, last int, even bool, o SolveOptions) ([]float64, error) {
	if panels, smooth := solveSmooth(&smoothLattice{p: p, even: even}, float64(first), float64(last)+0.5, o.tolerance(), 1); smooth {
		return atPoints(panels, first, last), nil
	}
	return p.marched(first, last, even, o)
}

// marched is smooth from panel to panel.
func (p *latticePassage) marched(first, last int, even bool, o SolveOptions) (q []float64, err error) {
	defer catch(&err)
	s := &smoothLattice{p: p, even: even, most: latticeMarch}
	m := &march{passage: s, tolerance: o.tolerance(), nodes: cheb16, relative: relativeEnd, spacing: 1, check: o.check}
	if p.far > 0 {
		m.tolerance = math.Min(m.tolerance, tailTolerance)
	}
	m.run(float64(first), float64(last)+0.5)
	return atPoints(m.panels, first, last), nil
}

// atPoints are the values of a smooth law at its points.
func atPoints(panels []panel, first, last int) []float64 {
	q := make([]float64, last-first+1)
	c := newCurve(panels, nil, 0)
	for i := range q {
		q[i] = c.density(float64(first + i))
	}
	return q
}

// latticeMarch is the number of pairs of points that a march may look at, some ten
// seconds.
const latticeMarch = 4e7

// smoothLattice is the passage with n for the time. A march that looks at more pairs
// than most, if that is not 0, is stopped.
type smoothLattice struct {
	p           *latticePassage
	even        bool // whether rates are as good as constant
	most, spent float64
}

func (s *smoothLattice) scale(float64) float64           { return 1 }
func (s *smoothLattice) origin() float64                 { return 0 }
func (s *smoothLattice) window(float64) (lo, hi float64) { return 0, 0 } // given by the caller
func (s *smoothLattice) flat(hi float64) bool            { return s.even || s.p.flat(s.p.start+hi*s.p.d) }
func (s *smoothLattice) breaks(lo, hi float64) (at []float64) {
	for _, b := range s.p.breaks(s.p.start+lo*s.p.d, s.p.start+hi*s.p.d) {
		at = append(at, (b-s.p.start)/s.p.d)
	}
	return at
}

func (s *smoothLattice) row(n float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	p := s.p
	t := p.start + n*p.d
	arr := &p.lane.cfg.Arrivals
	lam := arr.Rate(t)
	kernel := func(m float64) float64 {
		if s.spent++; s.spent > s.most && s.most > 0 {
			panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("its law takes more than %.0e pairs of service ends", s.most)}})
		}
		from := p.start + m*p.d
		excess := arr.Excess(from, t)
		if excess == 0 {
			return 0
		}
		j := n - m
		return poissonProb(j-1, lam*(t-from)+excess) * excess / j
	}
	off := func(a, b, exponent float64) bool {
		return p.busyPassage.off(p.start+a*p.d, p.start+b*p.d, t, exponent, func(from float64) float64 { return p.still(from, t) })
	}
	return p.source(n), kernel, off
}

// still is the exponent of as many arrivals in (s,t] as services, batches aside.
func (p *latticePassage) still(s, t float64) float64 {
	return p.exponent((t-s)/p.d, 0, p.lane.cfg.Arrivals.Flow(s, t))
}

// source of the n-th service end.
func (p *latticePassage) source(x float64) float64 {
	t := p.start + x*p.d
	arrived, excess := p.lane.cfg.Arrivals.Flow(p.start, t), p.lane.cfg.Arrivals.Excess(p.start, t)
	share := 0.0
	if arrived > 0 {
		share = excess / arrived
	}
	return p.average(p.batches(p.start, t), x-arrived, math.Sqrt(arrived), func(k float64) float64 {
		return poissonProb(x-k, arrived) * (k/x + (1-k/x)*share)
	})
}

// earlier is the sum over the service ends before n and before varied.
func (p *latticePassage) earlier(n, first, varied int, q []float64) float64 {
	t := p.at(n)
	lam := p.lane.cfg.Arrivals.Rate(t)
	sum := 0.0
	for j := max(1, n-varied+1); n-j >= first; j++ {
		s := p.at(n - j)
		excess := p.lane.cfg.Arrivals.Excess(s, t)
		arrived, x := lam*(t-s)+excess, float64(j)
		b := p.batches(s, t)
		switch {
		case b.lo == 0 && len(b.p) == 1:
			sum += q[n-j-first] * poissonProb(x-1, arrived) * excess / x
		default:
			for i, w := range b.p {
				k := float64(b.lo + i)
				sum += w * q[n-j-first] * (poissonProb(x-k, arrived) - lam*p.d*poissonProb(x-k-1, arrived))
			}
		}
	}
	return sum
}

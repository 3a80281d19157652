package queueing

import (
	"fmt"
	"math"
)

// One server whose services all take d, and whose lane may be at its level L or
// below before overload ends, at t*. The law of n(t) is known for every t
// ([crommelin]). Between the instants at which something happens for sure it is
// smooth, and with Q_k(t) = P(n(t) <= k) and the arrival rate lam(t)
//
//	Q_k'(t) = D_k(t) - lam(t) P(n(t) = k),
//
// since n passes from k to above at that rate and comes down to k at the
// density D_k of service ends that leave k. So services begin, with k in the
// lane, themselves included, at the density
//
//	a_k(t) = D_k(t) for k > 1, a_1(t) = D_1(t) + lam(t) P(n(t) = 0).
//
// At an instant at which services of the first busy period end, or of one that
// a batch began, D_k and a_k are probabilities: Q_k jumps by D_k there, and a
// batch of k that meets an idle lane adds to a_k.
//
// If n(t*) <= L then T = t*. If not, the service under way began at one s in
// (t*-d,t*], and T is s + d or comes whole services later. With k in the lane at
// s, n(t*) = k + A(s,t*] > L and n(s+d) = n(t*) - 1 + A(t*,s+d], from where on
// the passage to L is that of a busy server, [latticePassage]. So T's law is,
// for each phase of s, one on a lattice: a [phasedLaw]. Nothing makes its mass 1
// but that all of this is right.

const (
	regularWork   = 2e9   // multiplications that it may take to follow the number: some two seconds
	regularCuts   = 160   // instants in a service at which something may happen
	regularBreaks = 24    // changes of the rate that are looked back at
	regularPanels = 320   // of starts
	regularNarrow = 1e-4  // of a service: a panel that is not halved any more
	regularNoise  = 5e-12 // of a panel's mass that is rounding
	regularAtom   = 1e-14 // probability of a start at an instant that is rounding
	regularError  = 1e-6  // of the total, beyond which other methods are asked
)

// regular solves for a lane that comes up at b.t, before overload ends, and may
// be at its level before.
func (p problem) regular(b *birthDeath) (d Drain, err error) {
	defer catch(&err)
	s := p.regularStarts(b)
	work := s.most
	s.most /= float64(len(phaseNodes.x)) // as many follow, at least
	whole := s.at(p.begin)
	s.most = work
	cuts, err := s.cuts(whole)
	if err != nil {
		return Drain{}, err
	}
	s.pieces = len(cuts) - 1
	var found []ends
	for i, c := range cuts {
		if i > 0 {
			found = append(found, s.between(cuts[i-1].at, c.at)...)
		}
		if c.sure {
			found = append(found, s.atom(c)...)
		}
	}
	chance, _ := whole.upTo(s.level)
	law, err := p.phased(s.level, chance, found)
	if err != nil {
		return Drain{}, err
	}
	return p.onPhases(law)
}

// onPhases is the answer, in one piece if the numbers in several finite streams
// are to be fixed.
func (p problem) onPhases(law *phasedLaw) (Drain, error) {
	d := Drain{Distribution: law, Method: DrainDensity, Quality: Exact,
		Reason: "the number in the lane service by service, and for each phase of service ends the law that lives on them"}
	d.AbsError = math.Max(netError*math.Abs(1-law.total()), 1e-13)
	if !(d.AbsError <= math.Max(regularError, 10*p.tolerance())) {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and what is found adds up to 1 %+.1g", law.total()-1)}
	}
	if law.chance > d.AbsError {
		d.Atoms = []Atom{{law.begin, law.chance}}
	}
	if p.toFix() > 1 {
		c, err := law.curve()
		if err != nil {
			return Drain{}, err
		}
		d.Distribution = c
	}
	return d, nil
}

// toFix is how many finite streams, here Poisson, have their numbers fixed
// afterwards: not those that are spent.
func (p problem) toFix() (n int) {
	for _, st := range p.cfg.Arrivals.streams {
		if _, is := poissonOf(st.Source); is && !p.PoissonPools && !(p.known != nil && p.known.spent(st.Source)) {
			n++
		}
	}
	return n
}

// regularStarts are the starts of services up to the end of overload.
type regularStarts struct {
	crommelin
	begin   float64 // s, end of overload
	level   int
	allowed float64 // of a panel's mass to be off
	pieces  int     // between cuts
	panels  int     // looked at so far
}

func (p problem) regularStarts(b *birthDeath) *regularStarts {
	d := p.cfg.Service.(Deterministic).Time
	s := &regularStarts{begin: p.begin, level: p.Level(math.Inf(1)), allowed: math.Max(p.tolerance()/50, regularNoise)}
	s.crommelin = crommelin{lane: p.Lane, d: d, up: b.t, first: b.now, cut: lawEpsilon, check: p.check, most: regularWork}
	if p.coarse() {
		s.cut = math.Max(s.cut, p.cut()*d/(p.begin-b.t+d))
	}
	if p.toFix() > 0 && p.coarse() {
		s.most /= fixedPools
	}
	return s
}

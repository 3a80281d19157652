package queueing

import (
	"fmt"
	"math"
)

const (
	fastestGamma = "the fastest exact way for one server with gamma service"
	evenlySpaced = "service ends are evenly spaced: the law lives on them"
)

// renewal solves for one server whose services are not exponential. The first
// service starts afresh when the lane comes up.
func (p problem) renewal() (Drain, error) {
	if p.FinalServers() > 1 {
		return Drain{}, &UnsupportedError{DrainDensity, "it has several servers and its service is not exponential"}
	}
	if _, is := p.cfg.Service.(Deterministic); !is {
		var err error
		if p, err = p.stepped(false); err != nil {
			return Drain{}, err
		}
	}
	up := p.cfg.DownFor
	b := &birthDeath{lane: p.Lane, now: p.Initial().law(), absorb: -1}
	drained, _ := b.now.upTo(p.Level(0))
	if p.known != nil && p.known.empty || up > 0 && (up <= p.begin || drained == 0) {
		b = p.starting()
	}
	level := p.Level(math.Inf(1))
	var atoms []Atom
	drained, _ = b.now.upTo(level)
	switch {
	case b.t == p.begin && drained > 0:
		atoms = []Atom{{b.t, drained}}
	case drained > math.Exp(-sureExponent):
		return p.followed(b)
	}
	switch p.cfg.Service.(type) {
	case Gamma:
		q := newGammaPassage(p.Lane, b.t, b.now, level)
		if p.risky(&q.busyPassage) {
			return p.resume(b)
		}
		c := newCurve(p.passage(q), atoms, 0)
		d := p.result(c, DrainDensity, fastestGamma)
		d.Tail = p.tail(&q.busyPassage)
		return d, nil
	case Deterministic:
		q := newLatticePassage(p.Lane, b.t, b.now, level)
		if p.risky(&q.busyPassage) {
			return p.regular(b)
		}
		return p.onLattice(q, atoms)
	}
	sums := sumsOf(p.cfg.Service)
	if sums == nil {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("its service is %T", p.cfg.Service)}
	}
	q := newTransformPassage(p.Lane, b.t, b.now, level, sums)
	if p.risky(&q.busyPassage) {
		return p.resume(b)
	}
	if _, is := sums.(*atomSums); is {
		p.Tolerance = math.Max(p.tolerance(), atomError) // all digits there are
	}
	c := newCurve(p.passage(q), atoms, 0)
	d := p.byTransform(c, q)
	if d.rough > lostMass { // all that fixing numbers would be spent on would be refused
		return Drain{}, refusedFor(DrainDensity, d.AbsError)
	}
	return d, nil
}

// followed solves for a lane that may be at its level before overload ends.
func (p problem) followed(b *birthDeath) (Drain, error) {
	if _, is := p.cfg.Service.(Deterministic); is && b.t < p.begin {
		return p.regular(b)
	}
	return p.resume(b)
}

// Errors of the CDF: of the sums of lognormal services, which are relative to
// the peak of the density; of those of measured times; and what gamma laws in
// place of a few of these showed against other methods.
const (
	mixtureError = 1e-10
	atomError    = 1e-7
	fewError     = 1e-3
)

// byTransform owns up to what stands in for a law without a closed transform.
func (p problem) byTransform(c *curve, q *transformPassage) Drain {
	d := p.result(c, DrainDensity, fastestTransform)
	switch s := p.cfg.Service.(type) {
	case Hyperexponential:
		d.Tail = p.tail(&q.busyPassage)
	case Lognormal:
		d.AbsError += mixtureError
		d.Reason = "the transform of lognormal service has absolute accuracy"
	case Empirical:
		d.Quality, d.rough = Approximate, fewError+c.peak()*s.span()/2
		d.Reason = "measured service times are smoothed, and few of them taken for a gamma law"
		if first := float64(q.from.lo - q.level); first < atomFew {
			d.rough += s.largestStep() / first
		}
		d.AbsError += d.rough
	}
	return d
}

// largestStep is the largest probability of one time.
func (s Empirical) largestStep() float64 {
	most, same := 0, 0
	for i, x := range s.times {
		if same++; i > 0 && x != s.times[i-1] {
			same = 1
		}
		most = max(most, same)
	}
	return float64(most) / float64(len(s.times))
}

func (p problem) mayIdle() error {
	return &UnsupportedError{DrainDensity, fmt.Sprintf("it may be drained before overload ends, which is followed for services with a transform in closed form, down to at most %d requests", asideMost)}
}

// risky tells whether the passage may happen before begin.
func (p problem) risky(q *busyPassage) bool {
	return q.earliest(p.begin, sureExponent) < p.begin
}

func (p problem) onLattice(q *latticePassage, atoms []Atom) (Drain, error) {
	if p.Tail > 0 && !p.coarse() {
		q.far = q.beyond(p.Tail)
	}
	first, mass, err := q.solve(p.SolveOptions)
	if err != nil {
		return Drain{}, err
	}
	switch {
	case len(atoms) > 0 && first > latticeRoom:
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("it may be drained at once, or after %d services and more", first)}
	case len(atoms) > 0:
		mass = append(append([]float64{atoms[0].Mass}, make([]float64, max(first-1, 0))...), mass...)
		first = 0
	}
	law := newLattice(q.start, q.d, first, mass)
	d := Drain{Distribution: law, Method: DrainDensity, Quality: Exact,
		Reason: evenlySpaced, Atoms: atoms}
	if !q.chain { // whose laws are cut
		d.Tail = p.tail(&q.busyPassage)
	}
	d.AbsError = math.Max(math.Abs(1-law.left[len(mass)]), 1e-13)
	return d, nil
}

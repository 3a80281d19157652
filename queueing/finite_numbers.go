package queueing

import (
	"errors"
	"fmt"
	"math"
	"sync"
)

// exactly solves the problem with the numbers in its finite streams fixed, by
// means of solve, which takes them for Poisson.
func (p problem) exactly(solve func(problem) (Drain, error)) (Drain, error) {
	p = p.remembering()
	p, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	single := p.single(open)
	if len(single) < len(open) {
		if d, err := p.once("groups", func() (Drain, error) { return p.inGroups(open) }); !unsupported(err) {
			return d, err
		}
		d, err := p.numbered(single, solve)
		d.groups = false // those are not fixed in any way, whatever the rest is
		return d, err
	}
	d, err := p.numbered(open, solve)
	d.groups = true
	return d, err
}

// numbered fixes the numbers of the open streams, whose requests come one by one.
func (p problem) numbered(open []int, solve func(problem) (Drain, error)) (Drain, error) {
	if p.PoissonPools && len(open) > 0 {
		return p.unfixed(open, solve)
	}
	if d, err := p.fewOnCircle(open, 1); !unsupported(err) {
		return d, err
	}
	d, err := p.fixed(open, solve)
	if len(open) == 0 || err == nil && p.satisfiedBy(d) || err != nil && !unsupported(err) {
		return d, err
	}
	ways := []func() (Drain, error){p.whileBusy}
	if _, phased := phases(p.cfg.Service); phased && p.fewest(open) > fewAtMost {
		ways = append(ways, func() (Drain, error) { return p.around(open, 1) })
	}
	for _, way := range ways {
		other, err2 := way()
		switch {
		case unsupported(err2), err2 == nil && err == nil && !(other.AbsError < d.AbsError):
			continue
		case err2 != nil:
			return Drain{}, err2
		}
		if d, err = other.owningUp(fixedWhat), nil; p.satisfiedBy(d) {
			break
		}
	}
	return d, err
}

// fewOnCircle is the law on the circle where that is the first to be tried, if it takes no
// more than a share of what it may.
func (p problem) fewOnCircle(open []int, share float64) (Drain, error) {
	if _, phased := phases(p.cfg.Service); !phased || p.fewest(open) > fewAtMost {
		return Drain{}, &UnsupportedError{Chain, "its members are many, or its services have no phases"}
	}
	return p.once(fmt.Sprint("few on circle ", share), func() (Drain, error) {
		d, err := p.around(open, share)
		return d.owningUp(fixedWhat), err
	})
}

// around is the law on the circle, with an effort of its own.
func (p problem) around(open []int, share float64) (Drain, error) {
	p.effort = newEffort(circleEffort * share)
	return p.onCircle(open)
}

// satisfiedBy tells whether a law is as accurate as was asked for, which where it may be
// coarse is less than makes it exact.
func (p problem) satisfiedBy(d Drain) bool {
	return (d.Quality == Exact || p.coarse()) && d.AbsError <= p.tolerance()
}

const fixedWhat = "the numbers in its finite streams are fixed"

// fewAtMost is the number of members from which on the continuation is tried
// before the circle, which takes longer.
const fewAtMost = 100

// fewest members of the open streams.
func (p problem) fewest(open []int) float64 {
	fewest := math.Inf(1)
	for _, i := range open {
		n, _ := members(p.cfg.Arrivals.streams[i].Source)
		fewest = math.Min(fewest, float64(n))
	}
	return fewest
}

func unsupported(err error) bool {
	var refused *UnsupportedError
	return errors.As(err, &refused)
}

// fixed continues laws for Poisson numbers, which solve finds.
func (p problem) fixed(open []int, solve func(problem) (Drain, error)) (Drain, error) {
	rough := 0.0
	var mu sync.Mutex
	inner := func(q problem) (Drain, error) { // what a method approximates is no noise
		d, err := solve(q)
		mu.Lock()
		rough = math.Max(rough, d.rough)
		mu.Unlock()
		d.AbsError = math.Max(d.AbsError-d.rough, 1e-13)
		return d, err
	}
	var d Drain
	var err error
	if len(open) > 1 {
		var all []Drain
		if all, err = p.jointly(open, inner, p.Lane); err == nil {
			d = all[0].besideAtoms(p.fewest(open))
		}
	} else {
		d, err = p.fixing(inner, open)
	}
	d.AbsError, d.rough = math.Min(1, d.AbsError+rough), rough
	if len(open) == 0 {
		return d.owningUp("the law is found"), err
	}
	d.Tail, d.floor = 0, 0 // its digits are those of laws for Poisson numbers
	return d.owningUp(fixedWhat), err
}

// unfixed leaves the numbers in the open streams Poisson.
func (p problem) unfixed(open []int, solve func(problem) (Drain, error)) (Drain, error) {
	for _, i := range open {
		var err error
		if p, err = p.withMean(i, 1); err != nil {
			return Drain{}, err
		}
	}
	d, err := solve(p)
	d.Quality, d.Reason = Approximate, "finite streams are taken for Poisson streams, whose counts vary more"
	return d, err
}

// fixClaim is the error beyond which a law with fixed numbers is not called
// exact.
const fixClaim = 1e-6

// owningUp marks a law whose error is larger than an exact one's.
func (d Drain) owningUp(what string) Drain {
	if d.Quality == Exact && d.AbsError > fixClaim {
		d.Quality = Approximate
		d.Reason = fmt.Sprintf("%s to about %.0e of probability", what, d.AbsError)
	}
	return d
}

// settled lists the finite streams that matter. One that had sent everything
// before what the lane still remembers does not, and may as well be Poisson.
func (p problem) settled() (problem, []int, error) {
	var open []int
	known := p.known
	for i, s := range p.cfg.Arrivals.streams {
		n, _ := members(s.Source)
		switch {
		case n == 0:
		case known != nil && known.spent(s.Source):
			var err error
			if p, err = p.withMean(i, 1); err != nil {
				return p, nil, err
			}
		default:
			open = append(open, i)
			if known != nil && !known.empty && (s.Source.Begins() < known.at || s.Source.Begins() == known.at && len(s.Source.Jumps()) > 0) {
				p.known = nil // what is known depends on this stream
			}
		}
	}
	return p, open, nil
}

// remembering is p from where on what came before no longer matters.
func (p problem) remembering() problem {
	if p.known == nil {
		p.known = p.forgotten()
	}
	if p.known == nil {
		p.known = p.emptied()
	}
	return p
}

// spent tells whether a stream has sent everything by then.
func (k *start) spent(s Source) bool {
	rest := s.Flow(k.from, 1e300)
	return rest == 0 || k.empty && rest < spentRest
}

// fixing fixes the numbers of the open streams one inside the other.
func (p problem) fixing(solve func(problem) (Drain, error), open []int) (Drain, error) {
	if len(open) == 0 {
		return solve(p)
	}
	f := p.finite(open[0])
	return f.solve(func(q problem) (Drain, error) { return q.fixing(solve, open[1:]) })
}

package queueing

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// follower is a Markov chain on its way to the drained states.
type follower interface {
	Advance(t float64) error
	Trace(t float64, at []float64) (density []float64, err error)
	Time() float64
	Absorbed() float64
	Remaining() float64
	Err() float64
	Work() float64
	Mark() (back func())
}

// chainRecord follows a chain and keeps the density of its absorption in
// panels.
type chainRecord struct {
	chain  follower
	panels []panel
	atoms  []Atom
	length float64 // s, of the next panel
	gap    float64 // difference between what the panels and the chain absorbed
	most   float64 // work after which spare will do; 0: no bound
	rough  bool    // whether the chain is given up if more than spare is left then
	spare  float64
	effort *effort                 // nil: no bound
	spent  float64                 // of it
	jumps  func(t float64) float64 // about, up to t, of a lane that is busy; nil: unknown
	due    float64                 // jumps until the mean path has drained

	steady   func(t float64) float64 // requests that come after t beside those at constant rates; nil: +Inf
	closed   bool                    // the rest is an exponential law
	faithful bool                    // and off by no more than closeShare of itself
	since    int                     // panels before the instant at which something broke last
}

const (
	panelSpare = 1e-11 // of the largest coefficient, for the last ones of a panel
	panelDust  = 1e-18 // mass of a panel's last coefficients that needs no better
	mostPanels = 4000
	// followWork are the states times jumps, some two seconds, after which a
	// chain is followed no further than the tolerance calls for; after roughWork
	// one that is but an approximation is given up.
	followWork = 2e8
	roughWork  = 1e8
)

// record follows the chain until at most rest has not been absorbed, or spare
// once the work is done, or up to the instant to, at or before which nothing
// breaks.
func (r *chainRecord) record(to, rest float64) error {
	r.since = len(r.panels)
	for r.chain.Time() < to && r.chain.Remaining() > rest {
		err := r.spend()
		if err == nil {
			err = r.foreseen()
		}
		work := r.spent
		if err != nil {
			if r.close(to, closeRough) {
				return nil
			}
			return &UnsupportedError{Chain, fmt.Sprintf("following chains takes more than %.0e states times jumps, by when %.3g of the mass had not drained, after %.4g s", r.effort.whole, r.chain.Remaining(), r.chain.Time())}
		}
		if len(r.panels) >= mostPanels {
			return &UnsupportedError{Chain, fmt.Sprintf("%.3g of the mass had not drained after %d panels", r.chain.Remaining(), mostPanels)}
		}
		if r.most > 0 && work > r.most {
			if r.chain.Remaining() <= r.spare {
				return nil
			}
			if r.rough {
				return &UnsupportedError{Chain, fmt.Sprintf("%.3g of the mass had not drained after %.0e states times jumps", r.chain.Remaining(), work)}
			}
		}
		if err := r.panel(math.Min(to, r.chain.Time()+r.length)); err != nil {
			return err
		}
		if r.close(to, r.closeAllowed(rest)) {
			return nil
		}
	}
	return nil
}

// closeAllowed is the error that the end of a law may have, in which tails keep digits of
// their own as long as that takes little.
func (r *chainRecord) closeAllowed(rest float64) float64 {
	allowed := math.Max(closeError*r.spare, 1e3*rest)
	if rest <= chainRest && r.chain.Work() < closeSoon {
		allowed = math.Min(allowed, closeShare*r.chain.Remaining())
	}
	return allowed
}

const (
	closeSoon  = 2e7  // states times jumps, up to which the share of what is left counts
	closeShare = 1e-6 // of that
	closeError = 1e-3 // of the tolerance, that the end of a law may take of it
	closeRough = 1e-2 // error that will do where the effort is spent: what remains is further off
)

// close ends the law where its rate h(t) = density / mass left has settled: the
// decay of a chain of constant rates tends to its slowest mode. Halves of the
// last panel changed h by d1 and d2 of itself: what it has still to change is
// the rest d2 r/(1-r) of a geometric series, r = d2/d1, or as much in each
// further half until e^-42 is left, if that is less. Times the mass that is an
// error of the CDF, to which the law is closed if it is at most allowed. Panels
// from before a batch, or a jump of rates, know nothing of what comes after it.
func (r *chainRecord) close(to, allowed float64) bool {
	if len(r.panels) == r.since || !math.IsInf(to, 1) || r.steady == nil {
		return false
	}
	extra := r.steady(r.chain.Time()) // as likely as that they make a difference
	if !(extra <= math.Max(constantRest, allowed/10)) {
		return false
	}
	p := r.panels[len(r.panels)-1]
	if p.hi != r.chain.Time() { // it was cut and not replaced yet
		return false
	}
	mass, mid := r.chain.Remaining(), (p.lo+p.hi)/2
	h := p.density(p.hi) / mass
	if !(h > 0) {
		return false
	}
	before, first := p.density(mid)/(mass+p.beyond(mid)), p.density(p.lo)/(mass+p.mass)
	d1, d2 := math.Abs(before-first)/h, math.Abs(h-before)/h
	drift := d2 * math.Max(1, 2*tailEnd/(h*(p.hi-p.lo)))
	if d2 < d1 {
		drift = math.Min(drift, d2*d2/(d1-d2))
	}
	if !(mass*drift <= allowed) {
		return false
	}
	r.gap += mass * (drift + extra)
	r.panels = append(r.panels, exponentialTail(p.hi, mass, h)...)
	r.closed, r.faithful = true, drift+extra <= closeShare
	return true
}

// panel adds the density up to the instant hi, or a shorter panel where it
// takes more than a polynomial.
func (r *chainRecord) panel(hi float64) error {
	lo, before := r.chain.Time(), r.chain.Absorbed()
	back := r.chain.Mark()
	times, order := r.nodes(lo, hi)
	density, err := r.chain.Trace(hi, times)
	if err != nil {
		return err
	}
	values := make([]float64, len(order))
	for i, k := range order {
		values[k] = density[i]
	}
	p := newPanel(lo, hi, cheb16.coefficients(values))
	most, last := chebyshevTail(p.coef)
	enough := math.Max(panelSpare*most, panelDust/(hi-lo))
	if last > enough && hi-lo > 1e-9*hi {
		back()
		r.length = (hi - lo) / 2
		return nil
	}
	if hi-lo >= 0.99*r.length && last < 1e-3*enough {
		r.length *= 2
	}
	r.gap += math.Abs(r.chain.Absorbed() - before - p.mass)
	r.panels = append(r.panels, p)
	return nil
}

// nodes are the instants at which a panel wants the density, in order of time,
// and the place of each among the Chebyshev points.
func (r *chainRecord) nodes(lo, hi float64) (times []float64, order []int) {
	for i := range cheb16.x {
		order = append(order, i)
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(cheb16.x[i], cheb16.x[j]) })
	for _, i := range order {
		times = append(times, lo+(hi-lo)*(1+cheb16.x[i])/2)
	}
	return times, order
}

// chebyshevTail is the size of the largest coefficient and of the last ones.
func chebyshevTail(coef []float64) (most, last float64) {
	for i, c := range coef {
		most = math.Max(most, math.Abs(c))
		if i >= len(coef)-2 {
			last = math.Max(last, math.Abs(c))
		}
	}
	return most, last
}

// atom notes a mass that has drained at the present instant.
func (r *chainRecord) atom(mass float64) {
	if mass > 0 {
		r.atoms = append(r.atoms, Atom{r.chain.Time(), mass})
	}
}

// drain is the law of what has been recorded; never is the mass beyond.
func (r *chainRecord) drain(reason string) Drain {
	c := newCurve(r.panels, r.atoms, 0)
	d := Drain{Distribution: c, Method: Chain, Quality: Exact, Reason: reason}
	d.AbsError = math.Max(math.Max(math.Abs(1-c.total()), r.gap), math.Max(r.chain.Err(), 1e-13))
	for _, a := range c.atoms {
		if a.Mass > d.AbsError {
			d.Atoms = append(d.Atoms, a)
		}
	}
	return d
}

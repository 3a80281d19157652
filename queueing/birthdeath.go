package queueing

import (
	"math"
	"slices"
	"sort"
)

// birthDeath carries the law of the number in a lane of exponential servers
// forward in time: dp/dt = p Q(t) with births lam(t) and deaths mu min(n, c).
//
// A step writes p = e^(-qt) y, with q above every exit rate, so that the
// Taylor series of y has positive terms (uniformisation: A. Jensen, 1953),
// and lets the birth rate be a cubic in t within the step. The window of
// states moves with the mass.
type birthDeath struct {
	lane   *Lane
	check  func() // called before every step, to stop it; nil: none
	t      float64
	now    law
	absorb int     // state, and those below, that is never left; -1: none
	cut    float64 // mass that a step may lose at the ends of the window; 0: lawEpsilon

	inject func(t float64) float64 // density of mass that enters at state entry, nil: none
	entry  int

	record   bool    // keep the density of absorption
	terms    float64 // q h of the next step; it doubles up to stepTerms
	panels   []panel
	absorbed float64
	room     *room // for the steps; copies of a chain, which take turns, share it

	rough  float64    // what a step may be off by, where all that counts is the law at the end; 0: nothing
	off    float64    // by which such steps were off in all, at most
	stride float64    // s, the next one; 0: rates have just changed
	eulers *eulerRoom // memory that one leaves to the next
}

const (
	stepTerms    = 48.0 // q times the step
	chainEpsilon = 1e-17
	taylorMost   = 400
	settled      = 1e-14 // change in a step below which constant rates change nothing more
)

// run goes to the given instant; capacity and the streams' rates may break on
// the way and batches may arrive, at the end too.
func (b *birthDeath) run(to float64) {
	if to <= b.t {
		return
	}
	for i, at := range b.lane.stops(b.t, to) {
		b.terms = stepTerms
		if i > 0 {
			b.stride = 0
		}
		if b.record { // the density of absorption may have a boundary layer
			b.terms = 1.5
		}
		if b.rough > 0 && b.absorb < 0 && b.inject == nil && !b.record {
			b.euler(at)
		}
		b.smooth(at)
		b.join(at)
	}
}

// stops are the instants in (from,to] at which rates break or batches arrive,
// and to itself.
func (l *Lane) stops(from, to float64) []float64 {
	at := append(l.cfg.Arrivals.Breaks(from, to), l.CapacityBreaks(from, to)...)
	for _, j := range l.cfg.Arrivals.jumps {
		at = append(at, inside(j.At, from, to)...)
	}
	at = append(at, to)
	sort.Float64s(at)
	return slices.Compact(at)
}

// join adds the batches that arrive at t. Mass that is absorbed stays.
func (b *birthDeath) join(t float64) {
	for _, j := range b.lane.cfg.Arrivals.jumps {
		if j.At == t {
			b.now = b.now.plus(j.Size.law())
		}
	}
}

// smooth goes to an instant before which nothing breaks.
func (b *birthDeath) smooth(to float64) {
	constant := b.lane.cfg.Arrivals.Excess(b.t, math.Nextafter(to, 0)) == 0 && b.inject == nil && b.absorb < 0
	for b.t < to {
		if b.check != nil {
			b.check()
		}
		before := b.now
		h := b.length(to)
		b.step(h)
		if constant && before.differs(b.now) < settled {
			b.t = to
		}
		if to-b.t < 1e-12*to {
			b.t = to
		}
	}
}

// length of the next step: q h of stepTerms at most, and short enough for the
// birth rate to be a cubic.
func (b *birthDeath) length(to float64) float64 {
	h := math.Min(to-b.t, b.terms/b.exitRate(to))
	b.terms = math.Min(2*b.terms, stepTerms)
	for range lengthTries {
		cubic := b.births(h)
		worst := b.missed(cubic, h) / h
		for _, x := range [...]float64{0.08, 0.36, 0.64, 0.92} {
			worst = math.Max(worst, math.Abs(polynomial(cubic, x)-b.lane.cfg.Arrivals.Rate(b.t+x*h)))
		}
		if worst*h <= math.Max(1e-13*math.Max(1, 1e3*h/to), 10*b.cut) {
			break
		}
		h *= 0.7
	}
	return h
}

// lengthTries are the halvings that a step of a lifetime takes to one of a millisecond.
const lengthTries = 80

// missed is what the births of a step lack of the mean number that arrives, which is
// known without a look at the rate between the points where it is seen.
func (b *birthDeath) missed(births []float64, h float64) float64 {
	sum := 0.0
	for i, c := range births {
		sum += c / float64(i+1)
	}
	whole := b.lane.cfg.Arrivals.Flow(b.t, b.t+h)
	if off := math.Abs(whole - sum*h); off > meanRounding(b.t, h)*whole {
		return off
	}
	return 0
}

// meanRounding is the part of a mean number over a step that rounding may change, and
// that of the clock where rates change within few of its ticks.
func meanRounding(t, h float64) float64 { return math.Max(1e-10, 1e-14*(t+h)/h) }

// exitRate is at least the rate at which any state of the window is left.
func (b *birthDeath) exitRate(to float64) float64 {
	lam := 0.0
	for i := 0; i <= 4; i++ {
		lam = math.Max(lam, b.lane.cfg.Arrivals.Rate(b.t+(to-b.t)*float64(i)/4.001))
	}
	return 1.01*lam + b.deaths(b.now.hi()+1) + 1e-300
}

func (b *birthDeath) deaths(n int) float64 {
	c := b.lane.ServersAt(b.t)
	return float64(min(n, c)) / b.lane.cfg.Service.Mean()
}

// births interpolates the arrival rate by a cubic in the share x of the step.
func (b *birthDeath) births(h float64) []float64 {
	const n = 4
	values := make([]float64, n)
	for i, x := range cheb4.x {
		values[i] = b.lane.cfg.Arrivals.Rate(b.t + h*(1+x)/2)
	}
	c := monomials(cheb4.coefficients(values))
	for i := 1; i < n; i++ {
		if math.Abs(c[i]) < 1e-14*c[0] { // constant but for rounding
			c[i] = 0
		}
	}
	return c
}

// monomials turns Chebyshev coefficients on [-1,1] into powers of x on [0,1].
func monomials(coef []float64) []float64 {
	n := len(coef)
	out := make([]float64, n)
	before, now := make([]float64, n), make([]float64, n)
	before[0] = 1 // T_0
	now[0] = -1   // T_1 = 2x - 1
	if n > 1 {
		now[1] = 2
	}
	for k, c := range coef {
		t := before
		if k > 0 {
			t = now
		}
		for i := range out {
			out[i] += c * t[i]
		}
		if k == 0 {
			continue
		}
		next := make([]float64, n)
		for i := range next {
			next[i] = -2*now[i] - before[i]
			if i > 0 {
				next[i] += 4 * now[i-1]
			}
		}
		before, now = now, next
	}
	return out
}

func polynomial(c []float64, x float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*x + c[i]
	}
	return sum
}

// widen pads the window by the drift and so many standard deviations.
func (b *birthDeath) widen(lam, mu, h, sigmas float64) law {
	reach := func(gain, loss float64) int {
		return int(math.Max(0, gain-loss)+sigmas*math.Sqrt(gain)) + 10
	}
	up, down := reach(lam*h, mu*h), reach(b.deaths(b.now.lo)*h, 0)
	down = min(down, b.now.lo-max(b.absorb, 0))
	out := law{b.now.lo - down, make([]float64, down+len(b.now.p)+up)}
	copy(out.p[down:], b.now.p)
	if b.inject != nil { // the entry must be inside
		if out.lo > b.entry {
			out = law{b.entry, append(make([]float64, out.lo-b.entry), out.p...)}
		}
		for out.hi() < b.entry+up {
			out.p = append(out.p, 0)
		}
	}
	return out
}

// step advances by h. If mass was lost over the edges of the window the step
// is made again with more room.
func (b *birthDeath) step(h float64) {
	lam := b.births(h)
	top := 0.0
	for i := range 5 {
		top = math.Max(top, polynomial(lam, float64(i)/4))
	}
	for i := range lam {
		lam[i] *= h
	}
	before := b.now.mass()
	for sigmas := 4.0; ; sigmas += 4 {
		s, q, end := b.attempt(lam, top, h, sigmas)
		if b.inject == nil && sigmas < 12 && before-end.mass() > math.Max(1e-15, b.cut) {
			continue
		}
		if b.record && s.watch >= 0 && s.watch < s.n {
			b.keep(h, q, s.seen)
		}
		b.now = end
		b.settle()
		b.t += h
		return
	}
}

func (b *birthDeath) attempt(lam []float64, top, h, sigmas float64) (*stepper, float64, law) {
	if b.inject != nil {
		sigmas = 9
	}
	start := b.widen(top, b.deaths(b.now.hi()+1), h, sigmas)
	q := top*1.001 + b.deaths(start.hi())
	if b.room == nil {
		b.room = new(room)
	}
	s := &stepper{room: b.room, lo: start.lo, absorb: b.absorb, lam: lam, qh: q * h, n: len(start.p), small: math.Max(chainEpsilon, b.cut), watch: -1}
	s.rates(b, h)
	s.source = b.sourceTerms(h, q)
	s.entry = b.entry - start.lo
	if b.record {
		s.watch = b.absorb + 1 - start.lo
	}
	return s, q, law{start.lo, s.sum(start.p)}
}

// settle takes what has been absorbed out of the window.
func (b *birthDeath) settle() (mass float64) {
	mass, b.now = b.now.upTo(b.absorb)
	b.absorbed += mass
	b.now = b.now.without(math.Max(b.cut, lawEpsilon))
	return mass
}

// sourceTerms are the Taylor coefficients, in the share of the step, of
// h e^(qt) times the injected density.
func (b *birthDeath) sourceTerms(h, q float64) []float64 {
	if b.inject == nil {
		return nil
	}
	values := make([]float64, len(cheb8.x))
	sum := 0.0
	for i, x := range cheb8.x {
		values[i] = b.inject(b.t + h*(1+x)/2)
		sum += math.Abs(values[i])
	}
	if sum == 0 {
		return nil
	}
	g := monomials(cheb8.coefficients(values))
	terms := make([]float64, taylorMost)
	for j, c := range g {
		power := c * h
		for k := j; k < len(terms); k++ {
			terms[k] += power
			power *= q * h / float64(k-j+1)
		}
	}
	return terms
}

// keep turns the Taylor series of the state above the absorbing one into a
// panel of the density of absorption.
func (b *birthDeath) keep(h, q float64, seen []float64) {
	values := make([]float64, len(cheb16.x))
	rate := b.deaths(b.absorb + 1)
	for i, x := range cheb16.x {
		share := (1 + x) / 2
		values[i] = rate * polynomial(seen, share) * math.Exp(-q*h*share)
	}
	b.panels = append(b.panels, newPanel(b.t, b.t+h, cheb16.coefficients(values)))
}

var (
	cheb4  = newChebyshev(4)
	cheb8  = newChebyshev(8)
	cheb16 = newChebyshev(16)
)

package queueing

import (
	"math"
	"sort"
)

// renewalFunction is the mean and the variance of the number N(t) of services that a busy server
// ends in a time t, the first of which begins at 0, less what they are of a server in
// equilibrium in the long run, t/E S and SCV t/E S. With F the CDF of a service the mean m and
// the half m2 of E N(N-1) are
//
//	m = F + F*m,    m2 = m*m,    Var N = m + 2 m2 - m^2
//
// (D. R. Cox, Renewal Theory, Methuen 1962, sections 4.1 and 4.5), here by transforms on the grid
// of [renewalCounts]. The mean is ahead by (SCV-1)/2 services in the end. Where services are
// alike the variance falls between the instants at which they end; as far as it does, it is the
// most that it was.
type renewalFunction struct {
	mean, scv     float64   // of a service, mean in s
	at            []float64 // s
	ahead, spread []float64 // services, at those
	area          []float64 // s, of ahead
}

// newRenewalFunction of services that are not exponential; of those it is nil.
func newRenewalFunction(s Service) *renewalFunction {
	if _, is := s.(Exponential); is {
		return nil
	}
	scv, mean := s.SCV(), s.Mean()
	g := newRenewalCounts(s, []float64{mean * renewalReach(scv)})
	u := g.transform(g.fresh)
	for i, f := range u {
		u[i] = f / (1 - f)
	}
	first := g.sums(u)
	for i, z := range u {
		u[i] = z * z
	}
	second := g.sums(u)
	r := &renewalFunction{mean: mean, scv: scv, at: []float64{0}, ahead: []float64{0}, spread: []float64{0}, area: []float64{0}}
	most := 0.0
	for i, m := range first {
		t := (float64(i) + 0.5) * g.width
		if t > g.times[0] {
			break
		}
		most = math.Max(most, m+2*second[i]-m*m)
		r.area = append(r.area, r.area[i]+(t-r.at[i])*(r.ahead[i]+m-t/mean)/2)
		r.at = append(r.at, t)
		r.ahead = append(r.ahead, m-t/mean)
		r.spread = append(r.spread, most-scv*t/mean)
	}
	return r
}

// renewalReach is how long a server's beginning is followed, in services: the longer the more
// they vary, as one that goes on may last, or the more alike they are.
func renewalReach(scv float64) float64 {
	return math.Min(renewalLongest, math.Max(16*(1+scv), 4/math.Max(scv, 0.01)))
}

const renewalLongest = 256

// sums are those of the masses with a tilted transform, up to each point of the grid.
func (g *renewalCounts) sums(freq []complex128) []float64 {
	seq := g.fft.Sequence(nil, freq)
	sum := 0.0
	for i, x := range seq {
		sum += x / (countGrid * g.tilt[i])
		seq[i] = sum
	}
	return seq
}

// of are the mean and the variance after t, less those in equilibrium.
func (r *renewalFunction) of(t float64) (ahead, spread float64) {
	return r.between(r.ahead, t), r.between(r.spread, t)
}

// between interpolates values.
func (r *renewalFunction) between(of []float64, t float64) float64 {
	n := len(r.at) - 1
	switch {
	case t <= 0:
		return 0
	case t >= r.at[n]:
		return of[n]
	}
	i := sort.SearchFloat64s(r.at, t)
	return of[i-1] + (t-r.at[i-1])/(r.at[i]-r.at[i-1])*(of[i]-of[i-1])
}

// areaTo is the integral of ahead.
func (r *renewalFunction) areaTo(t float64) float64 {
	n := len(r.at) - 1
	return r.between(r.area, t) + math.Max(0, t-r.at[n])*r.ahead[n]
}

// settling is the variance of the number of services that a server in equilibrium ends in t, over
// their mean,
//
//	1 + 2/t (integral from 0 to t of m(x) - x/E S)
//
// (D. R. Cox, Renewal Theory, Methuen 1962, section 4.5): 1 at first, whatever the SCV, which it is
// in the end.
func (r *renewalFunction) settling(t float64) float64 {
	if t <= 0 {
		return 1
	}
	return math.Max(0, 1+2*r.areaTo(t)/t)
}

// smoothed has the mean over as much of a service around each instant as services are alike, for
// those who look at no single end of them.
func (r *renewalFunction) smoothed() *renewalFunction {
	if r == nil || r.scv >= 1 {
		return r
	}
	out := *r
	out.ahead = make([]float64, len(r.at))
	for i, t := range r.at[1:] {
		h := math.Min(t, (1-r.scv)*r.mean/2)
		out.ahead[i+1] = (r.areaTo(t+h) - r.areaTo(t-h)) / (2 * h)
	}
	return &out
}

// beginnings are the instants at which servers have begun together, and the share of the servers
// at each; the others are in equilibrium.
type beginnings struct {
	law  *renewalFunction // nil: it does not matter when they began
	from []beginning      // in order
}

type beginning struct{ at, share float64 }

const (
	beginningsMost = 24       // instants that are told apart
	beginningsNear = 1.0 / 64 // of the time since, instants that are one
)

// begin notes that a share of the servers begins at t. Those that idled were in equilibrium, as
// far as there are others.
func (b *beginnings) begin(t, share float64) {
	if b.law == nil || !(share > 0) {
		return
	}
	all := 0.0
	for _, x := range b.from {
		all += x.share
	}
	if share = math.Min(share, 1); all+share > 1 {
		b.shrink((1 - share) / all)
	}
	b.from = append(b.from, beginning{t, share})
	for i := len(b.from) - 1; i > 0; i-- {
		if a, c := b.from[i-1], b.from[i]; c.at-a.at <= beginningsNear*(t-a.at) || len(b.from) > beginningsMost && i == 1 {
			all := a.share + c.share
			b.from[i-1] = beginning{(a.at*a.share + c.at*c.share) / all, all}
			b.from = append(b.from[:i], b.from[i+1:]...)
		}
	}
}

// shrink is for servers of which they are another share.
func (b *beginnings) shrink(by float64) {
	kept := b.from[:0]
	for _, x := range b.from {
		if x.share *= by; x.share > 0 {
			kept = append(kept, x)
		}
	}
	b.from = kept
}

// moves are the services that a server ends on the mean in (s,t), and the variance of their
// number, beyond those of one in equilibrium.
func (b *beginnings) moves(s, t float64) (ahead, spread float64) {
	for _, x := range b.from {
		a, v := b.law.of(s - x.at)
		c, w := b.law.of(t - x.at)
		ahead += x.share * (c - a)
		spread += x.share * (w - v)
	}
	return ahead, spread
}

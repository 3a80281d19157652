package queueing

import "math"

// groupedPassage is [transformPassage] where requests come in groups of r_g, groups
// at Poisson instants of intensity lam_g, a_g of them over (s,t] on average. The
// kernels of its two identities are then
//
//	1/(2 pi i) integral of e^phi S*^k dz,   phi = z u - sum a_g (1 - S*^r_g),
//	1/(2 pi i) integral of e^phi S*^k sum lam_g (-(S*^r_g)') dz,
//
// the second for a group that comes when the work is negative and lifts it to 0, a
// group weighted by its work. Either equals the same integral over the density of
// the passage, which the difference does too. The integral of e^phi S*^k phi' is
// that of e^phi k S*^(k-1) (-S*') by parts, and phi' = u + sum a_g (S*^r_g)', so that
//
//	u e^phi S*^k  is worth  e^phi (k S*^(k-1) (-S*') + sum a_g S*^k (-(S*^r_g)'))
//
// and with -(S*^r)' = r S*^(r-1) (-S*') the difference is
//
//	1/(2 pi i u) integral of e^phi S*^(k-1) (-S*') (k + sum E_g S*^r_g) dz,
//
// E_g = r_g (a_g - lam_g u) being the excess in requests.
type groupedPassage struct {
	busyPassage
	sums    *groupSums
	sources []groupSource
}

// groupSource is the streams that come in groups of a size.
type groupSource struct {
	size int
	of   []Source
}

// groupSources sorts the streams of a lane, whose finite ones are Poisson.
func (l *Lane) groupSources() (all []groupSource) {
next:
	for _, st := range l.cfg.Arrivals.streams {
		size, source := 1, st.Source
		if h, is := source.(heldBack); is {
			source = h.poissonPool
		}
		if a, is := poissonOf(source); is {
			_, size = members(a.Source)
		}
		for i := range all {
			if all[i].size == size {
				all[i].of = append(all[i].of, st.Source)
				continue next
			}
		}
		all = append(all, groupSource{size, []Source{st.Source}})
	}
	return all
}

func newGroupedPassage(l *Lane, start float64, from law, level int, sums *groupSums) *groupedPassage {
	p := &groupedPassage{sums: sums, sources: l.groupSources()}
	mean := l.cfg.Service.Mean()
	p.busyPassage = newBusyPassage(l, start, from, level, func(t float64) (float64, func(k float64) float64) {
		u, flows := t-start, p.flows(start, t)
		return u/mean - l.cfg.Arrivals.Flow(start, t), func(k float64) float64 { return sums.exponent(k, u, flows) }
	})
	return p
}

// flows over (s,t].
func (p *groupedPassage) flows(s, t float64) []groupFlow {
	out := make([]groupFlow, 0, len(p.sources))
	for _, g := range p.sources {
		f := groupFlow{size: g.size}
		for _, source := range g.of {
			f.mean += source.Flow(s, t) / float64(g.size)
			f.excess += source.Excess(s, t)
		}
		if f.mean > 0 || f.excess != 0 {
			out = append(out, f)
		}
	}
	return out
}

// scale is the time between events: groups that come and services that end.
func (p *groupedPassage) scale(t float64) float64 {
	return 1 / (1/p.sums.shortest() + p.lane.cfg.Arrivals.Rate(t))
}

func (p *groupedPassage) row(t float64) (float64, func(float64) float64, func(a, b, exponent float64) bool) {
	kernel := func(s float64) float64 {
		if t <= s {
			return 0
		}
		b, flows, sum := p.batches(s, t), p.flows(s, t), 0.0
		for i, w := range b.p {
			if w > 0 {
				sum += w * p.sums.sum(float64(b.lo+i), t-s, flows) / (t - s)
			}
		}
		return sum
	}
	return p.source(t), kernel, func(a, b, exponent float64) bool { return p.stillFrom(a, b, t, exponent) }
}

// stillFrom tells whether the kernel at t is small throughout (a,b).
func (p *groupedPassage) stillFrom(a, b, t, exponent float64) bool {
	return p.off(a, b, t, exponent, func(s float64) float64 { return p.still(s, t) })
}

// still is the exponent of the free process being where it was after (s,t].
func (p *groupedPassage) still(s, t float64) float64 {
	b := p.batches(s, t)
	mean := (t-s)/p.lane.cfg.Service.Mean() - p.lane.cfg.Arrivals.Flow(s, t)
	k := math.Min(math.Max(mean, float64(b.lo)), float64(b.hi()))
	return p.sums.exponent(k, t-s, p.flows(s, t))
}

func (p *groupedPassage) source(t float64) float64 {
	u := t - p.start
	if u <= 0 {
		return 0
	}
	flows := p.flows(p.start, t)
	served := u / p.lane.cfg.Service.Mean()
	arrived, variance := 0.0, served*p.lane.cfg.Service.SCV()
	for _, g := range flows {
		n := g.mean * float64(g.size)
		arrived, variance = arrived+n, variance+n*float64(g.size)
	}
	return p.average(p.batches(p.start, t), served-arrived, math.Sqrt(variance), func(k float64) float64 {
		return p.sums.sum(k, u, flows) / u
	})
}

package queueing

import (
	"math"
	"slices"
	"sort"
)

// FluidPath is the mean-field backlog at the given times (s, in increasing
// order, none negative): the solution of n' = lam(t) - mu min(n, c(t)) with mu
// the service rate of one server, which jumps by the mean size of each batch.
// It is the limit of the backlog of ever larger lanes and a sanity check for
// small ones: near an empty lane it knows nothing of chance.
func FluidPath(l *Lane, times []float64) []float64 {
	out := make([]float64, len(times))
	if len(times) == 0 {
		return out
	}
	f := fluid{l, l.Initial().Mean(), 0}
	ks := l.knots(0, math.Max(times[len(times)-1], 1))
	for i, t := range times {
		next := sort.Search(len(ks), func(k int) bool { return ks[k].at > f.t })
		for ; next < len(ks) && ks[next].at <= t; next++ {
			f.advance(ks[next].at)
			f.n += l.jumpAt(ks[next].at)
		}
		f.advance(t)
		out[i] = f.n
	}
	return out
}

type fluid struct {
	lane *Lane
	n, t float64
}

// advance integrates to t, between two knots: capacity is constant and the
// arrival rate stays on one side of it.
func (f *fluid) advance(t float64) {
	if t <= f.t {
		return
	}
	l, from, n := f.lane, f.t, f.n
	c := float64(l.ServersAt(from))
	full := func(u float64) float64 { return n + l.cfg.Arrivals.Flow(from, u) - l.Work(from, u) }
	part := func(u float64) float64 { return l.relax(n, from, u) }
	switch {
	case c == 0:
		f.n = n + l.cfg.Arrivals.Flow(from, t)
	case n > c || n == c && l.cfg.Arrivals.Rate(from) > l.Capacity(from):
		f.n = full(t)
		if f.n < c { // it falls throughout
			f.n, f.t = c, bisect(from, t, func(u float64) bool { return full(u) > c })
			f.n = l.relax(c, f.t, t)
		}
	default:
		f.n = part(t)
		if f.n > c { // it rises above all servers once
			f.t = bisect(from, t, func(u float64) bool { return part(u) < c })
			f.n = c + l.cfg.Arrivals.Flow(f.t, t) - l.Work(f.t, t)
		}
	}
	f.n, f.t = math.Max(f.n, 0), t
}

// relax solves n' = lam - mu n from n at s to t. What arrived more than 40
// service times before t has left.
func (l *Lane) relax(n, s, t float64) float64 {
	m := l.cfg.Service.Mean()
	n *= math.Exp(-(t - s) / m)
	edges := []float64{t}
	for back := m / 2; t-back > s && back < 40*m; back *= 2 {
		edges = append(edges, t-back)
	}
	edges = append(edges, math.Max(s, t-40*m))
	slices.Reverse(edges)
	for i := 1; i < len(edges); i++ {
		half, mid := (edges[i]-edges[i-1])/2, (edges[i]+edges[i-1])/2
		for j, x := range gauss8.x {
			u := mid + half*x
			n += gauss8.w[j] * half * l.cfg.Arrivals.Rate(u) * math.Exp(-(t-u)/m)
		}
	}
	return n
}

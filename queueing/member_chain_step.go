package queueing

import (
	"fmt"
	"math"
)

// comersSeries is the series of g in the share x of a step, for one number of members
// that have come: as in [circle.follow] y = e^(q x) g has one term v_j for each power,
//
//	(j+1) v_(j+1) = (q + h A) v_j + h sum_i b_i (U - 1) v_(j-i) + h k sum_i f_i U^r w_(j-i),
//
// w the terms where one fewer has come, and those of what is drained are followed alike.
type comersSeries struct {
	terms  []realWindow // the last ones, the newest first; nil where there is nothing yet
	next   realWindow
	sum    []float64
	lo, hi int       // levels of sum that hold mass
	gone   []float64 // terms of what is drained
	flows  []float64 // what each term drains
	cut    float64   // of the newest term
	size   float64   // of it
}

// realWindow is a term: levels lo to hi-1 of v hold mass.
type realWindow struct {
	lo, hi int
	v      []float64
}

// comersStep is what all numbers share in a step.
type comersStep struct {
	*memberChain
	circleStep
	base   int         // requests at the arrays' beginning
	states int         // of an array
	rates  [][]float64 // of each pool, of one member in the step, as polynomials of its share
	depth  int         // of polynomials
	series []comersSeries
	room   float64 // states that may still be taken
}

// follow takes all numbers through a step.
func (c *memberChain) follow(s circleStep) error {
	f := c.stepOf(s)
	most := int(s.q+12*math.Sqrt(s.q)) + 40
	left := c.left(c.t)
	for index := range c.laws {
		f.series[index].cut = circleCut / (1e-300 + c.weight(index, left))
		f.start(index)
	}
	for j := range most {
		done := float64(j) > s.q
		for index := len(f.series) - 1; index >= 0; index-- { // those that one more has come to first
			f.term(index, j)
			x := &f.series[index]
			done = done && x.size+math.Abs(x.gone[j+1]) < x.cut
		}
		if done {
			break
		}
	}
	f.emit()
	f.end()
	return nil
}

// stepOf sizes the arrays: up to the most that may come by the last term.
func (c *memberChain) stepOf(s circleStep) *comersStep {
	f := &comersStep{memberChain: c, circleStep: s, depth: 1, series: make([]comersSeries, len(c.laws)), room: membersStates}
	most := int(s.q+12*math.Sqrt(s.q)) + 40
	rise := most + 1
	for i, poly := range s.pools {
		scaled := make([]float64, len(poly))
		for j, x := range poly {
			scaled[j] = x * s.h / c.members[i]
		}
		f.rates = append(f.rates, scaled)
		f.depth = max(f.depth, len(scaled))
		rise += c.sizes[c.groups[i]] * min(most, c.counts[i])
	}
	f.depth = max(f.depth, len(s.base))
	m := c.service.Phases()
	lo, hi := math.MaxInt, 0
	for _, x := range c.laws {
		if len(x.p) > 0 {
			lo, hi = min(lo, x.lo), max(hi, x.lo+len(x.p)/m)
		}
	}
	lo = min(lo, hi)
	f.base = max(0, max(c.level+1, 0), lo-most)
	f.base = min(f.base, lo)
	f.states = hi - f.base + rise
	return f
}

// start puts the law there is into the series.
func (f *comersStep) start(index int) {
	x, s := f.laws[index], &f.series[index]
	s.gone = append(s.gone, x.gone)
	if len(x.p) == 0 {
		return
	}
	f.open(s)
	m := f.service.Phases()
	t := &s.terms[0]
	t.lo, t.hi = x.lo-f.base, x.lo-f.base+len(x.p)/m
	copy(t.v[t.lo*m:], x.p)
	copy(s.sum, t.v)
	s.lo, s.hi = t.lo, t.hi
}

// open makes room for a series.
func (f *comersStep) open(s *comersSeries) {
	size := f.states * f.service.Phases()
	if f.room -= float64(size * (f.depth + 2)); f.room < 0 {
		panic(stopped{&UnsupportedError{Chain, fmt.Sprintf("the members that have come and the requests make more than %.0e states", float64(membersStates))}})
	}
	s.terms = make([]realWindow, f.depth)
	for i := range s.terms {
		s.terms[i].v = make([]float64, size)
	}
	s.next.v, s.sum = make([]float64, size), make([]float64, size)
}

// feed is a series where one member of a pool fewer has come, times as many as have.
type feed struct {
	of    *comersSeries
	rates []float64 // of one member
	size  int       // requests that come with it
	k     float64
}

// feeds are those of an index.
func (f *comersStep) feeds(index int) (all []feed) {
	for i, rates := range f.rates {
		if k := f.come(index, i); k > 0 && len(rates) > 0 {
			all = append(all, feed{&f.series[index-f.radix[i]], rates, f.sizes[f.groups[i]], float64(k)})
		}
	}
	return all
}

// reached is the levels that the next term may hold before services and single arrivals.
func (s *comersSeries) reached(feeds []feed) (from, to int) {
	from, to = s.reach()
	for _, x := range feeds {
		lo, hi := x.of.reach()
		switch {
		case lo >= hi:
		case from >= to:
			from, to = lo+x.size, hi+x.size
		default:
			from, to = min(from, lo+x.size), max(to, hi+x.size)
		}
	}
	return from, to
}

// term adds the next one to a series.
func (f *comersStep) term(index, j int) {
	s, feeds := &f.series[index], f.feeds(index)
	flow, gone := 0.0, f.q*s.gone[j]
	for _, x := range feeds {
		for r, rate := range x.rates[:min(len(x.rates), j+1)] {
			gone += x.k * rate * x.of.gone[j-r]
		}
	}
	from, to := s.reached(feeds)
	if from < to && s.terms == nil {
		f.open(s)
		s.lo, s.hi = f.states, 0
	}
	s.size = 0
	if s.terms != nil {
		m := f.service.Phases()
		s.next.lo, s.next.hi = max(0, from-1), min(to+1, f.states)
		if from >= to {
			s.next.lo, s.next.hi = 0, 0
		}
		clear(s.next.v[s.next.lo*m : s.next.hi*m])
		flow = f.serve(s)
		f.others(s, j)
		for _, x := range feeds {
			f.join(s, x, j)
		}
		f.take(s, j)
		f.work += float64(max(0, to-from)*m) * float64(f.depth*(1+len(feeds))+4) / 4
	}
	s.flows = append(s.flows, flow)
	if float64(j+1) < f.q {
		s.cut *= f.q / float64(j+1)
	}
	s.gone = append(s.gone, (gone+flow)/float64(j+1))
}

// reach is the levels of the last terms.
func (s *comersSeries) reach() (from, to int) {
	from, to = math.MaxInt, 0
	for _, t := range s.terms {
		if t.lo < t.hi {
			from, to = min(from, t.lo), max(to, t.hi)
		}
	}
	return min(from, to), to
}

// serve adds (q + h A) v to the next term and returns what is drained.
func (f *comersStep) serve(s *comersSeries) (drained float64) {
	m := f.service.Phases()
	v, next := &s.terms[0], s.next.v
	for k := v.lo; k < v.hi; k++ {
		n := f.base + k
		here := v.v[k*m : (k+1)*m]
		busy := float64(min(n, f.servers))
		served := 0.0
		for i, x := range here {
			next[k*m+i] += f.q * x
			if busy == 0 {
				continue
			}
			out := busy * f.h * f.service.Exit[i] * x
			next[k*m+i] -= out
			served += out
			if i < len(f.service.Rates) {
				for j, r := range f.service.Rates[i] {
					if r > 0 && j != i {
						next[k*m+i] -= f.h * r * x
						next[k*m+j] += f.h * r * x
					}
				}
			}
		}
		switch {
		case served == 0:
		case n-1 <= f.level:
			drained += served
		default:
			f.enters(next[(k-1)*m:k*m], n-1, served)
		}
	}
	return drained
}

// others adds what comes beside the pools.
func (f *comersStep) others(s *comersSeries, j int) {
	m := f.service.Phases()
	for r, x := range f.circleStep.base {
		if r > j || x == 0 {
			continue
		}
		t := &s.terms[r]
		from, to := s.next.v[:t.hi*m], s.next.v[m:]
		first := t.lo
		if f.base+first == 0 && first < t.hi {
			y := x * f.h * t.v[0]
			from[0] -= y
			f.enters(to[:m], 1, y)
			first++
		}
		for i := first * m; i < len(from); i++ {
			y := x * f.h * t.v[i]
			from[i] -= y
			to[i] += y
		}
	}
}

// join adds what members make of a series where one fewer has come.
func (f *comersStep) join(s *comersSeries, x feed, j int) {
	for r, rate := range x.rates {
		if r <= j && rate != 0 && x.of.terms != nil {
			f.raise(s.next.v, &x.of.terms[r], x.size, x.k*rate)
		}
	}
}

// raise adds a term moved up by so many requests.
func (f *comersStep) raise(next []float64, t *realWindow, size int, w float64) {
	m := f.service.Phases()
	from := t.lo
	if f.base+from == 0 && from < t.hi {
		f.enters(next[size*m:(size+1)*m], size, w*t.v[0])
		from++
	}
	if from < t.hi {
		to := next[(from+size)*m:]
		for i, x := range t.v[from*m : t.hi*m] {
			to[i] += w * x
		}
	}
}

// take makes the next term the newest one.
func (f *comersStep) take(s *comersSeries, j int) {
	m := f.service.Phases()
	v := s.next
	scale := 1 / float64(j+1)
	for i := v.lo * m; i < v.hi*m; i++ {
		v.v[i] *= scale
	}
	v.narrow(m, s.cut)
	for i := v.lo * m; i < v.hi*m; i++ {
		x := v.v[i]
		s.sum[i] += x
		if x = math.Abs(x); x > s.size {
			s.size = x
		}
	}
	if v.lo < v.hi {
		s.lo, s.hi = min(s.lo, v.lo), max(s.hi, v.hi)
	}
	old := s.terms[len(s.terms)-1]
	copy(s.terms[1:], s.terms)
	s.terms[0], s.next = v, old
}

// narrow leaves levels of m states out at both ends that hold next to nothing.
func (t *realWindow) narrow(m int, cut float64) {
	little := func(k int) bool {
		for _, x := range t.v[k*m : (k+1)*m] {
			if math.Abs(x) >= cut {
				return false
			}
		}
		return true
	}
	for t.lo < t.hi && little(t.lo) {
		t.lo++
	}
	for t.hi > t.lo && little(t.hi-1) {
		t.hi--
	}
}

// emit adds the density e^(-q x) sum_k flow_k x^k of each number.
func (f *comersStep) emit() {
	for i, t := range f.traced {
		x := (t - f.from) / f.h
		left := f.left(t)
		for index := range f.series {
			flows, sum := f.series[index].flows, 0.0
			for k := len(flows) - 1; k >= 0; k-- {
				sum = sum*x + flows[k]
			}
			if sum > 0 {
				f.density[i] += f.weight(index, left) * sum * math.Exp(-f.q*x) / f.h
			}
		}
	}
}

// end makes the sums the laws.
func (f *comersStep) end() {
	m := f.service.Phases()
	shrink := math.Exp(-f.q)
	left := f.left(f.from + f.h)
	for index := range f.series {
		s := &f.series[index]
		x := comers{}
		for _, v := range s.gone {
			x.gone += v * shrink
		}
		if s.terms != nil && s.lo < s.hi {
			all := realWindow{s.lo, s.hi, s.sum}
			for i := all.lo * m; i < all.hi*m; i++ {
				all.v[i] *= shrink
			}
			all.narrow(m, circleCut/(1e-300+f.weight(index, left)))
			x.lo, x.p = f.base+all.lo, all.v[all.lo*m:all.hi*m]
		}
		f.laws[index] = x
	}
}

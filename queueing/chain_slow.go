package queueing

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"singlelane/queueing/markov"
)

// One exponential server whose services take the longer the more wait when they begin
// ([SlowDown]). The number in the lane is no Markov chain: a service goes on at the pace
// of its beginning, whatever comes meanwhile. The number with those who have come since
// is one. A state is an empty lane, or n requests and the offset d, the number that have
// come since the service began, which found w = n-1-d waiting:
//
//	(n,d) -> (n+1,d+1) at lam(t),   (n,d) -> (n-1,0) at mu/(1 + (factor-1) min(1, w/at)),
//
// and (1,d) to the empty lane. A service that has begun with an empty lane found nobody
// waiting, whatever comes with it: it has a mark of its own in place of the offset. An
// offset of k or more arrivals in one service at a load of rho has the probability
// (rho/(1+rho))^k. Those that leave w at `at` or more are alike, and one state.
type slowWalk struct {
	watchedWalk
	offsets int // followed
	at      int
	top     int
	first   []int // the first state of so many requests, up to top+1
}

const (
	slowWork    = 4e9   // multiplications that it may take to follow, by an estimate, divided by the means
	slowEffort  = 1.5e9 // states times jumps, some twelve seconds
	slowCoarse  = 20    // times less where the law may be coarse
	slowOffsets = 400
	slowSigmas  = 8.0
	slowDigits  = 25.0 // -ln of the probability of more offsets than are followed
)

// bySlowChain follows a lane whose servers slow down, with a bound on its queue or none:
// one as it is, several at the mean lag of their paces.
func (p problem) bySlowChain() (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{Chain, why} }
	if _, is := p.cfg.Service.(Exponential); !is || p.begin < p.cfg.DownFor {
		return refuse("slow-down is followed for exponential servers, from when they are there")
	}
	factor := p.cfg.Mechanisms.slowestFactor()
	if !(p.cfg.Arrivals.LongRun()*factor < p.FinalCapacity()) {
		return refuse("its servers may slow down for ever")
	}
	slowest, err := p.slowest(factor)
	if err != nil {
		return Drain{}, err
	}
	q, streams, err := p.settled()
	most := slowWork
	q.effort = newEffort(slowEffort)
	if len(streams) > 0 {
		most /= finiteLikely
	}
	if p.coarse() {
		most /= slowCoarse
		q.effort = newEffort(slowEffort / slowCoarse)
	}
	open := func(q problem) (Drain, error) { return q.followSlow(slowest, most) }
	several := p.FinalServers() > 1
	if several {
		open = func(q problem) (Drain, error) { return q.followLag(slowest, lagWork*most/slowWork) }
	}
	switch {
	case err != nil:
		return Drain{}, err
	case len(streams) > 0 && !q.PoissonPools && (len(q.single(streams)) < len(streams) || !several && q.fewest(streams) <= fewAtMost):
		return refuse("groups, and members that are few, before a server that slows down are not followed")
	}
	d, err := q.opened(streams, open)
	if several {
		d.Quality, d.Reason = Approximate, "the number in the lane is followed at the mean lag of its services' paces"
	}
	return d, err
}

// opened finds a law with the numbers in the open streams fixed, or taken for Poisson.
func (p problem) opened(streams []int, solve func(problem) (Drain, error)) (Drain, error) {
	switch {
	case len(streams) == 0:
		return solve(p)
	case p.PoissonPools:
		return p.unfixed(streams, solve)
	}
	return p.fixed(streams, solve)
}

// slowestFactor is that of services which begin as many wait as may.
func (m Mechanisms) slowestFactor() float64 {
	s := m.SlowDown
	if m.Limited {
		return 1 + (s.Factor-1)*math.Min(1, float64(m.QueueLimit)/float64(s.At))
	}
	return s.Factor
}

// slowest is the lane with services as long as the longest, which has no fewer requests.
func (p problem) slowest(factor float64) (problem, error) {
	cfg := p.cfg
	cfg.Mechanisms = Mechanisms{}
	cfg.Service = Exponential{factor * cfg.Service.Mean()}
	l, err := NewLane(cfg)
	if err != nil {
		return p, err
	}
	p.Lane = l
	return p, nil
}

func (p problem) followSlow(slowest problem, most float64) (Drain, error) {
	peak, end := slowest.fluidEnd()
	batches := 0
	for _, j := range p.cfg.Arrivals.jumps {
		if j.At > 0 {
			batches += j.Size.law().hi()
		}
	}
	offsets := 4 + batches
	if load := p.fastestArrivals(end) * slowest.cfg.Service.Mean(); load > 0 {
		all := p.cfg.Arrivals.Flow(0, end) // and some standard deviations: no more come in one service
		all += slowSigmas*math.Sqrt(all) + 2*slowSigmas
		offsets += int(math.Min(math.Min(slowDigits/math.Log1p(1/load), all), slowOffsets))
	}
	top := int(peak + 10*math.Sqrt(2*(p.cfg.Arrivals.Mean(0, end)+p.Work(0, end)+100)) + 60)
	m := p.cfg.Mechanisms
	if m.Limited {
		top = 1 + m.QueueLimit
	}
	return p.slowlyUpTo(top, offsets, end, most)
}

// slowlyUpTo follows so many requests and offsets, and twice as many where they do not
// do, if it takes no more than the most up to the end of the mean path.
func (p problem) slowlyUpTo(top, offsets int, end, most float64) (Drain, error) {
	m := p.cfg.Mechanisms
	for {
		if offsets > slowOffsets || float64(top)*float64(offsets) > markov.MaxStates {
			return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("up to %d requests, of whom %d may have come in one service, are too many to follow", top, offsets)}
		}
		f := newSlowWalk(offsets, m.SlowDown.At, top)
		if cost := sourcesCost(p.Lane, end, f.first[top+1], 3, p.FinalCapacity()); cost > most {
			return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("following how many have come in each service would take %.0e steps times states", cost)}
		}
		d, err := p.slowly(f)
		if !errors.Is(err, errEdge) {
			return d, err
		}
		if offsets *= 2; !m.Limited {
			top *= 2
		}
	}
}

// fastestArrivals is the highest rate of arrivals up to the end, peaks too narrow to be
// seen at a few instants found by the mean number that comes around them.
func (p problem) fastestArrivals(end float64) float64 {
	a := p.cfg.Arrivals
	var highest func(from, to float64, depth int) float64
	highest = func(from, to float64, depth int) float64 {
		seen := 0.0
		for i := range 5 {
			seen = math.Max(seen, a.Rate(from+(to-from)*(0.001+0.998*float64(i)/4)))
		}
		mean := a.Flow(from, to) / (to - from)
		if mid := (from + to) / 2; depth > 0 && mean > 1.01*seen {
			return math.Max(highest(from, mid, depth-1), highest(mid, to, depth-1))
		}
		return math.Max(seen, mean)
	}
	most, from := 0.0, 0.0
	for _, at := range p.stops(0, end) {
		const pieces = 32
		for i := range pieces {
			lo, hi := from+(at-from)*float64(i)/pieces, from+(at-from)*float64(i+1)/pieces
			if hi > lo {
				most = math.Max(most, highest(lo, hi, 40))
			}
		}
		from = at
	}
	return most
}

// slowly follows the states.
func (p problem) slowly(f *slowWalk) (Drain, error) {
	f.up = p.cfg.DownFor
	s, err := f.sources(p)
	if err != nil {
		return Drain{}, err
	}
	start := p.admitted(f.up)
	if start.hi() > f.top {
		return Drain{}, errEdge
	}
	n := markov.Law{P: make([]float64, f.first[start.hi()+1])}
	for i, w := range start.p {
		offset := 0
		if f.up == 0 { // the first of them met an empty lane
			offset = slowMark
		}
		n.P[f.state(start.lo+i, offset)] += w
	}
	if f.Walk, err = s.Start(f.up, n, markov.Options{Tolerance: chainTolerance(p.SolveOptions), Context: p.Context}); err != nil {
		return Drain{}, err
	}
	bound := p.cfg.Mechanisms.Limited
	f.edgeWatch = edgeWatch{func(state int) bool { return f.atEdge(state, bound) }, 1e-3 * p.tolerance()}
	d, err := followLane(p.Lane, f, p.begin, p.SolveOptions)
	d.Reason = "the number in the lane and how many have come since the service began are followed"
	return d, err
}

// slowMark is in place of an offset where a service began with an empty lane.
const slowMark = -1

func newSlowWalk(offsets, at, top int) *slowWalk {
	f := &slowWalk{offsets: offsets, at: at, top: top, first: make([]int, top+2)}
	f.first[1] = 1
	for n := 1; n <= top; n++ {
		f.first[n+1] = f.first[n] + offsets - f.least(n) + 1
	}
	return f
}

// least is the offset of n requests in whose place are all those that leave `at` waiting
// or more.
func (f *slowWalk) least(n int) int { return min(max(n-1-f.at, 0), f.offsets-1) }

// state has n requests and an offset, or [slowMark].
func (f *slowWalk) state(n, offset int) int {
	switch {
	case n == 0:
		return 0
	case offset == slowMark:
		return f.first[n+1] - 1
	}
	return f.first[n] + min(max(offset, f.least(n)), f.offsets-1) - f.least(n)
}

// requests of a state.
func (f *slowWalk) requests(state int) int {
	return sort.Search(f.top, func(n int) bool { return f.first[n+1] > state })
}

// offset of a state of n requests.
func (f *slowWalk) offset(state, n int) int {
	if n == 0 || state == f.first[n+1]-1 {
		return slowMark
	}
	return state - f.first[n] + f.least(n)
}

// atEdge tells whether a state is one from which more than are followed come next: more
// requests, or an offset that leaves fewer than `at` waiting.
func (f *slowWalk) atEdge(state int, bound bool) bool {
	n := f.requests(state)
	return n == f.top && !bound || f.offset(state, n) == f.offsets-1 && n-f.offsets < f.at
}

// later is the offset after so many arrivals; a mark stays.
func later(offset, arrivals int) int {
	if offset == slowMark {
		return slowMark
	}
	return offset + arrivals
}

// sources is the chain.
func (f *slowWalk) sources(p problem) (markov.Sources, error) {
	slow, mu := p.cfg.Mechanisms.SlowDown, 1/p.cfg.Service.Mean()
	fresh := []markov.Jump{{From: 0, To: f.state(1, slowMark), Rate: 1}}
	var fixed []markov.Jump
	for n := 1; n <= f.top; n++ {
		for at := f.first[n]; at < f.first[n+1]; at++ {
			d, rate := f.offset(at, n), mu
			if d != slowMark {
				waiting := math.Max(0, float64(n-1-d))
				rate /= 1 + (slow.Factor-1)*math.Min(1, waiting/float64(slow.At))
			}
			fixed = append(fixed, markov.Jump{From: at, To: f.state(n-1, 0), Rate: rate})
			if n < f.top {
				fresh = append(fresh, markov.Jump{From: at, To: f.state(n+1, later(d, 1)), Rate: 1})
			}
		}
	}
	a, err := markov.NewSparse(f.first[f.top+1], fixed)
	if err != nil {
		return markov.Sources{}, err
	}
	b, err := markov.NewSparse(f.first[f.top+1], fresh)
	return markov.Sources{Fixed: a, Fresh: b, Arrivals: p.cfg.Arrivals.Rate, Breaks: p.chainBreaks(), Mean: p.cfg.Arrivals.Flow}, err
}

// arrive adds a batch; what finds no room is turned away.
func (f *slowWalk) arrive(size Count) error {
	if f.Time() <= f.up {
		return nil
	}
	batch := size.law()
	return f.Move(func(state int) markov.Law {
		n := f.requests(state)
		offset, lo := f.offset(state, n), min(n+batch.lo, f.top)
		out := markov.Law{First: f.state(lo, 0), P: make([]float64, f.first[min(n+batch.hi(), f.top)+1]-f.state(lo, 0))}
		for i, p := range batch.p {
			to := min(n+batch.lo+i, f.top)
			out.P[f.state(to, later(offset, to-n))-out.First] += p
		}
		return out
	})
}

func (f *slowWalk) drained(level int) float64 {
	return f.Absorb(func(state int) bool { return f.requests(state) <= level })
}

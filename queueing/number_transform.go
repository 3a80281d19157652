package queueing

import (
	"cmp"
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// The law of the number in a lane at an instant, with fixed numbers of members, comes
// from those for Poisson ones as T's does ([finite]), but by its transform: as long as
// no server idles what is served does not depend on what comes, and
//
//	ln E_M z^n = const + sum over pools of M phi (z-1)
//
// is linear in the means M, phi the share of a pool's members that come. What idle
// servers make of it, mostly before the flood that is asked about, bends it but a little.
// It is found for means moved up and down and taken for a polynomial of the second
// degree, for which
//
//	N!/(2 pi i) integral of e^M M^(-N-1) E_M z^n dM
//
// is a sum over Gauss-Hermite points ([ringOfHermite]) on the circle through the saddle
// point M = N/r of its linear part alone, which makes r^N of it. What squares and
// products have changed in the law tells what third powers would, which are taken too if
// that is too much.
//
// From an instant on at which no server can idle any more, what comes and is served until
// then makes a factor, which is known.
type numberTransform struct {
	problem
	asked SolveOptions
	pools []movedPool // in the order in which they begin
	sure  float64     // from when on no server idles
	kept  map[string]birthDeath
}

// movedPool is a pool whose mean is moved.
type movedPool struct {
	stream       int
	members      float64
	half         float64 // by which its mean is moved
	begins, left float64 // left is the share of its members that come from sure on
	ring         []ringPoint
}

const (
	transformFewest = 40 // members
	transformPools  = 3
	transformPoints = 7    // of each pool
	transformWide   = 8.0  // standard deviations that a law has room for, to either side
	transformSure   = 20.0 // part of the tolerance that servers which idle nevertheless may make
	transformTries  = 20   // instants that are tried for sure
	transformLooks  = 64   // instants that are looked at before
	// transformHopeless covers the factor of such an estimate of a probability, of 1/10 or so,
	// and the numbers that those who idle have not served.
	transformHopeless = 6.0
	transformMost     = 1 << 17 // numbers that a law may have
	// Third powers were seen to leave 0.04 at most of what the second degree changes. They
	// are taken where a tenth of it is more than the tolerance over transformClose.
	transformThird, transformFourth = 0.1, 0.01
	transformClose, transformWorst  = 10, 1.0
)

// numberByTransform is the law of the number at begin, and what it may be off by.
func (p problem) numberByTransform(open []int) (n law, off float64, err error) {
	defer catch(&err)
	if len(open) > transformPools || p.fewest(open) < transformFewest || p.known != nil {
		return law{}, 0, &UnsupportedError{DrainDensity, "its finite streams are many, or have few members"}
	}
	f := &numberTransform{problem: p, asked: p.SolveOptions, kept: map[string]birthDeath{}}
	f.Tolerance = 0 // cuts would be multiplied
	for _, i := range open {
		s := p.cfg.Arrivals.streams[i].Source
		n, _ := members(s)
		m := float64(n)
		f.pools = append(f.pools, movedPool{stream: i, members: m, half: math.Sqrt(m), begins: s.Begins(), ring: wholeRing(ringOfHermite(m, transformPoints))})
	}
	slices.SortStableFunc(f.pools, func(a, b movedPool) int { return cmp.Compare(a.begins, b.begins) })
	if err := f.settle(); err != nil {
		return law{}, 0, err
	}
	nodes, err := f.nodes()
	if err != nil {
		return law{}, 0, err
	}
	n, linear, off := f.law(nodes)
	change := lawsApart(n, linear)
	left := transformThird * change
	if left > f.asked.tolerance()/transformClose {
		if err := f.move(nodes, transformMoves[2:]); err != nil {
			return law{}, 0, err
		}
		var next law
		next, _, off = f.law(nodes)
		n, left = next, math.Max(lawsApart(n, next)/2, transformFourth*change)
	}
	off += left + f.unsure() + 2*f.asked.cut()
	if !(off <= transformWorst*f.asked.tolerance()) {
		return law{}, 0, &UnsupportedError{DrainDensity, fmt.Sprintf("the number with fixed numbers of members may be off by %.1g", off)}
	}
	return n.without(f.asked.cut()), off, nil
}

// wholeRing has the mirror images too.
func wholeRing(half []ringPoint) (whole []ringPoint) {
	for _, r := range half {
		whole = append(whole, r)
		if r.paired {
			r.mean, r.weight = cmplx.Conj(r.mean), cmplx.Conj(r.weight)
			whole = append(whole, r)
		}
	}
	return whole
}

// unsure is the probability that a server idles where it is taken not to.
func (f *numberTransform) unsure() float64 { return f.asked.tolerance() / transformSure }

// settle looks for the instant from which on no server idles, with the fewest members.
func (f *numberTransform) settle() error {
	b, q, err := f.reach(len(f.pools), slices.Repeat([]int{-1}, len(f.pools)))
	if err != nil {
		return err
	}
	if left, variance := q.left(b.t, b.now.mean()); left <= 0 || left*left/(2*variance) < -math.Log(f.unsure())-transformHopeless {
		return &UnsupportedError{DrainDensity, "servers are likely to idle when the number is asked for"}
	}
	for tries := 0; !q.busyUntil(&b, f.begin, f.unsure()); tries++ {
		if tries == transformTries || b.t >= f.begin {
			return &UnsupportedError{DrainDensity, "servers may idle before the number is asked for"}
		}
		b.run(math.Min(f.begin, b.t+2*stepTerms/b.exitRate(f.begin)))
	}
	f.sure = b.t
	for k := range f.pools {
		pool := &f.pools[k]
		pool.left = f.cfg.Arrivals.streams[pool.stream].Source.Flow(f.sure, f.begin) / pool.members
	}
	return nil
}

// left is about the mean number that a lane has at begin, of which it has so much at an
// instant, and its variance: the most that has come since any instant from then on beyond
// what servers could serve. The lane is idle at begin with a probability whose logarithm is
// about -mean^2/(2 variance), whenever it is that servers are sure to be busy at last.
func (p problem) left(from, number float64) (mean, variance float64) {
	mean = math.Inf(-1)
	for i := range transformLooks {
		s := from + (p.begin-from)*float64(i)/transformLooks
		come, served := p.cfg.Arrivals.Mean(s, p.begin), p.Work(s, p.begin)
		if beyond := number + come - served; beyond > mean {
			mean, variance = beyond, come+served
		}
		number = 0
	}
	return mean, variance
}

// busyUntil tells whether no server idles until then, but for a risk, nor capacity
// changes, nor a batch arrives.
func (p problem) busyUntil(b *birthDeath, to, risk float64) bool {
	servers := p.ServersAt(b.t)
	if servers == 0 || len(p.CapacityBreaks(b.t, to)) > 0 || p.cfg.Arrivals.batches(b.t, to).Mean() > 0 {
		return false
	}
	q := newSkellamPassage(p.Lane, b.t, b.now, servers-1)
	idle, _ := b.now.upTo(q.level)
	return idle <= risk && q.earliest(to, -math.Log(risk)) >= to
}

// reach is the chain at the instant at which the k-th pool begins, and its problem, with
// means moved by so many halves; where k is the number of pools, when the last has.
func (f *numberTransform) reach(k int, moved []int) (birthDeath, problem, error) {
	q, err := f.moved(moved)
	if err != nil {
		return birthDeath{}, q, err
	}
	k = min(k, len(f.pools)-1)
	key := fmt.Sprint(moved[:k])
	if b, done := f.kept[key]; done {
		b.lane = q.Lane
		return b, q, nil
	}
	b := birthDeath{now: q.Initial().law()}
	if k > 0 {
		if b, _, err = f.reach(k-1, moved); err != nil {
			return b, q, err
		}
	}
	b.lane = q.Lane
	q.begin = f.pools[k].begins
	_, err = q.follow(&b)
	f.kept[key] = b
	q.begin = f.begin
	return b, q, err
}

// moved is the problem with means moved by so many halves.
func (f *numberTransform) moved(by []int) (q problem, err error) {
	q = f.problem
	for k, pool := range f.pools {
		if q, err = q.withMean(pool.stream, 1+float64(by[k])*pool.half/pool.members); err != nil {
			return q, err
		}
	}
	return q, nil
}

// node is the law at the instant that is sure.
func (f *numberTransform) node(moved ...int) (law, error) {
	b, q, err := f.reach(len(f.pools), moved)
	if err != nil {
		return law{}, err
	}
	q.begin = f.sure
	return q.follow(&b)
}

// transformNodes are laws for moved means.
type transformNodes struct {
	middle law
	moved  [][]law // of each pool, by 1, -1, 2 and -2 halves, the last two only if needed
	both   [][]law // pools i > j by 1
}

// transformMoves are the halves by which a mean is moved.
var transformMoves = []int{1, -1, 2, -2}

// at is the law with the means of pools moved, of some k by so many halves.
func (f *numberTransform) at(moved map[int]int) (law, error) {
	by := make([]int, len(f.pools))
	for k, x := range moved {
		by[k] = x
	}
	return f.node(by...)
}

func (f *numberTransform) nodes() (n transformNodes, err error) {
	if n.middle, err = f.at(nil); err != nil {
		return n, err
	}
	n.moved = make([][]law, len(f.pools))
	for i := range f.pools {
		row := make([]law, i)
		for j := range row {
			if row[j], err = f.at(map[int]int{i: 1, j: 1}); err != nil {
				return n, err
			}
		}
		n.both = append(n.both, row)
	}
	return n, f.move(n, transformMoves[:2])
}

// move adds laws for means moved by so much.
func (f *numberTransform) move(n transformNodes, by []int) error {
	for i := range f.pools {
		for _, x := range by {
			next, err := f.at(map[int]int{i: x})
			if err != nil {
				return err
			}
			n.moved[i] = append(n.moved[i], next)
		}
	}
	return nil
}

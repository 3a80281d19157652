package queueing

import (
	"fmt"
	"math"
)

// poissonPool is a finite pool, or a lane's hashed part of it, whose number of
// members is Poisson instead of fixed: its members' delays then make a Poisson
// process. mean is that number over the pool's own.
type poissonPool struct {
	Source
	mean float64
}

func (a poissonPool) Rate(t float64) float64      { return a.mean * a.Source.Rate(t) }
func (a poissonPool) Flow(s, t float64) float64   { return a.mean * a.Source.Flow(s, t) }
func (a poissonPool) Excess(s, t float64) float64 { return a.mean * a.Source.Excess(s, t) }

func (a poissonPool) Count(s, t float64) Count { return a.poisson(a.Source.Count(s, t)) }

// poisson is the count for a Poisson number of instances.
func (a poissonPool) poisson(c Count) (out Count) {
	for _, b := range c.Binomials {
		if m := a.mean * (float64(b.N) * b.P); b.Size > 1 {
			out.Groups = append(out.Groups, Groups{m, b.Size})
		} else {
			out.Poisson += m
		}
	}
	return out
}

func (a poissonPool) Jumps() []Jump {
	jumps := a.Source.Jumps()
	for i := range jumps {
		jumps[i].Size = a.poisson(jumps[i].Size)
	}
	return jumps
}

// finite undoes the randomness of a pool's size. With F_N the law of the drain
// time for exactly N members and F(M) the one for a Poisson number of mean M,
// F(M) is the sum over N of e^-M M^N/N! F_N, and by Cauchy's formula on the
// circle |M| = N
//
//	F_N = N!/(2 pi N^N) integral of e^M F(M) e^(-iN theta) d theta, M = N e^(i theta)
//
// (P. Jacquet, W. Szpankowski, Theor. Comput. Sci. 201 (1998)), whose weight is
// nearly normal with standard deviation 1/sqrt(N): nothing is amplified. F is
// continued to complex M through its normal quantile, which is nearly linear
// in M and is interpolated between Chebyshev extrema on the real axis. They
// are nested: nodes are added until the law no longer changes.
type finite struct {
	problem
	stream  int     // the pool's index among the streams
	members float64 // N
	size    int     // requests that come with each
	centre  Source  // the pool of about as many members about which the nodes are
	middle  float64 // its members
	half    float64 // the nodes are middle + half cos(pi i/n)
	solved  map[float64]*Drain
}

const (
	finiteReach = 2.5 // half over sqrt(N)
	finiteMost  = 8   // intervals between nodes
	// finiteLikely is the number of nodes that it takes more often than not.
	finiteLikely = 5
)

// members is the number of independent delays of a finite stream, 0 for other
// streams, and the requests that come with each.
func members(s Source) (n, size int) {
	if h, is := s.(Hashed); is {
		s = h.Of
	}
	if p, is := s.(Pool); is {
		return p.Draws()
	}
	return 0, 1
}

// reachOf is how far the nodes for n members reach from n.
func reachOf(n float64) float64 { return math.Min(finiteReach*math.Sqrt(n), 0.9*n) }

func (p problem) finite(stream int) finite {
	own := p.cfg.Arrivals.streams[stream]
	n, size := members(own.Source)
	centre := own.Source
	if p.ofNumber && p.nearly != nil {
		centre = p.nearly.source(own)
	}
	middle, _ := members(centre)
	half := reachOf(float64(middle))
	return finite{p, stream, float64(n), size, centre, float64(middle), half, map[float64]*Drain{}}
}

func (f finite) solve(next func(problem) (Drain, error)) (Drain, error) {
	drains, err := f.nodes(2, next)
	if err != nil {
		return Drain{}, err
	}
	switch some, all := phased(drains); {
	case all:
		return f.superposeOr(next)
	case some:
		return f.inOnePiece(next)
	}
	d, err := f.byQuantiles(next)
	return d.besideAtoms(f.members), err
}

// besideAtoms states what a continuation may leave beside an atom, where quantiles
// bend, though nodes agree. Of N members up to a hundred 0.045/N was seen, of more
// 9e-7, both against the circle; it is no more than what is not in the atoms, for
// which ten times that allows.
func (d Drain) besideAtoms(members float64) Drain {
	if len(d.Atoms) == 0 {
		return d
	}
	rest := 1.0
	for _, a := range d.Atoms {
		rest -= a.Mass
	}
	left := fixClaim
	if members <= fewAtMost {
		left = 0.1 / members
	}
	d.AbsError = math.Max(d.AbsError, math.Min(left, 10*math.Max(0, rest)))
	return d
}

// byQuantiles continues the laws through their normal quantiles.
func (f finite) byQuantiles(next func(problem) (Drain, error)) (Drain, error) {
	var before []float64
	var coarser []Drain // fixed by fewer nodes, each with what the next ones changed
	changed := 0.0      // by the last of them
	for n := 2; ; n *= 2 {
		drains, err := f.nodes(n, next)
		if unsupported(err) && n > 2 {
			best := coarser[len(coarser)-1]
			best.AbsError += changed
			return f.orPoisson(best, *f.solved[0.5]), nil
		}
		if err != nil {
			return Drain{}, err
		}
		if d, all := sure(drains); all {
			return d, nil
		}
		fix := newFixing(f.members, f.middle, f.half, n, f.coarse())
		tolerance := f.tolerance()
		for _, d := range drains {
			fix.errors = math.Max(fix.errors, d.AbsError)
			tolerance = math.Max(tolerance, math.Min(fixShare*d.rough, fixWorst/groupRest))
		}
		middle := *drains[n/2]
		probes := probes(middle)
		now, change, broken := make([]float64, len(probes)), 0.0, 0.0
		for i, t := range probes {
			var off float64
			now[i], off = fix.below(cdfs(drains, t))
			broken = math.Max(broken, off)
			reference := middle.CDF(t) // if the number does not matter at all
			switch {
			case before != nil:
				reference = before[i]
			case f.coarse(): // or does so but linearly
				reference, _ = fix.linearly().below(cdfs(drains, t))
			}
			change = math.Max(change, math.Abs(now[i]-reference))
		}
		left := f.leaves(middle, n, change)
		if n == 2 && f.bendsTell(middle) {
			left = bendsLeave * fix.bends(drains, probes)
		}
		rest, enough := math.Max(left, broken), tolerance
		if f.coarse() { // what is stated is the sum
			enough = math.Max(tolerance/2, tolerance-coarseNodes*f.tolerance()-2*fix.errors)
		}
		if n == finiteMost {
			rest = math.Max(rest, fixNoise*fix.errors)
		}
		switch {
		case rest < enough:
			if f.members <= fewAtMost {
				rest = fewTimes*rest + fewRest
			}
			if f.size > 1 { // numbers vary more
				rest *= groupRest
			}
			if f.coarse() {
				rest += coarseNodes * f.tolerance()
			}
			return f.orPoisson(fix.law(drains, rest), middle), nil
		case n == finiteMost: // small pools: the continuation may not converge
			coarser[len(coarser)-1].AbsError += change
			best := fix.law(drains, math.Max(math.Max(fixLast*change, rest), broken))
			for _, d := range coarser {
				if !(best.AbsError < fixWorst) && !(d.AbsError > best.AbsError) {
					best = d
				}
			}
			return f.orPoisson(best, middle), nil
		case before != nil:
			coarser[len(coarser)-1].AbsError += change
		}
		before, changed = now, change
		coarser = append(coarser, fix.law(drains, broken))
	}
}

// leaves is what nodes leave that have changed so much: the next ones would change about
// its power 3/2, but more where quantiles bend, beside atoms, between the humps of a law
// that has two, and where servers idle before the lane has drained. Of more than 100
// members 7.8 times that power was seen, against chains at complex means, 3.9 times the
// change for passages before and after an overload, and 3.8 times it over the number of
// nodes beside idle servers. The last nodes are off by up to 28 times their laws, too.
func (f finite) leaves(middle Drain, nodes int, change float64) float64 {
	left := fixPower * math.Pow(change, 1.5)
	if len(middle.Atoms) > 0 {
		left = math.Max(left, change/10)
	}
	if f.cfg.Target.Idle && f.FinalServers() > 1 {
		left = math.Max(left, fixIdle*change/float64(nodes))
	}
	early := f.cfg.Target.FirstPassage && f.end > f.begin
	if c, is := middle.Distribution.(*curve); early || is && c.humped() {
		share := float64(fixHumps)
		if nodes > 2 && !early && f.bendsTell(middle) {
			share = fixHumpsLate
		}
		left = math.Max(left, share*change)
	}
	return left
}

const fixPower, fixHumps, fixNoise, fixIdle = 8, 5, 30, 5

// fixHumpsLate is the share of what they have changed that five nodes of a coarse law were
// seen to leave between humps, most of it the noise of the nine that it was seen by.
const fixHumpsLate = 0.2

// bendsTell tells whether what three nodes leave shows in how their quantiles bend: in
// coarse laws of passages after an overload, and of numbers, of which many have been looked
// at.
func (f finite) bendsTell(middle Drain) bool {
	_, smooth := middle.Distribution.(*curve)
	if f.ofNumber {
		return f.coarse()
	}
	idle := f.cfg.Target.Idle && f.FinalServers() > 1
	return f.coarse() && smooth && !idle && !f.cfg.Target.FirstPassage
}

// What nodes that agree were seen to leave for pools of up to [fewAtMost], against the
// circle: 6e-8, and half as much again as what they had changed.
const fewTimes, fewRest = 2, 1e-7

// fixShare of what a method approximates is enough for the numbers to be fixed to, if
// that is well below what makes them stay Poisson.
const fixShare = 0.03

// groupRest is about twice the factor by which groups were seen to change more.
const groupRest = 4.0

// coarseNodes of the tolerance is what the laws at the nodes of a coarse one are off by
// beside what they state, of which .03 was seen.
const coarseNodes = 0.1

// fixLast is how much of what the last nodes changed is left, at most: 0.24 of it was
// seen.
const fixLast = 0.5

// sure is the law where all of it is at one instant whatever the number: for the
// fewest members and for the most, and T grows with them. Laws that may be off
// tell nothing for sure.
func sure(drains []*Drain) (d Drain, all bool) {
	d = *drains[len(drains)/2]
	at := d.Quantile(0.5)
	for _, x := range drains {
		if x.AbsError > fixClaim || x.CDF(at) < 1-sureRest || x.CDF(math.Nextafter(at, math.Inf(-1))) > sureRest {
			return d, false
		}
		d.AbsError = math.Max(d.AbsError, x.AbsError)
	}
	return d, true
}

// sureRest is what may be elsewhere of a law that is at one instant.
const sureRest = 1e-12

// poissonError is what a Poisson number in place of a fixed one was seen to
// change at most, beside [problem.widened].
const poissonError = 0.1

// widened is what Poisson numbers in all finite streams add to the error by making
// the law wider. With standard deviations that are wrong by a factor f, of what has
// come and gone by the median, a normal law is off by less than (f-1)/4, as in
// [problem.qualify], and by no more than 1/2.
func (p problem) widened(median float64) float64 {
	fixed := p.Initial().Variance() + p.Work(0, median)*p.cfg.Service.SCV()
	poisson := fixed
	for _, st := range p.cfg.Arrivals.streams {
		c := st.Source.Count(0, median)
		fixed += c.Variance()
		if n, size := members(st.Source); n > 0 {
			poisson += c.Mean() * float64(size)
		} else {
			poisson += c.Variance()
		}
	}
	if !(poisson > fixed) {
		return 0
	}
	return math.Min(0.5, (math.Sqrt(poisson/fixed)-1)/4)
}

// orPoisson keeps the pool Poisson where fixing its number is less certain
// than what it changes, which is then the error.
func (f finite) orPoisson(fixed, middle Drain) Drain {
	if fixed.AbsError < fixWorst {
		return fixed
	}
	change := 0.0
	for _, t := range probes(middle) {
		if d := math.Abs(fixed.CDF(t) - middle.CDF(t)); d > change {
			change = d
		}
	}
	if fixed.AbsError < math.Min(change, poissonError/5) {
		return fixed
	}
	middle.Quality = Approximate
	middle.AbsError = math.Min(1, middle.AbsError+poissonError+f.widened(middle.Quantile(0.5)))
	middle.Reason = fmt.Sprintf("the finite %q is taken for a Poisson stream, whose count varies more", f.cfg.Arrivals.streams[f.stream].Name)
	return middle
}

// probes are quantiles at which laws are compared.
func probes(d Drain) []float64 {
	var at []float64
	for _, p := range [...]float64{1e-3, 0.03, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97, 0.99, 0.999} {
		at = append(at, d.Quantile(p))
	}
	return at
}

// nodes solves at middle + half cos(pi i/n), i = 0 to n, what is not solved yet, side
// by side.
func (f finite) nodes(n int, next func(problem) (Drain, error)) ([]*Drain, error) {
	var open []float64
	for i := range n + 1 {
		if x := float64(i) / float64(n); f.solved[x] == nil {
			open = append(open, x)
		}
	}
	laws := make([]*Drain, len(open))
	err := sideBySide(len(open), func(k int) error {
		d, err := f.node(open[k], f.effort.share(max(finiteLikely, n+1)), next)
		laws[k] = &d
		return err
	})
	if err != nil {
		return nil, err
	}
	for k, x := range open {
		f.solved[x] = laws[k]
	}
	out := make([]*Drain, n+1)
	for i := range out {
		out[i] = f.solved[float64(i)/float64(n)]
	}
	return out, nil
}

// node solves at middle + half cos(pi x).
func (f finite) node(x float64, share *effort, next func(problem) (Drain, error)) (Drain, error) {
	q, err := f.with(f.stream, poissonPool{f.centre, 1 + f.half*math.Cos(math.Pi*x)/f.middle})
	if err != nil {
		return Drain{}, err
	}
	q.Tolerance, q.effort = math.Max(f.tolerance()/4, 1e-12), share
	return next(q)
}

// withMean is the problem with a Poisson pool of the given mean, in units of
// the pool's number, for one of its streams.
func (p problem) withMean(stream int, mean float64) (problem, error) {
	return p.with(stream, poissonPool{p.cfg.Arrivals.streams[stream].Source, mean})
}

// with is the problem with another source for one of its streams.
func (p problem) with(stream int, source Source) (problem, error) {
	cfg := p.cfg
	streams := cfg.Arrivals.Streams()
	streams[stream].Source = source
	a, err := NewArrivals(streams...)
	if err != nil {
		return p, fmt.Errorf("queueing: a Poisson pool: %w", err)
	}
	cfg.Arrivals = a
	p.Lane = &Lane{cfg: cfg, steps: p.steps, overload: &p.end}
	return p, nil
}

package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// Several pools of a hundred members and more take too many evenly spread points for
// the equations of [volterra], but a handful each of those of [problem.byHermite]. What
// the points leave is measured as there, pool by pool. With the other pools' means their
// own, the points that this takes are among all, but for those of the fewer: all are
// followed at once, and each law has weights of its own. What panels and rules are off
// by is seen at the pools' own means, where the real problem has been solved by others.

// hermiteMeasure are a pool's points and the weights that its own points, and the fewer,
// have with the others' numbers Poisson.
type hermiteMeasure struct {
	hermiteRing
	some, less []complex128
}

// volterraFew bounds what few points take, over volterraMost.
const volterraFew = 2

// whileBusy is the law of one server that is not drained before overload ends.
func (p problem) whileBusy() (Drain, error) {
	if p.Method != Auto && p.Method != DrainDensity {
		return Drain{}, &UnsupportedError{DrainDensity, "another method was asked for"}
	}
	return p.once("while busy", func() (Drain, error) {
		d, err := p.asOneServer().atComplexMeans(true)
		if !unsupported(err) && (err != nil || d.AbsError <= nearTolerance*p.tolerance()) {
			return d, err
		}
		_, open, err2 := p.settled()
		if err2 != nil {
			return d, err
		}
		if other, err2 := p.sizesWhileBusy(open); !unsupported(err2) && (err != nil || err2 != nil || other.AbsError < d.AbsError) {
			return other, err2
		}
		return d, err
	})
}

// nearTolerance is how much more than asked for an error may be without another way, that
// takes longer, being tried.
const nearTolerance = 10

// asOneServer is the problem of a server that serves exponentially at the rate of all,
// which is the same as long as all are busy and a level is not below the number of them.
// Those services are gamma ones of shape 1.
func (p problem) asOneServer() problem {
	s, is := p.cfg.Service.(Exponential)
	servers := p.FinalServers()
	if !is || servers > 1 && (p.cfg.Target.Idle || len(p.cfg.ScaleOut) > 0) {
		return p
	}
	cfg := p.cfg
	cfg.Service, cfg.Servers = Gamma{s.MeanTime / float64(servers), 1}, 1
	cfg.Target.Waiting += servers - 1
	p.Lane = &Lane{cfg: cfg, steps: capacitySteps(cfg), overload: &p.end}
	return p
}

// large tells whether streams are several that Gauss-Hermite points may serve.
func (p problem) large(open []int) bool { return len(open) > 1 && p.fewest(open) >= hermiteFrom }

// busyAtOnce is the passage of one busy period, with a chance that there is none.
func (p problem) busyAtOnce(q *transformPassage, drained float64) (*resumption, error) {
	if _, rough := q.onset(); rough {
		return nil, &UnsupportedError{DrainDensity, "its density is rough where it begins"}
	}
	if p.begin > q.start {
		drained = 0
	}
	p.begin = q.start
	_, end := q.window(p.tolerance() / 10)
	if end == 0 {
		return nil, &UnsupportedError{DrainDensity, "its busy period has no end"}
	}
	return &resumption{p, q, drained, end, fastestTransform}, nil
}

// foreseen refuses what will take too many points.
func (v *volterra) foreseen(p problem, members []float64) error {
	pairs := volterraLeast
	if s := v.terms.sums; !s.smooth() && !s.absolute() {
		pairs = volterraRough
	}
	if _, _, err := v.fewest(p, members, pairs); err == nil || !v.few {
		return err
	}
	points := math.Pow(hermiteLeast, float64(len(members)))
	return v.affordable(p, members, volterraLeast*(points+1)/2)
}

// hermiteLeast is the smallest number of Gauss-Hermite points of a pool.
const hermiteLeast = 5

// affordable refuses so many pairs of instants times points.
func (v *volterra) affordable(p problem, members []float64, work float64) error {
	_, each := v.effort(p, members)
	if cost := work * each; cost > volterraFew*volterraMost {
		return &UnsupportedError{DrainDensity, fmt.Sprintf("following it for few means takes %.0e values of kernels", cost)}
	}
	return nil
}

// placeFew chooses Gauss-Hermite points, unless they are too many.
func (v *volterra) placeFew(p problem, open []int, members []float64) ([]circlePoint, error) {
	choices, err := p.hermiteRings(open, v.poisson)
	if err != nil {
		return nil, err
	}
	points, measured := measuredPoints(choices)
	if err := v.affordable(p, members, v.cost()*float64(len(points))); err != nil {
		return nil, err
	}
	v.measured = measured
	return points, nil
}

// measuredPoints are all those of the choices, and the weights that tell what each pool's
// leave.
func measuredPoints(choices []hermiteRing) ([]circlePoint, []hermiteMeasure) {
	all := onePoint(len(choices))
	for k, c := range choices {
		all = times(all, k, c.ring)
	}
	set := newPointSet(all)
	var measured []hermiteMeasure
	for k, c := range choices {
		alone := func(ring []ringPoint) []complex128 { return set.weights(times(onePoint(len(choices)), k, ring)) }
		measured = append(measured, hermiteMeasure{c, alone(c.ring), alone(c.fewer)})
	}
	return set.points, measured
}

// widened are panels of the real problem, put together where one does as well: the
// march has begun anew after each break, and looked further into the tail.
func (v *volterra) widened(panels []panel, density bool) []panel {
	if !v.few || len(panels) == 0 {
		return panels
	}
	whole := &curve{panels: panels}
	out := []panel{panels[0]}
	for i, next := range panels[1:] {
		if density && v.poisson.above(next.lo) < volterraTail*v.tolerance() {
			break
		}
		last := &out[len(out)-1]
		if density && i == 0 && v.rough() {
			out = append(out, next)
			continue
		}
		both := interpolated(last.lo, next.hi, whole.density)
		_, off := chebyshevTail(both.coef)
		if density {
			off *= (both.hi - both.lo) / 2
		}
		if off < volterraSpare*v.tolerance() && len(v.before.breaks(math.Nextafter(last.lo, next.lo), next.hi)) == 0 {
			*last = both
			continue
		}
		out = append(out, next)
	}
	return out
}

// rough tells whether the first panel holds its mass as if spread evenly.
func (v *volterra) rough() bool {
	q, is := v.passage.(interface{ onset() (panel, bool) })
	if _, busy := v.passage.(*transformPassage); busy || !is {
		return false
	}
	_, rough := q.onset()
	return rough
}

// What may be left of the law, and of a panel's interpolant, over the tolerance.
const volterraTail, volterraSpare = 1e-3, 1e-2

// pointSet lists the points of several sums once, and one of each pair of mirror images.
type pointSet struct {
	points []circlePoint
	index  map[string]int
}

// newPointSet starts with the points whose sum is the law.
func newPointSet(all []circlePoint) *pointSet {
	s := &pointSet{index: map[string]int{}}
	for _, pt := range all {
		j, mirrored := s.find(pt)
		s.points[j].weight += mirrorOf(pt.weight, mirrored)
	}
	return s
}

// weights of the points in another sum, of which new ones have none in the law.
func (s *pointSet) weights(sum []circlePoint) []complex128 {
	var out []complex128
	for _, pt := range sum {
		j, mirrored := s.find(pt)
		if n := len(s.points) - len(out); n > 0 {
			out = append(out, make([]complex128, n)...)
		}
		out[j] += mirrorOf(pt.weight, mirrored)
	}
	return out
}

// find is the index of a point, or of its mirror image.
func (s *pointSet) find(pt circlePoint) (j int, mirrored bool) {
	key, image := keysOf(pt.means)
	if j, is := s.index[key]; is {
		return j, false
	}
	if j, is := s.index[image]; is {
		return j, true
	}
	j = len(s.points)
	s.index[key] = j
	pt.weight = 0
	s.points = append(s.points, pt)
	return j, false
}

// keysOf tell means apart, and their mirror images.
func keysOf(means []complex128) (key, image string) {
	for _, e := range means {
		key += fmt.Sprint(e, " ")
		image += fmt.Sprint(cmplx.Conj(e)+0, " ")
	}
	return key, image
}

func mirrorOf(w complex128, mirrored bool) complex128 {
	if mirrored {
		return cmplx.Conj(w)
	}
	return w
}

// leaves is what the points leave and, at the pools' own means, what the real problem
// shows.
func (v *volterra) leaves() float64 {
	sum := v.left
	if v.few {
		sum += atOwnMeans(v.points, v.poisson, v.curveOf)
	}
	return sum + leftBy(v.measured, v.curveOf)
}

// atOwnMeans is how far the law at the pools' own means, if that is a point, is from that
// of the real problem.
func atOwnMeans(points []circlePoint, poisson *curve, law func(weights []complex128) *curve) (off float64) {
	for j, pt := range points {
		if !slices.ContainsFunc(pt.means, func(e complex128) bool { return e != 1 }) {
			own := make([]complex128, len(points))
			own[j] = 1
			off += furthest(law(own), poisson)
		}
	}
	return off
}

// leftBy is what measured points leave.
func leftBy(measured []hermiteMeasure, law func(weights []complex128) *curve) (left float64) {
	for _, m := range measured {
		left += m.leaves(law(m.some), law(m.less))
	}
	return left
}

// curveOf is the sum of the points' laws with other weights.
func (v *volterra) curveOf(weights []complex128) *curve {
	var later []panel
	for i := range v.later {
		p := &v.later[i]
		later = append(later, newPanel(p.lo, p.hi, combined(p, weights)))
	}
	return newCurve(later, []Atom{{v.begin, math.Max(0, weighted(v.chance, weights))}}, 0)
}

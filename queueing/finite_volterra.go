package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
	"sync"
)

// volterra fixes the numbers in finite pools where the lane may be at its level
// before overload ends and services are no phases: on Cauchy's circle, as [circle]
// does, but by the equations of [idleChance], [resumed] and [setAside], which hold
// for complex intensities lambda(t) = base(t) + sum over pools of M phi(t) as they
// do for real ones, since both sides are entire in M.
//
// What the equations ask of the services is an average over the number A of
// arrivals, Poisson of mean a: for complex a = b + M phi(s,t),
//
//	sum over n of e^-a a^n/n! c(n) = e^(|a|-a) sum over n of P(A = n) r^n c(n),
//
// with P(A = n) that of the real mean at M = rho, the circle's radius ([ringsOf]), |a|
// for short, and r = a/|a|, at most 1 in modulus. The terms P(A = n) c(n) are the same
// for all points of the circle, and rounding is e^(|a| - Re a) times that of the real
// sum at most, which the weights take back: |w| is about e^(Re M - rho).
//
// The panels are those of the real problem at M = N: they are cut where its solution
// calls for it, and on the circle solutions are hardly less smooth. Panels hold Gauss
// points, and integrals over the past are sums over these, between lags that widen.
//
// Where the lane is not drained before overload ends, there is but the density of one
// busy period, as [transformPassage] has it, whose source and kernel hold for complex
// means too.
//
// Nothing is imposed on what T adds up to at each point of the circle. What it lacks
// of 1 there, the last coefficients of the interpolants and what the points leave make
// up the error.
type volterra struct {
	*resumption
	before      *idleChance
	aside       *setAside // nil: down to 0
	level       int
	group       int        // requests that an instance of a pool sends at once, at most
	sizes       []int      // of each pool
	bySize      *sizeTerms // nil: sizes are the same
	rates       sizeParts
	excesses    sizeParts
	further     sizeParts
	certain     int // requests at start and in batches
	base, pools []Source
	points      []circlePoint
	terms       countTerms
	power       float64 // of z in a lag, as in [setAside]
	idle, later []ringPanel
	work        []ringPanel // P(V(begin) > y) over z
	rises       []ringRise
	chance      []complex128 // that T is begin
	left        float64      // error of the points
	few         bool         // whether Gauss-Hermite points are tried
	measured    []hermiteMeasure
	poisson     *curve // the law for Poisson numbers
	mean        *ringMean
	flows       []float64
	excess      []complex128
	rate        []complex128
	kernel      []complex128
	value       []complex128
	slope       []complex128
	none        []complex128 // last(k), last(k+1), last(k+2)
	one, two    []complex128
	card        []float64
	matrix      []complex128
	column      []complex128
	check       func()
	rows        []*volterra // of the nodes of a panel; nil: none
	lock        *sync.Mutex // of the rules of panels
}

// ringRise is where busy periods begin at a known instant.
type ringRise struct {
	at     float64
	size   int
	chance []complex128
}

// now tells whether that is at t, or just before.
func (r ringRise) now(t float64) bool { return r.at >= math.Nextafter(t, 0) }

const (
	// volterraAtom is the chance of an early passage from which on a continuation is
	// not exact, as -ln of its bound.
	volterraAtom = 30.0
	// What rounding, and what contours are off by, may be amplified by.
	volterraGain, volterraAbsolute = 1e4, 300.0
	// volterraSeveral is the tolerance where several pools take many points.
	volterraSeveral = 1e-7
	// volterraRelative is the error of a panel relative to its right end.
	volterraRelative = 1e-2
)

// byVolterra is the law of one server that may be drained before overload ends, with
// fixed numbers by complex means.
func (p problem) byVolterra() (Drain, error) { return p.atComplexMeans(false) }

// atComplexMeans is byVolterra, or [problem.whileBusy].
func (p problem) atComplexMeans(busy bool) (d Drain, err error) {
	defer catch(&err)
	if p.FinalServers() > 1 || p.coarse() { // as is said again, after work that comes to nothing
		return Drain{}, &UnsupportedError{DrainDensity, "no numbers are fixed in finite streams of one server"}
	}
	if !busy {
		if p, err = p.withoutDice(); err != nil {
			return Drain{}, err
		}
	}
	p, open, err := p.remembering().settled()
	if err != nil {
		return Drain{}, err
	}
	switch p.cfg.Service.(type) {
	case Gamma, Lognormal:
	case Hyperexponential:
		if !busy && !p.large(open) && p.Method != DrainDensity { // asked for where those have not
			return Drain{}, &UnsupportedError{DrainDensity, "few members are fixed sooner by following the phases of its service"}
		}
	default:
		return Drain{}, &UnsupportedError{DrainDensity, "services are neither gamma, lognormal nor hyperexponential"}
	}
	v, err := p.newVolterra(open, busy)
	if err != nil {
		return Drain{}, err
	}
	d = v.law()
	d.groups = true // none
	if !(d.AbsError <= fixClaim) {
		return Drain{}, &UnsupportedError{DrainDensity, fmt.Sprintf("what is found for complex means is off by %.1g", d.AbsError)}
	}
	return d, nil
}

// withoutDice has pools in place of batches of which each request comes to this lane or to
// another by chance: they let go at that instant what has been due before, all of it.
func (p problem) withoutDice() (problem, error) {
	for i, st := range p.cfg.Arrivals.streams {
		h, is := st.Source.(Hashed)
		if !is {
			continue
		}
		b, is := h.Of.(Batch)
		if !is || b.Size == 0 || b.At == 0 || h.Lanes == 1 {
			continue
		}
		due := Pool{Instances: b.Size, Requests: 1, Start: b.At, Held: true, Delay: UniformDelay{b.At}}
		var err error
		if p, err = p.with(i, Hashed{due, h.Lanes}); err != nil {
			return p, err
		}
	}
	return p, nil
}

// groupsOfGamma is byVolterra, or whileBusy, for services that are exponential, which
// are gamma ones of shape 1.
func (p problem) groupsOfGamma() (Drain, error) {
	refused := &UnsupportedError{DrainDensity, "its services are not exponential, or of several servers"}
	s, is := p.cfg.Service.(Exponential)
	if !is || p.FinalServers() > 1 || p.Method != Auto && p.Method != DrainDensity {
		return Drain{}, refused
	}
	cfg := p.cfg
	cfg.Service = Gamma{s.MeanTime, 1}
	p.Lane = &Lane{cfg: cfg, steps: p.steps, overload: &p.end}
	d, err := p.byVolterra()
	if unsupported(err) {
		return p.atComplexMeans(true)
	}
	return d, err
}

// newVolterra solves the real problem and then at all points of the circle.
func (p problem) newVolterra(open []int, busy bool) (*volterra, error) {
	refuse := func(why string) (*volterra, error) {
		return nil, &UnsupportedError{DrainDensity, why}
	}
	if len(open) == 0 || p.PoissonPools || p.FinalServers() > 1 || p.coarse() {
		return refuse("no numbers are fixed in finite streams of one server")
	}
	group, _ := p.groupOf(open)
	v := &volterra{power: 1, level: p.Level(math.Inf(1)), group: group, few: group == 1 && p.large(open)}
	up := p.cfg.DownFor
	finite := map[int]bool{}
	var numbers []float64
	q := p
	for _, i := range open {
		st := p.cfg.Arrivals.streams[i]
		if begins := st.Source.Begins(); begins < up || begins == up && len(st.Source.Jumps()) > 0 {
			return refuse(fmt.Sprintf("requests of %q wait when its server comes up", st.Name))
		}
		n, size := members(st.Source)
		numbers, v.sizes, finite[i] = append(numbers, float64(n)), append(v.sizes, size), true
		var err error
		if q, err = q.withMean(i, 1); err != nil {
			return nil, err
		}
	}
	q, err := q.stepped(true)
	if err != nil {
		return nil, err
	}
	for i, st := range q.cfg.Arrivals.streams {
		if finite[i] {
			v.pools = append(v.pools, st.Source)
		} else {
			v.base = append(v.base, st.Source)
		}
	}
	if requests := v.pooled(); v.several() && requests > sizeRequests {
		return refuse(fmt.Sprintf("requests of its finite streams come in groups of several sizes, %.0f in all", requests))
	}
	b := q.starting()
	for _, j := range q.cfg.Arrivals.jumps {
		if j.At <= b.t {
			continue
		}
		if len(j.Size.law().p) > 1 {
			return refuse("batches are random")
		}
		v.certain += j.Size.Fixed
	}
	if q.PoissonPools = true; v.few || group > 1 && p.fewest(open) > fewAtMost {
		q.Method = DrainDensity // phases are faster followed but once
	}
	v.certain += b.now.hi()
	sums, is := sumsOf(p.cfg.Service).(*poleSums)
	if !is || b.t > p.begin || b.t == p.begin && !busy {
		return nil, p.mayIdle()
	}
	if sums.paths != nil && len(b.now.p) == 1 {
		q.Tolerance = math.Max(q.tolerance(), asideDigits)
		sums.table = &serviceTable{sums: newMixtureSums(p.cfg.Service.(Lognormal)), most: v.services(q)}
		sums.table.few = v.mostIn(q.cfg.Arrivals.Flow(b.t, q.begin))
	}
	if sums.series != nil && len(b.now.p) == 1 {
		sums.terms = &countTerms{sums: sums}
	}
	start := newTransformPassage(q.Lane, b.t, b.now, v.level, sums)
	drained, _ := b.now.upTo(v.level)
	alone := b.t == p.begin || drained < math.Exp(-volterraAtom) && start.earliest(p.begin, volterraAtom*float64(group)) >= p.begin
	switch {
	case alone && !busy:
		return refuse("it is not drained before overload ends, where a continuation is exact")
	case busy && !alone:
		return refuse("it may be drained before overload ends")
	}
	v.terms = countTerms{sums: sums, group: group}
	if err := v.foreseen(p, numbers); err != nil {
		return nil, err
	}
	if len(numbers) > 1 {
		q.Tolerance = math.Max(q.tolerance(), volterraSeveral)
	}
	if busy {
		v.resumption, err = q.busyAtOnce(start, drained)
	} else {
		v.resumption, err = q.resuming(b, sums)
	}
	if err != nil {
		return nil, err
	}
	v.follow()
	if err := v.place(p, open, numbers); err != nil {
		return nil, err
	}
	v.prepare()
	if err := v.sampled(); err != nil {
		return nil, err
	}
	v.solve()
	return v, nil
}

// follow solves the real problem, whose panels the circle's take over.
func (v *volterra) follow() {
	lo := v.begin
	switch q := v.passage.(type) {
	case *transformPassage: // nothing comes before
		v.before = &idleChance{transformPassage: q, begin: q.from}
		lo, v.end = v.window(q)
	case *resumed:
		v.before = q.before
		v.lengthen(q)
		v.idle = edgesOf(v.widened(q.idle, false))
	case *setAside:
		v.before, v.aside = q.before, q
		v.lengthen(q.past)
		v.idle, v.work = edgesOf(v.widened(q.idle, false)), edgesOf(q.work)
	}
	m := &march{passage: v.passage, tolerance: v.tolerance() / 10, nodes: cheb16, relative: volterraRelative, check: v.bounded()}
	m.floor = v.tolerance() / (absoluteFloor * (v.end - lo))
	m.run(lo, v.end)
	v.poisson = newCurve(m.panels, []Atom{{v.begin, v.resumption.chance}}, 0)
	v.later = edgesOf(v.widened(m.panels, true))
}

func edgesOf(panels []panel) []ringPanel {
	var out []ringPanel
	for _, c := range panels {
		out = append(out, ringPanel{lo: c.lo, hi: c.hi})
	}
	return out
}

// place chooses the points, and takes the pools' means there for their own.
func (v *volterra) place(p problem, open []int, members []float64) error {
	var points []circlePoint
	left, err := 0.0, error(nil)
	if v.few {
		points, err = v.placeFew(p, open, members)
	}
	if points == nil {
		points, left, err = v.fewest(v.problem, members, v.cost())
	}
	if err != nil {
		return err
	}
	v.points, v.left = points, left
	for k, s := range v.pools {
		radius := cmplx.Abs(points[0].means[k])
		v.pools[k] = poissonPool{s, radius}
		for j := range points {
			points[j].means[k] /= complex(radius, 0)
		}
	}
	return nil
}

// prepare makes room for all points.
func (v *volterra) prepare() {
	v.chance = make([]complex128, len(v.points))
	v.check = v.problem.check
	if g, is := v.cfg.Service.(Gamma); is && g.Shape != math.Round(g.Shape) {
		v.power = smoothing(g.Shape)
	}
	for _, panels := range [][]ringPanel{v.idle, v.later, v.work} {
		for i := range panels {
			panels[i] = newRingPanel(panels[i].lo, panels[i].hi, len(v.points))
		}
	}
	v.room()
	v.withRows()
}

// room is for what is found at an instant.
func (v *volterra) room() {
	k := len(v.points)
	v.mean = newRingMean(v.points)
	v.flows = make([]float64, len(v.pools))
	for _, at := range []*[]complex128{&v.excess, &v.rate, &v.kernel, &v.value, &v.slope, &v.none, &v.one, &v.two} {
		*at = make([]complex128, k)
	}
	v.card = make([]float64, len(gauss16.x))
	v.rates, v.excesses, v.further = nil, nil, nil
	if v.several() {
		v.bySize = newSizeTerms(&v.terms, v.sizes, v.points)
	}
}

func (v *volterra) solve() {
	v.idleness()
	if v.aside != nil {
		v.setAside()
		return
	}
	for i := range v.idle {
		v.idle[i].differentiate()
	}
	v.resume()
}

// at sets the means of (s,t], for works of up to u.
func (v *volterra) at(s, t, u float64) {
	base := 0.0
	for _, x := range v.base {
		base += x.Flow(s, t)
	}
	for i, x := range v.pools {
		v.flows[i] = x.Flow(s, t) / float64(v.sizes[i])
	}
	if v.bySize != nil {
		v.bySize.set(base, v.flows)
		return
	}
	all := base
	for _, x := range v.flows {
		all += x
	}
	v.mean.whole = v.terms.whole(u, mostOf(v.certain, all))
	v.mean.set(base, v.flows)
}

// sums of what is asked of each stream, at each point.
func (v *volterra) sum(dst []complex128, of func(Source) float64) {
	sumAt(dst, v.points, v.base, v.pools, of)
}

// size of the batches in (s,t].
func (v *volterra) size(s, t float64) int { return v.before.batches(s, t).lo }

// add adds weight times an average over arrivals.
func (v *volterra) add(dst []complex128, weight float64, lo int, terms []float64) {
	v.mean.add(dst, weight, lo, terms)
}

package queueing

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"sync"
)

// phasedLaw is a law with some mass at begin, and after it in periods of d each,
// the i-th from begin + i d: those of service ends in one phase are a lattice,
// and the phases a continuum but for some that have mass of their own. Mass is
// summed over whole periods once for all, from both ends, and inside of a period
// when it is asked for.
type phasedLaw struct {
	begin, d    float64 // s
	chance      float64 // at begin
	phases      []phase // in order of time
	mass        []float64
	offset      []float64 // s, integral of the time since the period began over its mass
	square      []float64 // s^2, of the squared time
	left, right []float64 // left[i]: mass of the periods before i, right[i]: from it on
	mean, sd    float64   // s

	parts   []*phasedLaw // of a weighted sum, whose phases are theirs
	weights []float64

	mu   sync.Mutex
	kept map[int]*curve // periods asked for
}

// phase is an interval of the first service ends, or one of them, lo = hi.
type phase struct {
	ends
	rows []func(i int) float64 // the mass of the i-th service end after each, per d for an interval
}

const (
	phasedMost   = 2_000_000 // periods
	phasedValues = 6_000_000 // that are kept
	phasedPanels = 60000     // of a curve
	phasedKept   = 4096      // periods
	phasedPairs  = 2e8       // of service ends: some ten seconds
	phasedReach  = 12.0      // -ln of what may be left out of the tail over the tolerance
)

// phaseNodes are the Chebyshev points of a panel of phases.
var phaseNodes = newChebyshev(10)

// phaseRule integrates over [-1,1] what is known at the Chebyshev points.
var phaseRule = func() []float64 {
	w := make([]float64, len(phaseNodes.x))
	for i, row := range phaseNodes.coef {
		for k := 0; k < len(row); k += 2 {
			w[i] += row[k] * 2 / float64(1-k*k)
		}
	}
	return w
}()

// weighted visits the first ends with the weight of their law in the whole.
func (e ends) weighted(d float64, visit func(end firstEnd, w float64)) {
	if e.lo == e.hi {
		visit(e.nodes[0], 1)
		return
	}
	for i, end := range e.nodes {
		visit(end, phaseRule[i]*(e.hi-e.lo)/2/d)
	}
}

// phased puts the law together, from the mass at begin and the first service
// ends after it.
func (p problem) phased(level int, chance float64, found []ends) (*phasedLaw, error) {
	a := &phasedLaw{begin: p.begin, d: p.cfg.Service.(Deterministic).Time, chance: chance}
	for _, e := range found {
		a.phases = append(a.phases, phase{ends: e})
	}
	var err error
	if services, is := p.uniform(a, level); is {
		err = p.alike(a, level, services)
	} else {
		err = p.each(a, level)
	}
	if err != nil {
		return nil, err
	}
	a.sum()
	return a, nil
}

// sum adds up the periods.
func (a *phasedLaw) sum() {
	n := len(a.mass)
	a.left, a.right = make([]float64, n+1), make([]float64, n+1)
	for i, m := range a.mass {
		a.left[i+1] = a.left[i] + m
	}
	for i := n - 1; i >= 0; i-- {
		a.right[i] = a.right[i+1] + a.mass[i]
	}
	first, second := 0.0, 0.0 // moments of T - begin
	for i, m := range a.mass {
		x := float64(i) * a.d
		first += x*m + a.offset[i]
		second += x*x*m + 2*x*a.offset[i] + a.square[i]
	}
	total := a.total()
	a.mean = a.begin + first/total
	a.sd = math.Sqrt(math.Max(0, second/total-first/total*first/total))
}

func (a *phasedLaw) total() float64 { return a.chance + a.left[len(a.mass)] }

// nodes is how many first ends there are.
func (a *phasedLaw) nodes() (n int) {
	for _, ph := range a.phases {
		n += len(ph.nodes)
	}
	return n
}

// whole is the law of n at the first ends, each weighted by a power of the time
// since begin in units of d.
func (a *phasedLaw) whole(power int) law {
	sum := law{0, []float64{0}}
	for _, ph := range a.phases {
		ph.weighted(a.d, func(end firstEnd, w float64) {
			sum = sum.or(end.n.scaled(w * math.Pow((end.at-a.begin)/a.d, float64(power))))
		})
	}
	return sum
}

// uniform tells whether rates are the same from so many services after begin on,
// for as long as it matters, and up to there are soon followed.
func (p problem) uniform(a *phasedLaw, level int) (services int, is bool) {
	q := newLatticePassage(p.Lane, a.begin, a.whole(0), level)
	q.reach = phasedReach - math.Log(p.tolerance())
	_, hi := q.window(p.tolerance())
	if q.flat(hi + a.d) {
		return 0, true
	}
	_, services, last := q.points(p.tolerance())
	work := q.chainWork(services)
	return services, services < last && work <= q.pairs(p.tolerance()) && work*float64(a.nodes()) <= p.pairs()
}

// pairs of service ends that may be looked at.
func (p problem) pairs() float64 {
	most := phasedPairs
	if p.coarse() {
		most /= 4
	}
	if p.toFix() > 0 {
		most /= fixedPools / 3 // most have fewer
	}
	return most
}

// alike fills in the periods where all passages from the same number are alike,
// from so many services on, through which the chain takes each first end: those of
// the mixture are one passage, and a row is the formula of its law.
func (p problem) alike(a *phasedLaw, level, services int) error {
	sums := []*[]float64{&a.mass, &a.offset, &a.square}
	later := &phasedLaw{begin: a.begin, d: a.d, phases: slices.Clone(a.phases)}
	for i := range a.phases {
		ph := &a.phases[i]
		var rests []firstEnd
		ph.weighted(a.d, func(end firstEnd, w float64) {
			row, rest := p.through(end, level, services)
			for power, to := range sums {
				addTo(to, row, w*math.Pow(end.at-a.begin, float64(power)))
			}
			rests = append(rests, firstEnd{end.at, rest})
			q := newLatticePassage(p.Lane, end.at+float64(services)*a.d, rest, level)
			ph.rows = append(ph.rows, func(i int) float64 {
				if i <= services {
					return row[i]
				}
				return math.Max(0, q.source(float64(i-services)))
			})
		})
		later.phases[i].nodes = rests
	}
	for power, to := range sums {
		first, mass, err := p.periods(newLatticePassage(p.Lane, a.begin+float64(services)*a.d, later.whole(power), level))
		if err != nil {
			return err
		}
		*to = append(*to, make([]float64, first-1+len(mass))...)
		for i, x := range mass {
			(*to)[services+first+i] += math.Max(0, x) * math.Pow(a.d, float64(power))
		}
	}
	n := max(len(a.mass), len(a.offset), len(a.square))
	for _, to := range sums {
		*to = append(*to, make([]float64, n-len(*to))...)
	}
	return nil
}

// through is the mass of a first end and of each of so many service ends after it,
// and the law of n above the level at the last of them.
func (p problem) through(end firstEnd, level, services int) ([]float64, law) {
	now, later := end.n.upTo(level)
	row := make([]float64, services+1)
	if all := later.mass(); services > 0 && all > 0 {
		c := newLatticeChain(newLatticePassage(p.Lane, end.at, later.scaled(1/all), level), services, p.SolveOptions)
		later = c.follow(c.of.from, 0, services).scaled(all)
		for i, x := range c.q {
			row[i] = x * all
		}
	}
	row[0] = now
	return row, later
}

// periods solves a passage of not too many periods; that from nothing has none.
func (p problem) periods(q *latticePassage) (first int, mass []float64, err error) {
	if q.from.mass() == 0 {
		return 1, nil, nil
	}
	q.reach = phasedReach - math.Log(p.tolerance())
	lo, hi := q.window(p.tolerance())
	if n := (hi - lo) / q.d; !(n <= phasedMost) {
		return 0, nil, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and its law has %.0e periods, at most %d are solved for", n, phasedMost)}
	}
	return q.solve(p.SolveOptions)
}

// each solves for the passage from each first end by itself.
func (p problem) each(a *phasedLaw, level int) (err error) {
	values, pairs := 0, p.pairs()
	for i := range a.phases {
		ph := &a.phases[i]
		ph.weighted(a.d, func(end firstEnd, w float64) {
			if err != nil {
				return
			}
			var row []float64
			if row, err = p.row(end, level, &pairs); err != nil {
				return
			}
			if values += len(row); values > phasedValues {
				err = &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and its law has more than %d values", phasedValues)}
				return
			}
			a.take(ph, end.at, w, row)
		})
	}
	return err
}

// take adds the mass of the first end of a phase, and of all that follow, with its weight.
func (a *phasedLaw) take(ph *phase, end, w float64, row []float64) {
	since := end - a.begin
	addTo(&a.mass, row, w)
	addTo(&a.offset, row, w*since)
	addTo(&a.square, row, w*since*since)
	ph.rows = append(ph.rows, func(i int) float64 {
		if i < len(row) {
			return row[i]
		}
		return 0
	})
}

// row is the mass of each service end from one on; pairs are the ones of service
// ends that may still be looked at.
func (p problem) row(end firstEnd, level int, pairs *float64) ([]float64, error) {
	now, later := end.n.upTo(level)
	all := later.mass()
	if all == 0 {
		return []float64{now}, nil
	}
	q := newLatticePassage(p.Lane, end.at, later.scaled(1/all), level)
	q.reach = phasedReach - math.Log(p.tolerance())
	if *pairs -= q.pairs(p.tolerance()); *pairs < 0 {
		return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends while the rate changes, and its law takes more than %.0e pairs of service ends", phasedPairs)}
	}
	first, mass, err := p.periods(q)
	if err != nil {
		return nil, err
	}
	row := make([]float64, first+len(mass))
	row[0] = now
	for i, x := range mass {
		row[first+i] = math.Max(0, x) * all
	}
	return row, nil
}

// period is the mass in the i-th.
func (a *phasedLaw) period(i int) *curve {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.kept[i]; c != nil {
		return c
	}
	if a.kept == nil || len(a.kept) == phasedKept {
		a.kept = map[int]*curve{}
	}
	c := a.inPeriod(i)
	a.kept[i] = c
	return c
}

func (a *phasedLaw) inPeriod(i int) *curve {
	if len(a.parts) > 0 {
		laws := make([]Drain, len(a.parts))
		for k, part := range a.parts {
			laws[k].Distribution = part.inPeriod(i)
		}
		return mixed(laws, a.weights)
	}
	var panels []panel
	var atoms []Atom
	for _, ph := range a.phases {
		if ph.lo == ph.hi {
			atoms = append(atoms, Atom{ph.from + float64(ph.services+i)*a.d, ph.rows[0](i)})
			continue
		}
		values := make([]float64, len(ph.rows))
		for j, row := range ph.rows {
			values[j] = row(i) / a.d
		}
		shift := float64(i) * a.d
		panels = append(panels, newPanel(ph.lo+shift, ph.hi+shift, phaseNodes.coefficients(values)))
	}
	return newCurve(panels, atoms, 0)
}

// curve is the law in one piece.
func (a *phasedLaw) curve() (*curve, error) {
	n := len(a.mass)
	for n > 1 && a.right[n-1] < chainEpsilon {
		n--
	}
	if n*len(a.phases) > phasedPanels {
		return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and its law has %d panels, at most %d are worked on to fix the numbers in finite streams", n*len(a.phases), phasedPanels)}
	}
	atoms := []Atom{{a.begin, a.chance}}
	var panels []panel
	for i := range n {
		c := a.period(i)
		panels, atoms = append(panels, c.panels...), append(atoms, c.atoms...)
	}
	return newCurve(panels, atoms, 0), nil
}

// of is the period that t is in, which ends with it at the latest.
func (a *phasedLaw) of(t float64) int {
	return sort.Search(len(a.mass), func(i int) bool { return a.begin+float64(i+1)*a.d >= t })
}

// around is the mass up to t after begin and the mass after t.
func (a *phasedLaw) around(t float64) (below, above float64) {
	i := a.of(t)
	if t < a.begin || i == len(a.mass) {
		return a.left[i], a.right[i]
	}
	c := a.period(i)
	return a.left[i] + math.Max(0, c.below(t)), a.right[i+1] + math.Max(0, c.above(t))
}

func (a *phasedLaw) CDF(t float64) float64 {
	if t < a.begin {
		return 0
	}
	below, above := a.around(t)
	if above < 0.5 {
		return 1 - above
	}
	return math.Min(1, a.chance+below)
}

func (a *phasedLaw) Exceed(t float64) float64 {
	if t < a.begin {
		return 1
	}
	below, above := a.around(t)
	if above < 0.5 {
		return above
	}
	return math.Max(0, 1-a.chance-below)
}

// Quantile finds the period first, from the end at which there is less mass.
func (a *phasedLaw) Quantile(p float64) float64 {
	short := func(below, above float64) bool {
		if p > 0.5 {
			return above > 1-p
		}
		return a.chance+below < p
	}
	if !short(0, a.right[0]) {
		return a.begin
	}
	i := sort.Search(len(a.mass)-1, func(i int) bool { return !short(a.left[i+1], a.right[i+1]) })
	c := a.period(i)
	lo, hi := c.span()
	at := func(t float64) bool { return short(a.left[i]+c.below(t), a.right[i+1]+c.above(t)) }
	switch {
	case at(hi):
		return hi
	case !at(lo):
		return lo
	}
	return bisect(lo, hi, at)
}

func (a *phasedLaw) Mean() float64   { return a.mean }
func (a *phasedLaw) StdDev() float64 { return a.sd }

func (a *phasedLaw) MeanOver(t float64) float64 {
	if t <= a.begin {
		return a.mean - t
	}
	i := a.of(t)
	sum := 0.0
	if i < len(a.mass) {
		sum = a.period(i).excess(t)
	}
	for j := i + 1; j < len(a.mass); j++ {
		sum += a.offset[j] + (a.begin+float64(j)*a.d-t)*a.mass[j]
	}
	return math.Max(0, sum) / a.total()
}

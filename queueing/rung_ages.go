package queueing

import (
	"fmt"
	"math"
	"sort"
)

// rungAges bounds the number that waits by age. Who waits has come in the last tau, as those
// who are older are dropped when their turn comes, and those before them have had theirs. So no
// more wait than have been let in in that time, which the mean path of the lane tells. While the
// lane drops who is too old as many wait, and what waits as overload ends varies as that number
// does: it is taken at three nodes.
type rungAges struct {
	tau  float64
	at   []float64 // s
	sum  []float64 // let in up to then, on the mean path
	own  Arrivals  // from the last of those on
	node float64   // standard deviations above the mean
	rest float64   // s, the least part of tau that a step is
}

const (
	rungAgeParts = 16   // of tau, a step at most
	rungAgeLater = 1000 // of the time, a step
	rungAgeSteps = 4000 // of the drain of the mean path, at least, for a step
	rungAgeRest  = 1e-5 // mass that is followed no further
	rungAgeTail  = 1e-2 // and after as many steps as are taken
	rungAgeError = 100  // times the error of a step
)

// newRungAges follows the mean path.
func (p problem) newRungAges() (*rungAges, error) {
	grid, err := p.newBandGrid()
	if err != nil {
		return nil, err
	}
	a := &rungAges{tau: p.cfg.Mechanisms.MaxAge, own: p.cfg.Arrivals, at: []float64{0}, sum: []float64{float64(p.cfg.Backlog)}}
	b := &band{problem: p, grid: grid, enters: func(t, many float64) {
		n := len(a.at) - 1
		if t > a.at[n] {
			a.at, a.sum = append(a.at, t), append(a.sum, a.sum[n]+many)
		} else {
			a.sum[n] += many
		}
	}}
	mid, err := b.passage(nil)
	a.rest = math.Max(mid.at, p.begin) / rungAgeSteps
	return a, err
}

// upTo is the mean number let in up to t, those who were there at 0 included.
func (a *rungAges) upTo(t float64) float64 {
	if t < 0 {
		return 0
	}
	i := sort.SearchFloat64s(a.at, t)
	switch n := len(a.at); {
	case i == n:
		return a.sum[n-1] + a.own.Mean(a.at[n-1], t)
	case a.at[i] == t || i == 0:
		return a.sum[i]
	}
	share := (t - a.at[i-1]) / (a.at[i] - a.at[i-1])
	return a.sum[i-1] + share*(a.sum[i]-a.sum[i-1])
}

// room is the most that wait at t.
func (a *rungAges) room(t, dispersion float64) float64 {
	if t < a.tau { // nobody is too old
		return math.Inf(1)
	}
	n := math.Max(0, a.upTo(t)-a.upTo(t-a.tau))
	return math.Max(0, n+a.node*math.Sqrt(dispersion*n))
}

// step is the longest that keeps up with the bound at t.
func (a *rungAges) step(t float64) float64 {
	return math.Max(math.Max(a.tau/rungAgeParts, a.rest), t/rungAgeLater)
}

// tooOld drops who is too old.
func (w *rungLane) tooOld() {
	if w.ages == nil {
		return
	}
	room := float64(w.servers) + w.ages.room(w.t, w.dispersion)
	if math.IsInf(room, 1) {
		return
	}
	first := sort.SearchFloat64s(w.at, room)
	if w.absorbing {
		first = max(first, 1)
		room = math.Max(room, w.at[min(1, len(w.at)-1)])
	}
	beyond := 0.0
	for i := first; i < len(w.at); i++ {
		if w.at[i] > room {
			beyond += w.p[i]
			w.p[i] = 0
		}
	}
	if beyond > 0 {
		w.at.put(w.p, room, beyond)
	}
}

// byRungsOfAges is byRungs where who is too old is dropped, too. Where one of its mechanisms hardly
// changes that, the law is that of the lane without it.
func (p problem) byRungsOfAges() (d Drain, err error) {
	defer catch(&err)
	m := p.cfg.Mechanisms
	if m.MaxAge == 0 || m.Discipline != FIFO || m.Throttle != nil || m.Retries != nil {
		return Drain{}, &UnsupportedError{Diffusion, "it does not drop who is too old alone"}
	}
	q, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	below := func(q problem) (Drain, error) { return q.unfixedBy(open, problem.belowAges) }
	if d, err = below(q); err != nil || p.soon {
		return d, err
	}
	for _, m := range m.withoutOne() {
		other, err := q.withMechanisms(m)
		if err != nil {
			return Drain{}, err
		}
		rough, err := below(other)
		if err != nil {
			continue
		}
		off := ageSeen + ageOdd*math.Max(furthestAt(d, rough), furthestAt(rough, d))
		if off > ageNearly {
			continue
		}
		o := p.SolveOptions
		o.effort = nil
		if law, err := SolveDrain(other.Lane, o); err == nil && law.AbsError+off < 1 {
			law = law.offBy(off)
			law.Reason += fmt.Sprintf("; one of its mechanisms matters by %.1g of probability at most, as a diffusion tells, and is left out", off)
			law.Tail, law.floor = 0, 0
			return law, nil
		}
	}
	return d, nil
}

const (
	ageOdd    = 2.0  // times the difference that a mechanism makes of diffusions
	ageSeen   = 0.05 // that simulation showed where they made none
	ageNearly = 0.15 // that is stated, at most, where one is left out
)

// withoutOne lists what is left of the mechanisms without one.
func (m Mechanisms) withoutOne() (all []Mechanisms) {
	less := m
	if less.MaxAge = 0; m.MaxAge > 0 {
		all = append(all, less)
	}
	less = m
	if less.Limited = false; m.Limited {
		all = append(all, less)
	}
	less = m
	if less.SlowDown = nil; m.SlowDown != nil {
		all = append(all, less)
	}
	return all
}

// withMechanisms is the problem with others, that ends its overload at the same time.
func (p problem) withMechanisms(m Mechanisms) (problem, error) {
	cfg := p.cfg
	cfg.Mechanisms = m
	l, err := NewLane(cfg)
	if err != nil {
		return p, err
	}
	end := p.end
	l.overload = &end
	p.Lane, p.known, p.tried = l, nil, &tried{kept: map[question]answer{}}
	return p, nil
}

// belowAges is the diffusion below the bound by age, if there is one.
func (p problem) belowAges() (d Drain, err error) {
	defer catch(&err)
	p.Tolerance, p.effort = math.Max(p.tolerance(), roughTolerance), newEffort(roughEffort)
	nodes, weights := []float64{0}, []float64{1}
	var ages *rungAges
	if p.cfg.Mechanisms.MaxAge > 0 {
		if ages, err = p.newRungAges(); err != nil {
			return Drain{}, err
		}
		if root := math.Sqrt(3); !p.soon { // Gauss and Hermite's nodes
			nodes, weights = []float64{0, -root, root}, []float64{2. / 3, 1. / 6, 1. / 6}
		}
	}
	var all []Drain
	for _, z := range nodes {
		var of *rungAges
		if ages != nil {
			a := *ages
			a.node, of = z, &a
		}
		d, err := p.alongRungs(of)
		if err != nil {
			return Drain{}, err
		}
		if !(d.Distribution.(*curve).total() > 1-lostMass) {
			return Drain{}, &UnsupportedError{Diffusion, "what it finds does not add up"}
		}
		all = append(all, d)
	}
	c := mixed(all, weights)
	return Drain{Distribution: c, Method: Diffusion, Quality: Approximate, rough: 1, AbsError: 1, Atoms: c.atoms,
		Reason: "the number in the lane as a diffusion, below as many as have been let in within the largest age; nothing bounds its error"}, nil
}

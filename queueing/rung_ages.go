package queueing

import (
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
	rungAgeSteps = 4000 // of the drain of the mean path, at least, for a step
	rungAgeRest  = 1e-5 // mass that is followed no further
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
	n := math.Max(0, a.upTo(t)-a.upTo(t-a.tau))
	return math.Max(0, n+a.node*math.Sqrt(dispersion*n))
}

// step is the longest that keeps up with the bound.
func (a *rungAges) step() float64 { return math.Max(a.tau/rungAgeParts, a.rest) }

// tooOld drops who is too old.
func (w *rungLane) tooOld() {
	if w.ages == nil {
		return
	}
	room := float64(w.servers) + w.ages.room(w.t, w.dispersion)
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

// byRungsOfAges is byRungs where who is too old is dropped, too.
func (p problem) byRungsOfAges() (d Drain, err error) {
	defer catch(&err)
	m := p.cfg.Mechanisms
	if m.MaxAge == 0 || m.Discipline != FIFO || m.Throttle != nil || m.Retries != nil {
		return Drain{}, &UnsupportedError{Diffusion, "it does not drop who is too old alone"}
	}
	p.Tolerance, p.effort = math.Max(p.tolerance(), roughTolerance), newEffort(roughEffort)
	ages, err := p.newRungAges()
	if err != nil {
		return Drain{}, err
	}
	var all []Drain
	for _, z := range [...]float64{0, -math.Sqrt(3), math.Sqrt(3)} { // Gauss and Hermite's nodes
		of := *ages
		of.node = z
		d, err := p.alongRungs(&of)
		if err != nil {
			return Drain{}, err
		}
		if !(d.Distribution.(*curve).total() > 1-lostMass) {
			return Drain{}, &UnsupportedError{Diffusion, "what it finds does not add up"}
		}
		all = append(all, d)
	}
	c := mixed(all, []float64{2. / 3, 1. / 6, 1. / 6})
	d = Drain{Distribution: c, Method: Diffusion, Quality: Approximate, rough: 1, AbsError: 1, Atoms: c.atoms}
	d.Reason = "the number in the lane as a diffusion, below as many as have been let in within the largest age; nothing bounds its error"
	return d, nil
}

package queueing

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/markov"
)

// twoPhase is a service law of one or two exponential phases: it starts in the
// first with probability first, else in the second; the first is followed by
// the second with probability on.
type twoPhase struct {
	first, on    float64
	rate1, rate2 float64 // 1/s
	exact        bool    // whether the law is this one, not only its first moments
}

// twoPhaseOf has the mean and, from 1/2 on, the SCV of a law: above 1 the nearest
// of [mixturesOf], below it Coxian (R. A. Marie, Perform. Eval. Rev. 9 (1980));
// Erlang of two phases below 1/2.
func twoPhaseOf(s Service) twoPhase {
	m, scv := s.Mean(), s.SCV()
	if h, is := s.(Hyperexponential); is {
		return mixedPhases(h, true)
	}
	if scv >= 1 {
		_, exponential := s.(Exponential)
		nearest := mixturesOf(s)[0]
		nearest.exact = exponential
		return nearest
	}
	_, gamma := s.(Gamma)
	c := math.Max(scv, 0.5)
	return twoPhase{1, 1 / (2 * c), 2 / m, 1 / (m * c), gamma && scv == 0.5}
}

func mixedPhases(h Hyperexponential, exact bool) twoPhase {
	return twoPhase{h.P1, 0, 1 / h.Mean1, 1 / h.Mean2, exact}
}

// mixturesOf are mixtures of two exponential laws with the mean and the SCV, 1 or
// more, of a law, the one nearer to it first: with balanced means (Tijms 2003,
// appendix B), and with its third moment too where there is one. The latter
// suits services most of which are short, the former those of which hardly any
// is very long.
func mixturesOf(s Service) []twoPhase {
	m, scv := s.Mean(), s.SCV()
	all := []twoPhase{mixedPhases(BalancedHyperexponential(m, scv), false)}
	fit, err := markov.FitThreeMoments(m, m*m*(1+scv), thirdMoment(s))
	if err != nil || fit.Phases() != 2 || fit.Rates[0] != nil && fit.Rates[0][1] > 0 {
		return all
	}
	all = append(all, twoPhase{fit.Initial[0], 0, fit.Exit[0], fit.Exit[1], false})
	if all[1].off(s) < all[0].off(s) {
		slices.Reverse(all)
	}
	return all
}

// off is the largest difference of the transforms of the law and of a service
// with its mean, on the real axis: at most that of the distribution functions.
func (l twoPhase) off(s Service) float64 {
	most := 0.0
	for k := -10; k <= 14; k++ {
		z := math.Ldexp(1/s.Mean(), k)
		second := l.rate2 / (l.rate2 + z)
		first := l.rate1 / (l.rate1 + z) * (1 - l.on + l.on*second)
		most = math.Max(most, math.Abs(l.first*first+(1-l.first)*second-real(s.Transform(complex(z, 0)))))
	}
	return most
}

// serverChain follows the number in a lane and how many of its servers are in
// the first phase of a service.
type serverChain struct {
	renewedWalk
	law  twoPhase
	pace func(waiting float64) float64 // of all services, by who waits now; nil: 1
}

// serverWork bounds the multiplications that the chain may cost where it is
// exact, and a tenth of it where it is not: the diffusion is near by then, but not with a
// bound on the queue or servers that slow down.
const serverWork = 1e9

// quickWork bounds the states times jumps, some two seconds, that a chain may be
// expected to take until its tail has settled, where no method was named.
const quickWork = 2.5e8

// byServers is exact for services of two phases, whatever their servers do.
func (p problem) byServers() (Drain, error) { return p.byServersOf(twoPhaseOf(p.cfg.Service)) }

func (p problem) byServersOf(law twoPhase) (Drain, error) {
	if work := (p.chainCost() + p.tailCost()) * float64(p.FinalServers()+1); p.Method == Auto && work > quickWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("following each server's phase until the tail settles would take %.0e states times jumps", work)}
	}
	full := p.fullest()
	if err := full.affords(law, full.serversTop()); err != nil {
		return Drain{}, err
	}
	return retryLarger(p.serversTop(), p.cfg.Mechanisms.Limited, func(top int) (Drain, error) {
		if err := p.affords(law, top); err != nil {
			return Drain{}, err
		}
		return p.serversUpTo(top, law)
	})
}

// serversTop is the number of requests up to which the chain is followed at first.
func (p problem) serversTop() int {
	if m := p.cfg.Mechanisms; m.Limited {
		return p.FinalServers() + m.QueueLimit
	}
	peak, end := p.slowEnd()
	return int(peak+8*math.Sqrt((1+p.cfg.Service.SCV())*(p.cfg.Arrivals.Mean(0, end)+p.Work(0, end)+100))) + 40 + p.FinalServers()
}

// slowEnd is fluidEnd, of services as long as they may be.
func (p problem) slowEnd() (peak, end float64) {
	if p.cfg.Mechanisms.SlowDown != nil {
		if q, err := p.slowest(p.cfg.Mechanisms.slowestFactor()); err == nil {
			return q.fluidEnd()
		}
	}
	return p.fluidEnd()
}

// affords refuses to follow each server's phase up to the top where that takes too
// many multiplications.
func (p problem) affords(law twoPhase, top int) error {
	_, end := p.slowEnd()
	c, most := float64(p.FinalServers()), serverWork
	if !law.exact && p.Plain() {
		most /= 10
	}
	states := c*(c+1)/2 + (float64(top)-c+1)*(c+1)
	if work := 8 * (p.cfg.Arrivals.Mean(0, end) + c*math.Max(law.rate1, law.rate2)*end) * states; work > most {
		return &UnsupportedError{Chain, fmt.Sprintf("following each server's phase would take %.0e multiplications", work)}
	}
	return nil
}

// fullest is the problem at the largest of the means that the number in its one
// finite stream is fixed by: if that takes too much, the others are solved in vain.
func (p problem) fullest() problem {
	if p.toFix() != 1 {
		return p
	}
	for i, st := range p.cfg.Arrivals.streams {
		pool, is := st.Source.(poissonPool)
		if !is || p.known != nil && p.known.spent(pool) {
			continue
		}
		n, _ := members(pool.Source)
		if n == 0 {
			return p
		}
		full := pool
		full.mean = 1 + reachOf(float64(n))/float64(n)
		if q, err := p.with(i, full); err == nil {
			return q
		}
	}
	return p
}

func (p problem) serversUpTo(top int, law twoPhase) (Drain, error) {
	m := &serverChain{renewedWalk{lane: p.Lane, top: top, servers: p.ServersAt(0), dead: func(int) bool { return false },
		options: markov.Options{Tolerance: chainTolerance(p.SolveOptions), Context: p.Context}}, law, nil}
	if p.cfg.Mechanisms.SlowDown != nil {
		m.pace = p.lagged().paceAt
	}
	m.edge = edgeWatch{func(state int) bool { n, _ := m.at(state); return n == top && !p.cfg.Mechanisms.Limited }, 1e-3 * p.tolerance()}
	if m.failed = m.walk(0, map[[2]int]float64{{0, 0}: 1}, p.Initial().law()); m.failed != nil {
		return Drain{}, m.failed
	}
	d, err := followLane(p.Lane, m, p.begin, p.SolveOptions)
	d.Reason = "the number in the lane and the phase of each server's service are followed"
	return d, err
}

// walk starts at t from the law over the requests and servers in the first
// phase, to which a number of requests is added.
func (m *serverChain) walk(t float64, before map[[2]int]float64, added law) error {
	s, err := m.sources()
	if err != nil {
		return err
	}
	start := markov.Law{P: make([]float64, m.state(m.top, 0)+m.servers+1)}
	for at, p := range before {
		m.spread(start.P, 0, p, at[0], at[1], added)
	}
	w, err := s.Start(t, start, m.options)
	if err == nil {
		m.Walk = w
	}
	return err
}

// spread adds requests to n, of whom j servers are in the first phase: servers
// that are free begin services. It adds up the probabilities in dst, which
// holds the states from first on.
func (m *serverChain) spread(dst []float64, first int, p float64, n, j int, added law) {
	m.spreadFrom(dst, first, p, n, j, min(n, m.servers), added)
}

func (m *serverChain) spreadFrom(dst []float64, first int, p float64, n, j, busy int, added law) {
	for i, w := range added.p {
		if w == 0 || p <= 0 { // what rounding has left below 0
			continue
		}
		to := min(n+added.lo+i, m.top)
		fresh := min(to, m.servers) - busy
		in := binomialLaw(Binomial{N: fresh, P: m.law.first, Size: 1})
		for k, v := range in.p {
			dst[m.state(to, j+in.lo+k)-first] += p * w * v
		}
	}
}

// state has n requests and j servers in the first phase.
func (m *serverChain) state(n, j int) int {
	c := m.servers
	if n < c {
		return n*(n+1)/2 + j
	}
	return c*(c+1)/2 + (n-c)*(c+1) + j
}

// at is the inverse of state.
func (m *serverChain) at(state int) (n, j int) {
	c := m.servers
	if rest := state - c*(c+1)/2; rest >= 0 {
		return c + rest/(c+1), rest % (c + 1)
	}
	n = int((math.Sqrt(8*float64(state)+1) - 1) / 2)
	if n*(n+1)/2 > state {
		n--
	}
	return n, state - n*(n+1)/2
}

func (m *serverChain) sources() (markov.Sources, error) {
	var fresh, fixed []markov.Jump
	jump := func(list *[]markov.Jump, from, n, j int, rate float64) {
		if rate > 0 {
			*list = append(*list, markov.Jump{From: from, To: m.state(n, j), Rate: rate})
		}
	}
	a, law := m.law.first, m.law
	for n := 0; n <= m.top; n++ {
		busy, pace := min(n, m.servers), 1.0
		if m.pace != nil {
			pace = m.pace(float64(n - m.servers))
		}
		for j := 0; j <= busy; j++ {
			from := m.state(n, j)
			ends1, ends2 := float64(j)*law.rate1*pace, float64(busy-j)*law.rate2*pace
			jump(&fixed, from, n, max(j-1, 0), ends1*law.on)
			ends1 *= 1 - law.on
			if n > m.servers { // the next request's service begins
				jump(&fixed, from, n-1, j, ends1*a+ends2*(1-a))
				jump(&fixed, from, n-1, max(j-1, 0), ends1*(1-a))
				jump(&fixed, from, n-1, j+1, ends2*a)
			} else if n > 0 {
				jump(&fixed, from, n-1, max(j-1, 0), ends1)
				jump(&fixed, from, n-1, j, ends2)
			}
			if n < m.top && n < m.servers {
				jump(&fresh, from, n+1, j+1, a)
				jump(&fresh, from, n+1, j, 1-a)
			} else if n < m.top {
				jump(&fresh, from, n+1, j, 1)
			}
		}
	}
	states := m.state(m.top, 0) + m.servers + 1
	f, err1 := markov.NewSparse(states, fixed)
	g, err2 := markov.NewSparse(states, fresh)
	return markov.Sources{Fixed: f, Fresh: g, Arrivals: m.lane.cfg.Arrivals.Rate, Breaks: m.lane.chainBreaks(), Mean: m.lane.cfg.Arrivals.Flow}, errors.Join(err1, err2)
}

// renew takes the generator of the servers that are there now; those that
// join begin services.
func (m *serverChain) renew() error {
	t := m.Walk.Time()
	c, old := m.lane.ServersAt(t), m.Walk.Law()
	if m.failed != nil || c == m.servers {
		return m.failed
	}
	m.leave()
	next := *m
	next.servers = c
	start := markov.Law{P: make([]float64, next.state(m.top, 0)+c+1)}
	for i, p := range old.P {
		n, j := m.at(old.First + i)
		next.spreadFrom(start.P, 0, p, n, j, min(n, m.servers), point(0))
	}
	m.servers = c
	s, err := m.sources()
	if err != nil {
		return err
	}
	return m.enter(s, start)
}

func (m *serverChain) Advance(t float64) error {
	if m.failed = m.renew(); m.failed != nil {
		return m.failed
	}
	return m.advance(t)
}

func (m *serverChain) Trace(t float64, at []float64) ([]float64, error) {
	if m.failed = m.renew(); m.failed != nil {
		return nil, m.failed
	}
	return m.trace(t, at)
}

// arrive adds a batch.
func (m *serverChain) arrive(size Count) error {
	if m.failed = m.renew(); m.failed != nil {
		return m.failed
	}
	batch := size.law()
	return m.Move(func(state int) markov.Law {
		n, j := m.at(state)
		lo, hi := min(n+batch.lo, m.top), min(n+batch.hi(), m.top)
		out := markov.Law{First: m.state(lo, 0), P: make([]float64, m.state(hi, 0)-m.state(lo, 0)+m.servers+1)}
		m.spread(out.P, out.First, 1, n, j, batch)
		return out
	})
}

func (m *serverChain) drained(level int) float64 {
	if m.failed = m.renew(); m.failed != nil {
		return 0 // the next advance says why
	}
	m.dead = func(state int) bool { n, _ := m.at(state); return n <= level }
	return m.Walk.Absorb(m.dead)
}

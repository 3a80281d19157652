package queueing

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing/markov"
)

// matched is the number in a lane as a Markov chain of the same mean path and
// asymptotic variance, for lanes that no exact method covers: several servers
// of any service law that may idle before overload ends, or that join later.
//
// Below c busy servers each ends its service at rate 1/E S, whatever its law:
// the stationary law of an infinite server system knows no more of it
// (B. A. Sevastyanov, Theory Probab. Appl. 2 (1957)). At c and above the lane
// is one server c times as fast whose service takes r = ceil(1/SCV) exponential
// stages, at most 12; the variance that is missing still, (SCV - 1/r) c/E S per
// second, is made up by extra steps of one stage up and down at equal rates.
// It is exact for exponential and, on one server, Erlang service. Elsewhere the
// first requests at the start are worked off (c-1)(SCV-1)/2 services earlier,
// since all servers start afresh and not in equilibrium (D. R. Cox, Renewal
// Theory, Methuen 1962, section 4.5).
type matched struct {
	renewedWalk
	stages int
}

// matchedError is the largest error of the CDF that simulation showed over the
// lanes of the tests.
const matchedError = 0.08

// roughTolerance is the least error asked of what is approximate anyway.
const roughTolerance = 1e-4

// matchedWork bounds the multiplications that the chain may cost.
const matchedWork = 3e8

// matchedStages bounds the stages of a service.
const matchedStages = 12

// approximately answers where no method covers the lane: by the matched chain
// or, where that would take too long, by the diffusion, or as if its service
// were exponential.
func (p problem) approximately(refusal error) (Drain, error) {
	var refused *UnsupportedError
	if !errors.As(refusal, &refused) || !p.Plain() {
		return Drain{}, refusal
	}
	q := p
	q.effort = newEffort(roughEffort)
	q.Tolerance = math.Max(p.tolerance(), roughTolerance)
	d, err := q.exactly(func(q problem) (Drain, error) { return q.byMoments() })
	if errors.As(err, &refused) {
		if d, err = DiffusionDrain(p.Lane); errors.As(err, &refused) || err == nil && d.AbsError == 1 {
			d, err = p.asExponential()
		}
	}
	if errors.As(err, &refused) {
		return Drain{}, refusal
	}
	return d, err
}

// exponentialError is what exponential service in place of another of the same
// mean may change: a normal law with half or twice its standard deviation.
const exponentialError = 0.2

// asExponential takes the service for an exponential one of the same mean: the
// last resort for large lanes whose servers must idle.
func (p problem) asExponential() (Drain, error) {
	cfg, scv := p.cfg, p.cfg.Service.SCV()
	cfg.Service = Exponential{cfg.Service.Mean()}
	p.Lane = &Lane{cfg: cfg, steps: p.steps, overload: &p.end}
	p.Tolerance = math.Max(p.tolerance(), roughTolerance)
	d, err := p.byDensity()
	d.rough = math.Min(1, exponentialError*math.Max(1, math.Sqrt(scv)))
	d.Quality, d.AbsError = Approximate, d.AbsError+d.rough
	d.Reason = "its service is taken for exponential with the same mean"
	return d, err
}

// twoPhaseError is the largest error of the CDF that simulation showed where a
// law of two phases took the place of another.
const (
	twoPhaseError  = 0.06
	fewPhasesError = 0.2 // with an SCV below 1/2, which two phases do not reach
)

// byMoments follows a law of two phases with the mean and SCV of the lane's
// service where that is not too much work; one server whose service varies
// little has more stages.
func (p problem) byMoments() (Drain, error) {
	var refused *UnsupportedError
	if p.FinalServers() == 1 {
		own := p
		own.effort = newEffort(chainEffort)
		for _, way := range []func(problem) (Drain, error){problem.between, problem.fitted} {
			if d, err := way(own); !errors.As(err, &refused) {
				return d, err
			}
		}
	}
	if p.FinalServers() == 1 && p.cfg.Service.SCV() < 1 {
		return p.byMatched()
	}
	d, err := p.byServers()
	if errors.As(err, &refused) {
		return p.byMatched()
	}
	if err == nil && !(d.AbsError <= lostMass) {
		return p.byMatched()
	}
	if err == nil && !twoPhaseOf(p.cfg.Service).exact {
		d.rough = twoPhaseError
		if p.cfg.Service.SCV() < 0.5 {
			d.rough = fewPhasesError
		}
		d.Quality, d.AbsError = Approximate, d.AbsError+d.rough
		d.Reason = "services of two exponential phases with the same mean and variance stand for those of the lane"
	}
	return d, err
}

func (p problem) byMatched() (Drain, error) {
	scv := p.cfg.Service.SCV()
	stages := 1
	if scv < 1 {
		stages = int(math.Min(matchedStages, math.Ceil(1/math.Max(scv, 1e-9)-1e-9)))
	}
	peak, end := p.fluidEnd()
	events := p.cfg.Arrivals.Mean(0, end) + p.Work(0, end)
	top := int(peak+10*math.Sqrt((1+scv)*(events+100))) + 60 + p.FinalServers()
	return retryLarger(top, false, func(top int) (Drain, error) {
		capacity := p.FinalCapacity() * (float64(stages) + math.Max(0, scv-1/float64(stages))*float64(stages*stages))
		work := 2 * (p.cfg.Arrivals.Mean(0, end) + capacity*end) * float64(p.FinalServers()+top*stages) * 3
		if work > matchedWork {
			return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", work)}
		}
		return p.matchedUpTo(top, stages)
	})
}

func (p problem) matchedUpTo(top, stages int) (Drain, error) {
	m := &matched{renewedWalk{lane: p.Lane, top: top, dead: func(int) bool { return false },
		options: markov.Options{Tolerance: math.Max(chainTolerance(p.SolveOptions), 1e-9), Context: p.Context}}, stages}
	m.edge = edgeWatch{func(state int) bool { return m.requests(state) >= top-1 }, 1e-7}
	m.servers = p.ServersAt(0)
	law := m.start(p.Initial().law())
	s, err := m.sources()
	if err != nil {
		return Drain{}, err
	}
	if m.Walk, err = s.Start(0, law, m.options); err != nil {
		return Drain{}, err
	}
	d, err := followLane(p.Lane, m, p.begin, p.SolveOptions)
	if err != nil {
		return Drain{}, err
	}
	d.rough = matchedError
	if p.FinalServers() > 1 || p.cfg.Service.SCV() < 1.0/matchedStages {
		d.rough = fewPhasesError
	}
	d.Quality, d.AbsError = Approximate, d.AbsError+d.rough
	d.Reason = "a chain of the same mean path and variance stands for servers whose service is not exponential"
	return d, nil
}

// start spreads the law of the number at 0 over the states.
func (m *matched) start(n law) markov.Law {
	size := m.state(m.top) + 1
	out := markov.Law{P: make([]float64, size)}
	c := m.lane.cfg.Servers
	shift := int(math.Round(float64(c-1) * (m.lane.cfg.Service.SCV() - 1) / 2))
	for i, w := range n.p {
		at := n.lo + i
		if at > c {
			at = max(at-shift, c)
		}
		out.P[m.state(min(at, m.top))] += w
	}
	return out
}

// state has n requests, the next service at its beginning.
func (m *matched) state(n int) int {
	if n < m.servers || n == 0 {
		return n
	}
	return max(m.servers, 1) - 1 + (n-max(m.servers, 1)+1)*m.stages
}

// requests in a state.
func (m *matched) requests(state int) int {
	c := max(m.servers, 1)
	if state < c {
		return state
	}
	return c + (state-c)/m.stages
}

func (m *matched) sources() (markov.Sources, error) {
	mean, c := m.lane.cfg.Service.Mean(), m.servers
	r := float64(m.stages)
	extra := (m.lane.cfg.Service.SCV() - 1/r) * float64(c) / mean * r * r / 2
	last := m.state(m.top)
	var fresh, fixed []markov.Jump
	for s := range last + 1 {
		if to := s + 1; s < max(c, 1)-1 && to <= last {
			fresh = append(fresh, markov.Jump{From: s, To: to, Rate: 1})
		} else if to := s + m.stages; to <= last {
			fresh = append(fresh, markov.Jump{From: s, To: to, Rate: 1})
		}
		switch {
		case s == 0 || c == 0:
		case s < c:
			fixed = append(fixed, markov.Jump{From: s, To: s - 1, Rate: float64(s) / mean})
		default:
			fixed = append(fixed, markov.Jump{From: s, To: s - 1, Rate: r*float64(c)/mean + math.Max(extra, 0)})
			if s < last && extra > 0 {
				fixed = append(fixed, markov.Jump{From: s, To: s + 1, Rate: extra})
			}
		}
	}
	f, err1 := markov.NewSparse(last+1, fixed)
	g, err2 := markov.NewSparse(last+1, fresh)
	return markov.Sources{Fixed: f, Fresh: g, Arrivals: m.lane.cfg.Arrivals.Rate, Breaks: m.lane.chainBreaks()}, errors.Join(err1, err2)
}

// renew takes the generator of the servers that are there now.
func (m *matched) renew() error {
	if m.failed != nil {
		return m.failed
	}
	c := m.lane.ServersAt(m.Walk.Time())
	if c == m.servers {
		return nil
	}
	old := m.Walk.Law()
	counts := map[int]float64{}
	for i, p := range old.P {
		counts[m.requests(old.First+i)] += math.Max(p, 0)
	}
	m.leave()
	m.servers = c
	law := markov.Law{P: make([]float64, m.state(m.top)+1)}
	for n, p := range counts {
		law.P[m.state(min(n, m.top))] += p
	}
	s, err := m.sources()
	if err != nil {
		return err
	}
	return m.enter(s, law)
}

func (m *matched) Advance(t float64) error {
	if err := m.renew(); err != nil {
		return err
	}
	return m.advance(t)
}

func (m *matched) Trace(t float64, at []float64) ([]float64, error) {
	if err := m.renew(); err != nil {
		return nil, err
	}
	return m.trace(t, at)
}

// arrive adds a batch.
func (m *matched) arrive(size Count) error {
	if err := m.renew(); err != nil {
		return err
	}
	batch := size.law()
	return m.Move(func(state int) markov.Law {
		n := m.requests(state)
		out := markov.Law{P: make([]float64, m.state(m.top)+1)}
		for i, w := range batch.p {
			to := min(n+batch.lo+i, m.top)
			at := m.state(to)
			if n >= max(m.servers, 1) { // the service in progress goes on
				at = min(state+(to-n)*m.stages, m.state(m.top))
			}
			out.P[at] += w
		}
		return out
	})
}

func (m *matched) drained(level int) float64 {
	if m.failed = m.renew(); m.failed != nil {
		return 0 // and the next advance says why
	}
	m.dead = func(state int) bool { return m.requests(state) <= level }
	return m.Walk.Absorb(m.dead)
}

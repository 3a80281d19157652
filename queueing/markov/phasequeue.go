package markov

import "errors"

// PhaseQueue is the M_t/PH/1 queue with room for Limit requests. State 0 is
// the empty lane; state 1 + (n-1) Phases + i has n requests and the one in
// service in phase i.
type PhaseQueue struct {
	Service PhaseType
	Limit   int
}

// State is the number of the state with n requests and phase i.
func (q PhaseQueue) State(n, i int) int {
	if n == 0 {
		return 0
	}
	return 1 + (n-1)*q.Service.Phases() + i
}

// Requests is the number of requests in a state.
func (q PhaseQueue) Requests(state int) int {
	return (state + q.Service.Phases() - 1) / q.Service.Phases()
}

// Begin is the law over the states in which n requests are there and, if n is
// not 0, a service begins.
func (q PhaseQueue) Begin(n int) Law {
	if n == 0 {
		return Point(0)
	}
	return Law{q.State(n, 0), q.Service.Initial}
}

// Sources is the chain under arrivals at arrivals(t), which are smooth between
// the breaks. Who finds the lane full is lost.
func (q PhaseQueue) Sources(arrivals func(t float64) float64, breaks []float64) (Sources, error) {
	if err := errors.Join(q.Service.Validate(), between("PhaseQueue.Limit", q.Limit, 1, MaxStates)); err != nil {
		return Sources{}, err
	}
	m := q.Service.Phases()
	var fresh, fixed []Jump
	for j, a := range q.Service.Initial {
		fresh = append(fresh, Jump{0, q.State(1, j), a})
	}
	for n := 1; n <= q.Limit; n++ {
		for i := range m {
			at := q.State(n, i)
			if n < q.Limit {
				fresh = append(fresh, Jump{at, q.State(n+1, i), 1})
			}
			if n == 1 {
				fixed = append(fixed, Jump{at, 0, q.Service.Exit[i]})
				continue
			}
			for j, a := range q.Service.Initial {
				fixed = append(fixed, Jump{at, q.State(n-1, j), q.Service.Exit[i] * a})
			}
		}
		q.Service.each(func(i, j int, r float64) {
			fixed = append(fixed, Jump{q.State(n, i), q.State(n, j), r})
		})
	}
	states := 1 + q.Limit*m
	f, err1 := NewSparse(states, fixed)
	g, err2 := NewSparse(states, fresh)
	return Sources{Fixed: f, Fresh: g, Arrivals: arrivals, Breaks: breaks}, errors.Join(err1, err2)
}

// Sources is the chain of the orbit under fresh arrivals at arrivals(t), in
// place of Arrivals; its states are numbered by [Orbit.Index].
func (c Orbit) Sources(arrivals func(t float64) float64, breaks []float64) (Sources, error) {
	if err := c.Validate(); err != nil {
		return Sources{}, err
	}
	var fresh, fixed []Jump
	c.jumps(func(from, to int, f, rate float64) {
		fresh = append(fresh, Jump{from, to, f})
		fixed = append(fixed, Jump{from, to, rate})
	})
	n := (c.Limit + 1) * (c.Size + 1)
	a, err1 := NewSparse(n, fixed)
	b, err2 := NewSparse(n, fresh)
	return Sources{Fixed: a, Fresh: b, Arrivals: arrivals, Breaks: breaks}, errors.Join(err1, err2)
}

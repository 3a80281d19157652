package main

import (
	"context"
	"fmt"
	"math"

	"singlelane/queueing/steady"
)

// queueRow is one measure: its JSON key and its value in SI units.
type queueRow struct {
	key   string
	value float64
	text  string // instead of a value

	missing bool // neither: the model has it, but not this answer
}

// queueAnswer is what a model answers.
type queueAnswer struct {
	spec   *queueModel
	status steady.Status
	rows   []queueRow
	groups []queueGroup
	states []float64
	beyond []float64 // P(more) than each of states
	notes  []string
	told   string // of how it is, where stable says too little

	closed *steady.ClosedMeasures // of a closed network, solved once
	parted *partedWaits           // where the classes or stations have waits of their own
}

// noteQuestions marks the questions that the built model can be asked.
func noteQuestions(r *queueReader, m steady.Model) {
	_, waits := m.(steady.Waiter)
	_, states := m.(steady.Stater)
	r.used["states"] = r.used["states"] || states
	r.used["wait"] = r.used["wait"] || waits
	_, stays := m.(sojourner)
	r.used["sojourn"] = stays
	_, loaded := m.(steady.Loaded)
	switch m.(type) {
	case zoneModel, steady.FiniteRetrial:
	case steady.MMInf: // nobody waits, nobody is lost
	case steady.PS:
		r.used["target-sojourn"] = true
	case steady.Closed:
		r.used["target-sojourn"], r.used["target-throughput"] = true, true
	case steady.MMcc:
		r.used["target-level"], r.used["target-loss"] = true, true
	default:
		r.used["target-wait"], r.used["target-sojourn"] = loaded, loaded
		r.used["target-level"] = waits
	}
	switch m.(type) {
	case steady.MMcK, steady.ErlangA:
		r.used["target-loss"] = true
	case steady.Priority, steady.Jackson:
		r.used["wait"] = true
	}
}

// askQueue builds the model from the input and answers everything asked. The
// error is of type scenario.Faults when the input is to blame.
func askQueue(ctx context.Context, in *queueInput) (*queueAnswer, error) {
	spec := queueModelNamed(in.model)
	r := &queueReader{in: in, model: in.model, used: map[string]bool{}}
	model := spec.build(r)
	noteQuestions(r, model)
	r.refuseUnused(spec)
	q := readQuestions(r)
	if len(in.faults) == 0 {
		r.refuse(model.Validate())
	}
	if len(in.faults) > 0 {
		return nil, in.faults
	}
	q.goal = whileAsked(ctx, q.goal)
	return interruptible(ctx, func() (*queueAnswer, error) { return q.answer(spec, model) })
}

// interruptible computes an answer, or gives up waiting for it when the
// context ends: the computation then runs on beside the program's end.
func interruptible(ctx context.Context, compute func() (*queueAnswer, error)) (*queueAnswer, error) {
	type outcome struct {
		answer *queueAnswer
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		a, err := compute()
		done <- outcome{a, err}
	}()
	select {
	case o := <-done:
		return o.answer, o.err
	case <-ctx.Done():
		return nil, fmt.Errorf("computing the answer: %w", ctx.Err())
	}
}

// whileAsked ends a search for the goal when the context ends.
func whileAsked(ctx context.Context, goal steady.Goal) steady.Goal {
	if goal == nil {
		return nil
	}
	return func(m steady.Model) (bool, error) {
		if err := ctx.Err(); err != nil {
			return false, fmt.Errorf("searching: %w", err)
		}
		return goal(m)
	}
}

// waits adds the quantiles of the wait and P(wait > t).
func (q queueQuestions) waits(a *queueAnswer, m steady.Model) error {
	if a.parted != nil {
		if err := q.partWaits(a); err != nil {
			return err
		}
		if !math.IsNaN(q.wait) {
			a.rows = append(a.rows, queueRow{key: "wait_s", value: q.wait})
		}
	}
	if why := unknownWaits(m); why != "" && (a.parted != nil || math.IsNaN(q.wait)) {
		a.rows = append(a.rows, queueRow{key: "wait_quantiles", text: "not available: " + why})
		return nil
	}
	w, ok := m.(steady.Waiter)
	if !ok {
		return nil
	}
	for _, p := range waitLevels {
		t, err := w.WaitQuantile(p.p)
		if err != nil {
			return err
		}
		a.rows = append(a.rows, queueRow{key: p.key, value: settled(t)})
	}
	if math.IsNaN(q.wait) {
		return nil
	}
	tail, err := w.WaitTail(q.wait)
	a.rows = append(a.rows, queueRow{key: "wait_s", value: q.wait}, queueRow{key: "p_wait_over", value: tail})
	return err
}

// A sojourner knows the law of its requests' times in the system.
type sojourner interface {
	SojournTail(t float64) (float64, error)
}

// sojourns adds P(sojourn > t).
func (q queueQuestions) sojourns(a *queueAnswer, m steady.Model) error {
	s, ok := m.(sojourner)
	if !ok || math.IsNaN(q.sojourn) {
		return nil
	}
	if ps, shared := m.(steady.PS); shared && ps.Servers > 1 {
		a.notes = append(a.notes, "its chances come from a transform, with an error of about 1e-10")
	}
	tail, err := s.SojournTail(q.sojourn)
	a.rows = append(a.rows, queueRow{key: "sojourn_s", value: q.sojourn}, queueRow{key: "p_sojourn_over", value: tail})
	return err
}

func (q queueQuestions) stateRows(a *queueAnswer, m steady.Model) error {
	s, ok := m.(steady.Stater)
	if !ok || q.states < 0 {
		return nil
	}
	p, err := s.States(min(q.states+beyondStates, maxQueueStates))
	if err != nil {
		return err
	}
	a.states, a.beyond = p[:q.states+1], more(p)[:q.states+1]
	switch m.(type) {
	case steady.Retrial, steady.FiniteRetrial:
		a.notes = append(a.notes, "the probabilities of n are of the requests in the lane alone, those in the orbit aside; p0 and l count both")
	}
	return nil
}

// beyondStates are those looked at beyond the ones asked for, so that a small
// chance of more keeps its digits.
const beyondStates = 64

// more are the probabilities of more than each state, added up from the last
// on; what is beyond that is 1 less all, or nothing to speak of.
func more(p []float64) []float64 {
	sum := 0.0
	for _, x := range p {
		sum += x
	}
	tails := make([]float64, len(p))
	tail := 1 - sum
	if tail < 1e-12 {
		tail = 0
	}
	for n := len(p) - 1; n >= 0; n-- {
		tails[n] = tail
		tail += p[n]
	}
	return tails
}

// slope adds the elasticity of the sojourn to the load: by how many per cent
// it grows when the load grows by one. Who is lost does not wait: there it is
// that of the loss.
func slope(a *queueAnswer, m steady.Model) error {
	if a.status == steady.Saturated {
		return nil
	}
	l, ok := m.(steady.Loaded)
	if !ok || l.Offered() == 0 {
		return nil
	}
	if loss, is := m.(steady.MMcc); is { // the exact one, there where the loss itself is too small for a number too
		value := steady.ErlangBElasticity(float64(loss.Servers), loss.ArrivalRate/loss.ServiceRate)
		a.rows = append(a.rows, queueRow{key: "elasticity_p_block", value: value})
		return nil
	}
	d, err := steady.LoadSlope(l)
	a.rows = append(a.rows, queueRow{key: "elasticity_w", value: d.ElasticW})
	return err
}

// measure fills in the measures that the model has, and those of its classes
// or stations.
func (a *queueAnswer) measure(m steady.Model) (steady.Measures, error) {
	x, err := a.whole(m)
	if err != nil {
		return x, err
	}
	for _, key := range a.spec.rows {
		if g, several := m.(steady.GGc); several && g.Servers > 1 && key == "p0" {
			continue
		}
		a.rows = append(a.rows, queueRow{key: key, value: measureOf(x, m, key)})
	}
	if _, multi := m.(steady.MultiNetwork); multi {
		return x, a.extras(m)
	}
	if _, closed := m.(steady.Closed); closed && x.Sustainable > 0 {
		a.rows = append(a.rows, queueRow{key: "capacity_per_s", value: x.Sustainable})
	} else if x.Sustainable > 0 && !math.IsInf(x.Sustainable, 1) {
		a.rows = append(a.rows, queueRow{key: "largest_sustainable_rate_per_s", value: x.Sustainable})
	}
	return x, a.extras(m)
}

// whole are the measures of the model; the solution of a closed network is
// kept.
func (a *queueAnswer) whole(m steady.Model) (steady.Measures, error) {
	closed, is := m.(steady.Closed)
	if !is {
		return m.Measures()
	}
	x, err := closed.Solve()
	if err != nil {
		return steady.Measures{}, err
	}
	a.closed = &x
	return x.Whole(closed), nil
}

// measureOf picks a measure by its JSON key.
func measureOf(x steady.Measures, m steady.Model, key string) float64 {
	switch key {
	case "rho":
		return x.Rho
	case "utilisation":
		return x.Busy / math.Max(1, serversOf(m))
	case "p0":
		return x.P0
	case "p_wait":
		return x.PWait
	case "p_block":
		return x.PBlock
	case "p_abandon":
		return x.PAbandon
	case "l":
		return x.L
	case "lq":
		return x.Lq
	case "w_s":
		return x.W
	case "wq_s":
		return x.Wq
	}
	return x.Throughput
}

func serversOf(m steady.Model) float64 {
	switch m := m.(type) {
	case steady.MMcK:
		return float64(m.Servers)
	case steady.MMcc:
		return float64(m.Servers)
	case steady.ErlangA:
		return float64(m.Servers)
	}
	return 1
}

// waitLevels are the quantiles of the wait that are always shown.
var waitLevels = []struct {
	key string
	p   float64
}{{"wq_p50_s", 0.5}, {"wq_p90_s", 0.9}, {"wq_p99_s", 0.99}}

// settled is a wait of 0 where rounding leaves less than a femtosecond: at the
// share that does not wait at all.
func settled(seconds float64) float64 {
	if seconds < 1e-15 {
		return 0
	}
	return seconds
}

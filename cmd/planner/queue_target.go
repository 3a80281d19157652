package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing/steady"
)

// queueQuestions are what is asked beside the measures.
type queueQuestions struct {
	wait      float64 // NaN: not asked
	sojourn   float64 // NaN: not asked
	goal      steady.Goal
	goalWords string
	hint      string  // what to ask instead where nothing meets the goal
	atOnce    float64 // share to be served at once; 0: not asked
	servers   bool    // the number of servers is given
	staffed   bool    // the model has a number of servers to ask for
	states    int     // -1: not asked
	response  float64 // s, of a closed network's rounds; 0: not asked
	rounds    float64 // 1/s, of a closed network; 0: not asked
}

func readQuestions(r *queueReader) queueQuestions {
	q := queueQuestions{wait: math.NaN(), sojourn: math.NaN(), states: -1, servers: r.has("servers") || r.has("zones"), staffed: r.used["servers"] || r.used["zones"]}
	if r.asked("wait") {
		q.wait = r.optional("wait", 0)
	}
	if r.asked("sojourn") {
		q.sojourn = r.optional("sojourn", 0)
	}
	if r.asked("states") {
		q.states = r.count("states", 0)
	}
	if r.used["target-throughput"] { // a closed network has no arrival rate to ask for
		q.response, q.rounds = r.optionalIf("target-sojourn"), r.optionalIf("target-throughput")
		return q
	}
	q.readTargets(r)
	return q
}

// asked tells whether a question is put that the model can answer.
func (r *queueReader) asked(name string) bool { return r.has(name) && r.used[name] }

// readTargets makes one goal of the targets.
func (q *queueQuestions) readTargets(r *queueReader) {
	var goals []steady.Goal
	var words []string
	add := func(goal steady.Goal, format string, a ...any) {
		goals, words = append(goals, goal), append(words, fmt.Sprintf(format, a...))
	}
	t, p := r.optionalIf("target-wait"), r.optionalIf("target-level")
	share := scenario.Share(0, 1)
	switch {
	case r.asked("target-wait") && r.asked("target-level"):
		add(steady.WaitWithin(t, p), "%s wait no longer than %s", share.Format(p), timeWords(t))
	case r.asked("target-wait"):
		add(steady.MeanWait(t), "a mean wait of at most %s", timeWords(t))
		if t == 0 {
			q.hint = "who may wait waits 0 s on average only if nobody ever does: ask for a longer --target-wait, or add --target-level for the share that does not wait"
		}
	case r.asked("target-level") && r.used["zones"]:
		add(steady.Losing(1-p), "an availability of %s", share.Format(p))
	case r.asked("target-level"):
		q.atOnce = p
		add(steady.AtOnce(p), "%s served at once", share.Format(p))
	}
	if r.asked("target-sojourn") {
		t := r.optionalIf("target-sojourn")
		add(steady.MeanSojourn(t), "a mean time in the system of at most %s", timeWords(t))
	}
	if r.asked("target-loss") {
		p := r.optionalIf("target-loss")
		add(steady.Losing(p), "at most %s lost", share.Format(p))
	}
	if len(goals) > 0 {
		q.goal, q.goalWords = steady.Both(goals...), strings.Join(words, " and ")
	}
}

// optionalIf is the value of a question that is asked, else 0.
func (r *queueReader) optionalIf(name string) float64 {
	if !r.asked(name) {
		return 0
	}
	return r.optional(name, 0)
}

// answer asks the library. A model whose servers were left out is answered
// with the fewest that meet the target.
func (q queueQuestions) answer(spec *queueModel, m steady.Model) (*queueAnswer, error) {
	a := &queueAnswer{spec: spec}
	var targets []queueRow
	if q.goal != nil {
		var err error
		if m, err = q.fewest(spec, m, a, &targets); err != nil {
			return nil, err
		}
	}
	x, err := a.measure(m)
	if err != nil {
		return nil, err
	}
	a.status = x.Status
	if q.goal != nil {
		if err := q.largest(a, m, &targets); err != nil {
			return nil, err
		}
	}
	if closed, is := m.(steady.Closed); is {
		if err := q.populations(a, closed, &targets); err != nil {
			return nil, err
		}
	}
	a.rows = append(targets, a.rows...)
	return a, errors.Join(q.waits(a, m), q.sojourns(a, m), q.stateRows(a, m), slope(a, m))
}

// fewest finds the fewest servers for the goal, and the model with them when
// their number was not given.
func (q queueQuestions) fewest(spec *queueModel, m steady.Model, a *queueAnswer, targets *[]queueRow) (steady.Model, error) {
	staffed, ok := m.(steady.Staffed)
	if !ok || !q.staffed || staffed.AtServers(2).Validate() != nil { // classes unlike in service have one server
		return m, nil
	}
	n, err := steady.FewestServers(staffed, q.goal)
	if errors.Is(err, steady.ErrUnreachable) {
		return m, scenario.Faults{{Place: scenario.Place{File: spec.name}, Problem: fmt.Sprintf("no number of servers up to %d gives %s", steady.MaxServers, q.goalWords), Hint: q.hint}}
	}
	if err != nil {
		return m, err
	}
	key, what := "fewest_servers", "servers"
	if z, zoned := m.(zoneModel); zoned {
		key, what, n = "fewest_zones", "zones", max(n, z.Needed)
	}
	*targets = append(*targets, queueRow{key: key, value: float64(n)})
	verb := "are"
	if n == 1 {
		what, verb = strings.TrimSuffix(what, "s"), "is"
	}
	a.notes = append(a.notes, fmt.Sprintf("%d %s %s the fewest for %s", n, what, verb, q.goalWords))
	if mmc, delay := m.(steady.MMc); delay && q.atOnce > 0 {
		if rule := steady.SquareRootServers(mmc.ArrivalRate/mmc.ServiceRate, 1-q.atOnce); rule.Servers > 0 {
			*targets = append(*targets, queueRow{key: "square_root_servers", value: float64(rule.Servers)})
		}
	}
	if q.servers {
		return m, nil
	}
	return staffed.AtServers(n), nil
}

// largest adds the arrival rate up to which the goal is met.
func (q queueQuestions) largest(a *queueAnswer, m steady.Model, targets *[]queueRow) error {
	loaded, ok := m.(steady.Loaded)
	if !ok {
		return nil
	}
	rate, err := steady.LargestRate(loaded, q.goal)
	if errors.Is(err, steady.ErrUnreachable) {
		if q.hint != "" {
			return scenario.Faults{{Place: scenario.Place{File: a.spec.name}, Problem: "no arrival rate, however small, gives " + q.goalWords, Hint: q.hint}}
		}
		*targets = append(*targets, queueRow{key: "largest_rate_for_target_per_s"})
		a.notes = append(a.notes, "no arrival rate, however small, gives "+q.goalWords)
		return nil
	}
	if errors.Is(err, steady.ErrTooLarge) {
		a.notes = append(a.notes, "the largest arrival rate for "+q.goalWords+" is not available, "+plainSteady(err))
		return nil
	}
	if err != nil {
		return err
	}
	*targets = append(*targets, queueRow{key: "largest_rate_for_target_per_s", value: rate})
	if len(a.notes) == 0 || !q.staffed { // nothing is said of the servers
		a.notes = append(a.notes, fmt.Sprintf("arrivals up to %s give %s", queueRow{key: "_per_s", value: rate}.show(), q.goalWords))
	}
	return nil
}

// populations adds how many customers of a closed network meet the targets.
func (q queueQuestions) populations(a *queueAnswer, m steady.Closed, targets *[]queueRow) error {
	for _, ask := range []struct {
		asked      bool
		key, words string
		find       func() (int, error)
	}{
		{q.response > 0, "most_customers", "rounds that take " + timeWords(q.response) + " at most", func() (int, error) { return m.MostCustomers(q.response) }},
		{q.rounds > 0, "fewest_customers", digits(q.rounds) + " rounds/s", func() (int, error) { return m.FewestCustomers(q.rounds) }},
	} {
		if !ask.asked {
			continue
		}
		n, err := ask.find()
		if errors.Is(err, steady.ErrUnreachable) {
			return scenario.Faults{{Place: scenario.Place{File: a.spec.name}, Problem: "no number of customers gives " + ask.words}}
		}
		if err != nil {
			return err
		}
		*targets = append(*targets, queueRow{key: ask.key, value: float64(n)})
		a.notes = append(a.notes, fmt.Sprintf("customers for %s: %d", ask.words, n))
	}
	return nil
}

package main

import (
	"fmt"
	"math"

	"singlelane/queueing/steady"
)

// buildRetrial makes the model without a bound of the orbit, or with
// --orbit-limit the one with: only that knows time-outs and clients that give up.
func buildRetrial(r *queueReader) steady.Model {
	bounded, late := r.has("orbit-limit"), r.has("timeout")
	servers := r.count("servers", 1)
	m := steady.FiniteRetrial{
		ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: servers,
		Limit: r.count("limit", max(1, min(servers, steady.MaxRetrial))), OrbitLimit: r.count("orbit-limit", 0),
		Timeout: r.optional("timeout", math.Inf(1)), Retries: r.optional("retries", math.Inf(1)), LoseRefused: r.word("refused") == "lost",
	}
	if bounded && late && !r.has("retry-delay") {
		m.RetryDelay = r.optional("retry-delay", m.Timeout)
	} else {
		m.RetryDelay = r.required("retry-delay")
	}
	if bounded {
		r.untargeted()
		return m
	}
	for _, name := range []string{"timeout", "retries", "refused"} {
		if v, there := r.in.values[name]; there {
			r.in.fault(v.at, v.key, "means nothing without --orbit-limit", "", "add --orbit-limit 20, say: the most clients that wait to retry")
		}
	}
	return steady.Retrial{ArrivalRate: m.ArrivalRate, ServiceRate: m.ServiceRate, Servers: servers, Limit: m.Limit, RetryDelay: m.RetryDelay}
}

// untargeted faults targets, which a lane whose waits fall again in overload,
// when most requests are lost, does not meet from some rate or number on.
func (r *queueReader) untargeted() {
	for _, name := range []string{"target-wait", "target-sojourn"} {
		if v, there := r.in.values[name]; there {
			r.used[name] = true
			r.in.fault(v.at, v.key, "means nothing with --orbit-limit", "", "vary what may change: --vary servers=1..8, say")
		}
	}
}

// word is one of a key's words, empty when not given.
func (r *queueReader) word(name string) string {
	r.used[name] = true
	v, there := r.in.values[name]
	if !there {
		return ""
	}
	r.in.readValue(queueKeyNamed(name), v)
	return v.text
}

// overloads adds what a bounded orbit has beside the common measures.
func (a *queueAnswer) overloads(m steady.FiniteRetrial) error {
	o, err := m.Overload()
	if err != nil {
		return err
	}
	backlog := queueRow{key: "tipping_backlog", value: math.Inf(1)}
	if o.Tips {
		backlog.value = float64(o.TippingBacklog)
	}
	a.rows = append(a.rows, queueRow{key: "orbit", value: o.InOrbit}, queueRow{key: "goodput_per_s", value: o.Goodput},
		queueRow{key: "p_lost", value: o.Unanswered}, queueRow{key: "tipping_per_s", value: o.TippingRate}, backlog)
	if o.Tips {
		a.rows = append(a.rows, queueRow{key: "p_overloaded", value: o.Beyond})
	}
	a.rows = append(a.rows, queueRow{key: "escape_s", value: o.Escape.Mean}, queueRow{key: "escape_sd_s", value: o.Escape.StdDev},
		queueRow{key: "mean_drain_s", value: o.Drain.Mean}, queueRow{key: "drain_sd_s", value: o.Drain.StdDev},
		queueRow{key: "mean_fill_s", value: o.Fill.Mean})
	a.told = overloadVerdict(m, o)
	a.notes = append(a.notes, overloadNotes(m)...)
	return nil
}

// overloadVerdict says in a line whether the lane finds back from overload.
func overloadVerdict(m steady.FiniteRetrial, o steady.Overload) string {
	escape := queueRow{key: "escape_s", value: o.Escape.Mean}.showTo(3)
	switch {
	case m.ArrivalRate >= float64(m.Servers)*m.ServiceRate:
		return "overloaded: more is offered than can be served; what finds no room is lost"
	case o.Tips:
		return fmt.Sprintf("metastable: from %d in the lane on, retries keep the overload going, for %s in the mean", o.TippingBacklog, escape)
	}
	return fmt.Sprintf("stable: arrivals are below the tipping load; a full lane is empty again in %s in the mean", escape)
}

func overloadNotes(m steady.FiniteRetrial) []string {
	notes := []string{"overload is lane and orbit full; the escape ends with an empty lane, the drain with both empty"}
	if math.IsInf(m.Timeout, 1) {
		return append(notes, "l, lq, w and wq count lane and orbit, and are of all requests")
	}
	return append(notes, "l, lq, w, wq count lane and orbit, all attempts and pauses of a request; a late one is in both")
}

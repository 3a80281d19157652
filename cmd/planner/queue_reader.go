package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing"
	"singlelane/queueing/steady"
)

// queueReader turns the values into a model. It notes what the model asks
// for, what is missing and what is wrong, all at once.
type queueReader struct {
	in    *queueInput
	model string
	used  map[string]bool // flags, and the keys of parts as class.arrivals
}

// optional is the value of a key, or what it is when not given.
func (r *queueReader) optional(name string, otherwise float64) float64 {
	r.used[name] = true
	v, there := r.in.values[name]
	if !there {
		return otherwise
	}
	x, ok := r.in.readValue(queueKeyNamed(name), v)
	if !ok {
		return otherwise
	}
	return x
}

// required is the value of a key that the model cannot do without. In place
// of a missing one stands one that does no harm.
func (r *queueReader) required(name string) float64 {
	if _, there := r.in.values[name]; !there {
		k := queueKeyNamed(name)
		r.in.fault(scenario.Place{File: r.model}, "", "needs --"+name, k.quantity.Allowed(), "")
	}
	return r.optional(name, 1)
}

func (r *queueReader) count(name string, otherwise int) int {
	return int(r.optional(name, float64(otherwise)))
}

func (r *queueReader) requiredCount(name string) int { return int(r.required(name)) }

func (r *queueReader) has(name string) bool {
	_, there := r.in.values[name]
	return there
}

// servers may be left out where a target asks for their number.
func (r *queueReader) servers() int {
	if !r.has("servers") && (r.has("target-wait") || r.has("target-sojourn") || r.has("target-level") || r.has("target-loss")) {
		r.used["servers"] = true
		return 1
	}
	return r.requiredCount("servers")
}

// serviceRate is read from the rate or the mean, one of which is given.
func (r *queueReader) serviceRate() float64 {
	r.used["service-rate"], r.used["service-mean"] = true, true
	mean, hasMean := r.in.values["service-mean"]
	_, hasRate := r.in.values["service-rate"]
	switch {
	case hasMean && hasRate:
		r.in.fault(mean.at, mean.key, "is the same as --service-rate", "allowed is one of the two", "")
	case hasMean:
		return 1 / r.optional("service-mean", 1)
	case !hasRate:
		r.in.fault(scenario.Place{File: r.model}, "", "needs --service-rate or --service-mean", "allowed is one of them, as 10/s or 100ms", "")
	}
	return r.optional("service-rate", 1)
}

// flag is the switch --preemptive.
func (r *queueReader) preemptive() bool {
	r.used["preemptive"] = true
	v, there := r.in.values["preemptive"]
	if there && !v.faulted && v.text != "true" && v.text != "false" {
		r.in.fault(v.at, v.key, fmt.Sprintf("%q is not a yes or no", v.text), "allowed is true or false", "")
	}
	return v.text == "true"
}

// approximation is one of the model's own names, empty when not given.
func (r *queueReader) approximation(names []string) string {
	r.used["approximation"] = true
	v, there := r.in.values["approximation"]
	if !there {
		return ""
	}
	r.in.readValue(&queueKey{words: names}, v)
	return v.text
}

// parts lists the classes or stations, at least one.
func (r *queueReader) parts(kind string) []queuePart {
	r.used[kind] = true
	if len(r.in.parts[kind]) == 0 {
		r.in.fault(scenario.Place{File: r.model}, "", "needs --"+kind, "allowed is name=…,… with "+partKeyNames(kind), "")
	}
	seen := map[string]bool{}
	for _, p := range r.in.parts[kind] {
		if seen[p.name] {
			r.in.fault(p.at, "", fmt.Sprintf("%s %q is there twice", kind, p.name), "allowed is a name of its own for each", "")
		}
		seen[p.name] = true
	}
	return r.in.parts[kind]
}

func (r *queueReader) partNumber(kind string, p queuePart, name string, otherwise float64, need bool) float64 {
	r.used[kind+"."+name] = true
	v, there := p.values[name]
	if !there {
		if need {
			r.in.fault(p.at, "", fmt.Sprintf("%s %q needs %s", kind, p.name, name), partKey(kind, name).quantity.Allowed(), "")
		}
		return otherwise
	}
	if x, ok := r.in.readValue(partKey(kind, name), v); ok {
		return x
	}
	return otherwise
}

// partService is the mean service time of a class or station.
func (r *queueReader) partService(kind string, p queuePart) float64 {
	_, hasRate := p.values["service-rate"]
	_, hasMean := p.values["service-mean"]
	if hasRate && hasMean {
		r.in.fault(p.at, "", fmt.Sprintf("%s %q has service-mean and service-rate", kind, p.name), "allowed is one of the two", "")
	}
	r.used[kind+".service-rate"], r.used[kind+".service-mean"] = true, true
	if hasRate {
		return 1 / r.partNumber(kind, p, "service-rate", 1, true)
	}
	return r.partNumber(kind, p, "service-mean", 1, true)
}

func (r *queueReader) classes() []steady.Class {
	var all []steady.Class
	for _, p := range r.parts("class") {
		all = append(all, steady.Class{
			Name:        p.name,
			ArrivalRate: r.partNumber("class", p, "arrivals", 1, true),
			MeanService: r.partService("class", p),
			ServiceSCV:  r.partNumber("class", p, "service-scv", 1, false),
		})
	}
	return all
}

func (r *queueReader) stations() []steady.Station {
	var all []steady.Station
	for _, p := range r.parts("station") {
		s := steady.Station{
			Name:        p.name,
			MeanService: r.partService("station", p),
			Servers:     max(1, int(r.partNumber("station", p, "servers", 1, false))),
			Visits:      r.partNumber("station", p, "visits", 1, false),
			Delay:       p.values["servers"].text == "inf",
		}
		if r.model == "mva" {
			s.Rates = r.speeds(p)
		}
		all = append(all, s)
	}
	r.route(all)
	return all
}

// speeds of a station whose speed depends on how many are there, as 1:1.8:2.5;
// nil when they are not given.
func (r *queueReader) speeds(p queuePart) []float64 {
	r.used["station.speeds"] = true
	v, there := p.values["speeds"]
	if !there {
		return nil
	}
	if servers, both := p.values["servers"]; both {
		r.in.fault(servers.at, servers.key, "speeds say how many serve", "allowed is one of the two", "")
	}
	var speeds []float64
	for _, text := range strings.Split(v.text, ":") {
		one := v
		one.text = text
		if x, ok := r.in.readValue(partKey("station", "speeds"), one); ok {
			speeds = append(speeds, x)
		}
	}
	return speeds
}

// route replaces the visits by those that the routing gives, if there is one.
func (r *queueReader) route(stations []steady.Station) {
	if r.in.routing == nil {
		return
	}
	w := wayfinder{r: r, index: map[string]int{}}
	for i, s := range stations {
		w.index[s.Name] = i
	}
	for _, p := range r.in.parts["station"] {
		if v, both := p.values["visits"]; both {
			r.in.fault(v.at, v.key, "visits follow from the routing", "allowed is one of the two", "")
		}
	}
	entry, routing := w.entry(), w.routing()
	if w.faulted || len(stations) == 0 {
		return
	}
	visits, err := steady.Visits(entry, routing)
	if err != nil {
		w.trapped(stations, routing, err)
		return
	}
	for i := range stations {
		stations[i].Visits = visits[i]
	}
}

// refuseUnused faults what was given but means nothing to the model.
func (r *queueReader) refuseUnused(spec *queueModel) {
	for _, k := range append(queueKeys, queueKey{name: "preemptive"}) {
		if v, there := r.in.values[k.name]; there && !r.used[k.name] {
			r.in.fault(v.at, v.key, "means nothing to "+r.model, "", "planner queue "+r.model+" takes "+spec.takes())
		}
	}
	for kind, parts := range r.in.parts {
		if len(parts) > 0 && !r.used[kind] {
			r.in.fault(parts[0].at, "", "means nothing to "+r.model, "", "planner queue "+r.model+" takes "+spec.takes())
			continue
		}
		r.refuseUnusedKeys(kind, parts)
	}
}

// refuseUnusedKeys faults the keys of classes and stations that the model did
// not read.
func (r *queueReader) refuseUnusedKeys(kind string, parts []queuePart) {
	var allowed []string
	for _, k := range queuePartKeys[kind] {
		if r.used[kind+"."+k.name] {
			allowed = append(allowed, k.name)
		}
	}
	for _, p := range parts {
		for _, name := range slices.Sorted(maps.Keys(p.values)) {
			if v := p.values[name]; !r.used[kind+"."+name] {
				r.in.fault(v.at, v.key, "means nothing to "+r.model, "allowed are name, "+strings.Join(allowed, ", "), "")
			}
		}
	}
}

// refuse turns what the library finds wrong, beyond single values, into
// faults.
func (r *queueReader) refuse(err error) {
	if err == nil {
		return
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			r.refuse(e)
		}
		return
	}
	var field *queueing.FieldError
	if !errors.As(err, &field) {
		r.in.fault(scenario.Place{File: r.model}, "", plainSteady(err), "", "")
		return
	}
	_, name, _ := strings.Cut(field.Field, ".")
	if at, key := r.partField(name); key != "" {
		r.in.fault(at, key, fmt.Sprintf("%v is out of range", field.Got), "allowed is "+field.Want, "")
		return
	}
	r.in.fault(scenario.Place{File: r.model}, fieldFlag(name), fmt.Sprintf("%v is out of range", field.Got), "allowed is "+field.Want, "")
}

// partField is where the value of a field such as Classes[1].MeanService stands,
// and its key there; empty for a field of the model's own.
func (r *queueReader) partField(name string) (scenario.Place, string) {
	list, field, _ := strings.Cut(name, "].")
	list, number, _ := strings.Cut(list, "[")
	kind := map[string]string{"Classes": "class", "Stations": "station"}[list]
	i, err := strconv.Atoi(number)
	if kind == "" || err != nil || i >= len(r.in.parts[kind]) || field == "" {
		return scenario.Place{}, ""
	}
	key := map[string]string{"MeanService": "service-mean", "ServiceSCV": "service-scv", "ArrivalRate": "arrivals"}[field]
	if key == "" {
		key = fieldFlag(field)
	}
	p := r.in.parts[kind][i]
	v, there := p.values[key]
	if rate, is := p.values["service-rate"]; !there && is && key == "service-mean" {
		v, there = rate, true
	}
	if there {
		return v.at, v.key
	}
	return p.at, p.name + "." + key
}

// fieldFlag is a field's name as a flag's: BatchSCV is batch-scv.
func fieldFlag(name string) string {
	var b strings.Builder
	low := false // the letter before was a small one
	for _, r := range name {
		if r >= 'A' && r <= 'Z' {
			if low {
				b.WriteByte('-')
			}
			b.WriteRune(r + 'a' - 'A')
			low = false
			continue
		}
		low = r >= 'a' && r <= 'z'
		b.WriteRune(r)
	}
	return b.String()
}

func plainSteady(err error) string { return strings.TrimPrefix(err.Error(), "steady: ") }

package main

import (
	"fmt"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing/steady"
)

// buildMVA reads a closed network: of one class from --customers and --think,
// of several from --class.
func buildMVA(r *queueReader) steady.Model {
	if len(r.in.parts["class"]) == 0 {
		r.used["class"] = true
		return steady.Closed{Customers: r.requiredCount("customers"), Think: r.optional("think", 0), Stations: r.stations()}
	}
	if v, both := r.in.values["customers"]; both {
		r.used["customers"] = true
		r.in.fault(v.at, v.key, "each class has its own customers", "allowed is --class name=…,customers=…", "")
	}
	think := r.optional("think", 0)
	m := steady.MultiNetwork{By: steady.MultiMethod(r.approximation(multiMethodNames()))}
	for _, p := range r.parts("class") {
		m.Classes = append(m.Classes, steady.ClosedClass{
			Name:      p.name,
			Customers: int(r.partNumber("class", p, "customers", 1, true)),
			Think:     r.partNumber("class", p, "think", think, false),
		})
	}
	if r.in.routing != nil {
		r.in.fault(scenario.Place{File: r.model}, "routing", "means nothing to several classes", "allowed are visits and visits.CLASS of the stations", "")
	}
	for _, p := range r.parts("station") {
		m.Stations = append(m.Stations, r.sharedStation(p, m.Classes))
	}
	return m
}

// sharedStation reads what each class asks of the station: the class's own
// value, as visits.web, or that of all.
func (r *queueReader) sharedStation(p queuePart, classes []steady.ClosedClass) steady.SharedStation {
	s := steady.SharedStation{Name: p.name, Delay: p.values["servers"].text == "inf"}
	if servers := r.partNumber("station", p, "servers", 1, false); servers > 1 {
		v := p.values["servers"]
		r.in.fault(v.at, v.key, fmt.Sprintf("station %q has several servers, which several classes cannot share here", p.name), "allowed is 1 or inf", "")
	}
	for _, c := range classes {
		s.Visits = append(s.Visits, r.partNumber("station", r.ofClass(p, c.Name, "visits"), "visits", 1, false))
		s.MeanService = append(s.MeanService, r.partService("station", r.ofClass(p, c.Name, "service-mean", "service-rate")))
	}
	return s
}

// ofClass is the station with the class's own values in place of those of all.
func (r *queueReader) ofClass(p queuePart, class string, keys ...string) queuePart {
	own := queuePart{name: p.name, at: p.at, values: map[string]queueValue{}}
	for _, key := range keys {
		r.used["station."+key+"."+class] = true
		if v, there := p.values[key+"."+class]; there {
			own.values[key] = v
		}
	}
	if len(own.values) > 0 {
		return own
	}
	return p
}

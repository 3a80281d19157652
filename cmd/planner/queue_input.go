package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"singlelane/cmd/planner/internal/scenario"

	"github.com/urfave/cli/v2"
)

// queueValue is one value as it was typed, and where.
type queueValue struct {
	text string
	at   scenario.Place
	key  string // as a file spells it; empty for a flag, whose place names it

	faulted bool // it cannot be read, which has been told
}

// queuePart is one class or station.
type queuePart struct {
	name   string
	at     scenario.Place
	values map[string]queueValue
}

// queueInput is everything that was asked, from the flags and the file.
type queueInput struct {
	model   string
	values  map[string]queueValue
	parts   map[string][]queuePart // "class" and "station"
	routing map[string]map[string]queueValue
	rowAt   map[string]scenario.Place // of each station's routing, and of "" the entry
	entry   map[string]queueValue
	faults  scenario.Faults
}

func newQueueInput() *queueInput {
	return &queueInput{values: map[string]queueValue{}, parts: map[string][]queuePart{}, rowAt: map[string]scenario.Place{}}
}

func (in *queueInput) fault(at scenario.Place, key, problem, allowed, hint string) {
	in.faults = append(in.faults, scenario.Fault{Place: at, Key: key, Problem: problem, Allowed: allowed, Hint: hint})
}

// clone copies what varying changes.
func (in *queueInput) clone() *queueInput {
	out := *in
	out.values = maps.Clone(in.values)
	out.parts = map[string][]queuePart{}
	for kind, parts := range in.parts {
		out.parts[kind] = slices.Clone(parts)
		for i := range parts {
			out.parts[kind][i].values = maps.Clone(parts[i].values)
		}
	}
	out.faults = nil
	return &out
}

// flagPlace is the place of a flag's value.
func flagPlace(name string) scenario.Place { return scenario.Place{File: "flag --" + name} }

// readFlags takes the flags over what a file said. Giving a class or station
// by flag replaces the file's list.
func (in *queueInput) readFlags(c *cli.Context) {
	for _, k := range queueKeys {
		if c.IsSet(k.name) {
			in.set(k.name, queueValue{text: c.String(k.name), at: flagPlace(k.name)})
		}
	}
	if c.IsSet("preemptive") {
		in.set("preemptive", queueValue{text: fmt.Sprint(c.Bool("preemptive")), at: flagPlace("preemptive")})
	}
	for kind := range queuePartKeys {
		if !c.IsSet(kind) {
			continue
		}
		in.parts[kind] = nil
		for _, text := range c.StringSlice(kind) {
			in.addPart(kind, text)
		}
	}
}

// set a value. Service rate and mean are one thing: the later wins.
func (in *queueInput) set(name string, v queueValue) {
	other := map[string]string{"service-rate": "service-mean", "service-mean": "service-rate"}[name]
	if was, there := in.values[other]; there && was.at.Line > 0 && v.at.Line == 0 {
		delete(in.values, other)
	}
	in.values[name] = v
}

// addPart reads name=…,key=…,key=….
func (in *queueInput) addPart(kind, text string) {
	p := queuePart{at: flagPlace(kind), values: map[string]queueValue{}}
	p.name = fmt.Sprintf("%s %d", kind, len(in.parts[kind])+1)
	for _, pair := range strings.Split(text, ",") {
		key, value, ok := strings.Cut(pair, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		_, twice := p.values[key]
		switch {
		case !ok:
			in.fault(p.at, "", fmt.Sprintf("%q is not KEY=VALUE", pair), "allowed are "+partKeyNames(kind), "")
		case twice:
			in.fault(p.at, "", key+" is given twice", "", "")
		case key == "name":
			p.name = value
		case partKey(kind, key) == nil:
			in.fault(p.at, "", fmt.Sprintf("%q is not known", key), "allowed are "+partKeyNames(kind), scenario.DidYouMean(key, partKeyList(kind)))
		default:
			p.values[key] = queueValue{text: value, at: p.at, key: p.name + "." + key}
		}
	}
	in.parts[kind] = append(in.parts[kind], p)
}

// partKey is the key of that name; a station's may end in a class, as
// visits.web.
func partKey(kind, name string) *queueKey {
	if base, class, dotted := strings.Cut(name, "."); dotted && kind == "station" && class != "" && slices.Contains(perClass, base) {
		name = base
	}
	for i, k := range queuePartKeys[kind] {
		if k.name == name {
			return &queuePartKeys[kind][i]
		}
	}
	return nil
}

func partKeyList(kind string) []string {
	names := []string{"name"}
	for _, k := range queuePartKeys[kind] {
		names = append(names, k.name)
	}
	return names
}

func partKeyNames(kind string) string { return strings.Join(partKeyList(kind), ", ") }

// readValue is the SI value of a text for a key; a word is 0.
func (in *queueInput) readValue(k *queueKey, v queueValue) (float64, bool) {
	if v.faulted {
		return 0, false
	}
	if slices.Contains(k.words, v.text) {
		return 0, true
	}
	if k.quantity.Empty() {
		in.fault(v.at, v.key, fmt.Sprintf("unknown word %q", v.text), "allowed are "+strings.Join(k.words, ", "), scenario.DidYouMean(v.text, k.words))
		return 0, false
	}
	x, fault := k.quantity.Read(v.text, v.at, v.key)
	if fault != nil {
		in.faults = append(in.faults, *fault)
		return 0, false
	}
	return x, true
}

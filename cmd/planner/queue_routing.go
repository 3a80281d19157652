package main

import (
	"fmt"
	"maps"
	"slices"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing/steady"
)

// wayfinder reads where requests enter a network and where they go from each
// station, with every fault of it.
type wayfinder struct {
	r       *queueReader
	index   map[string]int // of a station by its name
	faulted bool
}

func (w *wayfinder) fault(at scenario.Place, key, problem, allowed string) {
	w.faulted = true
	w.r.in.fault(at, key, problem, allowed, "")
}

// sumSlack is how far from 1 decimals may add up.
const sumSlack = 1e-9

// entry is where requests come in: at the first station unless the file says
// otherwise.
func (w *wayfinder) entry() []float64 {
	in := w.r.in
	if in.entry == nil {
		first := make([]float64, len(w.index))
		if len(first) > 0 {
			first[0] = 1
		}
		return first
	}
	row, sum := w.row(in.entry)
	if sum < 1-sumSlack || sum > 1+sumSlack {
		w.fault(in.rowAt[""], "entry", "adds up to "+digits(sum), "allowed are probabilities that add up to 1")
	}
	return row
}

// routing is the probability to go from each station to each.
func (w *wayfinder) routing() [][]float64 {
	in := w.r.in
	all := make([][]float64, len(w.index))
	for i := range all {
		all[i] = make([]float64, len(w.index))
	}
	for _, from := range slices.Sorted(maps.Keys(in.routing)) {
		key := "routing." + from
		row, sum := w.row(in.routing[from])
		if sum > 1+sumSlack {
			w.fault(in.rowAt[from], key, "adds up to "+digits(sum), "allowed are probabilities that add up to at most 1: what is missing to 1 leaves the network")
		}
		if i, known := w.index[from]; known {
			all[i] = row
			continue
		}
		w.fault(in.rowAt[from], key, fmt.Sprintf("there is no station %q", from), "allowed are the names of the stations")
	}
	return all
}

// row is the probability of each station, and their sum.
func (w *wayfinder) row(values map[string]queueValue) (row []float64, sum float64) {
	row = make([]float64, len(w.index))
	k := queueKey{quantity: scenario.Share(0, 1)}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		v := values[name]
		x, ok := w.r.in.readValue(&k, v)
		w.faulted = w.faulted || !ok
		sum += x
		i, known := w.index[name]
		if !known {
			w.fault(v.at, v.key, fmt.Sprintf("there is no station %q", name), "allowed are the names of the stations")
			continue
		}
		row[i] = x
	}
	return row, sum
}

// trapped faults every station from which no way leads out.
func (w *wayfinder) trapped(stations []steady.Station, routing [][]float64, err error) {
	leaves := make([]bool, len(routing))
	for range routing { // no way out is longer
		for i, row := range routing {
			sum := 0.0
			for j, p := range row {
				sum += p
				leaves[i] = leaves[i] || p > 0 && leaves[j]
			}
			leaves[i] = leaves[i] || sum < 1-1e-15
		}
	}
	for i, s := range stations {
		if !leaves[i] {
			w.fault(w.r.in.rowAt[s.Name], "routing."+s.Name, fmt.Sprintf("who comes to station %q never leaves the network", s.Name),
				"allowed are probabilities that add up to less than 1 somewhere on the way")
		}
	}
	if !w.faulted {
		w.fault(scenario.Place{File: w.r.model}, "routing", plainSteady(err), "")
	}
}

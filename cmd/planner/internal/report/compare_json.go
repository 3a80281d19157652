package report

import (
	"io"
	"strconv"

	"singlelane/cmd/planner/internal/study"
)

type compareJSON struct {
	Scenario     string              `json:"scenario"`
	Seed         uint64              `json:"seed"`
	Version      string              `json:"version"`
	Objective    objectiveJSON       `json:"objective"`
	Metric       string              `json:"metric"`
	Replications int                 `json:"replications"`
	Looks        int                 `json:"looks"`
	Best         bestJSON            `json:"best"`
	Designs      []compareDesignJSON `json:"designs"`
	Pairs        []pairJSON          `json:"pairs"`
	FrontierBy   string              `json:"frontier_by"`
	Frontier     []string            `json:"frontier"`
	Cheapest     *string             `json:"cheapest"`
	Warnings     []string            `json:"warnings"`
	Interrupted  bool                `json:"interrupted,omitempty"` // what the last finished look knew
}

type bestJSON struct {
	Design     string   `json:"design"`
	Decided    bool     `json:"decided"`
	Confidence number   `json:"confidence"`
	Tied       []string `json:"tied"`
	Open       []string `json:"open"`
}

type compareDesignJSON struct {
	Name           string       `json:"name"`
	Status         study.Status `json:"status"`
	MeetsObjective bool         `json:"meets_objective"`
	Decided        bool         `json:"decided"`
	Drain          *lawJSON     `json:"drain"`
	Year           *yearJSON    `json:"year,omitempty"`
	Cost           *costJSON    `json:"cost,omitempty"`
	DominatedBy    *string      `json:"dominated_by"`
	DominatedSure  bool         `json:"dominated_decided"`
}

type pairJSON struct {
	A           string                    `json:"a"`
	B           string                    `json:"b"`
	Differences map[string]differenceJSON `json:"b_less_a"`
}

type differenceJSON struct {
	Value      number   `json:"value"`
	CI         interval `json:"ci"`
	Confidence number   `json:"confidence"`
	N          int      `json:"n"`
	Quality    string   `json:"quality"`
	Less       number   `json:"p_value_less"`
	More       number   `json:"p_value_more"`
}

// metricKey is the name of a metric in JSON and CSV, with its unit.
func metricKey(m study.Metric) string {
	if m.Seconds() {
		return string(m) + "_s"
	}
	return string(m)
}

// CompareJSON writes the comparison as one document.
func CompareJSON(w io.Writer, k *study.Comparison, version string) error {
	name := func(i int) *string { return &k.Designs[i].Name }
	doc := compareJSON{Scenario: k.Name, Seed: k.Seed, Version: version, Objective: objectiveJSON{number(k.Objective.Within), number(k.Objective.Confidence)},
		Metric: string(k.Metric), Replications: k.Replications, Looks: k.Looks, FrontierBy: k.FrontierBy, Frontier: []string{}, Warnings: list(k.Warnings), Interrupted: k.Interrupted}
	doc.Best = bestJSON{*name(k.Best.Design), k.Best.Decided, number(k.Best.Confidence), []string{}, []string{}}
	for _, i := range k.Best.Tied {
		doc.Best.Tied = append(doc.Best.Tied, *name(i))
	}
	for _, i := range k.Best.Open {
		doc.Best.Open = append(doc.Best.Open, *name(i))
	}
	for i := range k.Designs {
		a, d := &k.Designs[i], k.Dominated[i]
		one := compareDesignJSON{Name: a.Name, Status: a.Status, MeetsObjective: a.MeetsObjective, Decided: a.Decided, Drain: lawOf(a.Drain),
			Year: yearOf(a.Year), Cost: costOf(a.Cost)}
		if d.By >= 0 {
			one.DominatedBy, one.DominatedSure = name(d.By), d.Decided
		} else {
			doc.Frontier = append(doc.Frontier, a.Name)
		}
		doc.Designs = append(doc.Designs, one)
	}
	for _, p := range k.Pairs {
		one := pairJSON{*name(p.A), *name(p.B), map[string]differenceJSON{}}
		for i, m := range k.Metrics {
			d := p.Differences[i]
			one.Differences[metricKey(m)] = differenceJSON{number(d.Value), intervalOf(d.Estimate), number(d.Confidence), d.N, string(d.Quality), number(d.Less), number(d.More)}
		}
		doc.Pairs = append(doc.Pairs, one)
	}
	if k.Cheapest >= 0 {
		doc.Cheapest = name(k.Cheapest)
	}
	return writeJSON(w, doc)
}

// CompareCSV writes one row a pair and metric, SI numbers.
func CompareCSV(w io.Writer, k *study.Comparison) error {
	rows := [][]string{{"a", "b", "metric", "a_value", "b_value", "b_less_a", "lo", "hi", "confidence", "n", "quality", "p_value_less", "p_value_more"}}
	for _, p := range k.Pairs {
		for i, m := range k.Metrics {
			a, b, d := &k.Designs[p.A], &k.Designs[p.B], p.Differences[i]
			rows = append(rows, []string{a.Name, b.Name, metricKey(m), field(m.Of(a).Value), field(m.Of(b).Value), field(d.Value), field(d.Lo), field(d.Hi),
				field(d.Confidence), strconv.Itoa(d.N), string(d.Quality), field(d.Less), field(d.More)})
		}
	}
	return writeCSV(w, rows)
}

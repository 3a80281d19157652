package main

import (
	"math"

	"singlelane/queueing/steady"
)

// queueGroup is a table of classes or stations; the first row of each is its
// name.
type queueGroup struct {
	kind  string // "classes" or "stations"
	parts [][]queueRow
}

// closedRows are what a closed network has beside the common measures.
func (a *queueAnswer) closedRows(m steady.Closed, x steady.ClosedMeasures) {
	a.rows = append(a.rows, queueRow{key: "cycle_s", value: x.Cycle}, queueRow{key: "thinking", value: x.Thinking})
	a.bottleneck(x.Bottleneck, m.Stations)
	a.addStations(x.Stations)
	a.bounds(m)
	if m.Customers == 0 {
		return
	}
	a.rows = append(a.rows, queueRow{key: "last_customer_adds_per_s", value: x.Gain}, queueRow{key: "elasticity_w", value: x.ElasticW})
	parts := a.groups[len(a.groups)-1].parts
	for i := range parts {
		parts[i] = append(parts[i], queueRow{key: "elasticity_throughput", value: x.ByDemand[i]})
	}
}

// partedWaits are the laws of the waits of the classes or stations.
type partedWaits struct {
	quantile func(part int, p float64) (float64, error)
	tail     func(part int, t float64) (float64, error)
}

// partWaits adds to each class or station the quantiles of its wait and
// P(wait > t).
func (q queueQuestions) partWaits(a *queueAnswer) error {
	parts := a.groups[len(a.groups)-1].parts
	for i := range parts {
		for _, level := range waitLevels {
			t, err := a.parted.quantile(i, level.p)
			if err != nil {
				return err
			}
			parts[i] = append(parts[i], queueRow{key: level.key, value: settled(t)})
		}
		if math.IsNaN(q.wait) {
			continue
		}
		tail, err := a.parted.tail(i, q.wait)
		if err != nil {
			return err
		}
		parts[i] = append(parts[i], queueRow{key: "p_wait_over", value: tail})
	}
	return nil
}

// bounds adds the balanced job bounds where they hold: single servers and
// delays, with a customer at least.
func (a *queueAnswer) bounds(m steady.Closed) {
	b, err := m.BalancedBounds()
	if err != nil {
		return // several servers or nobody there: no bounds, and none promised
	}
	a.rows = append(a.rows, queueRow{key: "throughput_low_per_s", value: b.ThroughputLow},
		queueRow{key: "throughput_high_per_s", value: b.ThroughputHigh}, queueRow{key: "knee_customers", value: b.Knee})
}

func (a *queueAnswer) bottleneck(i int, stations []steady.Station) {
	if i >= 0 {
		a.rows = append(a.rows, queueRow{key: "bottleneck", text: stations[i].Name})
	}
}

func (a *queueAnswer) addClasses(classes []steady.ClassMeasures, keys ...string) {
	g := queueGroup{kind: "classes"}
	for _, c := range classes {
		g.add(c.Name, c.Measures, keys...)
	}
	a.groups = append(a.groups, g)
}

func (a *queueAnswer) addStations(stations []steady.StationMeasures) {
	g := queueGroup{kind: "stations"}
	for _, s := range stations {
		g.add(s.Name, s.Measures, "rho", "l", "lq", "w_s", "wq_s", "throughput_per_s")
	}
	a.groups = append(a.groups, g)
}

func (g *queueGroup) add(name string, x steady.Measures, keys ...string) {
	row := []queueRow{{key: "name", text: name}, {key: "status", text: x.Status.String()}}
	for _, key := range keys {
		row = append(row, queueRow{key: key, value: measureOf(x, nil, key)})
	}
	g.parts = append(g.parts, row)
}

package main

import (
	"math"

	"singlelane/queueing/steady"
)

// zoneModel answers for the zones of a region as if they were servers: a
// request is refused while fewer than those needed are up.
type zoneModel struct{ steady.Zones }

// secondsAYear is a year of 365.25 days.
const secondsAYear = 365.25 * 86400

func buildZones(r *queueReader) steady.Model {
	needed := r.requiredCount("needed")
	m := zoneModel{steady.Zones{Needed: needed, Count: needed, Unavailability: r.required("unavailability"), CommonCause: r.optional("common-cause", 0)}}
	r.used["zones"], r.used["target-level"] = true, true
	if r.has("zones") || !r.has("target-level") {
		m.Count = r.requiredCount("zones")
	}
	return m
}

func (m zoneModel) Measures() (steady.Measures, error) {
	u, err := m.Unavailable()
	return steady.Measures{PBlock: u, Sustainable: math.Inf(1)}, err
}

// AtServers is the model with that many zones, those needed at least.
func (m zoneModel) AtServers(c int) steady.Staffed {
	m.Count = max(c, m.Needed)
	return m
}

// rows are what is said of the zones.
func (m zoneModel) rows() ([]queueRow, error) {
	down, err1 := m.Unavailable()
	nines, err2 := m.Nines()
	rows := []queueRow{{key: "p_unavailable", value: down}, {key: "nines", value: nines}, {key: "down_a_year_s", value: down * secondsAYear}}
	if err1 != nil {
		return nil, err1
	}
	return rows, err2
}

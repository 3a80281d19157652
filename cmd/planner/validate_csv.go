package main

import (
	"strconv"

	"singlelane/cmd/planner/internal/scenario"
)

// lanesTable is a heading and one row a lane of each design, in SI units; the
// last columns are of the design and empty where the file has no region.
func lanesTable(s *scenario.Scenario) [][]string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
	rows := [][]string{{"design", "lane_kind", "lane", "servers", "service_mean_s", "service_scv", "capacity_per_s", "long_run_arrivals_per_s",
		"requests_at_start", "incident_requests", "lost", "cover", "headroom_needed"}}
	for _, d := range s.Designs {
		region := make([]string, 3)
		if r := d.Region; r.Zones > 0 {
			region = []string{strconv.Itoa(d.Lost), number(r.Cover), number(r.HeadroomNeeded)}
		}
		for _, lane := range d.Lanes {
			l := describeLane(lane)
			row := []string{d.Name, string(d.LaneKind), l.Name, strconv.Itoa(l.Servers), number(l.ServiceMean), number(l.ServiceSCV), number(l.Capacity),
				number(l.LongRun), number(l.AtStart), number(l.IncidentRequests)}
			rows = append(rows, append(row, region...))
		}
	}
	return rows
}

package main

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing"
)

// The documents of planner validate --json.
type (
	validationDocument struct {
		Status   string            `json:"status"` // ok or faults
		Scenario string            `json:"scenario,omitempty"`
		Designs  []compiledDesign  `json:"designs,omitempty"`
		Warnings []string          `json:"warnings,omitempty"`
		Faults   []faultInDocument `json:"faults,omitempty"`
	}
	compiledDesign struct {
		Name             string         `json:"name"`
		LaneKind         string         `json:"lane_kind"`
		Lost             int            `json:"lost"`
		Cover            *float64       `json:"cover,omitempty"`
		HeadroomNeeded   *float64       `json:"headroom_needed,omitempty"`
		StaticallyStable *bool          `json:"statically_stable,omitempty"`
		PoolRequests     int            `json:"pool_requests"`
		Lanes            []compiledLane `json:"lanes"`
	}
	compiledLane struct {
		Name             string  `json:"name"`
		Servers          int     `json:"servers"`
		ServiceMean      float64 `json:"service_mean_s"`
		ServiceSCV       float64 `json:"service_scv"`
		Capacity         float64 `json:"capacity_per_s"`
		LongRun          float64 `json:"long_run_arrivals_per_s"`
		AtStart          float64 `json:"requests_at_start"`
		IncidentRequests float64 `json:"incident_requests"`
	}
	faultInDocument struct {
		File    string `json:"file"`
		Line    int    `json:"line,omitempty"`
		Column  int    `json:"column,omitempty"`
		Key     string `json:"key,omitempty"`
		Problem string `json:"problem"`
		Allowed string `json:"allowed,omitempty"`
		Hint    string `json:"hint,omitempty"`
	}
)

func faultsDocument(faults scenario.Faults) validationDocument {
	d := validationDocument{Status: "faults"}
	for _, f := range faults {
		d.Faults = append(d.Faults, faultInDocument{f.File, f.Line, f.Column, f.Key, f.Problem, f.Allowed, f.Hint})
	}
	return d
}

func lanesDocument(s *scenario.Scenario) validationDocument {
	d := validationDocument{Status: "ok", Scenario: s.Name, Warnings: s.Warnings}
	for _, v := range s.Designs {
		c := compiledDesign{Name: v.Name, LaneKind: string(v.LaneKind), Lost: v.Lost, PoolRequests: v.PoolRequests}
		if r := v.Region; r.Zones > 0 {
			c.Cover, c.HeadroomNeeded, c.StaticallyStable = &r.Cover, &r.HeadroomNeeded, &r.StaticallyStable
		}
		for _, l := range v.Lanes {
			c.Lanes = append(c.Lanes, describeLane(l))
		}
		d.Designs = append(d.Designs, c)
	}
	return d
}

func describeLane(l *queueing.Lane) compiledLane {
	return compiledLane{
		Name: l.Name(), Servers: l.FinalServers(),
		ServiceMean: l.Service().Mean(), ServiceSCV: l.Service().SCV(), Capacity: l.FinalCapacity(),
		LongRun: l.Arrivals().LongRun(), AtStart: l.Initial().Mean(), IncidentRequests: incidentRequests(l),
	}
}

// incidentRequests is the mean number that the streams which end bring.
func incidentRequests(l *queueing.Lane) float64 {
	const forever = 1e12 // s
	sum := float64(l.Config().Backlog)
	for _, s := range l.Arrivals().Streams() {
		if s.Source.LongRun() > 0 {
			continue
		}
		sum += s.Source.Flow(0, forever)
		for _, j := range s.Source.Jumps() {
			sum += j.Size.Mean()
		}
	}
	return sum
}

// writeLanes prints the lanes of every design as a table, like lanes as one
// row.
func writeLanes(w io.Writer, s *scenario.Scenario) error {
	if _, err := fmt.Fprintf(w, "ok: %s\nobjective: drained within %s with %g %% confidence\n\n",
		s.Name, inWords(s.Objective.Within), 100*s.Objective.Confidence); err != nil {
		return err
	}
	names := make([]string, len(s.Designs))
	for i, d := range s.Designs {
		names[i] = d.Name
	}
	text, err := lanesText(s, names, 2)
	if err == nil && wide(text) {
		text, err = lanesText(s, report.Fitted(names, report.LeastName), 1)
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, text+lanesLegend)
	return err
}

// lanesText is the table with designs under these names and its columns so many
// characters apart.
func lanesText(s *scenario.Scenario, names []string, apart int) (string, error) {
	rows := []string{"design\tlanes\tservers\tservice\tserved\tlong run\tstart\tstorm\tlost\tcovered"}
	for i, d := range s.Designs {
		d.Name = names[i]
		rows = append(rows, laneRows(d)...)
	}
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, apart, ' ', 0)
	_, err := io.WriteString(t, strings.Join(rows, "\n")+"\n")
	err = errors.Join(err, t.Flush())
	return b.String(), err
}

// wide tells whether a line of the text does not fit the screen.
func wide(text string) bool {
	return slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool { return utf8.RuneCountInString(line) > 100 })
}

const lanesLegend = `
A row is one lane, or lanes that are alike: its servers, the mean and scv of a
service, requests per second served and arriving in the long run, requests
waiting at the start and brought by the storm in all; of the design:
instances lost and the share of them that headroom covers.
`

// laneRows are the rows of one design; consecutive lanes that are alike make
// one.
func laneRows(d scenario.Design) []string {
	var rows []string
	for i := 0; i < len(d.Lanes); {
		first := describeLane(d.Lanes[i])
		j := i + 1
		for j < len(d.Lanes) && alike(first, describeLane(d.Lanes[j])) {
			j++
		}
		name, lost := d.Name, fmt.Sprintf("%d\t%.4g %%", d.Lost, 100*d.Region.Cover)
		if i > 0 {
			name, lost = "", "\t"
		}
		if d.Region.Zones == 0 {
			lost = "-\t-"
		}
		what := first.Name
		if j > i+1 {
			what = fmt.Sprintf("%s to %d", first.Name, j)
		}
		rows = append(rows, fmt.Sprintf("%s\t%s\t%d\t%s, scv %.3g\t%.4g/s\t%.4g/s\t%.4g\t%.6g\t%s", name, what, first.Servers,
			inWords(first.ServiceMean), first.ServiceSCV, first.Capacity, first.LongRun, first.AtStart, first.IncidentRequests, lost))
		i = j
	}
	return rows
}

func alike(a, b compiledLane) bool {
	near := math.Abs(a.IncidentRequests-b.IncidentRequests) < 1e-6*a.IncidentRequests+1e-6
	a.Name, a.IncidentRequests = b.Name, b.IncidentRequests
	return near && a == b
}

// inWords writes seconds the way a scenario file does, to three digits or so.
func inWords(s float64) string {
	if s < 1 {
		return fmt.Sprintf("%.4gms", 1000*s)
	}
	if s > 1e9 {
		return fmt.Sprintf("%.4gd", s/86400)
	}
	text := time.Duration(s * float64(time.Second)).Round(time.Millisecond).String()
	for _, zero := range []string{"m0s", "h0m"} {
		if short, ok := strings.CutSuffix(text, zero); ok {
			text = short + zero[:1]
		}
	}
	return text
}

package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"singlelane/cmd/planner/internal/study"
)

// lawColumns are the columns of a RESULT, in SI units.
var lawColumns = []string{"method", "quality", "mean_s", "sd_s", "p50_s", "p90_s", "p99_s", "p999_s", "breach", "cvar99_s", "n",
	"mean_lo_s", "mean_hi_s", "p50_lo_s", "p50_hi_s", "p99_lo_s", "p99_hi_s", "breach_lo", "breach_hi"}

// yearColumns, costColumns and drawnColumns are of what a year brings, what it
// costs, and what not knowing the inputs means; they are there where some design
// has them.
var (
	yearColumns = []string{"breaches_per_year", "p_any", "minutes_over", "recovery_p50_minutes", "recovery_p95_minutes", "recovery_p99_minutes",
		"p_second_failure", "availability"}
	costColumns  = []string{"cost_servers", "cost_headroom", "cost_breaches", "cost", "cost_p95"}
	drawnColumns = []string{"drawn_p99_p5_s", "drawn_p99_p50_s", "drawn_p99_p95_s", "drawn_breach", "drawn_breach_lo", "drawn_breach_hi", "drawn_p_meets", "draws"}
)

func yearFields(y *study.Year) []string {
	if y == nil {
		return make([]string, len(yearColumns))
	}
	return fields(y.Breaches.Value, y.Any.Value, y.Over.Value/60, y.P50.Value/60, y.P95.Value/60, y.P99.Value/60, y.Second.Value, y.Available.Value)
}

func costFields(c *study.Cost) []string {
	if c == nil {
		return make([]string, len(costColumns))
	}
	return fields(c.Servers, c.Instances, c.Breaches.Value, c.Total.Value, c.P95.Value)
}

func drawnFields(g *study.Ignorance) []string {
	if g == nil {
		return make([]string, len(drawnColumns))
	}
	return fields(g.P5.Value, g.P50.Value, g.P95.Value, g.MeanBreach.Value, g.MeanBreach.Lo, g.MeanBreach.Hi, g.Meets.Value, float64(g.Draws))
}

func fields(all ...float64) []string {
	out := make([]string, len(all))
	for i, x := range all {
		out[i] = field(x)
	}
	return out
}

// further adds to the rows of the designs the columns that some of them fill.
func further(rows [][]string, r *study.Result) {
	for _, more := range []struct {
		head []string
		of   func(a *study.Answer) (row []string, has bool)
	}{
		{yearColumns, func(a *study.Answer) ([]string, bool) { return yearFields(a.Year), a.Year != nil }},
		{costColumns, func(a *study.Answer) ([]string, bool) { return costFields(a.Cost), a.Cost != nil }},
		{drawnColumns, func(a *study.Answer) ([]string, bool) { return drawnFields(a.Ignorance), a.Ignorance != nil }},
	} {
		some := false
		for i := range r.Designs {
			_, has := more.of(&r.Designs[i])
			some = some || has
		}
		if !some {
			continue
		}
		rows[0] = append(rows[0], more.head...)
		for i := range r.Designs {
			row, _ := more.of(&r.Designs[i])
			rows[1+i] = append(rows[1+i], row...)
		}
	}
}

// CSV writes one row a design.
func CSV(w io.Writer, r *study.Result) error {
	rows := [][]string{append([]string{"design", "status", "meets_objective", "decided", "overload_ends_s"}, lawColumns...)}
	rows[0] = append(rows[0], "peak_p99", "longest_wait_p99_s", "completed_p99_s")
	for i := range r.Designs {
		a := &r.Designs[i]
		row := []string{a.Name, string(a.Status), strconv.FormatBool(a.MeetsObjective), strconv.FormatBool(a.Decided), field(a.OverloadEnds)}
		row = append(row, lawFields(a.Drain)...)
		for _, f := range []*study.Figure{a.Peak, a.LongestWait, a.Completed} {
			if f == nil {
				row = append(row, "")
				continue
			}
			row = append(row, field(f.P99.Value))
		}
		rows = append(rows, row)
	}
	further(rows, r)
	return writeCSV(w, rows)
}

// TableCSV writes a table, its heading first, as writeCSV does.
func TableCSV(w io.Writer, rows [][]string) error { return writeCSV(w, rows) }

// writeCSV writes rows. A spreadsheet takes a cell that begins with one of
// = + - @ for a formula; where that is a name and no number, an apostrophe
// before it makes it text.
func writeCSV(w io.Writer, rows [][]string) error {
	for _, row := range rows {
		for i, cell := range row {
			row[i] = plainCell(cell)
		}
	}
	if err := csv.NewWriter(w).WriteAll(rows); err != nil {
		return fmt.Errorf("writing CSV: %w", err)
	}
	return nil
}

func plainCell(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@", rune(cell[0])) {
		return Printable(cell)
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + Printable(cell)
}

func lawFields(l *study.Law) []string {
	if l == nil {
		return make([]string, len(lawColumns))
	}
	n := ""
	if l.N > 0 {
		n = strconv.Itoa(l.N)
	}
	row := []string{string(l.Method), string(l.Quality)}
	for _, x := range []float64{l.Mean.Value, l.SD.Value, l.P50.Value, l.P90.Value, l.P99.Value, l.P999.Value, l.Breach.Value, l.CVaR99.Value} {
		row = append(row, field(x))
	}
	row = append(row, n)
	for _, x := range []float64{l.Mean.Lo, l.Mean.Hi, l.P50.Lo, l.P50.Hi, l.P99.Lo, l.P99.Hi, l.Breach.Lo, l.Breach.Hi} {
		row = append(row, field(x))
	}
	return row
}

// field is empty where the number is infinite or unknown.
func field(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/fit/trace"
	"singlelane/cmd/planner/internal/study"
)

// Replay is a measured storm run through designs.
type Replay struct {
	Name    string
	Trace   *trace.Trace
	Storm   study.Replay
	Designs []*study.Replayed
	Seed    uint64
	Version string

	Interrupted bool // Designs are those that were run by then
}

// Warnings of the trace and of the designs, each once.
func (r *Replay) Warnings() []string {
	all := append([]string(nil), r.Trace.Warnings...)
	if r.Storm.Measured.Values == nil {
		all = append(all, "the trace does not show the backlog: only the model's is given")
	}
	seen := map[string]bool{}
	for _, d := range r.Designs {
		for _, w := range d.Warnings {
			if !seen[w] {
				seen[w] = true
				all = append(all, w)
			}
		}
	}
	return all
}

func (r *Replay) title() string {
	return fmt.Sprintf("%s: %s over %s, exactly as they came", r.Name, counted(r.Storm.Arrivals.Total()+r.Storm.Backlog, "request"), Duration(r.Storm.Span))
}

// replayLabel is a design with its what-ifs.
func replayLabel(d *study.Replayed) string {
	if len(d.Sets) == 0 {
		return d.Design
	}
	return d.Design + ", " + Printable(strings.Join(d.Sets, ", "))
}

// Text writes the comparison as a table, one line a design.
func (r *Replay) Text(w io.Writer, s Style) error {
	var b strings.Builder
	b.WriteString(s.cutShort(r.Interrupted))
	fmt.Fprintf(&b, "%s\n", r.title())
	for _, d := range r.Designs {
		if d.Error != nil {
			fmt.Fprintf(&b, "%s\n", wrapped(replayLabel(d)+": "+r.words(d), 96, "  "))
		}
	}
	for _, d := range r.Designs {
		if d.Precision.Asked {
			fmt.Fprintf(&b, "%s\n", wrapped(replayLabel(d)+": "+preciseReplay(d), 96, "  "))
		}
	}
	b.WriteString("\n")
	if err := r.table().write(&b); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nbacklogs are medians of %s [90 %% of them]; seed %d, planner %s\n", r.counted(), r.Seed, r.Version)
	_, err := io.WriteString(w, b.String())
	return err
}

// counted is how often each design was run through the storm.
func (r *Replay) counted() string {
	least, most := r.Designs[0].N, r.Designs[0].N
	for _, d := range r.Designs {
		least, most = min(least, d.N), max(most, d.N)
	}
	if least < most {
		return fmt.Sprintf("%s to %s", thousands(float64(least)), counted(most, "replication"))
	}
	return counted(most, "replication")
}

// preciseReplay is the number of the drain time that was to be known precisely,
// and how far it is.
func preciseReplay(d *study.Replayed) string {
	e := d.Precise
	what := fmt.Sprintf("%s of the drain time, %.6g s [%.6g, %.6g],", d.Precision.Of, e.Value, e.Lo, e.Hi)
	if strings.HasPrefix(d.Precision.Of, "P(T") {
		what = fmt.Sprintf("%s = %.4g [%.4g, %.4g]", d.Precision.Of, e.Value, e.Lo, e.Hi)
	}
	return reachedWords(what, d.Precision, counted(d.N, "replication"))
}

// words about a design: how well it follows what was measured or, of a
// what-if, how it would have been otherwise.
func (r *Replay) words(d *study.Replayed) string {
	if len(d.Sets) == 0 {
		return errorWords(d.Error)
	}
	m := r.Storm.Measured.Summary(d.Servers)
	text := fmt.Sprintf("a peak of %s instead of %s", countedAs(significant(d.Summary.Peak), "request"), significant(m.Peak))
	switch by := d.Error.ClearedBy; {
	case math.IsNaN(by):
	case by < 0:
		text += ", cleared " + Duration(-by) + " earlier"
	default:
		text += ", cleared " + Duration(by) + " later"
	}
	return text
}

// errorWords says how well the model follows what was measured.
func errorWords(e *study.ReplayError) string {
	side := "above"
	if e.Mean < 0 {
		side = "below"
	}
	return fmt.Sprintf("%s of the measured backlog lies within the model's 90 %%; the median is %s %s it on average, rms %s, at worst %s at %s",
		percent(e.Inside), countedAs(significant(math.Abs(e.Mean)), "request"), side, significant(e.RMS), signed(e.Worst), Duration(e.WorstAt))
}

func signed(x float64) string {
	if x > 0 {
		return "+" + significant(x)
	}
	return significant(x)
}

func (r *Replay) table() *table {
	u := unitFor(r.Storm.Span)
	waits := r.waitUnit()
	t := &table{}
	t.add("", "peak", "at, "+u.name, "cleared,", "request-", "longest wait")
	t.add("", "", "", u.name, "hours", "P99, "+waits.name)
	if r.Storm.Measured.Values != nil {
		m := r.Storm.Measured.Summary(r.level())
		t.add("measured", significant(m.Peak), u.in(m.PeakAt), cleared(u, m.Cleared), significant(m.Area/3600), "")
	}
	for _, d := range r.Designs {
		peak := fmt.Sprintf("%s [%s, %s]", significant(d.Summary.Peak), significant(peakOf(d.P5)), significant(peakOf(d.P95)))
		t.add(replayLabel(d), peak, u.in(d.Summary.PeakAt), cleared(u, d.Summary.Cleared), significant(d.Summary.Area/3600), waits.in(d.LongestWait.P99.Value))
	}
	return t
}

// level at which the first design counts as cleared is that for the measured
// path too.
func (r *Replay) level() float64 { return r.Designs[0].Servers }

func (r *Replay) waitUnit() unit {
	var all []float64
	for _, d := range r.Designs {
		all = append(all, d.LongestWait.P99.Value)
	}
	return unitFor(all...)
}

func cleared(u unit, at float64) string {
	if math.IsInf(at, 1) {
		return "not yet"
	}
	return u.in(at)
}

func peakOf(path []float64) float64 {
	most := 0.0
	for _, n := range path {
		most = math.Max(most, n)
	}
	return most
}

type replayJSON struct {
	Scenario string             `json:"scenario"`
	Trace    string             `json:"trace"`
	Seed     uint64             `json:"seed"`
	Version  string             `json:"version"`
	Requests int                `json:"requests"`
	Backlog  int                `json:"backlog_at_start"`
	Span     number             `json:"span_s"`
	Measured *summaryJSON       `json:"measured"`
	Designs  []replayDesignJSON `json:"designs"`
	Warnings []string           `json:"warnings"`

	Interrupted bool `json:"interrupted,omitempty"` // designs are those that were run by then
}

type summaryJSON struct {
	Peak    number `json:"peak"`
	PeakAt  number `json:"peak_at_s"`
	Area    number `json:"request_hours"`
	Cleared number `json:"cleared_s"`
}

type replayDesignJSON struct {
	Name        string           `json:"name"`
	Sets        []string         `json:"set"`
	N           int              `json:"n"`
	Median      summaryJSON      `json:"median"`
	Peak        *figureJSON      `json:"peak_backlog"`
	LongestWait *figureJSON      `json:"longest_wait_s"`
	Drain       *figureJSON      `json:"drain_s"`
	Breach      estimatedJSON    `json:"breach"` // P(T > objective), the storm as it came
	Precision   *precisionJSON   `json:"precision,omitempty"`
	Error       *replayErrorJSON `json:"error"`
	Backlog     []replayPoint    `json:"backlog"`
}

type replayErrorJSON struct {
	RMS     number `json:"rms"`
	Mean    number `json:"mean"`
	Worst   number `json:"worst"`
	WorstAt number `json:"worst_at_s"`
	Inside  number `json:"inside_90"`
	Peak    number `json:"peak_relative"`
	Area    number `json:"request_hours_relative"`
	Cleared number `json:"cleared_s"`
}

type replayPoint struct {
	T        number  `json:"t_s"`
	Measured *number `json:"measured"`
	Mean     number  `json:"mean"`
	P5       number  `json:"p5"`
	P50      number  `json:"p50"`
	P95      number  `json:"p95"`
}

func summaryOf(s study.Summary) summaryJSON {
	return summaryJSON{number(s.Peak), number(s.PeakAt), number(s.Area / 3600), number(s.Cleared)}
}

// JSON writes the comparison with the whole paths.
func (r *Replay) JSON(w io.Writer) error {
	doc := replayJSON{Scenario: r.Name, Trace: r.Trace.Name, Seed: r.Seed, Version: r.Version, Requests: r.Storm.Arrivals.Total(),
		Backlog: r.Storm.Backlog, Span: number(r.Storm.Span), Warnings: append([]string{}, r.Warnings()...), Interrupted: r.Interrupted}
	if r.Storm.Measured.Values != nil {
		m := summaryOf(r.Storm.Measured.Summary(r.level()))
		doc.Measured = &m
	}
	for _, d := range r.Designs {
		one := replayDesignJSON{Name: d.Design, Sets: append([]string{}, d.Sets...), N: d.N, Median: summaryOf(d.Summary),
			Peak: figureOf(d.Peak, 1), LongestWait: figureOf(d.LongestWait, 1), Drain: figureOf(d.Drain, 1), Breach: estimatedOf(d.Breach), Precision: precisionOf(d.Precision)}
		if e := d.Error; e != nil {
			one.Error = &replayErrorJSON{number(e.RMS), number(e.Mean), number(e.Worst), number(e.WorstAt), number(e.Inside), number(e.Peak), number(e.Area), number(e.ClearedBy)}
		}
		for i, t := range d.Times {
			p := replayPoint{number(t), nil, number(d.Mean[i]), number(d.P5[i]), number(d.P50[i]), number(d.P95[i])}
			if r.Storm.Measured.Values != nil {
				m := number(r.Storm.Measured.Values[i])
				p.Measured = &m
			}
			one.Backlog = append(one.Backlog, p)
		}
		doc.Designs = append(doc.Designs, one)
	}
	return writeJSON(w, doc)
}

// CSV writes the paths, a row for each design and instant.
func (r *Replay) CSV(w io.Writer) error {
	rows := [][]string{{"design", "set", "t_s", "measured", "mean", "p5", "p50", "p95"}}
	for _, d := range r.Designs {
		for i, t := range d.Times {
			measured := ""
			if r.Storm.Measured.Values != nil {
				measured = field(r.Storm.Measured.Values[i])
			}
			rows = append(rows, []string{d.Design, strings.Join(d.Sets, " "), field(t), measured, field(d.Mean[i]), field(d.P5[i]), field(d.P50[i]), field(d.P95[i])})
		}
	}
	return writeCSV(w, rows)
}

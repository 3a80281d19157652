package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

// metricNames say what a metric is, before its unit.
var metricNames = map[study.Metric]string{
	study.P50: "P50 of the drain time", study.P90: "P90 of the drain time", study.P99: "P99 of the drain time",
	study.Breach: "P(T > objective)", study.Peak: "P99 of the peak backlog, requests", study.LongestWait: "P99 of the longest wait",
	study.PStuck: "P(stuck)", study.TippingBacklog: "tipping backlog, requests",
	study.BreachesPerYear: "breaches a year", study.YearlyCost: "cost a year",
}

// SweepText writes a sweep as tables: over one key a column a design, over two
// keys a table a design.
func SweepText(w io.Writer, s *study.Sweep, style Style) error {
	u := sweepUnit(s)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s%s, objective %s in %s of storms\n", s.Name, metricNames[s.Metric], u.suffix(s.Metric), Duration(s.Objective.Within), percent(s.Objective.Confidence))
	if s.Done < len(s.Cells) {
		fmt.Fprintf(&b, "%d of %d cells are done\n", s.Done, len(s.Cells))
	}
	b.WriteString("\n")
	var err error
	if len(s.Axes) == 1 {
		err = writeLines(&b, s, u, style.Wide)
	} else {
		err = sweepPlanes(&b, s, u)
	}
	if err != nil {
		return err
	}
	writeMarks(&b, s)
	writeStable(&b, s)
	fmt.Fprintf(&b, "\nseed %d, planner %s\n", s.Seed, style.Version)
	_, err = io.WriteString(w, b.String())
	return err
}

func sweepUnit(s *study.Sweep) unit {
	if !s.Metric.Seconds() {
		return unit{"", 1, 3}
	}
	var all []float64
	for i := range s.Cells {
		for k := range s.Cells[i].Answers {
			all = append(all, s.Metric.Of(&s.Cells[i].Answers[k]).Value)
		}
	}
	return unitFor(all...)
}

func (u unit) suffix(m study.Metric) string {
	switch {
	case m.Share():
		return " in %"
	case u.name != "":
		return " in " + u.name
	}
	return ""
}

// shown is the metric in a cell, marked ~ where it is simulated and ! where
// the objective is missed.
func shown(s *study.Sweep, a *study.Answer, u unit) string {
	e := s.Metric.Of(a)
	text := significant(e.Value)
	switch {
	case a.Status == study.Never && s.Metric != study.BreachesPerYear && s.Metric != study.YearlyCost && s.Metric != study.TippingBacklog:
		text = "never"
	case s.Metric == study.Breach:
		text = inPercent(e.Value, a.Drain.AbsError)
	case s.Metric.Share():
		text = significant(100 * e.Value)
	case s.Metric.Seconds():
		text = u.in(e.Value)
	case s.Metric == study.TippingBacklog && math.IsInf(e.Value, 1):
		text = "none"
	}
	switch {
	case simulated(a, e):
		text = "~" + text
	case approximate(a):
		text = "≈" + text
	}
	if !a.MeetsObjective {
		return text + "!"
	}
	return text + " "
}

// knownTo is a probability that may be off by so much; a small one, or none, that may
// be nothing but error is said to be below that. Off is 1 where nothing bounds it,
// which whoever shows it says.
func knownTo(p, off float64) string {
	if p == 0 && off > 0 { // nothing was found, which says no more than that it is small
		off = math.Max(off, leastPercent)
	}
	if p < off && off < 1 {
		return "<" + percent(math.Pow(10, math.Ceil(math.Log10(off))))
	}
	return percent(p)
}

// inPercent is knownTo where a heading has the sign.
func inPercent(p, off float64) string { return strings.TrimSuffix(knownTo(p, off), " %") }

// approximate tells whether the answer is by theory that is not exact.
func approximate(a *study.Answer) bool {
	return a.Drain != nil && a.Drain.Quality == queueing.Approximate
}

func simulated(a *study.Answer, e montecarlo.Estimate) bool {
	return e.N > 0 || a.Drain != nil && a.Drain.Quality == queueing.Simulated
}

// writeLines writes a column a design, under its name or, where names take more
// than the screen and it is not to be wide, under a key that is explained first;
// what is too wide even so goes on below.
func writeLines(b *strings.Builder, s *study.Sweep, u unit, wide bool) error {
	t := sweepLines(s, s.Designs, u)
	t.wide = wide
	total := -1
	for _, w := range t.widths() {
		total += w + 1
	}
	if total <= screen || wide {
		return t.write(b)
	}
	keys := make([]string, len(s.Designs))
	for k, name := range s.Designs {
		keys[k] = fmt.Sprintf("D%d", k+1)
		fmt.Fprintf(b, "%-4s%s\n", keys[k], wrapped(name, screen-4, "    "))
	}
	t = sweepLines(s, keys, u)
	widths := t.widths()
	for from := 1; from <= len(keys); {
		to, width := from, widths[0]
		for ; to <= len(keys) && (to == from || width+widths[to]+2 <= screen); to++ {
			width += widths[to] + 2
		}
		b.WriteString("\n")
		if err := t.columns(from, to).write(b); err != nil {
			return err
		}
		from = to
	}
	return nil
}

func sweepLines(s *study.Sweep, heads []string, u unit) *table {
	t := &table{}
	t.add(append([]string{s.Axes[0].Key}, heads...)...)
	for i := range s.Cells {
		row := []string{label(s.Axes[0], i)}
		for k := range s.Designs {
			row = append(row, cellText(s, i, k, u))
		}
		t.add(row...)
	}
	return t
}

func cellText(s *study.Sweep, i, design int, u unit) string {
	if s.Cells[i].Answers == nil {
		return "? "
	}
	return shown(s, &s.Cells[i].Answers[design], u)
}

func sweepPlanes(b *strings.Builder, s *study.Sweep, u unit) error {
	columns := s.Axes[1]
	for k, name := range s.Designs {
		fmt.Fprintf(b, "%s: down %s, across %s\n", name, s.Axes[0].Key, columns.Key)
		t := &table{}
		t.add(append([]string{""}, rightBlank(columns)...)...)
		for row := range s.Axes[0].Texts {
			line := []string{label(s.Axes[0], row)}
			for column := range columns.Texts {
				line = append(line, cellText(s, row*len(columns.Texts)+column, k, u))
			}
			t.add(line...)
		}
		if err := t.write(b); err != nil {
			return err
		}
		if k < len(s.Designs)-1 {
			b.WriteString("\n")
		}
	}
	return nil
}

// rightBlank keeps headings over their digits, which a mark follows.
func rightBlank(a study.Axis) []string {
	all := make([]string, len(a.Texts))
	for i := range all {
		all[i] = label(a, i) + " "
	}
	return all
}

// label is a value of an axis, rounded for people.
func label(a study.Axis, i int) string {
	switch x := a.Values[i]; {
	case math.IsNaN(x):
		return a.Texts[i]
	case a.Unit == "s":
		return Duration(x)
	case a.Unit == "/s":
		return significant(x) + "/s"
	case a.Share:
		return strings.Replace(percent(x), " %", "%", 1)
	}
	if len(a.Texts[i]) > 8 {
		return significant(a.Values[i])
	}
	return a.Texts[i]
}

// writeStable says, where headroom is varied, from which on each design needs
// no relaunches.
func writeStable(b *strings.Builder, s *study.Sweep) {
	axis := slices.IndexFunc(s.Axes, func(a study.Axis) bool { return a.Key == "region.headroom" })
	if axis < 0 {
		return
	}
	words := map[string][]string{}
	var order []string
	for k, name := range s.Designs {
		from, to := math.Inf(1), math.Inf(-1)
		for i := range s.Cells {
			if s.Cells[i].Answers == nil || s.Cells[i].Answers[k].Stability == nil {
				continue
			}
			needed := s.Cells[i].Answers[k].Stability.Needed
			from, to = math.Min(from, needed), math.Max(to, needed)
		}
		text := percent(from)
		switch {
		case math.IsInf(from, 1):
			continue
		case from < to:
			text += " to " + percent(to)
		}
		if words[text] == nil {
			order = append(order, text)
		}
		words[text] = append(words[text], name)
	}
	for _, text := range order {
		fmt.Fprintf(b, "\nstatically stable from a headroom of %s on: %s\n", text, strings.Join(words[text], ", "))
	}
}

func writeMarks(b *strings.Builder, s *study.Sweep) {
	var drawn, missed, near bool
	off := 0.0
	for i := range s.Cells {
		for k := range s.Cells[i].Answers {
			a := &s.Cells[i].Answers[k]
			drawn = drawn || simulated(a, s.Metric.Of(a))
			missed = missed || !a.MeetsObjective
			if approximate(a) {
				near, off = true, math.Max(off, a.Drain.AbsError)
			}
		}
	}
	if missed {
		b.WriteString("\n! misses the objective")
	}
	if near {
		fmt.Fprintf(b, "\n≈ by theory, chances right to %s", percent(math.Pow(10, math.Ceil(math.Log10(off)))))
	}
	if drawn {
		fmt.Fprintf(b, "\n~ simulated, %s a cell on the same random numbers", counted(s.Replications, "storm"))
	}
	if near || drawn {
		b.WriteString("\nwithout a sign: by exact theory")
	}
	if missed || drawn || near {
		b.WriteString("\n")
	}
}

type sweepJSON struct {
	Scenario  string          `json:"scenario"`
	Seed      uint64          `json:"seed"`
	Version   string          `json:"version"`
	Objective objectiveJSON   `json:"objective"`
	Metric    string          `json:"metric"`
	Axes      []axisJSON      `json:"axes"`
	Cells     []sweepCellJSON `json:"cells"`
	Warnings  []string        `json:"warnings"`
}

type axisJSON struct {
	Key    string   `json:"key"`
	Unit   string   `json:"unit"`
	Values []number `json:"values"`
	Texts  []string `json:"texts"`
}

type sweepCellJSON struct {
	At             map[string]any `json:"at"` // SI numbers, or words
	Design         string         `json:"design"`
	Status         study.Status   `json:"status"`
	Value          number         `json:"value"` // the metric
	MeetsObjective bool           `json:"meets_objective"`
	Decided        bool           `json:"decided"`
	Drain          *lawJSON       `json:"drain"`
	Peak           *figureJSON    `json:"peak_backlog,omitempty"`
	LongestWait    *figureJSON    `json:"longest_wait_s,omitempty"`
	PoolRequests   int            `json:"pool_requests"`
	Stability      *stabilityJSON `json:"static_stability,omitempty"`
	Year           *yearJSON      `json:"year,omitempty"`
	Cost           *costJSON      `json:"cost,omitempty"`
}

// SweepJSON writes the cells that are done as one document.
func SweepJSON(w io.Writer, s *study.Sweep, version string) error {
	doc := sweepJSON{s.Name, s.Seed, version, objectiveJSON{number(s.Objective.Within), number(s.Objective.Confidence)},
		string(s.Metric), nil, []sweepCellJSON{}, list(s.Warnings)}
	for _, a := range s.Axes {
		x := axisJSON{Key: a.Key, Unit: a.Unit, Texts: a.Texts}
		for _, v := range a.Values {
			x.Values = append(x.Values, number(v))
		}
		doc.Axes = append(doc.Axes, x)
	}
	for i := range s.Cells {
		for k := range s.Cells[i].Answers {
			a := &s.Cells[i].Answers[k]
			at := map[string]any{}
			for j, axis := range s.Axes {
				at[axis.Key] = axisValue(axis, s.Cells[i].At[j])
			}
			doc.Cells = append(doc.Cells, sweepCellJSON{at, s.Designs[k], a.Status, number(s.Metric.Of(a).Value), a.MeetsObjective, a.Decided,
				lawOf(a.Drain), figureOf(a.Peak, 1), figureOf(a.LongestWait, 1),
				a.PoolRequests, stabilityOf(a.Stability), yearOf(a.Year), costOf(a.Cost)})
		}
	}
	return writeJSON(w, doc)
}

func axisValue(a study.Axis, i int) any {
	if math.IsNaN(a.Values[i]) {
		return a.Texts[i]
	}
	return a.Values[i]
}

// SweepCSV writes one row a cell and design, of the cells that are done.
func SweepCSV(w io.Writer, s *study.Sweep) error {
	head := []string{"design"}
	for _, a := range s.Axes {
		head = append(head, a.Key)
	}
	head = append(append(head, "status", "meets_objective"), lawColumns...)
	rows := [][]string{append(head, "peak_p99", "longest_wait_p99_s", "breaches_per_year", "cost", "pool_requests")}
	for i := range s.Cells {
		for k := range s.Cells[i].Answers {
			a := &s.Cells[i].Answers[k]
			row := []string{s.Designs[k]}
			for j, axis := range s.Axes {
				row = append(row, fmt.Sprint(axisValue(axis, s.Cells[i].At[j])))
			}
			row = append(row, string(a.Status), fmt.Sprint(a.MeetsObjective))
			row = append(row, lawFields(a.Drain)...)
			for _, f := range []*study.Figure{a.Peak, a.LongestWait} {
				if f == nil {
					row = append(row, "")
					continue
				}
				row = append(row, field(f.P99.Value))
			}
			row = append(row, field(study.BreachesPerYear.Of(a).Value), field(study.YearlyCost.Of(a).Value), strconv.Itoa(a.PoolRequests))
			rows = append(rows, row)
		}
	}
	return writeCSV(w, rows)
}

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"singlelane/cmd/planner/internal/scenario"
)

// queueAxis is one --vary.
type queueAxis struct {
	scenario.Axis
	quantity scenario.Quantity
	part     string // "class" or "station", with the name of one
	name     string
	key      string
}

// maxQueueRows bounds the table of --vary, maxQueueStates the probabilities of
// --states.
const (
	maxQueueRows   = 100_000
	maxQueueStates = 10_000
)

// axis reads FLAG=SPEC or class.NAME.KEY=SPEC.
func (in *queueInput) axis(text string) queueAxis {
	at := scenario.Place{File: "flag --vary " + text}
	path, spec, ok := strings.Cut(text, "=")
	x := queueAxis{key: strings.TrimPrefix(strings.TrimSpace(path), "--")}
	if !ok {
		in.fault(at, "", "is not FLAG=SPEC", "allowed is arrivals=1/s..9/s:12, servers=1..8 or a list 1,2,4", "")
		return x
	}
	k := queueKeyNamed(x.key)
	for kind := range queuePartKeys {
		if rest, is := strings.CutPrefix(x.key, kind+"."); is {
			x.part, x.name, x.key = kind, in.partOf(kind, rest), ""
			k = nil
			if x.name == "" {
				name, _, _ := strings.Cut(rest, ".")
				in.fault(at, "", fmt.Sprintf("there is no %s %q", kind, name), "allowed are the names given by --"+kind, "")
				return x
			}
			x.key = strings.TrimPrefix(rest, x.name+".")
			k = partKey(kind, x.key)
		}
	}
	switch {
	case k == nil:
		in.fault(at, "", fmt.Sprintf("%q cannot be varied", path), "allowed are the flags with a number, rate, time, share or name", scenario.DidYouMean(path, variableKeys()))
	case k.quantity.Empty():
		x.Axis = in.axisOfWords(strings.TrimSpace(path), spec, at, k)
	default:
		x.quantity = k.quantity
		axis, fault := k.quantity.Axis(strings.TrimSpace(path), spec, at)
		if fault != nil {
			fault.Hint = strings.Replace(fault.Hint, "--set "+path+"=", x.given(), 1)
			in.faults = append(in.faults, *fault)
		}
		x.Axis = axis
	}
	return x
}

// given is how the flag is given a single value.
func (x *queueAxis) given() string {
	if x.part != "" {
		return "--" + x.part + " name=" + x.name + "," + x.key + "="
	}
	return "--" + x.key + " "
}

// axisOfWords is a list of the key's names.
func (in *queueInput) axisOfWords(path, spec string, at scenario.Place, k *queueKey) scenario.Axis {
	axis := scenario.Axis{Key: path}
	for _, word := range strings.Split(spec, ",") {
		word = strings.TrimSpace(word)
		in.readValue(k, queueValue{text: word, at: at})
		axis.Texts, axis.Values = append(axis.Texts, word), append(axis.Values, math.NaN())
	}
	return axis
}

// partOf is the name with which NAME.KEY begins, empty when there is none.
func (in *queueInput) partOf(kind, path string) string {
	for _, p := range in.parts[kind] {
		if strings.HasPrefix(path, p.name+".") {
			return p.name
		}
	}
	return ""
}

func variableKeys() []string {
	var names []string
	for _, k := range queueKeys {
		names = append(names, k.name)
	}
	return names
}

// put sets the axis to its i-th value.
func (x *queueAxis) put(in *queueInput, i int) {
	text := x.Texts[i]
	if !math.IsNaN(x.Values[i]) { // a number: to the last digit
		text = x.quantity.Format(x.Values[i])
	}
	x.set(in, text)
}

func (x *queueAxis) set(in *queueInput, text string) {
	v := queueValue{text: text, at: scenario.Place{File: "flag --vary " + x.Axis.Key}}
	if x.part == "" {
		in.set(x.key, v)
		return
	}
	for _, p := range in.parts[x.part] {
		if p.name == x.name {
			p.values[x.key] = v
		}
	}
}

// queueTable is the answers over one or more varied flags.
type queueTable struct {
	axes    []queueAxis
	at      [][]int // the position on each axis
	answers []*queueAnswer
	limit   float64 // of the first axis, from where on it is saturated; 0 where that is not known
}

func (q *queueConfig) runVaried(ctx context.Context) error {
	t := queueTable{}
	rows := 1
	for _, text := range q.vary {
		t.axes = append(t.axes, q.input.axis(text))
		rows *= max(1, len(t.axes[len(t.axes)-1].Values))
	}
	if rows > maxQueueRows {
		q.input.fault(scenario.Place{File: "flag --vary"}, "", fmt.Sprintf("%d rows are too many", rows), fmt.Sprintf("allowed are %d", maxQueueRows), "")
	}
	if q.charts != "" && len(q.input.faults) == 0 && t.axes[0].quantity.Empty() {
		q.input.fault(scenario.Place{File: "flag --charts"}, "", "has nothing to draw over "+t.axes[0].Axis.Key, "allowed is --vary over a number, a rate, a time or a share", "")
	}
	if len(q.input.faults) > 0 {
		return q.input.faults
	}
	for row := range rows {
		in := q.input.clone()
		at := make([]int, len(t.axes))
		for i := len(t.axes) - 1; i >= 0; i-- {
			at[i] = row % len(t.axes[i].Values)
			row /= len(t.axes[i].Values)
			t.axes[i].put(in, at[i])
		}
		a, err := askQueue(ctx, in)
		if err != nil {
			return q.worded(err)
		}
		a.rows = slices.DeleteFunc(a.rows, func(r queueRow) bool { // the axis says it
			return slices.ContainsFunc(t.axes, func(x queueAxis) bool { return x.key == r.key })
		})
		t.at, t.answers = append(t.at, at), append(t.answers, a)
	}
	if q.charts != "" {
		if err := t.bracket(ctx, q.input); err != nil {
			return q.worded(err)
		}
		if err := q.drawVaried(&t); err != nil {
			return err
		}
	}
	return answer(q.stdout, func(w io.Writer) error {
		switch {
		case q.json:
			return writeQueueJSON(w, t.object(q.input.model))
		case q.csv:
			return t.csv(w)
		}
		return t.text(w)
	})
}

func (t *queueTable) object(model string) queueObject {
	rows := []queueObject{}
	for i, a := range t.answers {
		o := queueObject{}
		for k, x := range t.axes {
			var value any = x.Values[t.at[i][k]]
			if x.quantity.Empty() {
				value = x.Texts[t.at[i][k]]
			}
			o = append(o, queueField{x.Axis.Key, value})
		}
		rows = append(rows, append(o, a.object()[1:]...))
	}
	return queueObject{{"model", model}, {"rows", rows}}
}

// csv has the varied flags first, in SI units, then every measure.
func (t *queueTable) csv(w io.Writer) error {
	var head []string
	for _, x := range t.axes {
		head = append(head, x.Axis.Key)
	}
	head = append(head, "status")
	columns := t.columns()
	head = append(head, columns...)
	var lines [][]string
	for i, a := range t.answers {
		var line []string
		for k, x := range t.axes {
			cell := strconv.FormatFloat(x.Values[t.at[i][k]], 'g', -1, 64)
			if x.quantity.Empty() {
				cell = x.Texts[t.at[i][k]]
			}
			line = append(line, cell)
		}
		line = append(line, a.status.String())
		for _, key := range columns {
			line = append(line, a.row(key).csvCell())
		}
		lines = append(lines, line)
	}
	return writeQueueCSV(w, head, lines)
}

// columns are the keys of all answers, in order: a saturated one has fewer.
func (t *queueTable) columns() []string {
	var keys []string
	seen := map[string]bool{}
	for _, a := range t.answers {
		for _, r := range a.rows {
			if !seen[r.key] {
				seen[r.key] = true
				keys = append(keys, r.key)
			}
		}
	}
	return keys
}

// row is the answer's measure of that key; what it lacks is blank.
func (a *queueAnswer) row(key string) queueRow {
	for _, r := range a.rows {
		if r.key == key {
			return r
		}
	}
	return queueRow{key: key, missing: true}
}

// text shows the measures that matter most, as many as fit, one unit a column.
func (t *queueTable) text(w io.Writer) error {
	cells := make([][]string, len(t.answers)+1)
	add := func(title, unit string, column []string) {
		if unit != "" {
			title += " (" + unit + ")"
		}
		for i, cell := range append([]string{title}, column...) {
			cells[i] = append(cells[i], cell)
		}
	}
	for k, x := range t.axes {
		column := make([]string, len(t.answers))
		for i := range t.answers {
			column[i] = x.show(x.Values[t.at[i][k]])
			if x.quantity.Empty() {
				column[i] = x.Texts[t.at[i][k]]
			}
		}
		add(x.Axis.Key, "", column)
	}
	status := make([]string, len(t.answers))
	for i, a := range t.answers {
		status[i] = a.status.String()
	}
	for _, key := range t.shown() {
		unit, column := t.column(key)
		add(strings.TrimSuffix(strings.TrimSuffix(key, "_per_s"), "_s"), unit, column)
		if widthOf(cells)+2+len("saturated") > 100 {
			for i, line := range cells {
				cells[i] = line[:len(line)-1]
			}
		}
	}
	add("status", "", status)
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n", t.answers[0].spec.name, t.answers[0].spec.line)
	layOut(&b, cells, true)
	_, err := io.WriteString(w, b.String())
	return err
}

// mostInOneUnit is the largest ratio of the times of a column that share a unit.
const mostInOneUnit = 1e4

// column shows one measure of every row in the unit of its largest value; times
// that are too unlike have each a unit of its own.
func (t *queueTable) column(key string) (unit string, cells []string) {
	largest, least := 0.0, math.Inf(1)
	for _, a := range t.answers {
		if v := a.row(key).value; !math.IsInf(v, 0) && v > 0 {
			largest, least = math.Max(largest, v), math.Min(least, v)
		}
	}
	apart := strings.HasSuffix(key, "_s") && !strings.HasSuffix(key, "_per_s") && largest > mostInOneUnit*least
	scale := 1.0
	switch {
	case strings.HasSuffix(key, "_per_s"):
		unit = "1/s"
	case apart:
	case strings.HasSuffix(key, "_s"):
		unit, scale = timeUnit(largest)
	case isProbability(key):
		unit, scale = "%", 0.01
	}
	for _, a := range t.answers {
		r := a.row(key)
		switch {
		case r.missing || r.text != "":
			cells = append(cells, r.text)
		case apart:
			cells = append(cells, r.showTo(4))
		case math.IsInf(r.value, 0):
			cells = append(cells, r.show())
		default:
			cells = append(cells, strconv.FormatFloat(r.value/scale, 'g', 5, 64))
		}
	}
	return unit, cells
}

// show writes a value of the axis for people.
func (x *queueAxis) show(v float64) string {
	switch {
	case x.quantity.IsTime():
		return timeWords(v)
	case x.quantity.IsRate():
		return digits(v) + "/s"
	default:
		return digits(v)
	}
}

// shown are the columns of the text table.
func (t *queueTable) shown() []string {
	room := 7 - len(t.axes)
	var keys []string
	there := map[string]bool{}
	for _, key := range t.columns() {
		there[key] = true
	}
	for _, key := range []string{"escape_s", "mean_drain_s", "mean_fill_s", "tipping_per_s", "goodput_per_s", "tipping_backlog", "fewest_servers", "fewest_zones", "p_unavailable", "nines", "down_a_year_s", "p_wait_over", "p_sojourn_over", "rho", "p_block", "p_abandon", "p_wait", "orbit", "lq", "wq_s", "wq_p99_s", "w_s", "l", "throughput_per_s"} {
		if there[key] && len(keys) < room {
			keys = append(keys, key)
		}
	}
	return keys
}

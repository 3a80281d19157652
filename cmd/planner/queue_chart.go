package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"singlelane/plots"
	"singlelane/queueing/steady"
)

// drawVaried writes the hockey stick: the measure that matters most over the
// varied flag, with the saturated part marked.
func (q *queueConfig) drawVaried(t *queueTable) error {
	chart := t.chart()
	if chart == nil {
		return usageErrorf("vary a number, a rate or a time", "--charts has nothing to draw over %s", t.axes[0].Axis.Key)
	}
	chart.Wear(q.dress().Theme)
	var b bytes.Buffer
	if err := chart.Save(&b, plots.Format(q.format)); err != nil {
		return fmt.Errorf("drawing the chart: %w", err)
	}
	name := filepath.Join(q.charts, "queue-"+q.input.model+"."+q.format)
	return writeFiles(q.force, outputFile{name, b.Bytes()})
}

// drawn is the measure of the chart: the wait, or what stands for it.
func (t *queueTable) drawn() string {
	there := map[string]bool{}
	for _, key := range t.columns() {
		there[key] = true
	}
	for _, key := range []string{"escape_s", "fewest_servers", "fewest_zones", "nines", "p_wait_over", "p_sojourn_over", "wq_s", "p_block", "w_s"} {
		if there[key] {
			return key
		}
	}
	return "l"
}

func (t *queueTable) chart() *plots.Sweep {
	axis, key := t.axes[0], t.drawn()
	model := t.answers[0].spec
	x := plots.Axis{Title: axis.Axis.Key, Log: t.logarithmic(), Whole: axis.quantity.IsWhole()}
	switch {
	case axis.quantity.IsTime():
		x.Quantity = plots.Time
	case axis.quantity.IsRate():
		x.Title += " (1/s)"
	}
	y := plots.Axis{Title: drawnLabel(key)}
	switch {
	case isProbability(key):
		y.Quantity = plots.Share
	case timed(key):
		y.Quantity = plots.Time
	}
	if key == "escape_s" { // one request more in the lane may make it twice as long
		y.Log, y.Decades = true, 300
	}
	s := plots.SweepSeries{Design: model.name}
	for i, a := range t.answers {
		at := axis.Values[t.at[i][0]]
		p := plots.Point{X: at, Y: a.row(key).value}
		if a.status == steady.Saturated {
			p.Y = math.Inf(1)
		}
		s.Line = append(s.Line, p)
	}
	t.markSaturation(&s)
	return &plots.Sweep{
		Current: t.tipping(),
		Frame:   plots.Frame{Title: t.finding(key, s), Subtitle: model.line, Footer: "planner queue " + model.name + ", planner " + version},
		X:       x, Y: y, Series: []plots.SweepSeries{s},
	}
}

// timed tells whether the drawn measure is a time.
func timed(key string) bool { return key == "w_s" || key == "wq_s" || key == "escape_s" }

// tipping is the mark of the tipping load where it lies among the arrivals.
func (t *queueTable) tipping() []plots.Marked {
	values := t.axes[0].Axis.Values
	load := t.answers[0].row("tipping_per_s")
	if t.axes[0].Axis.Key != "arrivals" || load.missing || load.value < slices.Min(values) || load.value > slices.Max(values) {
		return nil
	}
	return []plots.Marked{{Label: "tipping load", Value: load.value}}
}

// drawnLabel is a measure in words that stand by themselves.
func drawnLabel(key string) string {
	switch key {
	case "p_wait_over":
		return "probability of waiting longer than asked"
	case "p_sojourn_over":
		return "probability of taking longer than asked"
	}
	return queueLabels[key]
}

// finding says where the measure grows without bound, or else what it is at the
// first and the last of the values that have it.
func (t *queueTable) finding(key string, s plots.SweepSeries) string {
	axis, what := t.axes[0], capital(drawnLabel(key))
	if s.Saturates {
		return fmt.Sprintf("%s grows without bound near %s = %s", what, axis.Axis.Key, axis.show(s.SaturatesAt))
	}
	var ends []string
	for i, a := range t.answers {
		if r := a.row(key); a.status != steady.Saturated && !r.missing {
			shown := r.showTo(3)
			if timed(key) { // as on the axis
				shown = plots.Duration(r.value)
			}
			ends = append(ends, fmt.Sprintf("%s at %s = %s", shown, axis.Axis.Key, axis.show(axis.Values[t.at[i][0]])))
		}
	}
	switch n := len(ends); n {
	case 0:
		return fmt.Sprintf("%s of %s by %s", what, s.Design, axis.Axis.Key)
	case 1:
		return what + ": " + ends[0]
	default:
		return what + ": " + ends[0] + ", " + ends[n-1]
	}
}

// markSaturation says from where on nothing is stable.
func (t *queueTable) markSaturation(s *plots.SweepSeries) {
	s.Saturates, s.SaturatesAt = t.limit > 0, t.limit
}

// bracket finds the value of a single axis from which on nothing is stable: the
// sustainable rate when arrivals are varied, else by halving the step to the first value that is saturated after stable ones, to the
// least whole number where whole numbers count.
func (t *queueTable) bracket(ctx context.Context, in *queueInput) error {
	x := &t.axes[0]
	for i, a := range t.answers {
		if a.status != steady.Saturated || i == 0 || t.answers[i-1].status == steady.Saturated {
			continue
		}
		if most := a.row("largest_sustainable_rate_per_s"); x.Axis.Key == "arrivals" && most.value > 0 {
			t.limit = most.value
			continue
		}
		stable, full := x.Values[t.at[i-1][0]], x.Values[t.at[i][0]]
		for math.Abs(full-stable) > 1e-9*math.Abs(full) && !(x.quantity.IsWhole() && math.Abs(full-stable) <= 1) {
			mid := (stable + full) / 2
			if x.quantity.IsWhole() {
				mid = math.Trunc(mid)
			}
			between := in.clone()
			x.set(between, x.quantity.Format(mid))
			a, err := askQueue(ctx, between)
			if err != nil {
				return err
			}
			if a.status == steady.Saturated {
				full = mid
			} else {
				stable = mid
			}
		}
		t.limit = full
	}
	return nil
}

// logarithmic tells whether the values grow by a factor rather than a step.
func (t *queueTable) logarithmic() bool {
	v := t.axes[0].Values
	if len(v) < 3 || v[0] <= 0 || v[len(v)-1] < 20*v[0] {
		return false
	}
	first, last := v[1]/v[0], v[len(v)-1]/v[len(v)-2]
	return math.Abs(first/last-1) < 0.05
}

// capital begins a sentence.
func capital(text string) string {
	if text == "" {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}

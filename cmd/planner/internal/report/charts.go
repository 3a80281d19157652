package report

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// Chart is a picture ready to be written.
type Chart struct {
	Name string // file name with its extension
	Data []byte
	Alt  string // what it shows, in words
}

// drawing is what every chart of package plots can do.
type drawing interface {
	Save(w io.Writer, f plots.Format) error
	AltText() string
	Wear(t plots.Theme)
}

// Look is how charts are drawn: the format of their files, png, svg or pdf,
// and their theme.
type Look struct {
	Format string
	Theme  plots.Theme
}

// draw makes a file of a chart.
func (l Look) draw(name string, d drawing) (Chart, error) {
	d.Wear(l.Theme)
	var b bytes.Buffer
	if err := d.Save(&b, plots.Format(l.Format)); err != nil {
		return Chart{}, fmt.Errorf("drawing %s: %w", name, err)
	}
	return Chart{name, b.Bytes(), d.AltText()}, nil
}

// drawAll makes files of charts, leaving out those that are nil.
func (l Look) drawAll(names []string, drawings []drawing) ([]Chart, error) {
	var all []Chart
	for i, d := range drawings {
		if d == nil {
			continue
		}
		c, err := l.draw(names[i], d)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, nil
}

// ChartNames lists the files that [Charts] makes.
func ChartNames(format string) []string {
	return []string{"backlog." + format, "drain." + format, "waits." + format}
}

// Charts draws the result of a run whose curves were recorded.
func Charts(r *study.Result, version string, look Look) ([]Chart, error) {
	return look.drawAll(ChartNames(look.Format), []drawing{backlogChart(r, version), drainChart(r, version), waitsChart(r, version)})
}

func frame(r *study.Result, version, title, subtitle string) plots.Frame {
	return plots.Frame{Title: title, Subtitle: subtitle,
		Footer: fmt.Sprintf("%s | seed %d | %s and %s followed per design | planner %s",
			r.Name, r.Seed, counted(r.Replications, "drain time"), counted(r.Paths, "storm"), version)}
}

// finding is the verdict over all designs in one line.
func finding(r *study.Result) string {
	meets, open := 0, ""
	for i := range r.Designs {
		switch mark, _ := verdict(&r.Designs[i]); mark {
		case "meets":
			meets++
		case "may meet":
			open = "; it is open whether more do"
		}
	}
	target := fmt.Sprintf("within %s in %s of storms", Duration(r.Objective.Within), percent(r.Objective.Confidence))
	switch {
	case len(r.Designs) == 1:
		return r.Designs[0].Name + ": " + drainedBy(&r.Designs[0], r.Objective)
	case meets == 0 && open != "":
		return fmt.Sprintf("None of %d designs is shown to drain %s", len(r.Designs), target)
	case meets == 0:
		return fmt.Sprintf("None of %d designs drains %s", len(r.Designs), target)
	case meets == 2 && len(r.Designs) == 2:
		return "Both designs drain " + target
	case meets == len(r.Designs):
		return fmt.Sprintf("All %d designs drain %s", meets, target)
	}
	return fmt.Sprintf("%d of %d designs %s %s%s", meets, len(r.Designs), map[bool]string{true: "drains", false: "drain"}[meets == 1], target, open)
}

// drainedBy is the finding of one design.
func drainedBy(a *study.Answer, o study.Objective) string {
	if a.Status == study.Never {
		return "never drains"
	}
	late := a.Judged().Late.Value
	if math.IsInf(late, 1) {
		return reached(late, o)
	}
	return percent(o.Confidence) + " drained by " + Duration(late)
}

// neverNote says in a panel why there is nothing to draw.
func neverNote(a *study.Answer) string {
	return fmt.Sprintf("never drains: %s/s arrive, the region sustains less than %s/s",
		significant(a.LongRun), significant(a.LargestSustainable))
}

func backlogChart(r *study.Result, version string) *plots.Backlog {
	c := &plots.Backlog{Frame: frame(r, version, backlogFinding(r), "Requests in the lanes: median, middle 50, 90 and 99 % of the storms"+meanFieldOf(r))}
	for i := range r.Designs {
		a := &r.Designs[i]
		p := plots.BacklogPanel{Design: a.Name}
		if v := a.Curves; v == nil {
			p.Note = neverNote(a)
		} else {
			p.Finding, p.Times, p.Median = drainedBy(a, r.Objective), v.Times, v.Backlog.P50
			p.Bands = []plots.Band{{Share: 0.5, Lo: v.Backlog.P25, Hi: v.Backlog.P75}, {Share: 0.9, Lo: v.Backlog.P5, Hi: v.Backlog.P95},
				{Share: 0.99, Lo: v.Backlog.P0_5, Hi: v.Backlog.P99_5}}
			p.Fluid, p.Markers = points(v.Times, v.Fluid), markers(a, r.Objective)
		}
		c.Panels = append(c.Panels, p)
	}
	return c
}

// meanFieldOf says for which designs the chart of the backlog has the mean field.
func meanFieldOf(r *study.Result) string {
	has, drawn := 0, 0
	for i := range r.Designs {
		if v := r.Designs[i].Curves; v != nil {
			drawn++
			if v.Fluid != nil {
				has++
			}
		}
	}
	switch has {
	case 0:
		return ""
	case drawn:
		return ", and the mean field"
	}
	return ", and the mean field where it applies"
}

// points pairs x with y; none without y.
func points(x, y []float64) []plots.Point {
	all := make([]plots.Point, len(y))
	for i := range y {
		all[i] = plots.Point{X: x[i], Y: y[i]}
	}
	return all
}

func markers(a *study.Answer, o study.Objective) []plots.Marker {
	all := []plots.Marker{{Kind: plots.Objective, At: o.Within}, {Kind: plots.DrainTime, At: a.Judged().P99.Value, Label: "P99"}}
	if a.OverloadEnds > 0 {
		all = append(all, plots.Marker{Kind: plots.OverloadEnds, At: a.OverloadEnds})
	}
	return all
}

func drainChart(r *study.Result, version string) *plots.Drain {
	c := &plots.Drain{Frame: frame(r, version, drainFinding(r), "Share of the storms drained by a time"+lawsShown(r)),
		Objective: r.Objective.Within, Confidence: r.Objective.Confidence}
	for i := range r.Designs {
		a := &r.Designs[i]
		s := plots.DrainSeries{Design: a.Name, Never: a.Status == study.Never}
		if !s.Never {
			s.Note = "P99 " + Duration(a.Judged().P99.Value)
			s.Theory = line(a.Curve)
			s.Simulated = simulatedPoints(a.Steps)
			s.Approximate = a.Judged() != a.Drain
			s.Said = fmt.Sprintf("%s, and the chance of missing the objective is %s", halfBy(a.Judged()), risk(a.Judged()))
			if math.IsInf(a.Judged().P99.Value, 1) {
				s.Note = "P99 beyond the time simulated"
			}
		}
		c.Series = append(c.Series, s)
	}
	return c
}

// halfBy says when half of the storms have drained.
func halfBy(l *study.Law) string {
	if math.IsInf(l.P50.Value, 1) {
		return "fewer than half drain in the time simulated"
	}
	return "half drained by " + Duration(l.P50.Value)
}

// lawsShown says what the marks of a distribution are.
func lawsShown(r *study.Result) string {
	switch byTheory, simulated := laws(r); {
	case byTheory > 0 && simulated > 0:
		return ": lines are theory, points with bars simulation"
	case simulated > 0:
		return ", by simulation"
	case byTheory > 0:
		return ", by theory"
	}
	return ""
}

// laws counts the designs whose distribution is drawn by theory, and by
// simulation.
func laws(r *study.Result) (byTheory, simulated int) {
	for i := range r.Designs {
		if len(r.Designs[i].Curve) > 0 {
			byTheory++
		}
		if len(r.Designs[i].Steps) > 0 {
			simulated++
		}
	}
	return byTheory, simulated
}

func line(all []study.Point) []plots.Point {
	var to []plots.Point
	for _, p := range all {
		to = append(to, plots.Point(p))
	}
	return to
}

func simulatedPoints(all []study.Step) []plots.Estimated {
	var to []plots.Estimated
	for _, p := range all {
		to = append(to, plots.Estimated{X: p.At, Y: p.Share.Value, Lo: p.Share.Lo, Hi: p.Share.Hi})
	}
	return to
}

// unserved explains lines that leave the chart of the waits at its top.
func unserved(r *study.Result) string {
	for i := range r.Designs {
		if v := r.Designs[i].Curves; v != nil && (slices.Contains(v.Wait.P50, math.Inf(1)) || slices.Contains(v.Wait.P99, math.Inf(1))) {
			return "; a line that leaves at the top: no service at all"
		}
	}
	return ""
}

func waitsChart(r *study.Result, version string) *plots.Waits {
	c := &plots.Waits{Frame: frame(r, version, waitsFinding(r), "What a request that arrives at a time waits until its service begins: median and P99 of the storms"+unserved(r))}
	for i := range r.Designs {
		a := &r.Designs[i]
		p := plots.WaitsPanel{Design: a.Name}
		if v := a.Curves; v == nil {
			p.Note = neverNote(a)
		} else {
			p.Finding = "longest wait " + Duration(a.LongestWait.P99.Value)
			if slices.ContainsFunc(v.Wait.P50, func(x float64) bool { return !math.IsInf(x, 1) }) {
				p.Times, p.Markers = v.Times, markers(a, r.Objective)
				p.Streams = []plots.WaitSeries{{Median: v.Wait.P50, P99: v.Wait.P99}}
			} else {
				p.Finding, p.Note = "", "at no time is half of the requests served: they give up, after "+Duration(a.LongestWait.P99.Value)+" at the longest"
			}
		}
		c.Panels = append(c.Panels, p)
	}
	return c
}

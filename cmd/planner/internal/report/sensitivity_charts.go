package report

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"singlelane/cmd/planner/internal/study"
	"singlelane/plots"
)

// TornadoNames lists the files that [TornadoCharts] makes for designs of
// these names, at most; a tornado on P99 is left out where the middle never
// drains.
func TornadoNames(designs []string, format string) []string {
	var all []string
	for i := range designs {
		for _, m := range []study.Metric{study.P99, study.Breach} {
			all = append(all, tornadoName(designs, i, m, format))
		}
	}
	return all
}

// tornadoName has the design's name only where there are several, made fit for
// a file.
func tornadoName(designs []string, i int, m study.Metric, format string) string {
	if len(designs) == 1 {
		return fmt.Sprintf("tornado-%s.%s", m, format)
	}
	return fmt.Sprintf("tornado-%s-%d-%s.%s", m, i+1, fileWord(designs[i]), format)
}

// fileWord is a name made fit for that of a file.
func fileWord(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return '-'
	}, name)
}

// TornadoCharts draws each design's tornado on P99 and on P(breach).
func TornadoCharts(s *study.Sensitivity, version string, look Look) ([]Chart, error) {
	names := make([]string, len(s.Designs))
	for i := range s.Designs {
		names[i] = s.Designs[i].Design
	}
	var all []drawing
	for i := range s.Designs {
		for _, m := range []study.Metric{study.P99, study.Breach} {
			if t := TornadoChart(s, i, m, version); t != nil {
				all = append(all, t)
			} else {
				all = append(all, nil)
			}
		}
	}
	return look.drawAll(TornadoNames(names, look.Format), all)
}

// TornadoChart is one design's tornado on P99 or P(breach); nil on P99 where
// the middle never drains.
func TornadoChart(s *study.Sensitivity, design int, m study.Metric, version string) *plots.Tornado {
	d := &s.Designs[design]
	t := &plots.Tornado{Base: m.Of(&d.Middle).Value, Objective: s.Objective.Within, Answer: plots.Axis{Title: "P99 of the drain time", Quantity: plots.Time}}
	if m == study.Breach {
		t.Objective, t.Answer = s.Objective.Risk(), plots.Axis{Title: fmt.Sprintf("P(T > %s)", Duration(s.Objective.Within)), Quantity: plots.Share}
	}
	if math.IsInf(t.Base, 1) {
		return nil
	}
	t.Frame = plots.Frame{Title: tornadoFinding(d, m), Subtitle: d.Design + ": each input over its 90 % range, the others at their middle",
		Footer: fmt.Sprintf("%s | seed %d | planner %s", s.Name, s.Seed, version)}
	for i, in := range d.Inputs {
		ends := d.Bars[i].P99
		if m == study.Breach {
			ends = d.Bars[i].Breach
		}
		t.Bars = append(t.Bars, plots.TornadoBar{Input: in.Key, Low: amount(in, in.Low), High: amount(in, in.High), AtLow: ends[0].Value, AtHigh: ends[1].Value})
	}
	return t
}

// tornadoFinding names the input that moves the answer the most.
func tornadoFinding(d *study.DesignSensitivity, m study.Metric) string {
	widest := 0
	for i, b := range d.Bars {
		if b.Swing(m) > d.Bars[widest].Swing(m) {
			widest = i
		}
	}
	b, show, what := d.Bars[widest], func(x float64) string { return Duration(x) }, "the P99"
	ends := b.P99
	if m == study.Breach {
		ends, show, what = b.Breach, percent, "the chance of missing the objective"
	}
	return fmt.Sprintf("%s alone moves %s from %s to %s", d.Inputs[widest].Key, what, show(ends[0].Value), show(ends[1].Value))
}

package plots

import (
	"fmt"
	"io"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Fitted shows what was measured as a histogram and what was fitted to it as
// lines: the arrival rate over time with the surge, or service times with the
// laws that competed.
type Fitted struct {
	Frame
	XTitle string    // what the horizontal axis is, in words; its unit is added
	YTitle string    // the same of the vertical axis
	What   string    // of the alternative text, as "Arrivals a second over time"
	Edges  []float64 // s, increasing, one more than Bars
	Bars   []float64 // the value measured between two edges
	Lines  []FittedLine
	Events []Marked // instants in s, as the beginning of the incident
}

// FittedLine is a model: its value at times in s.
type FittedLine struct {
	Name, Note string
	Points     []Point
}

// Save writes the chart.
func (f Fitted) Save(w io.Writer, format Format) error { return save(w, format, f) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (f Fitted) Caption() string { return caption(f) }

// AltText says what the chart shows, with its numbers.
func (f Fitted) AltText() string {
	var s strings.Builder
	s.WriteString(opening(f.Frame, f.What))
	if len(f.Bars) > 0 {
		i := argMax(f.Bars)
		fmt.Fprintf(&s, " %s", sentence(fmt.Sprintf("measured in %d intervals from %s to %s, at most %s from %s on",
			len(f.Bars), Duration(f.Edges[0]), Duration(f.Edges[len(f.Bars)]), Count(f.Bars[i]), Duration(f.Edges[i]))))
	}
	for i, l := range f.Lines {
		words := "no data"
		if len(l.Points) > 0 {
			q := l.Points[argMax(mapped(l.Points, func(q Point) float64 { return q.Y }))]
			words = fmt.Sprintf("at most %s at %s", Count(q.Y), Duration(q.X))
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, l.Name), sentence(words, l.Note))
	}
	for _, m := range f.Events {
		s.WriteString(" " + sentence(oneLine(m.Label)+" at "+Duration(m.Value)))
	}
	return s.String()
}

func (f Fitted) names() []string {
	return mapped(f.Lines, func(l FittedLine) string { return l.Name })
}

func (f Fitted) check() error {
	if len(f.Bars) == 0 {
		return ErrEmpty
	}
	if len(f.Edges) != len(f.Bars)+1 {
		return &LengthError{"Edges", len(f.Edges), len(f.Bars) + 1}
	}
	err := firstError(checkTimes("Edges", f.Edges), checkSeries("Bars", f.Bars, len(f.Bars)), checkNumber("Edges[0]", f.Edges[0], 0, math.MaxFloat64))
	for i, v := range f.Bars {
		err = firstError(err, checkFinite(fmt.Sprintf("Bars[%d]", i), v))
	}
	for i, l := range f.Lines {
		err = firstError(err, checkCurve(fmt.Sprintf("Lines[%d].Points", i), l.Points, 0, math.MaxFloat64))
	}
	for i, m := range f.Events {
		err = firstError(err, checkNumber(fmt.Sprintf("Events[%d].Value", i), m.Value, 0, math.MaxFloat64))
	}
	return err
}

func (f Fitted) arrange(sh *sheet) content {
	lo, hi := f.Edges[0], f.Edges[len(f.Edges)-1]
	if lo < 0.4*hi {
		lo = 0
	}
	k := keyedCurves{sheet: sh, yTitle: f.YTitle, backdrop: f.bars,
		guides: legend{{"measured", areaSign(sh.bandColour(0.9))}}}
	for _, m := range f.Events {
		k.tags = append(k.tags, tag{sh.targetLine(), m.Label, Duration(m.Value), m.Value})
	}
	k.x = func(length vg.Length) (scale, string) {
		x, unit := timeScale(lo, hi, length, sh.tick, false)
		return x, f.XTitle + " (" + unit + ")"
	}
	k.y = func(r room) scale { return countScale(0, 1.05*f.top(), r) }
	for i, l := range f.Lines {
		k.add(i, l.Name, l.Note, l.Points, nil)
	}
	return k.content()
}

// top is the largest bar, or line where that is not a pole far above them.
func (f Fitted) top() float64 {
	bars := f.Bars[argMax(f.Bars)]
	top := bars
	for _, l := range f.Lines {
		for _, q := range l.Points {
			top = math.Max(top, math.Min(q.Y, 1.5*bars))
		}
	}
	if top == 0 {
		return 1
	}
	return top
}

// bars fills the measured values; neighbours share an edge.
func (f Fitted) bars(p *panel) {
	colour := p.bandColour(0.9)
	for i, v := range f.Bars {
		left, right := p.pt(f.Edges[i], 0), p.pt(f.Edges[i+1], math.Min(v, p.y.max))
		if v > 0 {
			p.fillIn(p.area, colour, []vg.Point{left, {X: left.X, Y: right.Y}, right, {X: right.X, Y: left.Y}})
		}
	}
}

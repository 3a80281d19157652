package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Tornado shows how far the answer moves when each uncertain input alone goes
// from the low to the high end of its range, the one that matters most on top:
// that is the one to measure first.
type Tornado struct {
	Frame
	Answer    Axis    // what is answered, as {"P99 of the drain time", Time, false}
	Base      float64 // the answer with all inputs at their middle
	Objective float64 // a level of the answer that should not be passed; 0: none
	Bars      []TornadoBar
}

// TornadoBar is one input; answers may be +Inf.
type TornadoBar struct {
	Input         string
	Low, High     string  // the ends of its range in words, as "3,000" and "8,000"
	AtLow, AtHigh float64 // the answer there
}

// Save writes the chart.
func (t Tornado) Save(w io.Writer, f Format) error { return save(w, f, t) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (t Tornado) Caption() string { return caption(t) }

// AltText says what the chart shows, with its numbers.
func (t Tornado) AltText() string {
	var s strings.Builder
	q := t.Answer.Quantity
	s.WriteString(opening(t.Frame, fmt.Sprintf("%s by input; %s with all inputs in the middle", t.Answer.Title, q.format(t.Base))))
	for _, i := range t.order() {
		b := t.Bars[i]
		fmt.Fprintf(&s, " %s: %s", spoken(i, b.Input), sentence(fmt.Sprintf("%s at %s, %s at %s",
			q.format(b.AtLow), oneLine(b.Low), q.format(b.AtHigh), oneLine(b.High))))
	}
	return s.String()
}

// order sorts the bars by how far they reach, the furthest first.
func (t Tornado) order() []int {
	idx := make([]int, len(t.Bars))
	for i := range idx {
		idx[i] = i
	}
	swing := func(i int) float64 {
		b := t.Bars[i]
		if math.IsInf(b.AtLow, 1) && math.IsInf(b.AtHigh, 1) {
			return math.MaxFloat64
		}
		return math.Abs(b.AtHigh - b.AtLow)
	}
	slices.SortStableFunc(idx, func(a, b int) int { return compare(swing(b), swing(a)) })
	return idx
}

func (t Tornado) names() []string {
	return mapped(t.Bars, func(b TornadoBar) string { return b.Input })
}

func (t Tornado) check() error {
	if len(t.Bars) == 0 {
		return ErrEmpty
	}
	err := firstError(t.Answer.check("Answer"), checkNumber("Base", t.Base, 0, math.MaxFloat64),
		checkNumber("Objective", t.Objective, 0, math.MaxFloat64))
	for i, b := range t.Bars {
		at := fmt.Sprintf("Bars[%d]", i)
		err = firstError(err, checkNumber(at+".AtLow", b.AtLow, 0, math.Inf(1)), checkNumber(at+".AtHigh", b.AtHigh, 0, math.Inf(1)))
	}
	return err
}

func (t Tornado) arrange(sh *sheet) content {
	answer := t.Answer
	answer.Title = sh.prose(answer.Title)
	rows := rowChart{sheet: sh, x: func(length vg.Length) (scale, string) {
		lo, hi, _ := answer.span(t.values()...)
		pad := 0.04 * (hi - lo)
		if answer.Log {
			return answer.scale(lo/1.1, hi*1.1, sh.across(length))
		}
		return answer.scale(math.Max(0, lo-pad), hi+pad, sh.across(length))
	}}
	base := answer.Quantity.format(t.Base)
	rows.tags = []tag{{sh.line(sh.muted, sh.thin), "all in the middle " + base, base, t.Base}}
	if t.Objective > 0 {
		limit := answer.Quantity.format(t.Objective)
		rows.tags = append(rows.tags, tag{sh.line(sh.alarm, 1.2*sh.thin), "objective " + limit, limit, t.Objective})
	}
	for _, i := range t.order() {
		b := t.Bars[i]
		rows.add(i, b.Input, sh.prose(b.Low)+" to "+sh.prose(b.High), func(p *panel, y vg.Length) { t.drawBar(p, y, b) })
	}
	return rows.content(legend{
		{"low end of the input", areaSign(sh.lowColour())},
		{"high end of the input", areaSign(sh.accent)},
	})
}

func (s *style) lowColour() color.RGBA { return mix(s.accent, s.ground, 0.6) }

func (t Tornado) values() []float64 {
	vs := []float64{t.Base}
	for _, b := range t.Bars {
		vs = append(vs, b.AtLow, b.AtHigh)
	}
	if t.Objective > 0 {
		vs = append(vs, t.Objective)
	}
	return vs
}

// drawBar draws the answer's way from the base to both ends.
func (t Tornado) drawBar(p *panel, y vg.Length, b TornadoBar) {
	half := 0.55 * p.label.Font.Size
	place := func(v float64) vg.Length {
		return p.area.Min.X + vg.Length(math.Min(math.Max(p.x.at(v), 0), 1))*p.area.Size().X
	}
	ends := []struct {
		v float64
		c color.RGBA
	}{{b.AtLow, p.lowColour()}, {b.AtHigh, p.accent}}
	reach := func(v float64) float64 { return math.Abs(v - t.Base) }
	if reach(b.AtLow) < reach(b.AtHigh) { // the longer first: both may lie on one side
		ends[0], ends[1] = ends[1], ends[0]
	}
	for _, e := range ends {
		from, to := place(t.Base), place(e.v)
		p.fillRect(e.c, vg.Rectangle{Min: vg.Point{X: min(from, to), Y: y - half}, Max: vg.Point{X: max(from, to), Y: y + half}})
		if math.IsInf(e.v, 1) {
			p.arrow(p.alarm, vg.Point{X: to, Y: y}, half)
		}
	}
	p.rule(p.line(p.muted, p.thin), vg.Point{X: place(t.Base), Y: y - 1.4*half}, vg.Point{X: place(t.Base), Y: y + 1.4*half})
}

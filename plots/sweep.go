package plots

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sweep shows an answer over one varied key, a line a design, and marks from
// where on a design is saturated: its lane can no longer drain.
type Sweep struct {
	Frame
	X, Y      Axis
	Objective float64 // a level of Y that should not be passed; 0: none
	Interval  float64 // confidence of the bars; 0: 0.95
	Current   []Marked
	Series    []SweepSeries
}

// SweepSeries is one design's answer over the varied key.
type SweepSeries struct {
	Design      string
	Line        []Point     // the key's value against the answer, +Inf where it never drains
	Simulated   []Estimated // may be nil; 13 of them are drawn
	Saturates   bool        // the lane cannot drain from SaturatesAt on
	SaturatesAt float64
	Note        string
}

// Marked is a value that is marked across a chart: the design as it is.
type Marked struct {
	Value float64
	Label string // as "today"
}

// Save writes the chart.
func (s Sweep) Save(w io.Writer, f Format) error { return save(w, f, s) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (s Sweep) Caption() string { return caption(s) }

// AltText says what the chart shows, with its numbers.
func (s Sweep) AltText() string {
	var out strings.Builder
	out.WriteString(opening(s.Frame, fmt.Sprintf("%s by %s", s.Y.Title, s.X.Title)))
	for i, q := range s.Series {
		fmt.Fprintf(&out, " %s: %s", spoken(i, q.Design), sentence(q.words(s.X.Quantity, s.Y.Quantity), q.saturation(s.X.Quantity), q.Note, s.beneath(i)))
	}
	return out.String()
}

// words gives the ends of the line.
func (q SweepSeries) words(x, y Quantity) string {
	pts := q.path()
	if len(pts) == 0 {
		return "no data"
	}
	a, b := pts[0], pts[len(pts)-1]
	return fmt.Sprintf("from %s at %s to %s at %s", y.format(a.Y), x.format(a.X), y.format(b.Y), x.format(b.X))
}

func (q SweepSeries) path() []Point {
	return keyedCurve{theory: q.Line, simulated: q.Simulated}.path()
}

func (q SweepSeries) saturation(x Quantity) string {
	if !q.Saturates {
		return ""
	}
	return "saturated from " + x.format(q.SaturatesAt)
}

func (s Sweep) names() []string {
	return mapped(s.Series, func(q SweepSeries) string { return q.Design })
}

func (s Sweep) check() error {
	if len(s.Series) == 0 {
		return ErrEmpty
	}
	err := firstError(s.X.check("X"), s.Y.check("Y"), checkNumber("Objective", s.Objective, 0, math.MaxFloat64),
		checkNumber("Interval", s.Interval, 0, 1))
	for i, m := range s.Current {
		err = firstError(err, checkFinite(fmt.Sprintf("Current[%d].Value", i), m.Value))
	}
	for i, q := range s.Series {
		at := fmt.Sprintf("Series[%d]", i)
		err = firstError(err, checkCurve(at+".Line", q.Line, 0, math.Inf(1)),
			checkEstimates(at+".Simulated", q.Simulated, 0, math.Inf(1)), checkFinite(at+".SaturatesAt", q.SaturatesAt),
			s.X.checkPositive(at, q.path()))
	}
	return err
}

// checkPositive refuses points that have no place on a logarithmic axis.
func (a Axis) checkPositive(at string, pts []Point) error {
	for i, p := range pts {
		if a.Log && p.X <= 0 {
			return &ValueError{fmt.Sprintf("%s.Line[%d].X", at, i), p.X, "more than 0 on a logarithmic axis"}
		}
	}
	return nil
}

func (s Sweep) arrange(sh *sheet) content { return s.curves(sh).content() }

// reaches tells whether the horizontal axis holds v.
func (s Sweep) reaches(v float64) bool {
	lo, hi, ok := s.X.span(s.xs()...)
	return ok && lo <= v && v <= hi
}

// curves are the lines with what they are held against.
func (s Sweep) curves(sh *sheet) *keyedCurves {
	x, y := s.X, s.Y
	x.Title, y.Title = sh.prose(x.Title), sh.prose(y.Title)
	k := &keyedCurves{sheet: sh, interval: s.Interval}
	k.x = func(length vg.Length) (scale, string) {
		lo, hi, _ := x.span(s.xs()...)
		return x.scale(lo, hi, sh.across(length))
	}
	k.y = func(r room) scale {
		lo, hi, _ := y.span(s.ys()...)
		lo, hi = y.fromZero(lo, hi)
		sc, _ := y.scale(lo, hi, r)
		return sc
	}
	lo, hi, _ := y.span(s.ys()...)
	_, k.yTitle = y.scale(lo, hi, sh.upright(10*sh.gap))
	if s.Objective > 0 {
		k.level = &level{s.Objective, "objective " + y.Quantity.format(s.Objective)}
	}
	for _, m := range s.Current {
		value := x.Quantity.format(m.Value)
		k.tags = append(k.tags, tag{sh.line(sh.muted, sh.thin, 3*sh.thin, 2*sh.thin), oneLine(m.Label) + " " + value, value, m.Value})
	}
	for i, q := range s.Series {
		line, simulated := s.drawn(q)
		k.add(i, q.Design, remarks(q.Note, s.beneath(i)), line, simulated)
		if q.Saturates {
			colour, _ := sh.category(i)
			value := x.Quantity.format(q.SaturatesAt)
			k.tags = append(k.tags, tag{sh.saturationLine(colour), "saturated from " + value, value, q.SaturatesAt})
		}
	}
	return k
}

// seen is where a value of a logarithmic axis with an objective is drawn: from a
// hundredth of the objective down at the lower edge, so that a line at 0 is seen.
func (s Sweep) seen(y float64) float64 {
	if !s.Y.Log {
		return y
	}
	return math.Max(y, s.Objective/100)
}

// drawn is a series with its values where they are seen.
func (s Sweep) drawn(q SweepSeries) (line []Point, simulated []Estimated) {
	line = mapped(q.Line, func(p Point) Point { return Point{p.X, s.seen(p.Y)} })
	simulated = mapped(q.Simulated, func(e Estimated) Estimated { return Estimated{e.X, s.seen(e.Y), s.seen(e.Lo), s.seen(e.Hi)} })
	return line, simulated
}

// beneath names the design whose line lies upon the i-th and hides it: the last of
// those with the very same points.
func (s Sweep) beneath(i int) string {
	for j := len(s.Series) - 1; j > i; j-- {
		if path := s.Series[i].path(); len(path) > 0 && slices.Equal(path, s.Series[j].path()) {
			return "the same line as " + spoken(j, s.Series[j].Design)
		}
	}
	return ""
}

func (s *style) saturationLine(c color.Color) draw.LineStyle {
	return s.line(c, s.thin, s.thin, 2*s.thin)
}

// remarks joins what is not empty.
func remarks(parts ...string) string { return strings.TrimSuffix(sentence(parts...), ".") }

// xs are the values that the horizontal axis has to hold.
func (s Sweep) xs() []float64 {
	var xs []float64
	for _, q := range s.Series {
		for _, p := range q.path() {
			xs = append(xs, p.X)
		}
		if q.Saturates {
			xs = append(xs, q.SaturatesAt)
		}
	}
	for _, m := range s.Current {
		xs = append(xs, m.Value)
	}
	return xs
}

// ys are the values that the vertical axis has to hold. A line that grows
// without bound towards saturation is cut at three times the objective or, for
// want of one, at eight times its middle value. On a logarithmic axis nothing is
// cut above; below, see [Sweep.seen].
func (s Sweep) ys() []float64 {
	var ys []float64
	for _, q := range s.Series {
		for _, p := range q.path() {
			ys = append(ys, p.Y)
		}
	}
	if s.Objective > 0 {
		ys = append(ys, s.Objective)
	}
	if s.Objective > 0 && s.Y.Log {
		ys = append(ys, s.Objective/100)
	}
	if s.Y.Log {
		return mapped(ys, s.seen)
	}
	limit := 8 * middle(ys)
	if s.Objective > 0 {
		limit = math.Max(3*s.Objective, 2*middle(ys))
	}
	kept := ys[:0]
	for _, y := range ys {
		if y <= limit {
			kept = append(kept, y)
		}
	}
	return kept
}

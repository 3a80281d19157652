package plots

import (
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// HeatMap shows a value over two varied keys, such as P(breach) over relaunch
// rate and zones, with labelled contours (the risk budget) and the current
// design marked. Each cell reaches halfway to its neighbours.
type HeatMap struct {
	Frame
	X, Y     Axis
	Xs, Ys   []float64   // centres of the columns and rows, increasing
	Values   [][]float64 // Values[row][column], rows as Ys; +Inf is "never"
	Value    Axis        // what a value is; Log spreads the colours evenly over its decades
	Contours []Contour
	Current  []MarkedPoint
}

// Contour is a level at which a line is drawn. A label that is empty is the
// level itself.
type Contour struct {
	Level float64
	Label string
}

// MarkedPoint is a design marked on the plane.
type MarkedPoint struct {
	Point
	Label string
}

// Save writes the chart.
func (h HeatMap) Save(w io.Writer, f Format) error { return save(w, f, h) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (h HeatMap) Caption() string { return caption(h) }

// AltText says what the chart shows, with its numbers.
func (h HeatMap) AltText() string {
	if h.check() != nil {
		return opening(h.Frame, "A heat map without data")
	}
	lo, hi, ok := Axis{}.span(slices.Concat(h.Values...)...)
	words := fmt.Sprintf("%s by %s, %s to %s, and %s, %s to %s", h.Value.Title,
		h.X.Title, h.X.Quantity.format(h.Xs[0]), h.X.Quantity.format(h.Xs[len(h.Xs)-1]),
		h.Y.Title, h.Y.Quantity.format(h.Ys[0]), h.Y.Quantity.format(h.Ys[len(h.Ys)-1]))
	out := opening(h.Frame, words)
	if ok {
		out += " " + sentence(fmt.Sprintf("It goes from %s to %s", h.Value.Quantity.format(lo), h.Value.Quantity.format(hi)))
	}
	for _, c := range h.Contours {
		out += " " + sentence(fmt.Sprintf("%d of %d cells are above %s", h.above(c.Level), len(h.Xs)*len(h.Ys), h.Value.Quantity.format(c.Level)))
	}
	for _, m := range h.Current {
		out += " " + sentence(fmt.Sprintf("%s stands at %s and %s, with %s in the nearest cell", oneLine(m.Label),
			h.X.Quantity.format(m.X), h.Y.Quantity.format(m.Y), h.Value.Quantity.format(h.nearest(m.Point))))
	}
	return out
}

// above counts the cells above a level.
func (h HeatMap) above(level float64) int {
	n := 0
	for _, row := range h.Values {
		for _, v := range row {
			if v > level {
				n++
			}
		}
	}
	return n
}

// nearest is the value of the cell that holds p, or comes closest.
func (h HeatMap) nearest(p Point) float64 {
	return h.Values[closest(h.Ys, p.Y, h.Y.Log)][closest(h.Xs, p.X, h.X.Log)]
}

// closest is the index of the centre whose cell holds v.
func closest(centres []float64, v float64, log bool) int {
	edges := cellEdges(centres, log)
	for i := range centres {
		if v <= edges[i+1] {
			return i
		}
	}
	return len(centres) - 1
}

// valueRange is the range of the values that have a colour of their own.
func (h HeatMap) valueRange() (lo, hi float64, ok bool) {
	lo, hi, ok = h.Value.span(slices.Concat(h.Values...)...)
	if h.Value.Log {
		lo = math.Max(lo, hi*1e-4)
	}
	return lo, hi, ok
}

func (h HeatMap) names() []string {
	return mapped(h.Current, func(m MarkedPoint) string { return m.Label })
}

func (h HeatMap) check() error {
	if len(h.Xs) == 0 || len(h.Ys) == 0 {
		return ErrEmpty
	}
	if len(h.Values) != len(h.Ys) {
		return &LengthError{"Values", len(h.Values), len(h.Ys)}
	}
	err := firstError(h.X.check("X"), h.Y.check("Y"), h.Value.check("Value"),
		h.X.checkCentres("Xs", h.Xs), h.Y.checkCentres("Ys", h.Ys))
	for i, row := range h.Values {
		at := fmt.Sprintf("Values[%d]", i)
		if len(row) != len(h.Xs) {
			return firstError(err, &LengthError{at, len(row), len(h.Xs)})
		}
		err = firstError(err, checkAll(at, row, 0, math.Inf(1)))
	}
	for i, c := range h.Contours {
		err = firstError(err, checkNumber(fmt.Sprintf("Contours[%d].Level", i), c.Level, 0, math.MaxFloat64))
	}
	for i, m := range h.Current {
		at := fmt.Sprintf("Current[%d]", i)
		err = firstError(err, checkFinite(at+".X", m.X), checkFinite(at+".Y", m.Y))
	}
	return err
}

// checkCentres refuses centres that are not increasing or that a logarithmic
// axis cannot hold.
func (a Axis) checkCentres(field string, centres []float64) error {
	for i, c := range centres {
		at := fmt.Sprintf("%s[%d]", field, i)
		if err := checkFinite(at, c); err != nil {
			return err
		}
		if i > 0 && c <= centres[i-1] {
			return &ValueError{at, c, "values that increase"}
		}
		if a.Log && c <= 0 {
			return &ValueError{at, c, "more than 0 on a logarithmic axis"}
		}
	}
	return nil
}

// cellEdges are the borders of cells around centres: halfway between them, and
// as far beyond the outermost as on their inner side.
func cellEdges(centres []float64, log bool) []float64 {
	n := len(centres)
	if n == 1 {
		lo, hi := widen(centres[0], centres[0])
		return []float64{lo, hi}
	}
	half := func(a, b float64) float64 {
		if log {
			return math.Sqrt(a) * math.Sqrt(b)
		}
		return a + (b-a)/2
	}
	beyond := func(centre, inner float64) float64 {
		if log {
			return centre * (centre / inner)
		}
		return centre + (centre - inner)
	}
	edges := make([]float64, n+1)
	for i := 1; i < n; i++ {
		edges[i] = half(centres[i-1], centres[i])
	}
	edges[0], edges[n] = beyond(centres[0], edges[1]), beyond(centres[n-1], edges[n-1])
	return edges
}

func (h HeatMap) arrange(sh *sheet) content {
	data := 26 * sh.gap
	bar := 3.4 * sh.gap
	height := bar + sh.axisTitleHeight() + data + sh.xAxisHeight() + sh.axisTitleHeight()
	return content{legend: h.legend(sh), height: height, draw: func(area vg.Rectangle) {
		at := area
		at.Min.Y = at.Max.Y - bar
		h.drawKey(sh, at)
		area.Max.Y -= bar
		h.draw(sh, area)
	}}
}

// legend names the mark of the current design and the colour of never.
func (h HeatMap) legend(sh *sheet) legend {
	var l legend
	if h.above(math.MaxFloat64) > 0 {
		l = append(l, legendItem{"never drains", func(sh *sheet, r vg.Rectangle) { sh.crossed(r) }})
	}
	return l
}

// crossed draws a cell that never drains: grey, so that it is on no ramp, with
// a cross.
func (sh *sheet) crossed(r vg.Rectangle) {
	sh.fillRect(mix(sh.ground, sh.ink, 0.35), r)
	sty := sh.line(sh.ink, sh.hair)
	sh.rule(sty, r.Min, r.Max)
	sh.rule(sty, vg.Point{X: r.Min.X, Y: r.Max.Y}, vg.Point{X: r.Max.X, Y: r.Min.Y})
}

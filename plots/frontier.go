package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Frontier sets cost against risk: the designs that no other beats in both are
// joined, those that another beats are greyed.
type Frontier struct {
	Frame
	Cost, Risk Axis
	Budget     float64 // the risk that is allowed; 0: none
	Designs    []FrontierDesign
}

// FrontierDesign is one design; +Inf of either stands at the edge.
type FrontierDesign struct {
	Design string
	Cost   float64
	Risk   float64
	Said   string // the risk in words, where it is known better than its number shows; may be empty
}

// Save writes the chart.
func (f Frontier) Save(w io.Writer, format Format) error { return save(w, format, f) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (f Frontier) Caption() string { return caption(f) }

// AltText says what the chart shows, with its numbers.
func (f Frontier) AltText() string {
	var s strings.Builder
	s.WriteString(opening(f.Frame, f.Cost.Title+" against "+f.Risk.Title))
	for i, d := range f.Designs {
		words := fmt.Sprintf("cost %s, risk %s", f.Cost.Quantity.format(d.Cost), f.riskWords(d))
		other := ""
		if by := f.beatenBy(i); by >= 0 {
			other = "dominated by " + spoken(by, f.Designs[by].Design)
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, d.Design), sentence(words, other))
	}
	return s.String()
}

func (f Frontier) riskWords(d FrontierDesign) string {
	return cmp.Or(d.Said, f.Risk.Quantity.format(d.Risk))
}

// beatenBy is a design that costs and risks no more than the i-th, and less of
// one; -1 if there is none. Risks below the axis are alike.
func (f Frontier) beatenBy(i int) int {
	d, risk := f.Designs[i], f.told(f.Designs[i].Risk)
	for j, e := range f.Designs {
		if r := f.told(e.Risk); e.Cost <= d.Cost && r <= risk && (e.Cost < d.Cost || r < risk) {
			return j
		}
	}
	return -1
}

func (f Frontier) names() []string {
	return mapped(f.Designs, func(d FrontierDesign) string { return d.Design })
}

func (f Frontier) check() error {
	if len(f.Designs) == 0 {
		return ErrEmpty
	}
	err := firstError(f.Cost.check("Cost"), f.Risk.check("Risk"), checkNumber("Budget", f.Budget, 0, math.MaxFloat64))
	for i, d := range f.Designs {
		at := fmt.Sprintf("Designs[%d]", i)
		err = firstError(err, checkNumber(at+".Cost", d.Cost, 0, math.Inf(1)), checkNumber(at+".Risk", d.Risk, 0, math.Inf(1)))
	}
	return err
}

func (f Frontier) arrange(sh *sheet) content {
	data := 24 * sh.gap
	height := sh.axisTitleHeight() + data + sh.xAxisHeight() + sh.axisTitleHeight()
	return content{legend: f.legend(sh), height: height, draw: func(area vg.Rectangle) { f.draw(sh, area) }}
}

func (f Frontier) legend(sh *sheet) legend {
	l := legend{{"no design beats it in cost and risk", func(sh *sheet, r vg.Rectangle) { sh.dot(sh.accent, middleOf(r), 2*sh.stroke) }}}
	for i := range f.Designs {
		if f.beatenBy(i) >= 0 {
			l = append(l, legendItem{"dominated", func(sh *sheet, r vg.Rectangle) { sh.ring(sh.faded(), middleOf(r), 2*sh.stroke) }})
			break
		}
	}
	if f.Budget > 0 {
		l = append(l, legendItem{"risk budget " + f.Risk.Quantity.format(f.Budget), lineSign(sh.targetLine())})
	}
	return l
}

func (s *style) faded() color.RGBA { return mix(s.ground, s.ink, 0.45) }

// farBelow is the share of the risk budget below which risks need not be told
// apart.
const farBelow = 1e-5

// told is a risk as far as it is told from others: a logarithmic axis does not
// go further down.
func (f Frontier) told(risk float64) float64 {
	if f.Risk.Log {
		return math.Max(risk, f.Budget*farBelow)
	}
	return risk
}

// scales are the two axes for a panel.
func (f Frontier) scales(p *panel) (xTitle, yTitle string) {
	cost, risk := f.Cost, f.Risk
	cost.Title, risk.Title = p.prose(cost.Title), p.prose(risk.Title)
	costs := mapped(f.Designs, func(d FrontierDesign) float64 { return d.Cost })
	risks := mapped(f.Designs, func(d FrontierDesign) float64 { return d.Risk })
	if f.Budget > 0 {
		risks = append(risks, f.Budget)
	}
	lo, hi, _ := risk.span(risks...)
	if least := f.told(0); lo < least {
		lo = least
		risk.Title += "; at the lower edge: less"
	}
	lo, hi = risk.padded(lo, hi)
	p.y, yTitle = risk.scale(lo, hi, p.upright(p.area.Size().Y))
	lo, hi, _ = cost.span(costs...)
	lo, hi = cost.padded(lo, hi)
	p.x, xTitle = cost.scale(lo, hi, p.across(p.area.Size().X))
	return xTitle, yTitle
}

// padded leaves room around the outermost points.
func (a Axis) padded(lo, hi float64) (float64, float64) {
	if a.Log {
		lo = math.Max(lo, hi*1e-12)
		pad := math.Pow(hi/lo, 0.08) * 1.15
		return lo / pad, hi * pad
	}
	lo, hi = widen(lo, hi)
	pad := 0.08 * (hi - lo)
	if lo < 0.5*hi && lo >= 0 {
		return 0, hi + pad
	}
	return lo - pad, hi + pad
}

func (f Frontier) draw(sh *sheet, area vg.Rectangle) {
	p := &panel{sheet: sh, area: area}
	p.area.Max.Y -= sh.axisTitleHeight()
	p.area.Min.Y += sh.xAxisHeight() + sh.axisTitleHeight()
	f.scales(p)
	p.area.Min.X += sh.yAxisWidth(p.y)
	_, right := xOverhang(sh.tick, p.x, p.area.Size().X)
	p.area.Max.X -= max(right, 2*sh.stroke)
	xTitle, yTitle := f.scales(p)
	p.axes()
	sh.write(sh.small, sh.muted, vg.Point{X: area.Min.X, Y: area.Max.Y - sh.small.Font.Size}, fromLeft, sh.fit(sh.small, yTitle, area.Size().X))
	sh.write(sh.small, sh.muted, vg.Point{X: p.area.Min.X, Y: p.area.Min.Y - sh.xAxisHeight() - sh.small.Font.Size}, fromLeft,
		sh.fit(sh.small, xTitle, p.area.Size().X))
	if f.Budget > 0 && p.y.holds(f.Budget) {
		y := p.py(f.Budget)
		p.rule(sh.targetLine(), vg.Point{X: p.area.Min.X, Y: y}, vg.Point{X: p.area.Max.X, Y: y})
	}
	f.drawDesigns(p)
}

// at is where a design stands: one beyond the axes, as a risk of 0 is on a
// logarithmic one, near the edge, where its name has room.
func (f Frontier) at(p *panel, d FrontierDesign) vg.Point {
	within := func(x float64) vg.Length { return vg.Length(math.Min(math.Max(x, 0.03), 0.97)) }
	return vg.Point{
		X: p.area.Min.X + within(p.x.at(d.Cost))*p.area.Size().X,
		Y: p.area.Min.Y + within(p.y.at(d.Risk))*p.area.Size().Y,
	}
}

// drawDesigns draws the frontier, the points and their names.
func (f Frontier) drawDesigns(p *panel) {
	var best []int
	for i := range f.Designs {
		if f.beatenBy(i) < 0 {
			best = append(best, i)
		}
	}
	slices.SortStableFunc(best, func(a, b int) int { return compare(f.Designs[a].Cost, f.Designs[b].Cost) })
	steps := f.staircase(p, best)
	p.StrokeLines(p.line(mix(p.accent, p.ground, 0.4), p.stroke), steps)
	o := obstacles{lines: [][]vg.Point{steps}}
	if f.Budget > 0 {
		y := p.py(f.Budget)
		o.lines = append(o.lines, []vg.Point{{X: p.area.Min.X, Y: y}, {X: p.area.Max.X, Y: y}})
	}
	for i, d := range f.Designs {
		at := f.at(p, d)
		o.boxes = append(o.boxes, grow(vg.Rectangle{Min: at, Max: at}, 2*p.stroke))
		if slices.Contains(best, i) {
			p.dot(p.accent, at, 2*p.stroke)
		} else {
			p.ring(p.faded(), at, 2*p.stroke)
		}
	}
	for _, i := range append(best, without(len(f.Designs), best)...) {
		f.nameDesign(p, i, slices.Contains(best, i), &o)
	}
}

// without lists the indices below n that are not in some.
func without(n int, some []int) []int {
	var rest []int
	for i := range n {
		if !slices.Contains(some, i) {
			rest = append(rest, i)
		}
	}
	return rest
}

// staircase is the border of what the best designs reach.
func (f Frontier) staircase(p *panel, best []int) []vg.Point {
	var pts []vg.Point
	for k, i := range best {
		at := f.at(p, f.Designs[i])
		if k > 0 {
			pts = append(pts, vg.Point{X: at.X, Y: pts[len(pts)-1].Y})
		}
		pts = append(pts, at)
	}
	return pts
}

// nameDesign sets the name beside the point, or its key where there is no room,
// or nothing, and then the caption tells.
func (f Frontier) nameDesign(p *panel, i int, best bool, o *obstacles) {
	at := f.at(p, f.Designs[i])
	ink := p.faded()
	if best {
		ink = p.ink
	}
	name := spoken(i, f.Designs[i].Design)
	full := p.name(p.small, i, f.Designs[i].Design, p.area.Size().X*0.4)
	near := obstacles{lines: o.lines}
	for k, b := range o.boxes {
		if k != i {
			near.boxes = append(near.boxes, b)
		}
	}
	for _, text := range []string{full, key(i)} {
		if r, ok := p.place(directLabel{text: text, line: []vg.Point{at}}, &near, p.area); ok {
			if text != full {
				p.note(key(i) + ": " + name)
			}
			p.write(p.small, p.readable(ink), vg.Point{X: r.Min.X, Y: (r.Min.Y + r.Max.Y) / 2}, midLeft, text)
			o.boxes = append(o.boxes, r)
			return
		}
	}
	p.note(fmt.Sprintf("%s: %s, at %s and %s, without its name on the chart", key(i), name,
		f.Cost.Quantity.format(f.Designs[i].Cost), f.riskWords(f.Designs[i])))
}

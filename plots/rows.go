package plots

import (
	"gonum.org/v1/plot/vg"
)

// rowChart has a name at the left, a mark on a common axis and a value at the
// right for each of its rows.
type rowChart struct {
	*sheet
	x      func(length vg.Length) (scale, string)
	xTitle string
	tags   []tag
	rows   []chartRow
}

type chartRow struct {
	name, value []string
	draw        func(p *panel, y vg.Length)
}

// add adds a row; the name may take two lines.
func (c *rowChart) add(i int, name, value string, draw func(p *panel, y vg.Length)) {
	c.rows = append(c.rows, chartRow{
		name:  c.nameLines(c.label, i, name, c.inner()*0.27, 2),
		value: c.paragraph(c.small, value, c.inner()*0.19, 2),
		draw:  draw,
	})
}

// rowHeight is the height of each row: that of the tallest.
func (c *rowChart) rowHeight() vg.Length {
	lines := 1
	for _, r := range c.rows {
		lines = max(lines, len(r.name), len(r.value))
	}
	return linesHeight(c.label, lines) + 0.8*c.gap
}

// sides are the widths of the names and of the values.
func (c *rowChart) sides() (left, right vg.Length) {
	for _, r := range c.rows {
		for _, l := range r.name {
			left = max(left, c.label.Width(l))
		}
		for _, l := range r.value {
			right = max(right, c.small.Width(l))
		}
	}
	return left + c.gap, right + c.gap
}

func (c *rowChart) content(l legend) content {
	data := vg.Length(len(c.rows)) * c.rowHeight()
	left, right := c.sides()
	width := c.inner() - left - right
	x, _ := c.x(width)
	over, beyond := xOverhang(c.tick, x, width)
	left, right = max(left, over), max(right, beyond)
	width = c.inner() - left - right
	x, _ = c.x(width)
	strip := c.stripHeight(c.flags(c.tags, x, width))
	height := 0.5*c.gap + strip + data + c.xAxisHeight() + c.axisTitleHeight()
	return content{legend: l, height: height, draw: func(area vg.Rectangle) {
		p := &panel{sheet: c.sheet, area: area}
		p.area.Min.X += left
		p.area.Max.X -= right
		p.area.Max.Y -= 0.5*c.gap + strip
		p.area.Min.Y += c.xAxisHeight() + c.axisTitleHeight()
		c.draw(p, area)
	}}
}

func (c *rowChart) draw(p *panel, area vg.Rectangle) {
	var title string
	p.x, title = c.x(p.area.Size().X)
	p.verticals()
	p.xAxis()
	p.drawFlags(c.flags(c.tags, p.x, p.area.Size().X))
	h := c.rowHeight()
	for i, r := range c.rows {
		y := p.area.Max.Y - (vg.Length(i)+0.5)*h
		c.block(r.name, y, func(at vg.Point, line string) {
			c.write(c.label, c.ink, vg.Point{X: area.Min.X, Y: at.Y}, midLeft, line)
		})
		c.block(r.value, y, func(at vg.Point, line string) {
			c.write(c.small, c.muted, vg.Point{X: p.area.Max.X + c.gap, Y: at.Y}, midLeft, line)
		})
		r.draw(p, y)
	}
	title = c.fit(c.small, title, area.Max.X-p.area.Min.X)
	c.write(c.small, c.muted, vg.Point{X: p.area.Min.X, Y: area.Min.Y + 0.2*c.gap}, fromLeft, title)
}

// block sets lines around the height y.
func (c *rowChart) block(lines []string, y vg.Length, set func(at vg.Point, line string)) {
	pitch := c.label.Font.Size * lineHeight
	top := y + vg.Length(len(lines)-1)*pitch/2
	for i, l := range lines {
		set(vg.Point{Y: top - vg.Length(i)*pitch}, l)
	}
}

package plots

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// directLabel is a name to be set beside its line.
type directLabel struct {
	text   string
	colour color.RGBA
	line   []vg.Point // the line it belongs to, on the page
}

// obstacles are what a label must not cover: the lines on the page and the
// texts that stand already.
type obstacles struct {
	lines [][]vg.Point
	named [][]vg.Point // lines with labels of their own, to stay well away from
	boxes []vg.Rectangle
}

// blocks tells whether r meets an obstacle.
func (o *obstacles) blocks(r vg.Rectangle) bool {
	for _, b := range o.boxes {
		if r.Min.X < b.Max.X && b.Min.X < r.Max.X && r.Min.Y < b.Max.Y && b.Min.Y < r.Max.Y {
			return true
		}
	}
	return meets(r, o.lines)
}

// meets tells whether any of the lines meets r.
func meets(r vg.Rectangle, lines [][]vg.Point) bool {
	for _, l := range lines {
		for i := 1; i < len(l); i++ {
			if crosses(r, l[i-1], l[i]) {
				return true
			}
		}
	}
	return false
}

// crosses tells whether the segment from a to b meets r (C. Liang, B. Barsky,
// "A new concept and method for line clipping", ACM Trans. Graph. 3 (1984)).
func crosses(r vg.Rectangle, a, b vg.Point) bool {
	from, to := vg.Length(0), vg.Length(1)
	clip := func(p, q vg.Length) bool {
		switch {
		case p == 0:
			return q >= 0
		case p < 0:
			from = max(from, q/p)
		default:
			to = min(to, q/p)
		}
		return from <= to
	}
	dx, dy := b.X-a.X, b.Y-a.Y
	return clip(-dx, a.X-r.Min.X) && clip(dx, r.Max.X-a.X) && clip(-dy, a.Y-r.Min.Y) && clip(dy, r.Max.Y-a.Y)
}

// placeLabels finds a clear place beside its line for each label, within area,
// and returns the rectangles; ok is false where one has no place.
func (s *style) placeLabels(labels []directLabel, o obstacles, area vg.Rectangle) (at []vg.Rectangle, ok bool) {
	for i, l := range labels {
		others := obstacles{boxes: o.boxes, lines: slices.Concat(o.lines, [][]vg.Point{l.line})}
		for j, other := range labels {
			if j != i {
				others.named = append(others.named, other.line)
			}
		}
		r, found := s.place(l, &others, area)
		if !found {
			return nil, false
		}
		o.boxes = append(o.boxes, r)
		at = append(at, r)
	}
	return at, true
}

// place tries spots along the line, right, left, above and below it.
func (s *style) place(l directLabel, o *obstacles, area vg.Rectangle) (vg.Rectangle, bool) {
	w, h := s.small.Width(l.text), s.small.Font.Size
	off := 0.45 * s.gap
	if len(l.line) == 1 { // a dot, not a line
		off = 0.8 * s.gap
	}
	for _, p := range spots(l.line) {
		for _, corner := range []vg.Point{
			{X: p.X + off, Y: p.Y - h/2}, {X: p.X - off - w, Y: p.Y - h/2},
			{X: p.X - w/2, Y: p.Y + off}, {X: p.X - w/2, Y: p.Y - off - h},
			{X: p.X + off, Y: p.Y - off - h}, {X: p.X - off - w, Y: p.Y + off},
			{X: p.X + off, Y: p.Y + off}, {X: p.X - off - w, Y: p.Y - off - h},
		} {
			r := vg.Rectangle{Min: corner, Max: corner.Add(vg.Point{X: w, Y: h})}
			inside := r.Min.X >= area.Min.X && r.Max.X <= area.Max.X && r.Min.Y >= area.Min.Y && r.Max.Y <= area.Max.Y
			if inside && !o.blocks(grow(r, 0.2*s.gap)) && !meets(grow(r, 0.9*s.gap), o.named) {
				return r, true
			}
		}
	}
	return vg.Rectangle{}, false
}

// spots are points along a line by its length, the middle first.
func spots(line []vg.Point) []vg.Point {
	if len(line) < 2 {
		return line
	}
	var total vg.Length
	for i := 1; i < len(line); i++ {
		total += distance(line[i-1], line[i])
	}
	var out []vg.Point
	for _, share := range []vg.Length{0.5, 0.55, 0.45, 0.6, 0.4, 0.65, 0.35, 0.7, 0.3, 0.75, 0.25, 0.8, 0.2, 0.85, 0.15, 0.9, 0.1, 0.97, 0.03} {
		out = append(out, along(line, share*total))
	}
	return out
}

// along is the point at a distance from the start of the line.
func along(line []vg.Point, d vg.Length) vg.Point {
	for i := 1; i < len(line); i++ {
		step := distance(line[i-1], line[i])
		if d <= step && step > 0 {
			return line[i-1].Add(line[i].Sub(line[i-1]).Scale(d / step))
		}
		d -= step
	}
	return line[len(line)-1]
}

func distance(a, b vg.Point) vg.Length {
	d := a.Sub(b)
	return vg.Length(math.Hypot(float64(d.X), float64(d.Y)))
}

package plots

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// markerLook is the line and the word of a kind of marker.
func (s *style) markerLook(k MarkerKind) (draw.LineStyle, string) {
	switch k {
	case Objective:
		return s.line(s.alarm, 1.2*s.thin), "objective"
	case DrainTime:
		return s.line(s.accent, 1.2*s.thin), "drained"
	default:
		return s.line(s.muted, s.thin, 3*s.thin, 2*s.thin), "overload ends"
	}
}

// tag is a vertical line with a label, before it has a place. Where the label
// does not fit, short is set instead.
type tag struct {
	style       draw.LineStyle
	text, short string
	at          float64
}

// tags words the markers.
func (s *style) tags(markers []Marker) []tag {
	return mapped(markers, func(m Marker) tag {
		look, word := s.markerLook(m.Kind)
		if m.Label != "" {
			word = oneLine(m.Label)
		}
		return tag{look, word + " " + Duration(m.At), Duration(m.At), m.At}
	})
}

// flag is a tag whose label has a place in the strip above a panel.
type flag struct {
	tag
	x      vg.Length // from the left end of the axis
	left   vg.Length // where the text begins
	width  vg.Length // of the text
	row    int       // from the bottom of the strip
	beyond bool      // not on the axis: no line
	full   string    // the text, where it did not fit
}

// flags finds a place for each label: in the strip above the data, at its line,
// in as few rows as keep labels clear of one another and of the lines that pass
// to higher rows.
func (s *style) flags(tags []tag, x scale, width vg.Length) []flag {
	fs := mapped(tags, func(t tag) flag {
		f := flag{tag: t, beyond: !x.holds(t.at)}
		f.x = vg.Length(x.at(math.Max(math.Min(t.at, x.max), x.min))) * width
		if f.beyond && t.at > x.max {
			f.text, f.short = f.text+" →", f.short+" →"
		}
		if !hasGlyphs(f.text) || s.small.Width(f.text) > width {
			f.full, f.text = f.text, ellipsize(s.small, f.short, width)
		}
		f.width = s.small.Width(f.text)
		return f
	})
	slices.SortStableFunc(fs, func(a, b flag) int { return compare(float64(a.x), float64(b.x)) })
	tries := 10_000
	for rows := 1; rows <= len(fs); rows++ {
		if s.settle(fs, 0, rows, width, &tries) {
			return fs
		}
	}
	return s.staircase(fs, width)
}

// staircase gives each flag a row of its own, the leftmost on top, so that most
// texts stand clear of the other lines.
func (s *style) staircase(fs []flag, width vg.Length) []flag {
	for i := range fs {
		fs[i].row = len(fs) - 1 - i
		fs[i].left = min(fs[i].x, max(width-fs[i].width, 0))
	}
	return fs
}

// settle places flags i and up in at most rows rows, trying for each the lowest
// row first and the text to the right of its line before the left. It fails
// where no arrangement is clear, or none is found in so many tries.
func (s *style) settle(fs []flag, i, rows int, width vg.Length, tries *int) bool {
	if i == len(fs) {
		return true
	}
	f := &fs[i]
	w, off := f.width, 0.3*s.gap // clear of its own line
	for row := range rows {
		for _, left := range []vg.Length{f.x + off, f.x - off - w, min(max(f.x-w/2, 0), width-w)} {
			if left < -0.01 || left+w > width+0.01 {
				continue
			}
			f.row, f.left = row, left
			if *tries--; *tries < 0 {
				return false
			}
			if s.isClear(fs[:i], *f) && s.settle(fs, i+1, rows, width, tries) {
				return true
			}
		}
	}
	return false
}

// isClear tells whether f collides with none of those placed before it.
func (s *style) isClear(before []flag, f flag) bool {
	pad := 0.6 * s.gap
	crosses := func(line, text flag) bool {
		return !line.beyond && line.row > text.row &&
			line.x > text.left && line.x < text.left+text.width
	}
	for _, b := range before {
		apart := f.left > b.left+b.width+pad || b.left > f.left+f.width+pad
		if f.row == b.row && !apart || crosses(f, b) || crosses(b, f) {
			return false
		}
	}
	return true
}

// stripHeight is the height of the rows that flags take.
func (s *style) stripHeight(fs []flag) vg.Length {
	rows := 0
	for _, f := range fs {
		rows = max(rows, f.row+1)
	}
	return vg.Length(rows)*s.small.Font.Size*1.25 + 0.15*s.gap
}

// drawFlags draws the markers' lines through the panel and their labels above.
func (p *panel) drawFlags(fs []flag) {
	for _, f := range fs {
		if f.full != "" {
			p.note(f.full)
		}
		base := p.area.Max.Y + vg.Length(f.row)*p.small.Font.Size*1.25 + 0.45*p.gap
		x := p.area.Min.X + f.x
		if !f.beyond {
			p.rule(f.style, vg.Point{X: x, Y: p.area.Min.Y}, vg.Point{X: x, Y: base - 0.2*p.gap})
		}
		p.write(p.small, p.readable(toRGBA(f.style.Color)), vg.Point{X: p.area.Min.X + f.left, Y: base}, fromLeft, f.text)
	}
}

func toRGBA(c color.Color) color.RGBA { return color.RGBAModel.Convert(c).(color.RGBA) }

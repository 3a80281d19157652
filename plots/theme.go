package plots

import (
	"image/color"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// style is a Theme worked out: sizes in points, colours, faces. Everything
// that has a look takes it from here.
type style struct {
	width, margin      vg.Length
	gap                vg.Length // the unit of white space, about an em of the labels
	hair, thin, stroke vg.Length // grid, markers, data lines

	title, strong, label, tick, small font.Face

	ground, ink, muted, grid color.RGBA
	accent, alarm, good      color.RGBA   // the data's own colour, objective and breach, met
	categories               []color.RGBA // distinguishable without hue perception
	ramp                     []color.RGBA // sequential, from nothing to much
}

// documentWidth is the column of an A4 page, slideWidth a 4:3 slide.
const (
	documentWidth = 16 * vg.Centimeter
	slideWidth    = 25.4 * vg.Centimeter
)

func newStyle(t Theme) *style {
	scale, width := vg.Length(1), vg.Length(documentWidth)
	if t.Medium == Slide {
		scale, width = 1.9, slideWidth
	}
	s := &style{
		width: width, margin: 8 * scale, gap: 8 * scale,
		hair: 0.5 * scale, thin: 0.9 * scale, stroke: 1.5 * scale,
		title:  typeface(bold, 11.5*scale),
		strong: typeface(bold, 8.5*scale),
		label:  typeface(regular, 8.5*scale),
		tick:   typeface(regular, 8*scale),
		small:  typeface(regular, 7.2*scale),
	}
	s.paint(t.Mode)
	return s
}

// paint sets the colours. The categories are Okabe and Ito's without yellow,
// which vanishes on white, and vermilion, which is kept for the objective;
// their black is the ink of the mode.
func (s *style) paint(m Mode) {
	s.ground, s.ink = rgb(0xffffff), rgb(0x1a1a1a)
	s.accent, s.alarm, s.good = rgb(0x0072b2), rgb(0xd55e00), rgb(0x009e73)
	s.ramp = []color.RGBA{rgb(0xf7fbff), rgb(0xc9dff0), rgb(0x8fbfe0), rgb(0x4b93c6), rgb(0x1c63a4), rgb(0x08306b)}
	if m == Dark {
		s.ground, s.ink = rgb(0x15181c), rgb(0xe8eaed)
		s.accent, s.alarm, s.good = rgb(0x56b4e9), rgb(0xf0843c), rgb(0x2fc79a)
		s.ramp = []color.RGBA{rgb(0x1b2530), rgb(0x1c4468), rgb(0x2a6ea6), rgb(0x569fd3), rgb(0x9acbec), rgb(0xe6f4fd)}
	}
	s.muted = mix(s.ground, s.ink, 0.62)
	s.grid = mix(s.ground, s.ink, 0.13)
	s.categories = []color.RGBA{
		s.accent, rgb(0xe69f00), s.good, rgb(0xcc79a7), s.ink, rgb(0x56b4e9),
	}
	if m == Dark {
		s.categories[5] = rgb(0xf0e442)
	}
}

// category gives the i-th colour and dash pattern: when the colours run out
// they begin again with another dash.
func (s *style) category(i int) (color.RGBA, []vg.Length) {
	n := len(s.categories)
	dashes := [][]vg.Length{nil, {4 * s.stroke, 2 * s.stroke}, {s.stroke, 1.5 * s.stroke}}
	return s.categories[i%n], dashes[(i/n)%len(dashes)]
}

// readable is c as a colour for text: pulled towards the ink until it stands
// out from the ground at small sizes.
func (s *style) readable(c color.RGBA) color.RGBA {
	for range 8 {
		if contrast(c, s.ground) >= 4.5 {
			break
		}
		c = mix(c, s.ink, 0.2)
	}
	return c
}

// shade is a colour of the sequential ramp, 0 <= x <= 1.
func (s *style) shade(x float64) color.RGBA {
	x = min(max(x, 0), 1) * float64(len(s.ramp)-1)
	i := min(int(x), len(s.ramp)-2)
	return mix(s.ramp[i], s.ramp[i+1], x-float64(i))
}

func (s *style) line(c color.Color, w vg.Length, dashes ...vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: w, Dashes: dashes}
}

func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// mix goes from a to b by the share x, in opaque colours: PDF viewers and
// printers treat transparency unevenly.
func mix(a, b color.RGBA, x float64) color.RGBA {
	at := func(p, q uint8) uint8 { return uint8(float64(p) + x*(float64(q)-float64(p)) + 0.5) }
	return color.RGBA{R: at(a.R, b.R), G: at(a.G, b.G), B: at(a.B, b.B), A: 255}
}

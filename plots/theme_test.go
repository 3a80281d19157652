package plots

import (
	"image/color"
	"math"
	"testing"
)

// deficiencies are the matrices, on linear RGB, of what people without red,
// green or blue cones see (G. Machado, M. Oliveira, L. Fernandes, "A
// physiologically-based model for simulation of color vision deficiency", IEEE
// TVCG 15 (2009), severity 1).
var deficiencies = map[string][3][3]float64{
	"none":         {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}},
	"protanopia":   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}},
	"deuteranopia": {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413}, {-0.011820, 0.042940, 0.968881}},
	"tritanopia":   {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602}, {0.004733, 0.691367, 0.303900}},
}

// lab is the CIE L*a*b* colour (D65) as seen with a deficiency.
func lab(c color.RGBA, m [3][3]float64) [3]float64 {
	linear := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	in := [3]float64{linear(c.R), linear(c.G), linear(c.B)}
	var seen [3]float64
	for i, row := range m {
		for j, w := range row {
			seen[i] += w * in[j]
		}
		seen[i] = math.Min(math.Max(seen[i], 0), 1)
	}
	r, g, b := seen[0], seen[1], seen[2]
	f := func(t float64) float64 {
		if t > 216.0/24389 {
			return math.Cbrt(t)
		}
		return (24389.0/27*t + 16) / 116
	}
	x := f((0.4124*r + 0.3576*g + 0.1805*b) / 0.95047)
	y := f(0.2126*r + 0.7152*g + 0.0722*b)
	z := f((0.0193*r + 0.1192*g + 0.9505*b) / 1.08883)
	return [3]float64{116*y - 16, 500 * (x - y), 200 * (y - z)}
}

func difference(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// TestColoursStayApart holds every pair of categories, with the objective's
// colour, apart for every kind of colour vision: a difference of 10 is plain to
// see side by side, about 2.3 just noticeable.
func TestColoursStayApart(t *testing.T) {
	for _, mode := range []Mode{Light, Dark} {
		s := newStyle(Theme{Mode: mode})
		colours := append([]color.RGBA{s.alarm, s.ground}, s.categories...)
		for name, m := range deficiencies {
			for i, a := range colours {
				for _, b := range colours[:i] {
					if d := difference(lab(a, m), lab(b, m)); d < 10 {
						t.Errorf("mode %d, %s: %v and %v differ by %.1f", mode, name, a, b, d)
					}
				}
			}
		}
	}
}

// TestRampIsEven checks that the sequential colours go one way in lightness, so
// that they keep their order in grey.
func TestRampIsEven(t *testing.T) {
	for _, mode := range []Mode{Light, Dark} {
		s := newStyle(Theme{Mode: mode})
		for name, m := range deficiencies {
			before := lab(s.shade(0), m)[0]
			sign := lab(s.shade(1), m)[0] - before
			for i := 1; i <= 50; i++ {
				now := lab(s.shade(float64(i)/50), m)[0]
				if (now-before)*sign <= 0 {
					t.Errorf("mode %d, %s: lightness turns at %d", mode, name, i)
				}
				before = now
			}
		}
	}
}

// TestTextCanBeRead checks the contrast of every colour that text is set in.
func TestTextCanBeRead(t *testing.T) {
	for _, mode := range []Mode{Light, Dark} {
		s := newStyle(Theme{Mode: mode})
		for _, c := range append([]color.RGBA{s.ink, s.muted, s.alarm, s.accent, s.faded()}, s.categories...) {
			if r := contrast(s.readable(c), s.ground); r < 4.5 {
				t.Errorf("mode %d: %v has contrast %.2f", mode, c, r)
			}
		}
		if r := contrast(s.muted, s.ground); r < 4.5 {
			t.Errorf("mode %d: muted text has contrast %.2f", mode, r)
		}
	}
}

package plots

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	plotfont "gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
)

// The theme's two weights of Liberation Sans, which gonum/plot embeds; its
// metrics are Arial's, so an SVG keeps its layout where only that is installed.
var (
	regular = plotfont.Font{Typeface: "Liberation", Variant: "Sans"}
	bold    = plotfont.Font{Typeface: "Liberation", Variant: "Sans", Weight: font.WeightBold}
	faces   = plotfont.NewCache(liberation.Collection())
)

func typeface(f plotfont.Font, size vg.Length) plotfont.Face { return faces.Lookup(f, size) }

// Heights of Liberation Sans as shares of its size: capitals, the deepest
// descender, and a comfortable line.
const (
	capHeight  = 0.729
	descent    = 0.212
	lineHeight = 1.22
)

// hasGlyphs tells whether the typeface can draw all of txt as it should look:
// it has a glyph for each rune, no rune combines with its neighbours and none
// runs from right to left (which the drawing libraries do not shape).
func hasGlyphs(txt string) bool {
	for _, r := range txt {
		if !hasGlyph(r) {
			return false
		}
	}
	return true
}

func hasGlyph(r rune) bool {
	if unicode.In(r, unicode.M, unicode.Hebrew, unicode.Arabic, unicode.Cf, unicode.Co) {
		return false
	}
	var buf sfnt.Buffer
	g, err := typeface(regular, 8).Face.GlyphIndex(&buf, r)
	return err == nil && g != 0
}

// oneLine turns line breaks, tabs and other control characters into single
// spaces.
func oneLine(txt string) string {
	txt = strings.ToValidUTF8(txt, "\uFFFD")
	return strings.Join(strings.FieldsFunc(txt, func(r rune) bool {
		return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' || unicode.IsControl(r)
	}), " ")
}

// wrap breaks txt into at most maxLines lines no wider than width; whole is
// false where the rest had to give way to an ellipsis.
func wrap(f plotfont.Face, txt string, width vg.Length, maxLines int) (lines []string, whole bool) {
	words := unbroken(txt)
	for len(words) > 0 {
		if len(lines) == maxLines-1 {
			last := strings.Join(words, " ")
			fitted := ellipsize(f, last, width)
			return append(lines, fitted), fitted == last
		}
		n := 1
		for n < len(words) && f.Width(strings.Join(words[:n+1], " ")) <= width {
			n++
		}
		line := strings.Join(words[:n], " ")
		words = words[n:]
		if f.Width(line) > width {
			head, rest := split(f, line, width)
			line, words = head, append([]string{rest}, words...)
		}
		lines = append(lines, line)
	}
	return lines, true
}

// unbroken splits txt at its spaces, but not between a number and its unit.
func unbroken(txt string) []string {
	var words []string
	for _, w := range strings.Fields(txt) {
		if n := len(words); n > 0 && slices.Contains(units, strings.TrimRight(w, ".,;:)")) && endsInDigit(words[n-1]) {
			words[n-1] += " " + w
			continue
		}
		words = append(words, w)
	}
	return words
}

// units are those that Duration, Percent and Count write after a space.
var units = []string{"µs", "ms", "s", "min", "h", "d", "yr", "%", "M", "G"}

func endsInDigit(s string) bool {
	last := s[len(s)-1]
	return '0' <= last && last <= '9'
}

// balance breaks lines anew so that they are about as long as one another, as
// few as before.
func balance(f plotfont.Face, lines []string, width vg.Length) []string {
	txt := strings.Join(lines, " ")
	for share := vg.Length(0.5); share < 1; share += 0.05 {
		if even, whole := wrap(f, txt, share*width, len(lines)); whole {
			return even
		}
	}
	return lines
}

// split cuts a word that is wider than width, after at least one rune: behind
// the last mark between its parts, if that leaves half of what fits or more.
func split(f plotfont.Face, word string, width vg.Length) (head, rest string) {
	runes := []rune(word)
	n := longestPrefix(f, runes, width, "")
	n = min(max(n, 1), len(runes)-1)
	for k := n; k > n/2; k-- {
		if strings.ContainsRune("._-/", runes[k-1]) {
			n = k
			break
		}
	}
	return string(runes[:n]), string(runes[n:])
}

// ellipsize shortens txt to width, ending in an ellipsis if anything is cut.
func ellipsize(f plotfont.Face, txt string, width vg.Length) string {
	if f.Width(txt) <= width {
		return txt
	}
	runes := []rune(txt)
	n := longestPrefix(f, runes, width, "…")
	return strings.TrimRight(string(runes[:n]), " ,;:") + "…"
}

// longestPrefix is the number of runes that fit into width with the tail.
func longestPrefix(f plotfont.Face, runes []rune, width vg.Length, tail string) int {
	lo, hi := 0, min(len(runes), 1+int(4*width/f.Font.Size)) // no text has four runes an em
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if f.Width(string(runes[:mid])+tail) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return lo
}

// outline is the path of txt set in f with its baseline from pt, for canvases
// that cannot write every glyph as text.
func outline(f plotfont.Face, pt vg.Point, txt string) (vg.Path, error) {
	var (
		buf  sfnt.Buffer
		path vg.Path
		ppem = fixed.Int26_6(f.Face.UnitsPerEm())
		unit = f.Font.Size / vg.Length(ppem)
	)
	runes := []rune(txt)
	for i, r := range runes {
		g, err := f.Face.GlyphIndex(&buf, r)
		if err != nil {
			return nil, err
		}
		segments, err := f.Face.LoadGlyph(&buf, g, ppem, nil)
		if err != nil {
			return nil, err
		}
		at := pt.Add(vg.Point{X: f.Width(string(runes[:i+1])) - f.Width(string(r))})
		path = append(path, glyphPath(segments, at, unit)...)
	}
	return path, nil
}

// glyphPath scales a glyph's segments, whose y axis points down.
func glyphPath(segments sfnt.Segments, at vg.Point, unit vg.Length) vg.Path {
	var path vg.Path
	place := func(p fixed.Point26_6) vg.Point {
		return vg.Point{X: at.X + vg.Length(p.X)*unit, Y: at.Y - vg.Length(p.Y)*unit}
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if len(path) > 0 {
				path.Close()
			}
			path.Move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	if len(path) > 0 {
		path.Close()
	}
	return path
}

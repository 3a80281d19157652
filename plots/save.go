package plots

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"io"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/recorder"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dotsPerInch of a PNG is twice the 96 of a screen.
const dotsPerInch = 192

// chart is what each chart of this package provides.
type chart interface {
	frame() Frame
	check() error              // typed errors for values that cannot be drawn
	names() []string           // of designs, streams or inputs, for keys
	arrange(sh *sheet) content // measures; draws nothing
	AltText() string
}

// content is a chart laid out: the legend, the height that the data area
// wants, and how to draw it into a rectangle of that height.
type content struct {
	legend legend
	height vg.Length
	draw   func(area vg.Rectangle)
}

func (f Frame) frame() Frame { return f }

// save renders c and writes it whole.
func save(w io.Writer, f Format, c chart) error {
	if f != PNG && f != SVG && f != PDF {
		return &FormatError{f}
	}
	if err := c.check(); err != nil {
		return err
	}
	p := compose(c)
	raw, err := p.encode(f, oneLine(c.frame().Title), c.AltText())
	if err != nil {
		return fmt.Errorf("plots: %s: %w", f, err)
	}
	_, err = w.Write(raw)
	return err
}

// caption is what had to be left off the page, nothing when c cannot be drawn.
func caption(c chart) string {
	if c.check() != nil {
		return ""
	}
	p := compose(c)
	p.drawOn(new(recorder.Canvas))
	return strings.Join(p.notes, "\n")
}

func (p *page) encode(f Format, title, alt string) ([]byte, error) {
	var (
		raw bytes.Buffer
		to  vg.CanvasWriterTo
	)
	switch f {
	case PNG:
		to = vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(p.width, p.height),
			vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(p.ground))}
	case SVG:
		to = vgsvg.New(p.width, p.height)
	case PDF:
		to, p.outlines = vgpdf.New(p.width, p.height), true
	}
	p.drawOn(to)
	if p.err != nil {
		return nil, p.err
	}
	if _, err := to.WriteTo(&raw); err != nil {
		return nil, err
	}
	switch f {
	case PNG:
		return withDensity(raw.Bytes()), nil
	case SVG:
		return describe(fixWidths(raw.Bytes(), p.placed), title, alt), nil
	default:
		return undate(raw.Bytes()), nil
	}
}

// withDensity puts a pHYs chunk behind the header of a PNG, so that documents
// show it at its true width (W3C, Portable Network Graphics, section 11.3.4.3).
func withDensity(png []byte) []byte {
	const headerEnd = 8 + 25 // signature, IHDR
	const perMetre uint32 = (dotsPerInch*10000 + 127) / 254
	data := binary.BigEndian.AppendUint32([]byte("pHYs"), perMetre)
	data = append(binary.BigEndian.AppendUint32(data, perMetre), 1)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(data)-4))
	chunk = append(chunk, data...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(data))
	return append(append(append([]byte{}, png[:headerEnd]...), chunk...), png[headerEnd:]...)
}

var textStart = regexp.MustCompile(`<text `)

// fixWidths tells an SVG how wide each of its texts is, so that none grows into
// another where a viewer falls back to a wider typeface. The texts stand in the
// order in which they were placed.
func fixWidths(svg []byte, texts []placed) []byte {
	i := -1
	return textStart.ReplaceAllFunc(svg, func(start []byte) []byte {
		if i++; i >= len(texts) {
			return start
		}
		return fmt.Appendf(nil, `<text textLength="%.2f" lengthAdjust="spacingAndGlyphs" `, texts[i].Size().X.Points())
	})
}

// describe gives an SVG a title and a description for those who do not see it,
// and typefaces of the same widths where Liberation is not installed.
func describe(svg []byte, title, alt string) []byte {
	svg = bytes.ReplaceAll(svg, []byte(`style="font-family:Liberation Sans;`),
		[]byte(`style="font-family:'Liberation Sans',Arial,Helvetica,sans-serif;`))
	open := []byte(`xmlns:xlink="http://www.w3.org/1999/xlink">`)
	head := fmt.Sprintf(" role=\"img\">\n<title>%s</title>\n<desc>%s</desc>",
		html.EscapeString(title), html.EscapeString(strings.ToValidUTF8(alt, "\uFFFD")))
	return bytes.Replace(svg, open, append(open[:len(open)-1:len(open)-1], head...), 1)
}

var pdfDate = regexp.MustCompile(`/(CreationDate|ModDate) \(D:\d{14}\)`)

// undate sets the dates that the PDF writer takes from the clock to a fixed one
// of the same length, so that the file's table of offsets stays right.
func undate(pdf []byte) []byte {
	return pdfDate.ReplaceAll(pdf, []byte("/$1 (D:20000101000000)"))
}

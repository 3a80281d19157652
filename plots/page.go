package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// page is a chart composed: title, subtitle, legend, data and footer, each with
// the height it takes, from top to bottom.
type page struct {
	*sheet
	heading, subheading, footer []string
	body                        content
	height                      vg.Length
}

// compose measures everything and thereby finds the height of the page.
func compose(c chart) *page {
	f := c.frame()
	sh := &sheet{style: newStyle(f.Theme)}
	sh.register(c.names())
	width := sh.inner()
	p := &page{sheet: sh}
	p.heading = balance(sh.title, sh.paragraph(sh.title, f.Title, width, 4), width)
	p.subheading = sh.paragraph(sh.label, f.Subtitle, width, 3)
	p.footer = sh.paragraph(sh.small, sh.legible(f.Footer), width, 4)
	p.body = c.arrange(sh)
	p.height = 2*sh.margin + linesHeight(sh.title, len(p.heading)) + linesHeight(sh.label, len(p.subheading)) +
		p.body.legend.height(sh, width) + sh.gap + p.body.height
	if len(p.footer) > 0 {
		p.height += sh.gap + linesHeight(sh.small, len(p.footer))
	}
	return p
}

// inner is the width between the margins.
func (s *style) inner() vg.Length { return s.width - 2*s.margin }

// drawOn draws the page.
func (p *page) drawOn(to vg.Canvas) {
	sh := p.sheet
	sh.Canvas = draw.NewCanvas(to, p.width, p.height)
	sh.fillRect(sh.ground, sh.Rectangle)
	at := vg.Point{X: sh.margin, Y: p.height - sh.margin}
	at.Y = sh.writeLines(sh.title, sh.ink, at, p.heading)
	at.Y = sh.writeLines(sh.label, sh.muted, at, p.subheading)
	p.body.legend.draw(sh, at, sh.inner())
	at.Y -= p.body.legend.height(sh, sh.inner()) + sh.gap
	p.body.draw(vg.Rectangle{
		Min: vg.Point{X: sh.margin, Y: at.Y - p.body.height},
		Max: vg.Point{X: p.width - sh.margin, Y: at.Y},
	})
	at.Y -= p.body.height + sh.gap
	sh.writeLines(sh.small, sh.muted, at, p.footer)
}

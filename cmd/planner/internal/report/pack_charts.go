package report

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"singlelane/plots"
)

// Picture is a chart of a pack: as a file of its own in the format asked for,
// and as SVG on a light and on a dark ground for the page.
type Picture struct {
	Key         string // what it is of
	Name        string // of the file, with its extension
	Alt         string
	Caption     string
	File        []byte
	Light, Dark []byte
}

// themed is a chart of package plots, in a theme.
type themed interface {
	drawing
	Caption() string
}

// sketch is a chart of a pack before it is drawn.
type sketch struct {
	name    string
	caption string
	chart   func() themed
}

// in is the chart in a theme.
func (s sketch) in(t plots.Theme) themed {
	c := s.chart()
	c.Wear(t)
	return c
}

// Draw makes the charts of the pack, whose result must have its curves,
// workers at a time (0: one a processor). The theme is that of the files; the
// page has its own.
func (p *Pack) Draw(ctx context.Context, files Look, workers int) error {
	all := slices.Concat(sketches(p.Result, p.Version), p.Moved.sketches(p.Version), tornadoSketch(p.Sense, p.Version))
	pictures := make([]Picture, len(all))
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	group, _ := errgroup.WithContext(ctx)
	group.SetLimit(workers)
	for i, s := range all {
		c := &pictures[i]
		light := s.in(plots.Theme{})
		c.Key, c.Name, c.Alt, c.Caption = s.name, s.name+"."+files.Format, light.AltText(), s.caption
		if more := light.Caption(); more != "" {
			c.Caption += " " + more
		}
		draw := func(into *[]byte, d drawing, f plots.Format) {
			group.Go(func() error {
				var b bytes.Buffer
				if err := d.Save(&b, f); err != nil {
					return fmt.Errorf("drawing %s: %w", s.name, err)
				}
				*into = b.Bytes()
				return nil
			})
		}
		draw(&c.File, s.in(files.Theme), plots.Format(files.Format))
		draw(&c.Light, light, plots.SVG)
		draw(&c.Dark, s.in(plots.Theme{Mode: plots.Dark}), plots.SVG)
	}
	p.Charts = pictures
	return group.Wait()
}

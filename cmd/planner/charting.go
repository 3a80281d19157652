package main

import (
	"path/filepath"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/plots"
)

// look is how the charts of a command are drawn.
type look struct {
	format, theme, size string
}

func newLook(c *cli.Context) look {
	return look{c.String("format"), c.String("theme"), c.String("size")}
}

func (l look) check() error {
	return firstError(oneOf("format", l.format, "png", "svg", "pdf"),
		oneOf("theme", l.theme, "light", "dark"), oneOf("size", l.size, "column", "slide"))
}

// dress is the look in the terms of the charts.
func (l look) dress() report.Look {
	d := report.Look{Format: l.format}
	if l.theme == "dark" {
		d.Theme.Mode = plots.Dark
	}
	if l.size == "slide" {
		d.Theme.Medium = plots.Slide
	}
	return d
}

// charting is where the charts of a command go, and how they look.
type charting struct {
	look
	charts string // directory, empty for none
	force  bool
}

// chartingFlags mean nothing without --charts.
var chartingFlags = []string{"format", "theme", "size", "force"}

func newCharting(c *cli.Context) charting {
	return charting{look: newLook(c), charts: c.Path("charts"), force: c.Bool("force")}
}

func (c *charting) check(ctx *cli.Context) error {
	err := c.look.check()
	for _, flag := range chartingFlags {
		err = firstError(err, needs(ctx, flag, "charts"))
	}
	return err
}

func (c *charting) refuseExisting(names []string) error {
	if c.charts == "" {
		return nil
	}
	paths := make([]string, len(names))
	for i, n := range names {
		paths[i] = filepath.Join(c.charts, n)
	}
	return refuseExisting(c.force, paths...)
}

// draw writes the charts and says so.
func (c *charting) draw(o output, make func(report.Look) ([]report.Chart, error)) error {
	if c.charts == "" {
		return nil
	}
	charts, err := make(c.dress())
	if err != nil {
		return err
	}
	var files []outputFile
	for _, one := range charts {
		files = append(files, outputFile{filepath.Join(c.charts, one.Name), one.Data})
	}
	if err := writeFiles(c.force, files...); err != nil {
		return err
	}
	for _, f := range files {
		o.note("wrote " + f.path)
	}
	return nil
}

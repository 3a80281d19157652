package main

import (
	"path/filepath"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
)

// charting is where the charts of a command go.
type charting struct {
	charts string // directory, empty for none
	format string
	force  bool
}

func newCharting(c *cli.Context) charting {
	return charting{charts: c.Path("charts"), format: c.String("format"), force: c.Bool("force")}
}

func (c *charting) check(ctx *cli.Context) error {
	return firstError(oneOf("format", c.format, "png", "svg", "pdf"), needs(ctx, "format", "charts"), needs(ctx, "force", "charts"))
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
func (c *charting) draw(o output, make func() ([]report.Chart, error)) error {
	if c.charts == "" {
		return nil
	}
	charts, err := make()
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

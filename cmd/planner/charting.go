package main

import (
	"path/filepath"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
)

// charting is where a command's charts go, if anywhere.
type charting struct {
	dir    string // empty for none
	format string
	force  bool
}

func newCharting(c *cli.Context) (charting, error) {
	g := charting{c.Path("charts"), c.String("format"), c.Bool("force")}
	return g, firstError(oneOf("format", g.format, "png", "svg", "pdf"), needs(c, "format", "charts"), needs(c, "force", "charts"))
}

// free refuses, before any work, to overwrite the charts of these names.
func (g charting) free(names []string) error {
	if g.dir == "" {
		return nil
	}
	paths := make([]string, len(names))
	for i, name := range names {
		paths[i] = filepath.Join(g.dir, name)
	}
	return refuseExisting(g.force, paths...)
}

// write draws and writes the charts, all or none, and says so.
func (g charting) write(o output, draw func(format string) ([]report.Chart, error)) error {
	if g.dir == "" {
		return nil
	}
	charts, err := draw(g.format)
	if err != nil {
		return err
	}
	var files []outputFile
	for _, c := range charts {
		files = append(files, outputFile{filepath.Join(g.dir, c.Name), c.Data})
	}
	if err := writeFiles(g.force, files...); err != nil {
		return err
	}
	for _, f := range files {
		o.note("wrote " + f.path)
	}
	return nil
}

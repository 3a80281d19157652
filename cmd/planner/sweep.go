package main

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

func sweepCommand() *cli.Command {
	return &cli.Command{
		Name:      "sweep",
		Usage:     "a table over one or two keys of the file",
		ArgsUsage: "FILE",
		Description: "A SPEC is 2..6 (whole numbers), 10m..2h:8 (8 points, evenly), 0.5/s..20/s:12:log, or a list 1,2,4.\n\n" +
			"Examples:\n" +
			"  planner sweep scenario.yaml --vary control_plane.servers=4..12 --metric p99\n" +
			"  planner sweep testdata/scenarios/us-east-1-2012.yaml --vary streams.relaunches.mean_delay=10m..2h:8 --vary region.zones=3..6 --design 'lane per zone'\n" +
			"  planner sweep scenario.yaml --vary control_plane.lanes=shared,per-zone --csv",
		Flags: flagGroups([]cli.Flag{
			&cli.StringSliceFlag{Name: "vary", Usage: "the key and its values, `KEY=SPEC`; once or twice"},
			&cli.StringFlag{Name: "metric", Value: "breach", Usage: "what the table shows: `" + strings.Join(sweepMetrics, "|") + "`"},
		}, answerFlags(), whatIfFlags(), chanceFlagsOf(sweepReplications, "drain times to simulate in each cell that no theory covers"),
			precisionFlags(), []cli.Flag{methodFlag(), allowOutsideFlag()}, chartFlags(), []cli.Flag{checkpointFlag(), shardFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newSweepConfig) },
	}
}

var sweepMetrics = []string{"p50", "p90", "p99", "breach", "peak", "longest_wait", "stuck", "tipping", "breaches_per_year", "cost"}

// sweepReplications are the storms of a cell that is simulated, unless said
// otherwise.
const sweepReplications = 2000

type sweepConfig struct {
	question
	output
	charting
	vary   []scenario.Setting // From and Value are not used: Value is the spec
	metric study.Metric
}

func newSweepConfig(c *cli.Context) (*sweepConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	s := &sweepConfig{question: q, output: newOutput(c), charting: newCharting(c), metric: study.Metric(c.String("metric"))}
	if err := firstError(s.output.check(), s.charting.check(c), checkPrecision(s.precision, s.method), oneOf("metric", string(s.metric), sweepMetrics...)); err != nil {
		return nil, err
	}
	if s.vary, err = varied(c); err != nil {
		return nil, err
	}
	if len(s.vary) == 0 {
		return nil, usageErrorf("as in --vary control_plane.servers=4..12", "planner sweep takes one or two --vary and got 0")
	}
	return s, nil
}

// varied are the keys of --vary, at most two, with their values.
func varied(c *cli.Context) ([]scenario.Setting, error) {
	specs := c.StringSlice("vary")
	if len(specs) > 2 {
		return nil, usageErrorf("as in --vary control_plane.servers=4..12", "%s takes one or two --vary and got %d", c.Command.HelpName, len(specs))
	}
	var all []scenario.Setting
	for _, text := range specs {
		key, spec, ok := strings.Cut(text, "=")
		if !ok || key == "" {
			return nil, usageErrorf("as in --vary control_plane.servers=4..12", "--vary %q is not KEY=SPEC", text)
		}
		all = append(all, scenario.Setting{Key: strings.TrimSpace(key), Value: spec, From: "--vary"})
	}
	if len(all) == 2 && all[0].Key == all[1].Key {
		return nil, usageErrorf("", "--vary %s is given twice", all[0].Key)
	}
	return all, nil
}

// Run prints the table. If it is interrupted it prints the cells that were
// finished, and says so.
func (s *sweepConfig) Run(ctx context.Context) error {
	f, err := s.open()
	if err != nil {
		return err
	}
	axes, err := axesOf(f, s.vary)
	if err != nil {
		return err
	}
	compile := s.varying(f, axes)
	if _, err := s.compile(f); err != nil { // reads what the what-ifs name
		return err
	}
	if err := s.refuseExisting(report.SweepChartNames(len(axes), s.names(f), s.format)); err != nil {
		return err
	}
	if err := s.kept.begin(ctx, s.output, f); err != nil {
		return err
	}
	options, done := s.options(s.output)
	result, err := study.Vary(ctx, axes, s.metric, compile, options)
	done()
	more, err := s.kept.end(s.output, err)
	if !more && err == nil {
		return nil
	}
	interrupted := s.partial(result != nil && result.Done > 0, err)
	if err != nil && !interrupted {
		return err
	}
	for _, text := range result.Warnings {
		s.note("warning: " + text)
	}
	if err := s.picture(f, result); err != nil {
		return err
	}
	return errors.Join(answer(s.stdout, func(w io.Writer) error { return s.print(w, result) }), err)
}

// picture writes the charts of a sweep that is finished and over numbers.
func (s *sweepConfig) picture(f *scenario.File, result *study.Sweep) error {
	switch {
	case s.charts == "":
		return nil
	case result.Done < len(result.Cells):
		s.note("no charts: the sweep is not finished")
		return nil
	case !report.Chartable(result):
		s.note("no charts: a key that takes words has no scale")
		return nil
	}
	now := s.now(f, result)
	return s.draw(s.output, func(look report.Look) ([]report.Chart, error) {
		return report.SweepCharts(result, now, version, look)
	})
}

// now has the number of each axis in each design as the file stands.
func (q *question) now(f *scenario.File, result *study.Sweep) [][]float64 {
	now := make([][]float64, len(result.Designs))
	for i, name := range result.Designs {
		for _, a := range result.Axes {
			now[i] = append(now[i], f.Now(q.sets, name, a.Key))
		}
	}
	return now
}

// varying compiles the designs asked about at values of the axes.
func (q *question) varying(f *scenario.File, axes []study.Axis) func(texts []string) (study.Case, error) {
	return func(texts []string) (study.Case, error) {
		var more []scenario.Setting
		for i, text := range texts {
			more = append(more, scenario.Setting{Key: axes[i].Key, Value: text, From: "--vary"})
		}
		return q.compile(f, more...)
	}
}

// names are the designs asked about.
func (q *question) names(f *scenario.File) []string {
	if q.design != "" {
		return []string{q.design}
	}
	return f.DesignNames()
}

// axesOf reads the values of the keys varied.
func axesOf(f *scenario.File, vary []scenario.Setting) ([]study.Axis, error) {
	var axes []study.Axis
	var errs []error
	for _, v := range vary {
		a, err := f.Axis(v.Key, v.Value)
		errs = append(errs, err)
		axes = append(axes, study.Axis{Key: a.Key, Unit: a.Unit, Share: a.Share, Whole: a.Whole, Values: a.Values, Texts: a.Texts})
	}
	return axes, errors.Join(errs...)
}

func (s *sweepConfig) print(w io.Writer, result *study.Sweep) error {
	switch {
	case s.json:
		return report.SweepJSON(w, result, version)
	case s.csv:
		return report.SweepCSV(w, result)
	}
	return report.SweepText(w, result, report.Style{Colour: wantsColour(s.stdout), Wide: s.wide, Version: version})
}

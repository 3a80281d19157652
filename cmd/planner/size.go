package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

func sizeCommand() *cli.Command {
	return &cli.Command{
		Name:      "size",
		Usage:     "the least, or greatest safe, value of a key that meets the objective",
		ArgsUsage: "FILE",
		Description: "Whole numbers are found exactly, others to one part in a thousand. A pace of a pool (mean_delay, rate)\n" +
			"is held to the drain time and to the time at which the last request begins its service.\n\n" +
			"Examples:\n" +
			"  planner size scenario.yaml --for control_plane.servers --design 'as it is'\n" +
			"  planner size scenario.yaml --for control_plane.service.mean --between 10ms..5s --design 'as it is' --json",
		Flags: flagGroups([]cli.Flag{
			&cli.StringFlag{Name: "for", Usage: "the `KEY` whose value is asked for"},
			&cli.StringFlag{Name: "between", Usage: "the values allowed, `A..B`; may be left out for a whole number"},
			jsonFlag(), csvFlag(), quietFlag(),
		}, whatIfFlags(), chanceFlags(), precisionFlags(), []cli.Flag{methodFlag(), allowOutsideFlag(), checkpointFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newSizeConfig) },
	}
}

// sizeLimit ends the search for a whole number without --between.
const sizeLimit = 100_000

type sizeConfig struct {
	question
	output
	key, between string
}

func newSizeConfig(c *cli.Context) (*sizeConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	z := &sizeConfig{question: q, output: newOutput(c), key: c.String("for"), between: c.String("between")}
	if z.key == "" {
		return nil, usageErrorf("as in --for control_plane.servers", "planner size needs --for KEY")
	}
	if c.IsSet("between") && z.between == "" {
		return nil, usageErrorf("as in --between 2..64", "flag --between is empty")
	}
	return z, firstError(z.check(), checkPrecision(z.precision, z.method))
}

// Run prints the value.
func (z *sizeConfig) Run(ctx context.Context) error {
	f, err := z.open()
	if err != nil {
		return err
	}
	if names := f.DesignNames(); z.design == "" && len(names) > 1 {
		return usageErrorf("--design is one of "+strings.Join(names, ", "), "planner size sizes one design, and the file has %d", len(names))
	}
	base, err := z.compile(f)
	if err != nil {
		return err
	}
	numeric, sizes, err := z.values(f)
	if err != nil {
		return err
	}
	sizes.Compile = func(x float64) (study.Case, error) {
		return z.bare(f, append(slices.Clone(z.sets), scenario.Setting{Key: z.key, Value: numeric.Text(x), From: "--for"}))
	}
	if err := z.kept.begin(ctx, z.output, f); err != nil {
		return err
	}
	options, _ := z.options(z.output)
	options.Progress = nil
	sized, err := study.Size(ctx, sizes, options)
	more, err := z.kept.end(z.output, err)
	if !more && !z.partial(sized != nil, err) {
		return err
	}
	for _, text := range base.Warnings {
		z.note("warning: " + text)
	}
	head := report.SizeHead{Scenario: base.Name, Design: base.Designs[0].Name, Key: z.key, Unit: numeric.Unit, Whole: numeric.Whole, Share: numeric.Share,
		Objective: base.Objective, Seed: z.seed, Version: version, Text: numeric.Text}
	return errors.Join(err, answer(z.stdout, func(w io.Writer) error {
		switch {
		case z.json:
			return report.SizeJSON(w, head, sized)
		case z.csv:
			return report.SizeCSV(w, head, sized)
		}
		return report.SizeText(w, head, sized)
	}))
}

// values are what the key may be given.
func (z *sizeConfig) values(f *scenario.File) (scenario.Numeric, study.SizeOptions, error) {
	n, err := f.Numeric(z.key, "--for")
	if err != nil {
		return n, study.SizeOptions{}, err
	}
	o := study.SizeOptions{Whole: n.Whole, Lo: max(n.Lo, 0), Limit: min(n.Hi, sizeLimit)}
	switch {
	case z.between != "":
		o.Lo, o.Hi, err = n.Range("--between", z.between)
	case !n.Whole:
		err = z.noRange(f, n)
	}
	o.Pace, err = z.paces(f, err)
	return n, o, err
}

// noRange asks for --between, with values about those of the file; first comes what
// is wrong with the key anyhow.
func (z *sizeConfig) noRange(f *scenario.File, n scenario.Numeric) error {
	lo, hi := n.Around(f.Now(z.sets, cmp.Or(z.design, f.DesignNames()[0]), z.key))
	if _, err := z.bare(f, append(slices.Clone(z.sets), scenario.Setting{Key: z.key, Value: n.Text(lo), From: "--for"})); err != nil {
		return err
	}
	return usageErrorf("as in --between "+n.Text(lo)+".."+n.Text(hi), "planner size needs --between A..B for %s, which is not a whole number", z.key)
}

// paces tells whether the key is the delay or the rate of a finite pool.
func (z *sizeConfig) paces(f *scenario.File, err error) (study.Pace, error) {
	if err != nil {
		return study.NoPace, err
	}
	parts := strings.Split(z.key, ".")
	if len(parts) != 3 || parts[0] != "streams" {
		return study.NoPace, nil
	}
	pace := map[string]study.Pace{"mean_delay": study.Delay, "window": study.Delay, "rate": study.Rate}[parts[2]]
	s, err := f.Compile(z.sets, z.question.design)
	if err != nil {
		return study.NoPace, err
	}
	for _, st := range s.Designs[0].Streams {
		if st.Name == parts[1] && st.Form == scenario.Pool {
			return pace, nil
		}
	}
	return study.NoPace, nil
}

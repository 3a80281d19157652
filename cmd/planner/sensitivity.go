package main

import (
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

func sensitivityCommand() *cli.Command {
	return &cli.Command{
		Name:      "sensitivity",
		Usage:     "what not knowing the file's uncertain numbers means, and which to measure first",
		ArgsUsage: "FILE",
		Description: "An uncertain number is a range, as 3000..8000 (its 90 % interval), or a triangle, as {low: 3000, likely: 5000, high: 8000}.\n" +
			"For each design: what chance and what ignorance make of P99 and P(T > objective), a tornado over the\n" +
			"inputs, and the share of the variance that goes with each (Sobol indices). --precision is of the drain\n" +
			"times of the middle and of each end of an input; how many draws of the inputs there are goes by --draws.\n\n" +
			"Examples:\n" +
			"  planner sensitivity testdata/scenarios/us-east-1-2012-unknowns.yaml --tornado\n" +
			"  planner sensitivity scenario.yaml --design 'more servers' --set streams.reconnects.count=2000..4000\n" +
			"  planner sensitivity scenario.yaml --design 'static stability' --set control_plane.service.mean=1s..1.4s --charts charts --csv\n" +
			"  planner sensitivity testdata/scenarios/us-east-1-2012-unknowns.yaml --tornado --method simulate --precision 5% --of p90",
		Flags: flagGroups([]cli.Flag{
			&cli.BoolFlag{Name: "tornado", DisableDefaultText: true, Usage: "only each input by itself from end to end: soon done, without chance and ignorance apart"},
			&cli.IntFlag{Name: "draws", DefaultText: "as many as tell the inputs apart, within bounds", Usage: "draw the inputs about `N` times, for narrower intervals"},
			jsonFlag(), csvFlag(), quietFlag()}, whatIfFlags(),
			chanceFlagsOf(sensitivityReplications, "drain times of the middle and of each end that are simulated where no theory covers them"), precisionFlags(),
			[]cli.Flag{methodFlag(), allowOutsideFlag()}, chartFlags(), []cli.Flag{checkpointFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newSensitivityConfig) },
	}
}

// sensitivityConfig is what planner sensitivity was asked for.
type sensitivityConfig struct {
	question
	output
	charting
	tornado bool
	draws   int // 0: as many as a good precision takes
}

// The draws that may be asked for.
const (
	leastDraws = 100
	mostDraws  = 10_000_000
)

// sensitivityReplications are the drain times of the middle and of each end of
// each input, where no theory covers them: ends that matter lie far apart.
const sensitivityReplications = 500

func newSensitivityConfig(c *cli.Context) (*sensitivityConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	s := &sensitivityConfig{question: q, output: newOutput(c), charting: newCharting(c), tornado: c.Bool("tornado"), draws: c.Int("draws")}
	if c.IsSet("draws") {
		switch {
		case s.tornado:
			err = usageErrorf("leave out one of them", "--tornado draws nothing: --draws means nothing beside it")
		default:
			err = firstError(atLeast("draws", s.draws, leastDraws), atMost("draws", s.draws, mostDraws))
		}
	}
	return s, firstError(err, s.output.check(), s.charting.check(c), checkPrecision(s.precision, s.method))
}

// Run prints the answer and writes the charts.
func (s *sensitivityConfig) Run(ctx context.Context) error {
	f, err := s.open()
	if err != nil {
		return err
	}
	unknowns, names, err := s.unknowns(f)
	if err != nil {
		return err
	}
	if err := s.refuseExisting(report.TornadoNames(names, s.format)); err != nil {
		return err
	}
	if err := s.kept.begin(ctx, s.output, f); err != nil {
		return err
	}
	options, done := s.options(s.output)
	options.Tornado, options.Draws = s.tornado, s.draws
	result, err := study.Sense(ctx, unknowns, options)
	done()
	more, err := s.kept.end(s.output, err)
	if !more && !s.partial(result != nil, err) {
		return err
	}
	if more {
		err = s.draw(s.output, func(look report.Look) ([]report.Chart, error) { return report.TornadoCharts(result, version, look) })
		if err != nil {
			return err
		}
	}
	return errors.Join(err, answer(s.stdout, func(w io.Writer) error { return s.print(w, result) }))
}

func (s *sensitivityConfig) print(w io.Writer, result *study.Sensitivity) error {
	switch {
	case s.json:
		return report.SensitivityJSON(w, result, version)
	case s.csv:
		return report.SensitivityCSV(w, result)
	}
	return report.SensitivityText(w, result, report.Style{Version: version})
}

// unknowns are the designs asked about with what is not known of each.
func (q *question) unknowns(f *scenario.File) (all []study.Unknown, names []string, err error) {
	names = q.names(f)
	for _, name := range names {
		one := *q
		one.design = name
		u, err := one.unknown(f)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, u)
	}
	return all, names, nil
}

// unknown is the one design asked about.
func (q *question) unknown(f *scenario.File) (study.Unknown, error) {
	u, name, err := q.known(f)
	if err == nil && len(u.Inputs) == 0 {
		err = usageErrorf("write a number as a range, such as streams.relaunches.mean_delay: 20m..80m, or ask what-ifs by planner sweep",
			"planner sensitivity needs uncertain numbers that drain times depend on, and design %q has none", name)
	}
	return u, err
}

// known is unknown where a design may also have nothing uncertain, and the
// design's name.
func (q *question) known(f *scenario.File) (u study.Unknown, design string, err error) {
	s, err := f.Compile(q.sets, q.design)
	if err != nil {
		return u, "", err
	}
	for _, x := range moving(s.Uncertain) {
		in, err := input(x)
		if err != nil {
			return u, "", err
		}
		u.Inputs = append(u.Inputs, in)
	}
	u.Compile = func(texts []string) (study.Case, error) {
		more := make([]scenario.Setting, len(texts))
		for i, text := range texts {
			more[i] = scenario.Setting{Key: u.Inputs[i].Key, Value: text, From: "a draw of"}
		}
		return q.bare(f, slices.Concat(q.sets, more))
	}
	return u, s.Designs[0].Name, nil
}

// moving are those of the uncertain numbers that drain times depend on.
func moving(all []scenario.Uncertain) []scenario.Uncertain {
	return slices.DeleteFunc(slices.Clone(all), func(x scenario.Uncertain) bool { return !drainsBy(x.Key) })
}

// drainsBy tells whether drain times depend on a key: how often storms come and
// what things cost do not matter to them.
func drainsBy(key string) bool {
	return !strings.HasPrefix(key, "year.") && !strings.HasPrefix(key, "cost.")
}

// input describes an uncertain number by its 90 % range.
func input(x scenario.Uncertain) (study.Input, error) {
	s, err := x.Sampler()
	if err != nil {
		return study.Input{}, err
	}
	low, lowest, _ := x.Draw(0.05)
	high, highest, _ := x.Draw(0.95)
	return study.Input{Key: x.Key, Unit: s.Unit, Low: lowest, Middle: x.Value, High: highest,
		LowText: low.Value, MiddleText: x.Text, HighText: high.Value,
		Draw: func(uniform float64) string {
			set, _ := s.At(uniform)
			return set.Value
		}}, nil
}

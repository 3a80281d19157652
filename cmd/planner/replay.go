package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/fit"
	"singlelane/cmd/planner/internal/fit/trace"
	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
	"singlelane/queueing"
)

func replayCommand() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "the measured arrivals through the described lane: measured against modelled backlog, then what-ifs on the same storm",
		ArgsUsage: "FILE",
		Description: "The requests of --trace come exactly as they were measured, in the place of all streams of the\n" +
			"scenario FILE; only the services are random. Each design is run as the file describes it and,\n" +
			"with --set, once more with those settings.\n\n" +
			"Examples:\n" +
			"  planner replay testdata/scenarios/measured-lane.yaml --trace testdata/scenarios/traces/requests.csv\n" +
			"  planner replay testdata/scenarios/measured-lane.yaml --trace testdata/scenarios/traces/requests.csv --set control_plane.servers=6 --csv\n" +
			"  planner replay testdata/scenarios/measured-lane.yaml --trace testdata/scenarios/traces/requests.csv --precision 5% --of p90",
		Flags: flagGroups([]cli.Flag{&cli.PathFlag{Name: "trace", Usage: "the measured `TRACE`: a log, a series or counts, see planner fit"}},
			whatIfFlags(), traceFlags(), chanceFlagsOf(400, "times to run each design through the storm"),
			precisionFlagsOf(fmt.Sprintf("%d at most, or 10^9 requests", study.MaxReplayed)), []cli.Flag{jsonFlag(), csvFlag(), quietFlag(), allowOutsideFlag()}, chartFlags()),
		Action: func(c *cli.Context) error { return withConfig(c, newReplayConfig) },
	}
}

// replayConfig is what planner replay was asked for.
type replayConfig struct {
	question
	output
	traceInput
	charting
}

func newReplayConfig(c *cli.Context) (*replayConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	if !c.IsSet("trace") {
		return nil, usageErrorf("planner replay --help shows an example", "planner replay needs --trace, the measured requests")
	}
	r := &replayConfig{question: q, output: newOutput(c), traceInput: newTraceInput(c, c.Path("trace")),
		charting: newCharting(c)}
	return r, firstError(r.output.check(), oneOf("unit", c.String("unit"), "s", "ms", "us", "ns"), atMost("replications", r.replications, study.MaxReplayed), r.charting.check(c))
}

// Run replays the storm and prints.
func (r *replayConfig) Run(ctx context.Context) error {
	if err := r.refuseExisting([]string{report.ReplayChartName(r.format)}); err != nil {
		return err
	}
	out, err := r.replay(ctx)
	if err != nil && !r.partial(out != nil && len(out.Designs) > 0, err) {
		return err
	}
	if err == nil {
		err = r.draw(r.output, func(look report.Look) ([]report.Chart, error) {
			chart, err := out.Chart(look)
			return []report.Chart{chart}, err
		})
		if err != nil {
			return err
		}
	}
	for _, w := range out.Warnings() {
		r.note("warning: " + w)
	}
	return errors.Join(err, answer(r.stdout, func(w io.Writer) error {
		switch {
		case r.json:
			return out.JSON(w)
		case r.csv:
			return out.CSV(w)
		}
		return out.Text(w, report.Style{Colour: wantsColour(r.stdout)})
	}))
}

// replay runs every design as described, then all of them with the what-ifs. When
// ctx ends it returns those that were run by then together with a *StoppedError.
func (r *replayConfig) replay(ctx context.Context) (*report.Replay, error) {
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	sets := r.sets
	r.sets = nil
	described, err := r.compile(f)
	if err != nil {
		return nil, err
	}
	asked := []study.Case{described}
	if len(sets) > 0 {
		changed, err := r.compile(f, sets...)
		if err != nil {
			return nil, err
		}
		asked = append(asked, changed)
	}
	t, err := r.traceInput.read(ctx)
	if err != nil {
		return nil, err
	}
	for _, n := range t.Notes {
		r.note(n)
	}
	storm, err := stormOf(t)
	if err != nil {
		return nil, err
	}
	out := &report.Replay{Name: described.Name, Trace: t, Storm: storm, Seed: r.seed, Version: version}
	return out, r.runAll(ctx, out, asked, sets)
}

// runAll runs the designs of the file, then those of the what-ifs.
func (r *replayConfig) runAll(ctx context.Context, out *report.Replay, asked []study.Case, sets []scenario.Setting) error {
	options, done := r.options(r.output)
	defer done()
	storm := out.Storm
	for i, c := range asked {
		storm.Within = c.Objective.Within
		for _, d := range c.Designs {
			one, err := storm.Run(ctx, d, options)
			if errors.Is(err, context.Canceled) {
				out.Interrupted = true
				return &study.StoppedError{Finished: study.Numbered(len(out.Designs), len(asked)*len(c.Designs), "replay", "finished"), Err: err}
			}
			if err != nil {
				return err
			}
			for _, s := range sets[:len(sets)*i] {
				one.Sets = append(one.Sets, s.Key+"="+s.Value)
			}
			out.Designs = append(out.Designs, one)
		}
	}
	return nil
}

// replayPoints is the number of instants at which the backlogs are compared.
const replayPoints = 500

// stormOf is the trace as a storm to be replayed.
func stormOf(t *trace.Trace) (study.Replay, error) {
	var storm study.Replay
	var err error
	if s := t.Series; s != nil {
		if s.Arrived == nil {
			return storm, usageErrorf("add a column of completions or arrivals", "%s has depths alone: what came and what was done cannot be told apart", t.Name)
		}
		edges, counts := make([]float64, len(s.Times)), make([]int, len(s.Arrived))
		for i, at := range s.Times {
			edges[i] = trace.Seconds(at)
		}
		for i, n := range s.Arrived {
			counts[i] = int(math.Round(math.Min(n, queueing.MaxCount)))
		}
		storm.Arrivals, err = queueing.NewRecordedCounts(edges, counts)
		storm.Span = edges[len(edges)-1]
		if s.Depth != nil {
			storm.Backlog = int(math.Round(math.Min(s.Depth[0], queueing.MaxCount)))
		}
	} else {
		at := make([]float64, t.Requests.N())
		for i, a := range t.Requests.Arrival {
			at[i] = trace.Seconds(a)
		}
		storm.Arrivals, err = queueing.NewRecordedInstants(at)
		storm.Span = at[len(at)-1]
	}
	if err != nil {
		return storm, err
	}
	if storm.Arrivals.Total() == 0 {
		return storm, usageErrorf("", "%s has no arrivals to replay", t.Name)
	}
	if l := fit.LaneOf(t); l != nil {
		times, in := l.Thinned(replayPoints)
		storm.Measured = study.Series{Times: times, Values: in}
		storm.Span = math.Max(storm.Span, times[len(times)-1])
		return storm, nil
	}
	for i := range replayPoints + 1 {
		storm.Measured.Times = append(storm.Measured.Times, storm.Span*float64(i)/replayPoints)
	}
	return storm, nil
}

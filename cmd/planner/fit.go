package main

import (
	"context"
	"errors"
	"io"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/fit"
	"singlelane/cmd/planner/internal/fit/prometheus"
	"singlelane/cmd/planner/internal/fit/trace"
	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing"
)

func fitCommand() *cli.Command {
	return &cli.Command{
		Name:      "fit",
		Usage:     "arrival rate, surge, service law, servers and backlog from measured data, as a scenario fragment",
		ArgsUsage: "TRACE",
		Description: "TRACE is a log of requests (CSV or TSV with a heading: arrival, start, end; arrival, wait,\n" +
			"service; or start and end), a series of queue depths (time, depth, completed, arrivals), a\n" +
			"job log in the Standard Workload Format, or what Prometheus answers to query_range; plain or\n" +
			"gzipped; - is stdin. Columns are found by their names, or named by flags.\n" +
			"The fragment, with a name and an objective, is a scenario. A live Prometheus is asked by\n" +
			"--prometheus http://localhost:9090 --completions-query 'sum(jobs_done_total)'\n" +
			"--depth-query 'sum(queue_depth)' --since 2h, without a TRACE; query the counters themselves.\n\n" +
			"Examples:\n" +
			"  planner fit testdata/scenarios/traces/requests.csv\n" +
			"  planner fit testdata/scenarios/traces/NASA-iPSC-1993-3.1-cln.swf.gz --json\n" +
			"  planner fit testdata/scenarios/traces/requests.csv --arrival arrival --start start --end end --incident 5m --charts charts",
		Flags:  flagGroups(traceFlags(), fitFlags(), prometheusFlags(), []cli.Flag{jsonFlag(), csvFlag(), quietFlag()}, chartFlags()),
		Action: func(c *cli.Context) error { return withConfig(c, newFitConfig) },
	}
}

// traceFlags say what is in a trace.
func traceFlags() []cli.Flag {
	usages := map[trace.Role]string{
		trace.Arrival: "of the instants at which requests came", trace.Start: "at which their service began", trace.End: "at which it ended",
		trace.Wait: "of the times from arrival to start", trace.Service: "of the times from start to end",
		trace.Time: "of a series' instants", trace.Depth: "(or series) of the requests in the lane", trace.Completed: "(or series) of the requests done",
		trace.Arrivals: "(or series) of the requests that came",
	}
	var flags []cli.Flag
	for _, r := range trace.Roles() {
		flags = append(flags, &cli.StringFlag{Name: string(r), Usage: "column `NAME` " + usages[r]})
	}
	return append(flags,
		&cli.StringFlag{Name: "unit", Value: "s", Usage: "of durations whose column does not say: `s|ms|us|ns`"},
		&cli.BoolFlag{Name: "per-interval", DisableDefaultText: true, Usage: "completed and arrivals count since the row before, never since the beginning"},
		&cli.BoolFlag{Name: "mixed-zones", DisableDefaultText: true, Usage: "take dates in different time zones as each says"})
}

func fitFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "incident", Usage: "`TIME` at which the surge begins: a date, or a duration from the first instant (default: where the rate rises most)"},
		&cli.IntFlag{Name: "servers", Usage: "`N` servers, where the data cannot tell"},
		&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "seed of the random numbers, `N`"},
	}
}

// traceInput is a trace file and how to read it.
type traceInput struct {
	path    string
	reading trace.Options
	stdin   io.Reader
}

func newTraceInput(c *cli.Context, path string) traceInput {
	in := traceInput{path: path, stdin: c.App.Reader, reading: trace.Options{Columns: trace.Columns{}, Unit: c.String("unit"),
		Interval: c.Bool("per-interval"), MixedZones: c.Bool("mixed-zones")}}
	for _, r := range trace.Roles() {
		if c.IsSet(string(r)) {
			in.reading.Columns[r] = c.String(string(r))
		}
	}
	return in
}

func (in traceInput) read(ctx context.Context) (*trace.Trace, error) {
	return trace.ReadFile(ctx, in.path, in.stdin, in.reading)
}

// fitConfig is what planner fit was asked for.
type fitConfig struct {
	output
	traceInput
	question *prometheus.Question // nil: the trace is a file
	incident string
	options  fit.Options
	charting
}

func newFitConfig(c *cli.Context) (*fitConfig, error) {
	path, question, err := fitSource(c)
	if err != nil {
		return nil, err
	}
	f := &fitConfig{output: newOutput(c), traceInput: newTraceInput(c, path), question: question, incident: c.String("incident"),
		options:  fit.Options{Servers: c.Int("servers"), Seed: c.Uint64("seed"), Incident: math.NaN()},
		charting: newCharting(c)}
	if c.IsSet("servers") {
		err = firstError(atLeast("servers", f.options.Servers, 1), atMost("servers", f.options.Servers, queueing.MaxServers))
	}
	return f, firstError(err, f.output.check(), oneOf("unit", c.String("unit"), "s", "ms", "us", "ns"), f.charting.check(c))
}

// collectOften keeps the memory of 10^7 requests below a gigabyte: a trace is a
// few large slices without pointers, which cost the collector next to nothing.
const collectOften = 25

// Run reads, fits, draws and prints.
func (f *fitConfig) Run(ctx context.Context) error {
	if err := f.refuseExisting(report.FitChartNames(f.format)); err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(collectOften))
	t, err := f.load(ctx)
	if err != nil {
		return err
	}
	if f.options.Incident, err = instantOf(f.incident, t); err != nil {
		return err
	}
	if last := fit.Last(t); f.options.Incident < 0 || f.options.Incident > last {
		return usageErrorf("write 2012-06-29T20:04:00Z, or 10m counted from the first instant", "flag --incident is %s, which lies outside the trace: it begins at %s and covers %s", f.incident, t.Origin.Format(time.RFC3339), report.Duration(last))
	}
	for _, n := range t.Notes {
		f.note(n)
	}
	found := fitOf(t, f.options)
	out := report.Fit{Fit: found, Version: version}
	if err := f.draw(f.output, out.Charts); err != nil {
		return err
	}
	for _, w := range found.Warnings {
		f.note("warning: " + w)
	}
	return answer(f.stdout, func(w io.Writer) error {
		switch {
		case f.json:
			return out.JSON(w)
		case f.csv:
			return out.CSV(w)
		}
		return out.YAML(w)
	})
}

func fitOf(t *trace.Trace, o fit.Options) *fit.Fit {
	if t.Series != nil {
		return fit.Series(t, o)
	}
	return fit.Requests(t, o)
}

// instantOf reads a date, or a duration from the first instant; NaN for none.
func instantOf(text string, t *trace.Trace) (float64, error) {
	if text == "" {
		return math.NaN(), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err == nil && t.Relative {
		return 0, usageErrorf("write --incident 10m, counted from the first instant", "flag --incident is a date, but the trace counts from a zero of its own")
	}
	if err == nil {
		return at.Sub(t.Origin).Seconds(), nil
	}
	x, fault := scenario.Duration(0, 1e10).Read(text, flagPlace("incident"), "")
	if fault != nil {
		fault.Hint = "write 2012-06-29T20:04:00Z, or 10m counted from the first instant"
		return 0, scenario.Faults{*fault}
	}
	return x, nil
}

// traceFaults prints what is wrong with a trace, each fault with its hint.
func traceFaults(err error, stderr io.Writer) bool {
	var faults *trace.Faults
	if !errors.As(err, &faults) {
		return false
	}
	for i, text := range faults.Lines() {
		hint := ""
		if i < len(faults.First) && (i == 0 || faults.First[i].Hint != faults.First[i-1].Hint) {
			hint = faults.First[i].Hint
		}
		complain(stderr, text, strings.TrimSpace(hint))
	}
	return true
}

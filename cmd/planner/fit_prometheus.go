package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/fit/prometheus"
	"singlelane/cmd/planner/internal/fit/trace"
	"singlelane/cmd/planner/internal/scenario"
)

func prometheusFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "prometheus", Usage: "ask the Prometheus server at `URL` in place of a trace"},
		&cli.StringFlag{Name: "arrivals-query", Usage: "`QUERY` of the counter of requests that came"},
		&cli.StringFlag{Name: "completions-query", Usage: "`QUERY` of the counter of requests done"},
		&cli.StringFlag{Name: "depth-query", Usage: "`QUERY` of the requests in the lane"},
		&cli.StringFlag{Name: "since", Usage: "`TIME` from which on: a date, or a duration before now"},
		&cli.StringFlag{Name: "until", Usage: "`TIME` up to which: a date, or a duration before now (default now)"},
		&cli.StringFlag{Name: "step", Value: "15s", Usage: "`TIME` between samples"},
	}
}

// fitSource is the trace's path, or the question to a server.
func fitSource(c *cli.Context) (path string, q *prometheus.Question, err error) {
	if !c.IsSet("prometheus") {
		for _, name := range []string{"arrivals-query", "completions-query", "depth-query", "since", "until", "step"} {
			err = firstError(err, needs(c, name, "prometheus"))
		}
		if err != nil {
			return "", nil, err
		}
		path, err = oneArgument(c, "a trace")
		return path, nil, err
	}
	if err := noArguments(c); err != nil {
		return "", nil, err
	}
	q = &prometheus.Question{URL: c.String("prometheus"), Arrivals: c.String("arrivals-query"), Completions: c.String("completions-query"), Depth: c.String("depth-query")}
	if q.Arrivals+q.Completions+q.Depth == "" {
		return "", nil, usageErrorf("add --completions-query and --depth-query, or --arrivals-query", "flag --prometheus needs a query")
	}
	if !c.IsSet("since") {
		return "", nil, usageErrorf("add --since 2h, say", "flag --prometheus needs --since")
	}
	now := time.Now().Truncate(time.Second)
	step, fault := scenario.Duration(1e-3, 1e6).Read(c.String("step"), flagPlace("step"), "")
	if fault != nil {
		return "", nil, scenario.Faults{*fault}
	}
	q.Step = time.Duration(step * 1e9)
	var sinceErr, untilErr error
	q.Since, sinceErr = before(now, "since", c.String("since"))
	q.Until = now
	if c.IsSet("until") {
		q.Until, untilErr = before(now, "until", c.String("until"))
	}
	if err := firstError(sinceErr, untilErr); err != nil {
		return "", nil, err
	}
	if !q.Since.Before(q.Until) {
		return "", nil, usageErrorf("", "flag --since, %s, is not before --until, %s", q.Since.Format(time.RFC3339), q.Until.Format(time.RFC3339))
	}
	return "", q, nil
}

// before reads a date, or a duration before now.
func before(now time.Time, flag, text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	x, fault := scenario.Duration(0, 3e9).Read(text, flagPlace(flag), "")
	if fault != nil {
		fault.Hint = "write 2012-06-29T20:04:00Z, or 2h for two hours ago"
		return now, scenario.Faults{*fault}
	}
	return now.Add(-time.Duration(x * 1e9)), nil
}

// load reads the trace, or asks the server for it.
func (f *fitConfig) load(ctx context.Context) (*trace.Trace, error) {
	if f.question == nil {
		return f.read(ctx)
	}
	samples, warnings, err := prometheus.Ask(ctx, *f.question)
	if err != nil {
		return nil, err
	}
	t, err := trace.FromSamples(f.question.Name(), samples)
	if err != nil {
		return nil, err
	}
	t.Warnings = append(t.Warnings, warnings...)
	return t, nil
}

// prometheusFault prints why a server gave no answer.
func prometheusFault(err error, stderr io.Writer) bool {
	var e *prometheus.Error
	if !errors.As(err, &e) {
		return false
	}
	complain(stderr, "prometheus: "+e.Error(), e.Hint)
	return true
}

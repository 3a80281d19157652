package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
	"singlelane/queueing"
)

func drainCommand() *cli.Command {
	return &cli.Command{
		Name:  "drain",
		Usage: "how long one lane takes to drain, from flags alone",
		Description: "Every rate and number is that of one lane. With --limit, requests beyond it are refused:\n" +
			"they are lost, or with --retry-delay they wait in an orbit and each tries again after an\n" +
			"exponential delay; lane and orbit have drained when both are empty. Who is refused costs the\n" +
			"lane no service, so it drains at every rate below its capacity; whether it still does when\n" +
			"clients time out, planner queue retrial --orbit-limit --timeout tells.\n\n" +
			"Examples:\n" +
			"  planner drain --backlog 1000 --arrivals 4/s --surge 8/s --surge-decay 5m --service-rate 10/s\n" +
			"  planner drain --backlog 500 --arrivals 3/s --service-mean 1s --servers 5 --within 10m --lanes 4\n" +
			"  planner drain --backlog 20 --limit 20 --retry-delay 10s --orbit 30 --arrivals 6/s --service-rate 10/s",
		Flags: flagGroups(drainInputFlags(), []cli.Flag{methodFlag()}, chanceFlags(), precisionFlags(), []cli.Flag{jsonFlag(), csvFlag(),
			&cli.BoolFlag{Name: "quiet", DisableDefaultText: true, Usage: "no progress, notes or warnings on stderr"}}),
		Action: func(c *cli.Context) error { return withConfig(c, newDrainConfig) },
	}
}

// drainConfig is what planner drain was asked for.
type drainConfig struct {
	output
	lane    queueing.Config
	streams []queueing.Stream
	lanes   int
	orbit   *queueing.RetryOrbit
	within  float64
	horizon float64
	at      []float64
	options study.Options
}

func newDrainConfig(c *cli.Context) (*drainConfig, error) {
	if err := noArguments(c); err != nil {
		return nil, err
	}
	r := &drainReader{c: c}
	d := &drainConfig{
		output: newOutput(c), lane: r.config(), streams: r.streams(), orbit: r.orbit(), at: r.times(),
		lanes: r.count("lanes", 1), within: r.value("within", math.NaN()), horizon: r.value("horizon", 86400),
		options: study.Options{Seed: c.Uint64("seed"), Replications: c.Int("replications"), Workers: c.Int("workers"), Method: study.Method(c.String("method"))},
	}
	var preciseErr error
	d.options.Precision, preciseErr = readPrecision(c)
	if d.options.Precision.Of == string(study.Breach) && math.IsNaN(d.within) {
		preciseErr = usageErrorf("as --within 2h", "flag --of breach needs --within")
	}
	if preciseErr == nil {
		preciseErr = checkPrecision(d.options.Precision, d.options.Method)
	}
	r.refuse(preciseErr)
	for _, err := range []error{d.check(), atLeast("replications", d.options.Replications, 1), atMost("replications", d.options.Replications, mostReplications),
		atLeast("workers", d.options.Workers, 1), oneOf("method", string(d.options.Method), study.Methods()...)} {
		r.refuse(err)
	}
	if len(r.faults) > 0 {
		return nil, tellFaults(c.App.ErrWriter, r.faults)
	}
	return d, nil
}

// refuse notes a fault that was found as a usage error.
func (r *drainReader) refuse(err error) {
	var usage *usageError
	if errors.As(err, &usage) {
		flag, problem, _ := strings.Cut(strings.TrimPrefix(usage.text, "flag --"), " ")
		if !strings.HasPrefix(usage.text, "flag --") {
			r.faults = append(r.faults, scenario.Fault{Place: scenario.Place{File: "planner drain"}, Problem: usage.text, Hint: usage.hint})
			return
		}
		r.fault(flag, problem, "", usage.hint)
	}
}

// Run solves and prints.
func (d *drainConfig) Run(ctx context.Context) error {
	lanes, err := d.build()
	if err != nil {
		return err
	}
	progress, done := d.progress()
	d.options.Progress = progress
	law, err := study.Drain(ctx, study.DrainCase{Lanes: lanes, Orbit: d.orbit, Within: d.within, Horizon: d.horizon, At: d.at}, d.options)
	done()
	broken := law != nil && errors.Is(err, context.Canceled)
	if err != nil && !errors.Is(err, queueing.ErrNever) && !broken {
		return d.explain(err)
	}
	out := &report.Drain{Law: law, Lanes: d.lanes, Within: d.within, At: d.at, Seed: d.options.Seed,
		Sustainable: lanes[0].FinalCapacity(), Arrivals: lanes[0].Arrivals().LongRun(), Interrupted: broken}
	if out.At == nil && law != nil {
		out.At = spread(law)
	}
	if law != nil && law.Theory != nil && !d.quiet {
		warnAll(d.stderr, law.Theory.Warnings)
	}
	told := answer(d.stdout, func(w io.Writer) error {
		switch {
		case d.json:
			return out.JSON(w)
		case d.csv:
			return out.CSV(w)
		}
		return out.Text(w, report.Style{Colour: wantsColour(d.stdout), Version: version})
	})
	if broken {
		return errors.Join(err, told)
	}
	return told
}

// build makes the lanes.
func (d *drainConfig) build() ([]*queueing.Lane, error) {
	arrivals, err := queueing.NewArrivals(d.streams...)
	if err != nil {
		return nil, err
	}
	d.lane.Arrivals = arrivals
	lanes := make([]*queueing.Lane, d.lanes)
	for i := range lanes {
		d.lane.Name = fmt.Sprintf("lane %d", i+1)
		if lanes[i], err = queueing.NewLane(d.lane); err != nil {
			return nil, err
		}
	}
	return lanes, nil
}

// explain turns a method that does not suit into an error of usage.
func (d *drainConfig) explain(err error) error {
	var uncovered *queueing.UnsupportedError
	var inaccurate *queueing.AccuracyError
	hint := ""
	if m := d.options.Method; m != study.Auto {
		hint = "--method auto chooses one that suits"
	}
	if errors.Is(err, queueing.ErrEndless) {
		return usageErrorf("--until no-wait asks for the time until no request waits, whatever the servers do", "%s", strings.TrimPrefix(err.Error(), "queueing: "))
	}
	if errors.As(err, &uncovered) || errors.As(err, &inaccurate) {
		return usageErrorf(hint, "%s", strings.TrimPrefix(err.Error(), "queueing: "))
	}
	return err
}

// spread is some times across the law, evenly from one per mille to all but
// one per mille of it.
func spread(l *study.Law) []float64 {
	const points = 20
	lo, hi := quantile(l, 0.001), quantile(l, 0.999)
	if math.IsInf(hi, 1) || !(hi > lo) {
		return []float64{lo}
	}
	at := make([]float64, points+1)
	for i := range at {
		at[i] = roundTo(lo+(hi-lo)*float64(i)/points, hi-lo)
	}
	return at
}

// roundTo rounds a time to a thousandth of a width, in digits.
func roundTo(t, width float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(width))-3)
	return math.Round(t/unit) * unit
}

func quantile(l *study.Law, p float64) float64 {
	if l.Theory != nil {
		return l.Theory.Quantile(p)
	}
	return l.Sample.Quantile(p).Value
}

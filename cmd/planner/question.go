package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/schollz/progressbar/v3"
	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

// mostReplications is how many drain times may be asked for.
const mostReplications = 100_000_000

// mostDrains is how many drain times of all designs may be asked for: they are
// held together.
const mostDrains = 200_000_000

// question is what every command that asks a study shares: a scenario file,
// what-ifs, and how chance is dealt with.
type question struct {
	file         string
	outside      bool // data files may lie outside the file's folder
	sets         []scenario.Setting
	design       string
	only         []string // the designs that are compared; empty: all
	seed         uint64
	replications int
	counted      bool // replications was given by number
	workers      int
	method       study.Method
	precision    study.Precision
	kept         durable
	read         *scenario.File // once it has been
}

func newQuestion(c *cli.Context) (question, error) {
	q := question{outside: c.Bool("allow-outside"), design: c.String("design"), seed: c.Uint64("seed"), replications: c.Int("replications"), counted: c.IsSet("replications"),
		workers: c.Int("workers"), method: study.Method(c.String("method"))}
	if flagNamed(c.Command.Flags, "method") == nil {
		q.method = study.Auto // the command has one way
	}
	var err, setErr error
	q.file, err = oneArgument(c, "a scenario file")
	q.sets, setErr = whatIfs(c)
	var keepErr error
	q.kept, keepErr = newDurable(c)
	var preciseErr error
	q.precision, preciseErr = readPrecision(c)
	return q, firstError(err, setErr, keepErr, preciseErr, atLeast("replications", q.replications, 1), atMost("replications", q.replications, mostReplications),
		atLeast("workers", q.workers, 1), oneOf("method", string(q.method), study.Methods()...))
}

// load reads the file, compiles the designs and opens what finished work is
// kept in.
func (q *question) load(ctx context.Context, o output) (study.Case, error) {
	f, err := q.open()
	if err != nil {
		return study.Case{}, err
	}
	c, err := q.compile(f)
	if err != nil {
		return study.Case{}, err
	}
	if c.Designs, err = chosen(c.Designs, q.only); err != nil {
		return study.Case{}, err
	}
	if err := q.holdable(len(c.Designs)); err != nil {
		return study.Case{}, err
	}
	return c, q.kept.begin(ctx, o, f)
}

// open reads the file once, which may be a pipe or change meanwhile.
func (q *question) open() (f *scenario.File, err error) {
	if q.read == nil {
		q.read, err = scenario.LoadWith(q.file, scenario.Options{AllowOutside: q.outside})
	}
	return q.read, err
}

func (q *question) compile(f *scenario.File, more ...scenario.Setting) (study.Case, error) {
	sets := append(append([]scenario.Setting(nil), q.sets...), more...)
	s, err := f.Compile(sets, q.design)
	if err != nil {
		return study.Case{}, err
	}
	c := caseOf(s)
	for i, d := range s.Designs {
		if c.Designs[i].Stability, err = stability(f, sets, d); err != nil {
			return study.Case{}, err
		}
		if c.Designs[i].Events, err = events(f, sets, d); err != nil {
			return study.Case{}, err
		}
	}
	return c, nil
}

// bare is compile for studies of the drain time alone: without what takes
// more what-ifs to know, headroom and the year.
func (q *question) bare(f *scenario.File, sets []scenario.Setting) (study.Case, error) {
	s, err := f.Compile(sets, q.design)
	if err != nil {
		return study.Case{}, err
	}
	return caseOf(s), nil
}

func caseOf(s *scenario.Scenario) study.Case {
	c := study.Case{Name: s.Name, Objective: study.Objective(s.Objective), Horizon: s.Horizon, Warnings: s.Warnings}
	for _, d := range s.Designs {
		c.Designs = append(c.Designs, study.Design{Name: d.Name, Lanes: d.Lanes, LaneKind: string(d.LaneKind), Lost: d.Lost,
			PoolRequests: d.PoolRequests, Prices: prices(d), Servers: float64(d.Standing), Instances: d.Region.Standing, Warnings: d.Warnings})
	}
	return c
}

// stability says what headroom does for a design. What one more per cent of
// it spares is found by asking: the design is compiled again with it.
func stability(f *scenario.File, sets []scenario.Setting, d scenario.Design) (*study.Stability, error) {
	r := d.Region
	if r.Zones == 0 {
		return nil, nil
	}
	s := &study.Stability{Headroom: r.Headroom, Needed: r.HeadroomNeeded, Cover: r.Cover, Stable: r.StaticallyStable || r.Cover > 1-1e-9}
	if s.Stable {
		return s, nil
	}
	more := scenario.Setting{Key: "region.headroom", Value: strconv.FormatFloat(r.Headroom+0.01, 'f', -1, 64)}
	next, err := f.Compile(append(slices.Clone(sets), more), d.Name)
	if err != nil {
		return nil, err
	}
	s.PerPoint = float64(d.PoolRequests - next.Designs[0].PoolRequests)
	return s, nil
}

// holdable refuses more drain times of that many designs than are held together.
func (q *question) holdable(designs int) error {
	if designs == 0 || q.replications <= mostDrains/designs {
		return nil
	}
	return usageErrorf(fmt.Sprintf("write --replications %d or less, or name fewer designs by --design", mostDrains/designs),
		"flag --replications is %d, for %d designs %d drain times, allowed are %d for all designs together", q.replications, designs, q.replications*designs, mostDrains)
}

// options for a study, and what to call once it has ended.
func (q *question) options(o output) (study.Options, func()) {
	progress, done := o.progress()
	return study.Options{Seed: q.seed, Replications: q.replications, AllDrawn: q.counted, Workers: q.workers, Method: q.method, Precision: q.precision, Ledger: q.kept.ledger(), Progress: progress}, done
}

// partial tells whether something is to be printed of work that ended by err:
// it was interrupted, and what was finished is no part for others to join.
func (q *question) partial(some bool, err error) bool {
	return some && errors.Is(err, context.Canceled) && q.kept.spec.Count == 0
}

// output is where an answer goes and in what form.
type output struct {
	json, csv, wide, quiet bool
	stdout, stderr         io.Writer
	doing                  string // beside the progress bar; "": simulating
}

func newOutput(c *cli.Context) output {
	return output{json: c.Bool("json"), csv: c.Bool("csv"), wide: c.Bool("wide"), quiet: c.Bool("quiet"), stdout: c.App.Writer, stderr: c.App.ErrWriter}
}

// at is the output of a command of several steps while it does one of them.
func (o output) at(step string) output {
	o.doing = step
	return o
}

func (o *output) check() error {
	if o.json && o.csv {
		return usageErrorf("", "--json and --csv exclude each other")
	}
	if o.wide && (o.json || o.csv) {
		return usageErrorf("JSON and CSV have every column", "--wide is for the table that is printed as text")
	}
	return nil
}

// checkWide is check for a command whose --wide has a table of its own, which
// --csv then prints.
func (o output) checkWide() error {
	if o.csv && !o.json {
		o.wide = false
	}
	return o.check()
}

// note writes a remark to stderr unless asked to be quiet.
func (o *output) note(text string) {
	if !o.quiet {
		note(o.stderr, text)
	}
}

// progress shows a bar on a terminal, and nothing elsewhere.
func (o *output) progress() (report func(done, total int), done func()) {
	if o.quiet || !isTerminal(o.stderr) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(o.stderr), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetDescription(cmp.Or(o.doing, "simulating")), progressbar.OptionShowCount(), progressbar.OptionEnableColorCodes(wantsColour(o.stderr)))
	return func(done, total int) {
			bar.ChangeMax(total)
			_ = bar.Set(done) // a bar that fails to draw is no loss
		}, func() {
			_ = bar.Finish()
		}
}

// runner is a command's config.
type runner interface {
	Run(ctx context.Context) error
}

// withConfig fills a command's config from its flags and runs it.
func withConfig[C runner](c *cli.Context, fill func(*cli.Context) (C, error)) error {
	config, err := fill(c)
	if err != nil {
		return err
	}
	return config.Run(c.Context)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func atLeast(flag string, got, least int) error {
	if got >= least {
		return nil
	}
	return usageErrorf("", "flag --%s is %d, allowed is a whole number of at least %d", flag, got, least)
}

func atMost(flag string, got, most int) error {
	if got <= most {
		return nil
	}
	return usageErrorf("", "flag --%s is %d, allowed is a whole number of at most %d", flag, got, most)
}

// needs refuses a flag that means nothing without another.
func needs(c *cli.Context, flag, other string) error {
	if c.IsSet(flag) && !c.IsSet(other) {
		return usageErrorf("", "flag --%s means nothing without --%s", flag, other)
	}
	return nil
}

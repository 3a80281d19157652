package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"path/filepath"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

func reportCommand() *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "the architecture-review pack: Markdown, one-file HTML, charts, JSON, and the command that made it",
		ArgsUsage: "FILE",
		Description: "Writes report.md, report.html, report.json, charts/ and scenario.yaml, the file as it was read, into a new folder.\n\n" +
			"Examples:\n" +
			"  planner report scenario.yaml -o review --set control_plane.servers=16 --adr\n" +
			"  planner report scenario.yaml -o review --vary control_plane.servers=2..8 --quick\n" +
			"  planner report testdata/scenarios/us-east-1-2012.yaml -o review --quick --replications 1000",
		Flags: flagGroups([]cli.Flag{
			&cli.PathFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the pack into the folder `DIR`"},
			&cli.BoolFlag{Name: "adr", DisableDefaultText: true, Usage: "also write adr.md, an architecture decision record in MADR form"},
			&cli.StringSliceFlag{Name: "vary", Usage: "also show how the answer moves with one or two keys, `KEY=SPEC` as in planner sweep: over two the risk of the design recommended"},
			&cli.BoolFlag{Name: "quick", DisableDefaultText: true, Usage: "leave out what to measure first, which takes the longest"},
			&cli.BoolFlag{Name: "stamp", DisableDefaultText: true, Usage: "put today's date on it (else the same input gives the same bytes)"},
			formatFlag("the files in charts/"), themeFlag("the files in charts/, not of report.html, which follows its reader"), sizeFlag("the files in charts/"),
			forceFlag(), jsonFlag(), quietFlag(),
		}, whatIfFlags(), chanceFlags(), precisionFlags(), []cli.Flag{methodFlag(), allowOutsideFlag(), checkpointFlag()}),
		Action: func(c *cli.Context) error { return withConfig(c, newReportConfig) },
	}
}

// reportConfig is what planner report was asked for.
type reportConfig struct {
	question
	output
	look              // of the files in charts/
	dir               string
	adr, quick, force bool
	precisely         []string // the flags that asked for a precision
	today             string   // empty: no date
	vary              []scenario.Setting
	stage             string // what is being done
}

func newReportConfig(c *cli.Context) (*reportConfig, error) {
	q, err := newQuestion(c)
	if err != nil {
		return nil, err
	}
	r := &reportConfig{question: q, output: newOutput(c), dir: c.Path("output"), look: newLook(c),
		adr: c.Bool("adr"), quick: c.Bool("quick"), force: c.Bool("force")}
	if r.dir == "" {
		return nil, usageErrorf("as in -o review", "planner report needs -o DIR")
	}
	if c.IsSet("precision") {
		r.precisely = []string{"--precision", c.String("precision"), "--of", c.String("of")}
	}
	if r.vary, err = varied(c); err != nil {
		return nil, err
	}
	if c.Bool("stamp") {
		r.today = time.Now().UTC().Format(time.DateOnly)
	}
	return r, r.look.check()
}

// Run answers the question and writes the pack, in this order: a fault
// anywhere leaves nothing written.
func (r *reportConfig) Run(ctx context.Context) error {
	if err := refuseExisting(r.force, r.dir); err != nil {
		return err
	}
	pack, err := r.pack(ctx)
	if err != nil {
		return r.nothing(err)
	}
	files, err := r.files(pack)
	if err != nil {
		return err
	}
	if err := writeFolder(r.dir, files); err != nil {
		return err
	}
	r.note("wrote " + filepath.Join(r.dir, "report.html") + " and the files beside it")
	return answer(r.stdout, func(w io.Writer) error {
		if r.json {
			return pack.JSON(w)
		}
		return pack.Text(w)
	})
}

// nothing says of an interrupt that nothing was written, and how far it came.
func (r *reportConfig) nothing(err error) error {
	var known *study.StoppedError
	switch {
	case !errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &known):
		return &study.StoppedError{Finished: "nothing was written; while " + r.stage + ", " + known.Finished, Err: err}
	}
	return &study.StoppedError{Finished: "nothing was written; it was " + r.stage, Err: err}
}

// pack asks everything that the report says.
func (r *reportConfig) pack(ctx context.Context) (*report.Pack, error) {
	f, err := r.open()
	if err != nil {
		return nil, err
	}
	s, err := f.Compile(r.sets, r.design)
	if err != nil {
		return nil, err
	}
	asked, err := r.compile(f)
	if err != nil {
		return nil, err
	}
	if err := r.holdable(len(asked.Designs)); err != nil {
		return nil, err
	}
	if err := r.kept.begin(ctx, r.output, f); err != nil {
		return nil, err
	}
	r.stage = "simulating the designs"
	options, done := r.options(r.output.at(r.stage))
	options.Curves, options.Paired, options.Requests = true, true, r.requests()
	result, err := study.Evaluate(ctx, asked, options)
	done()
	var choice study.Recommendation
	var sense *study.Sensitivity
	if err == nil {
		choice, sense, err = r.choose(ctx, f, result)
	}
	if _, err := r.kept.end(r.output, err); err != nil {
		return nil, err
	}
	data, err := f.DataFiles()
	if err != nil {
		return nil, err
	}
	p := &report.Pack{Result: result, Fewer: result.Replications < r.replications, Choice: choice, Sense: sense, Unasked: r.quick && len(moving(s.Uncertain)) > 0, Sources: f.Provenance(), Used: s.Uncertain, Set: r.sets,
		Input: report.Input{Scenario: f.Text(), Data: data}, Command: r.command(), Version: version, Stamp: r.today}
	if p.Moved, err = r.moved(ctx, f, p.Choice.Design); err != nil {
		return nil, err
	}
	r.stage = "drawing charts"
	return p, p.Draw(ctx, r.dress(), r.workers)
}

// packRequests and quickRequests bound the work of designs whose storms can only
// be followed request by request, where no number of them was asked for: a
// request takes about 0.1 us to 0.4 us.
const (
	packRequests  = 1.2e8
	quickRequests = 3e7
)

func (r *reportConfig) requests() float64 {
	switch {
	case r.counted:
		return 0
	case r.quick:
		return quickRequests
	}
	return packRequests
}

// choose recommends a design, over the ranges of the file where it has any and
// was not asked to be quick, and says what to measure first for it.
func (r *reportConfig) choose(ctx context.Context, f *scenario.File, result *study.Result) (study.Recommendation, *study.Sensitivity, error) {
	if r.quick {
		return study.Recommend(result), nil, nil
	}
	r.stage = "drawing what is not known"
	if _, err := r.overRanges(ctx, r.output.at(r.stage), f, result.Meeting()); err != nil {
		return study.Recommendation{}, nil, err
	}
	choice := study.Recommend(result)
	hangs := choice.Design
	if choice.PassedOver != nil { // which it would take less to build, if the unknowns allow it
		hangs = choice.PassedOver
	}
	sense, err := r.sense(ctx, f, hangs)
	if err != nil || sense == nil {
		return choice, nil, err
	}
	d := &sense.Designs[0]
	d.Middle = *hangs // with the numbers of the other pages
	if hangs.Ignorance != nil {
		d.Describe(hangs.Ignorance)
	}
	return choice, sense, nil
}

// sense asks what not knowing the inputs does to the design; nothing where all
// that its drain time depends on are known.
func (r *reportConfig) sense(ctx context.Context, f *scenario.File, a *study.Answer) (*study.Sensitivity, error) {
	if r.quick || a == nil {
		return nil, nil
	}
	s, err := f.Compile(r.sets, a.Name)
	if err != nil || len(moving(s.Uncertain)) == 0 {
		return nil, err
	}
	one := r.question
	one.design, one.replications, one.precision = a.Name, min(r.replications, sensitivityReplications), study.Precision{}
	u, err := one.unknown(f)
	if err != nil {
		return nil, err
	}
	r.stage = "finding what to measure first"
	options, done := one.options(r.output.at(r.stage))
	result, err := study.Sense(ctx, []study.Unknown{u}, options)
	done()
	return result, err
}

// moved asks how the answer moves with the keys varied: over one the P99 of all
// designs, over two the risk of the one recommended.
func (r *reportConfig) moved(ctx context.Context, f *scenario.File, a *study.Answer) (*report.Moved, error) {
	if len(r.vary) == 0 {
		return nil, nil
	}
	axes, err := axesOf(f, r.vary)
	if err != nil {
		return nil, err
	}
	r.stage = "varying keys"
	one, metric := r.question, study.P99
	one.replications, one.precision = min(r.replications, sweepReplications), study.Precision{}
	if len(axes) == 2 {
		metric = study.Breach
		if one.design = r.names(f)[0]; a != nil {
			one.design = a.Name
		}
	}
	options, done := one.options(r.output.at("varying " + r.vary[0].Key))
	options.Ledger = nil
	result, err := study.Vary(ctx, axes, metric, one.varying(f, axes), options)
	done()
	if err == nil && !report.Chartable(result) {
		err = usageErrorf("vary a number, a rate or a time", "planner report draws what is varied, and a key that takes words has no scale")
	}
	if err != nil {
		return nil, err
	}
	return &report.Moved{Sweep: result, Now: one.now(f, result)}, nil
}

// command makes the pack again from its own folder.
func (r *reportConfig) command() []string {
	args := []string{"planner", "report", "scenario.yaml", "-o", "again", "--seed", strconv.FormatUint(r.seed, 10)}
	if r.counted {
		args = append(args, "--replications", strconv.Itoa(r.replications))
	}
	args = append(args, r.precisely...)
	for _, s := range r.sets {
		args = append(args, "--set", s.Key+"="+s.Value)
	}
	if r.question.design != "" {
		args = append(args, "--design", r.question.design)
	}
	if r.method != study.Auto {
		args = append(args, "--method", string(r.method))
	}
	if r.format != "png" {
		args = append(args, "--format", r.format)
	}
	if r.theme != "light" {
		args = append(args, "--theme", r.theme)
	}
	if r.size != "column" {
		args = append(args, "--size", r.size)
	}
	if r.outside {
		args = append(args, "--allow-outside")
	}
	for _, v := range r.vary {
		args = append(args, "--vary", v.Key+"="+v.Value)
	}
	if r.quick {
		args = append(args, "--quick")
	}
	if r.adr {
		args = append(args, "--adr")
	}
	return args
}

// files are those of the pack, by their paths in its folder.
func (r *reportConfig) files(p *report.Pack) ([]outputFile, error) {
	files := []outputFile{{"scenario.yaml", p.Input.Scenario}}
	for _, d := range p.Input.Data {
		if d.Local {
			files = append(files, outputFile{path.Clean(filepath.ToSlash(d.Name)), d.Bytes})
		}
	}
	for _, c := range p.Charts {
		files = append(files, outputFile{"charts/" + c.Name, c.File})
	}
	pages := []page{{"report.md", p.Markdown}, {"report.html", p.HTML}, {"report.json", p.JSON}}
	if r.adr {
		pages = append(pages, page{"adr.md", p.ADR})
	}
	for _, g := range pages {
		var b bytes.Buffer
		if err := g.render(&b); err != nil {
			return nil, err
		}
		files = append(files, outputFile{g.name, b.Bytes()})
	}
	return files, clash(files)
}

// page is a file of the pack that is rendered from it.
type page struct {
	name   string
	render func(io.Writer) error
}

// clash refuses a scenario whose data file has the name of one of the pack's.
func clash(files []outputFile) error {
	seen := map[string]bool{}
	for _, f := range files {
		if seen[f.path] {
			return usageErrorf("give it another name", "the data file %s has the name of a file of the report", f.path)
		}
		seen[f.path] = true
	}
	return nil
}

package report

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// Style is how text is set.
type Style struct {
	Colour  bool   // verdicts in colour
	Wide    bool   // more columns than 100
	Version string // of the tool
}

// Text writes the result of a run for a person: the verdict of each design,
// the table, how far theory and simulation agree, and static stability.
func Text(w io.Writer, r *study.Result, s Style) error {
	var b strings.Builder
	b.WriteString(s.cutShort(r.Interrupted))
	fmt.Fprintf(&b, "%s\n%s\n\n", r.Name, folded(finding(r)))
	for i := range r.Designs {
		var verdict strings.Builder
		writeVerdict(&verdict, &r.Designs[i], r.Objective, s)
		b.WriteString(folded(verdict.String()))
	}
	b.WriteString("\n")
	if err := runTable(r, s).write(&b); err != nil {
		return err
	}
	if s.Wide {
		if err := writeStreams(&b, r); err != nil {
			return err
		}
	}
	writeBacklog(&b, r)
	writeAgreement(&b, r)
	writeIgnorance(&b, r)
	writeStability(&b, r)
	if err := errors.Join(writeYear(&b, r), writeCost(&b, r)); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nseed %d, planner %s\n", r.Seed, s.Version)
	_, err := io.WriteString(w, b.String())
	return err
}

const (
	red    = "31"
	green  = "32"
	yellow = "33"
)

// cutShort is the first line of an answer that was interrupted.
func (s Style) cutShort(interrupted bool) string {
	if !interrupted {
		return ""
	}
	return s.paint(yellow, "INTERRUPTED") + ": this is what was known by then\n"
}

func (s Style) paint(colour, text string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// writeVerdict says whether the design meets the objective and by how much,
// and below it how likely that is and what binds.
func writeVerdict(b *strings.Builder, a *study.Answer, o study.Objective, s Style) {
	mark, why := verdict(a)
	if a.Status == study.Never {
		fmt.Fprintf(b, "%s %s: %s\n  the region sustains less than %s requests/s as they divide now\n",
			a.Name, s.paint(red, mark), a.StatusReason, significant(a.LargestSustainable))
		return
	}
	colour := map[string]string{"MISSES": red, "meets": green, "may meet": yellow}[mark]
	if a.Status == study.Metastable {
		fmt.Fprintf(b, "%s is %s: %s\n", a.Name, s.paint(red, "METASTABLE"), a.StatusReason)
	}
	l := a.Judged()
	fmt.Fprintf(b, "%s %s the objective: %s\n", a.Name, s.paint(colour, mark), reached(l.Late.Value, o))
	fmt.Fprintf(b, "  P(T > %s) %s, allowed %s; %s\n", Duration(o.Within), isLate(l), percent(o.Risk()), binds(a))
	writeFeedback(b, a)
	writePrecise(b, a.Simulated, "  ")
	if why != "" {
		fmt.Fprintf(b, "  undecided: %s\n", why)
	}
}

// verdict is the word for it and, where it is open, why.
func verdict(a *study.Answer) (mark, undecided string) {
	switch {
	case a.Status == study.Never:
		return "NEVER DRAINS", ""
	case !a.Decided && a.Agreement != nil && !a.Agreement.Agrees:
		return "may meet", "theory and simulation disagree"
	case !a.Decided:
		return "may meet", "the interval straddles what is allowed; more --replications narrow it"
	case a.MeetsObjective:
		return "meets", ""
	}
	return "MISSES", ""
}

// reached is the time by which as many storms as asked for have drained, and how
// far it is from the objective.
func reached(late float64, o study.Objective) string {
	if math.IsInf(late, 1) {
		return "fewer than " + percent(o.Confidence) + " drained by the horizon"
	}
	return fmt.Sprintf("%s drained by %s, %s", percent(o.Confidence), Duration(late), margin(late, o.Within))
}

// margin is how far a time is from the objective. A simulation ends at its
// horizon.
func margin(late, within float64) string {
	switch {
	case math.IsInf(late, 1):
		return "not by the horizon"
	case late > within:
		return Duration(late-within) + " too late"
	}
	return Duration(within-late) + " to spare"
}

// binds says what holds the design up.
func binds(a *study.Answer) string {
	ends := "overload ends at " + Duration(a.OverloadEnds)
	switch {
	case a.AtOverloadEnd > 0.5:
		return ends + " and nothing waits then"
	case a.Lanes > 1:
		return fmt.Sprintf("%s, latest lane: %s", ends, a.BindingLane)
	}
	return ends + ", the backlog later"
}

// isLate is the chance of a breach with the sign before it: of theory not finer
// than it is known.
func isLate(l *study.Law) string {
	if l.N > 0 {
		return "= " + chance(l.Breach)
	}
	return equals(knownTo(l.Breach.Value, l.AbsError))
}

// equals puts the sign before a number; a bound needs no other sign.
func equals(text string) string { return strings.Replace("= "+text, "= <", "<", 1) }

// chance shows a probability, with its interval if it has one.
func chance(e montecarlo.Estimate) string {
	if e.N == 0 {
		return percent(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", percent(e.Value), percentCell(e.Lo), percentCell(e.Hi))
}

// runTable has two or three lines a design: theory, the simulated drain
// times, and the storms followed event by event.
func runTable(r *study.Result, s Style) *table {
	u := unitFor(column(r, func(a *study.Answer) []float64 {
		all := []float64{a.OverloadEnds}
		for _, l := range []*study.Law{a.Drain, a.Simulated} {
			if l != nil {
				all = append(all, l.P99.Value, l.P999.Value)
			}
		}
		return all
	})...)
	waits := unitFor(column(r, func(a *study.Answer) []float64 {
		if a.LongestWait == nil {
			return nil
		}
		return []float64{a.LongestWait.P99.Value}
	})...)
	t := &table{wide: true} // its first column holds no names
	head := []string{"", "overload", "drained", "", "", "P(T > " + strings.ReplaceAll(Duration(r.Objective.Within), " ", " ") + ")", "peak", "longest"}
	units := []string{"", "ends, " + u.name, "P50, " + u.name, "P90", "P99", "%", "P99", "wait, " + waits.name}
	if s.Wide {
		head = append(head[:5], append([]string{"", "mean", "sd"}, head[5:]...)...)
		units = append(units[:5], append([]string{"P99.9", u.name, u.name}, units[5:]...)...)
	}
	t.add(head...)
	t.add(units...)
	for i := range r.Designs {
		addDesign(t, &r.Designs[i], u, waits, s)
	}
	return t
}

func column(r *study.Result, pick func(*study.Answer) []float64) []float64 {
	var all []float64
	for i := range r.Designs {
		all = append(all, pick(&r.Designs[i])...)
	}
	return all
}

func addDesign(t *table, a *study.Answer, u, waits unit, s Style) {
	t.add(a.Name)
	if a.Status == study.Never {
		t.add("  never drains")
		return
	}
	ends := u.in(a.OverloadEnds)
	if a.Drain.Theory != nil {
		label := "  " + string(a.Drain.Method)
		if !a.Drain.Exact() {
			label += ", " + string(a.Drain.Quality)
		} else {
			label += ", exact theory"
		}
		t.add(lawRow(label, ends, a.Drain, u, s)...)
		ends = ""
	}
	if a.Simulated != nil {
		t.add(lawRow(fmt.Sprintf("  %s: %s", counted(a.Simulated.N, "storm"), a.Simulated.Method), ends, a.Simulated, u, s)...)
	}
	if a.Peak != nil {
		row := []string{fmt.Sprintf("  %s, followed", counted(a.Peak.N, "storm")), "", "", "", ""}
		if s.Wide {
			row = append(row, "", "", "")
		}
		t.add(append(row, "", significant(math.Round(a.Peak.P99.Value)), waits.in(a.LongestWait.P99.Value))...)
	}
}

// nearEnough is the chance that is shown as near 0, or near 1, where nothing bounds what
// theory is off by.
const nearEnough = 0.01

func lawRow(label, ends string, l *study.Law, u unit, s Style) []string {
	row := []string{label, ends, u.in(l.P50.Value), u.in(l.P90.Value), u.in(l.P99.Value)}
	if s.Wide {
		row = append(row, u.in(l.P999.Value), u.in(l.Mean.Value), u.in(l.SD.Value))
	}
	breach := inPercent(l.Breach.Value, l.AbsError)
	if p := l.Breach.Value; l.N == 0 && l.AbsError >= 1 && math.Min(p, 1-p) < nearEnough { // tails of such a law say nothing
		breach = "near " + percentCell(math.Round(p))
	}
	if l.N > 0 {
		breach += fmt.Sprintf(" [%s, %s]", percentCell(l.Breach.Lo), percentCell(l.Breach.Hi))
	}
	return append(row, breach, "", "")
}

func writeAgreement(b *strings.Builder, r *study.Result) {
	var lines []string
	for i := range r.Designs {
		if g := r.Designs[i].Agreement; g != nil {
			lines = append(lines, "  "+r.Designs[i].Name+": "+agreementWords(g)+"\n")
		}
	}
	if len(lines) > 0 {
		b.WriteString("\ntheory against simulation\n" + folded(strings.Join(lines, "")))
	}
}

func agreementWords(g *study.Agreement) string {
	switch {
	case !g.Exact:
		return fmt.Sprintf("theory is approximate: its P50 is %s and its P99 %s", offBy(g.P50), offBy(g.P99))
	case g.Agrees:
		return fmt.Sprintf("agree, at most %s of the storms apart (chance explains %s)", roughly(g.Distance), roughly(g.Bound))
	}
	return fmt.Sprintf("DISAGREE in %s, %s of the storms apart (chance explains %s)", g.Failed, roughly(g.Distance), roughly(g.Bound))
}

func offBy(x float64) string {
	switch {
	case math.Abs(x) < 5e-5:
		return "the same"
	case x < 0:
		return roughly(-x) + " too early"
	}
	return roughly(x) + " too late"
}

// writeStability puts designs of which the same can be said on one line.
func writeStability(b *strings.Builder, r *study.Result) {
	var order []string
	names := map[string][]string{}
	for i := range r.Designs {
		if s := r.Designs[i].Stability; s != nil {
			words := stabilityWords(s)
			if names[words] == nil {
				order = append(order, words)
			}
			names[words] = append(names[words], r.Designs[i].Name)
		}
	}
	if len(order) > 0 {
		b.WriteString("\nstatic stability (headroom that makes relaunches needless)\n")
	}
	for _, words := range order {
		b.WriteString(folded(fmt.Sprintf("  %s: %s\n", strings.Join(names[words], ", "), words)))
	}
}

func stabilityWords(s *study.Stability) string {
	covers := ""
	if s.Cover > 0 {
		covers = fmt.Sprintf(" covers %s of the loss", percent(s.Cover))
	}
	switch {
	case s.Stable:
		return fmt.Sprintf("stable, headroom %s where %s is needed", percent(s.Headroom), percent(s.Needed))
	case s.PerPoint == 0:
		return fmt.Sprintf("headroom %s of the %s needed%s", percent(s.Headroom), percent(s.Needed), covers)
	}
	return fmt.Sprintf("headroom %s of the %s needed%s;\n    each further 1 %% spares %s",
		percent(s.Headroom), percent(s.Needed), covers, countedAs(significant(s.PerPoint), "request"))
}

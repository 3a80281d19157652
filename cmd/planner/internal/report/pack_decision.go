package report

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"singlelane/cmd/planner/internal/study"
)

// verdict is the decision in three sentences, what meets the objective, what to
// build, and why; and where the file has ranges in a fourth whether it holds
// over them.
func (p *Pack) verdict() []prose {
	all := []prose{p.standing(), p.advice(), p.grounds()}
	if r := p.robustness(); r != nil {
		all = append(all, r)
	}
	return all
}

// decision is the verdict at the top of the pack.
func (p *Pack) decision() part {
	c := &call{Sentences: p.verdict()}
	c.Tone, c.Word = goodTone, "Build: "
	if p.Choice.Ground == study.Nearest {
		c.Tone, c.Word = badTone, "Build none of these as they are"
	} else {
		c.Word += p.Choice.Design.Name
	}
	return part{ID: "decision", Title: "The decision", Blocks: []block{{Call: c}}}
}

// Text writes the decision, as it stands at the top of the pack.
func (p *Pack) Text(w io.Writer) error {
	lines := []string{p.Result.Name}
	for _, s := range p.verdict() {
		lines = append(lines, wrapped(s.plain(), 96, ""))
	}
	_, err := fmt.Fprintln(w, strings.Join(lines, "\n"))
	return err
}

// standing says which designs meet the objective.
func (p *Pack) standing() prose {
	var meets, misses, open []string
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		switch mark, _ := verdict(a); mark {
		case "meets":
			meets = append(meets, a.Name)
		case "may meet":
			open = append(open, a.Name)
		default:
			misses = append(misses, a.Name)
		}
	}
	target := p.target()
	if len(p.Result.Designs) == 1 {
		return say(map[bool]string{true: "The design is drained ", false: "The design is not shown to be drained "}[len(meets) == 1] + target + ".")
	}
	are := map[bool]string{true: "is", false: "are"}[len(meets) == 1]
	parts := []any{fmt.Sprintf("%d of %d designs %s drained %s", len(meets), len(p.Result.Designs), are, target)}
	if len(meets) == 2 && len(p.Result.Designs) == 2 {
		parts[0] = "Both designs are drained " + target
	}
	if len(meets) > 0 && len(meets) <= mostNamed {
		parts = append(parts, ": ", names(meets))
	}
	if len(misses) > 0 {
		parts = append(parts, "; ", few(misses), map[bool]string{true: " misses it", false: " miss it"}[len(misses) == 1])
	}
	if len(open) > 0 {
		parts = append(parts, "; open: ", few(open))
	}
	return say(append(parts, ".")...)
}

func (p *Pack) target() string {
	o := p.Result.Objective
	return fmt.Sprintf("within %s in %s of storms", Duration(o.Within), percent(o.Confidence))
}

// mostNamed are as many designs as a sentence names: the table under it has all.
const mostNamed = 4

// few lists names, or counts them where there are more than a sentence names.
func few(all []string) prose {
	if len(all) > mostNamed {
		return say(counted(len(all), "design"))
	}
	return names(all)
}

// names lists names in bold: a, b and c.
func names(all []string) prose {
	var out prose
	for i, n := range all {
		switch {
		case i > 0 && i == len(all)-1:
			out = append(out, span{Text: " and "})
		case i > 0:
			out = append(out, span{Text: ", "})
		}
		out = append(out, strong(n))
	}
	return out
}

// advice names the design and its figures.
func (p *Pack) advice() prose {
	a, o := p.Choice.Design, p.Result.Objective
	if a == nil {
		return say("No design drains: in each of them more requests arrive in the long run than its lanes can serve.")
	}
	figures := fmt.Sprintf("%s of storms have drained by %s, %s, and the chance of missing %s is %s, where %s is allowed.",
		percent(o.Confidence), Duration(a.Judged().Late.Value), margin(a.Judged().Late.Value, o.Within),
		Duration(o.Within), risk(a.Judged()), percent(o.Risk()))
	if p.Choice.Ground == study.Nearest {
		return say("Nearest comes ", strong(a.Name), ": ", figures)
	}
	return say("Build ", strong(a.Name), ": ", figures)
}

// grounds says by what measure, against what.
func (p *Pack) grounds() prose {
	c := p.Choice
	if c.Design == nil {
		return say("Raise the capacity of the control plane, or lower what arrives, and ask again.")
	}
	var parts []any
	switch c.Ground {
	case study.OnlyOne:
		parts = append(parts, "It is the only design shown to meet the objective")
	case study.OnlySafe:
		parts = append(parts, "It is the only design that meets the objective and is "+p.safe()+" over the ranges of the file")
	case study.LeastCost:
		parts = append(parts, p.cheapest())
	case study.Earliest:
		parts = append(parts, "Of the designs that meet the objective"+p.overRanges()+" it drains the earliest")
	case study.Nearest:
		parts = append(parts, "No design is shown to meet the objective, and this one drains the earliest")
	}
	if n := c.RunnerUp; n != nil && n != c.Baseline && c.Ground != study.OnlyOne {
		parts = append(parts, "; next comes ", strong(n.Name), ", "+p.compared(n))
	}
	if n := c.PassedOver; n != nil {
		parts = append(parts, "; ", strong(n.Name), ", "+p.measure(n)+", "+p.passed(n))
	}
	if b := c.Baseline; b != nil && b != c.PassedOver {
		next := ""
		if b == c.RunnerUp && c.Ground != study.OnlyOne && c.Ground != study.Nearest {
			next = "comes next, " + p.compared(b) + ", and "
		}
		parts = append(parts, "; ", strong(b.Name), ", the first in the file, "+next+baseline(b))
	}
	return say(append(parts, p.unpriced(), ".")...)
}

// cheapest says what the design recommended costs, and where others cost the same
// what decides between them.
func (p *Pack) cheapest() string {
	c := p.Choice
	cost := money(c.Design.Cost.Total.Value) + " a year"
	if c.AsCheap > 1 {
		return fmt.Sprintf("Of the designs that meet the objective%s %d cost the least, %s to one part in a thousand, and of those it drains the earliest", p.overRanges(), c.AsCheap, cost)
	}
	return "Of the designs that meet the objective" + p.overRanges() + " it costs the least, " + cost
}

// overRanges says that designs which meet the objective in the middle alone were
// passed over.
func (p *Pack) overRanges() string {
	if p.Choice.PassedOver == nil {
		return ""
	}
	return " and are " + p.safe() + " over the ranges of the file,"
}

// safe is how the design recommended stands over the ranges.
func (p *Pack) safe() string {
	if g := p.Choice.Design.Ignorance; g != nil && g.Stands(p.Result.Objective) != study.Robust {
		return "not shown to miss it"
	}
	return "shown to meet it too"
}

// passed is why a design that is as good in the middle of the ranges, or better,
// is not recommended.
func (p *Pack) passed(a *study.Answer) string {
	if a.Ignorance.Stands(p.Result.Objective) == study.Fragile {
		return "meets it only at the middle of the ranges: over them it misses in " + wholePercent(a.Ignorance.MeanBreach.Value) + " of storms"
	}
	return "meets it at the middle of the ranges, but is not shown to over them"
}

// compared is the measure of the runner-up, or that it is too close to the first
// one's to be told apart.
func (p *Pack) compared(a *study.Answer) string {
	measure := p.measure
	if p.Choice.AsCheap > 1 {
		measure = func(a *study.Answer) string { return "by " + Duration(a.Judged().Late.Value) }
	}
	if measure(a) == measure(p.Choice.Design) {
		return measure(a) + " too: the two are as good as equal, and this choice between them rests on nothing else"
	}
	return measure(a)
}

// measure is what the recommendation compared.
func (p *Pack) measure(a *study.Answer) string {
	if p.Choice.Ground == study.LeastCost || p.Choice.Ground == study.OnlySafe && a.Cost != nil && !math.IsInf(a.Cost.Total.Value, 0) {
		return "at " + money(a.Cost.Total.Value) + " a year"
	}
	return "by " + Duration(a.Judged().Late.Value)
}

func baseline(b *study.Answer) string {
	switch {
	case b.Status == study.Never:
		return "never drains"
	case math.IsInf(b.Judged().Late.Value, 1):
		return "does not drain in the time simulated"
	}
	return "takes until " + Duration(b.Judged().Late.Value)
}

// risk is a chance in words that a reader can weigh: theory's smallest numbers
// are bounds, and of simulated storms it says how many there were.
func risk(l *study.Law) string {
	b := l.Breach
	switch {
	case b.N == 0 && l.Theory != nil && b.Value <= math.Max(l.Theory.AbsError, 1e-12):
		return "below " + tiny(math.Max(l.Theory.AbsError, 1e-12))
	case b.N == 0 && b.Value > 1-1e-9:
		return "100 %"
	case b.N == 0:
		return percent(b.Value)
	case b.Value == 0:
		return fmt.Sprintf("at most %s (none of %s)", roughly(b.Hi), counted(b.N, "storm"))
	}
	return chance(b)
}

// tiny rounds a small bound up to a power of ten.
func tiny(x float64) string {
	k := int(math.Floor(-math.Log10(x) + 1e-9))
	if k < 6 {
		return roughly(x)
	}
	return percent(math.Pow(10, -float64(k)))
}

// objective says what is asked and whether each design meets it.
func (p *Pack) objective() part {
	o := p.Result.Objective
	t := &grid{Head: []string{"Design", "Verdict", percent(o.Confidence) + " drained by", "Against the objective", "Chance of missing " + Duration(o.Within)}, Left: []int{1}}
	drawn := p.drawn()
	if drawn {
		t.Head = append(t.Head, "over the ranges")
	}
	var why []prose
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		mark, undecided := verdict(a)
		c := cell{say(strong(verdictWord(a, mark))), verdictTone(mark)}
		if a.Status == study.Never {
			t.row(overRanges(drawn, a, strong(a.Name), c, "never", "-", "100 %")...)
			why = append(why, say(strong(a.Name), ": "+a.StatusReason+fmt.Sprintf("; the region sustains less than %s requests/s as they divide now.", significant(a.LargestSustainable))))
			continue
		}
		late := a.Judged().Late.Value
		t.row(overRanges(drawn, a, strong(a.Name), c, Duration(late), margin(late, o.Within), risk(a.Judged()))...)
		if undecided != "" {
			why = append(why, say(strong(a.Name), " is undecided: "+undecided+"."))
		}
		if a.Status == study.Metastable {
			why = append(why, say(strong(a.Name), " is metastable: "+a.StatusReason+"; P(stuck) = "+chance(a.Stuck)+"."))
		}
	}
	blocks := []block{
		text(fmt.Sprintf("The backlog is to be drained within %s of the start of the incident with a probability of at least %s: of a hundred storms like this one, at most %s may miss it.",
			Duration(o.Within), percent(o.Confidence), significant(100*o.Risk()))),
		{Table: t},
	}
	if drawn {
		blocks = append(blocks, text("Where the file gives a number as a range, this table takes its middle. The last column draws all those numbers from their ranges: it is the chance for someone who does not know them, asked for the designs that meet the objective in the middle."))
	}
	if len(why) > 0 {
		blocks = append(blocks, block{List: why})
	}
	return part{ID: "objective", Title: "The objective, and who meets it", Blocks: blocks}
}

// drawn tells whether the ranges of the file were drawn for some design.
func (p *Pack) drawn() bool {
	return slices.ContainsFunc(p.Result.Designs, func(a study.Answer) bool { return a.Ignorance != nil })
}

// overRanges adds to a row what not knowing the inputs does to a design's risk,
// where that has a column.
func overRanges(column bool, a *study.Answer, row ...any) []any {
	switch {
	case !column:
		return row
	case a.Ignorance == nil:
		return append(row, "-")
	}
	return append(row, drawnChance(a.Ignorance.MeanBreach))
}

func verdictWord(a *study.Answer, mark string) string {
	words := map[string]string{"meets": "meets", "MISSES": "misses", "may meet": "open", "NEVER DRAINS": "never drains"}
	return words[mark]
}

func verdictTone(mark string) tone {
	switch mark {
	case "meets":
		return goodTone
	case "may meet":
		return openTone
	}
	return badTone
}

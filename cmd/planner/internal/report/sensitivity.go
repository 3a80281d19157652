package report

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// SensitivityText writes, for each design, what to measure first, what chance
// and what ignorance mean, and the inputs in the order of their weight.
func SensitivityText(w io.Writer, s *study.Sensitivity, style Style) error {
	var b strings.Builder
	b.WriteString(style.cutShort(s.Interrupted))
	fmt.Fprintf(&b, "%s\nobjective: drained within %s in %s of storms\n", s.Name, Duration(s.Objective.Within), percent(s.Objective.Confidence))
	for i := range s.Designs {
		d := &s.Designs[i]
		fmt.Fprintf(&b, "\n%s\n%s\n", d.Design, wrapped(MeasureFirst(d, s.Objective), 96, "  "))
		for _, line := range Apart(d, s.Objective) {
			fmt.Fprintf(&b, "%s\n", wrapped(line, 96, "  "))
		}
		b.WriteString("\n")
		if err := inputs(d, s.Objective).write(&b); err != nil {
			return err
		}
		if !d.Drawn() {
			continue
		}
		if err := errors.Join(lineBreak(&b), weights(d, s.Objective).write(&b)); err != nil {
			return err
		}
	}
	b.WriteString(legend(s))
	fmt.Fprintf(&b, "\nseed %d, planner %s\n", s.Seed, style.Version)
	_, err := io.WriteString(w, b.String())
	return err
}

// legend says what the tables hold.
func legend(s *study.Sensitivity) string {
	const moved = "each input from the low to the high end of its 90 % range, the others at their middle\n"
	if !s.Designs[0].Drawn() {
		return "\n" + moved
	}
	return "\nfirst table: " + moved + "second table: % of the variance over the draws that goes with the input, by itself and with the others\n"
}

// MeasureFirst says in a sentence which input to measure first, and why.
func MeasureFirst(d *study.DesignSensitivity, o study.Objective) string {
	in, bar := d.Inputs[d.First], d.Bars[d.First]
	moves := fmt.Sprintf("moves P99 from %s to %s and P(T > %s) from %s to %s",
		Duration(bar.P99[0].Value), Duration(bar.P99[1].Value), Duration(o.Within), late(bar.Breach[0])+" %", late(bar.Breach[1])+" %")
	from := fmt.Sprintf("from %s to %s", amount(in, in.Low), amount(in, in.High))
	switch {
	case !Matters(d):
		return "no input matters: the answer is the same for every draw"
	case len(d.Inputs) == 1:
		return fmt.Sprintf("measure %s, all that is unknown: %s it %s", in.Key, from, moves)
	case !d.Drawn():
		return fmt.Sprintf("measure %s first: %s alone it %s", in.Key, from, moves)
	}
	x, what := d.Of(d.Decides)[d.First], "P99"
	if d.Decides == study.Breach {
		what = fmt.Sprintf("P(T > %s)", Duration(o.Within))
	}
	return fmt.Sprintf("measure %s first: it goes with %s [%s] of the variance of %s, %s by itself; %s alone it %s",
		in.Key, wholePercent(insideShare(x.Total.Value)), shareRange(x.Total), what, wholePercent(insideShare(x.First.Value)), from, moves)
}

// Matters tells whether the input to measure first changes the answer.
func Matters(d *study.DesignSensitivity) bool {
	if !d.Drawn() {
		return d.Bars[d.First].Swing(d.Decides) > 0
	}
	return d.Of(d.Decides)[d.First].Total.Value != 0
}

// Apart says chance, ignorance and both together, a sentence each.
func Apart(d *study.DesignSensitivity, o study.Objective) []string {
	m, within := &d.Middle, Duration(o.Within)
	chance := fmt.Sprintf("chance: with every input at its middle, P99 is %s and P(T > %s) = %s", Duration(study.P99.Of(m).Value), within, chanceOf(study.Breach.Of(m)))
	if m.Status == study.Never {
		chance = "chance: with every input at its middle, it never drains"
	}
	said := []string{chance}
	if d.Worst != nil {
		said = append(said, "of the middle and all ends, the least precise: "+preciseWords(d.Worst))
	}
	if !d.Drawn() {
		return said
	}
	return append(append(said, Unknowing(&d.Ignorance, o)...), precision(d, o))
}

// precision says how well the greatest index and the mean risk are known, and
// what halves that: four times the draws.
func precision(d *study.DesignSensitivity, o study.Objective) string {
	half := func(e montecarlo.Estimate) string { return fmt.Sprintf("%.0f points", math.Ceil(50*(e.Hi-e.Lo))) }
	text := fmt.Sprintf("precision: P(T > %s) over chance and ignorance is known to within %s", Duration(o.Within), half(d.MeanBreach))
	if len(d.Inputs) > 1 && Matters(d) {
		text += fmt.Sprintf(", the share of %s to within %s", d.Inputs[d.First].Key, half(d.Of(d.Decides)[d.First].Total))
	}
	took := max(d.Draws, d.Points*(len(d.Inputs)+2))
	return text + fmt.Sprintf("; planner sensitivity --draws %d, four times the work, would halve that", 4*took)
}

// Unknowing says ignorance and both together, a sentence each.
func Unknowing(d *study.Ignorance, o study.Objective) []string {
	within := Duration(o.Within)
	return []string{
		fmt.Sprintf("ignorance: P99 lies between %s and %s in 90 %% of %s draws of the inputs, half of them below %s; %s",
			Duration(d.P5.Value), Duration(d.P95.Value), thousands(float64(d.Draws)), Duration(d.P50.Value), neverReached(d.Never)),
		fmt.Sprintf("both: P(T > %s) = %s [%s]; the objective is met in %s [%s] of the draws",
			within, wholePercent(d.MeanBreach.Value), shareRange(d.MeanBreach), wholePercent(d.Meets.Value), shareRange(d.Meets))}
}

// neverReached says in what share of the draws there is no end.
func neverReached(e montecarlo.Estimate) string {
	if e.Value == 0 {
		return "every draw has a P99"
	}
	return fmt.Sprintf("in %s [%s] of the draws it is never reached", wholePercent(e.Value), shareRange(e))
}

// writeIgnorance says, of designs with uncertain numbers, what not knowing
// them adds to chance.
func writeIgnorance(b *strings.Builder, r *study.Result) {
	begun := false
	for i := range r.Designs {
		g := r.Designs[i].Ignorance
		if g == nil {
			continue
		}
		if !begun {
			b.WriteString("\nchance and ignorance (above every uncertain number is at its middle; here it is drawn)\n")
			begun = true
		}
		fmt.Fprintf(b, "%s\n", r.Designs[i].Name)
		for _, line := range Unknowing(g, r.Objective) {
			fmt.Fprintf(b, "  %s\n", wrapped(line, 94, "    "))
		}
	}
}

func chanceOf(e montecarlo.Estimate) string {
	if e.N == 0 {
		return late(e) + " %"
	}
	return fmt.Sprintf("%s [%s, %s]", percent(e.Value), percentCell(e.Lo), percentCell(e.Hi))
}

// wholePercent is a share known to about a per cent.
func wholePercent(x float64) string {
	switch p := 100 * x; {
	case p > 0 && p < 1:
		return "below 1 %"
	case p > 99 && p < 100:
		return "more than 99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*x+0)
}

func shareRange(e montecarlo.Estimate) string {
	return fmt.Sprintf("%.0f to %.0f", math.Max(0, 100*e.Lo), math.Min(100, 100*e.Hi))
}

// amount is a value of an input, rounded for people.
func amount(in study.Input, x float64) string {
	switch {
	case in.Unit == "s" && x >= 0.9995 && x < 59.95: // an end of a range, which one decimal may round into another
		return significant(x) + " s"
	case in.Unit == "s":
		return Duration(x)
	case in.Unit == "/s":
		return significant(x) + "/s"
	case strings.HasSuffix(in.MiddleText, "%"):
		return percent(x)
	}
	return significant(x)
}

// byWeight are the positions of the inputs, the weightiest first.
func byWeight(d *study.DesignSensitivity) []int {
	order := make([]int, len(d.Inputs))
	for i := range order {
		order[i] = i
	}
	weight := func(i int) float64 { return d.Bars[i].Swing(d.Decides) }
	if d.Drawn() {
		weight = func(i int) float64 { return d.Of(d.Decides)[i].Total.Value }
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(weight(b), weight(a)), cmp.Compare(d.Bars[b].Swing(study.P99), d.Bars[a].Swing(study.P99)))
	})
	return order
}

func lineBreak(b *strings.Builder) error { return b.WriteByte('\n') }

func inputs(d *study.DesignSensitivity, o study.Objective) *table {
	t := &table{}
	var times []float64
	for _, b := range d.Bars {
		times = append(times, b.P99[0].Value, b.P99[1].Value)
	}
	u := unitFor(times...)
	t.add("input", "low", "high", "P99, "+u.name+": low", "high", fmt.Sprintf("P(T > %s), %%: low", Duration(o.Within)), "high")
	for _, i := range byWeight(d) {
		in, b := d.Inputs[i], d.Bars[i]
		t.add(in.Key, amount(in, in.Low), amount(in, in.High), u.in(b.P99[0].Value), u.in(b.P99[1].Value), late(b.Breach[0]), late(b.Breach[1]))
	}
	return t
}

// leastLate is the P(T > D) below which its digits say nothing for a decision:
// JSON and CSV have them.
const leastLate = 1e-5

// late is P(T > D) in per cent. By theory it is small, but hardly ever 0.
func late(e montecarlo.Estimate) string {
	if e.N == 0 && e.Value < leastLate {
		return "<" + percentCell(leastLate)
	}
	return percentCell(e.Value)
}

func weights(d *study.DesignSensitivity, o study.Objective) *table {
	t := &table{}
	within := fmt.Sprintf("P(T > %s)", Duration(o.Within))
	t.add("input", "P99: by itself", "with others", within+": by itself", "with others")
	for _, i := range byWeight(d) {
		x, y := d.Of(study.P99)[i], d.Of(study.Breach)[i]
		row := []string{d.Inputs[i].Key, weight(x.First), weight(x.Total), weight(y.First), weight(y.Total)}
		if !d.Varies {
			row[3], row[4] = "-", "-"
		}
		t.add(row...)
	}
	return t
}

// insideShare is an estimated share where shares can be: an estimator without
// bias may fall outside.
func insideShare(x float64) float64 { return math.Min(1, math.Max(0, x)) }

// weight is a Sobol index in per cent with its interval.
func weight(e montecarlo.Estimate) string {
	inside := func(x float64) float64 { return math.Round(100*insideShare(x)) + 0 }
	return fmt.Sprintf("%.0f [%.0f, %.0f]", inside(e.Value), inside(e.Lo), inside(e.Hi))
}

// wrapped breaks a sentence into lines; all but the first are indented.
func wrapped(text string, width int, indent string) string {
	var b strings.Builder
	column := 0
	text = strings.ReplaceAll(text, " %", "\u00a0%") // a number stays with its sign
	for i, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) {
		switch n := len([]rune(word)); {
		case i == 0:
			column = n
		case column+1+n > width:
			b.WriteString("\n" + indent)
			column = len(indent) + n
		default:
			b.WriteString(" ")
			column += 1 + n
		}
		b.WriteString(strings.ReplaceAll(word, "\u00a0", " "))
	}
	return b.String()
}

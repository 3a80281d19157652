package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

// letter names a design in the table of pairs.
func letter(i int) string {
	const letters = 26
	if i < letters {
		return string(rune('A' + i))
	}
	return letter(i/letters-1) + string(rune('A'+i%letters))
}

// CompareText writes which design is best, the designs, their differences and
// what they cost against what they risk.
func CompareText(w io.Writer, k *study.Comparison, s Style) error {
	var b strings.Builder
	b.WriteString(s.cutShort(k.Interrupted))
	fmt.Fprintf(&b, "%s\n%s\n\n", k.Name, folded(bestWords(k, s)))
	u := compareUnit(k)
	if err := compareTable(k, u).write(&b); err != nil {
		return err
	}
	writeEachPrecise(&b, k)
	fmt.Fprintf(&b, "\ndifferences%s\n", pairsNote(k))
	for from := 0; from < len(k.Metrics); from += columnsOfPairs {
		if err := pairTable(k, u, from, min(from+columnsOfPairs, len(k.Metrics))).write(&b); err != nil {
			return err
		}
	}
	if k.Needed > 0 {
		fmt.Fprintf(&b, "? is not bounded by so few storms: %d are needed\n", k.Needed)
	}
	writeFrontier(&b, k)
	fmt.Fprintf(&b, "\nseed %d, planner %s\n", k.Seed, s.Version)
	_, err := io.WriteString(w, b.String())
	return err
}

// writeEachPrecise says how far what was to be precise is, of each design.
func writeEachPrecise(b *strings.Builder, k *study.Comparison) {
	for i := range k.Designs {
		l := k.Designs[i].Drain
		if l != nil && l.Precision.Asked {
			fmt.Fprintf(b, "%-2s %s\n", letter(i), wrapped(preciseWords(l), 93, "   "))
		}
	}
}

// columnsOfPairs are the differences that go beside each other.
const columnsOfPairs = 3

// bestWords is the finding: which is best, how sure, and what is open.
func bestWords(k *study.Comparison, s Style) string {
	best := &k.Designs[k.Best.Design]
	what := strings.Replace(metricNames[k.Metric], "objective", Duration(k.Objective.Within), 1)
	value := metricWords(k.Metric, k.Metric.Of(best).Value)
	if math.IsInf(k.Metric.Of(best).Value, 1) {
		return fmt.Sprintf("no design is best in %s: none has one that ends", what)
	}
	tied := ""
	if len(k.Best.Tied) > 0 {
		tied = ", as good as " + designNames(k, k.Best.Tied)
	}
	switch {
	case len(k.Best.Tied) == len(k.Designs)-1:
		return fmt.Sprintf("all designs are equal in %s: %s", what, value)
	case k.Best.Decided && k.Best.Exact:
		return fmt.Sprintf("%s is %s in %s: %s%s, by exact theory", best.Name, s.paint(green, "best"), what, value, tied)
	case k.Best.Decided:
		return fmt.Sprintf("%s is %s in %s: %s%s, %s sure", best.Name, s.paint(green, "best"), what, value, tied, confidenceWords(k.Best.Confidence))
	}
	why := fmt.Sprintf("%s each do not tell it from %s", counted(k.Replications, "storm"), designNames(k, k.Best.Open))
	if k.Undecidable != "" {
		why = k.Undecidable
	}
	return fmt.Sprintf("%s looks best in %s: %s%s, but it is %s: %s", best.Name, what, value, tied, s.paint(yellow, "not decided"), why)
}

// confidenceWords never claims all of it.
func confidenceWords(p float64) string {
	if p > 0.9999 {
		return "more than 99.99 %"
	}
	return fmt.Sprintf("%.2f %%", math.Floor(1e4*p)/100)
}

func designNames(k *study.Comparison, some []int) string {
	var names []string
	for _, i := range some {
		names = append(names, k.Designs[i].Name)
	}
	return strings.Join(names, ", ")
}

// metricWords is a value of a metric with its unit.
func metricWords(m study.Metric, x float64) string {
	switch {
	case m.Seconds():
		return Duration(x)
	case m == study.Breach:
		return percent(x)
	}
	return significant(x)
}

// compareUnit is that of the drain times.
func compareUnit(k *study.Comparison) unit {
	var all []float64
	for i := range k.Designs {
		all = append(all, study.P99.Of(&k.Designs[i]).Value)
	}
	return unitFor(all...)
}

// heading of a metric's column, with the unit of its numbers.
func heading(k *study.Comparison, m study.Metric, u unit) string {
	switch m {
	case study.P50, study.P90, study.P99:
		return strings.ToUpper(string(m)) + ", " + u.name
	case study.Breach:
		return "P(T > " + strings.ReplaceAll(Duration(k.Objective.Within), " ", " ") + "), %"
	case study.BreachesPerYear:
		return "breaches a year"
	}
	return "cost a year"
}

// cell shows a number with its interval, both in the unit of the metric.
func compareCell(m study.Metric, e montecarlo.Estimate, u unit) string {
	show := significant
	switch {
	case m.Seconds():
		show = u.in
	case m == study.Breach:
		show = func(x float64) string { return significant(100 * x) }
	}
	if e.N == 0 {
		return show(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", show(e.Value), openEnd(e.Lo, show), openEnd(e.Hi, show))
}

// openEnd shows the end of an interval, which may be open.
func openEnd(x float64, show func(float64) string) string {
	if math.IsInf(x, 0) {
		return "?"
	}
	return show(x)
}

func compareTable(k *study.Comparison, u unit) *table {
	t := &table{left: 1}
	head := []string{"", ""}
	for _, m := range k.Metrics {
		head = append(head, heading(k, m, u))
	}
	t.add(append(head, "objective")...)
	for i := range k.Designs {
		a := &k.Designs[i]
		row := []string{letter(i), a.Name}
		for _, m := range k.Metrics {
			e := m.Of(a)
			text := compareCell(m, montecarlo.Estimate{Value: e.Value}, u)
			if m == study.Breach && e.N == 0 && a.Drain != nil {
				text = inPercent(e.Value, a.Drain.AbsError)
			}
			row = append(row, text)
		}
		t.add(append(row, met(a))...)
	}
	return t
}

// met says in a word whether the objective is.
func met(a *study.Answer) string {
	switch mark, _ := verdict(a); mark {
	case "meets":
		return "met"
	case "may meet":
		return "undecided"
	case "MISSES":
		return "missed"
	}
	return "never"
}

func pairsNote(k *study.Comparison) string {
	simulated, quality := false, queueing.Exact
	for _, p := range k.Pairs {
		for _, d := range p.Differences {
			simulated = simulated || d.N > 0
			if d.Quality == queueing.Approximate {
				quality = d.Quality
			}
		}
	}
	if !simulated {
		return ", by " + string(quality) + " theory"
	}
	return fmt.Sprintf(", with 95 %% intervals where simulated (%s on the same random numbers)", counted(k.Replications, "storm"))
}

func pairTable(k *study.Comparison, u unit, from, to int) *table {
	t := &table{}
	head := []string{""}
	for _, m := range k.Metrics[from:to] {
		head = append(head, heading(k, m, u))
	}
	t.add(head...)
	for _, p := range k.Pairs {
		row := []string{letter(p.B) + " - " + letter(p.A)}
		for i, m := range k.Metrics[from:to] {
			d := p.Differences[from+i]
			text := compareCell(m, d.Estimate, u)
			switch {
			case math.IsInf(d.Value, 1):
				text = letter(p.B) + " has no end"
			case math.IsInf(d.Value, -1):
				text = letter(p.A) + " has no end"
			case math.IsNaN(d.Value):
				text = "neither ends"
			}
			row = append(row, text)
		}
		t.add(row...)
	}
	return t
}

// writeFrontier says which designs no other beats in expense and risk.
func writeFrontier(b *strings.Builder, k *study.Comparison) {
	expense := "what stands ready all year"
	if k.FrontierBy == "hardware" {
		expense = "servers and headroom"
	}
	risk := "breaches a year"
	if k.Risk() == study.Breach {
		risk = "P(T > " + Duration(k.Objective.Within) + ")"
	}
	fmt.Fprintf(b, "\n%s against %s\n", expense, risk)
	var best, beaten []string
	for i, d := range k.Dominated {
		switch {
		case d.By < 0:
			best = append(best, k.Designs[i].Name)
		case d.Decided:
			beaten = append(beaten, fmt.Sprintf("  %s: no better in either than %s\n", k.Designs[i].Name, k.Designs[d.By].Name))
		default:
			beaten = append(beaten, fmt.Sprintf("  %s: seems no better in either than %s (not decided)\n", k.Designs[i].Name, k.Designs[d.By].Name))
		}
	}
	b.WriteString(folded(fmt.Sprintf("  on the frontier: %s\n%s", strings.Join(best, ", "), strings.Join(beaten, ""))))
	if k.Cheapest >= 0 {
		c := &k.Designs[k.Cheapest]
		b.WriteString(folded(fmt.Sprintf("  cheapest that meets the objective: %s, %s a year\n", c.Name, significant(c.Cost.Total.Value))))
	}
}

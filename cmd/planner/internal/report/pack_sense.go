package report

import (
	"fmt"
	"math"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// sensed is the sensitivity of the design passed over for what is not known, or
// else of the one recommended, nil where nothing is
// uncertain or it was not asked for.
func (p *Pack) sensed() *study.DesignSensitivity {
	if p.Sense == nil || len(p.Sense.Designs) == 0 {
		return nil
	}
	return &p.Sense.Designs[0]
}

// robustness judges the decision over what is not known: nothing where all is
// known, and that it was not asked where something is not.
func (p *Pack) robustness() prose {
	a, o := p.Choice.Design, p.Result.Objective
	switch {
	case p.Unasked:
		return say("These numbers take every range of the file at its middle; whether the decision holds over the ranges was not asked (", code("--quick"), ").")
	case a == nil || a.Ignorance == nil:
		return nil
	}
	g := a.Ignorance
	parts := []any{"Over the ranges of the file, which these numbers take at their middle, ", strong(a.Name),
		fmt.Sprintf(" meets the objective in %s of %s, and the chance of missing %s is %s in all", wholePercent(g.Meets.Value),
			counted(g.Draws, "draw"), Duration(o.Within), drawnChance(g.MeanBreach))}
	standing := g.Stands(o)
	switch {
	case p.Choice.Ground == study.Nearest:
		parts = append(parts, ", where "+percent(o.Risk())+" is allowed.")
	case standing == study.Robust:
		parts = append(parts, ", within the "+percent(o.Risk())+" allowed: the verdict does not hang on what is not known.")
	case standing == study.Fragile:
		parts = append(parts, ", above the "+percent(o.Risk())+" allowed: the verdict hangs on numbers that are not known.")
	default:
		parts = append(parts, ", which so many draws cannot tell from the "+percent(o.Risk())+" allowed.")
	}
	d := p.sensed()
	switch {
	case d == nil || !Matters(d):
	case p.Choice.PassedOver != nil:
		parts = append(parts, " To know whether ", strong(d.Design), " would do, measure ", code(d.Inputs[d.First].Key), " first.")
	case standing != study.Robust:
		parts = append(parts, " Measure ", code(d.Inputs[d.First].Key), " first.")
	}
	return say(parts...)
}

// drawnChance is a chance over the draws, whose interval says how many digits it
// has.
func drawnChance(m montecarlo.Estimate) string {
	hundredths := func(x float64) string { return significant(math.Round(1e4*x) / 100) }
	value := wholePercent(m.Value)
	if m.Value < 0.01 {
		value = roughly(m.Value)
	}
	if m.Value > 0 && m.Value < leastPercent { // far below what so many draws can tell
		value = "below " + percent(leastPercent)
	}
	return fmt.Sprintf("%s [%s, %s]", value, hundredths(m.Lo), hundredths(m.Hi))
}

// sensitivity says which input to measure first, and what each does.
func (p *Pack) sensitivity() part {
	d := p.sensed()
	if d == nil {
		return part{}
	}
	o := p.Result.Objective
	risk := fmt.Sprintf("P(T > %s)", Duration(o.Within))
	moves := &grid{Head: []string{"Input", "Low", "High", "P99 at low", "P99 at high", risk + " at low", "at high", "Share of the variance of P99", "of " + risk}}
	var still []string
	for _, i := range byWeight(d) {
		in, b := d.Inputs[i], d.Bars[i]
		late, breach := d.Of(study.P99)[i], d.Of(study.Breach)[i]
		if b.Swing(study.P99) == 0 && b.Swing(study.Breach) == 0 && late.Total.Value <= 0 && breach.Total.Value <= 0 {
			still = append(still, in.Key)
			continue
		}
		moves.row(code(in.Key), amount(in, in.Low), amount(in, in.High), Duration(b.P99[0].Value), Duration(b.P99[1].Value),
			lateShare(b.Breach[0]), lateShare(b.Breach[1]), weight(late.Total), weight(breach.Total))
	}
	var apart []prose
	for _, line := range Apart(d, o) {
		apart = append(apart, say(sentence(line)))
	}
	blocks := []block{
		text(p.sensedFor(d), strong(d.Design), ": ", MeasureFirst(d, o)+"."),
		{List: apart},
		{Table: moves},
		text("Each input goes from the low to the high end of its 90 % range while the others stay at their middle. The shares of the variance, in per cent with their 95 % interval, are total Sobol indices over draws of all inputs: with interactions, so that they may add up to more than 100."),
	}
	if len(still) > 0 {
		what := "These move neither:"
		for i, key := range still {
			what += map[bool]string{true: " ", false: ", "}[i == 0] + key
		}
		blocks = append(blocks, text(what+"."))
	}
	blocks = append(blocks, p.pictures("tornado")...)
	if len(p.Result.Designs) > 1 {
		blocks = append(blocks, text("The same of another design, in this folder:"), block{Command: Shell([]string{"planner", "sensitivity", "scenario.yaml", "--design", "NAME"})})
	}
	return part{ID: "sensitivity", Title: "What to measure first", Blocks: blocks}
}

// sensedFor says why it is this design that is looked at.
func (p *Pack) sensedFor(d *study.DesignSensitivity) string {
	c := p.Choice
	switch {
	case c.PassedOver != nil && c.PassedOver.Name == d.Design:
		return "For the design that would do if the middle of the ranges were true, "
	case c.Design != nil && c.Design.Name == d.Design && c.Ground != study.Nearest:
		return "For the design recommended, "
	}
	return "For "
}

// tornadoSketch is the chart of the inputs, on P99 where that has a middle.
func tornadoSketch(s *study.Sensitivity, version string) []sketch {
	if s == nil || len(s.Designs) == 0 || TornadoChart(s, 0, study.P99, version) == nil {
		return nil
	}
	return []sketch{{"tornado", "Which unknown moves the answer the most? Each bar goes from the low to the high end of an input's 90 % range.",
		func() themed { return TornadoChart(s, 0, study.P99, version) }}}
}

func lateShare(e montecarlo.Estimate) string { return late(e) + " %" }

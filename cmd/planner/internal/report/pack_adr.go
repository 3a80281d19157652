package report

import (
	"fmt"
	"io"

	"singlelane/cmd/planner/internal/study"
)

// ADR writes the decision as an architecture decision record in the form of
// MADR 4 (https://adr.github.io/madr/), proposed and for people to accept.
func (p *Pack) ADR(w io.Writer) error {
	if err := markdown.ExecuteTemplate(w, "adr.md.tmpl", p.record()); err != nil {
		return fmt.Errorf("writing the decision record: %w", err)
	}
	return nil
}

func (p *Pack) record() document {
	r := p.Result
	d := document{Title: "Which control plane drains the recovery of " + r.Name + " in time?", Date: p.Stamp}
	if c := p.Choice; c.Design != nil && c.Ground != study.Nearest {
		d.Title = "Use " + c.Design.Name + " for the control plane of " + r.Name
	}
	var options []prose
	for i := range r.Designs {
		options = append(options, say(strong(r.Designs[i].Name)))
	}
	d.Sections = []part{
		{Title: "Context and Problem Statement", Blocks: []block{
			text("When part of the region fails, requests to recover it queue in its control plane. Which design drains that backlog " + p.target() + "?"),
		}},
		{Title: "Decision Drivers", Blocks: []block{{List: []prose{
			say(fmt.Sprintf("The objective: drained %s.", p.target())),
			say(fmt.Sprintf("The chance of missing it, of which %s is allowed.", percent(r.Objective.Risk()))),
			say("How long the longest request waits while the backlog drains."),
		}}}},
		{Title: "Considered Options", Blocks: []block{{List: options}}},
		{Title: "Decision Outcome", Blocks: []block{{Text: p.outcome()}}},
		{Title: "Consequences", Sub: true, Blocks: []block{{List: p.consequences()}}},
		{Title: "Confirmation", Sub: true, Blocks: []block{
			text("In the folder of this record, with planner " + p.Version + "; it exits with 0 while the objective is met and with 3 once it is missed:"),
			{Command: Shell(p.gate())},
		}},
		{Title: "Pros and Cons of the Options"},
	}
	for i := range r.Designs {
		d.Sections = append(d.Sections, part{Title: r.Designs[i].Name, Sub: true, Blocks: []block{{List: p.prosAndCons(&r.Designs[i])}}})
	}
	d.Sections = append(d.Sections, part{Title: "More Information", Blocks: []block{
		text("Charts, assumptions with their sources, method and limits are in report.md beside this record."), {Text: p.footer()},
	}})
	return d
}

// outcome is MADR's sentence of the option chosen.
func (p *Pack) outcome() prose {
	if p.Choice.Design == nil || p.Choice.Ground == study.Nearest {
		return say("None of the options is shown to meet the objective. ", p.advice())
	}
	return say("Chosen option: ", strong(p.Choice.Design.Name), ". ", p.advice(), " ", p.grounds())
}

func (p *Pack) consequences() []prose {
	a := p.Choice.Design
	if a == nil || p.Choice.Ground == study.Nearest {
		return []prose{say("Bad, because the objective stays unmet until a further option is found.")}
	}
	all := []prose{say(fmt.Sprintf("Good, because %s of storms have drained by %s, %s.", percent(p.Result.Objective.Confidence),
		Duration(a.Judged().Late.Value), margin(a.Judged().Late.Value, p.Result.Objective.Within)))}
	if a.LongestWait != nil {
		all = append(all, say("Neutral, because the longest wait of a request in a storm is still "+Duration(a.LongestWait.P99.Value)+" (P99)."))
	}
	if a.Cost != nil {
		all = append(all, say("Neutral, because a year of it costs "+money(a.Cost.Total.Value)+" in all."))
	}
	if g := a.Ignorance; g != nil {
		all = append(all, p.overDraws(g))
	}
	if s := a.Stability; s != nil && !s.Stable {
		all = append(all, say(fmt.Sprintf("Bad, because the region is not statically stable: headroom is %s where %s is needed, so recovery depends on the control plane.", percent(s.Headroom), percent(s.Needed))))
	}
	return all
}

// overDraws is what the ranges of the file do to the design.
func (p *Pack) overDraws(g *study.Ignorance) prose {
	met := fmt.Sprintf("drawn from their ranges, the numbers that are not known let the objective be met in %s of the draws.", wholePercent(g.Meets.Value))
	if g.Stands(p.Result.Objective) == study.Robust {
		return say("Good, because it does not hang on what is not known: " + met)
	}
	return say("Bad, because it rests on what is not known: " + met)
}

func (p *Pack) prosAndCons(a *study.Answer) []prose {
	if a.Status == study.Never {
		return []prose{say("Bad, because it never drains: " + a.StatusReason + ".")}
	}
	mark, undecided := verdict(a)
	o := p.Result.Objective
	figures := fmt.Sprintf("%s of storms have drained by %s, %s; the chance of missing %s is %s.", percent(o.Confidence),
		Duration(a.Judged().Late.Value), margin(a.Judged().Late.Value, o.Within), Duration(o.Within), risk(a.Judged()))
	switch mark {
	case "meets":
		return []prose{say("Good, because it meets the objective: " + figures)}
	case "may meet":
		return []prose{say("Neutral, because it is open whether it meets the objective (" + undecided + "): " + figures)}
	}
	return []prose{say("Bad, because it misses the objective: " + figures)}
}

// gate is the check that a pipeline runs.
func (p *Pack) gate() []string {
	args := []string{"planner", "check", "scenario.yaml"}
	if p.Choice.Design != nil {
		args = append(args, "--design", p.Choice.Design.Name)
	}
	for _, s := range p.Set {
		args = append(args, "--set", s.Key+"="+s.Value)
	}
	return args
}

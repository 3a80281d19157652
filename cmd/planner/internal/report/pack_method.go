package report

import (
	"fmt"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

// method says how the numbers were found and whether the two ways agree.
func (p *Pack) method() part {
	r := p.Result
	t := &grid{Head: []string{"Design", "Theory", "Simulation", "Decided by", "Do they agree?"}, Left: []int{1, 2, 3, 4}}
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Status == study.Never {
			t.row(strong(a.Name), "long-run load", "-", "theory", "-")
			continue
		}
		theory, simulated, agree := "none: "+a.Drain.Reason, "-", cell{}
		if a.Drain.Theory != nil {
			theory = string(a.Drain.Method) + ", " + string(a.Drain.Quality)
			if a.Drain.Reason != "" && a.Drain.Quality != queueing.Exact {
				theory += ": " + a.Drain.Reason
			}
		}
		if a.Simulated != nil {
			simulated = fmt.Sprintf("%s, %s", a.Simulated.Method, counted(a.Simulated.N, "storm"))
		}
		by := "simulation"
		if a.Judged().N == 0 {
			by = "theory"
		}
		if g := a.Agreement; g != nil {
			agree = cell{say(agreementWords(g)), map[bool]tone{true: goodTone, false: badTone}[g.Agrees]}
			if !g.Exact {
				agree.Tone = plainTone
			}
		}
		t.row(strong(a.Name), theory, simulated, by, agree)
	}
	blocks := []block{
		text("The drain time T is the first time, not before the overload has ended, at which no more requests wait than the file allows; with several lanes it is the latest lane's. " + p.twice()),
		{List: []prose{
			say(strong("Theory"), " takes T as the first passage of the backlog through that level and solves an integral equation for its density (a renewal argument), or, where servers may idle, follows the probabilities of a Markov chain or solves a second such equation for the chance that a single server is idle. It uses no random numbers."),
			say(strong("Simulation"), fmt.Sprintf(" draws %s for each design and follows up to %s of them request by request for peaks, waits and bands. Designs face the same storms, so their differences are sharper than each one's own interval.",
				counted(r.Replications, "storm"), thousands(float64(r.Paths))), p.fewer()),
			say(strong("Agreement"), fmt.Sprintf(": exact theory is tested against the simulated storms at four quantiles, at the objective and over the whole distribution, with a chance of %s of a false alarm over all tests of this page; of approximate theory the difference is stated.", percent(study.FalseAlarm))),
			say(strong("Intervals"), fmt.Sprintf(" in brackets hold the true value with %s confidence.", percent(montecarlo.Confidence))),
		}},
		{Table: t},
	}
	blocks = append(blocks, p.pictures("validity")...)
	return part{ID: "method", Title: "Method and validity", Blocks: blocks}
}

// fewer says why there are not as many storms as is usual.
func (p *Pack) fewer() prose {
	if !p.Fewer {
		return nil
	}
	return say(" They are fewer than usual, since the storms of some designs can only be followed request by request; ", code("--replications 10000"), " draws more.")
}

// twice says of how many designs the law was found by both methods.
func (p *Pack) twice() string {
	both, drains := 0, 0
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		if a.Status == study.Never {
			continue
		}
		drains++
		if a.Drain.Theory != nil && a.Simulated != nil {
			both++
		}
	}
	const apart = "by methods that share no code beyond the description of the lanes."
	switch {
	case both == 0:
		return "Here it is found by one method alone, as the table says for each design."
	case both == drains:
		return "It is found twice, " + apart
	}
	return fmt.Sprintf("For %d of %d designs it is found twice, %s", both, drains, apart)
}

// limits says what the answer does not cover: the model's own limits, then
// what the run warned of.
func (p *Pack) limits() part {
	all := []prose{
		say("The streams are independent of each other and of the service times. A dependency that slows all servers at once is in the answer only if the file says so (", code("slow_down"), ")."),
		say("The answer is about storms like the one described. What else could happen, and what nobody wrote into the file, is not in it."),
		say("A quantile far beyond the number of simulated storms has no finite interval: there theory, or more storms, must carry it."),
	}
	for _, w := range p.Result.Warnings {
		all = append(all, say(sentence(w)))
	}
	for _, w := range SharedWarnings(p.Result) {
		if !strings.Contains(w, ": theory is approximate: ") { // which the table of methods says
			all = append(all, say(w+"."))
		}
	}
	return part{ID: "limits", Title: "Limits", Blocks: []block{{List: all}}}
}

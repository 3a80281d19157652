package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"singlelane/cmd/planner/internal/study"
)

// SizeHead is what a size is about.
type SizeHead struct {
	Scenario, Design, Key, Unit string
	Whole, Share                bool
	Objective                   study.Objective
	Seed                        uint64
	Version                     string
	Text                        func(x float64) string // a value as it stands in the file
}

// label is a value with the digits that tell those that were tried apart.
func (h SizeHead) label(z *study.Sized, x float64) string {
	gap := math.Inf(1)
	for i := 1; i < len(z.Trials); i++ {
		gap = math.Min(gap, z.Trials[i].Value-z.Trials[i-1].Value)
	}
	fixed := func(x, gap float64) string { return strconv.FormatFloat(x, 'f', telling(gap), 64) }
	switch {
	case h.Whole:
		return thousands(x)
	case h.Unit == "s":
		u := unitFor(z.Best.Value)
		return fixed(x/u.seconds, gap/u.seconds) + " " + u.name
	case h.Share:
		return fixed(100*x, 100*gap) + " %"
	}
	return fixed(x, gap) + h.Unit
}

// telling is how many decimals show a difference, to two digits of it.
func telling(gap float64) int {
	if !(gap > 0) || math.IsInf(gap, 1) {
		return 3
	}
	return min(max(0, 1-int(math.Floor(math.Log10(gap)))), 9)
}

// within is the objective, which may be what is sized.
func (h SizeHead) within() string {
	if h.Key == "objective.drain_within" {
		return "the objective"
	}
	return Duration(h.Objective.Within)
}

// SizeText writes the answer first, then what was tried.
func SizeText(w io.Writer, h SizeHead, z *study.Sized) error {
	var b strings.Builder
	b.WriteString(Style{}.cutShort(z.Stopped))
	fmt.Fprintf(&b, "%s, %s\n%s\n", h.Scenario, h.Design, sizeAnswer(h, z))
	if !z.Monotone {
		b.WriteString("the objective is not met on one side of a value only: look at what was tried\n")
	}
	b.WriteString(open(h, z))
	if c := z.Best.Completed; c != nil {
		when := "by " + Duration(c.P99.Value) + " in 99 %"
		if math.IsInf(c.P99.Value, 1) {
			when = "within the simulated horizon in fewer than 99 %"
		}
		fmt.Fprintf(&b, "the last request begins its service %s of %s; P(after %s) = %s\n",
			when, counted(c.N, "storm"), h.within(), chance(z.Best.TooLate))
	}
	b.WriteString("\n")
	times := []float64{}
	for i := range z.Trials {
		times = append(times, study.P99.Of(&z.Trials[i].Answer).Value)
	}
	u, t := unitFor(times...), &table{}
	t.add(h.Key, "objective", fmt.Sprintf("P(T > %s), %%", h.within()), "P99, "+u.name, "by")
	for i := range z.Trials {
		t.add(trialRow(h, z, &z.Trials[i], u)...)
	}
	if err := t.write(&b); err != nil {
		return err
	}
	fmt.Fprintf(&b, "\nseed %d, planner %s\n", h.Seed, h.Version)
	_, err := io.WriteString(w, b.String())
	return err
}

// open says from where to where about the answer the storms do not decide it.
func open(h SizeHead, z *study.Sized) string {
	from, to, some := z.Open()
	switch {
	case !some:
		return ""
	case from == to:
		return fmt.Sprintf("not decided at %s, where the interval holds what is allowed: more --replications narrow it\n", h.label(z, from))
	}
	return fmt.Sprintf("not decided from %s to %s, where the intervals hold what is allowed: more --replications narrow them\n",
		h.label(z, from), h.label(z, to))
}

func trialRow(h SizeHead, z *study.Sized, t *study.Trial, u unit) []string {
	mark := "missed"
	switch {
	case t.Never:
		return []string{h.label(z, t.Value), mark, "never drains", "", ""}
	case t.Meets:
		mark = "met"
	}
	if !t.Answer.Decided {
		mark = "undecided"
	}
	breach := inPercent(t.Breach.Value, t.Answer.Drain.AbsError)
	if t.Breach.N > 0 {
		breach += fmt.Sprintf(" [%s, %s]", percentCell(t.Breach.Lo), percentCell(t.Breach.Hi))
	}
	return []string{h.label(z, t.Value), mark, breach, u.in(study.P99.Of(&t.Answer).Value), string(t.Answer.Drain.Method)}
}

// later is P(later), not finer than it is known.
func later(t *study.Trial) string {
	if d := t.Answer.Drain; d != nil && t.Breach.Value < d.AbsError {
		return knownTo(t.Breach.Value, d.AbsError)
	}
	return chance(t.Breach)
}

func sizeAnswer(h SizeHead, z *study.Sized) string {
	target := fmt.Sprintf("drained within %s in %s of storms", h.within(), percent(h.Objective.Confidence))
	if !z.Found {
		return fmt.Sprintf("no answer: %s (%s)\n%s = %s comes nearest: P(T > %s) %s", z.Reason, target, h.Key, h.label(z, z.Best.Value),
			h.within(), equals(later(&z.Best)))
	}
	which := "the least"
	if z.Greatest {
		which = "the greatest"
	}
	text := fmt.Sprintf("%s = %s is %s that is %s:", h.Key, h.label(z, z.Best.Value), which, target)
	risk := "P(later) " + equals(later(&z.Best))
	if apart := " "; utf8.RuneCountInString(text+apart+risk) <= screen {
		text += apart + risk
	} else {
		text += "\n  " + risk
	}
	if z.Missed == nil {
		return text + "\nevery value that was tried meets it"
	}
	if z.Missed.Never {
		return fmt.Sprintf("%s\nat %s it never drains", text, h.label(z, z.Missed.Value))
	}
	return fmt.Sprintf("%s\nat %s it misses: P(later) %s", text, h.label(z, z.Missed.Value), equals(later(z.Missed)))
}

type sizeJSON struct {
	Key       string      `json:"key"`
	Value     number      `json:"value"`
	MetAt     number      `json:"objective_met_at"`
	MissedAt  number      `json:"missed_at"`
	Breach    number      `json:"breach_at_value"`
	Status    string      `json:"status"` // found, none or interrupted
	Reason    string      `json:"reason"`
	Design    string      `json:"design"`
	Scenario  string      `json:"scenario"`
	Seed      uint64      `json:"seed"`
	Version   string      `json:"version"`
	Unit      string      `json:"unit"`
	Text      string      `json:"text"` // the value as it stands in the file
	Greatest  bool        `json:"greatest"`
	Monotone  bool        `json:"monotone"`
	Decided   bool        `json:"decided"` // both at the value and one step short
	Nearest   number      `json:"nearest"`
	Completed *figureJSON `json:"completed_s,omitempty"`
	Drain     *lawJSON    `json:"drain"`
	Tried     []trialJSON `json:"tried"`
}

type trialJSON struct {
	Value   number    `json:"value"`
	Meets   bool      `json:"meets_objective"`
	Decided bool      `json:"decided"`
	Breach  number    `json:"breach"`
	CI      *interval `json:"breach_ci,omitempty"`
	P99     number    `json:"p99_s"`
	Method  string    `json:"method"`
}

func trialOf(t *study.Trial) trialJSON {
	j := trialJSON{Value: number(t.Value), Meets: t.Meets, Decided: t.Never || t.Answer.Decided, Breach: number(t.Breach.Value), P99: number(math.Inf(1))}
	if t.Breach.N > 0 {
		ci := intervalOf(t.Breach)
		j.CI = &ci
	}
	if d := t.Answer.Drain; d != nil && !t.Never {
		j.P99, j.Method = number(study.P99.Of(&t.Answer).Value), string(d.Method)
	}
	return j
}

// SizeCSV writes a row a value that was tried, in SI units.
func SizeCSV(w io.Writer, h SizeHead, z *study.Sized) error {
	rows := [][]string{append([]string{h.Key, "status", "meets_objective", "decided"}, lawColumns...)}
	for i := range z.Trials {
		t := &z.Trials[i]
		row := []string{field(t.Value), string(t.Answer.Status), strconv.FormatBool(t.Meets), strconv.FormatBool(t.Never || t.Answer.Decided)}
		law := t.Answer.Drain
		if t.Never {
			row[1], law = string(study.Never), nil
		}
		rows = append(rows, append(row, lawFields(law)...))
	}
	return writeCSV(w, rows)
}

// SizeJSON writes the same as one document; values in SI units.
func SizeJSON(w io.Writer, h SizeHead, z *study.Sized) error {
	none := number(math.NaN())
	doc := sizeJSON{Key: h.Key, Value: none, MetAt: none, MissedAt: none, Breach: none, Nearest: none, Status: "none", Reason: z.Reason, Design: h.Design,
		Scenario: h.Scenario, Seed: h.Seed, Version: h.Version, Unit: h.Unit, Greatest: z.Greatest, Monotone: z.Monotone, Decided: z.Decided(),
		Completed: figureOf(z.Best.Completed, 1), Drain: lawOf(z.Best.Answer.Drain)}
	if z.Stopped {
		doc.Status = "interrupted"
	}
	if z.Found {
		doc.Status, doc.Value, doc.MetAt, doc.Breach, doc.Text = "found", number(z.Best.Value), number(z.Best.Value), number(z.Best.Breach.Value), h.Text(z.Best.Value)
	} else {
		doc.Nearest = number(z.Best.Value)
	}
	if z.Missed != nil {
		doc.MissedAt = number(z.Missed.Value)
	}
	for i := range z.Trials {
		t := &z.Trials[i]
		doc.Tried = append(doc.Tried, trialOf(t))
	}
	return writeJSON(w, doc)
}

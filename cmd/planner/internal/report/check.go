package report

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// CheckText writes a line a design, that it passes or all that it fails, however
// long: a gate's log is searched by lines. What no more than lacks proof is
// undecided, which a gate does not let pass either.
func CheckText(w io.Writer, designs []study.Checked, o study.Objective, interrupted bool, s Style) error {
	var b strings.Builder
	b.WriteString(s.cutShort(interrupted))
	for i := range designs {
		d := &designs[i]
		if len(d.Failures) == 0 {
			fmt.Fprintf(&b, "%s %s\n", s.paint(green, "meets "), d.Answer.Name)
			continue
		}
		mark := s.paint(red, "MISSES")
		if !slices.ContainsFunc(d.Failures, func(f study.Failure) bool { return f.Decided }) {
			mark = s.paint(yellow, "UNDECIDED")
		}
		var why []string
		for _, f := range d.Failures {
			if words := failureWords(f, &d.Answer, o); !slices.Contains(why, words) {
				why = append(why, words)
			}
		}
		if slices.ContainsFunc(d.Failures, func(f study.Failure) bool { return !f.Decided }) {
			why = append(why, "more --replications decide")
		}
		fmt.Fprintf(&b, "%s %s: %s\n", mark, d.Answer.Name, strings.Join(why, "; "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func failureWords(f study.Failure, a *study.Answer, o study.Objective) string {
	if a.Status == study.Never {
		return "it never drains: " + a.StatusReason // whatever was required
	}
	verdict := " is not so: "
	if !f.Decided {
		verdict = " is not decided: "
	}
	switch {
	case f.Requirement == "":
		return fmt.Sprintf("P(T > %s) = %s, allowed %s", Duration(o.Within), chance(f.Got), percent(o.Risk()))
	case f.Share:
		return f.Requirement + verdict + chance(f.Got)
	case f.Seconds:
		return f.Requirement + verdict + between(f.Got, Duration)
	}
	return f.Requirement + verdict + between(f.Got, significant)
}

// between shows a number, with its interval if it has one.
func between(e montecarlo.Estimate, show func(float64) string) string {
	if e.N == 0 {
		return show(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", show(e.Value), openEnd(e.Lo, show), openEnd(e.Hi, show))
}

// CheckCSV writes a row a design, in SI units, with what it fails.
func CheckCSV(w io.Writer, designs []study.Checked) error {
	rows := [][]string{append([]string{"design", "status", "met", "meets_objective", "decided", "failures"}, lawColumns...)}
	for i := range designs {
		d := &designs[i]
		var failed []string
		for _, f := range d.Failures {
			failed = append(failed, requirementName(f.Requirement))
		}
		row := []string{d.Answer.Name, string(d.Answer.Status), strconv.FormatBool(len(d.Failures) == 0), strconv.FormatBool(d.Answer.MeetsObjective),
			strconv.FormatBool(d.Answer.Decided), strings.Join(failed, "; ")}
		rows = append(rows, append(row, lawFields(d.Answer.Drain)...))
	}
	return writeCSV(w, rows)
}

func requirementName(text string) string {
	if text == "" {
		return "objective"
	}
	return text
}

type checkJSON struct {
	Scenario string            `json:"scenario"`
	Seed     uint64            `json:"seed"`
	Version  string            `json:"version"`
	Met      bool              `json:"met"`
	Designs  []checkDesignJSON `json:"designs"`

	Interrupted bool `json:"interrupted,omitempty"` // designs are those that were finished by then
}

type checkDesignJSON struct {
	Name           string        `json:"name"`
	Status         study.Status  `json:"status"`
	Met            bool          `json:"met"`
	MeetsObjective bool          `json:"meets_objective"`
	Decided        bool          `json:"decided"`
	Failures       []failureJSON `json:"failures"`
	Drain          *lawJSON      `json:"drain"`
	Year           *yearJSON     `json:"year,omitempty"`
	Cost           *costJSON     `json:"cost,omitempty"`
}

type failureJSON struct {
	Requirement string `json:"requirement"` // "objective" or as asked
	Value       number `json:"value"`
	Decided     bool   `json:"decided"`
}

// CheckJSON writes the same as one document.
func CheckJSON(w io.Writer, name string, seed uint64, designs []study.Checked, interrupted bool, version string) error {
	doc := checkJSON{Scenario: name, Seed: seed, Version: version, Met: !interrupted, Interrupted: interrupted, Designs: []checkDesignJSON{}}
	for i := range designs {
		d := &designs[i]
		one := checkDesignJSON{d.Answer.Name, d.Answer.Status, len(d.Failures) == 0, d.Answer.MeetsObjective, d.Answer.Decided, []failureJSON{}, lawOf(d.Answer.Drain),
			yearOf(d.Answer.Year), costOf(d.Answer.Cost)}
		for _, f := range d.Failures {
			one.Failures = append(one.Failures, failureJSON{requirementName(f.Requirement), number(f.Got.Value), f.Decided})
		}
		doc.Met = doc.Met && one.Met
		doc.Designs = append(doc.Designs, one)
	}
	return writeJSON(w, doc)
}

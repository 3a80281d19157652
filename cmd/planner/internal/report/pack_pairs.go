package report

import (
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// mostPaired designs are held each against each; of more, each against the one
// recommended.
const mostPaired = 6

// differences holds the designs against each other.
func (p *Pack) differences() []block {
	r := p.Result
	t := &grid{Head: []string{"Difference", "P99", "Chance of missing " + Duration(r.Objective.Within)}}
	simulated := false
	pairs := r.Between(study.P99, study.Breach)
	if len(pairs) == 0 {
		return nil
	}
	for _, v := range pairs {
		a, b := &r.Designs[v.A], &r.Designs[v.B]
		if len(r.Designs) > mostPaired && a != p.Choice.Design && b != p.Choice.Design {
			continue
		}
		for _, d := range v.Differences {
			simulated = simulated || d.N > 0
		}
		t.row(b.Name+" less "+a.Name, apart(a, b, v.Differences[0], signedTime), apart(a, b, v.Differences[1], points100))
	}
	words := "Every two designs: how much later the one drains than the other, and how much more often it misses the objective, in percentage points."
	if len(r.Designs) > mostPaired {
		words = "Each design and the one recommended" + words[len("Every two designs"):]
	}
	if simulated {
		words += fmt.Sprintf(" Where a design is simulated the two are compared storm by storm, and the bracket holds the difference with %s confidence; a bracket without 0 tells them apart.", percent(montecarlo.Confidence))
	}
	return []block{text(words), {Table: t}}
}

// apart is a difference in words, with its interval where it was simulated.
func apart(a, b *study.Answer, d study.Difference, show func(float64) string) string {
	switch {
	case math.IsNaN(d.Value):
		return "neither ends"
	case math.IsInf(d.Value, 1):
		return b.Name + " has no end"
	case math.IsInf(d.Value, -1):
		return a.Name + " has no end"
	case d.N == 0 || d.Lo == d.Hi:
		return show(d.Value)
	case math.IsInf(d.Lo, -1) && math.IsInf(d.Hi, 1):
		return show(d.Value) + " [too few storms to tell]"
	}
	return fmt.Sprintf("%s [%s to %s]", show(d.Value), limit(d.Lo, show), limit(d.Hi, show))
}

// limit of an interval that may be open.
func limit(x float64, show func(float64) string) string {
	if math.IsInf(x, 0) {
		return "unknown"
	}
	return show(x)
}

// signedTime is a difference of times, to the second: intervals are far narrower
// than the times themselves.
func signedTime(x float64) string {
	text := Duration(math.Abs(x))
	if s := math.Round(math.Abs(x)); s >= 3600 {
		text = fmt.Sprintf("%.0f h %.0f min %.0f s", math.Floor(s/3600), math.Floor(math.Mod(s, 3600)/60), math.Mod(s, 60))
	}
	switch {
	case text == Duration(0):
		return text
	case x < 0:
		return "−" + text
	}
	return "+" + text
}

// points100 is a difference of probabilities in percentage points.
func points100(x float64) string {
	if math.Abs(x) < 1e-6 { // below what either is known to
		return "0"
	}
	return strings.Replace(fmt.Sprintf("%+.3g", 100*x), "-", "−", 1)
}

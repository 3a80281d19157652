package report

import (
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

type rareJSON struct {
	Within   number   `json:"within_s"`
	P        number   `json:"p"`
	CI       interval `json:"ci"`
	Relative number   `json:"relative_error"`
	N        int      `json:"n"`
	Gain     number   `json:"gain"`
}

type precisionJSON struct {
	Of      string `json:"of"`
	Reached number `json:"reached"`
	Met     bool   `json:"met"`
	Most    int    `json:"most,omitempty"` // storms that were allowed; it takes more where not met
}

// controlJSON is the mean by a control variate: its variance is that of the
// plain mean over the gain.
type controlJSON struct {
	Mean number   `json:"mean_s"`
	CI   interval `json:"ci"`
	Gain number   `json:"gain"`
}

func controlOf(c *montecarlo.Controlled) *controlJSON {
	if c == nil {
		return nil
	}
	return &controlJSON{number(c.Value), intervalOf(c.Estimate), number(c.Gain)}
}

func rareOf(all []study.Rare) []rareJSON {
	var out []rareJSON
	for _, r := range all {
		out = append(out, rareJSON{number(r.Within), number(r.Estimate.Value), intervalOf(r.Estimate), number(r.Relative), r.Estimate.N, number(r.Gain)})
	}
	return out
}

func precisionOf(p montecarlo.Reached) *precisionJSON {
	if !p.Asked {
		return nil
	}
	return &precisionJSON{p.Of, number(p.Relative), p.Met, p.Most}
}

// preciseWords says how far what was to be known precisely of a law is.
func preciseWords(l *study.Law) string {
	n, kind := l.N, "storm"
	if len(l.Rare) > 0 && strings.HasPrefix(l.Precision.Of, "P(T") {
		n = l.Rare[0].Estimate.N
		if l.Method == queueing.Splitting {
			kind = "run"
		}
	}
	text := reachedWords(l.Precision.Of, l.Precision, counted(n, kind))
	if p := l.Precision; !p.Met && p.Most > 0 && strings.HasPrefix(p.Of, "P(T") {
		text += " (--method tilting or splitting finds small chances)"
	}
	return text
}

// reachedWords says how precise the number asked for is after so many storms and,
// where that is less than was asked, what it takes.
func reachedWords(what string, p montecarlo.Reached, after string) string {
	text := fmt.Sprintf("%s is known to %s after %s, as asked", what, percent(p.Relative), after)
	switch {
	case p.Met:
		return text
	case p.Endless:
		return fmt.Sprintf("%s is infinite: more than the rest of %s had not drained by the horizon", what, after)
	case math.IsInf(p.Relative, 1):
		text = fmt.Sprintf("%s is not known after %s: too few cases", what, after)
	default:
		text = fmt.Sprintf("%s is known to %s after %s, less than was asked", what, percent(p.Relative), after)
	}
	if p.Most > 0 {
		text += fmt.Sprintf("; what was asked takes more than %s", thousands(float64(p.Most)))
	}
	return text
}

// writePrecise says how far what was to be known precisely is, and how good a
// small chance.
func writePrecise(b *strings.Builder, l *study.Law, indent string) {
	if l == nil {
		return
	}
	if l.Precision.Asked {
		fmt.Fprintf(b, "%s%s\n", indent, wrapped(preciseWords(l), 96, indent+"  "))
	}
	if c := l.Control; c != nil {
		// Where rates are constant it takes out all of the chance.
		gain := "all"
		if c.Gain < 1e6 {
			gain = percent(1 - 1/c.Gain)
		}
		fmt.Fprintf(b, "%sby a control variate the mean is %.6g s [%.6g, %.6g]: it takes out %s of the variance\n", indent, c.Value, c.Lo, c.Hi, gain)
	}
	for _, r := range l.Rare {
		fmt.Fprintf(b, "%sP(T > %s) = %s by %s, relative error %s, as from %.2g plain storms\n", indent, Duration(r.Within),
			share(r.Estimate.Value), l.Method, percent(r.Relative), r.Gain*float64(r.Estimate.N))
	}
}

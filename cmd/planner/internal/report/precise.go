package report

import (
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
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
	return &precisionJSON{p.Of, number(p.Relative), p.Met}
}

// writePrecise says how far what was to be known precisely is, and how good a
// small chance.
func writePrecise(b *strings.Builder, l *study.Law, indent string) {
	if l == nil {
		return
	}
	if p := l.Precision; p.Asked {
		how := "as asked"
		if !p.Met {
			how = "less than was asked"
		}
		if math.IsInf(p.Relative, 1) {
			fmt.Fprintf(b, "%sthe %s is not known after %s storms: too few cases\n", indent, p.Of, thousands(float64(l.N)))
		} else {
			fmt.Fprintf(b, "%s%s is known to %s after %s storms, %s\n", indent, p.Of, percent(p.Relative), thousands(float64(l.N)), how)
		}
	}
	for _, r := range l.Rare {
		fmt.Fprintf(b, "%sP(T > %s) = %s by %s, relative error %s, as from %.2g plain storms\n", indent, Duration(r.Within),
			share(r.Estimate.Value), l.Method, percent(r.Relative), r.Gain*float64(r.Estimate.N))
	}
}

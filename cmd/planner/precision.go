package main

import (
	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

// precisionFlags ask for as many storms as one number needs, instead of for a
// number of storms.
func precisionFlags() []cli.Flag {
	return precisionFlagsOf("ten million at most, or 10^9 requests one by one")
}

// precisionFlagsOf are those of a command that has another bound, or means more by
// them.
func precisionFlagsOf(bound string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "precision", Usage: "instead of --replications, as many as bring half the interval of --of below `SHARE` of it, as 1%; " + bound},
		&cli.StringFlag{Name: "of", Value: "p99", Usage: "what --precision is of: `NAME` is p50, p99, p999 or another quantile of the drain time, or breach"},
	}
}

// readPrecision reads them; the zero value where none is asked for.
func readPrecision(c *cli.Context) (study.Precision, error) {
	if !c.IsSet("precision") {
		return study.Precision{}, needs(c, "of", "precision")
	}
	if c.IsSet("replications") {
		return study.Precision{}, usageErrorf("give one of them", "flag --precision and flag --replications exclude each other")
	}
	x, fault := scenario.Share(0.0001, 1).Below().Read(c.String("precision"), flagPlace("precision"), "")
	if fault != nil {
		return study.Precision{}, scenario.Faults{*fault}
	}
	p := study.Precision{Relative: x, Of: c.String("of")}
	if !p.Valid() {
		return p, usageErrorf("as --of p99", "flag --of is %q, allowed are breach and quantiles like p50, p99 and p999", p.Of)
	}
	return p, nil
}

// checkPrecision refuses a precision where the method simulates nothing.
func checkPrecision(p study.Precision, m study.Method) error {
	if p.Idle(m) {
		return usageErrorf("leave out one of them", "flag --precision means nothing beside --method %s, which simulates nothing here", m)
	}
	return nil
}

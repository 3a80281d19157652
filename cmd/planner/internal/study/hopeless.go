package study

import (
	"fmt"
	"math"
)

const (
	// hopelessChance is that of draining before the horizon below which storms
	// show nothing but that they have not.
	hopelessChance = 1e-9
	// hopelessStorms are simulated all the same, as a check of the theory.
	hopelessStorms = 5
)

// hopeless tells whether theory leaves practically no chance to drain before
// the horizon, so that each storm is followed over all of it: a lane of many
// servers until idle, say. Where drain times are compared one by one, kept, or
// drawn to a precision, all are drawn.
func (a *Answer) hopeless(horizon float64, o Options) bool {
	if o.AllDrawn || o.Ledger != nil || o.comparing || o.Paired || o.Precision.Relative != 0 || o.Method.rare() != "" {
		return false
	}
	return a.Drain != nil && a.Drain.Theory != nil && a.Drain.Theory.CDF(horizon) < hopelessChance
}

// worthDrawing is how many of n storms are worth it, and says so if not all are.
func (a *Answer) worthDrawing(n int, horizon float64, o Options) int {
	if n <= hopelessStorms || !a.hopeless(horizon, o) {
		return n
	}
	chance := a.Drain.Theory.CDF(horizon)
	a.Warnings = append(a.Warnings, fmt.Sprintf("%d storms are simulated instead of %d, as a check: the chance that one drains within the horizon of %.4g h is %.1g by theory; --replications %d draws all",
		hopelessStorms, n, horizon/3600, math.Max(chance, math.SmallestNonzeroFloat64), n))
	return hopelessStorms
}

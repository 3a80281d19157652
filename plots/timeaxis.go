package plots

import (
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// timeUnit is a unit of a time axis and the steps that read well in it.
type timeUnit struct {
	name    string
	seconds float64
	upTo    float64 // s: the longest axis in this unit
	steps   []float64
}

var timeUnits = []timeUnit{
	{"µs", 1e-6, 2e-3, nil},
	{"ms", 1e-3, 2, nil},
	{"s", 1, 150, []float64{1, 2, 5, 10, 15, 20, 30, 60}},
	{"min", minute, 150 * minute, []float64{1, 2, 5, 10, 15, 20, 30, 60}},
	{"h", hour, 72 * hour, []float64{0.25, 0.5, 1, 2, 3, 4, 6, 12, 24}},
	{"d", day, 2 * year, []float64{0.5, 1, 2, 5, 10, 15, 30, 60, 90, 180}},
	{"yr", year, math.Inf(1), nil},
}

// unitOf is the unit for an axis that reaches to the given time.
func unitOf(reach float64) timeUnit {
	if reach == 0 { // nothing takes any time
		reach = 60
	}
	for _, u := range timeUnits {
		if reach <= u.upTo {
			return u
		}
	}
	return timeUnits[len(timeUnits)-1]
}

// timeScale is a linear axis over times from lo to hi seconds, with ticks in
// natural units as many as fit into length, and the unit's name.
func timeScale(lo, hi float64, length vg.Length, f font.Face, upright bool) (scale, string) {
	lo, hi = widen(lo, hi)
	return timeScaleIn(unitOf(math.Max(math.Abs(lo), math.Abs(hi))), lo, hi, room{length, f, upright})
}

// timeScaleIn is timeScale in a given unit.
func timeScaleIn(u timeUnit, lo, hi float64, r room) (scale, string) {
	lo, hi = widen(lo, hi)
	write := func(step float64) func(float64) string {
		return func(s float64) string { return decimal(s/u.seconds, step/u.seconds) }
	}
	var steps []float64
	for _, s := range u.steps {
		steps = append(steps, s*u.seconds)
	}
	sc := scale{min: lo, max: hi}
	sc.ticks = linearTicks(sc, steps, u.seconds, r, write)
	return sc, u.name
}

// roundTimes are the durations that ticks of a logarithmic axis stand at, s.
var roundTimes = []float64{1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 2, 5, 10, 30, minute, 2 * minute, 5 * minute, 10 * minute,
	20 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 4 * hour, 6 * hour, 12 * hour, day, 2 * day, 5 * day, 10 * day,
	30 * day, 100 * day, year, 10 * year, 100 * year, 1e3 * year, 1e4 * year, 1e6 * year, 1e9 * year}

// logTimeScale is a logarithmic time axis with ticks at round durations.
func logTimeScale(lo, hi float64, r room) scale {
	sc := scale{min: lo, max: hi, log: true}
	end := vg.Length(math.Inf(-1))
	times := slices.Clone(roundTimes)
	for s := 1e12 * year; s <= hi; s *= 1e3 {
		times = append(times, s)
	}
	for _, s := range times {
		if s < lo*(1-1e-9) || s > hi*(1+1e-9) {
			continue
		}
		text := Duration(s)
		at, half := vg.Length(sc.at(s))*r.length, r.face.Width(text)/2
		if r.upright {
			half = r.face.Font.Size / 2
		}
		if at-half > end+r.face.Font.Size {
			sc.ticks = append(sc.ticks, plot.Tick{Value: s, Label: text})
			end = at + half
		}
	}
	return sc
}

// decimal writes x with as many decimals as the step between ticks needs.
func decimal(x, step float64) string {
	if math.Abs(x) < 1e-9*step {
		return "0"
	}
	if math.Abs(x) >= 1e7 || step <= 0 {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	places := 0
	for s := step; places < 12 && math.Abs(s-math.Round(s)) > 1e-6*s; s *= 10 {
		places++
	}
	out := strconv.FormatFloat(math.Abs(x), 'f', places, 64)
	if x < 0 && out != strconv.FormatFloat(0, 'f', places, 64) {
		out = "−" + out
	}
	return out
}

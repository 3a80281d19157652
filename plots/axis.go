package plots

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
)

// Quantity is what the numbers of an axis are, and so how they are written.
type Quantity int

// The quantities.
const (
	Number Quantity = iota // a count, a rate, a price: plain
	Time                   // seconds, shown in natural units
	Share                  // 0 to 1, shown in percent
)

// Axis describes an axis whose meaning the chart does not know by itself. The
// unit of a Time is added to the title.
type Axis struct {
	Title    string // "relaunch rate (1/s)"
	Quantity Quantity
	Log      bool // logarithmic; lines leave it at the bottom for values of 0 or less
	Decades  int  // most that a logarithmic axis has below its upper end; 0: 12
	Whole    bool // there is nothing between whole numbers, as of zones: no ticks stand there, and contours keep to the borders between them
}

// format writes a value of the quantity.
func (q Quantity) format(v float64) string {
	switch q {
	case Time:
		return Duration(v)
	case Share:
		return Percent(v)
	}
	return Count(v)
}

// scale makes the axis over lo to hi, and its title with the unit.
func (a Axis) scale(lo, hi float64, r room) (scale, string) {
	if a.Log && hi > 0 {
		return a.logScale(lo, hi, r), a.Title
	}
	switch a.Quantity {
	case Time:
		lo, hi = widen(lo, hi)
		sc, unit := timeScaleIn(unitOf(math.Max(math.Abs(lo), math.Abs(hi))), lo, hi, r)
		return sc, a.Title + " (" + unit + ")"
	case Share:
		return shareScale(lo, hi, r), a.Title
	}
	if a.Whole && hi > lo {
		return countScale(lo, hi, r).whole(), a.Title
	}
	return countScale(lo, hi, r), a.Title
}

// logScale is the logarithmic axis; lo is raised to what its decades hold.
func (a Axis) logScale(lo, hi float64, r room) scale {
	decades := a.Decades
	if decades == 0 {
		decades = 12
	}
	lo = math.Max(lo, hi/math.Pow10(decades))
	if hi < 1.01*lo {
		lo, hi = lo/2, hi*2
	}
	if a.Quantity == Time {
		return logTimeScale(lo, hi, r)
	}
	if a.Quantity == Share && lo < leastPercent { // all ticks of an axis are written alike
		return logScale(lo, hi, r, oneIn)
	}
	return logScale(lo, hi, r, a.Quantity.format)
}

// span is the range of the finite values, widened by what else has to be seen;
// ok is false where there are none. On a logarithmic axis only positive ones
// count.
func (a Axis) span(values ...float64) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if math.IsInf(v, 0) || a.Log && v <= 0 {
			continue
		}
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	if lo > hi {
		return 1, 10, false
	}
	return lo, hi, true
}

// fromZero extends a range to 0 where that is near; probabilities end at 1 at
// the latest and begin at 0.
func (a Axis) fromZero(lo, hi float64) (float64, float64) {
	if a.Log {
		return lo / 1.1, hi * 1.1
	}
	if lo > 0 && lo < 0.5*hi {
		lo = 0
	}
	return lo, hi + 0.03*(hi-lo)
}

// check refuses an axis that nothing can be set against.
func (a Axis) check(field string) error {
	if a.Quantity < Number || a.Quantity > Share {
		return &ValueError{field + ".Quantity", float64(a.Quantity), "Number, Time or Share"}
	}
	return nil
}

// checkAll refuses NaN and values outside lo to hi.
func checkAll(field string, values []float64, lo, hi float64) error {
	for i, v := range values {
		if !(v >= lo && v <= hi) {
			return checkNumber(fmt.Sprintf("%s[%d]", field, i), v, lo, hi)
		}
	}
	return nil
}

// across and upright are the rooms of a horizontal and a vertical axis.
func (s *style) across(length vg.Length) room  { return room{length, s.tick, false} }
func (s *style) upright(length vg.Length) room { return room{length, s.tick, true} }

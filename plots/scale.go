package plots

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// scale maps values to a share of an axis and says where its ticks are.
type scale struct {
	min, max float64
	log      bool
	ticks    []plot.Tick
}

// at is the place of v along the axis: 0 at min, 1 at max, a length of the axis
// beyond its ends at most. What a log axis cannot hold is below it.
func (s scale) at(v float64) float64 {
	if s.log {
		if v <= 0 {
			return -1
		}
		v = math.Min(v, math.MaxFloat64)
		return math.Min(math.Max(plot.LogScale{}.Normalize(s.min, s.max, v), -1), 2)
	}
	v = math.Min(math.Max(v, s.min-(s.max-s.min)), s.max+(s.max-s.min))
	return plot.LinearScale{}.Normalize(s.min, s.max, v)
}

// holds tells whether v is on the axis.
func (s scale) holds(v float64) bool {
	if s.log {
		return v >= s.min*(1-1e-9) && v <= s.max*(1+1e-9)
	}
	slack := 1e-9 * (s.max - s.min)
	return v >= s.min-slack && v <= s.max+slack
}

// room is what ticks have to fit into.
type room struct {
	length  vg.Length
	face    font.Face
	upright bool // a vertical axis: labels stack by height, not width
}

// most is the number of labels like text that fit without crowding.
func (r room) most(text string) int {
	each := r.face.Font.Size * 2.2
	if !r.upright {
		each = r.face.Width(text) + 1.6*r.face.Font.Size
	}
	return max(2, int(r.length/each)+1)
}

// countScale is a linear axis of numbers from lo to hi.
func countScale(lo, hi float64, r room) scale {
	lo, hi = widen(lo, hi)
	sc := scale{min: lo, max: hi}
	sc.ticks = linearTicks(sc, nil, 1, r, func(step float64) func(float64) string {
		return func(v float64) string { return countLabel(v, step) }
	})
	return sc
}

// whole leaves out the ticks that are not at whole numbers, and writes the others
// as such.
func (s scale) whole() scale {
	var ticks []plot.Tick
	for _, t := range s.ticks {
		if v := math.Round(t.Value); math.Abs(t.Value-v) < 1e-9*math.Max(1, math.Abs(v)) {
			ticks = append(ticks, plot.Tick{Value: v, Label: Count(v)})
		}
	}
	s.ticks = ticks
	return s
}

// shareScale is an axis of probabilities in percent.
func shareScale(lo, hi float64, r room) scale {
	lo, hi = widen(lo, hi)
	sc := scale{min: lo, max: hi}
	sc.ticks = linearTicks(sc, nil, 0.01, r, func(step float64) func(float64) string {
		return func(v float64) string { return decimal(100*v, 100*step) + " %" }
	})
	return sc
}

// countLabel writes a tick of an axis of numbers.
func countLabel(v, step float64) string {
	a := math.Abs(v)
	switch {
	case a < 1e-9*step:
		return "0"
	case a >= 1e15 || a > 0 && a < 1e-4:
		return strconv.FormatFloat(v, 'g', 4, 64)
	case step >= 1e8:
		return decimal(v/1e9, step/1e9) + " G"
	case step >= 1e5:
		return decimal(v/1e6, step/1e6) + " M"
	case a >= 1000 && step >= 1:
		return thousands(int64(math.Round(v)))
	default:
		return decimal(v, step)
	}
}

// linearTicks puts a tick at each multiple of the least step whose labels fit.
// The steps are tried in turn before 1, 2 and 5 times powers of ten of unit.
func linearTicks(sc scale, steps []float64, unit float64, r room, write func(step float64) func(float64) string) []plot.Tick {
	span := sc.max - sc.min
	tick := func(step float64) []plot.Tick {
		var ticks []plot.Tick
		label := write(step)
		for k := math.Ceil(sc.min/step - 1e-9); k*step <= sc.max+1e-9*span && len(ticks) < 100; k++ {
			ticks = append(ticks, plot.Tick{Value: k * step, Label: label(k * step)})
		}
		return ticks
	}
	fits := func(step float64) bool {
		if span/step > 60 {
			return false
		}
		ticks := tick(step)
		widest := ""
		for _, t := range ticks {
			if r.face.Width(t.Label) > r.face.Width(widest) {
				widest = t.Label
			}
		}
		return len(ticks) <= r.most(widest) && float64(r.most(widest)-1)*step >= span*0.999
	}
	for _, step := range append(belowSteps(steps, unit, span), steps...) {
		if fits(step) {
			return tick(step)
		}
	}
	if ticks := decadeTicks(steps, unit, span, fits, tick); ticks != nil {
		return ticks
	}
	return loneTick(unit, span, tick)
}

// loneTick is the roundest value of an axis that has room for no more.
func loneTick(unit, span float64, tick func(float64) []plot.Tick) []plot.Tick {
	for e := math.Ceil(math.Log10(span/unit)) + 1; ; e-- {
		for _, m := range []float64{5, 2, 1} {
			if ticks := tick(m * math.Pow(10, e) * unit); len(ticks) > 0 {
				return ticks[:1]
			}
		}
	}
}

// belowSteps are the decimal steps that come before the natural ones.
func belowSteps(steps []float64, unit, span float64) []float64 {
	if len(steps) == 0 || span > 60*steps[0] {
		return nil
	}
	var below []float64
	for e := math.Floor(math.Log10(span/unit)) - 3; ; e++ {
		for _, m := range []float64{1, 2, 5} {
			s := m * math.Pow(10, e) * unit
			if s >= steps[0]*(1-1e-9) {
				return below
			}
			below = append(below, s)
		}
	}
}

// decadeTicks goes up through 1, 2 and 5 times the powers of ten.
func decadeTicks(steps []float64, unit, span float64, fits func(float64) bool, tick func(float64) []plot.Tick) []plot.Tick {
	floor := 0.0
	if len(steps) > 0 {
		floor = steps[len(steps)-1]
	}
	e := math.Floor(math.Log10(span/unit)) - 2
	for range 6 {
		for _, m := range []float64{1, 2, 5} {
			if s := m * math.Pow(10, e) * unit; s > floor && fits(s) {
				return tick(s)
			}
		}
		e++
	}
	return nil
}

// logScale is a logarithmic axis from lo to hi, both positive, with ticks at
// powers of ten, thinned until they fit, and at 2 and 5 times them where there
// is room.
func logScale(lo, hi float64, r room, label func(float64) string) scale {
	sc := scale{min: lo, max: hi, log: true}
	decades := math.Log10(hi / lo)
	first, last := math.Floor(math.Log10(lo)), math.Ceil(math.Log10(hi))
	widest := label(math.Pow(10, first))
	for e := first; e <= last; e++ {
		if l := label(math.Pow(10, e)); r.face.Width(l) > r.face.Width(widest) {
			widest = l
		}
	}
	most := float64(r.most(widest))
	every := 1.0
	for _, e := range []float64{1, 2, 3, 5, 10, 20, 50, 100} {
		every = e
		if decades/e+1 <= most {
			break
		}
	}
	mantissas := []float64{1}
	if every == 1 && 3.4*decades+1 <= most { // 2 and 5 are a third of a decade apart at least
		mantissas = []float64{1, 2, 5}
	}
	for e := first; e <= last; e++ {
		for _, m := range mantissas {
			v := m * math.Pow(10, e)
			if math.Mod(e, every) == 0 && v >= lo*(1-1e-9) && v <= hi*(1+1e-9) {
				sc.ticks = append(sc.ticks, plot.Tick{Value: v, Label: label(v)})
			}
		}
	}
	return sc
}

// widen makes a range that has a length: around a single value, a tenth of it
// to both sides; ends are kept where the sum stays finite.
func widen(lo, hi float64) (float64, float64) {
	lo = math.Min(math.Max(lo, -1e300), 1e300)
	hi = math.Min(math.Max(hi, -1e300), 1e300)
	if lo > hi {
		lo, hi = hi, lo
	}
	if span := hi - lo; span > 1e-9*math.Max(math.Abs(lo), math.Abs(hi)) && span > 1e-300 {
		return lo, hi
	}
	pad := math.Abs(lo) / 10
	if pad < 1e-290 {
		return lo, lo + 1
	}
	return lo - pad, hi + pad
}

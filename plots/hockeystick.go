package plots

import (
	"fmt"
	"io"
	"math"
	"strings"
)

// HockeyStick shows the wait in the steady state against the utilisation: flat
// for long, then without bound as the lane nears saturation, with the loads
// before and after the storm marked.
type HockeyStick struct {
	Frame
	Objective float64  // s: a wait that should not be passed; 0: none
	Loads     []Marked // utilisations, 0 to 1 and beyond
	Curves    []HockeyCurve
}

// HockeyCurve is the wait of one design or model.
type HockeyCurve struct {
	Name      string
	Line      []Point     // utilisation against wait in s, +Inf from saturation on
	Simulated []Estimated // may be nil
	Note      string
}

// Save writes the chart.
func (h HockeyStick) Save(w io.Writer, f Format) error { return save(w, f, h) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (h HockeyStick) Caption() string { return caption(h) }

// AltText says what the chart shows, with its numbers.
func (h HockeyStick) AltText() string {
	var s strings.Builder
	s.WriteString(opening(h.Frame, "Mean wait in the steady state by utilisation"))
	for i, c := range h.Curves {
		pts := keyedCurve{theory: c.Line, simulated: c.Simulated}.path()
		words := "no data"
		if len(pts) > 0 {
			var at []string
			for _, rho := range []float64{0.5, 0.8, 0.9, 0.95} {
				if rho >= pts[0].X && rho <= pts[len(pts)-1].X {
					at = append(at, Duration(valueAt(pts, rho))+" at "+Percent(rho))
				}
			}
			last := pts[len(pts)-1]
			words = strings.Join(append(at, Duration(last.Y)+" at "+Percent(last.X)), ", ")
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, c.Name), sentence(words, c.Note))
	}
	for _, m := range h.Loads {
		s.WriteString(" " + sentence(oneLine(m.Label)+" the utilisation is "+Percent(m.Value)))
	}
	return s.String()
}

func (h HockeyStick) names() []string { return h.sweep().names() }

func (h HockeyStick) check() error {
	if len(h.Curves) == 0 {
		return ErrEmpty
	}
	err := checkNumber("Objective", h.Objective, 0, math.MaxFloat64)
	for i, m := range h.Loads {
		err = firstError(err, checkNumber(fmt.Sprintf("Loads[%d].Value", i), m.Value, 0, math.MaxFloat64))
	}
	for i, c := range h.Curves {
		at := fmt.Sprintf("Curves[%d]", i)
		err = firstError(err, checkCurve(at+".Line", c.Line, 0, math.Inf(1)),
			checkEstimates(at+".Simulated", c.Simulated, 0, math.Inf(1)))
	}
	return err
}

// sweep is the chart as a sweep over the utilisation, saturated at 1.
func (h HockeyStick) sweep() Sweep {
	s := Sweep{Frame: h.Frame, X: Axis{Title: "utilisation", Quantity: Share}, Y: Axis{Title: "mean wait", Quantity: Time},
		Objective: h.Objective, Current: h.Loads}
	for _, c := range h.Curves {
		s.Series = append(s.Series, SweepSeries{Design: c.Name, Line: c.Line, Simulated: c.Simulated, Note: c.Note})
	}
	return s
}

func (h HockeyStick) arrange(sh *sheet) content {
	s := h.sweep()
	k := s.curves(sh)
	if s.reaches(1) {
		k.tags = append(k.tags, tag{sh.saturationLine(sh.muted), "saturated", "100 %", 1})
	}
	return k.content()
}

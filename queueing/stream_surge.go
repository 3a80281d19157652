package queueing

import (
	"errors"
	"math"
)

// Surge is a Poisson process whose rate decays from Initial as
// Initial exp(-t/Decay).
type Surge struct {
	Initial float64 // requests per second at t = 0, at least 0
	Decay   float64 // s, positive
}

func (a Surge) Rate(t float64) float64 { return a.Initial * math.Exp(-t/a.Decay) }

func (a Surge) Flow(s, t float64) float64 {
	return -a.Initial * a.Decay * math.Exp(-s/a.Decay) * math.Expm1(-(t-s)/a.Decay)
}

// Excess is r d e^(-t/d) (e^(u/d) - 1 - u/d) with u = t - s.
func (a Surge) Excess(s, t float64) float64 {
	u := (t - s) / a.Decay
	if u > 0.5 { // no cancellation, and e^u may overflow
		return a.Flow(s, t) - a.Rate(t)*(t-s)
	}
	return a.Rate(t) * a.Decay * expExcess(u)
}

func (a Surge) Jumps() []Jump                 { return nil }
func (a Surge) Breaks(_, _ float64) []float64 { return nil }
func (a Surge) Count(s, t float64) Count      { return Count{Poisson: a.Flow(s, t)} }
func (a Surge) Begins() float64               { return 0 }
func (a Surge) LongRun() float64              { return 0 }
func (a Surge) Split(n, _ int) Source         { return Surge{a.Initial / float64(n), a.Decay} }

func (a Surge) Validate() error {
	return errors.Join(nonNegative("Surge.Initial", a.Initial), positive("Surge.Decay", a.Decay))
}

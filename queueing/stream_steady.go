package queueing

// Steady is a Poisson process of constant rate.
type Steady struct {
	PerSecond float64 // requests per second, at least 0
}

func (a Steady) Rate(float64) float64          { return a.PerSecond }
func (a Steady) Flow(s, t float64) float64     { return a.PerSecond * (t - s) }
func (a Steady) Excess(_, _ float64) float64   { return 0 }
func (a Steady) Jumps() []Jump                 { return nil }
func (a Steady) Breaks(_, _ float64) []float64 { return nil }
func (a Steady) Count(s, t float64) Count      { return Count{Poisson: a.Flow(s, t)} }
func (a Steady) Begins() float64               { return 0 }
func (a Steady) LongRun() float64              { return a.PerSecond }
func (a Steady) Split(n, _ int) Source         { return Steady{a.PerSecond / float64(n)} }
func (a Steady) Validate() error               { return nonNegative("Steady.PerSecond", a.PerSecond) }

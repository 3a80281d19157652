package queueing

import (
	"errors"
	"math"
)

// A Delay is the law of the time after which a member of a [Pool] sends its
// requests. Delays are immutable values.
type Delay interface {
	// Mean in seconds.
	Mean() float64
	// Density at x >= 0 in 1/s, continuous from the right.
	Density(x float64) float64
	// Between is P(x < delay <= y) for 0 <= x <= y, without cancellation.
	Between(x, y float64) float64
	// Beyond is P(delay > x), without cancellation.
	Beyond(x float64) float64
	// Excess is Between(x,y) - Density(y)*(y-x), without cancellation where
	// the law has a closed form for it.
	Excess(x, y float64) float64
	// Quantile is the least x with P(delay <= x) >= p, for 0 <= p <= 1.
	Quantile(p float64) float64
	// Breaks lists the positive instants at which the density jumps, or where all of a
	// law that hardly varies is.
	Breaks() []float64
	Validate() error
}

// ExponentialDelay has density exp(-x/MeanDelay) / MeanDelay.
type ExponentialDelay struct {
	MeanDelay float64 // s, positive
}

func (d ExponentialDelay) Mean() float64             { return d.MeanDelay }
func (d ExponentialDelay) Density(x float64) float64 { return math.Exp(-x/d.MeanDelay) / d.MeanDelay }
func (d ExponentialDelay) Beyond(x float64) float64  { return math.Exp(-x / d.MeanDelay) }
func (d ExponentialDelay) Breaks() []float64         { return nil }
func (d ExponentialDelay) Validate() error {
	return positive("ExponentialDelay.MeanDelay", d.MeanDelay)
}

func (d ExponentialDelay) Between(x, y float64) float64 {
	return -math.Exp(-x/d.MeanDelay) * math.Expm1(-(y-x)/d.MeanDelay)
}

func (d ExponentialDelay) Excess(x, y float64) float64 {
	return Surge{1 / d.MeanDelay, d.MeanDelay}.Excess(x, y)
}

func (d ExponentialDelay) Quantile(p float64) float64 { return -d.MeanDelay * math.Log1p(-p) }

// UniformDelay is uniform over (0, Window].
type UniformDelay struct {
	Window float64 // s, positive
}

func (d UniformDelay) Mean() float64     { return d.Window / 2 }
func (d UniformDelay) Breaks() []float64 { return []float64{d.Window} }
func (d UniformDelay) Validate() error   { return positive("UniformDelay.Window", d.Window) }

func (d UniformDelay) Density(x float64) float64 {
	if x < 0 || x >= d.Window {
		return 0
	}
	return 1 / d.Window
}

func (d UniformDelay) Beyond(x float64) float64 { return math.Max(0, 1-x/d.Window) }

func (d UniformDelay) Between(x, y float64) float64 {
	return math.Max(0, math.Min(y, d.Window)-math.Max(x, 0)) / d.Window
}

func (d UniformDelay) Excess(x, y float64) float64 {
	switch {
	case y < d.Window:
		return 0
	case x >= d.Window:
		return 0
	}
	return (d.Window - x) / d.Window
}

func (d UniformDelay) Quantile(p float64) float64 { return p * d.Window }

// LognormalDelay has mean MeanDelay and coefficient of variation CV.
type LognormalDelay struct {
	MeanDelay float64 // s, positive
	CV        float64 // standard deviation / mean, positive
}

// params are the mean and standard deviation of the logarithm.
func (d LognormalDelay) params() (mu, sigma float64) {
	s2 := math.Log1p(d.CV * d.CV)
	return math.Log(d.MeanDelay) - s2/2, math.Sqrt(s2)
}

func (d LognormalDelay) Mean() float64 { return d.MeanDelay }

// Breaks are where all of a delay that hardly varies is, which nothing that looks at the
// density here and there would see.
func (d LognormalDelay) Breaks() (at []float64) {
	if d.CV >= narrowDelay {
		return nil
	}
	mu, sigma := d.params()
	for _, z := range [...]float64{-9, -6, -4, -2, 0, 2, 4, 6, 9} {
		at = append(at, math.Exp(mu+sigma*z))
	}
	return at
}

// narrowDelay is the coefficient of variation up to which a delay hardly varies.
const narrowDelay = 0.05

func (d LognormalDelay) Validate() error {
	return errors.Join(positive("LognormalDelay.MeanDelay", d.MeanDelay), positive("LognormalDelay.CV", d.CV))
}

func (d LognormalDelay) Density(x float64) float64 {
	if x <= 0 {
		return 0
	}
	mu, sigma := d.params()
	z := (math.Log(x) - mu) / sigma
	return math.Exp(-z*z/2) / (x * sigma * math.Sqrt(2*math.Pi))
}

func (d LognormalDelay) Beyond(x float64) float64 {
	if x <= 0 {
		return 1
	}
	mu, sigma := d.params()
	return math.Erfc((math.Log(x)-mu)/(sigma*math.Sqrt2)) / 2
}

// Between differences the smaller of the two tails. A short interval, where
// even those agree, is integrated with three Gauss points.
func (d LognormalDelay) Between(x, y float64) float64 {
	if y <= x {
		return 0
	}
	mu, sigma := d.params()
	if y-x < 0.03*x*math.Min(1, sigma) {
		mid, half := (x+y)/2, (y-x)/2
		off := half * math.Sqrt(0.6)
		return half * (5*d.Density(mid-off) + 8*d.Density(mid) + 5*d.Density(mid+off)) / 9
	}
	if x <= 0 {
		return math.Erfc((mu-math.Log(y))/(sigma*math.Sqrt2)) / 2
	}
	a := (math.Log(x) - mu) / (sigma * math.Sqrt2)
	b := (math.Log(y) - mu) / (sigma * math.Sqrt2)
	if a > 0 {
		return (math.Erfc(a) - math.Erfc(b)) / 2
	}
	return (math.Erfc(-b) - math.Erfc(-a)) / 2
}

func (d LognormalDelay) Excess(x, y float64) float64 {
	return d.Between(x, y) - d.Density(y)*(y-x)
}

func (d LognormalDelay) Quantile(p float64) float64 {
	mu, sigma := d.params()
	return math.Exp(mu + sigma*math.Sqrt2*math.Erfinv(2*p-1))
}

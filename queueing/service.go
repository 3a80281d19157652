package queueing

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
	"slices"
)

// A Service is the law of one request's service time S. Services are
// immutable values. Every law here is closed under a change of time scale.
type Service interface {
	// Mean in seconds.
	Mean() float64
	// SCV is the squared coefficient of variation, variance / mean^2.
	SCV() float64
	// Transform is E exp(-z S), for Re z >= 0.
	Transform(z complex128) complex128
	// Scaled is the law of factor times S.
	Scaled(factor float64) Service
	// Validate reports the first field out of range.
	Validate() error
}

// Exponential service with mean MeanTime.
type Exponential struct {
	MeanTime float64 // s, positive
}

func (s Exponential) Mean() float64                     { return s.MeanTime }
func (s Exponential) SCV() float64                      { return 1 }
func (s Exponential) Transform(z complex128) complex128 { return 1 / (1 + z*complex(s.MeanTime, 0)) }
func (s Exponential) Scaled(f float64) Service          { return Exponential{s.MeanTime * f} }
func (s Exponential) Validate() error                   { return positive("Exponential.MeanTime", s.MeanTime) }

// Deterministic service: every request takes Time.
type Deterministic struct {
	Time float64 // s, positive
}

func (s Deterministic) Mean() float64                     { return s.Time }
func (s Deterministic) SCV() float64                      { return 0 }
func (s Deterministic) Transform(z complex128) complex128 { return cmplx.Exp(-z * complex(s.Time, 0)) }
func (s Deterministic) Scaled(f float64) Service          { return Deterministic{s.Time * f} }
func (s Deterministic) Validate() error                   { return positive("Deterministic.Time", s.Time) }

// Gamma service with mean MeanTime and the given shape; its SCV is 1/Shape.
// With a whole shape it is the Erlang law.
type Gamma struct {
	MeanTime float64 // s, positive
	Shape    float64 // positive
}

func (s Gamma) Mean() float64 { return s.MeanTime }
func (s Gamma) SCV() float64  { return 1 / s.Shape }

// Transform is (1+w)^-Shape, w = z MeanTime/Shape, by its logarithm for small w,
// which 1+w would leave but the digits of 1 for a law of hardly any spread.
func (s Gamma) Transform(z complex128) complex128 {
	x, y := real(z)*s.MeanTime/s.Shape, imag(z)*s.MeanTime/s.Shape
	ln, turn := math.Log1p(x*(2+x)+y*y)/2, math.Atan2(y, 1+x)
	return cmplx.Exp(complex(-s.Shape*ln, -s.Shape*turn))
}

func (s Gamma) Scaled(f float64) Service { return Gamma{s.MeanTime * f, s.Shape} }
func (s Gamma) Validate() error {
	return errors.Join(positive("Gamma.MeanTime", s.MeanTime), positive("Gamma.Shape", s.Shape))
}

// Hyperexponential service is exponential with mean Mean1 with probability P1,
// else with mean Mean2.
type Hyperexponential struct {
	P1           float64 // between 0 and 1
	Mean1, Mean2 float64 // s, positive
}

// BalancedHyperexponential has the given mean and SCV > 1 and balanced means:
// each phase brings half of the work (H. C. Tijms, A First Course in
// Stochastic Models, Wiley 2003, appendix B).
func BalancedHyperexponential(mean, scv float64) Hyperexponential {
	p := (1 + math.Sqrt((scv-1)/(scv+1))) / 2
	return Hyperexponential{p, mean / (2 * p), mean / (2 * (1 - p))}
}

func (s Hyperexponential) Mean() float64 { return s.P1*s.Mean1 + (1-s.P1)*s.Mean2 }
func (s Hyperexponential) SCV() float64 {
	m := s.Mean()
	return 2*(s.P1*s.Mean1*s.Mean1+(1-s.P1)*s.Mean2*s.Mean2)/(m*m) - 1
}
func (s Hyperexponential) Transform(z complex128) complex128 {
	a := complex(s.P1, 0) / (1 + z*complex(s.Mean1, 0))
	return a + complex(1-s.P1, 0)/(1+z*complex(s.Mean2, 0))
}
func (s Hyperexponential) Scaled(f float64) Service {
	return Hyperexponential{s.P1, s.Mean1 * f, s.Mean2 * f}
}
func (s Hyperexponential) Validate() error {
	if !(s.P1 >= 0 && s.P1 <= 1) {
		return &FieldError{"Hyperexponential.P1", s.P1, "a number from 0 to 1"}
	}
	return errors.Join(positive("Hyperexponential.Mean1", s.Mean1), positive("Hyperexponential.Mean2", s.Mean2))
}

// Lognormal service with mean MeanTime and squared coefficient of variation
// Variability.
type Lognormal struct {
	MeanTime    float64 // s, positive
	Variability float64 // SCV, positive
}

// Params are the mean and standard deviation of ln S.
func (s Lognormal) Params() (mu, sigma float64) {
	return LognormalDelay{s.MeanTime, math.Sqrt(s.Variability)}.params()
}

func (s Lognormal) Mean() float64            { return s.MeanTime }
func (s Lognormal) SCV() float64             { return s.Variability }
func (s Lognormal) Scaled(f float64) Service { return Lognormal{s.MeanTime * f, s.Variability} }
func (s Lognormal) Validate() error {
	return errors.Join(positive("Lognormal.MeanTime", s.MeanTime), positive("Lognormal.Variability", s.Variability))
}

// Transform integrates over the normal law of ln S by the trapezoidal rule,
// whose error on a smooth rapidly falling integrand is exponentially small
// (400 points over 9 standard deviations each way).
func (s Lognormal) Transform(z complex128) complex128 {
	const half, points = 9.0, 400
	mu, sigma := s.Params()
	h := 2 * half / points
	sum := complex(0, 0)
	for i := 0; i <= points; i++ {
		x := -half + float64(i)*h
		sum += complex(math.Exp(-x*x/2), 0) * cmplx.Exp(-z*complex(math.Exp(mu+sigma*x), 0))
	}
	return sum * complex(h/math.Sqrt(2*math.Pi), 0)
}

// Empirical service takes one of a list of measured times, each as likely.
// Build it with [NewEmpirical].
type Empirical struct {
	times     []float64 // sorted
	mean, scv float64
}

// NewEmpirical describes services drawn from the measured times, in seconds,
// all of them positive and finite, one or more.
func NewEmpirical(times []float64) (Empirical, error) {
	s := Empirical{times: slices.Clone(times)}
	if len(times) == 0 {
		return s, &FieldError{"Empirical", 0, "at least one service time"}
	}
	slices.Sort(s.times)
	for _, x := range s.times {
		s.mean += x / float64(len(times))
	}
	for _, x := range s.times {
		s.scv += (x - s.mean) * (x - s.mean) / (s.mean * s.mean * float64(len(times)))
	}
	return s, s.Validate()
}

func (s Empirical) Mean() float64 { return s.mean }
func (s Empirical) SCV() float64  { return s.scv }

// Times is the sorted list of service times.
func (s Empirical) Times() []float64 { return slices.Clone(s.times) }

func (s Empirical) Transform(z complex128) complex128 {
	sum := complex(0, 0)
	for _, x := range s.times {
		sum += cmplx.Exp(-z * complex(x, 0))
	}
	return sum / complex(float64(len(s.times)), 0)
}

func (s Empirical) Scaled(f float64) Service {
	out := Empirical{slices.Clone(s.times), s.mean * f, s.scv}
	for i := range out.times {
		out.times[i] *= f
	}
	return out
}

func (s Empirical) Validate() error {
	for _, x := range s.times {
		if err := positive("Empirical", x); err != nil {
			return err
		}
	}
	if len(s.times) == 0 {
		return &FieldError{"Empirical", 0, "at least one service time"}
	}
	return nil
}

// Erlang is the law of a sum of k exponential phases, mean in seconds in all.
func Erlang(mean float64, k int) (Gamma, error) {
	if k < 1 {
		return Gamma{}, fmt.Errorf("queueing: an Erlang law needs 1 or more phases, got %d", k)
	}
	s := Gamma{mean, float64(k)}
	return s, s.Validate()
}

package steady

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"
)

// HasWaitLaw tells whether the waits of the classes have a law that is known:
// those of one server, and those of several where nobody interrupts.
func (m Priority) HasWaitLaw() bool {
	return len(m.Classes) > 0 && (m.Servers == 1 || !m.Preemptive)
}

// inversionError is what the inversion of the transforms may be off.
const inversionError = 1e-9

var errPriorityLaw = errors.New("steady: the waits of priority classes are not known for several servers with interruptions")

// ClassWaitTail is P(wait > t) of class i; 1 when the class is saturated. With
// one server the wait of any service law with the means and SCVs of the
// classes (see [TwoMoments]) comes from its transform, with an absolute error
// of about 1e-9, or 1e-5 at a kink of the law, which services of SCV 0 make;
// where a higher class interrupts, the interruptions count as waiting, and
// those of SCV 0 make the law jump at their whole multiples: such jumps are in
// it exactly, near t all but those of more than 10,000 interruptions. With
// several servers: while all are busy the number waiting of the classes up to i
// is that of M/M/1 with the rate c mu, whatever is below them; a request that
// has to wait starts after N+1 service ends, N geometric with the ratio of
// those classes' load, each drawn out to a busy period by the classes above
// (R. H. Davis, Operations Research 14, 1966; O. Kella & U. Yechiali, 1985).
// With g the transform of that busy period the tail of such a wait has the
// transform (1-g) / (z (1 - load g)), inverted with an absolute error of about
// 1e-10.
func (m Priority) ClassWaitTail(i int, t float64) (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("i", i, 0, len(m.Classes)-1), nonNegative("t", t)); err != nil {
		return 0, err
	}
	switch {
	case !m.HasWaitLaw():
		return 0, errPriorityLaw
	case m.load(i+1) >= 1:
		return 1, nil
	case m.Servers > 1:
		return m.commonTail(i, t), nil
	}
	law := m.classLaw(i)
	waits := law.waits()
	if t <= 1e-100*m.Classes[i].MeanService { // where transforms overflow
		return waits, nil
	}
	return math.Max(0, math.Min(waits, law.tail(t))), nil
}

// commonTail is the tail with exponential service of one mean and no
// interruptions.
func (m Priority) commonTail(i int, t float64) float64 {
	above, upto := m.load(i), m.load(i+1)
	waits := m.held(m.Classes)
	u := t * float64(m.Servers) / m.Classes[0].MeanService // in mean service ends
	switch {
	case u == 0:
		return waits
	case above == 0: // nobody passes: exponential
		return waits * math.Exp(-(1-upto)*u)
	}
	tail := eulerSum(func(z complex128) float64 {
		// above g^2 - b g + 1 = 0 with b = 1 + above + z, so 1-g = z g/(1 - above g)
		b := 1 + complex(above, 0) + z
		root := cmplx.Sqrt(b*b - complex(4*above, 0))
		g := 2 / (b + root)
		late := z * g / (1 - complex(above, 0)*g)
		return real(late / (z * (complex(1-upto, 0) + complex(upto, 0)*late))) // 1 - load g
	}, u)
	return waits * math.Max(0, math.Min(1, tail))
}

// ClassWaitQuantile is the smallest t in s with P(wait <= t) >= p of class i,
// for 0 <= p < 1 - 1e-8, 0 where P(wait > 0) is within 1e-9 of 1-p; +Inf when
// the class is saturated. To the error of [Priority.ClassWaitTail] comes a
// relative one of 1e-11.
func (m Priority) ClassWaitQuantile(i int, p float64) (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("i", i, 0, len(m.Classes)-1), level(p)); err != nil {
		return 0, err
	}
	if !m.HasWaitLaw() {
		return 0, errPriorityLaw
	}
	if m.load(i+1) >= 1 {
		return math.Inf(1), nil
	}
	if p > 1-1e-8 {
		return 0, fmt.Errorf("steady: quantile %v of the wait is beyond the reach of transform inversion, want at most 1 - 1e-8", p)
	}
	waits, err := m.ClassWaitTail(i, 0)
	if err != nil || waits <= 1-p+inversionError {
		return 0, err // nobody of that share waits, as far as the inversion can tell
	}
	return tailQuantileWithin(func(t float64) (float64, error) { return m.ClassWaitTail(i, t) }, 1-p, m.Classes[0].MeanService, 1e-11)
}

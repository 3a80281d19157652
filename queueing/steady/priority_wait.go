package steady

import (
	"errors"
	"fmt"
	"math"
)

// inversionError is what the inversion of the transforms may be off.
const inversionError = 1e-9

// ClassWaitTail is P(wait > t) of class i; 1 when the class is saturated. The
// wait is all the time not in service, as in Wq: interruptions count.
//
// With one server the wait of any service law with the means and SCVs of the
// classes (see [TwoMoments]) comes from its transform, with an absolute error
// of about 1e-9, or 1e-5 at a kink of the law, which services of SCV 0 make;
// interruptions of SCV 0 make the law jump at their whole multiples: such jumps
// are in it exactly, near t all but those of more than 10,000 interruptions.
//
// With several servers: while all are busy the number waiting of the classes up
// to i is that of M/M/1 with the rate c mu, whatever is below them; a request
// that has to wait starts after N+1 service ends, N geometric with the ratio of
// those classes' load, each drawn out to a busy period by the classes above
// (R. H. Davis, Operations Research 14, 1966; O. Kella & U. Yechiali, 1985).
// Where the classes above interrupt, the request of the lowest class that came
// last makes room for them and goes on before those of its class that came
// later: a wait may be followed by further busy periods, which the mean wait
// does not tell from another order but its law does. The absolute error is
// about 1e-10.
func (m Priority) ClassWaitTail(i int, t float64) (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("i", i, 0, len(m.Classes)-1), nonNegative("t", t)); err != nil {
		return 0, err
	}
	if m.load(i+1) >= 1 {
		return 1, nil
	}
	return m.classTail(i)(t), nil
}

// classTail is P(wait > t) of a class that is stable, as a function of t.
func (m Priority) classTail(i int) func(t float64) float64 {
	mean := m.Classes[i].MeanService
	if m.Servers > 1 {
		law, ends := m.commonLaw(i), float64(m.Servers)/mean
		return func(t float64) float64 {
			if t <= 1e-100*mean { // where transforms overflow
				return law.waits()
			}
			return law.tail(t * ends)
		}
	}
	law := m.classLaw(i)
	waits := law.waits()
	return func(t float64) float64 {
		if t <= 1e-100*mean {
			return waits
		}
		return math.Max(0, math.Min(waits, law.tail(t)))
	}
}

// ClassWaitQuantile is the smallest t in s with P(wait <= t) >= p of class i,
// for 0 <= p < 1 - 1e-8, 0 where P(wait > 0) is within 1e-9 of 1-p; +Inf when
// the class is saturated. To the error of [Priority.ClassWaitTail] comes a
// relative one of 1e-11.
func (m Priority) ClassWaitQuantile(i int, p float64) (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("i", i, 0, len(m.Classes)-1), level(p)); err != nil {
		return 0, err
	}
	if m.load(i+1) >= 1 {
		return math.Inf(1), nil
	}
	if p > 1-1e-8 {
		return 0, fmt.Errorf("steady: quantile %v of the wait is beyond the reach of transform inversion, want at most 1 - 1e-8", p)
	}
	tail := m.classTail(i)
	if tail(0) <= 1-p+inversionError {
		return 0, nil // nobody of that share waits, as far as the inversion can tell
	}
	return tailQuantileWithin(func(t float64) (float64, error) { return tail(t), nil }, 1-p, m.Classes[0].MeanService, 1e-11)
}

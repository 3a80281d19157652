package plots

import (
	"fmt"
	"math"
)

// checkTimes refuses times that are not finite or go back.
func checkTimes(field string, times []float64) error {
	before := math.Inf(-1)
	for i, t := range times {
		if err := checkNext(t, before); err != nil {
			err.Field = fmt.Sprintf("%s[%d]", field, i)
			return err
		}
		before = t
	}
	return nil
}

// checkNext refuses what is not finite or less than the value before; the field
// is for the caller to fill in.
func checkNext(v, before float64) *ValueError {
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return &ValueError{Value: v, Want: "a finite number"}
	case v < before:
		return &ValueError{Value: v, Want: "values that do not decrease"}
	}
	return nil
}

// checkSeries refuses a series of another length, NaN and values below 0; an
// empty one is absent.
func checkSeries(field string, values []float64, n int) error {
	if len(values) == 0 {
		return nil
	}
	if len(values) != n {
		return &LengthError{field, len(values), n}
	}
	for i, v := range values {
		if math.IsNaN(v) || v < 0 {
			return &ValueError{fmt.Sprintf("%s[%d]", field, i), v, "0 or more"}
		}
	}
	return nil
}

// checkNumber refuses NaN, values outside lo to hi, and infinity unless hi is.
func checkNumber(field string, v, lo, hi float64) error {
	if math.IsNaN(v) || v < lo || v > hi {
		want := fmt.Sprintf("%g to %g", lo, hi)
		if math.IsInf(hi, 1) {
			want = fmt.Sprintf("%g or more", lo)
		}
		return &ValueError{field, v, want}
	}
	return nil
}

// checkFinite refuses NaN and infinities.
func checkFinite(field string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return &ValueError{field, v, "a finite number"}
	}
	return nil
}

// checkCurve refuses points whose X is not finite or goes back, or whose Y is
// outside lo to hi.
func checkCurve(field string, pts []Point, lo, hi float64) error {
	before := math.Inf(-1)
	for i, p := range pts {
		if err := checkNext(p.X, before); err != nil {
			err.Field = fmt.Sprintf("%s[%d].X", field, i)
			return err
		}
		if !(p.Y >= lo && p.Y <= hi) {
			return checkNumber(fmt.Sprintf("%s[%d].Y", field, i), p.Y, lo, hi)
		}
		before = p.X
	}
	return nil
}

// checkEstimates refuses points without a place and intervals that do not hold
// their value.
func checkEstimates(field string, pts []Estimated, lo, hi float64) error {
	for i, p := range pts {
		if err := checkNext(p.X, math.Inf(-1)); err != nil {
			err.Field = fmt.Sprintf("%s[%d].X", field, i)
			return err
		}
		if !(lo <= p.Lo && p.Lo <= p.Y && p.Y <= p.Hi && p.Hi <= hi) {
			return checkInterval(fmt.Sprintf("%s[%d]", field, i), p.Lo, p.Y, p.Hi, lo, hi)
		}
	}
	return nil
}

// checkInterval refuses bounds that are not in order.
func checkInterval(at string, low, v, high, lo, hi float64) error {
	if err := checkNumber(at+".Y", v, lo, hi); err != nil {
		return err
	}
	if err := checkNumber(at+".Lo", low, lo, v); err != nil {
		return err
	}
	return checkNumber(at+".Hi", high, v, hi)
}

// checkMarkers refuses NaN and times before the start.
func checkMarkers(field string, ms []Marker) error {
	for i, m := range ms {
		if err := checkNumber(fmt.Sprintf("%s[%d].At", field, i), m.At, 0, math.Inf(1)); err != nil {
			return err
		}
	}
	return nil
}

// firstError returns the first error there is.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

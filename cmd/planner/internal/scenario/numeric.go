package scenario

import (
	"errors"
	"strings"
)

// Numeric is a key that holds a number.
type Numeric struct {
	Key    string
	Unit   string // of values: "s", "/s" or empty
	Whole  bool
	Share  bool
	Lo, Hi float64 // what the key allows, SI units; Lo itself perhaps not
	k      *key
}

// Numeric finds a key that holds a number, for the flag that names it. The
// error is of type [Faults].
func (f *File) Numeric(key, flag string) (Numeric, error) {
	place := Place{File: flag + " " + key}
	k, problem, allowed, hint := resolve(key)
	switch {
	case problem != "":
	case !k.numeric():
		problem, allowed = "does not hold a number", k.allowed()
	}
	if problem != "" {
		return Numeric{}, Faults{{place, key, problem, allowed, hint}}
	}
	return Numeric{key, k.unit(), k.kind == count, k.kind == share, k.lo, k.hi, k}, nil
}

// Text is x as it would stand in the file.
func (n Numeric) Text(x float64) string { return n.k.format(x) }

// Around is a range of allowed values about x, a quarter of it to four times it;
// where x is no positive number it is about one that the key may well have.
func (n Numeric) Around(x float64) (lo, hi float64) {
	if !(x > 0) {
		x = n.k.example()
	}
	lo, hi = x/4, 4*x
	if !n.k.holds(lo) {
		lo = x
	}
	switch {
	case n.k.holds(hi):
	case n.k.below:
		hi = x
	default:
		hi = n.k.hi
	}
	return lo, hi
}

// Range reads low..high, both allowed by the key. The error is of type
// [Faults].
func (n Numeric) Range(flag, spec string) (lo, hi float64, err error) {
	fault := func(problem, hint string) error {
		return Faults{{Place{File: flag + " " + spec}, n.Key, problem, n.k.allowed(), hint}}
	}
	a, b, ok := strings.Cut(spec, "..")
	if !ok {
		return 0, 0, fault("is not LOW..HIGH", "as in "+flag+" "+n.Text(n.k.example())+".."+n.Text(2*n.k.example()))
	}
	ends := [2]float64{}
	for i, text := range []string{a, b} {
		x, err := n.k.parse(strings.TrimSpace(text))
		var c *complaint
		if errors.As(err, &c) {
			return 0, 0, fault(c.problem, c.hint)
		}
		if err != nil {
			return 0, 0, fault(err.Error(), "")
		}
		if !n.k.holds(x) {
			return 0, 0, fault(quoted(text)+" is out of range", "")
		}
		ends[i] = x
	}
	if ends[0] >= ends[1] {
		return 0, 0, fault(quoted(spec)+" is not a range from low to high with more than one point", "")
	}
	return ends[0], ends[1], nil
}

package scenario

import (
	"fmt"
	"math"
)

// normal95 is the 95 % quantile of the standard normal law: a 90 % interval
// reaches so many standard deviations each way.
const normal95 = 1.6448536269514722

// Quantile is the p-quantile of what is known of the number, 0 < p < 1, not
// held against the range of its key.
func (s Spread) Quantile(p float64) float64 {
	z := math.Sqrt2 * math.Erfinv(2*p-1) / normal95
	switch s.Law {
	case LognormalLaw:
		return math.Sqrt(s.Lo*s.Hi) * math.Exp(z*math.Log(s.Hi/s.Lo)/2)
	case NormalLaw:
		return (s.Lo+s.Hi)/2 + z*(s.Hi-s.Lo)/2
	}
	width := s.Hi - s.Lo
	if left := s.Likely - s.Lo; p*width < left {
		return s.Lo + math.Sqrt(p*width*left)
	}
	return s.Hi - math.Sqrt((1-p)*width*(s.Hi-s.Likely))
}

// KeyQuantity is the kind, unit and range of the key at a dotted path that
// holds a number. The error is of type [Faults].
func KeyQuantity(path string) (Quantity, error) {
	k, problem, allowed, hint := resolve(path)
	if problem == "" && !k.numeric() {
		problem, allowed = "does not hold a number", "allowed is a key that does"
	}
	if problem != "" {
		return Quantity{}, Faults{{Place{File: "KEY"}, path, problem, allowed, hint}}
	}
	return Quantity{*k}, nil
}

// Holds tells whether x is in the quantity's range, and whole where it must
// be.
func (q Quantity) Holds(x float64) bool {
	return q.k.holds(x) && (q.k.kind != count || x == math.Trunc(x))
}

// Draw is the setting that gives the uncertain number its p-quantile, whole
// where it must be; ok is false where that is out of the key's range and
// another p is due.
func (u Uncertain) Draw(p float64) (s Setting, x float64, ok bool) {
	q, err := KeyQuantity(u.Key)
	if err != nil {
		return s, 0, false
	}
	x = u.Quantile(p)
	if q.IsWhole() {
		x = math.Round(x)
	}
	return Setting{Key: u.Key, Value: q.Format(x), From: "draw"}, x, q.Holds(x)
}

// Sampler draws an uncertain number. Draws outside the key's valid range are
// drawn again, so that what is drawn follows the law given that it is inside.
type Sampler struct {
	Uncertain
	Unit     string // of values: "s", "/s" or empty
	Whole    bool
	from, to float64 // probabilities between which draws are valid
}

// outermost is the smallest probability, and 1 less the largest, that is drawn.
const outermost = 1e-9

// Sampler prepares to draw the number.
func (u Uncertain) Sampler() (Sampler, error) {
	q, err := KeyQuantity(u.Key)
	if err != nil {
		return Sampler{}, err
	}
	s := Sampler{Uncertain: u, Unit: q.k.unit(), Whole: q.IsWhole()}
	s.from, s.to = s.edge(outermost), s.edge(1-outermost)
	if !(s.from < s.to) {
		return s, fmt.Errorf("scenario: no draw of %s is in its range", u.Key)
	}
	return s, nil
}

// edge is p or, where the draw at p is not valid, the valid one nearest to it.
// The median of an interval lies inside the range as its ends do.
func (s Sampler) edge(p float64) float64 {
	if _, _, ok := s.Draw(p); ok {
		return p
	}
	in, out := 0.5, p
	for range 60 {
		mid := (in + out) / 2
		if _, _, ok := s.Draw(mid); ok {
			in = mid
		} else {
			out = mid
		}
	}
	return in
}

// At is the draw for a uniform number in [0,1).
func (s Sampler) At(uniform float64) (Setting, float64) {
	set, x, _ := s.Draw(s.from + uniform*(s.to-s.from))
	return set, x
}

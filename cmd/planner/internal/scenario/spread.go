package scenario

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Law names the law of an uncertain number.
type Law string

const (
	LognormalLaw Law = "lognormal" // Lo..Hi is the 90 % interval, both positive
	NormalLaw    Law = "normal"    // Lo..Hi is the 90 % interval
	TriangleLaw  Law = "triangle"  // Lo and Hi are bounds, Likely is the mode
)

// Spread is what is known of an uncertain number, in SI units.
type Spread struct {
	Law            Law
	Lo, Likely, Hi float64 // Likely is of a triangle only
}

// Middle is the number taken where one is needed: the median of a 90 %
// interval, which is sqrt(Lo Hi) for the lognormal law and (Lo+Hi)/2 for the
// normal law, and the likely value of a triangle.
func (s Spread) Middle() float64 {
	switch s.Law {
	case TriangleLaw:
		return s.Likely
	case LognormalLaw:
		return math.Sqrt(s.Lo * s.Hi)
	}
	return s.Lo + (s.Hi-s.Lo)/2
}

// interval reads lo..hi.
func (k *key) interval(text string) (*Spread, error) {
	low, high, _ := strings.Cut(text, "..")
	lo, err := k.parse(strings.TrimSpace(low))
	if err != nil {
		return nil, err
	}
	hi, err := k.parse(strings.TrimSpace(high))
	if err != nil {
		return nil, err
	}
	s := &Spread{Law: NormalLaw, Lo: lo, Hi: hi}
	if lo > 0 {
		s.Law = LognormalLaw
	}
	return s, nil
}

var cornerNames = []string{"low", "likely", "high"}

// triangle reads {low, likely, high}.
func (d *decoder) triangle(n *yaml.Node, k *key, p string) (*Spread, bool) {
	corners := map[string]float64{}
	good := true
	if !slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return slices.Contains(cornerNames, c.Value) }) {
		d.fault(n, p, describe(n), k.allowed(), "")
		return nil, false
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, node := n.Content[i].Value, n.Content[i+1]
		_, twice := corners[name]
		switch {
		case !slices.Contains(cornerNames, name):
			d.fault(n.Content[i], p, "unknown key "+quoted(name)+" of a triangle", "allowed are low, likely and high", "")
			good = false
			continue
		case twice:
			d.fault(n.Content[i], p, name+" is there twice", "allowed is once", "")
			good = false
		}
		x, ok := d.one(node, k, p)
		corners[name], good = x, good && ok
	}
	if !good {
		return nil, false
	}
	if len(corners) < 3 {
		d.fault(n, p, "a triangle has three numbers", "allowed is {low: …, likely: …, high: …}", "")
		return nil, false
	}
	return &Spread{TriangleLaw, corners["low"], corners["likely"], corners["high"]}, true
}

// disordered says what is wrong with the order of the numbers, if anything.
func (s Spread) disordered() string {
	switch {
	case s.Hi < s.Lo:
		return "the range ends below its beginning"
	case s.Hi == s.Lo:
		return "the range is a single number"
	case s.Law == TriangleLaw && (s.Likely < s.Lo || s.Likely > s.Hi):
		return "likely is not between low and high"
	}
	return ""
}

// middle is the number taken for a range of this key: counts are whole, others
// have twelve digits, so that the middle of round numbers is round.
func (k *key) middle(s Spread) float64 {
	if k.kind == count {
		return math.Round(s.Middle())
	}
	unit := 1.0
	if k.kind == rate && s.Middle() < 1/secondsPerDay {
		unit = secondsPerYear // rare events are given by the year
	}
	x, err := strconv.ParseFloat(strconv.FormatFloat(s.Middle()*unit, 'g', 12, 64), 64)
	x /= unit
	if err != nil || x < s.Lo || x > s.Hi {
		return s.Middle()
	}
	return x
}

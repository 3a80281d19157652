package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// value reads a single value, or a triangle where one is allowed.
func (d *decoder) value(n *yaml.Node, k *key, path string) (v value, bad bool) {
	if n.Kind == yaml.MappingNode && k.numeric() && !k.certain {
		s, ok := d.triangle(n, k, path)
		if !ok {
			return v, true
		}
		return d.spread(n, k, path, s)
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.fault(n, path, describe(n), k.allowed(), "")
		return v, true
	}
	switch k.kind {
	case truth:
		return d.flag(n, k, path)
	case text:
		return value{word: n.Value}, !d.title(n, path)
	case dataName:
		return d.dataFile(n, k, path)
	}
	if slices.Contains(k.words, n.Value) {
		return value{word: n.Value}, false
	}
	if k.kind == choice {
		d.fault(n, path, "unknown word "+quoted(n.Value), k.allowed(), didYouMean(n.Value, k.words))
		return v, true
	}
	if strings.Contains(n.Value, "..") {
		return d.interval(n, k, path)
	}
	x, ok := d.one(n, k, path)
	return value{x: x}, !ok
}

// title checks the name of the scenario.
func (d *decoder) title(n *yaml.Node, path string) bool {
	problem := nameProblem(n.Value)
	if problem != "" {
		d.fault(n, path, problem, fmt.Sprintf("allowed are up to %d printable characters", maxNameRunes), "")
	}
	return problem == ""
}

func (d *decoder) flag(n *yaml.Node, k *key, path string) (v value, bad bool) {
	if n.Value != "true" && n.Value != "false" {
		d.fault(n, path, quoted(n.Value)+" is not a yes or no", k.allowed(), "")
		return v, true
	}
	return value{on: n.Value == "true"}, false
}

// one reads one number and holds it against the key's range.
func (d *decoder) one(n *yaml.Node, k *key, path string) (float64, bool) {
	if n = d.follow(n, path); n == nil {
		return 0, false
	}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		d.fault(n, path, describe(n), k.allowed(), "")
		return 0, false
	}
	x, err := k.parse(n.Value)
	var c *complaint
	if errors.As(err, &c) {
		d.fault(n, path, c.problem, k.allowed(), c.hint)
		return 0, false
	}
	if !k.holds(x) {
		hint := k.rangeHint(x)
		if strings.HasSuffix(n.Value, "%") {
			hint = ""
		}
		d.fault(n, path, quoted(n.Value)+" is out of range", k.allowed(), hint)
		return 0, false
	}
	return x, true
}

// rangeHint guesses what a number out of range was meant to be.
func (k *key) rangeHint(x float64) string {
	if k.kind == share && x > k.hi && x <= 100 && k.hi == 1 {
		return "a bare number is a share of 1: write " + formatNumber(x) + "%"
	}
	return ""
}

// interval reads lo..hi where the key allows it.
func (d *decoder) interval(n *yaml.Node, k *key, path string) (v value, bad bool) {
	if k.certain {
		d.fault(n, path, quoted(n.Value)+" is a range", k.allowed(), "this key takes one value")
		return v, true
	}
	s, err := k.interval(n.Value)
	var c *complaint
	if errors.As(err, &c) {
		d.fault(n, path, c.problem, "allowed is a range such as "+k.format(k.example())+".."+k.format(2*k.example()), c.hint)
		return v, true
	}
	for _, end := range []float64{s.Lo, s.Hi} {
		if !k.holds(end) {
			d.fault(n, path, quoted(n.Value)+" reaches out of range", k.allowed(), "")
			return v, true
		}
	}
	return d.spread(n, k, path, s)
}

// example is a number that the key allows.
func (k *key) example() float64 {
	switch {
	case k.kind == duration:
		return 60
	case k.kind == share:
		return 0.1
	case strings.HasSuffix(k.def, "/yr"): // of what comes by the year
		x, _ := parseRate("0.1/yr") // which is sound
		return x
	}
	return max(k.lo, 3)
}

func (d *decoder) spread(n *yaml.Node, k *key, path string, s *Spread) (v value, bad bool) {
	if problem := s.disordered(); problem != "" {
		d.fault(n, path, problem, "allowed is low, then high", "")
		return v, true
	}
	return value{x: k.middle(*s), spread: s}, false
}

// dataFile reads the name of a data file and the file.
func (d *decoder) dataFile(n *yaml.Node, k *key, path string) (v value, bad bool) {
	f, err := d.data.load(n.Value, path)
	var c *complaint
	if errors.As(err, &c) {
		d.fault(n, path, c.problem, "allowed is the name of a CSV file in the scenario's folder", c.hint)
		return v, true
	}
	return value{word: n.Value, source: f}, false
}

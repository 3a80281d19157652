package scenario

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// Axis is a key of the file and the values it is varied over.
type Axis struct {
	Key    string
	Unit   string    // of Values: "s", "/s", or empty for numbers, shares and words
	Whole  bool      // the key holds a whole number
	Share  bool      // the key holds a share
	Values []float64 // SI units, NaN for a word
	Texts  []string  // as they would stand in the file
}

// maxPoints is how many values an axis may have.
const maxPoints = 100_000

// Axis reads how a key is varied, the flag's spec: a..b (whole numbers),
// a..b:n (n points, evenly), a..b:n:log, or a list a,b,c. The error is of type
// [Faults].
func (f *File) Axis(key, spec string) (Axis, error) {
	place := Place{File: "--vary " + key + "=" + spec}
	k, problem, allowed, hint := resolve(key)
	switch {
	case problem != "":
	case k.kind <= texts || k.kind == override:
		problem, allowed = "cannot be varied", "allowed is a key with a single value"
	case strings.TrimSpace(spec) == "":
		problem, allowed = "has no values", "allowed is 2..6, 0.5/s..20/s:12, 0.5/s..20/s:12:log or a list 1,2,4"
	}
	if problem != "" {
		return Axis{}, Faults{{place, key, problem, allowed, hint}}
	}
	a := Axis{Key: key, Unit: k.unit(), Whole: k.kind == count, Share: k.kind == share}
	if err := k.points(&a, spec); err != nil {
		problem := err.Error()
		var c *complaint
		if errors.As(err, &c) {
			hint = c.hint
		}
		return Axis{}, Faults{{place, key, problem, k.allowed(), hint}}
	}
	return a, nil
}

// Now is the number that a key has in a design, what-ifs included; NaN where it
// has none, or a word.
func (f *File) Now(sets []Setting, name, key string) float64 {
	for _, v := range append(f.designs[:len(f.designs):len(f.designs)], design{name: "base"}) {
		if v.name != name {
			continue
		}
		c, _ := f.variant(v, sets, &budget{}) // its faults have been told
		if k, problem, _, _ := resolve(key); problem == "" && k.numeric() {
			if now, ok := c.s.at[key]; ok && !now.bad && now.word == "" {
				return now.x
			}
		}
	}
	return math.NaN()
}

// unit is what the SI value of the key is counted in.
func (k *key) unit() string {
	switch k.kind {
	case duration:
		return "s"
	case rate:
		return "/s"
	}
	return ""
}

// points fills in the values that the spec names.
func (k *key) points(a *Axis, spec string) error {
	lo, rest, isRange := strings.Cut(spec, "..")
	if !isRange || !k.numeric() {
		return k.listed(a, strings.Split(spec, ","))
	}
	parts := strings.Split(rest, ":")
	from, err := k.parse(strings.TrimSpace(lo))
	if err != nil {
		return err
	}
	to, err := k.parse(strings.TrimSpace(parts[0]))
	switch {
	case err != nil:
		return err
	case from >= to:
		return &complaint{quoted(spec) + " is not a range from low to high with more than one point", fmt.Sprintf("write the smaller end first; a single value is %s=%s", quoted(a.Key), k.format(from))}
	}
	n, log, err := k.spacing(parts[1:], from, to)
	if err != nil {
		return err
	}
	for i := range n {
		k.take(a, between(from, to, i, n, log))
	}
	return k.within(a)
}

// spacing reads the n and log of a spec, after its range.
func (k *key) spacing(parts []string, from, to float64) (n int, log bool, err error) {
	if len(parts) == 0 {
		if k.kind != count && (k.kind != number || from != math.Trunc(from) || to != math.Trunc(to)) {
			return 0, false, &complaint{"how many points is not said", fmt.Sprintf("write %s..%s:12", k.format(from), k.format(to))}
		}
		parts = []string{formatNumber(to - from + 1)}
	}
	x, err := parseNumber(strings.TrimSpace(parts[0]))
	switch {
	case err != nil || x != math.Trunc(x) || x < 2:
		return 0, false, &complaint{quoted(parts[0]) + " is not a number of points", "allowed is a whole number of at least 2"}
	case x > maxPoints:
		return 0, false, &complaint{fmt.Sprintf("%s points are more than %d", formatNumber(x), maxPoints), "name fewer points, as in " + k.format(from) + ".." + k.format(to) + ":12"}
	case len(parts) > 2 || len(parts) == 2 && parts[1] != "log":
		return 0, false, &complaint{quoted(strings.Join(parts[1:], ":")) + " is not a spacing", "leave it out, or write log"}
	case len(parts) == 2 && from <= 0:
		return 0, false, &complaint{"a logarithmic range begins at " + k.format(from), "it must begin above 0"}
	}
	return int(x), len(parts) == 2, nil
}

func between(from, to float64, i, n int, log bool) float64 {
	share := float64(i) / float64(n-1)
	switch {
	case i == n-1:
		return to
	case log:
		return from * math.Pow(to/from, share)
	}
	return from + (to-from)*share
}

// take adds a value, of whole numbers the nearest one and once.
func (k *key) take(a *Axis, x float64) {
	if k.kind == count {
		if x = math.Round(x); len(a.Values) > 0 && a.Values[len(a.Values)-1] == x {
			return
		}
	}
	a.Values, a.Texts = append(a.Values, x), append(a.Texts, k.format(x))
}

// listed takes values one by one; a key of words takes words.
func (k *key) listed(a *Axis, items []string) error {
	if len(items) < 2 {
		return &complaint{quoted(items[0]) + " is one point", "give several, or --set " + quoted(a.Key) + "=" + quoted(items[0])}
	}
	for _, item := range items {
		item = strings.TrimSpace(item)
		x := math.NaN()
		if k.numeric() && !k.isWord(item) {
			var err error
			if x, err = k.parse(item); err != nil {
				return err
			}
		}
		a.Values, a.Texts = append(a.Values, x), append(a.Texts, item)
	}
	return k.within(a)
}

func (k *key) isWord(item string) bool {
	if item == "none" && k.optional {
		return true
	}
	for _, w := range k.words {
		if w == item {
			return true
		}
	}
	return false
}

func (k *key) within(a *Axis) error {
	for i, x := range a.Values {
		if !math.IsNaN(x) && !k.holds(x) {
			return &complaint{quoted(a.Texts[i]) + " is out of range", ""}
		}
	}
	return nil
}

package scenario

import (
	"errors"

	"go.yaml.in/yaml/v4"
)

// A Quantity says what a value outside a scenario file may be, a flag's say:
// its kind, unit and range. It reads values as the file's keys are read.
type Quantity struct{ k key }

// The kinds of quantities, each with its smallest and greatest value in SI
// units.
func Duration(lo, hi float64) Quantity { return Quantity{key{kind: duration, lo: lo, hi: hi}} }

// Rate is a quantity such as 12/s or 300/min.
func Rate(lo, hi float64) Quantity { return Quantity{key{kind: rate, lo: lo, hi: hi}} }

// Share is a quantity such as 70% or 0.7.
func Share(lo, hi float64) Quantity { return Quantity{key{kind: share, lo: lo, hi: hi}} }

// Number is a plain number.
func Number(lo, hi float64) Quantity { return Quantity{key{kind: number, lo: lo, hi: hi}} }

// Whole is a whole number.
func Whole(lo, hi float64) Quantity { return Quantity{key{kind: count, lo: lo, hi: hi}} }

// Above excludes the smallest value, Below the greatest.
func (q Quantity) Above() Quantity { q.k.above = true; return q }

// Below excludes the greatest value.
func (q Quantity) Below() Quantity { q.k.below = true; return q }

// Allowed says in words what the quantity may be.
func (q Quantity) Allowed() string { return q.k.allowed() }

// Format writes x so that Read reads it back.
func (q Quantity) Format(x float64) string { return q.k.format(x) }

// IsTime tells whether the quantity is a time in seconds.
func (q Quantity) IsTime() bool { return q.k.kind == duration }

// IsRate tells whether the quantity is a rate per second.
func (q Quantity) IsRate() bool { return q.k.kind == rate }

// IsWhole tells whether the quantity is a whole number.
func (q Quantity) IsWhole() bool { return q.k.kind == count }

// Read is the value of a text in SI units. The fault, nil when all is well,
// is at the place given.
func (q Quantity) Read(text string, at Place, name string) (float64, *Fault) {
	x, err := q.k.parse(text)
	var c *complaint
	switch {
	case errors.As(err, &c):
		return 0, &Fault{at, name, c.problem, q.k.allowed(), c.hint}
	case !q.k.holds(x):
		return 0, &Fault{at, name, quoted(text) + " is out of range", q.k.allowed(), q.k.rangeHint(x)}
	}
	return x, nil
}

// Axis reads a..b, a..b:n, a..b:n:log or a list a,b,c of the quantity.
func (q Quantity) Axis(name, spec string, at Place) (Axis, *Fault) {
	a := Axis{Key: name, Unit: q.k.unit(), Whole: q.k.kind == count}
	if err := q.k.points(&a, spec); err != nil {
		f := &Fault{Place: at, Problem: err.Error(), Allowed: q.k.allowed()}
		var c *complaint
		if errors.As(err, &c) {
			f.Hint = c.hint
		}
		return a, f
	}
	return a, nil
}

// Empty tells whether nothing but words is allowed.
func (q Quantity) Empty() bool { return q.k.kind == section }

// DidYouMean is a hint that names the nearest of the words, or empty.
func DidYouMean(got string, words []string) string { return didYouMean(got, words) }

// Tree reads the one YAML document of a file, as strictly as a scenario but
// for its keys. The error is of type [Faults] when the file is to blame.
func Tree(path string) (*yaml.Node, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, err
	}
	node, faults := parseDocument(path, data)
	return node, faults.err()
}

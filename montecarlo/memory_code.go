package montecarlo

import (
	"encoding/binary"
	"errors"
	"math"
)

// How a span is kept, in bytes: whole numbers by 7 bits a byte, the lowest
// first (binary.Uvarint), those below 0 in zigzag (binary.Varint), and columns
// of numbers in the shortest of three ways, each after a byte that says which:
//
//	0  one number that all are: 8 bytes
//	1  whole numbers: each by 7 bits a byte, in zigzag
//	2  any numbers: 8 bytes each
//
// where 8 bytes are those of IEEE 754, little endian. How long a column is
// both sides know.
const (
	sameColumn = iota
	wholeColumn
	anyColumn
)

// errSpanCut says that there is less, or more, than a span has.
var errSpanCut = errors.New("cut short or too long")

// spanWriter appends to what is kept of a span.
type spanWriter struct{ b []byte }

func (w *spanWriter) count(n int64) { w.b = binary.AppendVarint(w.b, n) }

func (w *spanWriter) number(x float64) {
	w.b = binary.LittleEndian.AppendUint64(w.b, math.Float64bits(x))
}

func (w *spanWriter) column(v []float64) {
	switch {
	case same(v):
		w.b = append(w.b, sameColumn)
		for _, x := range v[:min(1, len(v))] {
			w.number(x)
		}
	case wholes(v):
		w.b = append(w.b, wholeColumn)
		for _, x := range v {
			w.count(int64(x))
		}
	default:
		w.b = append(w.b, anyColumn)
		for _, x := range v {
			w.number(x)
		}
	}
}

// verdicts go four a byte.
func (w *spanWriter) verdicts(v []Verdict) {
	for i, x := range v {
		if i%4 == 0 {
			w.b = append(w.b, 0)
		}
		w.b[len(w.b)-1] |= byte(x) << (2 * (i % 4))
	}
}

// same tells whether all numbers are one, to the bit.
func same(v []float64) bool {
	for _, x := range v {
		if math.Float64bits(x) != math.Float64bits(v[0]) {
			return false
		}
	}
	return true
}

// mostWhole is the largest whole number that is kept as one: it takes six
// bytes.
const mostWhole = 1 << 40

// wholes tells whether all are whole numbers that are shorter as such. The
// negative zero is none.
func wholes(v []float64) bool {
	for _, x := range v {
		if !(math.Abs(x) <= mostWhole) || math.Float64bits(float64(int64(x))) != math.Float64bits(x) {
			return false
		}
	}
	return true
}

// spanReader takes from what was kept of a span. After a fault it gives zeros;
// end says what it was.
type spanReader struct {
	b   []byte
	err error
}

// end is the first fault, or says that something is left.
func (r *spanReader) end() error {
	if r.err == nil && len(r.b) > 0 {
		r.err = errSpanCut
	}
	return r.err
}

func (r *spanReader) fail(err error) {
	if r.err == nil {
		r.b, r.err = nil, err
	}
}

// take is the next n bytes, nil where there are fewer.
func (r *spanReader) take(n int) []byte {
	if len(r.b) < n {
		r.fail(errSpanCut)
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *spanReader) count() int64 {
	n, used := binary.Varint(r.b)
	if used <= 0 {
		r.fail(errSpanCut)
		return 0
	}
	r.b = r.b[used:]
	return n
}

// natural is a count that cannot be below 0.
func (r *spanReader) natural() int64 {
	n := r.count()
	if n < 0 {
		r.fail(errSpanValues)
		return 0
	}
	return n
}

func (r *spanReader) number() float64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}

func (r *spanReader) column(v []float64) {
	form := r.take(1)
	if form == nil {
		return
	}
	switch form[0] {
	case sameColumn:
		if len(v) == 0 {
			return
		}
		x := r.number()
		for i := range v {
			v[i] = x
		}
	case wholeColumn:
		for i := range v {
			v[i] = float64(r.count())
		}
	case anyColumn:
		for b, i := r.take(8*len(v)), 0; i < len(v) && b != nil; i++ {
			v[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
		}
	default:
		r.fail(errSpanShape)
	}
}

func (r *spanReader) verdicts(n int, set func(i int, v Verdict)) {
	b := r.take((n + 3) / 4)
	for i := 0; i < n && b != nil; i++ {
		set(i, Verdict(b[i/4]>>(2*(i%4))&3))
	}
}

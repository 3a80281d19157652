package montecarlo

import (
	"math"
	"testing"
)

// Ishigami's function has known indices (I. M. Sobol', Y. L. Levitan,
// Computer Physics Communications 117 (1999), section 3).
func TestSobolIshigami(t *testing.T) {
	const a, b = 7.0, 0.1
	d, err := NewSobolDesign(3, 40_000, 5)
	if err != nil {
		t.Fatal(err)
	}
	values := make([]float64, len(d.Rows()))
	for k, u := range d.Rows() {
		x := [3]float64{}
		for i := range x {
			x[i] = math.Pi * (2*u[i] - 1)
		}
		values[k] = math.Sin(x[0]) + a*math.Sin(x[1])*math.Sin(x[1]) + b*math.Pow(x[2], 4)*math.Sin(x[0])
	}
	got, err := d.Indices(values)
	if err != nil {
		t.Fatal(err)
	}
	p4, p8 := math.Pow(math.Pi, 4), math.Pow(math.Pi, 8)
	v1, v2, v13 := math.Pow(1+b*p4/5, 2)/2, a*a/8, b*b*p8*8/225
	v := v1 + v2 + v13
	first := [3]float64{v1 / v, v2 / v, 0}
	total := [3]float64{(v1 + v13) / v, v2 / v, v13 / v}
	for i := range got {
		// Six half-widths of a 95 % interval are twelve standard errors.
		if e := got[i].First; math.Abs(e.Value-first[i]) > 3*(e.Hi-e.Lo) {
			t.Errorf("input %d: first %.4f [%.4f, %.4f], want %.4f", i, e.Value, e.Lo, e.Hi, first[i])
		}
		if e := got[i].Total; math.Abs(e.Value-total[i]) > 3*(e.Hi-e.Lo) {
			t.Errorf("input %d: total %.4f [%.4f, %.4f], want %.4f", i, e.Value, e.Lo, e.Hi, total[i])
		}
		if w := got[i].First.Hi - got[i].First.Lo; w > 0.05 || w <= 0 {
			t.Errorf("input %d: interval %.4f wide", i, w)
		}
	}
}

func TestSobolEdges(t *testing.T) {
	for _, c := range [][2]int{{0, 100}, {3, 1}, {3, math.MaxInt}, {-3, 100}} {
		if _, err := NewSobolDesign(c[0], c[1], 1); err == nil {
			t.Errorf("a design of %v was accepted", c)
		}
	}
	d, err := NewSobolDesign(2, 16, 1)
	if err != nil {
		t.Fatal(err)
	}
	same := make([]float64, len(d.Rows()))
	got, err := d.Indices(same)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range got {
		if x.First.Value != 0 || x.Total.Value != 0 {
			t.Errorf("a constant has indices %+v", x)
		}
	}
	same[3] = math.NaN()
	if _, err := d.Indices(same); err == nil {
		t.Error("NaN was accepted")
	}
	if _, err := d.Indices(same[1:]); err == nil {
		t.Error("a missing value was accepted")
	}
}

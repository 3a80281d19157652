package plots

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestDecimateKeepsExtremes thins a line of noise: ends, lowest and highest
// point stay, in order, and no more than four points a column are left.
func TestDecimateKeepsExtremes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	pts := make([]Point, 100_000)
	low, high := math.Inf(1), math.Inf(-1)
	for i := range pts {
		pts[i] = Point{float64(i), r.NormFloat64()}
		low, high = math.Min(low, pts[i].Y), math.Max(high, pts[i].Y)
	}
	const columns = 300
	place := func(x float64) vg.Length { return vg.Length(x/float64(len(pts))) * columns * columnWidth }
	thin := decimate(pts, columns, place)
	if len(thin) > 4*columns || thin[0] != pts[0] || thin[len(thin)-1] != pts[len(pts)-1] {
		t.Fatalf("%d points from %v to %v", len(thin), thin[0], thin[len(thin)-1])
	}
	gotLow, gotHigh := math.Inf(1), math.Inf(-1)
	for i, p := range thin {
		gotLow, gotHigh = math.Min(gotLow, p.Y), math.Max(gotHigh, p.Y)
		if i > 0 && p.X <= thin[i-1].X {
			t.Fatalf("point %d goes back", i)
		}
	}
	if gotLow != low || gotHigh != high {
		t.Errorf("range %g to %g, want %g to %g", gotLow, gotHigh, low, high)
	}
}

// TestContourOfAPlane is exact: the level of x + 2y = 5 is a straight line.
func TestContourOfAPlane(t *testing.T) {
	xs, ys := []float64{0, 1, 2.5, 3, 4}, []float64{0, 0.7, 2, 3}
	values := make([][]float64, len(ys))
	for i, y := range ys {
		for _, x := range xs {
			values[i] = append(values[i], x+2*y)
		}
	}
	lines := contour(xs, ys, values, 5, false)
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1", len(lines))
	}
	for _, p := range lines[0] {
		if math.Abs(p.X+2*p.Y-5) > 1e-12 {
			t.Errorf("%v is off the line", p)
		}
	}
	ends := []Point{lines[0][0], lines[0][len(lines[0])-1]}
	for _, e := range ends {
		if e.Y != 3 && e.X != 4 && e.Y != 0 && e.X != 0 {
			t.Errorf("the line ends inside, at %v", e)
		}
	}
}

// TestContourCloses goes once around a hill.
func TestContourCloses(t *testing.T) {
	xs := ramp(21, 4)
	values := make([][]float64, len(xs))
	for i, y := range xs {
		for _, x := range xs {
			values[i] = append(values[i], math.Exp(-(x-2)*(x-2)-(y-2)*(y-2)))
		}
	}
	for _, log := range []bool{false, true} {
		lines := contour(xs, xs, values, 0.5, log)
		if len(lines) != 1 || lines[0][0] != lines[0][len(lines[0])-1] {
			t.Fatalf("log %t: %d lines, the first from %v to %v", log, len(lines), lines[0][0], lines[0][len(lines[0])-1])
		}
		for _, p := range lines[0] {
			if r := math.Hypot(p.X-2, p.Y-2); math.Abs(r-math.Sqrt(math.Ln2)) > 0.02 {
				t.Errorf("log %t: %v is %g from the top", log, p, r)
			}
		}
	}
}

// TestContourKeepsToWholeNumbers: what lies on either side of the contour is
// what the cells there are, all over each cell and not only in its middle.
func TestContourKeepsToWholeNumbers(t *testing.T) {
	h := HeatMap{Y: Axis{Whole: true}, Xs: []float64{0, 1, 2, 3}, Ys: []float64{3, 4, 5},
		Values: [][]float64{{4, 4, 4, 4}, {0, 1, 2.5, 4}, {0, 0, 0, 1}}}
	xs, ys, values := h.bordered()
	lines := contour(xs, ys, values, 2, false)
	want := []Point{{-0.5, 3.5}, {0, 3.5}, {1, 3.5}, {1.5, 3.5}, {1.5, 4.5}, {2, 4.5}, {3, 4.5}, {3.5, 4.5}}
	if len(lines) != 1 {
		t.Fatalf("%d lines, want 1: %v", len(lines), lines)
	}
	got := slices.CompactFunc(lines[0], func(a, b Point) bool { return a == b })
	if got[0] != want[0] {
		slices.Reverse(got)
	}
	if len(got) < 2 || got[0] != want[0] || got[len(got)-1] != want[len(want)-1] {
		t.Fatalf("the contour goes %v, want %v", got, want)
	}
	for _, p := range got {
		if p.Y != 3.5 && p.Y != 4.5 && p.X != 1.5 {
			t.Errorf("%v is on no border of cells: %v", p, got)
		}
	}
	h.X.Whole = true
	xs, ys, values = h.bordered()
	for _, line := range contour(xs, ys, values, 2, false) {
		for _, p := range line {
			if p.Y != 3.5 && p.Y != 4.5 && p.X != 1.5 {
				t.Errorf("with whole numbers both ways %v is on no border of cells", p)
			}
		}
	}
}

// TestTicks looks at axes of many lengths: ticks lie on the axis, increase, are
// evenly spaced, differ in their labels and do not crowd.
func TestTicks(t *testing.T) {
	s := newStyle(Theme{})
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		span := math.Pow(10, 14*r.Float64()-6)
		lo := span * []float64{0, 0, r.Float64(), 10 * r.Float64()}[r.IntN(4)]
		length := vg.Length(60 + 400*r.Float64())
		scales := []scale{countScale(lo, lo+span, s.across(length)), shareScale(lo, lo+span, s.across(length))}
		times, _ := timeScale(lo, lo+span, length, s.tick, false)
		for _, sc := range append(scales, times) {
			checkTicks(t, s, sc, length)
		}
	}
}

func checkTicks(t *testing.T, s *style, sc scale, length vg.Length) {
	t.Helper()
	if len(sc.ticks) < 1 {
		t.Errorf("no ticks on %g to %g over %v", sc.min, sc.max, length)
	}
	for i, tick := range sc.ticks {
		if !sc.holds(tick.Value) {
			t.Errorf("tick %g is off %g to %g", tick.Value, sc.min, sc.max)
		}
		if i == 0 {
			continue
		}
		before := sc.ticks[i-1]
		apart := vg.Length(sc.at(tick.Value)-sc.at(before.Value)) * length
		if need := (s.tick.Width(tick.Label) + s.tick.Width(before.Label)) / 2; apart < need+2 {
			t.Errorf("%q and %q are %v apart, need %v (%g to %g)", before.Label, tick.Label, apart, need, sc.min, sc.max)
		}
		if tick.Label == before.Label {
			t.Errorf("two ticks %q on %g to %g", tick.Label, sc.min, sc.max)
		}
	}
}

// TestFlagsStayClear places up to five markers anywhere: labels never overlap,
// and with up to three none is crossed by another's line.
func TestFlagsStayClear(t *testing.T) {
	s := newStyle(Theme{})
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		n := 1 + r.IntN(5)
		var ms []Marker
		for range n {
			ms = append(ms, Marker{Kind: MarkerKind(r.IntN(3)), At: 100 * r.Float64()})
		}
		width := vg.Length(150 + 300*r.Float64())
		fs := s.flags(s.tags(ms), scale{min: 0, max: 100}, width)
		for i, f := range fs {
			if f.left < -0.1 || f.left+f.width > width+0.1 {
				t.Fatalf("%q leaves the panel", f.text)
			}
			for _, g := range fs[:i] {
				if f.row == g.row && f.left < g.left+g.width && g.left < f.left+f.width {
					t.Fatalf("%q and %q overlap", f.text, g.text)
				}
				crossed := func(line, text flag) bool {
					return line.row > text.row && line.x > text.left+0.1 && line.x < text.left+text.width-0.1
				}
				if n <= 3 && (crossed(f, g) || crossed(g, f)) {
					t.Fatalf("a line crosses a label: %+v %+v", f, g)
				}
			}
		}
	}
}

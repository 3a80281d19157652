package montecarlo

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// What ascend gives is what slices.Sort gives, whatever mixture of narrow and
// wide laws, atoms, extremes and infinities is sorted.
func TestAscendSortsLikeSlices(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var v []float64
		g := newGenerator(rapid.Uint64().Draw(rt, "seed"))
		for _, kind := range rapid.SliceOfN(rapid.IntRange(0, 7), 1, 4).Draw(rt, "kinds") {
			for range rapid.IntRange(1, 40*sortDirectly*rapid.SampledFrom([]int{1, 1, 1, 1, 20}).Draw(rt, "scale")).Draw(rt, "n") {
				v = append(v, valueOf(kind, &g))
			}
		}
		for i := range v { // mixed
			j := int(g.uniform() * float64(i+1))
			v[i], v[j] = v[j], v[i]
		}
		want := slices.Clone(v)
		slices.Sort(want)
		workers := rapid.IntRange(1, 3).Draw(rt, "workers")
		if ascend(v, workers); !slices.Equal(v, want) {
			rt.Fatalf("%d values are not sorted", len(v))
		}
	})
}

func valueOf(kind int, g *generator) float64 {
	switch kind {
	case 0:
		return 500 + 20*g.exponential()
	case 1:
		return math.Exp(1000 * (g.uniform() - 0.5))
	case 2:
		return math.Inf(1)
	case 3:
		return 0
	case 4:
		return 55.25
	case 5:
		return math.MaxFloat64
	case 6:
		return math.Floor(100 * g.uniform())
	}
	return math.SmallestNonzeroFloat64 * math.Floor(5*g.uniform())
}

func newGenerator(seed uint64) generator {
	var g generator
	g.start(keyOf(seed, "values", 0), 0)
	return g
}

// A million drain times are sorted several times as fast as by slices.Sort.
func BenchmarkAscend(b *testing.B) {
	for _, kind := range []string{"narrow", "wide", "half the same", "one in ten never"} {
		b.Run(kind, func(b *testing.B) {
			g, v := newGenerator(1), make([]float64, 1_000_000)
			for i := range v {
				switch v[i] = 450 + 20*g.exponential(); {
				case kind == "wide":
					v[i] = math.Exp(5 * g.exponential())
				case kind == "half the same" && i%2 == 0:
					v[i] = 0
				case kind == "one in ten never" && i%10 == 0:
					v[i] = math.Inf(1)
				}
			}
			again := make([]float64, len(v))
			var plain, ours time.Duration
			for b.Loop() {
				copy(again, v)
				begun := time.Now()
				slices.Sort(again)
				plain += time.Since(begun)
				copy(again, v)
				begun = time.Now()
				ascend(again, 2)
				ours += time.Since(begun)
			}
			b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N*len(v)), "ns/value")
			b.ReportMetric(float64(plain)/float64(ours), "x-slices.Sort")
			b.ReportMetric(0, "ns/op")
		})
	}
}

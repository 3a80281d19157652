package scenario

import (
	"math"
	"testing"
)

// Each law's 5 % and 95 % quantiles, or bounds, are those written, and its
// quantiles invert its distribution function.
func TestSpreadsMeanWhatIsWritten(t *testing.T) {
	for _, s := range []Spread{{LognormalLaw, 2, 0, 50}, {NormalLaw, -3, 0, 8}} {
		for p, want := range map[float64]float64{0.05: s.Lo, 0.5: s.Middle(), 0.95: s.Hi} {
			if got := s.Quantile(p); math.Abs(got-want) > 1e-12*math.Abs(want) {
				t.Errorf("%v: quantile %v is %v, want %v", s, p, got, want)
			}
		}
	}
	s := Spread{TriangleLaw, 1, 2, 5}
	cdf := func(x float64) float64 {
		if x < s.Likely {
			return (x - s.Lo) * (x - s.Lo) / ((s.Hi - s.Lo) * (s.Likely - s.Lo))
		}
		return 1 - (s.Hi-x)*(s.Hi-x)/((s.Hi-s.Lo)*(s.Hi-s.Likely))
	}
	for _, p := range []float64{1e-9, 0.1, 0.25, 0.3, 0.7, 1 - 1e-9} {
		if got := cdf(s.Quantile(p)); math.Abs(got-p) > 1e-12 {
			t.Errorf("triangle: F(quantile(%v)) = %v", p, got)
		}
	}
}

func TestDrawsCompile(t *testing.T) {
	s := shipped(t, "us-east-1-2012.yaml")
	if len(s.Uncertain) != 8 {
		t.Fatalf("%d uncertain numbers, want 8", len(s.Uncertain))
	}
	for _, p := range []float64{0.001, 0.3, 0.9} {
		var sets []Setting
		for _, u := range s.Uncertain {
			set, _, ok := u.Draw(p)
			if !ok {
				continue // a share above 100 %, to be drawn again
			}
			sets = append(sets, set)
		}
		if len(sets) < 7 {
			t.Errorf("at %v only %d of 8 draws are in range", p, len(sets))
		}
		sane(t, shipped(t, "us-east-1-2012.yaml", sets...))
	}
	if _, err := KeyQuantity("region.zoness"); err == nil {
		t.Error("an unknown key has a quantity")
	}
}

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
	if len(s.Uncertain) < 8 {
		t.Fatalf("%d uncertain numbers, want 8 or more", len(s.Uncertain))
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
		if len(sets) < len(s.Uncertain)-1 {
			t.Errorf("at %v only %d of %d draws are in range", p, len(sets), len(s.Uncertain))
		}
		sane(t, shipped(t, "us-east-1-2012.yaml", sets...))
	}
	if _, err := KeyQuantity("region.zoness"); err == nil {
		t.Error("an unknown key has a quantity")
	}
}

// A share between 40 % and 90 % would be drawn above 100 % once in 100: it is
// drawn again, so that what is drawn follows the law below 100 %.
func TestSamplersKeepToTheRange(t *testing.T) {
	for _, u := range shipped(t, "us-east-1-2012.yaml").Uncertain {
		s, err := u.Sampler()
		if err != nil {
			t.Fatal(err)
		}
		q, err := KeyQuantity(u.Key)
		if err != nil {
			t.Fatal(err)
		}
		last := math.Inf(-1)
		for i := range 1001 {
			set, x := s.At(float64(i) / 1001)
			if !q.Holds(x) || x < last || set.Key != u.Key {
				t.Fatalf("%s: draw %d is %g after %g", u.Key, i, x, last)
			}
			last = x
		}
	}
	s, err := Uncertain{Key: "streams.relaunches.share", Spread: Spread{LognormalLaw, 0.4, 0, 0.9}}.Sampler()
	if err != nil {
		t.Fatal(err)
	}
	z := math.Log(1/0.6) / (math.Log(0.9/0.4) / 2) * normal95 // of 100 %
	inside := (1 + math.Erf(z/math.Sqrt2)) / 2
	if _, x := s.At(0.5); math.Abs(x-s.Quantile(inside/2)) > 1e-6 {
		t.Errorf("the median below 100 %% is %g, want %g", x, s.Quantile(inside/2))
	}
	if _, err := (Uncertain{Key: "nowhere"}).Sampler(); err == nil {
		t.Error("an unknown key has a sampler")
	}
}

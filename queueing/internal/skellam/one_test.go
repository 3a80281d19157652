package skellam

import (
	"math"
	"testing"
)

func TestOneAgainstTheDefinition(t *testing.T) {
	for _, b := range []float64{1e-3, 4, 14.9, 15.1, 60, 350, 900} {
		for _, a := range []float64{1e-3, 5, 15.05, 33, 450, 880} {
			if want, got := reference(1, b, a), One(b, a); want > 1e-280 && !(math.Abs(got/want-1) < 1e-12) {
				t.Errorf("One(%g, %g) = %.17g, want %.17g", b, a, got, want)
			}
		}
	}
}

// Large means are compared with Debye's expansion, whose exponent is found from deviances.
func TestOneOfLargeMeans(t *testing.T) {
	for _, b := range []float64{16, 1e2, 3e3, 1e5, 1e7} {
		for z := -20.0; z <= 20; z += 0.37 {
			a := b + z*math.Sqrt(2*b)
			if a <= 0 {
				continue
			}
			want, got := Prob(1, b, a), One(b, a)
			if allowed := 1e-12 + 4e-16*math.Sqrt(b)*math.Abs(z); !(math.Abs(got/want-1) <= allowed) {
				t.Errorf("One(%g, %g) = %.17g, want %.17g, off by %.2g", b, a, got, want, got/want-1)
			}
		}
	}
	if got := One(1e4, 1e2); got != 0 && got != Prob(1, 1e4, 1e2) {
		t.Errorf("far out it is %g", got)
	}
}

func BenchmarkOne(b *testing.B) {
	for b.Loop() {
		One(1200, 1190)
	}
}

func BenchmarkProbOfOne(b *testing.B) {
	for b.Loop() {
		Prob(1, 1200, 1190)
	}
}

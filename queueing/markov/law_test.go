package markov

import (
	"math"
	"testing"

	"singlelane/queueing/internal/skellam"
)

// A difference of Poisson numbers has the terms of Debye's expansion of the
// Bessel function, relatively, and the cumulants of its two parts.
func TestSkellam(t *testing.T) {
	for _, c := range []struct{ up, down float64 }{
		{1e-3, 1e-3}, {0.01, 5}, {5, 0.01}, {3, 3}, {100, 1}, {1, 100}, {700, 650}, {1e4, 1e4}, {1e6, 100}, {1e6, 1e6},
	} {
		l := Skellam(c.up, c.down)
		total := c.up + c.down
		if mean := l.Mean(); math.Abs(mean-(c.up-c.down)) > 1e-13*(1+total) {
			t.Errorf("%v: mean %.15g", c, mean)
		}
		if v := l.Variance(); math.Abs(v/total-1) > 1e-12 {
			t.Errorf("%v: variance %.15g", c, v)
		}
		for i, p := range l.P {
			want := skellam.Prob(-float64(l.First+i), c.down, c.up)
			if math.Abs(p-want) > 3e-12*want {
				t.Fatalf("%v: P(%d) = %.15g, want %.15g", c, l.First+i, p, want)
			}
		}
	}
}

// Without one of the two a Poisson number is left, upwards or downwards.
func TestSkellamOfOne(t *testing.T) {
	up, down := Skellam(4, 0), Skellam(0, 4)
	for n := range 20 {
		if want := math.Exp(-4 + float64(n)*math.Log(4) - lgamma(n)); math.Abs(up.At(n)-want) > 1e-14 || up.At(n) != down.At(-n) {
			t.Errorf("P(%d) = %g and %g, want %g", n, up.At(n), down.At(-n), want)
		}
	}
}

func lgamma(n int) float64 {
	x, _ := math.Lgamma(float64(n + 1))
	return x
}

// Moved in one go, as far from the limits as it is likely to come, the law is
// that of uniformisation, which short steps are left to.
func TestGlideBelowTop(t *testing.T) {
	wave := func(t float64) float64 { return 7 + 5*math.Sin(t/50) }
	for _, arrivals := range []func(float64) float64{constant(7), constant(7.5), constant(6.5), wave} {
		for _, from := range []int{400, 1000, 1700} {
			p := Queue(arrivals, servers(1), 7, 1999, nil)
			whole, pieces := start(t, p, Point(from), Options{}), start(t, p, Point(from), Options{Tolerance: 1e-13})
			advance(t, whole, 300)
			for i := range 15 {
				advance(t, pieces, 20*float64(i+1))
			}
			if d := difference(whole.Law(), pieces.Law()); d > 1e-10 {
				t.Errorf("from %d: laws differ by %.2g", from, d)
			}
		}
	}
}

package plots

import "testing"

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		s    float64
		want string
	}{
		{0, "0 s"}, {3e-6, "3 µs"}, {0.8, "800 ms"}, {0.9999, "1 s"}, {1.234, "1.23 s"}, {9.96, "10 s"}, {42.4, "42 s"}, {59.6, "1 min"},
		{90, "1 min 30 s"}, {599.4, "9 min 59 s"}, {599.7, "10 min"}, {3569, "59 min 29 s"}, {3571, "1 h"}, {11400, "3 h 10 min"}, {14399, "4 h"},
		{48 * hour, "2 d"}, {52*hour + 1, "2 d 4 h"}, {2 * year, "2 yr"}, {1e15, "31.7 M yr"}, {inf, "never"}, {-90, "−1 min 30 s"}, {nan, "unknown"},
	} {
		if got := Duration(c.s); got != c.want {
			t.Errorf("Duration(%g) = %q, want %q", c.s, got, c.want)
		}
	}
}

func TestCount(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{
		{0, "0"}, {0.01234, "0.0123"}, {13.2, "13.2"}, {99.99, "100"}, {1234.4, "1,234"}, {999999.4, "999,999"}, {1e6, "1 M"},
		{2.345e9, "2.35 G"}, {1e300, "1e+300"}, {inf, "∞"}, {-12345, "−12,345"},
	} {
		if got := Count(c.x); got != c.want {
			t.Errorf("Count(%g) = %q, want %q", c.x, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		p    float64
		want string
	}{
		{0, "0 %"}, {3.21e-7, "1 in 3.1 million"}, {1e-8, "1 in 100 million"}, {1e-9, "1 in 1 billion"},
		{3.2e-11, "1 in 31 billion"}, {1e-12, "1 in 10¹²"}, {2.5e-13, "1 in 4·10¹²"}, {1.02e-20, "1 in 10²⁰"}, {5e-324, "1 in 2·10³²³"}, {1e-6, "0.0001 %"}, {1e-5, "0.001 %"}, {0.0042, "0.42 %"}, {0.5, "50 %"}, {0.952381, "95.2 %"}, {0.99, "99 %"},
		{0.9995, "99.95 %"}, {0.999999, "99.9999 %"}, {1 - 1e-12, "over 99.9999 %"}, {1, "100 %"},
	} {
		if got := Percent(c.p); got != c.want {
			t.Errorf("Percent(%g) = %q, want %q", c.p, got, c.want)
		}
	}
}

package report

import (
	"math"
	"strings"
	"testing"

	"singlelane/plots"
)

func TestDurationIsSaidAsPeopleDo(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    string
	}{
		{0, "0 s"}, {0.0123, "12.3 ms"}, {0.8, "800 ms"}, {1, "1 s"}, {59.9, "59.9 s"}, {60.9, "1 min 1 s"}, {99.4, "1 min 39 s"}, {99.6, "1 min 40 s"},
		{120, "2 min"}, {3569, "59 min 29 s"}, {3571, "1 h"}, {11400, "3 h 10 min"}, {14400, "4 h"},
		{172800, "2 d"}, {176400, "2 d 1 h"}, {59.97, "1 min"}, {170999, "47 h 30 min"}, {171001, "2 d"}, {63115200, "2 yr"}, {math.Inf(1), "never"}, {math.NaN(), "unknown"}, {-60, "-1 min"},
	} {
		if got := Duration(c.seconds); got != c.want {
			t.Errorf("Duration(%v) = %q, want %q", c.seconds, got, c.want)
		}
	}
}

func TestSignificantKeepsFourDigits(t *testing.T) {
	for _, c := range []struct {
		x    float64
		want string
	}{
		{0, "0"}, {7, "7"}, {0.5, "0.5"}, {12.3456, "12.35"}, {999.4, "999.4"}, {1234.5, "1,234"}, {9999.6, "10,000"},
		{1234567, "1,234,567"}, {-54321, "-54,321"}, {0.00012345, "0.0001234"}, {1e-9, "1e-09"}, {1e18, "1e+18"},
	} {
		if got := significant(c.x); got != c.want {
			t.Errorf("significant(%v) = %q, want %q", c.x, got, c.want)
		}
	}
}

func TestUnitForKeepsTheLargestReadable(t *testing.T) {
	for _, c := range []struct {
		largest float64
		want    string
	}{
		{0, "s"}, {0.5, "ms"}, {1, "s"}, {299, "s"}, {300, "min"}, {15*3600 - 1, "min"}, {15 * 3600, "h"}, {20 * 86400, "d"},
	} {
		if got := unitFor(math.Inf(1), math.NaN(), c.largest/2, c.largest).name; got != c.want {
			t.Errorf("unitFor(%v) = %s, want %s", c.largest, got, c.want)
		}
	}
}

// TestPercentIsOneWritingOfProbabilities: tables, sentences and charts say small
// ones alike, and none shows an exponent.
func TestPercentIsOneWritingOfProbabilities(t *testing.T) {
	for _, c := range []struct {
		p          float64
		want, cell string
	}{
		{0, "0 %", "0"}, {1, "100 %", "100"}, {0.01234, "1.234 %", "1.234"}, {7.5e-7, "1 in 1.3 million", "1 in 1.3 million"},
		{1e-6, "0.0001 %", "0.0001"}, {2.5e-5, "0.0025 %", "0.0025"}, {3e-13, "1 in 3·10¹²", "1 in 3·10¹²"}, {math.NaN(), "-", "-"},
	} {
		if got, cell := percent(c.p), percentCell(c.p); got != c.want || cell != c.cell {
			t.Errorf("%g is %q and in a column %q, want %q and %q", c.p, got, cell, c.want, c.cell)
		}
		if c.p < leastPercent && percent(c.p) != plots.Percent(c.p) {
			t.Errorf("%g is %q in words and %q on charts", c.p, percent(c.p), plots.Percent(c.p))
		}
	}
	for e := -300; e < 0; e++ {
		for _, text := range []string{percent(math.Pow(10, float64(e))), roughly(math.Pow(10, float64(e))), tiny(math.Pow(10, float64(e)))} {
			if strings.Contains(text, "e-") || strings.Contains(text, "e+") {
				t.Errorf("1e%d is %q", e, text)
			}
		}
	}
}

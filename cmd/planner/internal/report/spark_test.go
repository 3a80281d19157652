package report

import "testing"

func TestSpark(t *testing.T) {
	for _, c := range []struct {
		values []float64
		most   float64
		width  int
		want   string
	}{
		{[]float64{0, 1, 2, 3, 4, 5, 6, 7, 8}, 8, 9, " ▁▂▃▄▅▆▇█"},
		{[]float64{0.4, 0.6, 8}, 8, 3, " ▁█"},
		{[]float64{0, 8, 0, 0}, 8, 2, "█ "}, // a peak between two characters is seen
		{[]float64{1, 2}, 2, 50, "▄█"},      // no wider than what there is
		{[]float64{0, 0}, 0, 2, "  "},
	} {
		if got := spark(c.values, c.most, c.width); got != c.want {
			t.Errorf("spark(%v) is %q, want %q", c.values, got, c.want)
		}
	}
}

package report

import "testing"

func TestShortened(t *testing.T) {
	for text, want := range map[string]string{
		"0.773304597167/yr": "0.7733/yr", "2.5s": "2.5s", "120000": "120000", "60%": "60%", "2.04939015319s": "2.049s", "1.5e-07/s": "1.5e-07/s",
	} {
		if got := shortened(text); got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
	}
}

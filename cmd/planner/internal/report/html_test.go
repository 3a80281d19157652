package report

import (
	"strings"
	"testing"
)

// TestBoundQuantities: a number stays with its unit, a time of two parts stays
// whole, and other spaces are as they were.
func TestBoundQuantities(t *testing.T) {
	for plain, want := range map[string]string{
		"by 2 h 11 min, 49 min 6 s to spare":  "by 2~h~11~min, 49~min~6~s to spare",
		"at most 0.037 % (none of 10 storms)": "at most 0.037~% (none of 10 storms)",
		"P(T > 3 h)":                          "P(T > 3~h)",
		"99 % within 50 min":                  "99~% within 50~min",
		"two 3 hour shifts, 5 dogs":           "two 3 hour shifts, 5 dogs",
	} {
		if got := strings.ReplaceAll(bound(plain), "\u00a0", "~"); got != want {
			t.Errorf("%q is bound as %q, want %q", plain, got, want)
		}
	}
}

// TestPiecesAreWhole: commands and keys come in pieces that join to what they
// were, and no flag is cut.
func TestPiecesAreWhole(t *testing.T) {
	const command, key = "planner report  x.yaml --replications 10000", "streams.scale-up bug.mean_delay"
	if got := words(command); strings.Join(got, "") != command || got[len(got)-3] != "--replications" {
		t.Errorf("the words of %q are %q", command, got)
	}
	want := "streams.|scale-up| |bug.|mean_|delay"
	if got := strings.Join(keys(key), "|"); got != want {
		t.Errorf("the pieces of %q are %q, want %q", key, got, want)
	}
}

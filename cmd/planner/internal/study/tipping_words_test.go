package study

import "testing"

// TestStuckOf: the verb goes with its subject.
func TestStuckOf(t *testing.T) {
	for _, c := range []struct {
		stuck, n int
		want     string
	}{
		{1, 1, "the only storm stays by its own retries"},
		{1, 400, "1 of 400 storms stays by its own retries"},
		{3, 400, "3 of 400 storms stay by their own retries"},
	} {
		if got := stuckOf(c.stuck, c.n) + " " + (&Tipping{Retries: true}).by(c.stuck); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

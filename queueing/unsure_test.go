package queueing

import (
	"fmt"
	"strings"
	"testing"
)

// Where a chain that was asked for does not follow the far tail, it says between which times
// quantiles are, and the law found otherwise has them there.
func TestUnsureQuantiles(t *testing.T) {
	l := constantCase(t, 20, 9.99, Exponential{.1}, 1, Target{})
	d, err := SolveDrain(l, SolveOptions{Method: Chain})
	if err != nil {
		t.Fatal(err)
	}
	exact, err := SolveDrain(l, SolveOptions{Tolerance: 1e-10})
	if err != nil {
		t.Fatal(err)
	}
	if len(exact.Warnings) > 0 {
		t.Errorf("the exact law warns: %q", exact.Warnings)
	}
	if len(d.Warnings) != 1 {
		t.Fatalf("warnings %q of an error of %g", d.Warnings, d.AbsError)
	}
	for _, q := range []struct {
		name string
		p    float64
	}{{"P50", .5}, {"P90", .9}, {"P99", .99}, {"P99.9", .999}} {
		_, after, told := strings.Cut(d.Warnings[0], q.name+" is ")
		want, found := exact.Quantile(q.p), d.Quantile(q.p)
		var from, to float64
		switch n, _ := fmt.Sscanf(after, "between %g and %g s", &from, &to); {
		case n == 2:
			if !(from*.99 < want && want < to*1.01) {
				t.Errorf("%s is %g s, not %s", q.name, want, after)
			}
		case told:
			if n, _ := fmt.Sscanf(after, "%g s or more", &from); n != 1 || !(from*.99 < want) {
				t.Errorf("%s is %g s, not %s", q.name, want, after)
			}
		default:
			near(t, q.name, found, want, 2*unsureShare)
		}
	}
	few, err := SolveDrain(constantCase(t, 20, 4, Exponential{.1}, 1, Target{}), SolveOptions{Method: Chain})
	if err != nil || len(few.Warnings) > 0 {
		t.Errorf("a chain that follows all: %v, %q", err, few.Warnings)
	}
}

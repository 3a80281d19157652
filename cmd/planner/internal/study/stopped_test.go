package study

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// stops checks that err is that of an interrupt and says the words.
func stops(t *testing.T, err error, words string) {
	t.Helper()
	var known *StoppedError
	if !errors.Is(err, context.Canceled) || !errors.As(err, &known) || !strings.Contains(err.Error(), words) {
		t.Errorf("error %v, want one that says %q", err, words)
	}
}

// A comparison that is interrupted knows what its last finished look knew.
func TestInterruptedComparisonKeepsItsLastLook(t *testing.T) {
	for stopAt, storms := range []int{0, 1000, 2000} {
		ctx, cancel := context.WithCancel(context.Background())
		k, err := Compare(ctx, rivals(t, 9, 40, 40), P99, Options{Method: Simulate, Seed: 1, Replications: 8000, Progress: func(look, _ int) {
			if look == stopAt {
				cancel()
			}
		}})
		if storms == 0 {
			stops(t, err, "nothing was compared yet; none of 2 designs was finished on 1000 storms each")
			if k != nil {
				t.Error("there is a comparison before the first look")
			}
			continue
		}
		stops(t, err, "storms each, and not yet on")
		if k == nil || !k.Interrupted || k.Replications != storms || k.Designs[1].Simulated.N != storms || len(k.Pairs) != 1 || len(k.Dominated) != 2 {
			t.Errorf("stopped at look %d: %+v", stopAt, k)
		}
	}
}

// stopping is a ledger that ends the context once something was stored.
type stopping struct {
	*notebook
	stop func()
}

func (s stopping) Store(block string, data []byte) error {
	defer s.stop()
	return s.notebook.Store(block, data)
}

// A check that is interrupted has the designs that were finished, and no other.
func TestInterruptedCheckKeepsItsDesigns(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	c := rivals(t, 9, 40, 42)
	designs, err := Check(ctx, c, nil, Options{Workers: 1, Ledger: stopping{newNotebook(), cancel}})
	stops(t, err, "1 of 2 designs was finished, and not b")
	whole, _ := Check(context.Background(), c, nil, Options{Workers: 1})
	if len(designs) != 1 || designs[0].Answer.Name != whole[0].Answer.Name || designs[0].Answer.Drain.P99.Value != whole[0].Answer.Drain.P99.Value {
		t.Errorf("finished %+v", designs)
	}
}

// A search that is interrupted has the values that were tried and no answer.
func TestInterruptedSizeKeepsItsTrials(t *testing.T) {
	for _, tried := range []int{0, 4} {
		ctx, cancel := context.WithCancel(context.Background())
		asked := 0
		sized, err := Size(ctx, SizeOptions{Lo: 1, Whole: true, Limit: 1000, Compile: func(x float64) (Case, error) {
			if asked++; asked > tried {
				cancel()
			}
			return rivals(t, 9, 400-int(x)), nil
		}}, Options{Workers: 1})
		if tried == 0 {
			stops(t, err, "no value was tried to the end")
			continue
		}
		stops(t, err, "4 values were tried")
		if sized == nil || !sized.Stopped || sized.Found || len(sized.Trials) != 4 {
			t.Errorf("%+v", sized)
		}
	}
}

func TestNumbered(t *testing.T) {
	for want, n := range map[string][2]int{
		"the only design was answered": {1, 1}, "the only design was not answered": {0, 1}, "none of 3 designs was answered": {0, 3},
		"1 of 3 designs was answered": {1, 3}, "2 of 3 designs were answered": {2, 3}, "all 3 designs were answered": {3, 3},
	} {
		if got := Numbered(n[0], n[1], "design", "answered"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

package study

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"singlelane/queueing"
)

// rivals are designs that differ in the requests that wait at first.
func rivals(t *testing.T, within float64, backlogs ...int) Case {
	c := oneDesign(within, lane(t, "lane", backlogs[0], 4, 0))
	for i, n := range backlogs[1:] {
		c.Designs = append(c.Designs, Design{Name: string(rune('b' + i)), Lanes: []*queueing.Lane{lane(t, "lane", n, 4, 0)}, LaneKind: "shared"})
	}
	return c
}

func comparison(t *testing.T, c Case, m Metric, o Options) *Comparison {
	t.Helper()
	k, err := Compare(context.Background(), c, m, o)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Over 1,000 repeats with other seeds the intervals of simulated differences
// cover what theory says at 95 % or more, but for chance of 1e-8 each.
func TestComparisonsCoverTheTruth(t *testing.T) {
	repeats := 1000
	if testing.Short() {
		repeats = 40
	}
	c := rivals(t, 9, 40, 42)
	exact := comparison(t, c, P99, Options{Method: Exact})
	truth, metrics := exact.Pairs[0].Differences, exact.Metrics
	covered := make([]int, len(truth))
	for seed := range repeats {
		k := comparison(t, c, P99, Options{Method: Simulate, Seed: uint64(seed), Replications: 2000, Workers: 1})
		for i, d := range k.Pairs[0].Differences {
			if d.Quality != queueing.Simulated || d.N != 2000 {
				t.Fatalf("%s: quality %s, n %d", k.Metrics[i], d.Quality, d.N)
			}
			if d.Lo <= truth[i].Value && truth[i].Value <= d.Hi {
				covered[i]++
			}
		}
	}
	for i, k := range covered {
		t.Logf("%s: %d of %d intervals cover", metrics[i], k, repeats)
		if k == repeats {
			continue
		}
		// P(at most k of the repeats cover) if each does with 95 %.
		if p := mathext.RegIncBeta(float64(repeats-k), float64(k)+1, 0.05); p < 1e-8 {
			t.Errorf("%s: %d of %d intervals cover the difference %g", metrics[i], k, repeats, truth[i].Value)
		}
	}
}

// Between exact theories the difference is that of the two, without interval.
func TestExactDifferences(t *testing.T) {
	k := comparison(t, rivals(t, 19, 100, 104, 80), P99, Options{})
	if len(k.Pairs) != 3 || k.Best.Design != 2 || !k.Best.Exact || !k.Best.Decided || k.Best.Confidence != 1 {
		t.Fatalf("%+v", k.Best)
	}
	for _, p := range k.Pairs {
		for i, m := range k.Metrics {
			want := m.Of(&k.Designs[p.B]).Value - m.Of(&k.Designs[p.A]).Value
			if d := p.Differences[i]; math.Abs(d.Value-want) > 1e-9 || d.Lo != d.Value || d.Hi != d.Value || d.Quality != queueing.Exact {
				t.Errorf("%s: %+v, want %g", m, d, want)
			}
		}
	}
}

// Storms are added only until the best is decided, and what is then said is
// what the same number of storms says at once.
func TestComparisonStopsWhenDecided(t *testing.T) {
	o := Options{Method: Simulate, Replications: 8000, Seed: 4}
	if k := comparison(t, rivals(t, 19, 100, 150), P99, o); !k.Best.Decided || k.Replications != firstLook || k.Looks != 4 {
		t.Errorf("far apart: %+v after %d", k.Best, k.Replications)
	}
	close := rivals(t, 19, 100, 100)
	k := comparison(t, close, P99, o)
	if k.Best.Decided || k.Replications != 8000 || len(k.Best.Open) != 1 {
		t.Errorf("no difference: %+v after %d", k.Best, k.Replications)
	}
	for i, d := range close.Designs {
		o := o
		o.solved = nil
		a, err := quick(context.Background(), d, close, o)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a.Simulated.P99, k.Designs[i].Simulated.P99) {
			t.Errorf("%s: P99 %v after several looks, %v at once", d.Name, k.Designs[i].Simulated.P99, a.Simulated.P99)
		}
	}
}

// One design by theory, the other simulated: the interval is that of the
// simulated one, on both sides of the difference.
func TestTheoryAgainstSimulation(t *testing.T) {
	c := rivals(t, 9, 40, 42)
	exact := comparison(t, c, P99, Options{}).Designs
	drawn := comparison(t, c, P99, Options{Method: Simulate, Replications: 2000}).Designs
	for _, m := range []Metric{P50, P99, Breach} {
		there, back := difference(&exact[0], &drawn[1], m, c.Objective, 0.95), difference(&drawn[1], &exact[0], m, c.Objective, 0.95)
		if there.Value != -back.Value || there.Lo != -back.Hi || there.Hi != -back.Lo || there.Less != back.More {
			t.Errorf("%s: %+v one way, %+v the other", m, there, back)
		}
		want := m.Of(&exact[1]).Value - m.Of(&exact[0]).Value
		if there.N != 2000 || there.Quality != queueing.Simulated || want < there.Lo-(there.Hi-there.Lo) || want > there.Hi+(there.Hi-there.Lo) {
			t.Errorf("%s: %+v, theory %g", m, there, want)
		}
	}
}

// What never drains is worse than all that does, and no better than another
// that never drains.
func TestComparingWhatNeverDrains(t *testing.T) {
	c := rivals(t, 19, 100, 104)
	c.Designs[0].Lanes = []*queueing.Lane{lane(t, "lane", 10, 40, 0)}
	k := comparison(t, c, P99, Options{})
	if k.Best.Design != 1 || !k.Best.Decided || !math.IsInf(k.Pairs[0].Differences[0].Value, -1) {
		t.Errorf("%+v, %+v", k.Best, k.Pairs[0])
	}
	c.Designs[1].Lanes = c.Designs[0].Lanes
	k = comparison(t, c, P99, Options{})
	if len(k.Best.Tied) != 1 || !math.IsNaN(k.Pairs[0].Differences[0].Value) || k.Pairs[0].Differences[2].Value != 0 {
		t.Errorf("%+v, %+v", k.Best, k.Pairs[0])
	}
}

// The frontier by hand: b and c are beaten, b by a in expense alone, c by d.
func TestFrontier(t *testing.T) {
	c := rivals(t, 19, 104, 104, 110, 100)
	for i, servers := range []float64{3, 4, 9, 8} {
		c.Designs[i].Servers, c.Designs[i].Prices = servers, &Prices{ServerHour: 1}
	}
	k := comparison(t, c, YearlyCost, Options{})
	var by []int
	for _, d := range k.Dominated {
		by = append(by, d.By)
	}
	if want := []int{-1, 0, 0, -1}; !reflect.DeepEqual(by, want) || !k.Dominated[1].Decided {
		t.Errorf("dominated by %v, want %v", by, want)
	}
	if k.Best.Design != 0 || k.Best.Confidence != 1 || k.FrontierBy != "cost" {
		t.Errorf("cheapest: %+v", k.Best)
	}
	// Of the designs that meet the objective the cheapest is the first.
	c.Objective.Within = 60
	if k := comparison(t, c, P99, Options{}); k.Cheapest != 0 {
		t.Errorf("cheapest is %d", k.Cheapest)
	}
	c.Objective.Within = 1
	if k := comparison(t, c, P99, Options{}); k.Cheapest != -1 {
		t.Errorf("cheapest of none is %d", k.Cheapest)
	}
}

// Costs that rest on simulated years, pair by pair.
func TestComparingSimulatedYears(t *testing.T) {
	c := yearlyCase(t)
	other := c.Designs[0]
	other.Name, other.Servers = "other", 5
	other.Lanes = []*queueing.Lane{lane(t, "lane", 1020, 4, 8)}
	c.Designs = append(c.Designs, other)
	exact := comparison(t, c, P99, Options{Method: Exact})
	drawn := comparison(t, c, P99, Options{Method: Simulate, Replications: 2000})
	for i, m := range drawn.Metrics {
		e, d := exact.Pairs[0].Differences[i], drawn.Pairs[0].Differences[i]
		wide := d.Hi - d.Lo
		if e.N != 0 || d.N == 0 || !(wide > 0) || e.Value < d.Lo-wide || e.Value > d.Hi+wide {
			t.Errorf("%s: theory %g, simulated %g [%g, %g]", m, e.Value, d.Value, d.Lo, d.Hi)
		}
		if ends := m.Of(&drawn.Designs[1]); m == YearlyCost && wide > ends.Hi-ends.Lo {
			t.Errorf("the interval of the difference, %g, is no narrower than one of a design, %g", wide, ends.Hi-ends.Lo)
		}
	}
}

func TestCompareRefuses(t *testing.T) {
	if _, err := Compare(context.Background(), rivals(t, 19, 100), P99, Options{}); !errors.Is(err, ErrOneDesign) {
		t.Errorf("one design: %v", err)
	}
	var missing *MissingError
	if _, err := Compare(context.Background(), rivals(t, 19, 100, 104), YearlyCost, Options{}); !errors.As(err, &missing) || missing.Section != "cost" {
		t.Errorf("no prices: %v", err)
	}
}

package queueing

import (
	"encoding/csv"
	"errors"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// referenceLane builds the lane of a case of testdata/reference/drain.csv.
func referenceLane(t testing.TB, name string) *Lane {
	surge := arrivalsOf(t, Steady{4}, Surge{8, 300})
	constant := arrivalsOf(t, Steady{4})
	idle := Target{Idle: true}
	one := func(s Service, a Arrivals) *Lane {
		return laneOf(t, Config{Backlog: 1000, Servers: 1, Service: s, Target: idle, Arrivals: a})
	}
	switch name {
	case "surge exponential":
		return one(Exponential{.1}, surge)
	case "surge 8 servers idle":
		return laneOf(t, Config{Backlog: 1000, Servers: 8, Service: Exponential{.8}, Target: idle, Arrivals: surge})
	case "surge 8 servers no wait":
		return laneOf(t, Config{Backlog: 1000, Servers: 8, Service: Exponential{.8}, Arrivals: surge})
	case "surge gamma 4":
		return one(Gamma{.1, 4}, surge)
	case "surge gamma 1/4":
		return one(Gamma{.1, .25}, surge)
	case "surge hyperexponential 4":
		return one(BalancedHyperexponential(.1, 4), surge)
	case "surge deterministic":
		return one(Deterministic{.1}, surge)
	case "surge of 1e6":
		return scaledSurge(t, Exponential{.1}, 1000)
	case "surge of 1e9":
		return scaledSurge(t, Exponential{.1}, 1000000)
	case "surge as a pool of 2400":
		return one(Exponential{.1}, arrivalsOf(t, Steady{4}, Pool{Instances: 2400, Requests: 1, Delay: ExponentialDelay{300}}))
	case "constant exponential":
		return one(Exponential{.1}, constant)
	case "constant gamma 4":
		return one(Gamma{.1, 4}, constant)
	case "constant deterministic":
		return one(Deterministic{.1}, constant)
	}
	t.Fatalf("no case %q", name)
	return nil
}

func TestDrainReferenceValues(t *testing.T) {
	f, err := os.Open("../testdata/reference/drain.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(f).ReadAll()
	if cerr := f.Close(); cerr != nil {
		t.Error(cerr)
	}
	if err != nil || len(rows) < 30 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	solved := map[string]Drain{}
	for _, r := range rows[1:] {
		d, done := solved[r[0]]
		if !done {
			if d, err = SolveDrain(referenceLane(t, r[0]), SolveOptions{Tolerance: 1e-10}); err != nil {
				t.Errorf("%s: %v", r[0], err)
				continue
			}
			solved[r[0]] = d
			if d.Quality != Exact {
				t.Errorf("%s is %s: %s", r[0], d.Quality, d.Reason)
			}
		}
		want, err := strconv.ParseFloat(r[2], 64)
		allowed, err2 := strconv.ParseFloat(r[3], 64)
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if got := quantity(t, d, r[1]); math.Abs(got-want) > allowed {
			t.Errorf("%s: %s is %.12g, want %.12g (%s)", r[0], r[1], got, want, r[4])
		}
	}
}

func quantity(t *testing.T, d Drain, name string) float64 {
	switch name {
	case "mean":
		return d.Mean()
	case "sd":
		return d.StdDev()
	case "p50":
		return d.Quantile(.5)
	case "p99":
		return d.Quantile(.99)
	case "p999":
		return d.Quantile(.999)
	}
	if at, is := strings.CutPrefix(name, "exceed "); is {
		x, err := strconv.ParseFloat(at, 64)
		if err != nil {
			t.Fatal(err)
		}
		return d.Exceed(x)
	}
	t.Fatalf("no quantity %q", name)
	return math.NaN()
}

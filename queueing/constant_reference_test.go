package queueing

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"
)

// constantReference is a row of testdata/reference/drain_constant.csv: one
// server of 10/s until idle.
type constantReference struct {
	service         string
	backlog         int
	arrivals        float64
	at, cdf, exceed float64
}

func constantReferences(t *testing.T) []constantReference {
	t.Helper()
	data, err := os.ReadFile("../testdata/reference/drain_constant.csv")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) < 40 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	var all []constantReference
	for _, r := range rows[1:] {
		if r[6] == "" {
			t.Fatalf("no source: %v", r)
		}
		all = append(all, constantReference{r[0], int(number(r[1])), number(r[2]), number(r[3]), number(r[4]), number(r[5])})
	}
	return all
}

func (r constantReference) lane(t *testing.T) *Lane {
	law := map[string]Service{"exponential": Exponential{.1}, "erlang-4": Gamma{.1, 4}, "deterministic": Deterministic{.1}}[r.service]
	if law == nil {
		t.Fatalf("service %q", r.service)
	}
	return constantCase(t, r.backlog, r.arrivals, law, 1, idle)
}

// Both tails of the closed forms to relative accuracy down to 1e-13, absolute
// beyond.
func TestClosedFormReference(t *testing.T) {
	for _, r := range constantReferences(t) {
		d, err := ClosedFormDrain(r.lane(t), SolveOptions{Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		at := r.at + 1e-9*float64(len(r.service)/13) // on the lattice, not just before a point
		for _, c := range [][2]float64{{d.CDF(at), r.cdf}, {d.Exceed(at), r.exceed}} {
			if math.Abs(c[0]-c[1]) > 2e-8*c[1]+1e-19 || math.Abs(c[0]-c[1]) > 1e-11 {
				t.Errorf("%s, %d at %g/s, %g s: %.14g, want %.14g", r.service, r.backlog, r.arrivals, r.at, c[0], c[1])
			}
		}
	}
}

func TestFourierReference(t *testing.T) {
	for _, r := range constantReferences(t) {
		if r.service == "deterministic" || r.backlog < 1000 {
			continue
		}
		d, err := FourierDrain(r.lane(t), SolveOptions{Tolerance: 1e-12})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(d.CDF(r.at)-r.cdf) > 1e-12 {
			t.Errorf("%s at %g s: %.14g, want %.14g", r.service, r.at, d.CDF(r.at), r.cdf)
		}
	}
}

func TestIdentityReference(t *testing.T) {
	solved := map[constantReference]Drain{}
	for _, r := range constantReferences(t) {
		if r.service == "erlang-4" && r.backlog != 1 {
			continue // TestIdentitySurge has gamma service
		}
		if r.service == "deterministic" && r.backlog == 30 {
			continue // at load 0.9 its lattice is longer than the identity takes
		}
		key := constantReference{service: r.service, backlog: r.backlog, arrivals: r.arrivals}
		d, ok := solved[key]
		if !ok {
			var err error
			if d, err = IdentityDrain(r.lane(t), SolveOptions{}); err != nil {
				t.Fatal(err)
			}
			solved[key] = d
		}
		at := r.at + 1e-9*float64(len(r.service)/13)
		if got := d.CDF(at); math.Abs(got-r.cdf) > 1e-10 || math.Abs(d.Exceed(at)-r.exceed) > 1e-10 {
			t.Errorf("%s, %d at %g/s, %g s: %.14g, want %.14g", r.service, r.backlog, r.arrivals, r.at, got, r.cdf)
		}
	}
}

// The figures of the drain of 1000 at 4/s in and 10/s out.
func TestConstantMoments(t *testing.T) {
	for _, c := range []struct {
		s             Service
		mean, sd, p99 float64
	}{
		{Exponential{.1}, 1000. / 6, 8.05076, 186.202417},
		{Gamma{.1, 4}, 1000. / 6, 5.4857, 179.8909},
		{Deterministic{.1}, 1000. / 6, math.Sqrt(1000*.4/.216) / 10, 177},
	} {
		d, err := ClosedFormDrain(constantCase(t, 1000, 4, c.s, 1, idle), SolveOptions{Tolerance: 1e-10})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", d.Mean(), c.mean, 1e-12)
		near(t, "sd", d.StdDev(), c.sd, 1e-5)
		near(t, "P99", d.Quantile(.99), c.p99, 1e-6)
	}
}

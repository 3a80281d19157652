package markov

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"
)

type reference struct {
	chain, inputs, measure string
	value                  float64
}

// references are in testdata/reference/markov.csv, derived with 400 bits by
// the program beside it.
func references(t *testing.T) []reference {
	t.Helper()
	var all []reference
	for _, r := range referenceRows(t, "markov.csv") {
		x, err := strconv.ParseFloat(r[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, reference{r[0], r[1], r[2], x})
	}
	return all
}

// referenceRows are those of a file of testdata/reference, less its head.
func referenceRows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("../../testdata/reference/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func scan(t *testing.T, inputs, format string, to ...any) {
	t.Helper()
	if _, err := fmt.Sscanf(inputs, format, to...); err != nil {
		t.Fatalf("%q: %v", inputs, err)
	}
}

func TestReferences(t *testing.T) {
	for _, r := range references(t) {
		switch r.chain {
		case "orbit-escape", "orbit-drain":
			got := orbitReference(t, r)
			near(t, r.chain+" "+r.inputs+" "+r.measure, got, r.value, 1e-12)
		case "busy":
			near(t, r.chain+" "+r.inputs+" "+r.measure, busyReference(t, r), r.value, 1e-11)
		case "law":
			got := lawReference(t, r)
			if !(math.Abs(got-r.value) <= 1e-11) || r.value > 1e-6 && math.Abs(got/r.value-1) > 1e-9 {
				t.Errorf("%s = %.15g, want %.15g", r.inputs, got, r.value)
			}
		default:
			t.Errorf("unknown chain %q", r.chain)
		}
	}
}

// A lane of one server that keeps itself overloaded, as retry storms are
// modelled: 9.5/s in, 10/s out, a time-out of 3 s and 4 retries, the orbit's
// rates 4/15 and 1/15 per second.
func orbitReference(t *testing.T, r reference) float64 {
	c := Orbit{Arrivals: 9.5, ServiceRate: 10, Servers: 1, RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 3}
	scan(t, r.inputs, "limit=%d size=%d", &c.Limit, &c.Size)
	solve := c.Escape
	if r.chain == "orbit-drain" {
		solve = c.Drain
	}
	a, err := solve(0)
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := a.At(c.Index(c.Limit, c.Size))
	if r.measure == "sd_s" {
		return sd
	}
	return mean
}

func busyReference(t *testing.T, r reference) float64 {
	var lam, mu float64
	var limit, n int
	scan(t, r.inputs, "lam=%g mu=%g limit=%d n=%d", &lam, &mu, &limit, &n)
	birth, death := make([]float64, limit), make([]float64, limit)
	for i := range birth {
		birth[i], death[i] = lam, mu
	}
	birth[limit-1] = 0
	b, err := BirthDeath(birth, death)
	if err != nil {
		t.Fatal(err)
	}
	a, err := b.Absorption()
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := a.At(n - 1)
	if r.measure == "sd_s" {
		return sd
	}
	return mean
}

func lawReference(t *testing.T, r reference) float64 {
	var lam, mu, at float64
	var c, limit, n, state int
	scan(t, r.inputs, "lam=%g mu=%g c=%d limit=%d n=%d t=%g state=%d", &lam, &mu, &c, &limit, &n, &at, &state)
	run := start(t, Queue(constant(lam), servers(c), mu, limit, nil), Point(n), Options{Tolerance: 1e-13})
	advance(t, run, at)
	return run.Law().At(state)
}

package steady

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestReferenceValues holds every model against the files of sourced and
// independently derived values (see testdata/reference/steady_gen.go for how
// the derived ones were made).
func TestReferenceValues(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "reference", "steady_*.csv"))
	if err != nil || len(files) < 2 {
		t.Fatal("no reference files", err)
	}
	checked := 0
	for _, name := range files {
		for _, r := range referenceRows(t, name) {
			got := referenceValue(t, r)
			value, err1 := strconv.ParseFloat(r[3], 64)
			tolerance, err2 := strconv.ParseFloat(r[4], 64)
			if err1 != nil || err2 != nil {
				t.Fatal(r, err1, err2)
			}
			want(t, strings.Join(r[:3], " "), got, value, tolerance)
			checked++
		}
	}
	if checked < 300 {
		t.Errorf("%d reference values, want 300 and more", checked)
	}
}

func referenceRows(t *testing.T, name string) [][]string {
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(name, err)
	}
	return rows[1:]
}

// referenceValue asks the model of a row for its measure.
func referenceValue(t *testing.T, r []string) float64 {
	in, stations := map[string]float64{"servers": 1, "service-scv": 1}, []Station(nil)
	for _, pair := range strings.Fields(r[1]) {
		key, text, _ := strings.Cut(pair, "=")
		if key == "station" {
			demand, servers, _ := strings.Cut(text, ":")
			c, err := strconv.Atoi(servers)
			d, err2 := strconv.ParseFloat(demand, 64)
			if err != nil || err2 != nil {
				t.Fatal(r)
			}
			stations = append(stations, Station{MeanService: d, Servers: c, Visits: 1})
			continue
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Fatal(r, err)
		}
		in[key] = x
	}
	m := referenceModel(t, r[0], in, stations)
	if number, is := strings.CutPrefix(r[2], "l of station "); is {
		k, err := strconv.Atoi(number)
		x, err2 := m.(Closed).Solve()
		if err != nil || err2 != nil {
			t.Fatal(r, err, err2)
		}
		return x.Stations[k-1].L
	}
	if r[2] == "p_wait_over" {
		p, err := m.(Waiter).WaitTail(in["wait"])
		if err != nil {
			t.Fatal(r, err)
		}
		return p
	}
	if r[2] == "orbit" {
		n, err := m.(Retrial).InOrbit()
		if err != nil {
			t.Fatal(r, err)
		}
		return n
	}
	x := measures(t, m)
	return map[string]float64{"p0": x.P0, "p_wait": x.PWait, "p_block": x.PBlock, "p_abandon": x.PAbandon, "l": x.L, "lq": x.Lq,
		"w_s": x.W, "wq_s": x.Wq, "throughput_per_s": x.Throughput}[r[2]]
}

func referenceModel(t *testing.T, name string, in map[string]float64, stations []Station) Model {
	lambda, mu, c := in["arrivals"], in["service-rate"], int(in["servers"])
	switch name {
	case "mm1":
		return MM1{lambda, mu}
	case "mmc":
		return MMc{lambda, mu, c}
	case "mmck":
		return MMcK{lambda, mu, c, int(in["limit"])}
	case "erlang-b":
		return MMcc{lambda, mu, c}
	case "erlang-a":
		return ErlangA{lambda, mu, c, in["patience"]}
	case "repair":
		return Repair{lambda, mu, c, int(in["sources"])}
	case "md1":
		return MD1(lambda, mu)
	case "mdc":
		return MDc{lambda, mu, c}
	case "mg1":
		return MG1{lambda, TwoMoments(1/mu, in["service-scv"])}
	case "batch":
		return BatchMM1{lambda, mu, in["batch-mean"], 0}
	case "retrial":
		return Retrial{lambda, mu, c, int(in["limit"]), in["retry-delay"]}
	case "mva":
		return Closed{int(in["customers"]), in["think"], stations}
	}
	t.Fatalf("no model %q", name)
	return nil
}

package scenario

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestProvenanceOfTheShippedFiles: every value of the file is listed with the
// comment beside it, and no key is both given and left out.
func TestProvenanceOfTheShippedFiles(t *testing.T) {
	f, err := Load(filepath.Join(shippedFolder, "us-east-1-2012.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	p := f.Provenance()
	if !strings.HasPrefix(p.Head, "The shared queue of load-balancer management requests, AWS US East") {
		t.Errorf("head: %q", p.Head)
	}
	for _, want := range []Assumption{
		{"region.fleet", "80000..180000", "ASSUMED: instances whose owners manage load balancers (published nowhere)"},
		{"streams.baseline", "", "Customers' everyday requests: register, deregister, scale."},
		{"streams.relaunches.requests", "{low: 1, likely: 2, high: 3}", "ASSUMED: register, and change the zones served"},
		{"control_plane.service.law", "exponential", "ASSUMED"},
	} {
		if !slices.Contains(p.Given, want) {
			t.Errorf("not given: %+v", want)
		}
	}
	if len(p.Designs) != 5 || p.Designs[0].Source != "what was there" || p.Designs[2].Changes[0].Value != "16" {
		t.Errorf("designs: %+v", p.Designs)
	}
	keys := map[string]bool{}
	for _, a := range p.Given {
		keys[a.Key] = true
	}
	for _, a := range p.Defaults {
		if keys[a.Key] {
			t.Errorf("%s is given and left out", a.Key)
		}
	}
	if !slices.ContainsFunc(p.Defaults, func(a Assumption) bool { return a.Key == "streams.relaunches.held" && a.Value == "false" }) {
		t.Errorf("defaults: %+v", p.Defaults)
	}
	if slices.ContainsFunc(p.Defaults, func(a Assumption) bool { return strings.HasPrefix(a.Key, "streams.baseline") }) {
		t.Error("a steady stream has a default of a pool")
	}
}

func TestDataFilesAreThoseNamed(t *testing.T) {
	f, err := Load(filepath.Join(shippedFolder, "github-2018-webhooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := f.DataFiles()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(shippedFolder, "traces", "github-2018-day.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Name != "traces/github-2018-day.csv" || string(files[0].Bytes) != string(want) || !files[0].Local {
		t.Errorf("data files: %d, first %q", len(files), files[0].Name)
	}
}

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestQueueChartMarksTheTippingLoad: among the arrivals, the escape in its unit, of
// thirty powers of ten.
func TestQueueChartMarksTheTippingLoad(t *testing.T) {
	dir := t.TempDir()
	if code := run(t.Context(), words("planner queue retrial --service-rate 10/s --limit 200 --orbit-limit 20 --timeout 3s --retries 4 --vary arrivals=1/s..9.5/s:4 --format svg --charts "+dir),
		&strings.Builder{}, &strings.Builder{}); code != exitDone {
		t.Fatalf("exit code %d", code)
	}
	svg, err := os.ReadFile(filepath.Join(dir, "queue-retrial.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"tipping load 4.77", "1e+21 yr", "12 h"} {
		if !strings.Contains(strings.ReplaceAll(string(svg), "\u00a0", " "), want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
}

// TestQueueChartSaysWhatItFinds: the title has the measure at both ends of what is
// varied, of those values that are stable, or where it grows without bound.
func TestQueueChartSaysWhatItFinds(t *testing.T) {
	for vary, want := range map[string]string{
		"servers=1..8":         "Mean wait: 189 ms at servers = 3, 104 µs at servers = 8",
		"arrivals=1/s..13/s:4": "Mean wait grows without bound near arrivals = 12/s",
	} {
		dir := t.TempDir()
		if code := run(t.Context(), []string{"planner", "queue", "mmc", "--arrivals", "9/s", "--service-rate", "4/s", "--servers", "3",
			"--vary", vary, "--charts", dir, "--format", "svg"}, &strings.Builder{}, &strings.Builder{}); code != exitDone {
			t.Fatalf("%s: exit code %d", vary, code)
		}
		svg, err := os.ReadFile(filepath.Join(dir, "queue-mmc.svg"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(svg), want) {
			t.Errorf("%s: the chart does not say %q", vary, want)
		}
	}
}

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// longNames is a scenario whose designs and streams have names as long as they may
// be and that differ in the last character, with all that is told of designs.
var longNames = func() string {
	name := strings.Repeat("a long name ", 8)
	return fmt.Sprintf(`name: names
region: {zones: 5, fleet: 1000}
streams:
  %[1]sA: {rate: 1/s}
  %[1]sB: {of: lost, mean_delay: 30s..90s}
control_plane: {servers: 1, service: {mean: 100ms}}
objective: {drain_within: 10m, confidence: 99%%}
year: {zone_failures: 0.1/yr}
cost: {server_hour: 1}
designs:
  %[1]sA: {}
  %[1]sB: {control_plane.servers: 2}
  %[1]sC: {control_plane.lanes: per-zone}
`, name)
}()

// TestTablesFitTheScreen runs each command that prints a table: no line is
// longer than 100 characters without --wide.
func TestTablesFitTheScreen(t *testing.T) {
	data, err := filepath.Abs(filepath.Join("..", "..", "testdata", "scenarios"))
	if err != nil {
		t.Fatal(err)
	}
	long := filepath.Join(t.TempDir(), "long.yaml")
	if err := os.WriteFile(long, []byte(longNames), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Chdir(data)
	const few = " --replications 20 --quiet"
	stations := " --station name=front,service-mean=100ms,servers=1,visits=1 --station name=back,service-mean=100ms,servers=2,visits=2"
	for _, line := range []string{
		"run us-east-1-2012.yaml" + few,
		"run mfa-2018.yaml" + few,
		"compare us-east-1-2012.yaml" + few,
		"check us-east-1-2012.yaml" + few,
		"size us-east-1-2012.yaml --design six~zones --for control_plane.servers --between 2..3" + few,
		"sweep us-east-1-2012.yaml --vary control_plane.servers=9..10" + few,
		"sweep us-east-1-2012.yaml --design shared~lane --metric breach --vary streams.relaunches.mean_delay=10m..2h:2 --vary region.zones=4..5" + few,
		"replay measured-lane.yaml --trace traces/requests.csv --replications 10 --quiet",
		"fit traces/requests.csv --quiet",
		"sensitivity us-east-1-2012.yaml --tornado --design twice~the~servers" + few,
		"validate us-east-1-2012.yaml",
		"validate mfa-2018.yaml",
		"drain --backlog 1000 --arrivals 4/s --surge 8/s --surge-decay 5m --servers 2 --service-mean 150ms --within 5m --at 100s,200s",
		"run LONG" + few,
		"compare LONG" + few,
		"sweep LONG --vary control_plane.servers=1..2" + few,
		"sensitivity LONG --tornado" + few,
		"replay LONG --trace traces/requests.csv --replications 10 --quiet",
		"validate LONG",
		"queue mmc --arrivals 9/s --service-rate 4/s --servers 3 --wait 30s --target-wait 1s",
		"queue mm1 --arrivals 9/s --service-rate 10/s --states 6",
		"queue erlang-a --arrivals 9/s --service-rate 1/s --servers 10 --patience 30s",
		"queue retrial --arrivals 9/s --service-rate 4/s --servers 3 --retry-delay 10s",
		"queue retrial --arrivals 9.5/s --service-rate 10/s --limit 200 --orbit-limit 20 --timeout 3s --retries 4",
		"queue retrial --arrivals 1/s --service-rate 10/s --limit 20 --orbit-limit 20 --retry-delay 3s",
		"queue retrial --arrivals 9.5/s --service-rate 10/s --orbit-limit 20 --timeout 3s --retries 4 --refused lost --vary limit=50..200",
		"queue jackson --arrivals 1/s" + stations,
		"queue mva --customers 20 --think 5s" + stations,
	} {
		t.Run(line, func(t *testing.T) {
			args := []string{"planner"}
			for _, w := range strings.Fields(line) {
				args = append(args, strings.ReplaceAll(strings.ReplaceAll(w, "~", " "), "LONG", long))
			}
			var stdout, stderr bytes.Buffer
			if code := run(context.Background(), args, &stdout, &stderr); code != exitDone && code != exitMissed {
				t.Fatalf("exit %d: %s", code, &stderr)
			}
			if stdout.Len() == 0 {
				t.Fatal("nothing was printed")
			}
			for _, l := range strings.Split(stdout.String(), "\n") {
				if n := utf8.RuneCountInString(l); n > 100 {
					t.Errorf("%d characters: %s", n, l)
				}
			}
		})
	}
}

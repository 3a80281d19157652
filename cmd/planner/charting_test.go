package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// lone is a design with a number that is not known, quickly answered.
const lone = `name: a restart
streams:
  backlog: {count: 200..400, at: 0s}
  everyday: {rate: 1/s}
control_plane: {servers: 2, service: {mean: 500ms, law: deterministic}}
objective: {drain_within: 2m, confidence: 99%}
`

// TestChartsLook: every command that draws takes --theme and --size and heeds
// them, and refuses others.
func TestChartsLook(t *testing.T) {
	traces, err := filepath.Abs(filepath.Join("..", "..", "testdata", "scenarios"))
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]string{
		"run":         "planner run lone.yaml",
		"sweep":       "planner sweep lone.yaml --vary control_plane.servers=2..4",
		"compare":     "planner compare twins.yaml",
		"sensitivity": "planner sensitivity lone.yaml",
		"queue":       "planner queue mm1 --service-rate 1/s --vary arrivals=0.1/s..0.9/s:9",
		"fit":         "planner fit " + filepath.Join(traces, "traces", "requests.csv"),
		"replay":      "planner replay " + filepath.Join(traces, "measured-lane.yaml") + " --trace " + filepath.Join(traces, "traces", "requests.csv") + " --design 'six servers'",
		"merge":       "planner merge whole",
	}
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{"lone.yaml": lone, "twins.yaml": twins} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	mustRun(t, "planner run lone.yaml --shard 1/1 > whole")
	for _, c := range allCommands(commands()) {
		if flagNamed(c.Flags, "charts") == nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			line, known := lines[c.Name]
			if !known {
				t.Fatal("no line of this test draws its charts")
			}
			mustRun(t, line+" --charts "+c.Name+"-plain")
			mustRun(t, line+" --charts "+c.Name+"-slide --theme dark --size slide")
			sameButForLook(t, c.Name+"-plain", c.Name+"-slide")
			for _, wrong := range []string{"--theme sepia", "--size poster"} {
				var stdout, stderr bytes.Buffer
				if code := run(t.Context(), words(line+" --charts other "+wrong), &stdout, &stderr); code != exitUsage || !strings.Contains(stderr.String(), "allowed are") {
					t.Errorf("%s %s: exit code %d\n%s", line, wrong, code, stderr.String())
				}
			}
		})
	}
}

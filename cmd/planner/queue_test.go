package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
)

// TestQueueModelExamples runs the example that planner queue lists for each
// model, as a table, as JSON whose keys all have words, and over a varied flag.
func TestQueueModelExamples(t *testing.T) {
	for _, m := range queueModels {
		line := "planner queue " + m.name + " " + m.example
		mustRun(t, line)
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), words(line+" --json"), &stdout, &stderr); code != exitDone || stderr.Len() > 0 {
			t.Fatalf("%s: exit code %d\n%s", line, code, stderr.String())
		}
		var answer map[string]any
		if err := json.Unmarshal(stdout.Bytes(), &answer); err != nil {
			t.Fatal(line, err)
		}
		for key := range answer {
			if _, told := queueLabels[key]; !told && key != "model" && key != "status" && key != "classes" && key != "stations" {
				t.Errorf("%s: the key %s has no words", line, key)
			}
		}
		if answer["model"] != m.name || answer["status"] != "stable" {
			t.Errorf("%s: %v", line, fmt.Sprint(answer))
		}
	}
}

// TestQueueInterrupted: an interrupt ends a calculation that takes longer,
// alone and over a varied flag, and nothing is answered.
func TestQueueInterrupted(t *testing.T) {
	line := "planner queue mdc --arrivals 999999.999/s --service-rate 1/s --servers 1000000"
	for _, line := range []string{line, line + " --target-wait 1s --target-level 90%", line + " --vary servers=1000000..1000100"} {
		ctx, stop := context.WithCancel(context.Background())
		stop()
		var stdout, stderr bytes.Buffer
		if code := run(ctx, words(line), &stdout, &stderr); code != exitInterrupted || stdout.Len() > 0 {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q", line, code, stdout.String(), stderr.String())
		}
	}
}

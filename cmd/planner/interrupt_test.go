package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"
)

// interrupted runs the program and interrupts it once it has begun, which may
// take a busy machine longer: then it is given more time.
func interrupted(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for wait := 250 * time.Millisecond; wait < time.Minute; wait *= 2 {
		var out, told bytes.Buffer
		c := exec.Command(self, args...)
		c.Args[0] = "planner"
		c.Stdout, c.Stderr = &out, &told
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(wait)
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Fatalf("it ended by itself: %v", err)
		}
		_ = c.Wait() // the exit code tells
		if code := c.ProcessState.ExitCode(); code != exitInterrupted && code != -1 {
			t.Fatalf("exit code %d, want %d\n%s", code, exitInterrupted, told.String())
		}
		if out.Len() > 0 {
			return out.String(), told.String()
		}
	}
	t.Fatal("nothing was known after half a minute")
	return "", ""
}

// An interrupted simulation says what was finished, with its interval.
func TestInterruptKeepsWhatIsFinished(t *testing.T) {
	const asked = 90_000_000
	out, told := interrupted(t, "drain", "--backlog", "1000", "--arrivals", "4/s", "--service-rate", "10/s", "--until", "idle",
		"--method", "leaps", "--replications", "90000000", "--json")
	var got struct {
		N           int
		Interrupted bool
		Mean        float64 `json:"mean_s"`
		CI          struct {
			Mean [2]float64 `json:"mean_s"`
		}
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatal(err)
	}
	half := (got.CI.Mean[1] - got.CI.Mean[0]) / 2
	if got.N < 1 || got.N >= asked || math.Abs(got.Mean-1000.0/6) > 4*half || got.N > 1000 && half > 1 {
		t.Errorf("mean %g, [%g, %g], of %d storms; want about 166.7", got.Mean, got.CI.Mean[0], got.CI.Mean[1], got.N)
	}
	if want := fmt.Sprintf("planner: error: interrupted: %d drain times were simulated\n", got.N); told != want || !got.Interrupted {
		t.Errorf("stderr is %q, want %q; interrupted %t", told, want, got.Interrupted)
	}
	out, told = interrupted(t, "replay", "../../testdata/scenarios/measured-lane.yaml", "--trace", "../../testdata/scenarios/traces/requests.csv", "--replications", "20000", "--set", "control_plane.lanes=2", "--quiet")
	if !strings.HasPrefix(out, "INTERRUPTED: this is what was known by then\n") || !regexp.MustCompile(`^planner: error: interrupted: ([23] of 4 replays were|1 of 4 replays was) finished\n$`).MatchString(told) {
		t.Errorf("stdout:\n%s\nstderr:\n%s", out, told)
	}

	out, told = interrupted(t, "run", "../../testdata/scenarios/launch-leases-2025.yaml", "--design", "patient clients", "--replications", "10000000")
	if !strings.HasPrefix(out, "INTERRUPTED: this is what was known by then\n") || !strings.Contains(out, "drained by") || !regexp.MustCompile(`(^|\n)planner: error: interrupted: the only design was answered; drain times: [^\n]+\n$`).MatchString(told) {
		t.Errorf("stdout:\n%s\nstderr:\n%s", out, told)
	}
}

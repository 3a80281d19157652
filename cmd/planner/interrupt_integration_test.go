//go:build integration

package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"
)

// Interrupted at any moment, a command leaves the folder it was to write whole
// or not at all. The moments go up to the end, where files are written.
func TestIntegrationInterruptsLeaveWholeFolders(t *testing.T) {
	planner := built(t)
	storm := filepath.Join(t.TempDir(), "storm.yaml")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"run":    {"run", storm, "--replications", "500", "--quiet", "--charts"},
		"report": {"report", storm, "--replications", "500", "--quick", "--quiet", "-o"},
	} {
		t.Run(name, func(t *testing.T) {
			length, want := time.Hour, []string(nil)
			for range 3 { // others may be at work during one
				parent := t.TempDir()
				begun := time.Now()
				if out, err := exec.Command(planner, append(args, filepath.Join(parent, "pack"))...).CombinedOutput(); err != nil {
					t.Fatalf("%v\n%s", err, out)
				}
				length, want = min(length, time.Since(begun)), names(t, parent)
			}
			g := rand.New(rand.NewPCG(2, 25))
			stopped, done := 0, 0
			for range 25 {
				parent := t.TempDir()
				code := interruptedAfter(t, time.Duration((0.2+0.8*g.Float64())*float64(length)), planner, append(args, filepath.Join(parent, "pack"))...)
				got := names(t, parent)
				switch whole := slices.Equal(got, want); {
				case code == exitDone && whole:
					done++
				case code == -1 && len(got) == 0: // before the program listened for it
				case code == exitInterrupted && (whole || len(got) == 0):
					stopped++
				default:
					t.Errorf("exit code %d, and there is %v", code, got)
				}
			}
			t.Logf("%d interrupted, %d done", stopped, done)
			if stopped == 0 {
				t.Error("no interrupt came in time")
			}
		})
	}
}

// finishedLine is all that an interrupted command says: what was finished.
var finishedLine = regexp.MustCompile(`^planner: error: interrupted: [^\n]+\n$`)

// interruptedAfter sends the command the signal of Ctrl-C after the given
// time, unless it is done before, and gives its exit code.
func interruptedAfter(t *testing.T, after time.Duration, name string, args ...string) int {
	t.Helper()
	var told bytes.Buffer
	c := exec.Command(name, args...)
	c.Stderr = &told
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = c.Process.Signal(os.Interrupt) }) // it may be done already
	_ = c.Wait()                                                                  // the exit code tells
	timer.Stop()
	code := c.ProcessState.ExitCode()
	if code == exitInterrupted && !finishedLine.MatchString(told.String()) {
		t.Errorf("stderr is %q, which does not say what was finished", told.String())
	}
	return code
}

package main

import (
	"bytes"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestIntegrationKills kills a run and a sweep, with the signal that nobody
// can catch, at random moments, and starts them again each time: what they
// print in the end is what an uninterrupted command prints. There are one
// hundred kills with the integration tests, and a few without.
func TestIntegrationKills(t *testing.T) {
	dir := t.TempDir()
	planner := filepath.Join(dir, "planner")
	if out, err := exec.Command("go", "build", "-o", planner, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	storm := filepath.Join(dir, "storm.yaml")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"run":   {"run", storm, "--replications", "600", "--json", "--quiet"},
		"sweep": {"sweep", storm, "--vary", "retries.timeout=20s..90s:12", "--replications", "100", "--csv", "--quiet"},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			want, err := exec.Command(planner, args...).Output()
			if err != nil {
				t.Fatal(err)
			}
			whole := time.Since(begun)
			kept := filepath.Join(dir, name+".kept")
			g := rand.New(rand.NewPCG(1, uint64(kills)))
			finished := 0
			for killed := 0; killed < kills; {
				got, done := runUntil(t, time.Duration(g.Float64()*float64(whole)), planner, append(args, "--checkpoint", kept)...)
				if !done {
					killed++
					continue
				}
				finished++
				if !bytes.Equal(got, want) {
					t.Fatalf("after %d kills: another answer than without", killed)
				}
				if err := os.Remove(kept); err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Fatal(err)
				}
			}
			got, err := exec.Command(planner, append(args, "--checkpoint", kept)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("after %d kills: another answer than without", kills)
			}
			t.Logf("%d kills, finished %d times in between", kills, finished)
		})
	}
}

// runUntil kills the command after the given time, unless it is done before.
func runUntil(t *testing.T, after time.Duration, name string, args ...string) (stdout []byte, done bool) {
	t.Helper()
	var out, complaints bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // it may be done already
	err := cmd.Wait()
	timer.Stop()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out.Bytes(), true
	case errors.As(err, &exit) && exit.ExitCode() == -1: // by the signal
		return nil, false
	}
	t.Fatalf("%v\n%s", err, complaints.String())
	return nil, false
}

const killStorm = `
name: a storm to be interrupted
streams:
  baseline: {rate: 4/s}
  crowd: {count: 900, at: 10s, over: 5m}
control_plane: {servers: 3, service: {mean: 500ms}}
retries: {timeout: 60s, max_attempts: 2, backoff: 5s}
objective: {drain_within: 20m, confidence: 99%}
simulation: {horizon: 1h} # a ninth of the storms stay overloaded
`

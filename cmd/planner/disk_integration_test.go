//go:build integration

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// smallDisk is a file system with room for a few kilobytes. Making one takes
// root, as the packages of the integration tests do.
func smallDisk(t *testing.T, kilobytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		t.Fatalf("mounting a small file system (it takes root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// built is the program, built where the test may keep it.
func built(t *testing.T) string {
	t.Helper()
	planner := filepath.Join(t.TempDir(), "planner")
	if out, err := exec.Command("go", "build", "-o", planner, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return planner
}

// fails runs the command, which must end with 1 for want of room, and gives
// what it printed.
func fails(t *testing.T, planner string, args ...string) (stdout string) {
	t.Helper()
	var out, told bytes.Buffer
	c := exec.Command(planner, args...)
	c.Stdout, c.Stderr = &out, &told
	err := c.Run()
	if code := c.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(told.String(), "no space left on device") ||
		!strings.HasPrefix(told.String(), "planner: error: ") {
		t.Errorf("%s: exit code %d (%v), stderr:\n%s", strings.Join(args, " "), code, err, told.String())
	}
	return out.String()
}

// On a full disk nothing half-written stays, nothing is printed, and what was
// there before is as it was.
func TestIntegrationFullDisk(t *testing.T) {
	planner := built(t)
	storm := filepath.Join(t.TempDir(), "storm.yaml")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		t.Fatal(err)
	}
	disk := smallDisk(t, 40)
	earlier := filepath.Join(disk, "earlier", "backlog.png")
	if err := os.Mkdir(filepath.Dir(earlier), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(earlier, []byte("an earlier chart"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"run", storm, "--replications", "100", "--charts", filepath.Join(disk, "charts")},
		{"run", storm, "--replications", "100", "--json", "--charts", filepath.Join(disk, "earlier"), "--force"},
		{"sweep", storm, "--vary", "control_plane.servers=3..4", "--replications", "100", "--csv", "--charts", filepath.Join(disk, "charts"), "--format", "pdf"},
		{"report", storm, "--replications", "100", "--quick", "-o", filepath.Join(disk, "pack")},
	} {
		if out := fails(t, planner, args...); out != "" {
			t.Errorf("%s printed %q", args[0], out)
		}
		for _, name := range names(t, disk) {
			if name != "earlier" && name != "earlier/backlog.png" {
				t.Errorf("%s left %s behind", args[0], name)
			}
		}
	}
	if kept, err := os.ReadFile(earlier); err != nil || string(kept) != "an earlier chart" {
		t.Errorf("the earlier chart is now %q, %v", kept, err)
	}
}

// A checkpoint that finds no room ends the command; once there is room again
// it goes on from what was kept, to the same bytes.
func TestIntegrationCheckpointOnAFullDisk(t *testing.T) {
	planner := built(t)
	disk := smallDisk(t, 1200)
	storm := filepath.Join(disk, "storm.yaml")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		t.Fatal(err)
	}
	args := []string{"run", storm, "--replications", "1200", "--json", "--quiet"}
	want, err := exec.Command(planner, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	ballast, kept := filepath.Join(disk, "ballast"), filepath.Join(disk, "kept")
	for room := range 8 { // more and more stays free
		if err := os.WriteFile(ballast, make([]byte, 150<<10*(7-room)), 0o644); err != nil {
			t.Fatal(err)
		}
		var out, told bytes.Buffer
		c := exec.Command(planner, append(args, "--checkpoint", kept)...)
		c.Stdout, c.Stderr = &out, &told
		if err := c.Run(); err == nil {
			if !bytes.Equal(out.Bytes(), want) {
				t.Error("another answer than without a full disk")
			}
			if room == 0 {
				t.Error("the least was room enough: nothing was tested")
			}
			return
		}
		if code := c.ProcessState.ExitCode(); code != exitFailed || out.Len() > 0 || !strings.Contains(told.String(), "no space left on device") {
			t.Fatalf("exit code %d, stdout %q, stderr:\n%s", code, out.String(), told.String())
		}
	}
	t.Error("never enough room")
}

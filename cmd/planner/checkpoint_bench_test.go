package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// BenchmarkCheckpoint runs a scenario by turns with and without a checkpoint.
// It reports by how many per cent of the processor time the one is more than
// the other; at most 2 is wanted.
func BenchmarkCheckpoint(b *testing.B) {
	dir := b.TempDir()
	storm := filepath.Join(dir, "storm.yaml")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		b.Fatal(err)
	}
	spend := func(more ...string) time.Duration {
		var stdout, stderr bytes.Buffer
		before := processorTime(b)
		args := append([]string{"planner", "run", storm, "--replications", "4000", "--json", "--quiet"}, more...)
		if code := run(context.Background(), args, &stdout, &stderr); code != exitDone {
			b.Fatal(stderr.String())
		}
		return processorTime(b) - before
	}
	var with, without time.Duration
	for i := 0; b.Loop(); i++ {
		without += spend()
		kept := filepath.Join(dir, "kept")
		with += spend("--checkpoint", kept)
		if err := os.Remove(kept); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(100*(with.Seconds()/without.Seconds()-1), "%-more")
}

// processorTime is what this process has used, all cores together.
func processorTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

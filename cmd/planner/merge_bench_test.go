package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkMerge1000 joins a sweep of a thousand cells that a thousand
// processes have done, from reading their parts to printing the answer.
// Target: 1 s.
func BenchmarkMerge1000(b *testing.B) {
	dir := b.TempDir()
	storm := filepath.Join(dir, "storm.yaml")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		b.Fatal(err)
	}
	ask := func(args ...string) []byte {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), append([]string{"planner"}, args...), &stdout, &stderr); code != exitDone {
			b.Fatal(stderr.String())
		}
		return stdout.Bytes()
	}
	merge := []string{"merge"}
	for i := 1; i <= 1000; i++ {
		part := ask("sweep", storm, "--vary", "streams.crowd.count=1..1000", "--replications", "10", "--csv", "--quiet", "--shard", fmt.Sprintf("%d/1000", i))
		path := filepath.Join(dir, fmt.Sprint("part-", i))
		if err := os.WriteFile(path, part, 0o644); err != nil {
			b.Fatal(err)
		}
		merge = append(merge, path)
	}
	for b.Loop() {
		if lines := bytes.Count(ask(merge...), []byte("\n")); lines != 1001 {
			b.Fatalf("%d lines, want a header and 1000 cells", lines)
		}
	}
}

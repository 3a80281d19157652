package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/shard"
)

// A part comes from elsewhere: it is whole by its checksums and may still be
// made to do harm. It can ask for no file, in or outside its folder.
func TestMergeRefusesForgedParts(t *testing.T) {
	dir := t.TempDir()
	target := filepath.Join(dir, "written")
	storm := []shard.File{{Name: "storm.yaml", Data: []byte(killStorm)}}
	for name, c := range map[string]struct {
		args, show []string
		files      []shard.File
		seed       uint64 // 0: that of the usual --seed
		want       string
	}{
		"charts":     {args: []string{"--replications=10", "--charts=" + target, "--force=true"}, files: storm, want: "which no part does"},
		"shown":      {show: []string{"--json=true", "--charts=" + target}, files: storm, want: "which no part does"},
		"outside":    {args: []string{"--allow-outside=true"}, files: storm, want: "which no part does"},
		"checkpoint": {args: []string{"--checkpoint=" + target}, files: storm, want: "which no part does"},
		"shard":      {args: []string{"--shard=1/1"}, files: storm, want: "which no part does"},
		"help":       {args: []string{"--help=true"}, files: storm, want: "which no part does"},
		"a file":     {args: []string{"other.yaml"}, files: storm, want: "which no part does"},
		"unknown":    {args: []string{"--no-such=1"}, files: storm, want: "which no part does"},
		"json":       {args: []string{"--json=true"}, files: storm, want: "which no part does"},
		"seed":       {args: []string{"--seed=2"}, files: storm, want: "its seed is 1, and that it was asked with --seed 2"},
		"usual seed": {seed: 5, files: storm, want: "its seed is 5, and that it was asked with --seed 1"},
		"no files":   {want: "holds no scenario"},
		"out":        {files: []shard.File{{Name: "../storm.yaml", Data: []byte(killStorm)}}, want: "leads out"},
		"absolute":   {files: []shard.File{{Name: target, Data: []byte(killStorm)}}, want: "leads out"},
	} {
		t.Run(name, func(t *testing.T) {
			var part, stdout, stderr bytes.Buffer
			h := shard.Header{Version: build(), Command: "run", Args: append([]string{}, c.args...), Show: c.show, Input: shard.Hash(c.files), Seed: max(c.seed, 1), Shard: 1, Of: 1}
			if err := shard.New(h).WritePart(&part, c.files); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "part")
			if err := os.WriteFile(path, part.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			code := run(context.Background(), []string{"planner", "merge", path}, &stdout, &stderr)
			if code != exitUsage || stdout.Len() > 0 || !strings.Contains(stderr.String(), c.want) {
				t.Errorf("exit code %d, stdout %q, stderr %q; want %q", code, stdout.String(), stderr.String(), c.want)
			}
			if got := names(t, dir); len(got) > 0 {
				t.Errorf("it wrote %v", got)
			}
		})
	}
}

// names lists a folder and all below it.
func names(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil && path != dir {
			all = append(all, path[len(dir)+1:])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

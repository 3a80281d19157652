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
		block      string // that holds junk
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
		"junk":       {args: []string{"--replications=10"}, files: storm, block: "design/base/drains/0-10", want: "replications 0 to 9 as kept"},
		"usual seed": {seed: 5, files: storm, want: "its seed is 5, and that it was asked with --seed 1"},
		"no files":   {want: "holds no scenario"},
		"out":        {files: []shard.File{{Name: "../storm.yaml", Data: []byte(killStorm)}}, want: "leads out"},
		"absolute":   {files: []shard.File{{Name: target, Data: []byte(killStorm)}}, want: "leads out"},
	} {
		t.Run(name, func(t *testing.T) {
			var part, stdout, stderr bytes.Buffer
			h := shard.Header{Version: build(), Command: "run", Args: append([]string{}, c.args...), Show: c.show, Input: shard.Hash(c.files), Seed: max(c.seed, 1), Shard: 1, Of: 1}
			b := shard.New(h)
			if c.block != "" {
				if err := b.Store(c.block, []byte("junk")); err != nil {
					t.Fatal(err)
				}
			}
			if err := b.WritePart(&part, c.files); err != nil {
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

// A merge leaves nothing behind where it was at work, however it ends.
func TestMergeLeavesNoFolder(t *testing.T) {
	room := t.TempDir()
	t.Setenv("TMPDIR", room)
	dir := t.TempDir()
	part := func(name, text string, args ...string) string {
		files := []shard.File{{Name: "storm.yaml", Data: []byte(text)}}
		h := shard.Header{Version: build(), Command: "run", Args: args, Input: shard.Hash(files), Seed: 1, Shard: 1, Of: 1}
		var out bytes.Buffer
		if err := shard.New(h).WritePart(&out, files); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	storm, good := filepath.Join(dir, "storm.yaml"), filepath.Join(dir, "good")
	if err := os.WriteFile(storm, []byte(killStorm), 0o644); err != nil {
		t.Fatal(err)
	}
	var whole, complaint bytes.Buffer
	if code := run(t.Context(), []string{"planner", "run", storm, "--replications", "20", "--shard", "1/1"}, &whole, &complaint); code != exitDone {
		t.Fatal(complaint.String())
	}
	if err := os.WriteFile(good, whole.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, c := range map[string]struct {
		ctx  context.Context
		path string
		code int
	}{
		"answered":    {t.Context(), good, exitDone},
		"a fault":     {t.Context(), part("bad", "nam: 3\n"), exitUsage},
		"no work":     {t.Context(), part("empty", killStorm, "--method=simulate"), exitUsage},
		"interrupted": {stopped, good, exitInterrupted},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(c.ctx, []string{"planner", "merge", c.path}, &stdout, &stderr); code != c.code {
			t.Errorf("%s: exit code %d, want %d: %s", name, code, c.code, stderr.String())
		}
		if left := names(t, room); len(left) > 0 {
			t.Fatalf("%s: it leaves %v", name, left)
		}
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		err := inFolder(nil, func(string) error { panic("within") })
		t.Errorf("it goes on: %v", err)
	}()
	if left := names(t, room); len(left) > 0 {
		t.Errorf("a panic leaves %v", left)
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

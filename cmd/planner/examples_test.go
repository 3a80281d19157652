package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestExamplesOfTheHelpRun runs every example line of every --help in a
// directory like the repository's top level, with few replications where the
// example asks for no number of its own. What the gallery shows is run by
// TestGallery.
func TestExamplesOfTheHelpRun(t *testing.T) {
	data, err := filepath.Abs(filepath.Join("..", "..", "testdata"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range allCommands(commands()) {
		examples := examplesIn(c.Description)
		if len(examples) == 0 && len(c.Subcommands) == 0 {
			t.Errorf("planner %s --help has no example", c.Name)
		}
		for _, line := range examples {
			if slices.ContainsFunc(exhibits, func(e exhibit) bool { return e.command == line }) {
				continue
			}
			t.Run(line, func(t *testing.T) {
				t.Chdir(t.TempDir())
				if err := os.Symlink(data, "testdata"); err != nil {
					t.Fatal(err)
				}
				if !strings.HasPrefix(line, "planner init") {
					mustRun(t, "planner init") // scenario.yaml in examples is the starter
					solvedSoon(t)
				}
				for _, part := range strings.Split(line, " && ") {
					mustRun(t, part)
				}
			})
		}
	}
}

// solvedSoon takes two servers from the starter's design with more of them, whose
// theory takes longer than that of all the others together. As it is the
// starter is run by the example that begins with planner init.
func solvedSoon(t *testing.T) {
	t.Helper()
	starter := string(fileOf(t, "scenario.yaml"))
	sooner := strings.Replace(starter, "control_plane.servers: 9", "control_plane.servers: 7", 1)
	if sooner == starter {
		t.Fatal("no design of the starter has 9 servers")
	}
	if err := os.WriteFile("scenario.yaml", []byte(sooner), 0o644); err != nil {
		t.Fatal(err)
	}
}

// mustRun runs a line, with few replications unless it says how many. What it
// prints goes into the file that it is sent to, if any.
func mustRun(t *testing.T, line string) {
	t.Helper()
	line, file, sent := strings.Cut(line, " > ")
	args := words(line)
	if c := commandNamed(commands(), args[1]); c != nil && flagNamed(c.Flags, "replications") != nil && !slices.Contains(args, "--replications") && !slices.Contains(args, "--precision") {
		args = append(args, "--replications", "100")
	}
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, &stdout, &stderr); code != exitDone && code != exitMissed {
		t.Errorf("%s: exit code %d\n%s", line, code, stderr.String())
	}
	if sent {
		if err := os.WriteFile(file, stdout.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func allCommands(cmds []*cli.Command) []*cli.Command {
	var all []*cli.Command
	for _, c := range cmds {
		all = append(append(all, c), allCommands(c.Subcommands)...)
	}
	return all
}

// examplesIn finds the lines that begin with the program's name, alone or
// after "Example:".
func examplesIn(description string) []string {
	var all []string
	for _, line := range strings.Split(description, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "Example:"))
		if strings.HasPrefix(line, "planner ") {
			all = append(all, line)
		}
	}
	return all
}

// words splits a line as a shell does whose only quotes are single ones.
func words(line string) []string {
	var all []string
	for _, w := range regexp.MustCompile(`'[^']*'|\S+`).FindAllString(line, -1) {
		all = append(all, strings.Trim(w, "'"))
	}
	return all
}

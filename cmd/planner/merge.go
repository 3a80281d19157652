package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/shard"
)

func mergeCommand() *cli.Command {
	return &cli.Command{
		Name:      "merge",
		Usage:     "joins the parts of a divided run, sweep or comparison into the answer",
		ArgsUsage: "PART...",
		Description: "Prints what the command would have printed had one process done all of the work, to the byte.\n" +
			"The parts come from one command with --shard 1/N to --shard N/N; their order means nothing.\n\n" +
			"Examples:\n" +
			"  planner run scenario.yaml --shard 1/2 > part-1 && planner run scenario.yaml --shard 2/2 > part-2 && planner merge part-1 part-2",
		Flags:  flagGroups([]cli.Flag{quietFlag()}, chartFlags()),
		Action: func(c *cli.Context) error { return withConfig(c, newMergeConfig) },
	}
}

type mergeConfig struct {
	app   *cli.App
	parts []string
	flags []string // for the command that is answered
}

// dividedCommands are those that take --shard.
var dividedCommands = []string{"run", "sweep", "compare"}

func newMergeConfig(c *cli.Context) (*mergeConfig, error) {
	m := &mergeConfig{app: c.App, parts: c.Args().Slice()}
	if len(m.parts) == 0 {
		return nil, usageErrorf("planner merge --help shows an example", "planner merge needs the parts")
	}
	if c.Bool("quiet") {
		m.flags = append(m.flags, "--quiet")
	}
	for _, name := range append([]string{"charts"}, chartingFlags...) {
		if c.IsSet(name) {
			m.flags = append(m.flags, fmt.Sprintf("--%s=%v", name, c.Value(name)))
		}
	}
	return m, nil
}

// Run asks the command again, with every block of its work at hand.
func (m *mergeConfig) Run(ctx context.Context) error {
	book, files, err := shard.Join(m.parts)
	if err != nil {
		return err
	}
	h := book.Header()
	if !slices.Contains(dividedCommands, h.Command) || h.Version != build() {
		return &shard.Refusal{Path: m.parts[0], Why: fmt.Sprintf("it is of planner %s %s, this is planner %s", h.Command, h.Version, build()),
			Hint: "merge with the version that made the parts"}
	}
	if err := m.allowed(h); err != nil {
		return err
	}
	return inFolder(files, func(folder string) error {
		args := append([]string{"planner", h.Command}, append(append(slices.Clone(h.Args), h.Show...), m.flags...)...)
		args = append(args, "--", filepath.Join(folder, files[0].Name()))
		return ask(context.WithValue(ctx, joinedKey{}, book), newApp(m.app.Writer, m.app.ErrWriter), args)
	})
}

// inFolder does something with a folder that holds the files, and is gone
// however that ends.
func inFolder(files []shard.Input, do func(folder string) error) (err error) {
	folder, err := os.MkdirTemp("", "planner-merge-")
	if err != nil {
		return fmt.Errorf("making room for the scenario: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if err := unpack(folder, files); err != nil {
		return err
	}
	return do(folder)
}

// allowed refuses parts that name flags which no part does: a part comes from
// elsewhere, and cannot ask for files to be written or read.
func (m *mergeConfig) allowed(h shard.Header) error {
	known := map[string]bool{} // whether it is only about how answers are shown
	for _, f := range m.app.Command(h.Command).Flags {
		if name := f.Names()[0]; name != "help" && !slices.Contains(workingFlags, name) {
			known[name] = slices.Contains(shownFlags, name)
		}
	}
	seed := ""
	if f, ok := flagNamed(m.app.Command(h.Command).Flags, "seed").(*cli.Uint64Flag); ok {
		seed = strconv.FormatUint(f.Value, 10) // where the part does not say
	}
	for shown, flags := range map[bool][]string{false: h.Args, true: h.Show} {
		for _, text := range flags {
			name, value, set := strings.Cut(strings.TrimPrefix(text, "--"), "=")
			if s, ok := known[name]; !ok || s != shown || !set || !strings.HasPrefix(text, "--") {
				return &shard.Refusal{Path: m.parts[0], Why: fmt.Sprintf("it asks for %q, which no part does", text), Hint: "make the parts again"}
			}
			if name == "seed" {
				seed = value
			}
		}
	}
	if said := strconv.FormatUint(h.Seed, 10); said != seed {
		return &shard.Refusal{Path: m.parts[0], Why: fmt.Sprintf("it says that its seed is %s, and that it was asked with --seed %s", said, seed), Hint: "make the parts again"}
	}
	return nil
}

// unpack writes the files below the folder; none of them can lead out of it.
func unpack(folder string, files []shard.Input) error {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("unpacking the scenario: %w", err)
	}
	defer func() { _ = root.Close() }() // its files are closed
	for _, f := range files {
		if err := unpackFile(root, f); err != nil {
			return fmt.Errorf("unpacking %s: %w", strings.ToValidUTF8(f.Name(), "?"), err)
		}
	}
	return nil
}

func unpackFile(root *os.Root, f shard.Input) error {
	name := filepath.Clean(f.Name())
	if err := root.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	out, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.WriteTo(out)
	return errors.Join(err, out.Close())
}

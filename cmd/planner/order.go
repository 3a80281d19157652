package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

const completionFlag = "--generate-bash-completion"

// orderArgs moves the flags of a command before its other arguments, since
// urfave/cli v2 takes a flag after an argument for an argument and ignores
// it. On the way it refuses unknown flags, flags without their value, and
// single flags given twice.
func orderArgs(app *cli.App, args []string) ([]string, error) {
	if len(args) > 0 && args[len(args)-1] == completionFlag {
		return args, nil
	}
	out, rest := args[:min(1, len(args))], args[min(1, len(args)):]
	out = append([]string(nil), out...)
	for len(rest) > 0 && strings.HasPrefix(rest[0], "-") {
		if !rootFlag(rest[0]) {
			return nil, unknownFlag("planner", nil, rest[0])
		}
		out, rest = append(out, rest[0]), rest[1:]
	}
	cmds, path := app.Commands, "planner"
	var cmd *cli.Command
	for len(rest) > 0 {
		next := commandNamed(cmds, rest[0])
		if next == nil {
			break
		}
		cmd, cmds, path = next, next.Subcommands, path+" "+next.Name
		out, rest = append(out, rest[0]), rest[1:]
	}
	if cmd == nil {
		return append(out, rest...), nil
	}
	flags, others, err := splitFlags(path, cmd, rest)
	if err != nil {
		return nil, err
	}
	out = append(out, flags...)
	if len(others) > 0 {
		out = append(append(out, "--"), others...)
	}
	return out, nil
}

func rootFlag(arg string) bool {
	switch strings.TrimLeft(arg, "-") {
	case "help", "h", "version", "v":
		return true
	}
	return false
}

func commandNamed(cmds []*cli.Command, name string) *cli.Command {
	for _, c := range cmds {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}

// splitFlags separates the flags, each with its value, from the rest.
func splitFlags(path string, cmd *cli.Command, args []string) (flags, others []string, err error) {
	seen := map[string]bool{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return flags, append(others, args[i+1:]...), nil
		}
		if len(arg) < 2 || arg[0] != '-' {
			others = append(others, arg)
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		f := flagNamed(cmd.Flags, name)
		if f == nil && name != "help" && name != "h" {
			return nil, nil, unknownFlag(path, cmd.Flags, arg)
		}
		flags = append(flags, arg)
		if f == nil { // the help flag: nothing else counts
			return []string{"--help"}, nil, nil
		}
		if err := onlyOnce(seen, f); err != nil {
			return nil, nil, err
		}
		if hasValue || isSwitch(f) {
			continue
		}
		if i++; i == len(args) {
			return nil, nil, usageErrorf(path+" --help says what it takes", "flag --%s needs a value", name)
		}
		flags = append(flags, args[i])
	}
	return flags, others, nil
}

func flagNamed(flags []cli.Flag, name string) cli.Flag {
	for _, f := range flags {
		for _, n := range f.Names() {
			if n == name {
				return f
			}
		}
	}
	return nil
}

func isSwitch(f cli.Flag) bool {
	d, ok := f.(cli.DocGenerationFlag)
	return ok && !d.TakesValue()
}

func onlyOnce(seen map[string]bool, f cli.Flag) error {
	name := f.Names()[0]
	slice, many := f.(cli.DocGenerationSliceFlag)
	if seen[name] && (!many || !slice.IsSliceFlag()) {
		return usageErrorf("give it once", "flag --%s is given twice", name)
	}
	seen[name] = true
	return nil
}

func unknownFlag(path string, flags []cli.Flag, arg string) error {
	name, _, _ := strings.Cut(arg, "=")
	hint := path + " --help lists the flags"
	if near := cli.SuggestFlag(flags, strings.TrimLeft(name, "-"), true); near != "" {
		hint = fmt.Sprintf("did you mean %s? %s", near, hint)
	}
	return usageErrorf(hint, "%s has no flag %s", path, name)
}

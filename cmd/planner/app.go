package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

// commands lists every command; each has a file of its own.
func commands() []*cli.Command {
	return []*cli.Command{
		runCommand(),
		sizeCommand(),
		compareCommand(),
		checkCommand(),
		sweepCommand(),
		sensitivityCommand(),
		reportCommand(),
		mergeCommand(),
		queueCommand(),
		drainCommand(),
		fitCommand(),
		replayCommand(),
		completionCommand(),
		manCommand(),
		validateCommand(),
		initCommand(),
		schemaCommand(),
	}
}

// run is the whole program: args[0] is its name. It returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	out := &watched{Writer: stdout}
	app := newApp(out, stderr)
	err := ask(ctx, app, args)
	if err == nil && out.err != nil { // help, which the library writes without looking
		err = fmt.Errorf("writing to stdout: %w", out.err)
	}
	return conclude(ctx, err, stderr, reproduction(app, args))
}

// ask runs the command that the arguments name.
func ask(ctx context.Context, app *cli.App, args []string) error {
	args, err := orderArgs(app, args)
	if err != nil {
		return err
	}
	return app.RunContext(ctx, args)
}

func newApp(stdout, stderr io.Writer) *cli.App {
	app := &cli.App{
		Name:      "planner",
		Usage:     "how long a control plane needs to drain a recovery storm, and how sure that is",
		UsageText: "planner COMMAND [FLAGS] [FILE]",
		Version:   version,
		Commands:  commands(),
		Writer:    stdout, ErrWriter: stderr,
		EnableBashCompletion:      true,
		DisableSliceFlagSeparator: true,
		HideHelpCommand:           true,
		OnUsageError:              onUsageError,
		ExitErrHandler:            func(*cli.Context, error) {}, // run alone decides the exit code
		Action:                    withoutCommand,
	}
	for _, c := range app.Commands {
		fence(c)
	}
	return app
}

// fence gives a command and those under it what urfave/cli v2 does not
// inherit: usage errors as errors, not as help on stdout, and no implicit
// "help" subcommand that would shadow a file of that name.
func fence(c *cli.Command) {
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	for _, sub := range c.Subcommands {
		fence(sub)
	}
}

func onUsageError(_ *cli.Context, err error, _ bool) error {
	return usageErrorf("planner COMMAND --help lists the flags and their units", "%s", plainFlagError(err))
}

// plainFlagError words the flag package's "invalid value" in this tool's way.
func plainFlagError(err error) string {
	text := strings.ReplaceAll(err.Error(), "for flag -", "for flag --")
	return strings.TrimSuffix(text, ": parse error")
}

// withoutCommand is what happens when no command was named, or none of ours.
func withoutCommand(c *cli.Context) error {
	if name := c.Args().First(); name != "" {
		return unknownCommand(c.App, name)
	}
	c.App.Writer = c.App.ErrWriter
	if err := cli.ShowAppHelp(c); err != nil {
		return fmt.Errorf("showing help: %w", err)
	}
	return errQuietUsage
}

func unknownCommand(app *cli.App, name string) error {
	if name == "help" { // which cli would suggest
		return usageErrorf("planner --help lists the commands, planner COMMAND --help says what one takes", "there is no command %q", name)
	}
	near := strings.TrimPrefix(cli.SuggestCommand(app.Commands, name), "Did you mean")
	return usageErrorf("did you mean"+near+" planner --help lists the commands", "there is no command %q", name)
}

// errQuietUsage ends the program as bad usage that has been explained.
var errQuietUsage = errors.New("bad usage")

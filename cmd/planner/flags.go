package main

import (
	"runtime"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/study"
)

// The shared flags. A command takes the groups that mean something to it and
// no others, so that no flag is accepted and then ignored.

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", DisableDefaultText: true, Usage: "print one JSON document (seconds, rates per second)"}
}

func csvFlag() cli.Flag {
	return &cli.BoolFlag{Name: "csv", DisableDefaultText: true, Usage: "print the table as CSV (seconds, rates per second)"}
}

func forceFlag() cli.Flag {
	return &cli.BoolFlag{Name: "force", DisableDefaultText: true, Usage: "overwrite files that exist"}
}

// answerFlags say in what form the answer is printed.
func answerFlags() []cli.Flag {
	return []cli.Flag{jsonFlag(), csvFlag(),
		&cli.BoolFlag{Name: "wide", DisableDefaultText: true, Usage: "more columns than fit in 100 characters"},
		quietFlag(),
	}
}

func quietFlag() cli.Flag {
	return &cli.BoolFlag{Name: "quiet", DisableDefaultText: true, Usage: "no progress, notes or warnings on stderr"}
}

func methodFlag() cli.Flag {
	return &cli.StringFlag{Name: "method", Value: "auto", Usage: "how to find drain times: `METHOD` is one of " + strings.Join(study.Methods(), ", ")}
}

// whatIfFlags change the scenario before it is asked anything.
func whatIfFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "set", Usage: "a what-if, `KEY=VALUE`: any key of the file by its dotted path; may be repeated"},
		&cli.StringFlag{Name: "design", Usage: "only the design `NAME`"},
	}
}

// chanceFlags steer the simulation.
func chanceFlags() []cli.Flag {
	return chanceFlagsOf(10_000, "drain times to simulate for each design")
}

// chanceFlagsOf are those of a command that has another number of replications,
// or means something else by them.
func chanceFlagsOf(replications int, what string) []cli.Flag {
	return []cli.Flag{
		&cli.Uint64Flag{Name: "seed", Value: 1, Usage: "seed of the random numbers, `N`"},
		&cli.IntFlag{Name: "replications", Value: replications, Usage: what + ", `N`"},
		&cli.IntFlag{Name: "workers", Value: runtime.GOMAXPROCS(0), DefaultText: "every core", Usage: "work on `N` at a time; the answer does not depend on it"},
	}
}

// chartFlags write pictures.
func chartFlags() []cli.Flag {
	return []cli.Flag{
		&cli.PathFlag{Name: "charts", Usage: "write the charts into the directory `DIR`"},
		formatFlag("the charts"), themeFlag("the charts"), sizeFlag("the charts"),
		forceFlag(),
	}
}

func formatFlag(of string) cli.Flag {
	return &cli.StringFlag{Name: "format", Value: "png", Usage: "of " + of + ": `png|svg|pdf`"}
}

func themeFlag(of string) cli.Flag {
	return &cli.StringFlag{Name: "theme", Value: "light", Usage: "ground of " + of + ": `light|dark`"}
}

func sizeFlag(of string) cli.Flag {
	return &cli.StringFlag{Name: "size", Value: "column", Usage: "of " + of + ": `column|slide`, 16 cm or 25.4 cm with larger type"}
}

// flagGroups puts groups of flags together.
func flagGroups(groups ...[]cli.Flag) []cli.Flag {
	var all []cli.Flag
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// oneArgument is the single argument that a command takes.
func oneArgument(c *cli.Context, what string) (string, error) {
	switch c.NArg() {
	case 1:
		return c.Args().First(), nil
	case 0:
		return "", usageErrorf(c.Command.HelpName+" --help shows an example", "%s needs %s", c.Command.HelpName, what)
	}
	return "", usageErrorf("", "%s takes one argument, %s, and got %d: %s",
		c.Command.HelpName, what, c.NArg(), strings.Join(c.Args().Slice(), " "))
}

func noArguments(c *cli.Context) error {
	if c.NArg() == 0 {
		return nil
	}
	return usageErrorf("", "%s takes no argument and got %q", c.Command.HelpName, c.Args().First())
}

// oneOf refuses a flag's value that is not among those allowed.
func oneOf(flag, got string, allowed ...string) error {
	for _, a := range allowed {
		if got == a {
			return nil
		}
	}
	return usageErrorf("", "flag --%s is %q, allowed are %s", flag, got, strings.Join(allowed, ", "))
}

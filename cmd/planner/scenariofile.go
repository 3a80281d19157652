package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
)

func allowOutsideFlag() cli.Flag {
	return &cli.BoolFlag{Name: "allow-outside", Usage: "let the file name data files outside its folder"}
}

// loadScenario reads the scenario file of a command.
func loadScenario(c *cli.Context, path string) (*scenario.File, error) {
	return scenario.LoadWith(path, scenario.Options{AllowOutside: c.Bool("allow-outside")})
}

// whatIfs are the settings of --set, in their order.
func whatIfs(c *cli.Context) ([]scenario.Setting, error) {
	var all []scenario.Setting
	for _, text := range c.StringSlice("set") {
		key, value, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSpace(key) == "" {
			return nil, usageErrorf("write it as --set control_plane.servers=16", "--set %q is not KEY=VALUE", text)
		}
		all = append(all, scenario.Setting{Key: strings.TrimSpace(key), Value: value})
	}
	return all, nil
}

// tellFaults prints the faults of an input, each with its hint, and turns
// them into the error of bad usage. Other errors pass through.
func tellFaults(stderr io.Writer, err error) error {
	var faults scenario.Faults
	if !errors.As(err, &faults) {
		return err
	}
	for _, f := range faults {
		complain(stderr, f.Error(), f.Hint)
	}
	return errQuietUsage
}

// warnAll writes warnings, one a line. Nothing can be done about a stderr that
// cannot be written to.
func warnAll(stderr io.Writer, warnings []string) {
	for _, w := range warnings {
		_, _ = fmt.Fprintf(stderr, "planner: warning: %s\n", report.Printable(w))
	}
}

// note writes a remark to stderr.
func note(stderr io.Writer, text string) {
	_, _ = fmt.Fprintf(stderr, "planner: %s\n", report.Printable(text))
}

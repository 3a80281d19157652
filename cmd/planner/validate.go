package main

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
)

func validateCommand() *cli.Command {
	return &cli.Command{
		Name:        "validate",
		Usage:       "all faults of a scenario file at once, or 'ok' with the lanes it compiles to",
		ArgsUsage:   "FILE",
		Description: "Example: planner validate scenario.yaml --set control_plane.servers=16",
		Flags:       flagGroups(whatIfFlags(), []cli.Flag{jsonFlag(), csvFlag(), allowOutsideFlag()}),
		Action: func(c *cli.Context) error {
			path, err := oneArgument(c, "a scenario FILE")
			out := newOutput(c)
			if err := firstError(err, out.check()); err != nil {
				return err
			}
			return validate(c, path)
		},
	}
}

func validate(c *cli.Context, path string) error {
	sets, err := whatIfs(c)
	if err != nil {
		return err
	}
	var s *scenario.Scenario
	file, err := loadScenario(c, path)
	if err == nil {
		s, err = file.Compile(sets, c.String("design"))
	}
	var faults scenario.Faults
	switch {
	case errors.As(err, &faults) && c.Bool("json"):
		err = answer(c.App.Writer, func(w io.Writer) error { return writeJSON(w, faultsDocument(faults)) })
		return errors.Join(errQuietUsage, err)
	case err != nil:
		return err
	}
	warnAll(c.App.ErrWriter, s.Warnings)
	return answer(c.App.Writer, func(w io.Writer) error {
		switch {
		case c.Bool("json"):
			return writeJSON(w, lanesDocument(s))
		case c.Bool("csv"):
			return report.TableCSV(w, lanesTable(s))
		}
		return writeLanes(w, s)
	})
}

func writeJSON(w io.Writer, document any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(document)
}

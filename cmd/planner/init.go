package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/scenario"
)

const starterName = "scenario.yaml"

func initCommand() *cli.Command {
	return &cli.Command{
		Name:      "init",
		Usage:     "write a commented starter scenario that runs as it is",
		ArgsUsage: "[FILE]",
		Description: "Writes " + starterName + " if no FILE is given; - prints it instead.\n" +
			"Example: planner init && planner run " + starterName,
		Flags: []cli.Flag{forceFlag()},
		Action: func(c *cli.Context) error {
			path := starterName
			if c.NArg() > 0 {
				var err error
				if path, err = oneArgument(c, "a FILE"); err != nil {
					return err
				}
			}
			return writeStarter(c, path)
		},
	}
}

func writeStarter(c *cli.Context, path string) error {
	if path == "-" {
		return answer(c.App.Writer, func(w io.Writer) error {
			_, err := io.WriteString(w, scenario.Starter)
			return err
		})
	}
	if err := writeFiles(c.Bool("force"), outputFile{path, []byte(scenario.Starter)}); err != nil {
		return err
	}
	note(c.App.ErrWriter, "wrote "+path+"; planner run "+path+" answers it")
	return nil
}

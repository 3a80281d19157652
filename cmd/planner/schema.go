package main

import (
	"io"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/scenario"
)

func schemaCommand() *cli.Command {
	return &cli.Command{
		Name:  "schema",
		Usage: "print the JSON Schema of the scenario file, for editors",
		Description: "Example: planner schema > scenario.schema.json\n" +
			"In an editor with a YAML language server, begin the file with\n" +
			"# yaml-language-server: $schema=scenario.schema.json",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			text, err := scenario.Schema()
			if err != nil {
				return err
			}
			return answer(c.App.Writer, func(w io.Writer) error {
				_, err := w.Write(append(text, '\n'))
				return err
			})
		},
	}
}

package main

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"
)

func manCommand() *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "Example: planner man > planner.1",
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			page, err := c.App.ToManWithSection(1)
			if err != nil {
				return fmt.Errorf("making the manual page: %w", err)
			}
			return answer(c.App.Writer, func(w io.Writer) error {
				_, err := io.WriteString(w, page)
				return err
			})
		},
	}
}

package report

import (
	"strings"

	"singlelane/cmd/planner/internal/study"
)

// SharedWarnings lists the warnings of the designs, each once, after the names
// of the designs that have it.
func SharedWarnings(r *study.Result) []string {
	var order []string
	names := map[string][]string{}
	for i := range r.Designs {
		for _, text := range r.Designs[i].Warnings {
			if names[text] == nil {
				order = append(order, text)
			}
			names[text] = append(names[text], r.Designs[i].Name)
		}
	}
	for i, text := range order {
		order[i] = strings.Join(names[text], ", ") + ": " + text
	}
	return order
}

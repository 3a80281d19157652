package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"singlelane/cmd/planner/internal/study"
)

const (
	sparkWidth = 48 // characters
	textWidth  = 100
)

var sparks = []rune(" ▁▂▃▄▅▆▇█")

// spark draws a line over evenly spread times as a row of characters, each the
// largest of the values that it stands for, rounded to an eighth of most.
func spark(values []float64, most float64, width int) string {
	width = min(width, len(values))
	row := make([]rune, width)
	for i := range row {
		largest := slices.Max(values[i*len(values)/width : max((i+1)*len(values)/width, i*len(values)/width+1)])
		step := 0
		if most > 0 {
			step = int(math.Round(largest / most * float64(len(sparks)-1)))
		}
		row[i] = sparks[min(step, len(sparks)-1)]
	}
	return string(row)
}

// writeBacklog draws the median backlog of the designs, all to one scale.
func writeBacklog(b *strings.Builder, r *study.Result) {
	most, longest, end := 0.0, 0, 0.0
	names := make([]string, len(r.Designs))
	for i := range r.Designs {
		if c := r.Designs[i].Curves; c != nil {
			most, end = math.Max(most, slices.Max(c.Backlog.P50)), c.Times[len(c.Times)-1]
			names[i] = r.Designs[i].Name
		}
	}
	names = Fitted(names, textWidth/2)
	for _, name := range names {
		longest = max(longest, utf8.RuneCountInString(name))
	}
	if most == 0 {
		return
	}
	fmt.Fprintf(b, "\nthe median backlog from 0 to %s, and its peak\n", Duration(end))
	width := max(10, min(sparkWidth, textWidth-longest-14))
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Curves == nil {
			continue
		}
		pad := strings.Repeat(" ", longest-utf8.RuneCountInString(names[i]))
		fmt.Fprintf(b, "  %s%s  %s▏ %s\n", names[i], pad, spark(a.Curves.Backlog.P50, most, width), thousands(slices.Max(a.Curves.Backlog.P50)))
	}
}

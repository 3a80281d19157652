package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// LeastName is the width down to which a column of names is cut.
const LeastName = 24

// Fitted cuts names that are wider than so many characters in their middle,
// where three dots stand for the rest. Names that differ still do: where cutting
// makes two of them alike the later one ends in a number.
func Fitted(names []string, width int) []string {
	out := make([]string, len(names))
	whose := map[string]string{}
	for i, name := range names {
		if utf8.RuneCountInString(name) <= width {
			out[i], whose[name] = name, name
		}
	}
	for i, name := range names {
		if out[i] != "" || name == "" {
			continue
		}
		end := []rune(name)
		short := cut(name, width, string(end[len(end)-width/3:]))
		for k := 2; ; k++ {
			if owner, taken := whose[short]; !taken || owner == name {
				break
			}
			short = cut(name, width, fmt.Sprintf(" #%d", k))
		}
		out[i], whose[short] = short, name
	}
	return out
}

// cut is the beginning of a name, three dots, and an end.
func cut(name string, width int, end string) string {
	return string([]rune(name)[:width-1-utf8.RuneCountInString(end)]) + "…" + end
}

var colours = regexp.MustCompile("\x1b\\[[0-9]+m")

// folded breaks those lines of a text that are wider than the screen.
func folded(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if utf8.RuneCountInString(colours.ReplaceAllString(line, "")) <= screen {
			continue
		}
		words := strings.TrimLeft(line, " ")
		indent := line[:len(line)-len(words)]
		lines[i] = indent + wrapped(words, screen-len(indent), indent+"    ")
	}
	return strings.Join(lines, "\n")
}

package scenario

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
)

// Fault is one thing that is wrong with the input.
type Fault struct {
	Place          // where it is
	Key     string // dotted path of the key, empty for the file as a whole
	Problem string // what is wrong
	Allowed string // what is allowed, may be empty
	Hint    string // what to type instead, may be empty
}

// Place is a position in a file, or in a setting from the command line, whose
// File is its flag and whose Line is 0.
type Place struct {
	File         string
	Line, Column int // from 1; 0: no position within File
}

func (p Place) String() string {
	if p.Line == 0 {
		return clean(p.File)
	}
	return fmt.Sprintf("%s:%d:%d", clean(p.File), p.Line, p.Column)
}

// Error is FILE:LINE:COLUMN: key: what is wrong, what is allowed. The hint is
// left to whoever prints it.
func (f Fault) Error() string {
	text := f.Place.String()
	if f.Key != "" {
		text += ": " + clean(f.Key)
	}
	text += ": " + f.Problem
	if f.Allowed != "" {
		text += ", " + f.Allowed
	}
	return text
}

// Faults is every fault of an input, in order of place.
type Faults []Fault

// Error lists the faults, one a line, each hint on a line of its own below.
func (fs Faults) Error() string {
	var b strings.Builder
	for i, f := range fs {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.Error())
		if f.Hint != "" {
			b.WriteString("\n  hint: " + f.Hint)
		}
	}
	return b.String()
}

// sorted drops repeated faults, puts the rest in order of place and cuts the
// list at [maxFaults].
func (fs Faults) sorted() Faults {
	sort.SliceStable(fs, func(i, j int) bool {
		a, b := fs[i].Place, fs[j].Place
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		return a.Column < b.Column
	})
	seen := map[Fault]bool{}
	var out Faults
	for _, f := range fs {
		if !seen[f] {
			seen[f] = true
			out = append(out, f)
		}
	}
	if left := len(out) - maxFaults; left > 0 {
		out = append(out[:maxFaults:maxFaults], Fault{Place: Place{File: out[0].File},
			Problem: fmt.Sprintf("%d more faults are not listed", left)})
	}
	return out
}

// err is nil when there is no fault, so that no empty Faults hides in an error.
func (fs Faults) err() error {
	if len(fs) == 0 {
		return nil
	}
	return fs.sorted()
}

// clean makes text from a file safe to print: it cannot move the cursor,
// change colours or break the line, and it is not endless.
func clean(s string) string {
	const most = 200
	if strings.IndexFunc(s, unprintable) >= 0 {
		s = strings.ReplaceAll(strconv.Quote(s), "\ufffd", `\ufffd`) // which Quote takes for printable
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

func unprintable(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }

package trace

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// mostFaults are told one by one, the others counted.
const mostFaults = 20

// Fault is one thing that is wrong with a file.
type Fault struct {
	Line    int    // from 1; 0: the file as a whole
	Column  string // name of the column, empty for the row as a whole
	Problem string
	Hint    string // what to do instead, may be empty
}

// Faults is what is wrong with a file: the first 20 and their number.
type Faults struct {
	File  string
	First []Fault
	Total int
}

// Error lists the faults, one a line.
func (f *Faults) Error() string { return strings.Join(f.Lines(), "\n") }

// Lines is each fault as FILE:LINE: column: what is wrong.
func (f *Faults) Lines() []string {
	var all []string
	for _, one := range f.First {
		text := f.File
		if one.Line > 0 {
			text += ":" + strconv.Itoa(one.Line)
		}
		if one.Column != "" {
			text += ": " + clean(one.Column)
		}
		all = append(all, text+": "+one.Problem)
	}
	if more := f.Total - len(f.First); more > 0 {
		all = append(all, fmt.Sprintf("%s: %d more faults are not listed", f.File, more))
	}
	return all
}

func (f *Faults) add(one Fault) {
	if f.Total++; len(f.First) < mostFaults {
		f.First = append(f.First, one)
	}
}

// err is nil when there is no fault.
func (f *Faults) err() error {
	if f.Total == 0 {
		return nil
	}
	return f
}

// faulty is a single fault as an error.
func faulty(file string, line int, column, hint, format string, args ...any) error {
	f := &Faults{File: file}
	f.add(Fault{line, column, fmt.Sprintf(format, args...), hint})
	return f
}

// clean makes text from a file safe to print.
func clean(s string) string {
	const most = 60
	if strings.IndexFunc(s, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }) >= 0 {
		s = strings.ReplaceAll(strconv.Quote(s), "\ufffd", `\ufffd`) // which Quote takes for printable
	}
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	if s == "" {
		return `""`
	}
	return s
}

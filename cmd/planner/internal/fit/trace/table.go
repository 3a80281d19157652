package trace

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// table reads CSV or TSV row by row.
type table struct {
	name   string
	csv    *csv.Reader
	head   heading
	clock  clock
	faults Faults
	o      Options
	line   int // of the row at hand
	fields []string
	rows   int
}

// readTable reads a table with a heading.
func readTable(name string, in *bufio.Reader, o Options, unit int64) (*Trace, error) {
	t := &table{name: name, o: o, faults: Faults{File: name}, clock: clock{mixed: o.MixedZones}}
	t.csv = csv.NewReader(in)
	t.csv.Comment, t.csv.ReuseRecord, t.csv.TrimLeadingSpace = '#', true, true
	t.csv.Comma = delimiter(in)
	if err := t.readHead(unit); err != nil {
		return nil, err
	}
	out := &Trace{Name: name, Format: Table, Notes: t.head.notes}
	var err error
	if t.head.isSeries() {
		out.Series, err = t.series()
	} else {
		out.Requests, err = t.requests(out)
	}
	if err != nil {
		return nil, err
	}
	out.Rows = t.rows
	if words := t.clock.words(); words != "" {
		out.Notes = append(out.Notes, "instants are "+words)
	}
	out.Relative = t.clock.name == "seconds"
	out.settle()
	return out, nil
}

// delimiter is that of the first line: a tab, a semicolon or a comma.
func delimiter(in *bufio.Reader) rune {
	head, _ := in.Peek(4096)
	for len(head) > 0 && (head[0] == '#' || head[0] == '\n' || head[0] == '\r') {
		_, head, _ = bytes.Cut(head, []byte("\n"))
	}
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', bytes.Count(line, []byte(","))
	for _, d := range []rune{'\t', ';'} {
		if n := bytes.Count(line, []byte(string(d))); n > most {
			best, most = d, n
		}
	}
	return best
}

func (t *table) readHead(unit int64) error {
	fields, err := t.csv.Read()
	if err != nil {
		return t.stopped(err)
	}
	t.line, _ = t.csv.FieldPos(0)
	for i, f := range fields {
		f = strings.TrimSpace(f)
		if f != "" && strings.ContainsRune("=+-@|", rune(f[0])) {
			return faulty(t.name, t.line, "", "rename it: a spreadsheet would take it for a formula", "column %d is named %s", i+1, clean(f))
		}
		t.head.names = append(t.head.names, strings.Clone(f))
	}
	if looksLikeData(t.head.names) {
		return faulty(t.name, t.line, "", "put a line of column names before the data, such as arrival,start,end", "the first line is data, not names of columns")
	}
	if err := t.head.find(t.o.Columns, unit); err != nil {
		return faulty(t.name, t.line, "", "name the columns by flags such as --arrival NAME", "%v", err)
	}
	if twice := t.head.twice(); twice != "" {
		return faulty(t.name, t.line, "", "rename one of them", "two columns are named %s", clean(twice))
	}
	if problem, hint := t.head.check(); problem != "" {
		return faulty(t.name, t.line, "", hint, "%s", problem)
	}
	return nil
}

// looksLikeData tells a heading from a row.
func looksLikeData(names []string) bool {
	for _, n := range names {
		if _, _, err := number(n); err == nil || isDate(n) {
			return true
		}
	}
	return false
}

// next reads the next row; false at the end or after an error, which is then
// among the faults.
func (t *table) next() (bool, error) {
	fields, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	t.line++
	var p *csv.ParseError
	switch {
	case errors.As(err, &p) && errors.Is(p.Err, csv.ErrFieldCount):
		t.line, _ = t.csv.FieldPos(0)
		t.fault("", fmt.Sprintf("has %d columns, the heading has %d", len(fields), len(t.head.names)), "")
		t.fields = nil
		return true, nil
	case err != nil:
		return false, t.stopped(err)
	}
	t.line, _ = t.csv.FieldPos(0)
	t.fields = fields
	if t.rows++; t.rows > t.o.MaxRows {
		return false, faulty(t.name, t.line, "", "fit a part of it", "has more than %d rows", t.o.MaxRows)
	}
	return true, nil
}

// stopped is an error after which nothing can be read.
func (t *table) stopped(err error) error {
	if stopped(err) {
		return err
	}
	var p *csv.ParseError
	if errors.As(err, &p) {
		return faulty(t.name, p.Line, "", "", "is not a row: %v", p.Err)
	}
	if errors.Is(err, io.EOF) {
		return faulty(t.name, 0, "", "", "has no rows")
	}
	if t.faults.Total > 0 {
		t.faults.add(Fault{t.line + 1, "", "cannot be read on: " + err.Error(), ""})
		return &t.faults
	}
	return unreadable(t.name, t.line+1, err)
}

func (t *table) fault(column, problem, hint string) {
	t.faults.add(Fault{t.line, column, problem, hint})
}

func (t *table) cell(role Role) (text string, c column, ok bool) {
	c = t.head.column(role)
	return t.text(c), c, c.there
}

// text is the cell in a column, empty where there is no such column.
func (t *table) text(c column) string {
	if !c.there || c.index >= len(t.fields) {
		return ""
	}
	text := t.fields[c.index]
	for n := len(text); n > 0 && (text[n-1] == ' ' || text[n-1] == '\r'); n-- {
		text = text[:n-1]
	}
	return text
}

// instant reads the cell in a column, Missing where it is empty.
func (t *table) instant(c column) int64 {
	text := t.text(c)
	if text == "" || text == "-" {
		return Missing
	}
	at, err := t.clock.read(text)
	if err != nil {
		t.complain(c, err)
		return Missing
	}
	return at
}

// span reads the cell of a duration, Missing where it is empty.
func (t *table) span(c column) int64 {
	text := t.text(c)
	if text == "" || text == "-" {
		return Missing
	}
	d, err := span(text, c.unit)
	if err != nil {
		t.complain(c, err)
		return Missing
	}
	return d
}

func (t *table) complain(c column, err error) {
	var why *complaint
	if errors.As(err, &why) {
		t.fault(c.name, why.problem, why.hint)
		return
	}
	t.fault(c.name, err.Error(), "")
}

// settle counts times from the first instant.
func (t *Trace) settle() {
	first := Missing
	switch {
	case t.Series != nil:
		first = t.Series.Times[0]
		shift(t.Series.Times, first)
	default:
		for _, column := range [][]int64{t.Requests.Arrival, t.Requests.Start} {
			for _, at := range column {
				if at != Missing && (first == Missing || at < first) {
					first = at
				}
			}
		}
		for _, column := range [][]int64{t.Requests.Arrival, t.Requests.Start, t.Requests.End} {
			shift(column, first)
		}
	}
	t.Origin = time.Unix(0, first).UTC()
}

func shift(column []int64, by int64) {
	for i := range column {
		if column[i] != Missing {
			column[i] -= by
		}
	}
}

package report

import (
	"io"
	"strings"
	"unicode/utf8"
)

// table is lines of cells under one heading; the first column is aligned left,
// the others right.
type table struct {
	rows [][]string
	left int  // further columns that are aligned left
	wide bool // it may be wider than the screen
}

// add a row. A row of one cell spans all columns.
func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// columns is the first column beside those from one to before another.
func (t *table) columns(from, to int) *table {
	part := &table{left: t.left, wide: t.wide}
	for _, row := range t.rows {
		part.add(append([]string{row[0]}, row[from:to]...)...)
	}
	return part
}

func (t *table) widths() []int {
	var w []int
	for _, row := range t.rows {
		if len(row) == 1 {
			continue
		}
		for i, cell := range row {
			if i == len(w) {
				w = append(w, 0)
			}
			w[i] = max(w[i], utf8.RuneCountInString(cell))
		}
	}
	return w
}

// screen is how many columns a table may take.
const screen = 100

// gap is what stands between columns: two spaces, or one where only that keeps
// the table within the screen.
func gap(widths []int) string {
	total := 0
	for _, w := range widths {
		total += w + 1
	}
	if total--; total <= screen && total+len(widths)-1 > screen {
		return " "
	}
	return "  "
}

// fit shortens the names in the last column that is aligned left where the table is
// wider than the screen.
func (t *table) fit() {
	widths, total := t.widths(), -1
	for _, w := range widths {
		total += w + 1
	}
	if t.wide || total <= screen || len(widths) == 0 {
		return
	}
	names := make([]string, len(t.rows))
	for i, row := range t.rows {
		if len(row) > 1 {
			names[i] = row[t.left]
		}
	}
	for i, name := range Fitted(names, max(LeastName, widths[t.left]-(total-screen))) {
		if len(t.rows[i]) > 1 {
			t.rows[i][t.left] = name
		}
	}
}

// write the rows, columns two spaces apart where there is room, without
// trailing blanks.
func (t *table) write(w io.Writer) error {
	t.fit()
	widths := t.widths()
	apart := gap(widths)
	for _, row := range t.rows {
		var line strings.Builder
		for i, cell := range row {
			pad := ""
			if len(row) > 1 {
				pad = strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			}
			switch {
			case i == 0:
				line.WriteString(cell + pad)
			case i <= t.left:
				line.WriteString(apart + cell + pad)
			default:
				line.WriteString(apart + pad + cell)
			}
		}
		if _, err := io.WriteString(w, strings.TrimRight(line.String(), " ")+"\n"); err != nil {
			return err
		}
	}
	return nil
}

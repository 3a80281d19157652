package report

import "slices"

// document is what a review pack says, before it has a format: sections of
// blocks in the order of reading. The templates turn it into Markdown and
// HTML; what users named stays plain text until they escape it.
type document struct {
	Title, Subtitle string
	Date            string
	Sections        []part
	Footer          prose
}

// part is a section under a heading.
type part struct {
	ID, Title string
	Sub       bool // below the section before it
	Blocks    []block
}

// block is one of its fields.
type block struct {
	Text    prose
	Call    *call
	List    []prose
	Table   *grid
	Figure  *figure
	Command string
	Quote   string
}

// call is the verdict in a box.
type call struct {
	Tone      tone
	Word      string
	Sentences []prose
}

// prose is a run of text, some of it strong or code.
type prose []span

type span struct {
	Text         string
	Strong, Code bool
}

func strong(text string) span { return span{Text: text, Strong: true} }
func code(text string) span   { return span{Text: text, Code: true} }

// say joins strings, spans and runs of them.
func say(parts ...any) prose {
	var p prose
	for _, x := range parts {
		switch x := x.(type) {
		case string:
			p = append(p, span{Text: x})
		case span:
			p = append(p, x)
		case prose:
			p = append(p, x...)
		}
	}
	return p
}

func text(parts ...any) block { return block{Text: say(parts...)} }

// tone is how good a finding is; formats with colours show it.
type tone string

const (
	plainTone tone = ""
	goodTone  tone = "good"
	badTone   tone = "bad"
	openTone  tone = "open"
)

// grid is a table. The first column is aligned left, and so are those listed.
type grid struct {
	Head []string
	Left []int
	Rows [][]cell
}

type cell struct {
	Prose prose
	Tone  tone
}

func (g *grid) row(cells ...any) {
	row := make([]cell, len(cells))
	for i, x := range cells {
		if c, ok := x.(cell); ok {
			row[i] = c
			continue
		}
		row[i] = cell{Prose: say(x)}
	}
	g.Rows = append(g.Rows, row)
}

// filled is the table without the columns in which no row says anything.
func (g *grid) filled() *grid {
	kept := &grid{Rows: make([][]cell, len(g.Rows))}
	for c, head := range g.Head {
		if !slices.ContainsFunc(g.Rows, func(row []cell) bool { return row[c].said() }) {
			continue
		}
		if g.IsLeft(c) {
			kept.Left = append(kept.Left, len(kept.Head))
		}
		kept.Head = append(kept.Head, head)
		for i, row := range g.Rows {
			kept.Rows[i] = append(kept.Rows[i], row[c])
		}
	}
	return kept
}

// said tells whether anything stands in the cell.
func (c cell) said() bool {
	return slices.ContainsFunc(c.Prose, func(s span) bool { return s.Text != "" })
}

// IsLeft tells whether a column is aligned left.
func (g *grid) IsLeft(column int) bool {
	for _, l := range g.Left {
		if l == column {
			return true
		}
	}
	return column == 0
}

// shortTable is how many rows a table may have that is printed on one page.
const shortTable = 14

// Short tells whether the table is kept on one page.
func (g *grid) Short() bool { return len(g.Rows) <= shortTable }

// figure is a chart with what it says in words.
type figure struct {
	File    string // in the folder of the charts
	Alt     string
	Caption prose
	Light   []byte // SVG
	Dark    []byte
}

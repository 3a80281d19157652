package report

import (
	"slices"
	"testing"
)

// TestFilledLeavesOutEmptyColumns: with their headings, and the alignment moves
// along.
func TestFilledLeavesOutEmptyColumns(t *testing.T) {
	g := &grid{Head: []string{"Key", "In the file", "Used", "Source"}, Left: []int{1, 2, 3}}
	g.row(code("a"), "1", "", "")
	g.row(code("b"), "", "", "a paper")
	got := g.filled()
	if want := []string{"Key", "In the file", "Source"}; !slices.Equal(got.Head, want) {
		t.Fatalf("the columns are %q, want %q", got.Head, want)
	}
	for i, row := range got.Rows {
		if len(row) != len(got.Head) {
			t.Errorf("row %d has %d cells under %d headings", i, len(row), len(got.Head))
		}
	}
	if !got.IsLeft(2) || got.Rows[1][2].Prose[0].Text != "a paper" {
		t.Errorf("the last column lost its place: %+v", got)
	}
	if none := (&grid{Head: []string{"Key"}}).filled(); len(none.Rows) != 0 {
		t.Errorf("a table without rows has %d", len(none.Rows))
	}
}

package report

import (
	"bytes"
	"testing"
)

func TestPrintable(t *testing.T) {
	for text, want := range map[string]string{
		"zwölf Zonen – 東京":         "zwölf Zonen – 東京",
		"\x1b[31mred\x07":          `\x1b[31mred\a`,
		"a\u009b2Jb":               `a\u009b2Jb`,
		"x\u202egnp.\u2066y\u2069": `x\u202egnp.\u2066y\u2069`,
		"no\u200bwidth\ufeff":      `no\u200bwidth\ufeff`,
		"two\nlines\t\r":           `two\nlines\t\r`,
		"half \xff byte":           `half \xff byte`,
	} {
		if got := Printable(text); got != want {
			t.Errorf("%q is shown as %s, want %s", text, got, want)
		}
	}
}

// A spreadsheet runs no name as a formula, and numbers stay numbers.
func TestCSVCellsAreNoFormulas(t *testing.T) {
	var b bytes.Buffer
	if err := writeCSV(&b, [][]string{{"=1+2", "-3", "-2+3", "+4e-3", "@SUM(A1)", "plain = name", "", "x\x1b[0m"}}); err != nil {
		t.Fatal(err)
	}
	if want := "'=1+2,-3,'-2+3,+4e-3,'@SUM(A1),plain = name,,x\\x1b[0m\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}

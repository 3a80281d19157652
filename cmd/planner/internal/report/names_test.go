package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// Whatever the names, none is wider than asked, one that fits is left alone, and
// two are alike only if they were.
func TestFittedNamesAreDistinct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.StringOfN(rapid.RuneFrom([]rune("aé…# 2")), 0, 60, -1), 1, 40).Draw(t, "names")
		width := rapid.IntRange(LeastName, 50).Draw(t, "width")
		got := Fitted(names, width)
		for i, short := range got {
			n := utf8.RuneCountInString(names[i])
			if w := utf8.RuneCountInString(short); w != min(n, width) || n <= width && short != names[i] {
				t.Fatalf("%q of %q, %d characters of %d", short, names[i], w, width)
			}
			for j := range i {
				if (names[i] == names[j]) != (short == got[j]) {
					t.Fatalf("%q and %q became %q and %q", names[j], names[i], got[j], short)
				}
			}
		}
	})
	long := strings.Repeat("the lane of zone one and ", 3)
	if got := Fitted([]string{long + "a", long + "b", long + "b"}, 30); got[0] == got[1] || got[1] != got[2] || !strings.HasSuffix(got[0], " and a") {
		t.Errorf("%q", got)
	}
}

// Folding changes lines that are too wide, and of them only where they break.
func TestFoldedLinesFitTheScreen(t *testing.T) {
	wide := "  " + strings.Repeat("word ", 40) + "95 % end"
	text := "short\n" + wide + "\n\x1b[32m" + strings.Repeat("x", screen) + "\x1b[0m\n"
	got := strings.Split(folded(text), "\n")
	if got[0] != "short" || got[len(got)-2] != "\x1b[32m"+strings.Repeat("x", screen)+"\x1b[0m" {
		t.Errorf("%q", got)
	}
	for _, line := range got[:len(got)-2] {
		if utf8.RuneCountInString(line) > screen {
			t.Errorf("%d characters: %s", utf8.RuneCountInString(line), line)
		}
	}
	if back := strings.Join(strings.Fields(strings.Join(got[1:len(got)-2], " ")), " "); back != strings.TrimSpace(wide) {
		t.Errorf("%q", back)
	}
}

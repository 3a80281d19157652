package plots

import (
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// key is what stands for the i-th name where the name itself cannot.
func key(i int) string { return "D" + strconv.Itoa(i+1) }

// register tells the sheet the chart's names in their order.
func (sh *sheet) register(names []string) {
	sh.keys = make(map[string]int, len(names))
	for i, n := range names {
		if _, seen := sh.keys[oneLine(n)]; !seen {
			sh.keys[oneLine(n)] = i
		}
	}
}

// undrawable lists the registered names that the typeface cannot set, the
// longest first.
func (sh *sheet) undrawable() []string {
	var names []string
	for n := range sh.keys {
		if n != "" && !hasGlyphs(n) {
			names = append(names, n)
		}
	}
	slices.SortFunc(names, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return names
}

// name is the i-th name as it can be set in one line of the given width: whole,
// or with its key before what fits, or the key alone where glyphs are missing.
// The caption then has it in full.
func (sh *sheet) name(f font.Face, i int, name string, width vg.Length) string {
	lines := sh.nameLines(f, i, name, width, 1)
	return lines[0]
}

// nameLines is name over up to maxLines lines.
func (sh *sheet) nameLines(f font.Face, i int, name string, width vg.Length, maxLines int) []string {
	clean := oneLine(name)
	if clean == "" {
		return []string{key(i)}
	}
	if !hasGlyphs(clean) {
		sh.note(key(i) + ": " + clean)
		return []string{key(i)}
	}
	lines, whole := wrap(f, clean, width, maxLines)
	if whole {
		return lines
	}
	sh.note(key(i) + ": " + clean)
	lines, _ = wrap(f, key(i)+" "+clean, width, maxLines)
	return lines
}

// between separates the parts of a footer.
const between = " | "

// legible is a footer without those of its parts that the typeface cannot set:
// the caption has them.
func (sh *sheet) legible(footer string) string {
	parts := strings.Split(oneLine(footer), between)
	for i, part := range parts {
		if part != "" && !hasGlyphs(part) {
			sh.note(part)
			parts[i] = "named in the caption"
		}
	}
	return strings.Join(parts, between)
}

// spoken is a name for prose: itself, or its key where it is empty.
func spoken(i int, name string) string {
	if n := oneLine(name); n != "" {
		return n
	}
	return key(i)
}

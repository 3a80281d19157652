package scenario

import (
	"slices"
	"strings"
)

// hintFor guesses which key was meant by an unknown one: a sibling that is
// spelt alike, or a key of that name elsewhere.
func hintFor(name string, k *key, at string) string {
	if h := didYouMean(name, k.names()); h != "" {
		return h
	}
	if places := placesOf(root, "", name); len(places) > 0 {
		return "did you mean " + orList(places) + "?"
	}
	return ""
}

// placesOf lists the dotted paths of the keys called name.
func placesOf(k *key, at, name string) []string {
	var all []string
	if k.kind == named && at != "" {
		at += ".NAME"
	}
	for _, c := range k.keys {
		if c.name == name {
			all = append(all, join(at, name))
		}
		all = append(all, placesOf(c, join(at, c.name), name)...)
	}
	return all[:min(len(all), 3)]
}

// didYouMean names the nearest of the words, if one is near.
func didYouMean(got string, words []string) string {
	best, least := "", max(1, len(got)/3)+1
	for _, w := range words {
		if n := distance(strings.ToLower(got), w); n < least {
			best, least = w, n
		}
	}
	if best == "" {
		return ""
	}
	return "did you mean " + best + "?"
}

// distance is the number of letters to insert, delete, change or swap with
// their neighbour to make b of a (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > maxNameRunes {
		return len(x)
	}
	before, last := []int(nil), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}

// siblings that are both there, of those listed.
func present(s *settings, section string, names ...string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !s.has(join(section, n)) })
}

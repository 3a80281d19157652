package scenario

import (
	"fmt"
	"math"
	"strings"
)

// kind is what a key holds.
type kind int

const (
	section  kind = iota // a mapping with the keys listed
	named                // a mapping from names of the user's choice to sections
	list                 // a sequence of sections
	texts                // a sequence of names
	text                 // free text
	dataName             // the name of a data file
	choice               // one of the words
	truth                // true or false
	count                // a whole number
	number               // a plain number
	share                // 70% or 0.7
	duration             // 2h30m, in seconds
	rate                 // 12/s, per second
	override             // a mapping from dotted paths to values
)

// key describes one key of the file. The zero value of a field means that the
// key has no such property.
type key struct {
	name      string
	kind      kind
	doc       string
	def       string   // the default as a user would write it
	required  bool     // in its section
	optional  bool     // may be switched off by the word none
	words     []string // allowed instead of, or for a choice as, the value
	lo, hi    float64  // smallest and greatest value, SI units
	above     bool     // lo itself is not allowed
	below     bool     // hi itself is not allowed
	certain   bool     // may not be a range
	fixed     bool     // may not differ between designs
	most      int      // entries of a named, list or override
	keys      []*key   // of a section, or of each entry of a named or list
	needs     []string // of a section or its entries: at least one of these is there
	displaces []string // siblings that a later layer's value of this key removes
}

func (k *key) numeric() bool { return k.kind >= count && k.kind <= rate }

// child is the key of that name in a section, nil if there is none.
func (k *key) child(name string) *key {
	for _, c := range k.keys {
		if c.name == name {
			return c
		}
	}
	return nil
}

func (k *key) names() []string {
	all := make([]string, len(k.keys))
	for i, c := range k.keys {
		all[i] = c.name
	}
	return all
}

// parse reads one number of the key's kind, in SI units.
func (k *key) parse(text string) (float64, error) {
	switch k.kind {
	case duration:
		return parseDuration(text)
	case rate:
		return parseRate(text)
	case share:
		return parseShare(text)
	case count:
		x, err := parseNumber(text)
		if err == nil && x != math.Trunc(x) {
			return 0, &complaint{quoted(text) + " is not a whole number", ""}
		}
		return x, err
	}
	return parseNumber(text)
}

// format writes a number of the key's kind so that parse reads it back.
func (k *key) format(x float64) string {
	switch k.kind {
	case duration:
		return formatSeconds(x)
	case rate:
		return formatRate(x)
	case share:
		return formatShare(x)
	}
	return formatNumber(x)
}

// holds tells whether x is in the key's range.
func (k *key) holds(x float64) bool {
	low := x > k.lo || x == k.lo && !k.above
	high := x < k.hi || x == k.hi && !k.below
	return low && high
}

// allowed says in words what the key may be.
func (k *key) allowed() string {
	var ways []string
	switch k.kind {
	case section:
		return "allowed is a mapping with " + strings.Join(k.names(), ", ")
	case named, override:
		return "allowed is a mapping from names"
	case list:
		return "allowed is a list of mappings with " + strings.Join(k.names(), ", ")
	case texts:
		return "allowed is a list of names"
	case text, dataName:
		return "allowed is text"
	case truth:
		return "allowed is true or false"
	case choice:
		return "allowed is " + orList(k.words)
	}
	ways = append(append(ways, k.words...), k.bounds())
	return "allowed is " + orList(ways)
}

// bounds says the key's kind and range in words.
func (k *key) bounds() string {
	what := map[kind]string{count: "a whole number", number: "a number", share: "a share", duration: "a duration", rate: "a rate"}[k.kind]
	from, to := "from", "to"
	if k.above {
		from = "above"
	}
	if k.below {
		to = "to below"
	}
	return fmt.Sprintf("%s %s %s %s %s", what, from, k.format(k.lo), to, k.format(k.hi))
}

// orList joins words as a, b or c.
func orList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

package scenario

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// named reads the streams.
func (d *decoder) named(n *yaml.Node, k *key, path string) bool {
	good := true
	ok := d.mapping(n, k, path, func(name string, at, value *yaml.Node) {
		if !d.name(at, name, join(path, name), "a stream") {
			good = false
			return
		}
		d.entry(value, k, path, name)
	})
	if ok && len(n.Content) == 0 {
		d.fault(n, path, "is empty", "allowed is at least one stream", "")
		return false
	}
	return good && ok && d.within(n, path, len(n.Content)/2, k.most)
}

// entry reads one entry of a named key and remembers its order.
func (d *decoder) entry(value *yaml.Node, k *key, path, name string) {
	d.into.streams = append(d.into.streams, name)
	d.decode(value, entryKey(k), join(path, name))
}

// entryKey describes one entry of a named key or a list: a section.
func entryKey(k *key) *key { return &key{kind: section, keys: k.keys} }

func (d *decoder) within(n *yaml.Node, path string, got, most int) bool {
	if got <= most {
		return true
	}
	d.fault(n, path, fmt.Sprintf("has %d entries", got), fmt.Sprintf("allowed is at most %d", most), "")
	return false
}

// name checks a name of the user's choice that is part of paths.
func (d *decoder) name(n *yaml.Node, name, path, what string) bool {
	problem := nameProblem(name)
	if problem == "" && strings.Contains(name, ".") {
		problem = "holds a dot"
	}
	if problem == "" {
		return true
	}
	d.fault(n, path, "the name of "+what+" "+problem, fmt.Sprintf("allowed are up to %d printable characters, spaces included, without dots", maxNameRunes), "")
	return false
}

// nameProblem says what is wrong with a name, if anything.
func nameProblem(name string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "is empty"
	case strings.IndexFunc(name, unprintable) >= 0:
		return "holds a character that cannot be printed"
	case utf8.RuneCountInString(name) > maxNameRunes:
		return fmt.Sprintf("has more than %d characters", maxNameRunes)
	}
	return ""
}

// designsOf reads the designs; their overrides are decoded when applied.
func (d *decoder) designsOf(n *yaml.Node, k *key, path string) bool {
	good := true
	ok := d.mapping(n, k, path, func(name string, at, value *yaml.Node) {
		where := join(path, name)
		if !d.name(at, name, where, "a design") {
			good = false
			return
		}
		v := design{name: name, at: d.place(at)}
		if value = d.follow(value, where); value == nil {
			good = false
			return
		}
		if value.Kind != yaml.ScalarNode || value.Tag != "!!null" {
			good = d.mapping(value, k, where, func(p string, at, value *yaml.Node) {
				v.overrides = append(v.overrides, change{p, value, d.place(at)})
			}) && good
		}
		d.designs = append(d.designs, v)
	})
	return good && ok && d.within(n, path, len(n.Content)/2, k.most)
}

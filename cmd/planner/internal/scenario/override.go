package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Setting is a what-if from outside the file: a key by its dotted path and
// the value as it would stand in the file.
type Setting struct {
	Key, Value string
	From       string // the flag it came from, for messages; empty: --set
}

func (c Setting) source() string {
	from := c.From
	if from == "" {
		from = "--set"
	}
	return fmt.Sprintf("%s %s=%s", from, c.Key, c.Value)
}

// node is the value as a node of YAML. Only what begins as a mapping or a
// list goes through the parser.
func (c Setting) node() (*yaml.Node, Faults) {
	if trimmed := strings.TrimSpace(c.Value); trimmed == "" || trimmed[0] != '{' && trimmed[0] != '[' {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: trimmed}, nil
	}
	if len(c.Value) > maxSetBytes {
		return nil, Faults{{Place: Place{File: c.source()}, Key: c.Key, Problem: fmt.Sprintf("has %d bytes", len(c.Value)), Allowed: fmt.Sprintf("allowed are %d", maxSetBytes)}}
	}
	n, faults := parseDocument(c.source(), []byte(c.Value))
	for i := range faults {
		faults[i].Line, faults[i].Column, faults[i].Key = 0, 0, c.Key
	}
	return n, faults
}

// resolve finds the description of the key at a dotted path. The problem is
// empty when there is one.
func resolve(path string) (k *key, problem, allowed, hint string) {
	k = root
	parts := strings.Split(path, ".")
	for i, part := range parts {
		switch k.kind {
		case section:
			c := k.child(part)
			if c == nil {
				return nil, "unknown key", "allowed here is " + strings.Join(k.names(), ", "), pathHint(parts[:i], part, k)
			}
			k = c
		case named:
			k = entryKey(k)
		case list:
			if n, err := strconv.Atoi(part); err != nil || n < 0 || n >= k.most || strconv.Itoa(n) != part {
				return nil, quoted(part) + " is not an entry of a list", "allowed is a number from 0 on", ""
			}
			k = entryKey(k)
		default:
			return nil, "cannot be set", "allowed is any other key: " + quoted(strings.Join(parts[:i], ".")) + " has none below it", ""
		}
	}
	return k, "", "", ""
}

func pathHint(before []string, name string, k *key) string {
	h := hintFor(name, k, strings.Join(before, "."))
	if h == "" && len(before) == 0 {
		return "keys are written by their dotted path, such as control_plane.servers"
	}
	return h
}

// override gives the settings at a path another value, as editing the file
// would, and removes what the new value displaces.
func (d *decoder) override(path string, n *yaml.Node, at Place) {
	k, problem, allowed, hint := resolve(path)
	switch {
	case problem != "":
	case k.kind == override || path == "designs":
		problem, allowed = "cannot be set", "allowed is any other key"
	case k.fixed && d.layer == 1 || d.layer == 1 && fixedAbove(path):
		problem, allowed, hint = "is the same for all designs", "allowed in a design is any other key", "set it in the file or by --set"
	}
	if problem == "" {
		problem, allowed, hint = d.missingEntry(path)
	}
	if problem != "" {
		d.faults = append(d.faults, Fault{at, path, problem, allowed, hint})
		return
	}
	if n.Kind == yaml.ScalarNode && n.Value == "none" && !slices.Contains(k.words, "none") && !k.required {
		d.into.remove(path)
		return
	}
	if inner := d.into.setBelow(path, d.layer); inner != "" {
		d.faults = append(d.faults, Fault{at, path, "replaces " + quoted(inner) + ", which is set beside it", "allowed is one of the two", ""})
		return
	}
	d.displace(path, k)
	d.put(path, n, k, at)
	d.fitLaw(path)
}

func fixedAbove(path string) bool {
	first, _, _ := strings.Cut(path, ".")
	k := root.child(first)
	return k != nil && k.fixed
}

// missingEntry refuses a key of a stream, or of a list's entry, that is not
// there; a whole stream may be new.
func (d *decoder) missingEntry(path string) (problem, allowed, hint string) {
	parts := strings.Split(path, ".")
	if len(parts) > 2 && parts[0] == "streams" && !slices.Contains(d.into.streams, parts[1]) {
		return "there is no stream " + quoted(parts[1]), "allowed is " + orList(d.into.streams), didYouMean(parts[1], d.into.streams)
	}
	if len(parts) > 2 && parts[1] == "scale_out" {
		n, err := strconv.Atoi(parts[2])
		have := d.into.lengths["control_plane.scale_out"]
		if err != nil || n > have || n == have && len(parts) > 3 {
			return "there is no such entry", fmt.Sprintf("the list has %d, counted from 0", have), ""
		}
	}
	return "", "", ""
}

// displace removes the siblings of earlier layers that exclude this key.
func (d *decoder) displace(path string, k *key) {
	above := ""
	if dot := strings.LastIndexByte(path, '.'); dot >= 0 {
		above = path[:dot]
	}
	for _, name := range k.displaces {
		sibling := join(above, name)
		if v, ok := d.into.at[sibling]; ok && v.layer < d.layer {
			d.into.remove(sibling)
		}
	}
}

// put decodes the value at the path, making the sections above it.
func (d *decoder) put(path string, n *yaml.Node, k *key, at Place) {
	d.into.clear(path)
	parts := strings.Split(path, ".")
	for i := 1; i < len(parts); i++ {
		if above := strings.Join(parts[:i], "."); !d.into.has(above) {
			d.into.at[above] = setting{at: at, layer: d.layer}
		}
	}
	if name, isStream := strings.CutPrefix(path, "streams."); isStream && !strings.Contains(name, ".") {
		whole := &yaml.Node{Line: at.Line, Column: at.Column}
		if !d.name(whole, name, path, "a stream") {
			return
		}
		if !slices.Contains(d.into.streams, name) {
			d.into.streams = append(d.into.streams, name)
		}
	}
	if len(parts) == 3 && parts[1] == "scale_out" {
		i, _ := strconv.Atoi(parts[2]) // checked by missingEntry
		d.into.lengths["control_plane.scale_out"] = max(i+1, d.into.lengths["control_plane.scale_out"])
	}
	d.decode(n, k, path)
}

// fitLaw drops what an earlier layer said of the law that has been replaced.
func (d *decoder) fitLaw(path string) {
	section := strings.TrimSuffix(strings.TrimSuffix(path, ".law"), ".delay")
	if section == path {
		return
	}
	v, ok := d.into.at[path]
	if !ok || v.bad {
		return
	}
	drop := func(name string) {
		p := join(section, name)
		if old, ok := d.into.at[p]; ok && old.layer < d.layer {
			d.into.remove(p)
		}
	}
	for _, name := range unfitting(d.into, section, v.word) {
		drop(name)
	}
}

package scenario

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// decoder walks a tree of nodes beside the description of the keys. It
// reports every fault and goes on.
type decoder struct {
	file    string
	layer   int
	into    *settings
	designs []design // found on the way
	data    *library // data files
	faults  Faults
	budget  *budget
}

// budget counts the nodes of a document that have been visited, aliases
// expanded, by all who decode parts of it.
type budget struct {
	visited int
	told    bool // that it is spent
}

// design is a variant as written: overrides not yet applied.
type design struct {
	name      string
	at        Place
	overrides []change
}

// change is one override of a design.
type change struct {
	path string
	node *yaml.Node
	at   Place // of the path
}

func (d *decoder) place(n *yaml.Node) Place { return Place{d.file, n.Line, n.Column} }

func (d *decoder) fault(n *yaml.Node, path, problem, allowed, hint string) {
	at := d.place(n)
	if d.layer > 1 {
		at.Line, at.Column = 0, 0
	}
	d.faults = append(d.faults, Fault{at, path, problem, allowed, hint})
}

// follow resolves an alias and counts the node, so that no document can grow
// without bound.
func (d *decoder) follow(n *yaml.Node, path string) *yaml.Node {
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	if d.budget.visited++; d.budget.visited > maxNodes {
		if !d.budget.told {
			d.fault(n, path, fmt.Sprintf("more than %d keys and values, aliases expanded", maxNodes), "allowed is fewer", "")
		}
		d.budget.told = true
		return nil
	}
	return n
}

// decode reads node n, of key k, into the settings at path. It reports
// whether there is a sound value.
func (d *decoder) decode(n *yaml.Node, k *key, path string) {
	at := d.place(n)
	if d.layer > 1 {
		at.Line, at.Column = 0, 0
	}
	if n = d.follow(n, path); n == nil {
		return
	}
	v := setting{at: at, layer: d.layer}
	switch {
	case n.Kind == yaml.ScalarNode && n.Value == "none" && k.optional:
		return
	case strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!"):
		d.fault(n, path, "the tag "+quoted(n.Tag)+" means nothing here", k.allowed(), "leave it out")
		v.bad = true
	case k.kind == section:
		v.bad = !d.section(n, k, path)
	case k.kind == named:
		v.bad = !d.named(n, k, path)
	case k.kind == list:
		v.bad = !d.list(n, k, path)
	case k.kind == override:
		v.bad = !d.designsOf(n, k, path)
	case k.kind == texts:
		v.list, v.bad = d.texts(n, k, path)
	default:
		v.value, v.bad = d.value(n, k, path)
	}
	d.into.at[path] = v
}

// join adds a name to a path.
func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// mapping calls each for every key of a mapping, once, after the checks that
// hold for all mappings.
func (d *decoder) mapping(n *yaml.Node, k *key, path string, each func(name string, key, value *yaml.Node)) bool {
	if n.Kind != yaml.MappingNode {
		d.fault(n, path, describe(n), k.allowed(), "")
		return false
	}
	seen := map[string]*yaml.Node{}
	good := true
	for i := 0; i+1 < len(n.Content) && !d.budget.told; i += 2 {
		name := d.follow(n.Content[i], path)
		if name == nil {
			return false
		}
		switch first := seen[name.Value]; {
		case name.Kind != yaml.ScalarNode:
			d.fault(n.Content[i], path, describe(name)+" as a key", "allowed is a name", "")
			good = false
		case name.Tag == "!!merge":
			d.fault(name, path, "merge keys are not supported", k.allowed(), "write the keys out")
			good = false
		case first != nil:
			d.fault(n.Content[i], join(path, name.Value), fmt.Sprintf("is there twice, first at line %d", first.Line), "allowed is once", "")
			good = false
		default:
			seen[name.Value] = name
			each(name.Value, n.Content[i], n.Content[i+1])
		}
	}
	return good
}

func (d *decoder) section(n *yaml.Node, k *key, path string) bool {
	good := true
	ok := d.mapping(n, k, path, func(name string, at, value *yaml.Node) {
		c := k.child(name)
		if c == nil {
			d.fault(at, join(path, name), "unknown key", "allowed here is "+strings.Join(k.names(), ", "), hintFor(name, k, path))
			good = false
			return
		}
		d.decode(value, c, join(path, name))
	})
	return good && ok
}

func (d *decoder) list(n *yaml.Node, k *key, path string) bool {
	if n.Kind != yaml.SequenceNode {
		d.fault(n, path, describe(n), k.allowed(), "")
		return false
	}
	if !d.within(n, path, len(n.Content), k.most) {
		return false
	}
	d.into.lengths[path] = len(n.Content)
	for i, c := range n.Content {
		d.decode(c, entryKey(k), join(path, strconv.Itoa(i)))
	}
	return true
}

func (d *decoder) texts(n *yaml.Node, k *key, path string) (all []string, bad bool) {
	if n.Kind == yaml.ScalarNode && d.layer > 1 {
		return []string{n.Value}, false
	}
	if n.Kind != yaml.SequenceNode {
		d.fault(n, path, describe(n), k.allowed(), "")
		return nil, true
	}
	for _, c := range n.Content {
		if c = d.follow(c, path); c == nil {
			return nil, true
		}
		if c.Kind != yaml.ScalarNode {
			d.fault(c, path, describe(c), k.allowed(), "")
			bad = true
		}
		all = append(all, c.Value)
	}
	return all, bad
}

// describe says what a node is, in words.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "is a mapping"
	case n.Kind == yaml.SequenceNode:
		return "is a list"
	case n.Tag == "!!null":
		return "has no value"
	}
	return quoted(n.Value)
}

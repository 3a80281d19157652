package scenario

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Provenance is what a file says, key by key, and where it has it from: the
// comments at the keys are its sources.
type Provenance struct {
	Head     string       // the comment at the top of the file
	Given    []Assumption // in the order of the file, without the designs
	Defaults []Assumption // keys left out, at their defaults
	Designs  []Variant
}

// Assumption is one key of the file.
type Assumption struct {
	Key    string // dotted path
	Value  string // as it is written; empty for a section that has a comment
	Source string // its comments, one line; of a default, what the key means
}

// Variant is a design as the file states it.
type Variant struct {
	Name    string
	Changes []Setting
	Source  string // its comments
}

// Provenance lists the keys of the file.
func (f *File) Provenance() Provenance {
	p := Provenance{Head: comment(f.top.HeadComment)}
	if len(f.top.Content) > 0 {
		first := f.top.Content[0]
		p.Head = strings.TrimSpace(p.Head + " " + comment(first.HeadComment))
	}
	p.walk(f.top, root, "")
	p.leftOut(f.base, root, "")
	return p
}

// walk lists the values below a mapping.
func (p *Provenance) walk(n *yaml.Node, k *key, path string) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		for value.Kind == yaml.AliasNode && value.Alias != nil {
			value = value.Alias
		}
		source := comments(name, value)
		if i == 0 && path == "" {
			source = comment(value.LineComment)
		}
		below := k
		if k.kind != named {
			below = k.child(name.Value)
		}
		switch at := join(path, name.Value); {
		case below.kind == override:
			p.variants(value)
		case value.Kind == yaml.MappingNode && (below.kind == section || below.kind == named):
			if source != "" {
				p.Given = append(p.Given, Assumption{at, "", source})
			}
			if k.kind == named {
				below = entryKey(k)
			}
			p.walk(value, below, at)
		default:
			p.Given = append(p.Given, Assumption{at, write(value), source})
		}
	}
}

func (p *Provenance) variants(n *yaml.Node) {
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		for value.Kind == yaml.AliasNode && value.Alias != nil {
			value = value.Alias
		}
		v := Variant{Name: name.Value, Source: comments(name, value)}
		for j := 0; j+1 < len(value.Content); j += 2 {
			of, to := value.Content[j], value.Content[j+1]
			v.Changes = append(v.Changes, Setting{Key: of.Value, Value: write(to)})
			v.Source = strings.TrimSpace(v.Source + " " + comments(of, to))
		}
		p.Designs = append(p.Designs, v)
	}
}

// comments joins those at a key and its value.
func comments(name, value *yaml.Node) string {
	var all []string
	for _, c := range []string{name.HeadComment, name.LineComment, value.HeadComment, value.LineComment} {
		if c = comment(c); c != "" {
			all = append(all, c)
		}
	}
	return strings.Join(all, " ")
}

// comment is the text of a comment on one line, without its marks.
func comment(text string) string {
	var words []string
	for _, line := range strings.Split(text, "\n") {
		words = append(words, strings.Fields(strings.TrimLeft(line, "# \t"))...)
	}
	return strings.Join(words, " ")
}

// leftOut lists the keys that have a default and were not given, in sections
// that are there or always apply, where they mean something.
func (p *Provenance) leftOut(s *settings, k *key, path string) {
	for _, c := range k.keys {
		at := join(path, c.name)
		switch {
		case c.kind == section && (s.has(at) || slices.Contains([]string{"drained", "simulation"}, at)):
			p.leftOut(s, c, at)
		case c.kind == named:
			for _, name := range s.streams {
				p.leftOut(s, entryKey(c), join(at, name))
			}
		case c.def != "" && !s.has(at) && s.matters(at, c.name):
			p.Defaults = append(p.Defaults, Assumption{at, c.def, c.doc})
		}
	}
}

// matters tells whether a default changes anything: the keys of a pool do so
// for pools only, and those of an order of service where there is one.
func (s *settings) matters(path, name string) bool {
	stream, ok := strings.CutPrefix(path, "streams.")
	if !ok {
		return true
	}
	stream = strings.TrimSuffix(stream, "."+name)
	switch name {
	case "urgent", "priority":
		return s.word("control_plane.discipline", "") == "urgent-first"
	case "retries":
		return s.has("retries")
	}
	form := newCompiler(s, "").form("streams." + stream)
	return slices.Contains(forms[form], name)
}

// Text is the file as it was read.
func (f *File) Text() []byte { return slices.Clone(f.text) }

// Data is a data file that the scenario names.
type Data struct {
	Name  string // as the scenario has it
	Bytes []byte
	Local bool // it lies in the scenario's folder
}

// DataFiles reads again, in the order of their names, the files that the
// scenario and what was compiled from it name.
func (f *File) DataFiles() ([]Data, error) {
	var all []Data
	for _, name := range f.data.names() {
		file, err := f.data.inside(name)
		if err != nil {
			return nil, fmt.Errorf("reading %s again: %w", name, err)
		}
		raw, err := io.ReadAll(io.LimitReader(file, maxDataBytes))
		if err := errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("reading %s again: %w", name, err)
		}
		all = append(all, Data{name, raw, filepath.IsLocal(name)})
	}
	return all, nil
}

// names lists the files read without a fault.
func (l *library) names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []string
	for id, k := range l.kept {
		if k.err == nil {
			all = append(all, id.name)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

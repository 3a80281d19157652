package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"singlelane/cmd/planner/internal/scenario"

	"go.yaml.in/yaml/v4"
)

// readFile reads a file with the model and any of the flags as keys: classes
// and stations are lists of mappings, routing maps a station's name to the
// stations that follow it with their probabilities, entry says where
// requests enter.
func (in *queueInput) readFile(path string) error {
	top, err := scenario.Tree(path)
	var faults scenario.Faults
	if errors.As(err, &faults) {
		for i, f := range faults {
			faults[i].Allowed = strings.Replace(f.Allowed, "a scenario file", "a YAML file", 1)
			if strings.Contains(f.Hint, "planner init") {
				faults[i].Hint = "planner queue lists the models"
			}
		}
		return faults // without the file nothing else can be judged
	}
	if err != nil {
		return err
	}
	in.eachKey(path, top, "", func(name string, key, value *yaml.Node) { in.readKey(path, name, key, value) })
	return nil
}

func nodePlace(path string, n *yaml.Node) scenario.Place {
	return scenario.Place{File: path, Line: n.Line, Column: n.Column}
}

// eachKey visits the keys of a mapping, each name with - for _, and faults
// what is no mapping and what is there twice.
func (in *queueInput) eachKey(path string, n *yaml.Node, at string, visit func(name string, key, value *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		in.fault(nodePlace(path, n), at, "is not a mapping", "allowed is KEY: VALUE", "")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		name := strings.ReplaceAll(key.Value, "_", "-")
		if seen[name] {
			in.fault(nodePlace(path, key), dotted(at, key.Value), "is there twice", "allowed is once", "")
			continue
		}
		seen[name] = true
		visit(name, key, value)
	}
}

func dotted(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func (in *queueInput) readKey(path, name string, key, value *yaml.Node) {
	switch name {
	case "model":
		if v, ok := in.scalar(path, key.Value, value); ok {
			in.model = v.text
		}
	case "classes":
		in.readParts(path, "class", key, value)
	case "stations":
		in.readParts(path, "station", key, value)
	case "routing":
		in.routing = map[string]map[string]queueValue{}
		in.eachKey(path, value, key.Value, func(_ string, from, to *yaml.Node) {
			in.routing[from.Value], in.rowAt[from.Value] = in.chances(path, "routing."+from.Value, to), nodePlace(path, from)
		})
	case "entry":
		in.entry, in.rowAt[""] = in.chances(path, key.Value, value), nodePlace(path, key)
	default:
		if queueKeyNamed(name) == nil && name != "preemptive" {
			in.fault(nodePlace(path, key), key.Value, "unknown key", "allowed are "+fileKeyNames(), scenario.DidYouMean(name, fileKeyList()))
			return
		}
		in.values[name], _ = in.scalar(path, key.Value, value)
	}
}

func fileKeyList() []string {
	names := []string{"model"}
	for _, k := range queueKeys {
		names = append(names, strings.ReplaceAll(k.name, "-", "_"))
	}
	return append(names, "preemptive", "classes", "stations", "routing", "entry")
}

func fileKeyNames() string { return strings.Join(fileKeyList(), ", ") }

// scalar is a single value.
func (in *queueInput) scalar(path, key string, n *yaml.Node) (queueValue, bool) {
	v := queueValue{text: n.Value, at: nodePlace(path, n), key: key}
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" {
		in.fault(v.at, key, "is not a single value", "allowed is text or a number", "")
		v.faulted = true
		return v, false
	}
	return v, true
}

func (in *queueInput) readParts(path, kind string, key, list *yaml.Node) {
	if list.Kind != yaml.SequenceNode {
		in.fault(nodePlace(path, list), key.Value, "is not a list", "allowed is a list of mappings with "+partKeyNames(kind), "")
		return
	}
	for i, n := range list.Content {
		at := fmt.Sprintf("%s[%d]", key.Value, i)
		p := queuePart{name: fmt.Sprintf("%s %d", kind, i+1), at: nodePlace(path, n), values: map[string]queueValue{}}
		in.eachKey(path, n, at, func(name string, key, value *yaml.Node) {
			if in.readInner(path, dotted(at, key.Value), kind, name, value, &p) {
				return
			}
			v, ok := in.scalar(path, dotted(at, key.Value), value)
			switch {
			case name == "name" && ok:
				p.name = v.text
			case name == "name":
			case partKey(kind, name) == nil:
				in.fault(nodePlace(path, key), dotted(at, key.Value), "unknown key", "allowed are "+partKeyNames(kind),
					scenario.DidYouMean(name, partKeyList(kind)))
			default:
				p.values[name] = v
			}
		})
		in.parts[kind] = append(in.parts[kind], p)
	}
}

// readInner reads the values of a key that are not one: a station's visits and
// services by class, and the list of its speeds.
func (in *queueInput) readInner(path, at, kind, name string, value *yaml.Node, p *queuePart) bool {
	switch {
	case kind == "station" && value.Kind == yaml.MappingNode && slices.Contains(perClass, name):
		in.eachKey(path, value, at, func(_ string, class, of *yaml.Node) {
			if v, ok := in.scalar(path, dotted(at, class.Value), of); ok {
				p.values[name+"."+class.Value] = v
			}
		})
	case kind == "station" && value.Kind == yaml.SequenceNode && name == "speeds":
		all := queueValue{at: nodePlace(path, value), key: at}
		var texts []string
		for _, n := range value.Content {
			if v, ok := in.scalar(path, at, n); ok {
				texts = append(texts, v.text)
			}
		}
		all.text = strings.Join(texts, ":")
		p.values[name] = all
	default:
		return false
	}
	return true
}

// chances is a mapping from stations to probabilities.
func (in *queueInput) chances(path, at string, n *yaml.Node) map[string]queueValue {
	out := map[string]queueValue{}
	in.eachKey(path, n, at, func(_ string, key, value *yaml.Node) {
		if v, ok := in.scalar(path, dotted(at, key.Value), value); ok {
			out[key.Value] = v
		}
	})
	return out
}

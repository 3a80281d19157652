package scenario

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// write renders a node on one line, as it would be typed after KEY=.
func write(n *yaml.Node) string {
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	var parts []string
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, write(n.Content[i])+": "+write(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.SequenceNode:
		for _, c := range n.Content {
			parts = append(parts, write(c))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return n.Value
}

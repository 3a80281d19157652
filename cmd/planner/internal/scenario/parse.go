package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// parseDocument reads the one YAML document of data as a tree of nodes. It
// returns the root mapping or faults, never both.
func parseDocument(file string, data []byte) (*yaml.Node, Faults) {
	fault := func(line, column int, problem, hint string) (*yaml.Node, Faults) {
		return nil, Faults{{Place: Place{file, line, column}, Problem: problem, Hint: hint}}
	}
	if at := textEnds(data); at >= 0 {
		line, column := position(data, at)
		return fault(line, column, "this is not text, allowed is a YAML file in UTF-8", "")
	}
	loader, err := yaml.NewLoader(bytes.NewReader(data),
		yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		return fault(1, 1, err.Error(), "")
	}
	var document, second yaml.Node
	err = loader.Load(&document)
	var syntax *yaml.LoadError
	switch {
	case errors.Is(err, io.EOF):
		return fault(1, 1, "the file is empty", "planner init writes a starter")
	case errors.As(err, &syntax):
		line, column := max(syntax.Mark.Line, 1), max(syntax.Mark.Column, 1)
		return fault(line, column, "not YAML: "+clean(syntaxProblem(syntax)), syntaxHint(syntax))
	case err != nil:
		return fault(1, 1, "not YAML: "+clean(err.Error()), "")
	}
	switch err := loader.Load(&second); {
	case err == nil:
		return fault(second.Line, second.Column, "a second document begins here, allowed is one scenario a file", "put it into a file of its own")
	case errors.As(err, &syntax):
		return fault(max(syntax.Mark.Line, 1), max(syntax.Mark.Column, 1), "not YAML: "+clean(syntaxProblem(syntax)), "")
	}
	if len(document.Content) == 0 {
		return fault(1, 1, "the file is empty", "planner init writes a starter")
	}
	top := document.Content[0]
	top.HeadComment = document.HeadComment + "\n" + top.HeadComment
	return top, nil
}

func syntaxProblem(e *yaml.LoadError) string {
	if strings.HasPrefix(e.Message, "exceeded max depth") {
		return fmt.Sprintf("nested more than %d levels deep", maxDepth)
	}
	return e.Message
}

// syntaxHint explains the commonest of the YAML library's complaints.
func syntaxHint(e *yaml.LoadError) string {
	switch {
	case strings.Contains(e.Message, "tab"), strings.Contains(e.Message, "cannot start any token"):
		return "indent with spaces, not tabs, and quote text that begins with a sign"
	case strings.Contains(e.Message, "mapping values are not allowed"):
		return "check the indentation, and quote text that holds a colon"
	case strings.Contains(e.ContextMsg, "flow") && e.ContextMark.Line > 0:
		return fmt.Sprintf("it was opened at line %d, column %d", e.ContextMark.Line, e.ContextMark.Column)
	}
	return ""
}

// textEnds is the offset of the first byte that is not UTF-8 text, -1 if all
// of it is.
func textEnds(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 || r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f {
			return i
		}
		i += size
	}
	return -1
}

// position is the line and column, in characters, of an offset.
func position(data []byte, at int) (line, column int) {
	before := data[:at]
	line = bytes.Count(before, []byte{'\n'}) + 1
	return line, utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
}

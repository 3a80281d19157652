package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// rendered is the text that GitHub-flavoured Markdown shows, and the elements
// that it has beside paragraphs.
func rendered(t interface{ Fatal(...any) }, markdown string) (text string, others []string) {
	var b bytes.Buffer
	gfm := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(goldhtml.WithUnsafe()))
	if err := gfm.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(&b)
	if err != nil {
		t.Fatal(err)
	}
	for n := range doc.Descendants() {
		switch n.Type {
		case html.TextNode:
			text += n.Data
		case html.ElementNode:
			if !strings.Contains(" html head body p ", " "+n.Data+" ") {
				others = append(others, n.Data)
			}
		}
	}
	return strings.Join(strings.Fields(text), " "), others
}

// TestEscapedTextIsText: any printable line, at the start of a line or within
// one, comes out as it went in and makes no element.
func TestEscapedTextIsText(t *testing.T) {
	awkward := rapid.StringOf(rapid.RuneFrom([]rune("\\`*_{}[]()<>#+-=.!|~$&:;@/\"' 019aw\u00a0\u2028車")))
	words := rapid.SliceOfN(rapid.SampledFrom([]string{"1.", "12)", "-", "+", "#", "---", "===", "* *", "www.a.org", "https://a.org", "a@b.org",
		"&amp;", "&#35;", "<b>", "<!--", "![a](b)", "[ ]", "~~a~~", "`a`", "    a", "| a |"}), 0, 4)
	rapid.Check(t, func(t *rapid.T) {
		in := awkward.Draw(t, "text") + strings.Join(words.Draw(t, "words"), " ") + awkward.Draw(t, "more")
		want := strings.Join(strings.Fields(in), " ")
		for _, around := range [][2]string{{"", ""}, {"Before ", " after."}} {
			text, others := rendered(t, around[0]+mdLine(in)+around[1])
			if text != strings.TrimSpace(around[0]+want+around[1]) && text != strings.Join(strings.Fields(around[0]+want+around[1]), " ") {
				t.Fatalf("%q came out as %q", in, text)
			}
			if len(others) > 0 {
				t.Fatalf("%q made %v", in, others)
			}
		}
	})
}

// TestCodeSpansAreCode: any text in a code span comes out as it went in.
func TestCodeSpansAreCode(t *testing.T) {
	for _, in := range []string{"a.b", "`", "a`b", "``", "a|b", " a ", "<b>"} {
		text, others := rendered(t, "x "+mdProse(say(code(in)))+" y")
		if strings.ReplaceAll(text, `\|`, "|") != strings.Join(strings.Fields("x "+in+" y"), " ") || len(others) != 1 || others[0] != "code" {
			t.Errorf("%q came out as %q in %v", in, text, others)
		}
	}
}

// TestStrongNamesAreStrong: any name in bold comes out as it went in, in one
// element, wherever it stands.
func TestStrongNamesAreStrong(t *testing.T) {
	for _, in := range []string{"lane", "**", "*", "!", "-", "_", "a*", "*a", "(a)", "<b>", "`", "\\", "&amp;", "车!", "1."} {
		for _, around := range [][2]string{{"Build ", ": it drains."}, {"x", "y"}, {"", ""}, {"", "y"}} {
			text, others := rendered(t, around[0]+mdProse(say(strong(in)))+around[1])
			if text != around[0]+in+around[1] || len(others) != 1 || others[0] != "strong" {
				t.Errorf("%q within %q came out as %q in %v", in, around, text, others)
			}
		}
	}
	if got := mdProse(say(strong(" "))); got != "" {
		t.Errorf("an empty name came out as %q", got)
	}
}

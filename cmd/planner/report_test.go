package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	goldhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// hostile is a scenario whose every name would be markup if it were not
// escaped.
const hostile = `# <script>alert(0)</script> is *quoted* from the file | with [a link](https://example.com)
name: '<script>alert(1)</script> | *a* _b_ ` + "`c`" + ` [d](javascript:e) & #1 @all $x$ https://example.com'
streams:
  '<img src=x onerror=alert(2)>': {rate: 4/s}  # ASSUMED: <b>bold</b> | cell
  '1) back|log': {count: 300, at: 0s}
control_plane: {servers: 1, service: {mean: 100ms}}
objective: {drain_within: 2m, confidence: 99%}
designs:
  '<b>one</b> | *server* ~~x~~': {}
  '** ': {control_plane.servers: 2}
  '- [ ] </td></table><script>alert(3)</script>': {control_plane.service.mean: 90ms}
  '每區一條車道 "quoted" \(x\)': {control_plane.servers: 3}
`

var hostileDesigns = []string{"<b>one</b> | *server* ~~x~~", "**", "- [ ] </td></table><script>alert(3)</script>", `每區一條車道 "quoted" \(x\)`}

const hostileName = "<script>alert(1)</script> | *a* _b_ `c` [d](javascript:e) & #1 @all $x$ https://example.com"

// packOf writes the pack of a scenario and gives its folder.
func packOf(t *testing.T, scenario string, flags ...string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "in.yaml")
	if err := os.WriteFile(file, []byte(scenario), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	args := append([]string{"planner", "report", file, "-o", filepath.Join(dir, "pack"), "--replications", "100", "--adr"}, flags...)
	if code := run(context.Background(), args, &stdout, &stderr); code != exitDone {
		t.Fatalf("exit code %d\n%s", code, stderr.String())
	}
	return filepath.Join(dir, "pack")
}

func parsed(t *testing.T, page []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func fileOf(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestReportOfHostileNames looks at one pack from several sides.
func TestReportOfHostileNames(t *testing.T) {
	dir := packOf(t, hostile)
	for name, check := range map[string]func(*testing.T, string){
		"escapes": reportEscapes, "tables": reportTablesAreWhole, "page": reportPageStandsAlone,
	} {
		t.Run(name, func(t *testing.T) { check(t, dir) })
	}
}

// reportEscapes: what users wrote comes out of both formats as the text it
// is, and none of it becomes an element.
func reportEscapes(t *testing.T, dir string) {
	gfm := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(goldhtml.WithUnsafe()))
	for _, name := range []string{"report.md", "adr.md", "report.html"} {
		t.Run(name, func(t *testing.T) {
			page := fileOf(t, dir, name)
			if strings.HasSuffix(name, ".md") {
				var b bytes.Buffer
				if err := gfm.Convert(page, &b); err != nil {
					t.Fatal(err)
				}
				page = b.Bytes()
			}
			doc := parsed(t, page)
			for _, a := range []atom.Atom{atom.Script, atom.B, atom.Em, atom.Del, atom.A, atom.Input, atom.Iframe} {
				if n := len(elements(doc, a)); n > 0 {
					t.Errorf("%d elements %s", n, a)
				}
			}
			if h1 := elements(doc, atom.H1); len(h1) != 1 || !strings.Contains(content(h1[0]), hostileName) {
				t.Errorf("the title is not the scenario's name")
			}
			for _, d := range hostileDesigns {
				if !slices.ContainsFunc(elements(doc, atom.Strong), func(n *html.Node) bool { return content(n) == d }) {
					t.Errorf("the design %q is not there", d)
				}
			}
		})
	}
}

// reportTablesAreWhole: every row of every table has a cell for each
// heading, in both formats, and both have the same tables.
func reportTablesAreWhole(t *testing.T, dir string) {
	var b bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(fileOf(t, dir, "report.md"), &b); err != nil {
		t.Fatal(err)
	}
	inMarkdown, inHTML := tables(t, parsed(t, b.Bytes())), tables(t, parsed(t, fileOf(t, dir, "report.html")))
	if len(inMarkdown) < 5 {
		t.Errorf("%d tables", len(inMarkdown))
	}
	if !slices.EqualFunc(inMarkdown, inHTML, slices.Equal) {
		t.Errorf("the tables differ:\n%q\n%q", inMarkdown, inHTML)
	}
}

// tables are the cells of each table, row by row.
func tables(t *testing.T, doc *html.Node) [][]string {
	t.Helper()
	var all [][]string
	for _, table := range elements(doc, atom.Table) {
		var cells []string
		width := 0
		for i, row := range elements(table, atom.Tr) {
			n := 0
			for c := row.FirstChild; c != nil; c = c.NextSibling {
				if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
					cells = append(cells, content(c))
					n++
				}
			}
			if i == 0 {
				width = n
			}
			if n != width {
				t.Errorf("a row of %d cells under %d headings: %q", n, width, content(row))
			}
		}
		all = append(all, cells)
	}
	return all
}

// reportPageStandsAlone: the page asks for nothing, names each chart in
// words with numbers, and has a version of it for either ground.
func reportPageStandsAlone(t *testing.T, dir string) {
	doc := parsed(t, fileOf(t, dir, "report.html"))
	images := elements(doc, atom.Img)
	for _, n := range append(images, elements(doc, atom.Source)...) {
		source := attribute(n, "src") + attribute(n, "srcset")
		if !strings.HasPrefix(source, "data:image/svg+xml;base64,") || len(source) < 1000 {
			t.Errorf("%s shows %.60q", n.Data, source)
		}
	}
	for _, n := range images {
		if alt := attribute(n, "alt"); !strings.ContainsAny(alt, "0123456789") {
			t.Errorf("a chart says in words only %q", alt)
		}
	}
	charts, err := os.ReadDir(filepath.Join(dir, "charts"))
	if err != nil {
		t.Fatal(err)
	}
	if len(images) != len(charts) || len(images) != len(elements(doc, atom.Picture)) || len(charts) < 6 {
		t.Errorf("%d pictures in the page, %d in the folder", len(images), len(charts))
	}
	seen := map[string]bool{}
	for _, s := range elements(doc, atom.Section) {
		if id := attribute(s, "id"); id == "" || seen[id] {
			t.Errorf("section %q is there twice or has no name", id)
		} else {
			seen[id] = true
		}
		if len(elements(s, atom.H2)) != 1 {
			t.Errorf("section %q has no heading of its own", attribute(s, "id"))
		}
	}
	for _, forbidden := range []atom.Atom{atom.Link, atom.Script, atom.Iframe, atom.Object, atom.Form} {
		if n := len(elements(doc, forbidden)); n > 0 {
			t.Errorf("%d elements %s", n, forbidden)
		}
	}
}

// elements of a kind below a node, in the order of the document.
func elements(n *html.Node, kind atom.Atom) []*html.Node {
	var all []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.DataAtom == kind {
			all = append(all, d)
		}
	}
	return all
}

// content is the text below a node, in which it does not matter where lines
// may end.
func content(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "\u00a0", " "))
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

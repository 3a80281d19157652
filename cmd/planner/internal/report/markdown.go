package report

import (
	"embed"
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/template"
	"unicode"
	"unicode/utf8"
)

//go:embed templates
var templates embed.FS

// Markdown writes the pack as GitHub-flavoured Markdown, whose charts lie in
// the folder charts beside it.
func (p *Pack) Markdown(w io.Writer) error {
	if err := markdown.ExecuteTemplate(w, "report.md.tmpl", p.document()); err != nil {
		return fmt.Errorf("writing Markdown: %w", err)
	}
	return nil
}

var markdown = template.Must(template.New("").Funcs(template.FuncMap{
	"md": mdProse, "mdline": mdLine, "table": mdTable, "fence": mdFence,
}).ParseFS(templates, "templates/*.md.tmpl"))

// mdSpecial are the characters that could begin something in the middle of a
// line: emphasis, code, links, HTML, a table's cell, mathematics.
var mdSpecial = regexp.MustCompile("[\\\\`*_\\[\\]<>|~#$&]")

// mdLinks are what GitHub turns into links of itself: addresses and mentions.
var mdLinks = strings.NewReplacer("://", "&#58;//", "www.", "www&#46;", "WWW.", "WWW&#46;", "@", "&#64;")

// mdStart is what would make a list, a rule or the line below a heading of a
// line that begins with it.
var mdStart = regexp.MustCompile(`^\s*(?:[-+]|[-=]+|\d{1,9}[.)])(?:\s|$)`)

// mdEscape makes text come out as it is, in one line of Markdown.
func mdEscape(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }), " ")
	text = mdSpecial.ReplaceAllString(text, `\$0`)
	text = mdStart.ReplaceAllStringFunc(text, func(s string) string {
		at := strings.LastIndexAny(s, "-+=.)")
		return s[:at] + `\` + s[at:]
	})
	return mdLinks.Replace(text)
}

// mdLine is text that has a line to itself.
func mdLine(text string) string { return mdEscape(strings.TrimSpace(text)) }

func mdProse(p prose) string {
	var b strings.Builder
	for _, s := range p {
		switch {
		case s.Code:
			b.WriteString(mdCode(s.Text))
		case s.Strong:
			b.WriteString(mdStrong(strings.TrimSpace(s.Text)))
		default:
			b.WriteString(mdEscape(s.Text))
		}
	}
	return strings.TrimSpace(b.String())
}

// mdStrong sets text in bold. Asterisks next to punctuation begin and end
// nothing in some places (CommonMark 6.2), so that a name that begins or ends
// with it takes the element that they stand for.
func mdStrong(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	switch plain := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }; {
	case text == "":
		return ""
	case plain(first) && plain(last):
		return "**" + mdEscape(text) + "**"
	}
	return "<strong>" + mdEscape(text) + "</strong>"
}

// mdCode writes a code span, fenced by more backticks than it holds.
func mdCode(text string) string {
	ticks := strings.Repeat("`", longestRun(text)+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		text = " " + text + " "
	}
	return ticks + strings.ReplaceAll(text, "|", `\|`) + ticks
}

// longestRun of backticks in a text.
func longestRun(text string) int {
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

func mdFence(command string) string {
	ticks := strings.Repeat("`", max(3, longestRun(command)+1))
	return ticks + "sh\n" + command + "\n" + ticks + "\n"
}

func mdTable(g *grid) string {
	var b strings.Builder
	line := func(cells []string) { b.WriteString("| " + strings.Join(cells, " | ") + " |\n") }
	var head, rule []string
	for i, h := range g.Head {
		head = append(head, mdEscape(h))
		rule = append(rule, map[bool]string{true: ":--", false: "--:"}[g.IsLeft(i)])
	}
	line(head)
	line(rule)
	for _, row := range g.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, mdProse(c.Prose))
		}
		line(cells)
	}
	return b.String()
}

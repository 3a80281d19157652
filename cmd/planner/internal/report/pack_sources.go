package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"singlelane/cmd/planner/internal/scenario"
)

// sourceHead is over what the file says of where a number came from.
const sourceHead = "Source"

// assumptions lists every input and where it came from.
func (p *Pack) assumptions() part {
	given := p.given()
	intro := "Every number the answer rests on, as the scenario file gives it."
	if slices.Contains(given.Head, sourceHead) {
		intro += " The right-hand column is the comment that stands beside it in the file."
	}
	blocks := []block{text(intro)}
	if p.Sources.Head != "" {
		blocks = append(blocks, block{Quote: p.Sources.Head})
	}
	if len(p.Set) > 0 {
		t := &grid{Head: []string{"What-if", "Value"}, Left: []int{1}}
		for _, s := range p.Set {
			t.row(code(s.Key), s.Value)
		}
		blocks = append(blocks, text("These what-ifs were applied to every design and win over what the file says:"), block{Table: t})
	}
	blocks = append(blocks, block{Table: given})
	if t := p.variants(); len(t.Rows) > 0 {
		blocks = append(blocks, text("The designs are this scenario with some keys changed:"), block{Table: t})
	}
	if t := p.defaults(); len(t.Rows) > 0 {
		blocks = append(blocks, text("Left out of the file, and so at their defaults:"), block{Table: t})
	}
	return part{ID: "assumptions", Title: "Assumptions, and where each came from", Blocks: blocks}
}

func (p *Pack) given() *grid {
	t := &grid{Head: []string{"Key", "In the file", "Used", sourceHead}, Left: []int{1, 2, 3}}
	for _, a := range p.Sources.Given {
		if a.Key == "name" {
			continue // the title
		}
		t.row(code(a.Key), a.Value, p.used(a), a.Source)
	}
	return t.filled()
}

// used is the number that a range stands for, or the what-if that replaces the
// value.
func (p *Pack) used(a scenario.Assumption) string {
	for _, s := range p.Set {
		if s.Key == a.Key || strings.HasPrefix(a.Key, s.Key+".") {
			return "what-if"
		}
	}
	for _, u := range p.Used {
		if u.Key == a.Key && u.Design == "" {
			return shortened(u.Text)
		}
	}
	return ""
}

// shortened rounds a number with its unit for people; report.json has all of
// its digits.
func shortened(text string) string {
	end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("0123456789.", r) })
	if end < 0 {
		end = len(text)
	}
	x, err := strconv.ParseFloat(text[:end], 64)
	if err != nil || end <= len("0.12345") {
		return text
	}
	return significant(x) + text[end:]
}

func (p *Pack) variants() *grid {
	t := &grid{Head: []string{"Design", "Changes", sourceHead}, Left: []int{1, 2}}
	for _, v := range p.Sources.Designs {
		var changes []string
		for _, c := range v.Changes {
			changes = append(changes, c.Key+" = "+c.Value)
		}
		what := strings.Join(changes, "; ")
		if what == "" {
			what = "none: the scenario as it stands"
		}
		t.row(strong(v.Name), what, v.Source)
	}
	return t.filled()
}

func (p *Pack) defaults() *grid {
	t := &grid{Head: []string{"Key", "Default", "What it means"}, Left: []int{1, 2}}
	for _, a := range p.Sources.Defaults {
		t.row(code(a.Key), a.Value, a.Source)
	}
	return t
}

// reproduce says how to get the same bytes again.
func (p *Pack) reproduce() part {
	t := &grid{Head: []string{"File", "SHA-256"}, Left: []int{1}}
	t.row(code("scenario.yaml"), code(sum(p.Input.Scenario)))
	var outside []string
	for _, d := range p.Input.Data {
		t.row(code(d.Name), code(sum(d.Bytes)))
		if !d.Local {
			outside = append(outside, d.Name)
		}
	}
	what := "scenario.yaml is the file as it was read, byte for byte"
	if len(p.Set) > 0 {
		what += "; the what-ifs are in the command"
	}
	blocks := []block{
		text("In this folder, with planner " + p.Version + ":"),
		{Command: Shell(p.Command)},
		text(what + ". The same seed gives the same bytes on any number of cores."),
		{Table: t},
	}
	if len(outside) > 0 {
		blocks = append(blocks, text("Not copied, since outside the scenario's folder: "+strings.Join(outside, ", ")+"."))
	}
	return part{ID: "reproduce", Title: "How to reproduce", Blocks: blocks}
}

// Shell writes a command so that a POSIX shell reads it back.
func Shell(args []string) string {
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = a
		if a == "" || strings.ContainsFunc(a, func(r rune) bool {
			return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%_+=:,./-", r)
		}) {
			quoted[i] = "'" + strings.ReplaceAll(a, "'", `'\''`) + "'"
		}
	}
	return Printable(strings.Join(quoted, " "))
}

// footer is what stands below everything.
func (p *Pack) footer() prose {
	parts := fmt.Sprintf("planner %s, seed %d, %s and %s followed per design", p.Version, p.Result.Seed,
		counted(p.Result.Replications, "drain time"), counted(p.Result.Paths, "storm"))
	if p.Stamp != "" {
		parts += ", made on " + p.Stamp
	}
	return say(parts + ".")
}

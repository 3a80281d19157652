package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

// Pack is all that a review pack is made of.
type Pack struct {
	Result  *study.Result
	Choice  study.Recommendation
	Sense   *study.Sensitivity // of the design passed over, else of the one recommended; nil where nothing is uncertain or it was not asked for
	Unasked bool               // something is uncertain and what it does was not asked for
	Sources scenario.Provenance
	Moved   *Moved               // nil where nothing was varied
	Used    []scenario.Uncertain // numbers taken out of ranges
	Set     []scenario.Setting   // what-ifs that were applied to every design
	Input   Input
	Fewer   bool     // drain times were drawn than is usual, since storms took long
	Command []string // that makes the pack again from its own folder
	Version string
	Stamp   string // date to print; empty for none
	Method  study.Method
	Charts  []Picture
}

// Input is what was read.
type Input struct {
	Scenario []byte
	Data     []scenario.Data
}

// document puts the pack into words.
func (p *Pack) document() document {
	d := document{Title: p.Result.Name, Subtitle: "Architecture review of a recovery lane: drained " + p.target() + "?", Footer: p.footer()}
	for _, s := range []part{p.decision(), p.objective(), p.comparison(), p.charts(), p.moves(), p.sensitivity(), p.year(), p.stability(),
		p.assumptions(), p.method(), p.limits(), p.reproduce()} {
		if len(s.Blocks) > 0 {
			d.Sections = append(d.Sections, s)
		}
	}
	return d
}

// sentence makes a remark a sentence.
func sentence(text string) string {
	text = strings.TrimRight(text, ". ")
	if text == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[size:] + "."
}

// sum is the SHA-256 of a file in hexadecimal.
func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

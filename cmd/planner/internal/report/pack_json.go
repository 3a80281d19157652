package report

import (
	"io"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

type packJSON struct {
	runJSON
	Recommendation recommendationJSON `json:"recommendation"`
	Command        []string           `json:"command"`
	Inputs         []inputJSON        `json:"inputs"`
	Set            []settingJSON      `json:"what_ifs"`
	Assumptions    []assumptionJSON   `json:"assumptions"`
	Defaults       []assumptionJSON   `json:"defaults"`
	Ranges         []rangeJSON        `json:"ranges"`
	Charts         []chartJSON        `json:"charts"`
	Sensitivity    *packSenseJSON     `json:"sensitivity,omitempty"`
	Stamp          string             `json:"date,omitempty"`
}

type packSenseJSON struct {
	Design       string    `json:"design"`
	MeasureFirst string    `json:"measure_first"`
	Text         string    `json:"text"`
	Meets        number    `json:"meets_objective"` // share of the draws
	MeetsCI      interval  `json:"meets_objective_ci"`
	Breach       number    `json:"breach"` // over chance and ignorance
	P99          [3]number `json:"p99_s"`  // its P5, P50 and P95 over the draws
	Draws        int       `json:"draws"`

	Standing study.Standing `json:"standing"` // breach against the risk allowed
}

func (p *Pack) senseJSON() *packSenseJSON {
	d := p.sensed()
	if d == nil {
		return nil
	}
	return &packSenseJSON{d.Design, d.Inputs[d.First].Key, MeasureFirst(d, p.Result.Objective), number(d.Meets.Value), intervalOf(d.Meets),
		number(d.MeanBreach.Value), [3]number{number(d.P5.Value), number(d.P50.Value), number(d.P95.Value)}, d.Draws, d.Stands(p.Result.Objective)}
}

type recommendationJSON struct {
	Design   *string      `json:"design"`
	Ground   study.Ground `json:"ground"`
	RunnerUp *string      `json:"runner_up"`
	Passed   *string      `json:"passed_over"` // best at the middle of the ranges, but not robust over them
	Text     []string     `json:"text"`
}

type inputJSON struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
}

type settingJSON struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type assumptionJSON struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Source string `json:"source"`
}

type rangeJSON struct {
	Key    string `json:"key"`
	Design string `json:"design,omitempty"`
	Used   string `json:"used"`
}

type chartJSON struct {
	File    string `json:"file"`
	Alt     string `json:"alt"`
	Caption string `json:"caption"`
}

// JSON writes the document of the run and, beside it, what else the pack says.
func (p *Pack) JSON(w io.Writer) error {
	doc := packJSON{runJSON: documentOf(p.Result, p.Version), Command: p.Command, Stamp: p.Stamp, Sensitivity: p.senseJSON(),
		Assumptions: assumptionsOf(p.Sources.Given), Defaults: assumptionsOf(p.Sources.Defaults),
		Set: []settingJSON{}, Ranges: []rangeJSON{}, Charts: []chartJSON{}}
	doc.Recommendation = recommendationJSON{Design: nameOf(p.Choice.Design), Ground: p.Choice.Ground, RunnerUp: nameOf(p.Choice.RunnerUp), Passed: nameOf(p.Choice.PassedOver)}
	for _, s := range p.verdict() {
		doc.Recommendation.Text = append(doc.Recommendation.Text, s.plain())
	}
	doc.Inputs = append(doc.Inputs, inputJSON{"scenario.yaml", sum(p.Input.Scenario)})
	for _, d := range p.Input.Data {
		doc.Inputs = append(doc.Inputs, inputJSON{d.Name, sum(d.Bytes)})
	}
	for _, s := range p.Set {
		doc.Set = append(doc.Set, settingJSON{s.Key, s.Value})
	}
	for _, u := range p.Used {
		doc.Ranges = append(doc.Ranges, rangeJSON{u.Key, u.Design, u.Text})
	}
	for _, c := range p.Charts {
		doc.Charts = append(doc.Charts, chartJSON{"charts/" + c.Name, c.Alt, c.Caption})
	}
	return writeJSON(w, doc)
}

func nameOf(a *study.Answer) *string {
	if a == nil {
		return nil
	}
	return &a.Name
}

func assumptionsOf(all []scenario.Assumption) []assumptionJSON {
	out := []assumptionJSON{}
	for _, a := range all {
		out = append(out, assumptionJSON(a))
	}
	return out
}

// plain is the prose without its marks.
func (p prose) plain() string {
	text := ""
	for _, s := range p {
		if s.Strong {
			text += quoted(s.Text)
			continue
		}
		text += s.Text
	}
	return text
}

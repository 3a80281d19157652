package report

import (
	"fmt"
	"io"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

type sensitivityJSON struct {
	Scenario  string                  `json:"scenario"`
	Seed      uint64                  `json:"seed"`
	Version   string                  `json:"version"`
	Objective objectiveJSON           `json:"objective"`
	Designs   []designSensitivityJSON `json:"designs"`

	Interrupted bool `json:"interrupted,omitempty"` // designs are those that were finished by then
}

type designSensitivityJSON struct {
	Name         string           `json:"name"`
	MeasureFirst string           `json:"measure_first"` // the key
	Because      string           `json:"because"`
	Middle       middleJSON       `json:"middle"`
	Precision    *precisionJSON   `json:"precision,omitempty"` // the worst of the middle and all ends that were simulated
	Uncertainty  *uncertaintyJSON `json:"uncertainty"`         // null of a tornado alone
	Inputs       []unknownJSON    `json:"inputs"`
}

type middleJSON struct {
	Status study.Status `json:"status"`
	P99    number       `json:"p99_s"`
	Breach number       `json:"breach"`
	Drain  *lawJSON     `json:"drain"`
}

// uncertaintyJSON tells ignorance from chance; intervals are of the sampling.
type uncertaintyJSON struct {
	Draws     int           `json:"draws"`
	Points    int           `json:"sobol_points,omitempty"` // none where only chance and ignorance are told apart
	Simulated int           `json:"simulated_draws"`
	P99       spreadJSON    `json:"p99_s"`
	Breach    estimatedJSON `json:"breach"` // averaged over the draws
	Meets     estimatedJSON `json:"p_meets_objective"`
	Never     estimatedJSON `json:"p_never"`
}

// spreadJSON is the spread of P99 over the draws.
type spreadJSON struct {
	P5  number   `json:"p5"`
	P50 number   `json:"p50"`
	P95 number   `json:"p95"`
	CI  spreadCI `json:"ci"`
}

type spreadCI struct {
	P5  interval `json:"p5"`
	P50 interval `json:"p50"`
	P95 interval `json:"p95"`
}

type estimatedJSON struct {
	Value number   `json:"value"`
	CI    interval `json:"ci"`
}

type unknownJSON struct {
	Key    string     `json:"key"`
	Unit   string     `json:"unit"`
	Low    number     `json:"low"`
	Middle number     `json:"middle"`
	High   number     `json:"high"`
	P99    endsJSON   `json:"p99_s"`
	Breach endsJSON   `json:"breach"`
	Sobol  *sobolJSON `json:"sobol"` // null of a tornado alone
}

type endsJSON struct {
	AtLow  number `json:"at_low"`
	AtHigh number `json:"at_high"`
}

type sobolJSON struct {
	P99    indexJSON  `json:"p99_s"`
	Breach *indexJSON `json:"breach"` // null where P(T > objective) is the same for all draws
}

type indexJSON struct {
	First estimatedJSON `json:"first"`
	Total estimatedJSON `json:"total"`
}

func estimatedOf(e montecarlo.Estimate) estimatedJSON {
	return estimatedJSON{number(e.Value), intervalOf(e)}
}

func indexOf(x montecarlo.SobolIndex) indexJSON {
	return indexJSON{estimatedOf(x.First), estimatedOf(x.Total)}
}

func uncertaintyOf(g *study.Ignorance) uncertaintyJSON {
	return uncertaintyJSON{g.Draws, g.Points, g.Simulated,
		spreadJSON{number(g.P5.Value), number(g.P50.Value), number(g.P95.Value), spreadCI{intervalOf(g.P5), intervalOf(g.P50), intervalOf(g.P95)}},
		estimatedOf(g.MeanBreach), estimatedOf(g.Meets), estimatedOf(g.Never)}
}

// sobolOf are the indices of one input.
func sobolOf(d *study.DesignSensitivity, input int) *sobolJSON {
	if !d.Drawn() {
		return nil
	}
	weights := &sobolJSON{P99: indexOf(d.Of(study.P99)[input])}
	if d.Varies {
		x := indexOf(d.Of(study.Breach)[input])
		weights.Breach = &x
	}
	return weights
}

// SensitivityJSON writes the same as one document, in SI units.
func SensitivityJSON(w io.Writer, s *study.Sensitivity, version string) error {
	doc := sensitivityJSON{s.Name, s.Seed, version, objectiveJSON{number(s.Objective.Within), number(s.Objective.Confidence)}, nil, s.Interrupted}
	for i := range s.Designs {
		d := &s.Designs[i]
		out := designSensitivityJSON{Name: d.Design, MeasureFirst: d.Inputs[d.First].Key, Because: MeasureFirst(d, s.Objective),
			Middle: middleJSON{d.Middle.Status, number(study.P99.Of(&d.Middle).Value), number(study.Breach.Of(&d.Middle).Value), lawOf(d.Middle.Drain)}}
		if d.Worst != nil {
			out.Precision = precisionOf(d.Worst.Precision)
		}
		if d.Drawn() {
			u := uncertaintyOf(&d.Ignorance)
			out.Uncertainty = &u
		}
		for k, in := range d.Inputs {
			b := d.Bars[k]
			out.Inputs = append(out.Inputs, unknownJSON{in.Key, in.Unit, number(in.Low), number(in.Middle), number(in.High),
				endsJSON{number(b.P99[0].Value), number(b.P99[1].Value)}, endsJSON{number(b.Breach[0].Value), number(b.Breach[1].Value)},
				sobolOf(d, k)})
		}
		doc.Designs = append(doc.Designs, out)
	}
	return writeJSON(w, doc)
}

// SensitivityCSV writes one row an input and design, in SI units, without the
// Sobol indices where nothing was drawn.
func SensitivityCSV(w io.Writer, s *study.Sensitivity) error {
	head := []string{"design", "key", "unit", "low", "middle", "high", "p99_at_low_s", "p99_at_high_s", "breach_at_low", "breach_at_high"}
	metrics := []study.Metric{study.P99, study.Breach}
	if !s.Designs[0].Drawn() {
		metrics = nil
	}
	for _, m := range metrics {
		for _, x := range []string{"first", "total"} {
			for _, end := range []string{"", "_lo", "_hi"} {
				head = append(head, fmt.Sprintf("%s_%s%s", m, x, end))
			}
		}
	}
	rows := [][]string{head}
	for i := range s.Designs {
		d := &s.Designs[i]
		for k, in := range d.Inputs {
			b := d.Bars[k]
			row := []string{d.Design, in.Key, in.Unit}
			values := []float64{in.Low, in.Middle, in.High, b.P99[0].Value, b.P99[1].Value, b.Breach[0].Value, b.Breach[1].Value}
			for _, m := range metrics {
				x := d.Of(m)[k]
				values = append(values, x.First.Value, x.First.Lo, x.First.Hi, x.Total.Value, x.Total.Lo, x.Total.Hi)
			}
			for _, v := range values {
				row = append(row, field(v))
			}
			rows = append(rows, row)
		}
	}
	return writeCSV(w, rows)
}

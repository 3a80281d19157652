package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/queueing"
)

// Drain is the answer about one lane, or several alike, by itself.
type Drain struct {
	Law         *study.Law // nil if it never drains
	Lanes       int
	Within      float64 // s; NaN if no chance of a breach was asked for
	Sustainable float64 // 1/s, per lane, below which it drains
	Arrivals    float64 // 1/s, per lane, in the long run
	At          []float64
	Seed        uint64
	Interrupted bool // the law is of what was simulated by then
}

type drainJSON struct {
	Status string `json:"status"`
	Why    string `json:"status_reason,omitempty"`
	lawJSON
	Lanes  int         `json:"lanes"`
	Within *number     `json:"within_s,omitempty"`
	Error  *number     `json:"abs_error,omitempty"`
	Atoms  []atomJSON  `json:"atoms,omitempty"`
	CDF    []pointJSON `json:"cdf"`
	Seed   *uint64     `json:"seed,omitempty"`

	Interrupted bool `json:"interrupted,omitempty"` // the law is of what was simulated by then
}

type atomJSON struct {
	T number `json:"t_s"`
	P number `json:"p"`
}

type pointJSON struct {
	T    number    `json:"t_s"`
	P    number    `json:"p"`
	Tail number    `json:"tail"`
	CI   *interval `json:"tail_ci,omitempty"`

	AtMost *number `json:"tail_at_most,omitempty"` // where theory leaves tail no digits
}

// JSON writes the answer as one document.
func (d *Drain) JSON(w io.Writer) error {
	doc := drainJSON{Status: string(study.Drains), Lanes: d.Lanes, CDF: []pointJSON{}, Interrupted: d.Interrupted}
	if !math.IsNaN(d.Within) {
		x := number(d.Within)
		doc.Within = &x
	}
	if d.Law == nil {
		doc.Status, doc.Why = string(study.Never), d.never()
		doc.lawJSON = *neverLaw(d.Within)
		for _, t := range d.At {
			doc.CDF = append(doc.CDF, pointJSON{T: number(t), Tail: 1})
		}
		return writeJSON(w, doc)
	}
	doc.lawJSON = *lawOf(d.Law)
	if t := d.Law.Theory; t != nil {
		x := number(t.AbsError)
		doc.Error = &x
		for _, a := range t.Atoms {
			doc.Atoms = append(doc.Atoms, atomJSON{number(a.At), number(a.Mass)})
		}
	} else {
		doc.Seed = &d.Seed
	}
	for _, t := range d.At {
		p, tail := d.Law.CDF(t)
		point := pointJSON{T: number(t), P: number(p.Value), Tail: number(tail.Value)}
		if tail.N > 0 {
			ci := intervalOf(tail)
			point.CI = &ci
		}
		if bound := d.Law.Bound(t); bound > 0 {
			x := number(bound)
			point.AtMost = &x
		}
		doc.CDF = append(doc.CDF, point)
	}
	return writeJSON(w, doc)
}

// neverLaw has no finite time, and breaches for certain.
func neverLaw(within float64) *lawJSON {
	x := number(math.Inf(1))
	j := &lawJSON{Method: "closed-form", Quality: "exact", Reason: "the long-run arrivals reach the capacity",
		Mean: x, SD: x, P50: x, P90: x, P99: x, P999: x, CVaR99: x, Breach: 1}
	if math.IsNaN(within) {
		j.Breach = number(math.NaN())
	}
	return j
}

func (d *Drain) never() string {
	if d.Arrivals < d.Sustainable*(1-queueing.Decimals) {
		return "a pattern that repeats overloads the lane each time"
	}
	return fmt.Sprintf("in the long run %s requests/s arrive at a lane that can serve %s/s", significant(d.Arrivals), significant(d.Sustainable))
}

// CSV writes the distribution function, a row for each time.
func (d *Drain) CSV(w io.Writer) error {
	rows := [][]string{{"t_s", "p", "tail", "tail_lo", "tail_hi"}}
	for _, t := range d.At {
		if d.Law == nil {
			rows = append(rows, []string{field(t), "0", "1", "", ""})
			continue
		}
		p, tail := d.Law.CDF(t)
		rows = append(rows, []string{field(t), field(p.Value), field(tail.Value), field(tail.Lo), field(tail.Hi)})
	}
	return writeCSV(w, rows)
}

// Text writes the answer for a person: what happens, how that is known, and
// the distribution.
func (d *Drain) Text(w io.Writer, s Style) error {
	var b strings.Builder
	b.WriteString(s.cutShort(d.Interrupted))
	if d.Law == nil {
		fmt.Fprintf(&b, "%s: %s\n", s.paint(red, "NEVER DRAINS"), d.never())
		_, err := io.WriteString(w, b.String())
		return err
	}
	l := d.Law
	u := unitFor(l.P999.Value, l.Mean.Value).telling(l.SD.Value)
	fmt.Fprintf(&b, "drained after %s %s in the mean; %s of 100 times by %s %s\n",
		u.in(l.Mean.Value), u.name, "99", u.in(l.P99.Value), u.name)
	if !math.IsNaN(d.Within) {
		within := unitFor(d.Within)
		fmt.Fprintf(&b, "P(later than %s %s) %s\n", within.in(d.Within), within.name, d.breach())
	}
	fmt.Fprintf(&b, "%s, by %s: %s\n", l.Quality, l.Method, l.Reason)
	writePrecise(&b, l, "")
	b.WriteString("\n")
	if err := d.figures(u).write(&b); err != nil {
		return err
	}
	if len(d.At) > 0 {
		b.WriteString("\n")
		if err := d.points(u).write(&b); err != nil {
			return err
		}
	}
	if l.N > 0 {
		fmt.Fprintf(&b, "\n%s simulated, 95 %% confidence, seed %d\n", counted(l.N, "storm"), d.Seed)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// breach is its chance, or a bound where theory leaves it no digits.
func (d *Drain) breach() string {
	if x := d.Law.AtMost; x > 0 {
		return "< " + upwards(100*x) + " %"
	}
	return "= " + chance(d.Law.Breach)
}

// telling is the unit with as many decimals as show two digits of a spread.
func (u unit) telling(spread float64) unit {
	if x := spread / u.seconds; x > 0 && !math.IsInf(x, 1) {
		u.decimals = min(max(u.decimals, 1-int(math.Floor(math.Log10(x)))), 9)
	}
	return u
}

func (d *Drain) figures(u unit) *table {
	l, t := d.Law, &table{}
	t.add("time, "+u.name, "mean", "sd", "P50", "P90", "P99", "P99.9", "mean of worst 1 %")
	t.add("", u.in(l.Mean.Value), u.in(l.SD.Value), u.in(l.P50.Value), u.in(l.P90.Value), u.in(l.P99.Value), u.in(l.P999.Value), u.in(l.CVaR99.Value))
	if l.N > 0 {
		t.add("from", u.in(l.Mean.Lo), u.in(l.SD.Lo), u.in(l.P50.Lo), u.in(l.P90.Lo), u.in(l.P99.Lo), u.in(l.P999.Lo), u.in(l.CVaR99.Lo))
		t.add("to", u.in(l.Mean.Hi), u.in(l.SD.Hi), u.in(l.P50.Hi), u.in(l.P90.Hi), u.in(l.P99.Hi), u.in(l.P999.Hi), u.in(l.CVaR99.Hi))
	}
	return t
}

func (d *Drain) points(u unit) *table {
	t := &table{}
	head := []string{"t, " + u.name, "P(T <= t)", "P(T > t)"}
	if d.Law.N > 0 {
		head = append(head, "from", "to")
	}
	t.add(head...)
	for _, x := range d.At {
		p, tail := d.Law.CDF(x)
		row := []string{u.in(x), share(p.Value), share(tail.Value)}
		if bound := d.Law.Bound(x); bound > 0 {
			row[2] = "< " + upwards(bound)
		}
		if d.Law.N > 0 {
			row = append(row, share(tail.Lo), share(tail.Hi))
		}
		t.add(row...)
	}
	return t
}

// upwards rounds a small bound up to two digits.
func upwards(x float64) string {
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return fmt.Sprintf("%.1e", math.Ceil(x/unit)*unit)
}

// share shows a probability with six digits after the point, or its first
// six where it is small.
func share(p float64) string {
	if p > 0 && p < 1e-4 {
		return fmt.Sprintf("%.5e", p)
	}
	return fmt.Sprintf("%.6f", p)
}

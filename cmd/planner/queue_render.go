package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"singlelane/queueing/steady"
)

// queueLabels say each JSON key in words.
var queueLabels = map[string]string{
	"fewest_servers":                 "fewest servers for the target",
	"fewest_zones":                   "fewest zones for the target",
	"most_customers":                 "most customers for the target",
	"fewest_customers":               "fewest customers for the target",
	"p_unavailable":                  "share of the time with too few up",
	"nines":                          "nines of availability",
	"down_a_year_s":                  "expected in a year of 365.25 days",
	"square_root_servers":            "servers by the square-root rule",
	"largest_rate_for_target_per_s":  "largest arrival rate for the target",
	"largest_sustainable_rate_per_s": "largest sustainable arrival rate",
	"rho":                            "offered load of a server",
	"utilisation":                    "utilisation of a server",
	"p0":                             "probability of an empty system",
	"p_wait":                         "probability of waiting",
	"p_block":                        "probability of being refused",
	"p_abandon":                      "probability of giving up",
	"l":                              "mean number in the system",
	"lq":                             "mean number waiting",
	"w_s":                            "mean time in the system",
	"wq_s":                           "mean wait",
	"throughput_per_s":               "throughput",
	"orbit":                          "mean number in the orbit",
	"goodput_per_s":                  "requests answered in time",
	"p_lost":                         "share of requests never answered in time",
	"tipping_per_s":                  "tipping load: overload can last above it",
	"tipping_backlog":                "in the lane from which overload lasts",
	"p_overloaded":                   "share of the time with as many or more",
	"escape_s":                       "escape from overload, mean",
	"escape_sd_s":                    "escape from overload, standard deviation",
	"mean_drain_s":                   "drain of lane and orbit, mean",
	"drain_sd_s":                     "drain of lane and orbit, standard deviation",
	"mean_fill_s":                    "until a calm lane is full, mean",
	"wq_p50_s":                       "wait, median",
	"wq_p90_s":                       "wait, 90 % wait no longer",
	"wq_p99_s":                       "wait, 99 % wait no longer",
	"w_p50_s":                        "time in the system, median",
	"w_p90_s":                        "time in the system, 90 % take no longer",
	"w_p99_s":                        "time in the system, 99 % take no longer",
	"wait_quantiles":                 "quantiles of the wait",
	"wait_s":                         "a wait of",
	"p_wait_over":                    "is exceeded with probability",
	"sojourn_s":                      "a time in the system of",
	"p_sojourn_over":                 "is exceeded with probability",
	"elasticity_w":                   "1 % more load lengthens W by",
	"elasticity_p_block":             "1 % more load raises the refusals by",
	"last_customer_adds_per_s":       "throughput that the last customer adds",
	"capacity_per_s":                 "rounds that the bottleneck can do",
	"wq_sd_s":                        "standard deviation of the wait",
	"throughput_low_per_s":           "throughput, balanced bound from below",
	"throughput_high_per_s":          "throughput, balanced bound from above",
	"knee_customers":                 "customers beyond which some must wait",
	"cycle_s":                        "mean round, thinking included",
	"thinking":                       "mean number that think",
	"bottleneck":                     "bottleneck",
	"approximation":                  "formula",
}

// isProbability tells which keys are shown in per cent.
func isProbability(key string) bool {
	return key == "rho" || key == "utilisation" || key == "p0" || strings.HasPrefix(key, "p_")
}

// show is a row's value for people, to six significant digits.
func (r queueRow) show() string { return r.showTo(6) }

// showTo is a row's value for people, to n significant digits.
func (r queueRow) showTo(n int) string {
	digits := func(x float64) string { return strconv.FormatFloat(x, 'g', n, 64) }
	switch {
	case r.missing || r.text != "":
		return r.text
	case math.IsInf(r.value, 1) && r.key == "tipping_backlog":
		return "none"
	case math.IsInf(r.value, 1) && r.isPassage():
		return "over 1e308 s"
	case math.IsInf(r.value, 1):
		return "unbounded"
	case strings.HasSuffix(r.key, "_per_s"):
		return digits(r.value) + "/s"
	case strings.HasSuffix(r.key, "_s") && math.Abs(r.value) < 1e-12: // no clock tells it from none
		return "0 s"
	case strings.HasSuffix(r.key, "_s"):
		name, seconds := timeUnit(r.value)
		return digits(r.value/seconds) + " " + name
	case r.counts():
		return strconv.Itoa(int(r.value))
	case strings.HasPrefix(r.key, "elasticity"):
		return digits(r.value) + " %"
	case isProbability(r.key) && (r.value >= 1e-6 || r.value == 0):
		return digits(100*r.value) + " %"
	}
	return digits(r.value)
}

// isPassage tells whether the value is a time from one state to another, which
// may be too long for a number but does end.
func (r queueRow) isPassage() bool {
	return slices.Contains([]string{"escape_s", "escape_sd_s", "mean_drain_s", "drain_sd_s", "mean_fill_s"}, r.key)
}

// counts tells whether the value is a whole number of things.
func (r queueRow) counts() bool {
	return r.key == "tipping_backlog" && !math.IsInf(r.value, 1) || strings.HasSuffix(r.key, "_servers") || r.key == "fewest_zones" || strings.HasSuffix(r.key, "st_customers")
}

// digits shows six significant digits.
func digits(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// timeWords shows a time in the unit that gives it one to three digits before
// the point.
func timeWords(s float64) string {
	name, seconds := timeUnit(s)
	return digits(s/seconds) + " " + name
}

// timeUnit is the unit for a time, with its seconds.
func timeUnit(s float64) (name string, seconds float64) {
	for _, u := range []struct {
		name    string
		seconds float64
	}{{"yr", secondsAYear}, {"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}, {"ms", 1e-3}, {"us", 1e-6}} {
		if s >= 2*u.seconds || s >= u.seconds && u.seconds <= 1 {
			return u.name, u.seconds
		}
	}
	return "s", 1
}

// text prints the answer for people: what it is, the measures, the parts.
func (a *queueAnswer) text(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", a.spec.name, a.spec.line)
	if a.spec.rows != nil { // nothing queues in zones
		fmt.Fprintf(&b, "%s\n", a.verdict())
	}
	for _, n := range a.notes {
		fmt.Fprintf(&b, "%s\n", n)
	}
	b.WriteByte('\n')
	var cells [][]string
	var without strings.Builder
	for _, r := range a.rows {
		if r.key == "wait_quantiles" { // a sentence, too long for a cell
			fmt.Fprintf(&without, "%s: %s\n", queueLabels[r.key], r.text)
			continue
		}
		cells = append(cells, []string{queueLabels[r.key], r.key, r.show()})
	}
	layOut(&b, cells, false)
	b.WriteString(without.String())
	for _, g := range a.groups {
		b.WriteByte('\n')
		layOut(&b, narrowed(g.cells()), true)
	}
	if len(a.states) > 0 {
		b.WriteByte('\n')
		cells := [][]string{{"n", "P(n)", "P(more)"}}
		for n, p := range a.states {
			cells = append(cells, []string{strconv.Itoa(n), digits(p), digits(a.beyond[n])})
		}
		layOut(&b, cells, true)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (a *queueAnswer) verdict() string {
	if a.told != "" {
		return a.told
	}
	if a.status == steady.Saturated {
		return "saturated: more is offered than can be served; the queue grows without bound"
	}
	return "stable"
}

// narrowed leaves out the columns that others imply, one by one, while a table
// is wider than 100 characters; JSON has them all.
func narrowed(cells [][]string) [][]string {
	for _, title := range []string{"throughput", "lq", "l", "rho"} {
		column := slices.Index(cells[0], title)
		if widthOf(cells) <= 100 || column < 0 {
			continue
		}
		for i, line := range cells {
			cells[i] = slices.Delete(line, column, column+1)
		}
	}
	return cells
}

// widthOf is the width of a table as laid out.
func widthOf(cells [][]string) int {
	width := -2
	for i := range cells[0] {
		most := 0
		for _, line := range cells {
			most = max(most, utf8.RuneCountInString(line[i]))
		}
		width += most + 2
	}
	return width
}

// cells is the table of classes or stations, its columns named by key.
func (g queueGroup) cells() [][]string {
	var head []string
	for _, r := range g.parts[0] {
		head = append(head, strings.TrimSuffix(strings.TrimSuffix(r.key, "_per_s"), "_s"))
	}
	head[0] = map[string]string{"classes": "class", "stations": "station"}[g.kind]
	cells := [][]string{head}
	for _, p := range g.parts {
		var line []string
		for _, r := range p {
			line = append(line, r.showTo(4))
		}
		cells = append(cells, line)
	}
	return cells
}

// layOut writes a table, columns two spaces apart: the first column flush
// left, the others flush right if they hold numbers.
func layOut(b *strings.Builder, cells [][]string, numbers bool) {
	var widths []int
	for _, row := range cells {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(c)))
		}
	}
	for _, row := range cells {
		var line strings.Builder
		for i, c := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(c)))
			if i > 0 {
				line.WriteString("  ")
			}
			if numbers && i > 0 {
				line.WriteString(pad + c)
			} else {
				line.WriteString(c + pad)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
	}
}

// queueObject is a JSON object whose keys keep their order. Numbers that are
// infinite become null.
type queueObject []queueField

type queueField struct {
	key   string
	value any
}

func (o queueObject) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		value := f.value
		if x, ok := value.(float64); ok && (math.IsInf(x, 0) || math.IsNaN(x)) {
			value = nil
		}
		text, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%q:%s", f.key, text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func (o *queueObject) addRows(rows []queueRow) {
	for _, r := range rows {
		switch {
		case r.text != "":
			*o = append(*o, queueField{r.key, r.text})
		case r.counts():
			*o = append(*o, queueField{r.key, int(r.value)})
		default:
			*o = append(*o, queueField{r.key, r.value})
		}
	}
}

// object is the answer as JSON, seconds and rates per second.
func (a *queueAnswer) object() queueObject {
	o := queueObject{{"model", a.spec.name}, {"status", a.status.String()}}
	o.addRows(a.rows)
	for _, g := range a.groups {
		parts := []queueObject{}
		for _, p := range g.parts {
			var one queueObject
			one.addRows(p)
			parts = append(parts, one)
		}
		o = append(o, queueField{g.kind, parts})
	}
	if a.states != nil {
		o = append(o, queueField{"p", a.states})
	}
	return o
}

func writeQueueJSON(w io.Writer, o queueObject) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(o)
}

// writeQueueCSV writes one line a row of SI numbers; what is infinite or
// missing is empty.
func writeQueueCSV(w io.Writer, head []string, lines [][]string) error {
	c := csv.NewWriter(w)
	if err := c.WriteAll(append([][]string{head}, lines...)); err != nil {
		return err
	}
	return c.Error()
}

// csvCell is a value as CSV.
func (r queueRow) csvCell() string {
	switch {
	case r.text != "":
		return r.text
	case r.missing || math.IsInf(r.value, 0):
		return ""
	}
	return strconv.FormatFloat(r.value, 'g', -1, 64)
}

// csv is the answer as one line.
func (a *queueAnswer) csv(w io.Writer) error {
	head, line := []string{"status"}, []string{a.status.String()}
	for _, r := range a.rows {
		head, line = append(head, r.key), append(line, r.csvCell())
	}
	return writeQueueCSV(w, head, [][]string{line})
}

package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Samples is one series of a Prometheus answer: its role and its values at
// instants in ns since 1970, increasing. A counter may be reset; a series may
// have gaps.
type Samples struct {
	Role   Role // Arrivals, Completed or Depth
	Name   string
	Times  []int64
	Values []float64
}

func isPrometheus(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 0 && (head[0] == '{' || head[0] == '[')
}

// promAnswer is the answer of the HTTP API's query_range.
type promAnswer struct {
	Status    string `json:"status"`
	ErrorType string `json:"errorType"`
	Error     string `json:"error"`
	Data      struct {
		ResultType string `json:"resultType"`
		Result     []struct {
			Metric map[string]string    `json:"metric"`
			Values [][2]json.RawMessage `json:"values"`
		} `json:"result"`
	} `json:"data"`
}

// readPrometheus reads one answer, or several one after the other.
func readPrometheus(name string, in *bufio.Reader, o Options) (*Trace, error) {
	decoder := json.NewDecoder(in)
	var all []Samples
	var notes []string
	for n := 1; ; n++ {
		var a promAnswer
		err := decoder.Decode(&a)
		if errors.Is(err, io.EOF) && n > 1 {
			break
		}
		var syntax *json.SyntaxError
		switch {
		case stopped(err):
			return nil, err
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, faulty(name, 0, "", "", "the JSON ends too early")
		case errors.As(err, &syntax):
			return nil, faulty(name, 0, "", "", "is not JSON: byte %d: %v", syntax.Offset, err)
		case err != nil:
			return nil, faulty(name, 0, "", "write what /api/v1/query_range answers", "is not an answer of Prometheus: %v", err)
		case a.Status == "":
			return nil, faulty(name, 0, "", "write what /api/v1/query_range answers", "is not an answer of Prometheus: it has no status")
		case a.Status != "success":
			return nil, faulty(name, 0, "", "", "Prometheus answered %s: %s", clean(a.Status), clean(a.Error))
		case a.Data.ResultType != "matrix":
			return nil, faulty(name, 0, "", "ask query_range, not query", "the answer is a %s, want a matrix", clean(a.Data.ResultType))
		}
		for k, s := range a.Data.Result {
			one, err := promSeries(name, n, k, s.Metric, s.Values)
			if err != nil {
				return nil, err
			}
			role, ok := o.Columns.promRole(one.Name)
			if !ok {
				notes = append(notes, "left out: "+one.Name)
				continue
			}
			one.Role = role
			notes = append(notes, fmt.Sprintf("series taken: %s as %s", one.Name, role))
			all = append(all, one)
		}
	}
	out, err := FromSamples(name, all)
	if err != nil {
		return nil, err
	}
	out.Notes = append(notes, out.Notes...)
	return out, nil
}

// promRole guesses the role of a metric by its name.
func (c Columns) promRole(name string) (Role, bool) {
	roles := []Role{Arrivals, Completed, Depth}
	if len(c) > 0 {
		for _, r := range roles {
			if want := c[r]; want != "" && (want == name || want == strings.SplitN(name, "{", 2)[0]) {
				return r, true
			}
		}
		return "", false
	}
	words := map[Role][]string{
		Completed: {"complet", "processed", "served", "done", "finish", "departure"},
		Depth:     {"depth", "backlog", "length", "pending", "queue_size", "in_flight", "inflight", "outstanding", "waiting"},
		Arrivals:  {"arriv", "enqueue", "received", "submitted", "requests", "accepted"},
	}
	for _, r := range []Role{Completed, Depth, Arrivals} {
		for _, w := range words[r] {
			if strings.Contains(name, w) {
				return r, true
			}
		}
	}
	return "", false
}

// promSeries reads one series.
func promSeries(file string, answer, index int, metric map[string]string, values [][2]json.RawMessage) (Samples, error) {
	s := Samples{Name: clean(metric["__name__"] + labels(metric))}
	for i, pair := range values {
		where := fmt.Sprintf("answer %d, series %d, sample %d", answer, index+1, i+1)
		var at float64
		var text string
		if json.Unmarshal(pair[0], &at) != nil || json.Unmarshal(pair[1], &text) != nil {
			return s, faulty(file, 0, "", "", "%s is not [seconds, \"value\"]", where)
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !(math.Abs(at) < maxStamp/1e9) {
			return s, faulty(file, 0, "", "", "%s: %s is not a number", where, clean(text))
		}
		ns := int64(math.Round(at*1e3)) * 1e6 // Prometheus keeps milliseconds
		if n := len(s.Times); n > 0 && ns <= s.Times[n-1] {
			return s, faulty(file, 0, "", "", "%s does not come after the one before it", where)
		}
		s.Times, s.Values = append(s.Times, ns), append(s.Values, x)
	}
	return s, nil
}

func labels(metric map[string]string) string {
	var all []string
	for k, v := range metric {
		if k != "__name__" {
			all = append(all, k+"="+v)
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.Sort(all)
	return "{" + strings.Join(all, ",") + "}"
}

// sound drops samples that are no number, which a gauge may be: they are gaps.
func (s *Samples) sound(file string) error {
	times, values := s.Times[:0:0], s.Values[:0:0]
	for i, x := range s.Values {
		switch {
		case math.IsNaN(x):
			continue
		case math.IsInf(x, 0) || x < 0 || x > 1e15:
			return faulty(file, 0, s.Name, "counters and depths are 0 or more", "sample %d, %v, is out of range", i+1, x)
		case s.Times[i] < 0 || float64(s.Times[i]) > maxStamp:
			return faulty(file, 0, s.Name, "", "sample %d lies outside the years 1970 to 2095", i+1)
		}
		times, values = append(times, s.Times[i]), append(values, x)
	}
	s.Times, s.Values = times, values
	return nil
}

// FromSamples puts series together on the instants that all of them have;
// those of one role add up. Counters become counts per interval before that,
// so that a reset of one does not hide in a sum.
// The error is of type [*Faults].
func FromSamples(name string, all []Samples) (*Trace, error) {
	if len(all) == 0 {
		return nil, faulty(name, 0, "", "name the series by --arrivals, --completed or --depth", "has no series of arrivals, completions or depth")
	}
	for i := range all {
		if err := all[i].sound(name); err != nil {
			return nil, err
		}
	}
	common := slices.Clone(all[0].Times)
	for _, s := range all[1:] {
		common = meet(common, s.Times)
	}
	if len(common) < 2 {
		return nil, faulty(name, 0, "", "ask for all series with the same range and step", "the series have %d instants in common, at least 2 are needed", len(common))
	}
	out := &Trace{Name: name, Format: Prometheus, Rows: len(common), Series: &Series{Times: common}}
	s := out.Series
	for _, one := range all {
		switch one.Role {
		case Depth:
			s.Depth = plus(s.Depth, one.at(common))
		default:
			if !isCounter(one.Values) && slices.Max(one.Values) > 0 {
				return nil, faulty(name, 0, one.Name, "query the counter itself, not its rate()", "falls again and again: it is not a counter")
			}
			counts, resets := one.counts(common)
			s.Resets += resets
			if one.Role == Arrivals {
				s.Arrived = plus(s.Arrived, counts)
			} else {
				s.Completed = plus(s.Completed, counts)
			}
		}
	}
	s.derive()
	s.findGaps()
	out.settle()
	return out, nil
}

// meet keeps what two increasing lists have in common.
func meet(a, b []int64) []int64 {
	out := a[:0:0]
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			out = append(out, a[i])
			i++
			j++
		}
	}
	return out
}

func plus(sum, more []float64) []float64 {
	if sum == nil {
		return more
	}
	for i := range sum {
		sum[i] += more[i]
	}
	return sum
}

// at picks the values at instants that the series has.
func (s *Samples) at(times []int64) []float64 {
	out, k := make([]float64, len(times)), 0
	for i, t := range times {
		for s.Times[k] < t {
			k++
		}
		out[i] = s.Values[k]
	}
	return out
}

// counts adds up the increments between instants that the series has.
func (s *Samples) counts(times []int64) ([]float64, int) {
	steps, resets := increments(s.Values)
	out, k := make([]float64, len(times)-1), 0
	for s.Times[k] < times[0] {
		k++
	}
	for i := range out {
		for ; s.Times[k] < times[i+1]; k++ {
			out[i] += steps[k]
		}
	}
	return out, resets
}

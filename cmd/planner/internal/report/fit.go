package report

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"singlelane/cmd/planner/internal/fit"
)

// Fit is what was found in measured data, ready to be written.
type Fit struct {
	*fit.Fit
	Version string
}

// YAML writes the scenario fragment: comments say how each number was found
// and how good the fit is.
func (f Fit) YAML(w io.Writer) error {
	var b strings.Builder
	f.head(&b)
	if f.Arrivals != nil {
		b.WriteString("streams:\n")
		f.streams(&b)
	}
	if f.Service != nil && f.Servers != nil {
		b.WriteString("control_plane:\n")
		f.controlPlane(&b)
	}
	if r := f.Balance; !math.IsNaN(r.Value) {
		comment(&b, "", fmt.Sprintf("arrivals less completions: %s/s [%s, %s] over the whole trace", significant(r.Value), significant(r.Lo), significant(r.Hi)))
	}
	for _, text := range f.Warnings {
		comment(&b, "", "warning: "+text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// head says what was fitted and what its times mean.
func (f Fit) head(b *strings.Builder) {
	t := f.Trace
	what := "requests"
	if t.Series != nil {
		what = "instants"
	}
	comment(b, "", fmt.Sprintf("fitted by planner %s from %s: %s %s over %s", f.Version, oneLine(t.Name), thousands(float64(t.Rows)), what, Duration(f.Span)))
	comment(b, "", "low..high is a 90 % interval; t = 0 is "+f.when(f.Incident))
}

// when says an instant of the trace.
func (f Fit) when(at float64) string {
	if f.Trace.Relative {
		return trim(at+float64(f.Trace.Origin.UnixNano())/1e9) + " s on the log's clock"
	}
	return f.Trace.Origin.Add(time.Duration(at * 1e9)).Format(time.RFC3339)
}

func (f Fit) streams(b *strings.Builder) {
	a := f.Arrivals
	yamlLine(b, 1, "baseline: {rate: "+rateRange(a.Rate)+"}")
	comment(b, "  ", fmt.Sprintf("%s; variance over mean %s (1: Poisson); AIC %s", counted(a.N, "arrival"), significant(a.Dispersion), modelWords(a.Models)))
	if s := a.Surge; s != nil {
		yamlLine(b, 1, "surge: "+surgeKeys(s))
		comment(b, "  ", f.surgeWords(s))
	}
	if n := f.Backlog(); n >= 1 {
		yamlLine(b, 1, fmt.Sprintf("backlog: {count: %.0f, at: 0s}", n))
		comment(b, "  ", "requests in the lane at t = 0, as measured")
	}
}

func surgeKeys(s *fit.Surge) string {
	count := countRange(s.Count)
	switch s.Law {
	case fit.UniformDelay:
		return fmt.Sprintf("{count: %s, at: 0s, over: %s}", count, timeRange(s.Delay))
	case fit.LognormalDelay:
		return fmt.Sprintf("{count: %s, delay: lognormal, mean_delay: %s, delay_cv: %s}", count, timeRange(s.Delay), plainRange(s.CV))
	}
	return fmt.Sprintf("{rate: %s, decay: %s}", rateRange(s.Amplitude), timeRange(s.Delay))
}

func (f Fit) surgeWords(s *fit.Surge) string {
	begins := "given"
	if s.Found {
		begins = "found where the rate rises most"
		if s.Law == fit.LognormalDelay {
			begins = "found where the likelihood is greatest"
		}
	}
	return fmt.Sprintf("%s delays, %s requests in all [%s, %s]; it begins at %s, %s", s.Law, significant(s.Count.Value), significant(s.Count.Lo), significant(s.Count.Hi), f.when(s.Begins), begins)
}

func (f Fit) controlPlane(b *strings.Builder) {
	yamlLine(b, 1, "servers: "+strconv.Itoa(f.Servers.Count))
	comment(b, "  ", f.Servers.Reason)
	yamlLine(b, 1, "service: {"+serviceKeys(f.Service)+"}")
	comment(b, "  ", serviceWords(f.Service))
	if o := f.Order; o != nil {
		if o.Discipline != "" {
			yamlLine(b, 1, "discipline: "+o.Discipline)
			comment(b, "  ", o.Words)
		} else {
			comment(b, "  ", "discipline "+o.Words)
		}
	}
	if !math.IsNaN(f.Usage) {
		comment(b, "  ", "utilisation "+percent(f.Usage))
	}
}

func serviceKeys(s *fit.Service) string {
	mean := "mean: " + timeRange(s.Mean)
	switch s.Law {
	case fit.Deterministic, fit.Exponential:
		return mean + ", law: " + string(s.Law)
	case fit.Erlang:
		return mean + ", law: erlang, scv: " + trim(s.SCV.Value)
	case fit.Capacity:
		return mean + ", law: gamma, scv: " + plainRange(s.SCV)
	}
	return mean + ", law: " + string(s.Law) + ", scv: " + plainRange(s.SCV)
}

// serviceWords says how the law was found and how good it is.
func serviceWords(s *fit.Service) string {
	switch s.Law {
	case fit.Capacity:
		return fmt.Sprintf("from %s completions in %d backlogged intervals; the SCV is the variance over mean of their counts, the law itself is not known", thousands(float64(s.N)), s.Checked)
	case fit.Deterministic:
		return fmt.Sprintf("%s, all alike as far as the log resolves", counted(s.N, "service"))
	}
	if s.Assumed {
		return fmt.Sprintf("%s; the log is too coarse to tell their law, exponential is assumed; the range is that of their mean", counted(s.N, "service"))
	}
	words := fmt.Sprintf("%s services; AIC %s; KS distance %s (p = %s in a sample of %s)", thousands(float64(s.N)), modelWords(s.Laws), percent(s.KS), significant(s.P), thousands(float64(s.Checked)))
	if s.Law == fit.Erlang {
		words += fmt.Sprintf("; SCV [%s, %s] as a gamma law", significant(s.SCV.Lo), significant(s.SCV.Hi))
	}
	return words
}

// modelWords lists the models by how much worse than the best their AIC is.
func modelWords(models []fit.Model) string {
	parts := []string{models[0].Name + " best"}
	for _, m := range models[1:] {
		parts = append(parts, fmt.Sprintf("%s +%s", m.Name, significant(math.Round(10*(m.AIC-models[0].AIC))/10)))
	}
	return strings.Join(parts, ", ")
}

func yamlLine(b *strings.Builder, depth int, text string) {
	b.WriteString(strings.Repeat("  ", depth) + text + "\n")
}

// comment wraps a text at 98 columns.
func comment(b *strings.Builder, indent, text string) {
	out := indent + "#"
	for _, word := range strings.Fields(oneLine(text)) {
		if len([]rune(out+word)) > 97 {
			b.WriteString(out + "\n")
			out = indent + "#  "
		}
		out += " " + word
	}
	b.WriteString(out + "\n")
}

func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, s)
}

// trim writes a number with as many digits as are worth it in a file: five.
func trim(x float64) string {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 5, 64), 64)
	if err != nil {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	return strconv.FormatFloat(y, 'f', -1, 64)
}

// ranged writes low..high with a unit, or the value alone where there is no
// range.
func ranged(r fit.Range, unit string) string {
	lo, hi := trim(r.Lo), trim(r.Hi)
	if !r.Known() || lo == hi {
		return trim(r.Value) + unit
	}
	return lo + unit + ".." + hi + unit
}

func rateRange(r fit.Range) string {
	if r.Value < 0.01 {
		return ranged(fit.Range{Value: 3600 * r.Value, Lo: 3600 * r.Lo, Hi: 3600 * r.Hi}, "/h")
	}
	return ranged(r, "/s")
}

// timeRange is in the unit in which the time has few digits.
func timeRange(r fit.Range) string {
	for _, u := range []struct {
		from, seconds float64
		name          string
	}{{2 * 86400, 86400, "d"}, {2 * 3600, 3600, "h"}, {120, 60, "m"}, {0.1, 1, "s"}, {0, 1e-3, "ms"}} {
		if r.Value >= u.from {
			return ranged(fit.Range{Value: r.Value / u.seconds, Lo: r.Lo / u.seconds, Hi: r.Hi / u.seconds}, u.name)
		}
	}
	return ranged(r, "s")
}

func plainRange(r fit.Range) string { return ranged(r, "") }

// countRange is whole numbers of at least 1.
func countRange(r fit.Range) string {
	whole := func(x float64) float64 { return math.Max(1, math.Round(x)) }
	return ranged(fit.Range{Value: whole(r.Value), Lo: whole(r.Lo), Hi: whole(r.Hi)}, "")
}

package plots

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
)

// Waits shows what a request that arrives at a given time waits before its
// service begins: the median as a full line and P99 as a thin one, one panel a
// design. An infinite wait leaves the panel at its top.
type Waits struct {
	Frame
	Panels []WaitsPanel
}

// WaitsPanel is one design; a panel without Times is drawn as its Note.
type WaitsPanel struct {
	Design  string    // name, the first line of the panel's title
	Finding string    // the rest of it
	Times   []float64 // s, not decreasing: when the request arrives
	Streams []WaitSeries
	Markers []Marker
	Note    string
}

// WaitSeries is the wait of one stream's requests.
type WaitSeries struct {
	Stream      string    // name; empty for all requests
	Median, P99 []float64 // s, at Times; +Inf: not served within the horizon; either may be nil
}

// Save writes the chart.
func (w Waits) Save(to io.Writer, f Format) error { return save(to, f, w) }

// Caption names what did not fit on the chart, a line each; mostly empty.
func (w Waits) Caption() string { return caption(w) }

// AltText says what the chart shows, with its numbers.
func (w Waits) AltText() string {
	var s strings.Builder
	s.WriteString(opening(w.Frame, "What a request waits, by the time at which it arrives"))
	for i, p := range w.Panels {
		words := []string{p.Finding, p.Note}
		for _, q := range p.Streams {
			words = append(words, q.words(p.Times))
		}
		if len(p.Times) == 0 {
			words = append(words, "no data")
		}
		fmt.Fprintf(&s, " %s: %s", spoken(i, p.Design), sentence(append(words, markerWords(p.Markers))...))
	}
	return s.String()
}

// words says how long the longest waits are and when.
func (q WaitSeries) words(times []float64) string {
	var s string
	for _, line := range []struct {
		name   string
		values []float64
	}{{"median", q.Median}, {"P99", q.P99}} {
		if len(line.values) == 0 {
			continue
		}
		if s != "" {
			s += ", "
		}
		i := argMax(line.values)
		if math.IsInf(line.values[i], 1) {
			s += fmt.Sprintf("%s wait without end from %s", line.name, Duration(times[i]))
			continue
		}
		s += fmt.Sprintf("longest %s wait %s at %s", line.name, Duration(line.values[i]), Duration(times[i]))
	}
	if name := oneLine(q.Stream); name != "" && s != "" {
		return name + ": " + s
	}
	return s
}

// names are the designs, then the streams.
func (w Waits) names() []string {
	designs := mapped(w.Panels, func(p WaitsPanel) string { return p.Design })
	return append(designs, w.streams()...)
}

// streams are the streams' names in the order in which they first appear.
func (w Waits) streams() []string {
	var names []string
	for _, p := range w.Panels {
		for _, q := range p.Streams {
			if !slices.Contains(names, q.Stream) {
				names = append(names, q.Stream)
			}
		}
	}
	return names
}

func (w Waits) check() error {
	if len(w.Panels) == 0 {
		return ErrEmpty
	}
	for i, p := range w.Panels {
		at := fmt.Sprintf("Panels[%d]", i)
		err := firstError(checkTimes(at+".Times", p.Times), checkMarkers(at+".Markers", p.Markers))
		for k, q := range p.Streams {
			on := fmt.Sprintf("%s.Streams[%d]", at, k)
			err = firstError(err, checkSeries(on+".Median", q.Median, len(p.Times)),
				checkSeries(on+".P99", q.P99, len(p.Times)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w Waits) arrange(sh *sheet) content {
	streams := w.streams()
	cells := make([]timePanel, len(w.Panels))
	for i, p := range w.Panels {
		cells[i] = p.cell(sh, streams)
	}
	g := arrangePanels(sh, cells, titles{value: "wait before service"}, true)
	return content{legend: w.legend(sh, streams), height: g.height(), draw: g.drawIn}
}

// legend tells the two lines apart and, where there are several streams, their
// colours.
func (w Waits) legend(sh *sheet, streams []string) legend {
	c, _ := sh.category(0)
	if len(streams) > 1 {
		c = sh.muted
	}
	l := legend{
		{"median", lineSign(sh.line(c, sh.stroke))},
		{"P99: one request in a hundred waits longer", lineSign(sh.line(c, 0.6*sh.stroke, sh.waitDash()...))},
	}
	if len(streams) < 2 {
		return l
	}
	for i, name := range streams {
		c, _ := sh.category(i)
		if name == "" {
			name = "all requests"
		}
		text := sh.name(sh.small, len(w.Panels)+i, name, sh.inner()/3)
		l = append(l, legendItem{text, areaSign(c)})
	}
	return l
}

func (s *style) waitDash() []vg.Length { return []vg.Length{2.4 * s.stroke, 1.2 * s.stroke} }

func (p WaitsPanel) cell(sh *sheet, streams []string) timePanel {
	c := timePanel{design: p.Design, finding: p.Finding, note: p.Note, markers: p.Markers, settled: true}
	c.empty = len(p.Times) == 0
	for _, q := range p.Streams {
		c.top = math.Max(c.top, math.Max(largestFinite(q.Median), largestFinite(q.P99)))
	}
	for _, q := range p.Streams {
		for _, s := range [][]float64{q.Median, q.P99} {
			reach, settled := settling(p.Times, s, c.top)
			c.reach, c.settled = math.Max(c.reach, reach), c.settled && settled
		}
	}
	c.draw = func(pn *panel) {
		for _, q := range p.Streams {
			colour, _ := sh.category(slices.Index(streams, q.Stream))
			if len(q.P99) > 0 {
				pn.curve(sh.line(colour, 0.6*sh.stroke, sh.waitDash()...), zip(p.Times, q.P99))
			}
			if len(q.Median) > 0 {
				pn.curve(sh.line(colour, sh.stroke), zip(p.Times, q.Median))
			}
		}
	}
	return c
}

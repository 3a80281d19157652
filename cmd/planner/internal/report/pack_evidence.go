package report

import (
	"fmt"
	"math"
	"slices"

	"singlelane/cmd/planner/internal/study"
)

// comparison is the table of the designs.
func (p *Pack) comparison() part {
	r := p.Result
	t := &grid{Head: []string{"Design", "Lanes", "Overload ends", "P50", "P90", "P99", "P99.9", "Peak of a lane", "Longest wait", "Last request served"}}
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Status == study.Never {
			t.row(strong(a.Name), fmt.Sprint(a.Lanes), "never", "-", "-", "-", "-", "-", "-", "-")
			continue
		}
		l := a.Judged()
		t.row(strong(a.Name), fmt.Sprint(a.Lanes), Duration(a.OverloadEnds), Duration(l.P50.Value), Duration(l.P90.Value), Duration(l.P99.Value),
			Duration(l.P999.Value), latest(a.Peak, func(x float64) string { return thousands(math.Round(x)) }), latest(a.LongestWait, Duration), lastServed(a.Completed))
	}
	blocks := []block{
		text("P50 to P99.9 are quantiles of the drain time T, counted from the start of the incident: 99 storms in 100 have drained by the P99. The three columns at the right are the P99 of the storms that were followed request by request."),
		{Table: t},
		text("Overload ends when requests stop coming faster than they are served; what is left then is backlog, which only spare capacity drains. A lane that happens to be empty before that does not count as drained."),
	}
	blocks = append(blocks, p.unserved()...)
	if notes := p.atoms(); len(notes) > 0 {
		blocks = append(blocks, block{List: notes})
	}
	blocks = append(blocks, p.differences()...)
	return part{ID: "comparison", Title: "The designs compared", Blocks: blocks}
}

// unserved says of which designs the last two columns hold requests that no one
// served; nothing where all are served.
func (p *Pack) unserved() []block {
	var all []string
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		if slices.ContainsFunc(a.Streams, func(s study.Stream) bool {
			return s.GivenUp.Value+s.AgedOut.Value+s.Refused.Value > 0
		}) {
			all = append(all, a.Name)
		}
	}
	if len(all) == 0 {
		return nil
	}
	return []block{text("In ", few(all), " not every request is served: there the last two columns also count those that are refused or given up, until they are.")}
}

// atoms explains the designs that have drained the moment overload ends.
func (p *Pack) atoms() []prose {
	var all []prose
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		if a.Status == study.Never || !(a.AtOverloadEnd > 0.5) {
			continue
		}
		words := fmt.Sprintf(": in %s of storms nothing waits any more when the overload ends, so that the drain time is that instant", percent(a.AtOverloadEnd))
		if a.FirstClear != nil && a.FirstClear.P50.Value > 0 {
			words += "; the lanes were first clear after " + Duration(a.FirstClear.P50.Value) + " (median)"
		}
		all = append(all, say(strong(a.Name), words+"."))
	}
	return all
}

func latest(f *study.Figure, show func(float64) string) string {
	if f == nil {
		return "-"
	}
	return show(f.P99.Value)
}

// lastServed is when the last of the incident's own requests began service;
// where an incident brings none of its own, as a stop of service does not, there
// is no such time.
func lastServed(f *study.Figure) string {
	if f != nil && f.Max == 0 {
		return "-"
	}
	return latest(f, Duration)
}

// pictures are the charts of those names, with what they say.
func (p *Pack) pictures(names ...string) []block {
	var all []block
	for _, name := range names {
		for _, c := range p.Charts {
			if c.Key == name {
				all = append(all, block{Figure: &figure{File: c.Name, Alt: c.Alt, Caption: say(c.Caption), Light: c.Light, Dark: c.Dark}})
			}
		}
	}
	return all
}

func (p *Pack) charts() part {
	return part{ID: "charts", Title: "The storm in pictures", Blocks: p.pictures("comparison", "backlog", "drain", "risk", "waits")}
}

// stability says what headroom would spare.
func (p *Pack) stability() part {
	t := &grid{Head: []string{"Design", "Statically stable", "Headroom", "Headroom needed", "Loss covered", "Requests a further 1 % spares"}, Left: []int{1}}
	for i := range p.Result.Designs {
		a := &p.Result.Designs[i]
		s := a.Stability
		if s == nil {
			continue
		}
		c, spares := cell{say("no"), badTone}, thousands(s.PerPoint)
		if s.Stable {
			c, spares = cell{say("yes"), goodTone}, "-"
		}
		t.row(strong(a.Name), c, percent(s.Headroom), percent(s.Needed), percent(s.Cover), spares)
	}
	if len(t.Rows) == 0 {
		return part{}
	}
	return part{ID: "stability", Title: "Static stability", Blocks: []block{
		text("A design is statically stable when the zones that survive hold enough spare capacity to carry what the failed ones lose: then nothing need be launched, and recovery does not depend on the control plane at all. Headroom is spare capacity in the surviving zones as a share of their normal load."),
		{Table: t},
	}}
}

// Moved is a sweep over one or two keys, and the number that each key has in
// each design as the file stands.
type Moved struct {
	Sweep *study.Sweep
	Now   [][]float64
}

// moves shows the sweep; nothing where none was asked for.
func (p *Pack) moves() part {
	if p.Moved == nil {
		return part{}
	}
	return part{ID: "moves", Title: "What moves the answer", Blocks: p.pictures("sweep", "heatmap")}
}

// sketches of the sweep: lines over one key, a heat map over two.
func (m *Moved) sketches(version string) []sketch {
	switch {
	case m == nil:
		return nil
	case len(m.Sweep.Axes) == 1:
		return []sketch{{"sweep", "How far can it go? The P99 of the drain time over the values of one key, the others as they are.",
			func() themed { return sweepChart(m.Sweep, m.Now, version) }}}
	}
	return []sketch{{"heatmap", "Where is it safe? The chance of missing the objective over two keys; the line is the risk that is allowed.",
		func() themed { return heatMap(m.Sweep, 0, m.Now[0], version) }}}
}

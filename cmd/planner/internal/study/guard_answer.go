package study

import (
	"fmt"
	"math"

	"singlelane/montecarlo"
)

// guarded is nil for an answer that may be shown, else a [*InternalError].
func (a *Answer) guarded() error {
	g := &guard{design: a.Name}
	g.answer(a)
	return g.broken
}

func (g *guard) answer(a *Answer) {
	g.law("the drain time", a.Drain)
	g.law("the simulated drain time", a.Simulated)
	for _, f := range []struct {
		what   string
		figure *Figure
	}{
		{"the first time at the level", a.FirstClear}, {"the last request's start", a.Completed}, {"the peak", a.Peak}, {"the longest wait", a.LongestWait},
		{"the time waited", a.Waited}, {"the longest urgent wait", a.Urgent}, {"the useful share", a.Useful},
	} {
		g.figure(f.what, f.figure)
	}
	g.probability("P(stuck)", a.Stuck)
	for i := range a.Streams {
		g.stream(&a.Streams[i])
	}
	for _, l := range a.LanePaths {
		g.figure(l.Name+": the peak", l.Peak)
		g.figure(l.Name+": the time waited", l.Waited)
		g.figure(l.Name+": the time over", l.Over)
	}
	g.points("P(T <= t)", true, a.Drain.slack(), a.Curve)
	g.points("P(T > t)", false, a.Drain.slack(), a.Tail)
	for _, s := range append(append([]Step(nil), a.Steps...), a.TailSteps...) {
		g.probability(fmt.Sprintf("the simulated share at %v s", s.At), s.Share)
	}
	if a.Curves != nil {
		g.band("the backlog", a.Curves.Backlog)
		g.band("the wait", a.Curves.Wait)
	}
	g.year(a.Year)
	if a.Cost != nil {
		g.known("the cost", a.Cost.Total)
		g.interval("P95 of the cost", a.Cost.P95)
	}
}

func (g *guard) figure(what string, f *Figure) {
	if f == nil {
		return
	}
	g.known(what+": the mean", f.Mean)
	g.known(what+": P50", f.P50)
	g.known(what+": P99", f.P99)
	g.ordered(what+": P50, P99 and the largest", 0, f.P50.Value, f.P99.Value, f.Max)
}

// binned is how far a quantile of single waits may be off, which are counted
// in bins.
const binned = 0.01

// stream accounts for every request once: in time, refused, too old or given
// up; what is over was answered late or never.
func (g *guard) stream(s *Stream) {
	ends := 0.0
	for _, e := range []struct {
		what string
		montecarlo.Estimate
	}{{"in time", s.InTime}, {"refused", s.Refused}, {"aged out", s.AgedOut}, {"given up", s.GivenUp}} {
		g.probability(fmt.Sprintf("%s: the share %s", s.Name, e.what), e.Estimate)
		ends += e.Value
	}
	g.holds(ends <= 1+rounding, "%s: shares of the requests add up to %v", s.Name, ends)
	g.probability(s.Name+": the share left", plain(s.Left))
	for what, f := range map[string]Figure{"wait": s.Wait, "sojourn": s.Sojourn} {
		if f.N > 0 {
			g.ordered(fmt.Sprintf("%s: P50, P99 and the largest %s", s.Name, what), binned, f.P50.Value, f.P99.Value, f.Max)
		}
	}
	g.figure(s.Name+": the longest wait", s.Longest)
	g.figure(s.Name+": the last done", s.LastDone)
	g.figure(s.Name+": 99 in 100 done", s.Nearly)
}

// conserved accounts for the requests of a simulation, all storms together:
// each that arrived was served, refused, aged out or given up, or is left.
func conserved(design string, p *montecarlo.Paths) error {
	g := &guard{design: design}
	for _, s := range p.Streams {
		f := s.Fates
		ended := f.Served + f.Refused + f.AgedOut + f.GivenUp + f.Left
		g.holds(f.Arrived == ended, "%s: %d requests arrived, but %d were served, %d refused, %d aged out, %d given up and %d are left",
			s.Name, f.Arrived, f.Served, f.Refused, f.AgedOut, f.GivenUp, f.Left)
		g.holds(f.InTime <= f.Served, "%s: %d requests were answered in time of %d that were served", s.Name, f.InTime, f.Served)
	}
	return g.broken
}

func (g *guard) band(what string, b Band) {
	for i := range b.P50 {
		g.ordered(what+": quantiles", 0, b.P0_5[i], b.P5[i], b.P25[i], b.P50[i], b.P75[i], b.P95[i], b.P99[i], b.P99_5[i])
	}
}

func (g *guard) year(y *Year) {
	if y == nil {
		return
	}
	for i := range y.Kinds {
		k := &y.Kinds[i]
		g.law(k.Name+": the drain time", k.Law)
		g.probability(k.Name+": P(T > objective)", k.Breach)
		g.probability(k.Name+": P(another failure)", k.Second)
	}
	g.known("breaches a year", y.Breaches)
	g.holds(y.Breaches.Value >= 0 && y.Breaches.Value <= y.Events*(1+rounding), "%v breaches a year of %v failures", y.Breaches.Value, y.Events)
	g.probability("P(a breach in a year)", y.Any)
	g.probability("P(another failure)", y.Second)
	g.known("the time beyond the objective", y.Over)
	g.known("the time in recovery", y.Recovery)
	if y.Reason == "" {
		g.ordered("quantiles of the year", 0, y.P50.Value, y.P95.Value, y.P99.Value)
		g.points("P(more in a year)", false, rounding, y.Exceed)
	}
	g.holds(math.IsNaN(y.Available.Value) || y.Available.Value <= 1, "the availability is %v", y.Available.Value)
}

package report

import (
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
)

// writeStreams shows what became of the requests of each stream, and how full
// each lane was, in the storms that were followed.
func writeStreams(b *strings.Builder, r *study.Result) error {
	for i := range r.Designs {
		a := &r.Designs[i]
		if len(a.Streams) == 0 {
			continue
		}
		fmt.Fprintf(b, "\nrequests: %s (%s, followed)\n", a.Name, counted(a.Peak.N, "storm"))
		if err := streamTable(a).write(b); err != nil {
			return err
		}
		if a.Useful != nil {
			fmt.Fprintf(b, "  %s of the service time goes to answers that come in time\n", percent(a.Useful.Mean.Value))
		}
		if len(a.LanePaths) > 0 {
			if err := laneTable(a).write(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// streamTable has a line a stream. Waits and sojourns are of the requests that
// are answered, the longest wait is of all.
func streamTable(a *study.Answer) *table {
	var times, ends []float64
	for i := range a.Streams {
		s := &a.Streams[i]
		times = append(times, s.Wait.P99.Value, s.Sojourn.P99.Value, p99(s.Longest))
		ends = append(ends, p99(s.LastDone), p99(s.Nearly))
	}
	u, e := unitFor(times...), unitFor(ends...)
	t := &table{wide: true}
	t.add("", "wait P50", "P99", "sojourn", "longest", "99 % done", "last done", "in time", "refused", "aged", "given up", "left", "attempts")
	t.add("", u.name, "", "P99", "P99", "P99, "+e.name, "P99", "%", "%", "%", "%", "%", "")
	for i := range a.Streams {
		s := &a.Streams[i]
		t.add("  "+s.Name, u.in(s.Wait.P50.Value), u.in(s.Wait.P99.Value), u.in(s.Sojourn.P99.Value), u.in(p99(s.Longest)),
			ended(s.Nearly, e), ended(s.LastDone, e), hundred(s.InTime.Value), hundred(s.Refused.Value), hundred(s.AgedOut.Value),
			hundred(s.GivenUp.Value), hundred(s.Left), significant(s.Attempts.Value))
	}
	return t
}

func laneTable(a *study.Answer) *table {
	var times []float64
	for _, l := range a.LanePaths {
		times = append(times, p99(l.Over))
	}
	u := unitFor(times...)
	t := &table{wide: true}
	t.add("", "peak P99", "request-hours waited", "time over the level P99, "+u.name)
	for _, l := range a.LanePaths {
		t.add("  "+l.Name, significant(math.Round(l.Peak.P99.Value)), significant(l.Waited.Mean.Value/3600), u.in(p99(l.Over)))
	}
	return t
}

func p99(f *study.Figure) float64 {
	if f == nil {
		return math.NaN()
	}
	return f.P99.Value
}

// ended is when a finite stream was done; one without end never is, and says
// nothing.
func ended(f *study.Figure, u unit) string {
	if f == nil {
		return ""
	}
	return u.in(f.P99.Value)
}

func hundred(share float64) string { return percentCell(share) }

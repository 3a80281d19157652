package fit

import (
	"fmt"
	"math"
	"slices"

	"singlelane/cmd/planner/internal/fit/trace"
)

const leastArrivals = 10

// Requests fits a log of requests. It may reorder the trace's starts and ends.
func Requests(t *trace.Trace, o Options) *Fit {
	r := t.Requests
	f := &Fit{Trace: t, Usage: math.NaN(), Balance: unknownRange, Warnings: slices.Clone(t.Warnings)}
	n := r.N()
	last := r.Arrival[n-1]
	for _, e := range r.End {
		last = max(last, e)
	}
	for _, at := range r.Start {
		last = max(last, at)
	}
	f.Span = trace.Seconds(last)
	f.fitArrivals(r, o)
	open := f.dropOpen(r)
	if r.End == nil || r.Start == nil || len(r.End) == 0 {
		f.warn("the log has no start or no end of the requests: service and servers are not known")
		if r.End != nil && !r.NoWaits {
			f.lane(r.Arrival, r.End, last)
		}
		return f
	}
	f.fitService(r, open, o)
	slack := 2*r.Resolution + 3
	waits := !r.NoWaits && open == 0
	if waits {
		f.Order = findOrder(r.Arrival, r.Start, slack)
	}
	slices.Sort(r.Start)
	slices.Sort(r.End)
	if r.Servers == nil {
		servers, warnings := findServers(occupied(r.Arrival, r.Start, r.End, slack, waits), o.Servers, waits)
		f.Servers = servers
		f.warn(warnings...)
		if r.NoWaits && servers.Plateau {
			f.warn("while all servers are busy requests start at the pace of service: the rate of arrivals then is not seen, and what looks like a surge may be the capacity")
		}
	} else {
		f.parallel(r, o)
	}
	if !r.NoWaits {
		f.lane(r.Arrival, r.End, last)
	}
	if f.Service != nil && r.Servers == nil {
		f.Usage = f.Service.SampleMean * float64(f.Service.N) / (float64(f.Servers.Count) * f.Span)
	}
	return f
}

func (f *Fit) warn(all ...string) { f.Warnings = append(f.Warnings, all...) }

// fitArrivals needs a stretch of time with arrivals in it.
func (f *Fit) fitArrivals(r *trace.Requests, o Options) {
	n := r.N()
	if n < leastArrivals || r.Arrival[n-1] == r.Arrival[0] {
		f.warn(fmt.Sprintf("%s over %.3g s, too few to fit a rate; %d at different instants are needed", arrivals(n), trace.Seconds(r.Arrival[n-1]-r.Arrival[0]), leastArrivals))
		return
	}
	a, warnings := fitArrivals(countInstants(r.Arrival), o)
	f.Arrivals = a
	f.warn(warnings...)
	f.daily(hourly(r.Arrival))
	if a.Surge != nil {
		f.Incident = a.Surge.Begins
	}
}

// daily warns of a cycle.
func (f *Fit) daily(c Counts) {
	if w := dailyCycle(c, f.Arrivals); w != "" {
		f.warn(w)
	}
}

// dropOpen removes requests without start or end from the columns of the
// services, and says how many were in the lane when the log ended.
func (f *Fit) dropOpen(r *trace.Requests) (open int) {
	if r.Start == nil || r.End == nil {
		return 0
	}
	if !slices.Contains(r.End, trace.Missing) && !slices.Contains(r.Start, trace.Missing) {
		return 0
	}
	starts, ends := r.Start[:0:0], r.End[:0:0]
	for i := range r.Start {
		if r.End[i] == trace.Missing || r.Start[i] == trace.Missing {
			open++
			continue
		}
		starts, ends = append(starts, r.Start[i]), append(ends, r.End[i])
	}
	r.Start, r.End = starts, ends
	f.warn(fmt.Sprintf("censored at the end: %d of %d requests had not ended when the log did; they count as arrivals and backlog, their services are left out, which favours short ones", open, r.N()))
	return open
}

// fitService fits the law of the times between start and end, in order of
// start. The log resolves what its instants and their differences do: services
// that are all 500 ms were measured to the microsecond if the starts were.
func (f *Fit) fitService(r *trace.Requests, open int, o Options) {
	times := make([]float64, len(r.Start))
	resolution := int64(1e9)
	for i := range times {
		d := r.End[i] - r.Start[i]
		times[i] = trace.Seconds(d)
		for resolution > 1 && (d%resolution != 0 || r.Start[i]%resolution != 0) {
			resolution /= 10
		}
	}
	service, warnings := fitService(times, trace.Seconds(max(resolution, r.Resolution)), o)
	f.Service = service
	f.warn(warnings...)
	if service != nil && open == 0 && f.Span < 20*service.SampleMean {
		f.warn(fmt.Sprintf("the log covers only %.3g mean service times: long services that it cut off are missing", f.Span/service.SampleMean))
	}
}

// parallel is a log in which a request occupies several servers: the lane of
// the scenario serves one request a server, so its number is that of requests
// at once.
func (f *Fit) parallel(r *trace.Requests, o Options) {
	widest, most := int32(0), 0
	for _, s := range r.Servers {
		widest = max(widest, s)
	}
	servers, _ := findServers(occupied(r.Arrival, r.Start, r.End, 2*r.Resolution, false), o.Servers, false)
	most = servers.Largest
	f.Servers = servers
	if widest > 1 {
		f.warn(fmt.Sprintf("a job occupies up to %d processors at once: a lane here serves one request a server, so %d, the most jobs at once, stands for the servers", widest, most))
	}
}

func (f *Fit) lane(arrivals, ends []int64, last int64) {
	if slices.Contains(ends, trace.Missing) {
		kept := ends[:0:0]
		for _, e := range ends {
			if e != trace.Missing {
				kept = append(kept, e)
			}
		}
		ends = kept
	}
	if !slices.IsSorted(ends) {
		ends = slices.Clone(ends)
		slices.Sort(ends)
	}
	f.Lane = laneOf(arrivals, ends, last)
}

// Backlog is the number in the lane at t = 0 of the scenario, NaN unknown.
func (f *Fit) Backlog() float64 {
	if f.Lane == nil {
		return math.NaN()
	}
	return f.Lane.At(f.Incident)
}

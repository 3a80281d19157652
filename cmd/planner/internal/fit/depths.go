package fit

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/cmd/planner/internal/fit/trace"
)

// Series fits what was seen at instants. The balance of the lane is
//
//	depth(t2) - depth(t1) = arrivals - completions
//
// so that any two of the three tell the third. While the lane is backlogged
// completions are its capacity: their rate there is that of all servers, and
// the variance over the mean of their counts tends to the SCV of a service
// (D. R. Cox, "Renewal Theory", Methuen 1962, 4.2).
func Series(t *trace.Trace, o Options) *Fit {
	s := t.Series
	f := &Fit{Trace: t, Usage: math.NaN(), Balance: unknownRange, Warnings: slices.Clone(t.Warnings)}
	times := make([]float64, len(s.Times))
	for i, at := range s.Times {
		times[i] = trace.Seconds(at)
	}
	f.Span = times[len(times)-1]
	if s.Gaps > 0 {
		f.warn(fmt.Sprintf("gaps in the series: %d; what happened within them is known as a sum only", s.Gaps))
	}
	if s.Resets > 0 {
		f.warn(fmt.Sprintf("%d resets of a counter: what it counted between the last sample and the reset is lost", s.Resets))
	}
	if s.Arrived != nil {
		f.countArrivals(Counts{times, s.Arrived}, o)
	} else {
		f.warn("without completions or arrivals only their difference is known: rate and capacity are not; add a completed column")
	}
	if s.Depth != nil {
		f.depthLane(times, s.Depth)
		f.Balance = balance(times, s.Depth)
	}
	if s.Completed != nil {
		f.fitCapacity(times, s, o)
	}
	return f
}

// balance is arrivals less completions per second over the whole trace, with
// the standard error that the changes between rows show.
func balance(times, depth []float64) Range {
	span := times[len(times)-1] - times[0]
	changes := make([]float64, len(depth)-1)
	for i := range changes {
		changes[i] = depth[i+1] - depth[i]
	}
	r := Range{(depth[len(depth)-1] - depth[0]) / span, math.NaN(), math.NaN()}
	if n := float64(len(changes)); n >= leastBusy {
		t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.95)
		half := t * stat.StdDev(changes, nil) * math.Sqrt(n) / span
		r.Lo, r.Hi = r.Value-half, r.Value+half
	}
	return r
}

func (f *Fit) countArrivals(c Counts, o Options) {
	if total := c.total(); total < leastArrivals || len(c.N) < 3 {
		f.warn(fmt.Sprintf("%.0f arrivals in %d intervals are too few to fit a rate; %d in 3 are needed", total, len(c.N), leastArrivals))
		return
	}
	a, warnings := fitArrivals(c, o)
	f.Arrivals = a
	f.warn(warnings...)
	f.daily(c)
	if a.Surge != nil {
		f.Incident = a.Surge.Begins
	}
}

func (f *Fit) depthLane(times, depth []float64) {
	i := argMax(depth)
	f.Lane = &Lane{times, depth, depth[i], times[i], depth[len(depth)-1]}
}

const leastBusy = 5 // intervals with a backlog

// fitCapacity finds the rate of service while requests wait throughout: in
// intervals whose depths at both ends exceed the completions of a quarter of
// an interval, and the servers where they are known.
func (f *Fit) fitCapacity(times []float64, s *trace.Series, o Options) {
	var counts, widths []float64
	busy := 0.0
	for i, n := range s.Completed {
		w := times[i+1] - times[i]
		if s.Depth != nil && math.Min(s.Depth[i], s.Depth[i+1]) > math.Max(float64(max(o.Servers, 1)), n/4) {
			counts, widths = append(counts, n), append(widths, w)
		}
		busy += w
	}
	if len(counts) < leastBusy {
		f.warn(fmt.Sprintf("%d intervals were backlogged throughout: too few to know the capacity; %d are needed", len(counts), leastBusy))
		return
	}
	if done := sum(counts); done < leastArrivals {
		f.warn(fmt.Sprintf("%.4g completions while backlogged are too few to know the capacity; %d are needed", done, leastArrivals))
		return
	}
	f.Service = capacityService(counts, widths, max(o.Servers, 1))
	f.Servers = &Servers{Count: max(o.Servers, 1), Given: o.Servers > 0, Plateau: true, Share: math.NaN(),
		Reason: fmt.Sprintf("one server stands for all of them: completions tell %.4g/s in all, not how many share it; --servers N divides it", 1/f.Service.Mean.Value)}
	if o.Servers > 0 {
		f.Servers.Reason = "given"
	}
	f.Usage = sum(s.Completed) * f.Service.Mean.Value / (float64(f.Servers.Count) * busy)
}

// capacityService is the service time that completions of backlogged intervals
// tell.
func capacityService(counts, widths []float64, servers int) *Service {
	n, t := sum(counts), sum(widths)
	rate := n / t
	residues := make([]float64, len(counts))
	for i, c := range counts {
		residues[i] = (c - rate*widths[i]) / math.Sqrt(rate*widths[i])
	}
	scv := stat.Variance(residues, nil)
	df := float64(len(counts) - 1)
	mean := float64(servers) / rate
	v := chiRange(scv, df)
	v.Lo = math.Max(v.Lo, 1e-4)
	return &Service{N: int(n), Law: Capacity, Mean: studentRange(mean, math.Sqrt(math.Max(scv, 1e-4)/n), df+1), SCV: v,
		SampleMean: mean, SampleSCV: scv, P: math.NaN(), KS: math.NaN(), Checked: len(counts)}
}

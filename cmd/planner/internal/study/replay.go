package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Replay is a storm that was measured, to be run through designs: not again
// by chance but as it came. Only the services are random.
type Replay struct {
	Arrivals queueing.Recorded
	Backlog  int     // requests in the lanes at t = 0
	Span     float64 // s
	Measured Series  // requests in the lanes as measured; empty: unknown
	Within   float64 // s, the objective, for the chance of a breach
}

// MaxReplayed is how often a storm may be replayed: each path of the backlog is
// kept, some 10 kB.
const MaxReplayed = 50_000

// Series is values at instants in s.
type Series struct{ Times, Values []float64 }

// Replayed is how a design takes the storm, beside what was measured.
type Replayed struct {
	Design  string
	Sets    []string // what-ifs, as they were given
	N       int
	Servers float64 // in all lanes: the level at which the backlog counts as cleared

	Times, Mean, P5, P50, P95 []float64 // requests in all lanes
	Peak, LongestWait         *Figure
	Drain                     *Figure
	Breach                    montecarlo.Estimate // P(T > Within)
	Precision                 montecarlo.Reached  // of the number of the drain time that was to be known precisely,
	Precise                   montecarlo.Estimate // which is this
	Error                     *ReplayError        // nil without a measured backlog
	Summary                   Summary             // of the median path
	Warnings                  []string
}

// Summary is what a path of the backlog comes to.
type Summary struct {
	Peak, PeakAt float64 // requests, s
	Area         float64 // request-seconds
	Cleared      float64 // s, when the backlog is first at Level after its peak; +Inf: not within the trace
}

// ReplayError is how far the model's median path is from what was measured.
type ReplayError struct {
	RMS, Mean  float64 // requests; Mean is model less measured
	Worst      float64 // requests, model less measured, where it is the farthest
	WorstAt    float64 // s
	Inside     float64 // share of the instants at which the measured backlog is within P5 to P95
	Area, Peak float64 // model over measured, less 1
	ClearedBy  float64 // s, model less measured; NaN where either does not clear
}

// Run sends the storm through the lanes of a design.
func (r Replay) Run(ctx context.Context, d Design, o Options) (*Replayed, error) {
	lanes, warnings, err := r.lanes(d, o.Seed)
	if err != nil {
		return nil, err
	}
	out := &Replayed{Design: d.Name, Servers: servers(lanes), Times: r.Measured.Times, Warnings: warnings}
	p, err := r.follow(ctx, lanes, out, o)
	if err != nil {
		return nil, err
	}
	out.N, out.Peak, out.LongestWait, out.Drain, out.Breach = p.N(), figure(p.Peak), figure(p.LongestWait), figure(p.Drain), p.Drain.Exceed(r.Within)
	for i := range out.Times {
		at := p.Backlog.At(i)
		out.Mean = append(out.Mean, at.Mean().Value)
		out.P5, out.P50, out.P95 = append(out.P5, at.Quantile(0.05).Value), append(out.P50, at.Quantile(0.5).Value), append(out.P95, at.Quantile(0.95).Value)
	}
	out.Summary = Series{out.Times, out.P50}.Summary(servers(lanes))
	if r.Measured.Values != nil {
		out.Error = r.compare(out, servers(lanes))
	}
	return out, errors.Join(conserved(d.Name, p), out.guarded())
}

// follow runs the lanes through the storm as often as was asked, or as a number of
// the drain time takes to be as precise as was asked, and notes how far it is.
func (r Replay) follow(ctx context.Context, lanes []*queueing.Lane, out *Replayed, o Options) (*montecarlo.Paths, error) {
	asked := o.Precision.Relative > 0
	within := o.Precision.plain(r.Within, float64(r.Arrivals.Total()+r.Backlog))
	within.Most = min(within.OneByOne, MaxReplayed)
	switch {
	case asked:
		o.Replications = firstLook
	case o.Replications == 0:
		o.Replications = followed
	}
	for {
		work := &meter{report: o.Progress, total: o.Replications}
		p, err := montecarlo.FollowPaths(ctx, lanes, montecarlo.PathOptions{Options: o.options(o.Replications, 10*r.Span+3600, work), Grid: r.Measured.Times})
		if err != nil || !asked {
			return p, err
		}
		out.Precise = p.Drain.Exceed(r.Within)
		if q, ok := o.Precision.quantile(); ok {
			out.Precise = p.Drain.Quantile(q)
		}
		out.Precision = within.Judge(out.Precise)
		if more := within.More(out.Precise); more > p.N() {
			o.Replications = more
			continue
		}
		return p, nil
	}
}

func servers(lanes []*queueing.Lane) float64 {
	sum := 0
	for _, l := range lanes {
		sum += l.Config().Servers
	}
	return float64(sum)
}

// lanes are those of the design with the measured requests in the place of all
// its streams. Lanes by zone get them in turn; where each request goes to a
// lane at random it does so here.
func (r Replay) lanes(d Design, seed uint64) ([]*queueing.Lane, []string, error) {
	n := len(d.Lanes)
	parts, err := r.parts(n, d.LaneKind == "hashed", seed)
	if err != nil {
		return nil, nil, err
	}
	var warnings []string
	retries, urgent := false, false
	out := make([]*queueing.Lane, n)
	for i, l := range d.Lanes {
		cfg := l.Config()
		for _, s := range cfg.Arrivals.Streams() {
			retries, urgent = retries || s.Retries, urgent || s.Priority == 0
		}
		cfg.Backlog = (r.Backlog + n - 1 - i) / n
		cfg.Arrivals = queueing.Arrivals{}
		if parts[i].Total() > 0 {
			if cfg.Arrivals, err = queueing.NewArrivals(queueing.Stream{Name: "measured", Source: parts[i], Priority: 5, Retries: retries}); err != nil {
				return nil, nil, err
			}
		}
		if out[i], err = queueing.NewLane(cfg); err != nil {
			return nil, nil, err
		}
		if ok, why := montecarlo.Supports(out[i]); !ok {
			return nil, nil, fmt.Errorf("design %q cannot be replayed: %s", d.Name, why)
		}
	}
	if urgent {
		warnings = append(warnings, "the trace does not say which requests are urgent: all are alike")
	}
	return out, warnings, nil
}

func (r Replay) parts(n int, random bool, seed uint64) ([]queueing.Recorded, error) {
	parts := make([]queueing.Recorded, n)
	if !random || n == 1 {
		for i := range parts {
			parts[i] = r.Arrivals.Split(n, i).(queueing.Recorded)
		}
		return parts, nil
	}
	g := rand.New(rand.NewPCG(seed, 0x6c616e65))
	edges, counts := r.Arrivals.Intervals()
	dealt := make([][]int, n)
	for i := range dealt {
		dealt[i] = make([]int, len(counts))
	}
	if at := r.Arrivals.Instants(); at != nil {
		lanes := make([][]float64, n)
		for _, t := range at {
			k := g.IntN(n)
			lanes[k] = append(lanes[k], t)
		}
		for i := range parts {
			if len(lanes[i]) == 0 {
				continue
			}
			var err error
			if parts[i], err = queueing.NewRecordedInstants(lanes[i]); err != nil {
				return nil, err
			}
		}
		return parts, nil
	}
	for i, c := range counts {
		for range c {
			dealt[g.IntN(n)][i]++
		}
	}
	for i := range parts {
		var err error
		if parts[i], err = queueing.NewRecordedCounts(edges, dealt[i]); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// Summary of a path, which clears where no more than level are there.
func (s Series) Summary(level float64) Summary {
	out := Summary{Cleared: math.Inf(1)}
	for i, n := range s.Values {
		if n > out.Peak {
			out.Peak, out.PeakAt = n, s.Times[i]
		}
		if i > 0 {
			out.Area += (n + s.Values[i-1]) / 2 * (s.Times[i] - s.Times[i-1])
		}
	}
	for i, n := range s.Values {
		if s.Times[i] >= out.PeakAt && n <= level {
			out.Cleared = s.Times[i]
			break
		}
	}
	return out
}

// compare holds the median path against the measured one.
func (r Replay) compare(m *Replayed, level float64) *ReplayError {
	e := &ReplayError{}
	inside := 0
	for i, want := range r.Measured.Values {
		d := m.P50[i] - want
		e.RMS += d * d
		e.Mean += d
		if math.Abs(d) > math.Abs(e.Worst) {
			e.Worst, e.WorstAt = d, m.Times[i]
		}
		if m.P5[i] <= want && want <= m.P95[i] {
			inside++
		}
	}
	n := float64(len(m.Times))
	e.RMS, e.Mean, e.Inside = math.Sqrt(e.RMS/n), e.Mean/n, float64(inside)/n
	measured := r.Measured.Summary(level)
	e.Area, e.Peak = m.Summary.Area/measured.Area-1, m.Summary.Peak/measured.Peak-1
	e.ClearedBy = m.Summary.Cleared - measured.Cleared
	if math.IsInf(m.Summary.Cleared, 1) || math.IsInf(measured.Cleared, 1) {
		e.ClearedBy = math.NaN()
	}
	return e
}

package queueing

import (
	"math"
	"sort"
)

// byFed is the law of T behind a throttle where the lane itself drops requests, or services vary
// so much, that chance drains it before its mean path does (see [band]). The instant G at which
// the throttle holds nobody back any more has the law that noise along the mean path gives it,
// no earlier than the end of overload. The lane is fed with what the throttle lets through on
// the mean path, as a Poisson stream, and those who need no throttle: the time it takes from the
// mean of G on is taken to be independent of G. Nothing bounds the error of that.
//
// Who is too old as the throttle lets it pass takes no service, and is left out.
func (p problem) byFed() (d Drain, err error) {
	defer catch(&err)
	m := p.cfg.Mechanisms
	if m.Throttle == nil || m.Retries != nil || m.MaxAge > 0 && m.Discipline != FIFO {
		return Drain{}, &UnsupportedError{Diffusion, "it has no throttle, or is not served in order of arrival"}
	}
	grid, err := p.newBandGrid()
	if err != nil {
		return Drain{}, err
	}
	var lets fedTrace
	b := &band{problem: p, grid: grid, of: func(t passed) float64 { return t.freed }, lets: lets.add}
	mid, err := b.passage(nil)
	if err != nil {
		return Drain{}, err
	}
	mean, variance, third, err := p.freedBy(b, mid)
	if err != nil {
		return Drain{}, err
	}
	q, err := p.fedLane(grid, lets, math.Max(p.begin, mean))
	if err != nil {
		return Drain{}, err
	}
	solve := problem.solve
	if p.soon {
		solve = problem.belowAges
	}
	if d, err = solve(q); err != nil {
		return Drain{}, err
	}
	if variance > 0 {
		own, spread, skew := cumulantsOf(d)
		d = b.law(own+mean-q.begin, spread+variance, skew+third)
	}
	d.Quality, d.rough, d.AbsError, d.Tail, d.floor = Approximate, 1, 1, 0, 0
	d.Reason = "the lane is fed with what its throttle lets through on the mean path; nothing bounds its error"
	return d, nil
}

// freedBy are the cumulants of G, on which, where the throttle has its rate alone, what the lane
// does has no influence.
func (p problem) freedBy(b *band, mid passed) (mean, variance, third float64, err error) {
	t := p.cfg.Mechanisms.Throttle
	if b.lets = nil; t.MaxWaiting == 0 {
		if p, err = p.withMechanisms(Mechanisms{Throttle: t}); err != nil {
			return 0, 0, 0, err
		}
		grid, err := p.newBandGrid()
		if err != nil {
			return 0, 0, 0, err
		}
		b = &band{problem: p, grid: grid, of: b.of}
		if mid, err = b.passage(nil); err != nil {
			return 0, 0, 0, err
		}
	}
	if mid.freed <= 0 {
		return b.begin, 0, 0, nil
	}
	mean, variance, third = b.moments(mid.freed)
	return mean, variance, third, nil
}

// cumulantsOf are a law's mean, variance and third cumulant.
func cumulantsOf(d Drain) (mean, variance, third float64) {
	c, is := d.Distribution.(*curve)
	if !is {
		sd := d.StdDev()
		return d.Mean(), sd * sd, 0
	}
	mass, mean, variance := c.moments()
	c.each(func(t, m float64) { third += m / mass * math.Pow(t-mean, 3) })
	return mean, variance, third
}

// fedTrace is what a throttle lets through up to some instants.
type fedTrace struct{ at, sum []float64 }

func (f *fedTrace) add(t, many float64) {
	if n := len(f.at); n > 0 && f.at[n-1] >= t {
		f.sum[n-1] += many
		return
	} else if n > 0 {
		many += f.sum[n-1]
	}
	f.at, f.sum = append(f.at, t), append(f.sum, many)
}

// upTo is the number let through up to t.
func (f *fedTrace) upTo(t float64) float64 {
	i := sort.SearchFloat64s(f.at, t)
	switch {
	case t <= 0: // who passes at once does so within the first part
		return 0
	case len(f.at) == 0:
		return 0
	case i == len(f.at):
		return f.sum[i-1]
	case i == 0:
		return f.sum[0] * t / f.at[0]
	}
	share := (t - f.at[i-1]) / (f.at[i] - f.at[i-1])
	return f.sum[i-1] + share*(f.sum[i]-f.sum[i-1])
}

const (
	fedParts = 32   // of the time that the throttle holds requests back
	fedEven  = 0.02 // of a rate, within which another is the same
	fedLater = 48   // parts after that, each longer than the last
	fedGrows = 1.25 // times
)

// parts are those of a trace, in which rates that are nearly the same are: what is let through up
// to an instant, and what comes of the held streams from then on, in parts that begin with a width.
func (f *fedTrace) parts(end float64, held Arrivals, width float64) (edges, counts []float64, repeat bool) {
	edges = []float64{0}
	last := 0.0
	part := func(from, to, n float64) {
		k := len(counts) - 1
		rate := math.Max(0, n) / (to - from)
		if k >= 0 && math.Abs(rate-last) <= fedEven*last {
			counts[k], edges[k+1] = counts[k]+math.Max(0, n), to
			return
		}
		last = rate
		counts, edges = append(counts, math.Max(0, n)), append(edges, to)
	}
	if end > 0 {
		for i := range fedParts {
			from, to := end*float64(i)/fedParts, end*float64(i+1)/fedParts
			part(from, to, f.upTo(to)-f.upTo(from))
		}
		width = math.Max(width, end/fedParts)
	}
	from := end
	for range fedLater {
		part(from, from+width, held.Mean(from, from+width))
		from, width = from+width, width*fedGrows
	}
	return edges, counts, false
}

// fedLane is the lane without its throttle, which counts as drained from begin on.
func (p problem) fedLane(grid *bandGrid, lets fedTrace, begin float64) (problem, error) {
	cfg := p.cfg
	cfg.Mechanisms.Throttle = nil
	cfg.Target.FirstPassage = false
	streams := append([]Stream(nil), grid.free.streams...)
	trace, err := NewTrace(lets.parts(begin, grid.held, cfg.Service.Mean()/4))
	if err != nil {
		return p, err
	}
	streams = append(streams, Stream{Name: "let through", Source: trace})
	if cfg.Arrivals, err = NewArrivals(streams...); err != nil {
		return p, err
	}
	l, err := NewLane(cfg)
	if err != nil {
		return p, err
	}
	l.overload = &begin
	q := p
	q.Lane, q.begin, q.end, q.known = l, begin, begin, nil
	q.tried = &tried{kept: map[question]answer{}}
	return q, nil
}

package plots_test

import (
	"math"

	"singlelane/plots"
)

// storm is a lane after a storm, good enough to draw: a batch, a decaying surge
// and a steady rate into a fixed capacity, with a spread that grows like that
// of a Poisson process.
type storm struct {
	name                            string
	batch, steady, surge, decay, mu float64 // requests, 1/s, 1/s, s, 1/s
	overloadEnds, horizon           float64 // s
}

func (s storm) backlog(t float64) float64 {
	return math.Max(s.steady/s.mu*4, s.batch+s.steady*t+s.surge*s.decay*(1-math.Exp(-t/s.decay))-s.mu*t)
}

func (s storm) spread(t float64) float64 {
	in := s.batch + s.steady*t + s.surge*s.decay*(1-math.Exp(-t/s.decay))
	return 3 * math.Sqrt(in+s.mu*t)
}

// panel is the backlog chart's view of the storm.
func (s storm) panel(n int) plots.BacklogPanel {
	p := plots.BacklogPanel{Design: s.name}
	bands := []plots.Band{{Share: 0.5}, {Share: 0.9}, {Share: 0.99}}
	widths := []float64{0.674, 1.645, 2.576}
	for i := range n {
		t := s.horizon * float64(i) / float64(n-1)
		b, sd := s.backlog(t), s.spread(t)
		p.Times = append(p.Times, t)
		p.Median = append(p.Median, b)
		for k := range bands {
			bands[k].Lo = append(bands[k].Lo, math.Max(0, b-widths[k]*math.Min(sd, b/2+2)))
			bands[k].Hi = append(bands[k].Hi, b+widths[k]*math.Min(sd, b/2+2))
		}
		p.Fluid = append(p.Fluid, plots.Point{X: t, Y: 1.005 * b})
	}
	p.Bands = bands
	p.Markers = []plots.Marker{
		{Kind: plots.OverloadEnds, At: s.overloadEnds},
		{Kind: plots.DrainTime, At: s.p99(), Label: "P99"},
		{Kind: plots.Objective, At: 4 * 3600},
	}
	p.Finding = "99 % drained by " + plots.Duration(s.p99())
	return p
}

// drains gives the mean and standard deviation of the sample's drain time.
func (s storm) drains() (mean, sd float64) {
	for mean = s.overloadEnds; s.backlog(mean) > s.steady/s.mu*4+1; mean += 10 {
	}
	return mean, s.spread(mean) / (s.mu - s.steady) / 1.2
}

// p99 is the sample's 99 % quantile.
func (s storm) p99() float64 {
	mean, sd := s.drains()
	return mean + 2.326*sd
}

// storms are the designs of the sample charts.
func storms() []storm {
	return []storm{
		{"shared lane", 2400, 4, 12, 2400, 6.6, 3672, 8 * hour},
		{"lane per zone", 600, 1, 3.2, 2400, 1.6, 4023, 8 * hour},
		{"twice the servers", 2400, 4, 12, 2400, 12.2, 910, 8 * hour},
		{"static stability", 1900, 4, 0, 2400, 6.1, 890, 8 * hour},
		{"six zones", 2400, 4, 9, 2400, 6.6, 2982, 8 * hour},
	}
}

const hour = 3600.0

const footer = "us-east-1, 29 June 2012 · seed 1 · 10,000 drain times, 400 event replications · planner 0.1.0"

func backlogOne() plots.Backlog {
	return plots.Backlog{
		Frame:  plots.Frame{Title: "The shared lane drains within its objective of 4 h, with 27 min to spare", Footer: footer},
		Panels: []plots.BacklogPanel{storms()[0].panel(400)},
	}
}

func backlogSeveral() plots.Backlog {
	c := plots.Backlog{Frame: plots.Frame{
		Title:    "Static stability leaves nothing to relaunch: its lane is clear in 20 min, the shared lane's in 3 h 33 min",
		Subtitle: "Requests in the lane, waiting or in service", Footer: footer,
	}}
	for _, s := range storms() {
		c.Panels = append(c.Panels, s.panel(300))
	}
	return c
}

func drains() plots.Drain {
	c := plots.Drain{
		Frame: plots.Frame{Title: "Four of five designs meet the objective; a lane per zone misses it one time in four", Footer: footer},

		Objective: 4 * 3600, Confidence: 0.99,
	}
	for _, s := range storms() {
		q := plots.DrainSeries{Design: s.name, Note: "P99 " + plots.Duration(s.p99())}
		mean, sd := s.drains()
		for k := range 200 {
			x := mean + sd*(float64(k)/25-4)
			q.Theory = append(q.Theory, plots.Point{X: x, Y: normal((x - mean) / sd)})
		}
		for _, p := range []float64{0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99} {
			x := mean + sd*quantile(p)
			q.Simulated = append(q.Simulated, plots.Estimated{X: x, Y: p, Lo: p - 0.02*math.Sqrt(p*(1-p)), Hi: p + 0.02*math.Sqrt(p*(1-p))})
		}
		c.Series = append(c.Series, q)
	}
	return c
}

func waits() plots.Waits {
	c := plots.Waits{Frame: plots.Frame{Title: "Twice the servers cut the longest median wait from 39 min to under 6", Footer: footer}}
	for _, s := range storms()[:4] {
		p := plots.WaitsPanel{Design: s.name}
		q := plots.WaitSeries{}
		for i := range 300 {
			t := s.horizon * float64(i) / 299
			p.Times = append(p.Times, t)
			q.Median = append(q.Median, s.backlog(t)/s.mu)
			q.P99 = append(q.P99, (s.backlog(t)+2.3*math.Min(s.spread(t), s.backlog(t)))/s.mu)
		}
		p.Streams = []plots.WaitSeries{q}
		p.Finding = "the longest median wait is " + plots.Duration(most(q.Median))
		p.Markers = []plots.Marker{{Kind: plots.OverloadEnds, At: s.overloadEnds}}
		c.Panels = append(c.Panels, p)
	}
	return c
}

func normal(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

func quantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

func most(vs []float64) float64 {
	m := vs[0]
	for _, v := range vs {
		m = math.Max(m, v)
	}
	return m
}

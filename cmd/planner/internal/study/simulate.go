package study

import (
	"context"
	"fmt"
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// gridPoints is the number of instants at which backlog and waits are
// recorded.
const gridPoints = 240

// draw simulates drain times, with the precision and by the method asked for.
// What was drawn before ctx ended is kept.
func (a *Answer) draw(ctx context.Context, d Design, c Case, m montecarlo.Options, o Options) error {
	s, err := montecarlo.Drains(ctx, d.Lanes, o.plainly().of(m, c.Objective.Within, a.requests(d, c.Objective)))
	if s != nil && s.N() > 0 {
		a.Simulated = sampleLaw(s, c.Objective)
		if err == nil {
			err = a.Simulated.control(ctx, d.Lanes)
		}
	}
	if err == nil && o.Method.rare() != "" {
		err = a.Simulated.rarely(ctx, d.Lanes, o.Method, o, c.Objective.Within)
	}
	return o.Method.refused(d, err)
}

// follow simulates storms request by request: peaks, waits and bands. What was
// seen before ctx ended is kept.
func (a *Answer) follow(ctx context.Context, d Design, c Case, p montecarlo.PathOptions, o Options) error {
	paths, err := montecarlo.FollowPaths(ctx, d.Lanes, p)
	if err != nil && (paths == nil || paths.N() == 0) {
		return o.Method.refused(d, err)
	}
	if err := conserved(a.Name, paths); err != nil {
		return err
	}
	a.fromPaths(paths, retrying(d.Lanes))
	if o.Curves && a.Simulated != nil { // some of the drain times may be left to other processes
		a.Curves = curves(d.Lanes, paths)
		a.describe(c.Objective)
	}
	return err
}

// pilot is how many drain times are drawn to see how long a chart's time axis
// must be. It is so few that each process of a divided study can draw them.
const pilot = 40

// grid is an even division of the time until nearly every storm of every
// design, and the objective, are over. It depends on nothing but the designs
// and the seed. It also tells the requests of one storm of each design that is
// drawn request by request, together.
func (r *Result) grid(ctx context.Context, c Case, o Options) (grid []float64, byEvents float64, err error) {
	end := r.Objective.Within
	for i, d := range c.Designs {
		if r.Designs[i].Status != Drains {
			continue
		}
		if r.Designs[i].hopeless(c.Horizon, o) { // nothing ends before the horizon
			end = c.Horizon
			continue
		}
		s, err := montecarlo.Drains(ctx, d.Lanes, o.options(min(pilot, o.Replications), c.Horizon, &meter{}))
		if err != nil {
			return nil, 0, o.Method.refused(d, fmt.Errorf("design %q: %w", d.Name, err))
		}
		if s.Method == queueing.Events {
			byEvents += r.Designs[i].requests(d, c.Objective)
		}
		for _, t := range s.Times() {
			if !math.IsInf(t, 1) {
				end = math.Max(end, 1.1*t)
			}
		}
	}
	end = math.Min(1.05*end, c.Horizon)
	grid = make([]float64, gridPoints+1)
	for i := range grid {
		grid[i] = end * float64(i) / gridPoints
	}
	return grid, byEvents, nil
}

func (a *Answer) fromPaths(p *montecarlo.Paths, retries bool) {
	a.FirstClear, a.Completed, a.Peak = figure(p.FirstClear), figure(p.Completed), figure(p.Peak)
	a.LongestWait, a.Waited = figure(p.LongestWait), figure(p.Waited)
	a.Urgent = figure(p.UrgentWait)
	if retries {
		a.Useful = figure(p.Useful)
	}
	for _, s := range p.Streams {
		if s.Fates.Arrived > 0 {
			a.Streams = append(a.Streams, streamOf(s))
		}
	}
	for _, l := range p.Lanes {
		a.LanePaths = append(a.LanePaths, LaneFigures{l.Name, figure(l.Peak), figure(l.Waited), figure(l.Over)})
	}
}

func streamOf(s montecarlo.StreamPaths) Stream {
	return Stream{Name: s.Name, Wait: single(s.MeanWait, s.Wait), Sojourn: single(s.MeanSojourn, s.Sojourn), Longest: figure(s.LongestWait),
		LastDone: figure(s.LastDone), Nearly: figure(s.NearlyDone), InTime: s.InTime.Mean(), Refused: s.Refused.Mean(), AgedOut: s.AgedOut.Mean(),
		GivenUp: s.GivenUp.Mean(), Attempts: s.Attempts.Mean(), Left: float64(s.Fates.Left) / float64(s.Fates.Arrived), Fates: s.Fates}
}

// single is a figure whose mean is over the storms, and whose quantiles are of
// single requests.
func single(means montecarlo.Outcomes, of *montecarlo.Waits) Figure {
	f := figure(means)
	if f == nil {
		unknown := plain(math.NaN())
		return Figure{Mean: unknown, P50: unknown, P99: unknown, Max: math.NaN()}
	}
	f.P50, f.P99, f.Max = plain(of.Quantile(0.5)), plain(of.Quantile(0.99)), of.Max()
	return *f
}

func retrying(lanes []*queueing.Lane) bool {
	for _, l := range lanes {
		if l.Config().Mechanisms.Retries != nil {
			return true
		}
	}
	return false
}

package montecarlo

import (
	"math"
	"sort"

	"singlelane/queueing"
	"singlelane/queueing/markov"
)

// lull is the law of the number in the lane just before t* where the lane has
// by then forgotten how the incident began: between from and t* nothing
// finite arrives and no server joins, and the chain started at from with
// nobody and the one started there with more than the lane can hold (but for
// a chance of lullRisk) have the same law at t* within lullApart. Replications
// then begin at t*, instead of living through hours of ordinary traffic.
type lull struct {
	from float64
	cdf  []float64 // of the number in the lane just before t*
}

const (
	lullWorth = 500 // events before t* from which it pays
	lullRisk  = 1e-12
	lullApart = 1e-9
	lullMost  = 20_000 // requests from which the chain would be slow
	lullCells = 200
)

// findLull is nil where there is none.
func findLull(lp *lanePlan) *lull {
	l, star := lp.lane, lp.tstar
	if _, ok := l.Service().(queueing.Exponential); !ok || !l.Plain() || math.IsInf(star, 1) {
		return nil
	}
	quiet := quietSince(lp)
	if l.Work(quiet, star) < lullWorth {
		return nil
	}
	for parts := 16.0; parts >= 1; parts /= 2 {
		from := star - (star-quiet)/parts
		most := holdsAtMost(l, from)
		flow, work := l.Arrivals().Flow(from, star), l.Work(from, star)
		if most > lullMost || most+flow-work > -8*math.Sqrt(flow+work) {
			continue
		}
		if cdf := forgotten(l, from, star, int(most)); cdf != nil {
			return &lull{from, cdf}
		}
	}
	return nil
}

// quietSince is the first instant from which until t* nothing finite arrives
// and the servers remain.
func quietSince(lp *lanePlan) float64 {
	since := 0.0
	for _, s := range lp.steps {
		if s.from <= lp.tstar {
			since = max(since, s.from)
		}
	}
	for _, s := range lp.lane.Arrivals().Streams() {
		for _, j := range s.Source.Jumps() {
			if j.At < lp.tstar {
				since = max(since, j.At)
			}
		}
		if s.Source.Begins() > 0 || s.Source.LongRun() == 0 {
			since = max(since, lastArrival(s.Source, lp.tstar))
		}
	}
	return since
}

// lastArrival is the last instant before end at which the finite source can
// send, end itself for one that always can. Poisson surges may go on.
func lastArrival(s queueing.Source, end float64) float64 {
	if h, ok := s.(queueing.Hashed); ok {
		return lastArrival(h.Of, end)
	}
	p, ok := s.(queueing.Pool)
	if !ok || p.Start >= end {
		return 0
	}
	if u, ok := p.Delay.(queueing.UniformDelay); ok {
		origin := p.Start
		if p.Held {
			origin = 0
		}
		return min(end, max(p.Start, origin+u.Window))
	}
	return end
}

// holdsAtMost is a number that the lane holds at t but for a chance of
// lullRisk. Each instant s since which all servers may have been busy is
// bounded by Chernoff, with arrivals less departures in (s,t]; between the
// instants tried the departures of one cell are added.
func holdsAtMost(l *queueing.Lane, t float64) float64 {
	best := math.Inf(1)
	risk := math.Log(2 * lullCells / lullRisk)
	var since [lullCells]excess
	for i := range since {
		s := t * float64(i) / lullCells
		since[i] = excess{l.Arrivals().Count(s, t), l.Work(s, t)}
	}
	for theta := 1e-3; theta < 2; theta *= 1.3 {
		worst := (risk + logMGF(l.Initial(), theta) + since[0].logMGF(theta)) / theta
		for i := range since {
			worst = max(worst, (risk+since[i].logMGF(theta))/theta)
		}
		best = min(best, worst)
	}
	cell := l.FinalCapacity() * t / lullCells
	return best + cell + 8*math.Sqrt(cell) + 40 + float64(l.FinalServers())
}

// excess is the arrivals less the departures of some time during which all
// servers are busy.
type excess struct {
	arrivals queueing.Count
	work     float64 // mean of the departures
}

// logMGF is ln E exp(theta (arrivals - departures)).
func (e excess) logMGF(theta float64) float64 {
	return logMGF(e.arrivals, theta) + e.work*math.Expm1(-theta)
}

func logMGF(c queueing.Count, theta float64) float64 {
	sum := theta*float64(c.Fixed) + c.Poisson*math.Expm1(theta)
	for _, b := range c.Binomials {
		sum += float64(b.N) * math.Log1p(b.P*math.Expm1(theta*float64(b.Size)))
	}
	for _, g := range c.Groups {
		sum += g.Mean * math.Expm1(theta*float64(g.Size))
	}
	return sum
}

// forgotten is the distribution function of the number in the lane just
// before star, nil if it depends on whether the lane was empty at from or
// held most.
func forgotten(l *queueing.Lane, from, star float64, most int) []float64 {
	chain := markov.Queue(l.Arrivals().Rate, l.ServersAt, 1/l.Service().Mean(), 0, l.Arrivals().Breaks(from, star))
	var laws [2]markov.Law
	for i, n := range []int{0, most} {
		run, err := chain.Start(from, markov.Point(n), markov.Options{Tolerance: lullApart / 100})
		if err != nil {
			return nil
		}
		if err := run.Advance(star); err != nil {
			return nil
		}
		laws[i] = run.Law()
	}
	end := laws[1].First + len(laws[1].P)
	apart, sum := 0.0, 0.0
	cdf := make([]float64, 0, end)
	for n := range end {
		apart += math.Abs(laws[0].At(n) - laws[1].At(n))
		sum += laws[0].At(n)
		cdf = append(cdf, sum)
	}
	if apart > lullApart {
		return nil
	}
	cdf[end-1] = 1
	return cdf
}

// draw is the number in the lane just before t*.
func (f *lull) draw(g *generator) int {
	return sort.SearchFloat64s(f.cdf, g.uniform())
}

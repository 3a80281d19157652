package queueing

import (
	"fmt"
	"math"

	"singlelane/queueing/markov"
)

// lagged is the number in a lane of exponential servers that slow down ([SlowDown]) as a
// birth-death chain, whose rates know on the mean how long ago services began. The paces x
// of those that go on matter to the law P_n of the number by their sum S alone, and by its
// mean at each number, Q_n = E[S; n]:
//
//	P_n' = lam (P_(n-1) - P_n) + mu (Q_(n+1) - Q_n)
//	Q_n' = lam (Q_(n-1) - Q_n) + mu (E[S^2 - sum x^2; n+1] + x_n Q_(n+1) - E[S^2; n]),
//
// x_n the pace of a service that begins as n are there and all c servers work. Where the
// pace changes little within a service, Q_n = c x_n P_n + D_n with a small D_n, of which
// what is of first order remains, and which follows its source at once:
//
//	mu D_n = k_n (lam P_(n-1) - (c-1) mu x_n P_(n+1)),  k_n = c (x_(n-1) - x_n) / x_n:
//
// those who have come since and the other servers' ends have moved the pace. Births are
// then at lam (1 - k_(n+1)) and deaths at mu x_n (c - k_n (c-1)), which has the drift of
// the number, and its variance but for a share k_n. Services that began at 0 with a server
// that idled are at full pace, and end at mu each.
type lagged struct {
	problem
	slow SlowDown
	mu   float64 // services per second of a server at full pace
	none bool    // each service is at the pace of one that begins now
	even bool    // and so are those that began at 0
	kept *lags
}

// What is left out, as shares of what the lag makes of the law, the more the more a
// service's worth of ends changes the pace and the fewer servers there are, and of what
// services at full pace since 0 make. Two and more servers showed less than that.
const (
	lagMost    = 2.5
	lagSteep   = 2.5 // times k_n
	lagFew     = 4.0 // over the servers
	lagFull    = 1.0 // over the servers
	lagWork    = 6e9 // states times jumps of each law, some seconds
	lagLargest = 0.5 // of births and of deaths, or there would be none
	lagKept    = 1 << 20
	lagFar     = 30 // services of each server, after which nothing is left of what the pace was
)

func (p problem) lagged() lagged {
	return lagged{problem: p, slow: *p.cfg.Mechanisms.SlowDown, mu: 1 / p.cfg.Service.Mean(), kept: &lags{}}
}

// pace of a service that begins with so many waiting.
func (g lagged) pace(waiting int) float64 { return g.paceAt(float64(waiting)) }

func (g lagged) paceAt(waiting float64) float64 {
	return 1 / (1 + (g.slow.Factor-1)*math.Min(1, math.Max(0, waiting)/float64(g.slow.At)))
}

// share is k_n of so many servers.
func (g lagged) share(n, servers int) float64 {
	if g.none || n <= servers {
		return 0
	}
	return float64(servers) * (g.pace(n-1-servers)/g.pace(n-servers) - 1)
}

// lags are what the lag takes from the births, for each arrival, and from the deaths, over
// mu, by the number in the lane: k_n and x_n k_n (c-1). D_n takes a time 1/(mu x_n) to
// follow its source, in which the mean number falls by d: it is what the source was so long
// ago, D_n = (s_n + d D_(n+1)) / (1+d).
type lags struct {
	first, servers int
	arrivals       float64 // per second
	births, deaths []float64
}

// at is those of a number; above all that were found there are none.
func (l *lags) at(n int) (births, deaths float64) {
	if i := n - l.first; i < len(l.births) {
		return l.births[i], l.deaths[i]
	}
	return 0, 0
}

// lagsFor finds those of the numbers from first to last, or of all that have any where
// those are no more than lagKept. What was found last is kept.
func (g lagged) lagsFor(t float64, first, last int) *lags {
	c, lam := g.ServersAt(t), g.cfg.Arrivals.Rate(t)
	if g.none {
		return &lags{first: first, servers: c}
	}
	end := last + int(lagFar*float64(c))
	if g.slow.At < lagKept && c < lagKept {
		first, last, end = 0, c+g.slow.At+1, c+g.slow.At+1
		if k := g.kept; k.servers == c && k.arrivals == lam && len(k.births) > 0 {
			return k
		}
	}
	l := &lags{first, c, lam, make([]float64, last-first+1), make([]float64, last-first+1)}
	born, dead := 0.0, 0.0
	for n := min(end, max(last, c+g.slow.At+1)); n >= first; n-- {
		k, x := g.share(n, c), g.pace(n-c)
		d := math.Max(0, float64(c)-lam/(g.mu*x))
		born = (k + d*born) / (1 + d)
		dead = (x*k*float64(c-1) + d*dead) / (1 + d)
		if n <= last && n > c {
			l.births[n-first], l.deaths[n-first] = math.Min(lagLargest, born), math.Min(lagLargest*x*float64(c), dead)
		}
	}
	*g.kept = *l
	return l
}

func (g lagged) births(t float64, first int, shape []float64) {
	l := g.lagsFor(t, first+1, first+len(shape))
	for i := range shape {
		k, _ := l.at(first + i + 1)
		shape[i] = 1 - k
	}
}

func (g lagged) deaths(t float64, first int, shape []float64) {
	l := g.lagsFor(t, first, first+len(shape)-1)
	c, slowest := l.servers, g.pace(g.slow.At)
	for i := range shape {
		n := first + i
		if n > c+g.slow.At {
			shape[i] = g.mu * float64(c) * slowest
			continue
		}
		_, lag := l.at(n)
		shape[i] = g.mu * (float64(min(n, c))*g.pace(n-c) - lag)
	}
}

// process is the chain, from a law of the number on.
func (g lagged) process(up float64, there markov.Law) markov.Process {
	x := markov.Process{Arrivals: g.cfg.Arrivals.Rate, Mean: g.cfg.Arrivals.Flow, Births: g.births, Deaths: g.deaths, Breaks: g.chainBreaks()}
	if m := g.cfg.Mechanisms; m.Limited {
		x.Top = g.ServersAt(up) + m.QueueLimit
	}
	if first := g.pace(int(there.Mean()) - g.ServersAt(0)); up == 0 && !g.even {
		x.Speed = func(t float64) float64 {
			return 1 + (1/first-1)*math.Exp(-g.mu*t)*float64(g.ServersAt(0))/float64(g.ServersAt(t))
		}
	}
	return x
}

func (g lagged) follow() (Drain, error) {
	up := g.cfg.DownFor
	start := g.admitted(up)
	there := markov.Law{First: start.lo, P: start.p}
	run, err := g.process(up, there).Start(up, there, markov.Options{Tolerance: chainTolerance(g.SolveOptions), Context: g.Context})
	if err != nil {
		return Drain{}, err
	}
	return followLane(g.Lane, &laneRun{Run: run, lane: g.Lane, up: up}, g.begin, g.SolveOptions)
}

// followLag follows the number at the mean lag of its paces.
func (p problem) followLag(slowest problem, most float64) (Drain, error) {
	if cost := slowest.chainCost(); cost > chainWork {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("it would take %.0e steps times states", cost)}
	}
	var laws [3]Drain
	g := p.lagged()
	for i := range laws {
		g.none, g.even, g.effort = i > 0, i > 1, newEffort(most)
		var err error
		if laws[i], err = g.follow(); err != nil {
			return Drain{}, err
		}
	}
	d, c := laws[0], p.FinalServers()
	g.none = false
	share := math.Min(lagMost, lagSteep*g.share(c+1, c)+lagFew/float64(c))
	d.rough = share*d.apart(laws[1]) + lagFull/float64(c)*laws[1].apart(laws[2])
	d.AbsError = math.Min(1, d.AbsError+d.rough)
	return d, nil
}

// apart is how far the CDF of another law is, at quantiles of both.
func (d Drain) apart(other Drain) (most float64) {
	const quantiles = 100
	for i := 1; i < quantiles; i++ {
		for _, law := range []Drain{d, other} {
			t := law.Quantile(float64(i) / quantiles)
			most = math.Max(most, math.Abs(d.CDF(t)-other.CDF(t)))
		}
	}
	return most
}

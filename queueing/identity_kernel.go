package queueing

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// identity is the problem of the first-kind equation: a backlog k0 above the
// target, arrivals A with independent increments, services D that go on
// whether or not anybody is there.
type identity struct {
	lane  *Lane
	k0    int
	jumps []Jump // batches of fixed or Poisson size after 0
	// atLeast is P(D(s,t] - A(s,t] >= k)
	atLeast func(s, t float64, k int) float64
	check   func()  // called now and then, to stop
	spare   *effort // what may still be spent; nil: no bound
	terms   float64 // of sums, as many as have been computed
}

// newIdentity refuses, with an [*UnsupportedError], what the equation does not
// cover. A lane at its target from the start has k0 <= 0.
func newIdentity(l *Lane) (*identity, error) {
	q := &identity{lane: l}
	refuse := func(why string) (*identity, error) { return nil, &UnsupportedError{DrainIdentity, why} }
	if !l.Plain() {
		return refuse("it does more than serve in order of arrival")
	}
	if len(l.cfg.ScaleOut) > 0 && !l.cfg.Target.Idle {
		return refuse("its target moves when servers join")
	}
	if _, why := l.asOneServer(); why != "" {
		return refuse(why)
	}
	start := l.Initial()
	if start.Variance() > 0 {
		return refuse("its backlog at the start is random")
	}
	for _, st := range l.cfg.Arrivals.streams {
		for _, b := range st.Source.Count(0, 1e15).Binomials {
			if b.N > 0 && b.P > 0 {
				return refuse("stream " + st.Name + " is finite: what it has sent and what is still to come are dependent")
			}
		}
	}
	if l.largestGroup() > 1 {
		return refuse("requests of a stream come in groups")
	}
	for _, j := range l.cfg.Arrivals.jumps {
		if j.At > 0 {
			q.jumps = append(q.jumps, j)
		}
	}
	switch s := l.cfg.Service.(type) {
	case Exponential:
		q.atLeast = q.skellam
	case Gamma:
		q.atLeast = q.renewal(s)
	case Deterministic:
		q.atLeast = q.deterministic(s)
	default:
		return refuse("its service law has no closed sums")
	}
	level := 0
	if !l.cfg.Target.Idle {
		level = l.FinalServers() + l.cfg.Target.Waiting
	}
	q.k0 = start.Fixed - level
	return q, nil
}

// arrived is the number in batches over (s,t].
func (q *identity) arrived(s, t float64) int {
	n := 0
	for _, j := range q.jumps {
		if j.At > s && j.At <= t {
			n += j.Size.Fixed
		}
	}
	return n
}

// flow is the mean of the Poisson number that arrives in (s,t] beside those: what
// a held pool lets go together is of that kind where its size is.
func (q *identity) flow(s, t float64) float64 {
	sum := q.lane.cfg.Arrivals.Flow(s, t)
	for _, j := range q.jumps {
		if j.At > s && j.At <= t {
			sum += j.Size.Poisson
		}
	}
	return sum
}

// skellam is atLeast for exponential services.
func (q *identity) skellam(s, t float64, k int) float64 {
	return skellamAtLeast(k+q.arrived(s, t), q.lane.Work(s, t), q.flow(s, t))
}

// deterministic is atLeast for services of fixed length, a fresh one of which
// starts at s: the number of services is no matter of chance.
func (q *identity) deterministic(d Deterministic) func(s, t float64, k int) float64 {
	return func(s, t float64, k int) float64 {
		// the ends of services are multiples of the time but for rounding
		served := math.Floor(q.lane.Work(s, t) + 1e-6)
		room := int(served) - k - q.arrived(s, t)
		if room < 0 {
			return 0
		}
		_, above := gammaTails(float64(room)+1, q.flow(s, t))
		return above
	}
}

// sureMean is the mean from which on a Poisson number is its mean to all digits
// but one.
const sureMean = 1e29

// renewal is atLeast for gamma services of one server, a fresh one of which
// starts at s: the sum over the number a of arrivals of its probability and
// the one that k + a services take no longer than the server works. Where both
// are smooth in a only every h-th term is taken.
func (q *identity) renewal(g Gamma) func(s, t float64, k int) float64 {
	return func(s, t float64, k int) float64 {
		served, mean := q.lane.Work(s, t), q.flow(s, t)
		k += q.arrived(s, t)
		count := math.Max(served, 1) * g.SCV() // its variance, about
		if z := (served - mean - float64(k)) / math.Sqrt(mean+count+1); z > 12 && served > 50 {
			return 1
		}
		done := func(a float64) float64 {
			n := float64(k) + a
			if n <= 0 {
				return 1
			}
			return gammaBelow(n*g.Shape, served*g.Shape)
		}
		if mean == 0 || mean > sureMean {
			return done(mean)
		}
		h := 1.0
		if mean > 400 {
			h = math.Max(1, math.Floor(math.Sqrt(1/(1/mean+1/count))/1.4))
		}
		mode := math.Floor(mean)
		sum := poissonMass(mode, mean) * done(mode)
		for j := 1.0; ; j++ { // the step may be less than rounding of the mode
			a := mode + j*h
			q.terms++
			p := poissonMass(a, mean)
			v := done(a)
			sum += p * v
			if p*v < 1e-19 {
				break
			}
		}
		for j := 1.0; mode-j*h >= 0; j++ {
			a := mode - j*h
			p := poissonMass(a, mean)
			sum += p * done(a)
			if p < 1e-19 {
				break
			}
		}
		return math.Min(1, h*sum)
	}
}

// gammaBelow is P(G <= x) for a gamma law of scale 1, to absolute accuracy.
func gammaBelow(shape, x float64) float64 {
	if z := (x - shape) / math.Sqrt(shape+1); shape > 100 && math.Abs(z) > 12 {
		return indicator(z > 0)
	}
	if shape < temmeShape {
		return mathext.GammaIncReg(shape, x)
	}
	below, _ := gammaTails(shape, x)
	return below
}

// served is P(X(t) <= 0), kernel P(A(s,t] <= D(s,t]).
func (q *identity) served(t float64) float64    { return q.atLeast(0, t, q.k0) }
func (q *identity) kernel(s, t float64) float64 { return q.atLeast(s, t, 0) }

// breaks lists the instants in (lo,hi) at which rates or batches jump.
func (q *identity) breaks(lo, hi float64) []float64 {
	all := append(q.lane.cfg.Arrivals.Breaks(lo, hi), q.lane.CapacityBreaks(lo, hi)...)
	for _, j := range q.jumps {
		all = append(all, inside(j.At, lo, hi)...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// fastest is the total rate of events at t.
func (q *identity) fastest(t float64) float64 {
	return q.lane.FinalCapacity() + q.lane.cfg.Arrivals.Rate(t)
}

// window holds the first passage but for some eps on either side:
// P(T > t) <= P(X(t) >= 1), and P(T <= t) is at most P(X(t) <= 0) over the
// least value of the kernel. It is sought where P(X <= 0) first gets above eps,
// to the right among 512 points.
func (q *identity) window(eps float64) (lo, hi float64) {
	missing := func(t float64) bool { return 1-q.served(t) >= eps }
	hi = float64(q.k0)/q.lane.FinalCapacity() + q.lane.cfg.DownFor
	for missing(hi) {
		hi *= 2
	}
	if !missing(hi / 2) {
		return 0, hi
	}
	hi = bisect(hi/2, hi, missing)
	for i := 1.0; i <= 512; i++ {
		if t := hi * i / 512; q.served(t) > eps {
			return bisect(hi*(i-1)/512, t, func(t float64) bool { return q.served(t) <= eps }), hi
		}
	}
	return 0, hi
}

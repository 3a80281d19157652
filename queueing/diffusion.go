package queueing

import (
	"fmt"
	"math"
)

// DiffusionDrain approximates the drain time from the mean path and its
// variance: the path meets the target at tf with slope -c, the backlog has the
// variance V there, so that T has the standard deviation sqrt(V)/c; its mean is
// tf + lam'(tf) V / (2 c^3), the second term because the mean of the path taken
// at T, not at tf, is the target (G. F. Newell, Applications of Queueing Theory,
// 2nd ed., Chapman and Hall 1982, chapter 2). To the same order
//
//	T = tf + x + lam'(tf)/(2c) x^2 + W/c
//
// with x of variance V/c^2 and W what arrivals and services deviate between tf
// and T, of variance v' |T-tf| for v' that of a second, so that the third
// cumulant is [K + 3 V v'/c + 3 lam'(tf) V^2/c^2] / c^3, K that of the backlog:
// the arrivals' less the departures', whose rate is mu (3 SCV^2 - g) with
// g = E(S - E S)^3/(E S)^3 (W. L. Smith, Biometrika 46 (1959) 1). At constant
// rates it is that of [DrainCumulants]. An inverse-Gaussian law that starts
// where it must, or runs backwards, carries all three. It takes microseconds at any size and covers every stream,
// service law and change of capacity while the servers are all busy.
//
// The answer is Approximate. AbsError is an estimate, not a bound: one request
// and the bend of the mean path, each in standard deviations, and half a
// request against those above the target. A path that is
// at its target when overload ends gives that instant. Several servers of
// which some idle before the target, and servers that join close to tf and so
// move the target, are refused with an [*UnsupportedError].
func DiffusionDrain(l *Lane) (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{Diffusion, why} }
	if !l.Plain() {
		return refuse("it does more than serve in order of arrival")
	}
	if l.cfg.Target.Idle && l.FinalServers() > 1 {
		return refuse("several servers of which some idle before the target is reached")
	}
	begin, ok := OverloadEnd(l)
	if !ok {
		return Drain{}, ErrNever
	}
	if l.cfg.Target.FirstPassage {
		begin = 0
	}
	d := Drain{Method: Diffusion, Quality: Approximate}
	at := FluidPath(l, []float64{begin})[0]
	if at <= float64(l.Level(begin)) {
		d.Distribution = newCurve(nil, []Atom{{begin, 1}}, 0)
		d.Reason, d.AbsError = "the mean path is at its target when overload ends", 1
		d.Atoms = []Atom{{begin, 1}}
		return d, nil
	}
	p := meanPath{l, begin, at}
	law, err := p.law()
	if err != nil {
		return Drain{}, err
	}
	if law.sd == 0 {
		d.Distribution = newCurve(nil, []Atom{{law.mean, 1}}, 0)
		d.Atoms, d.Reason = []Atom{{law.mean, 1}}, "neither arrivals nor services vary"
		return d, nil
	}
	d.Distribution, err = newSkewed(law.mean, law.sd, law.third)
	d.Reason, d.AbsError = "the mean path, its variance and third cumulant alone", math.Min(1, law.doubt)
	if !l.cfg.Target.Idle && len(l.CapacityBreaks(math.Max(begin, law.mean-4*law.sd), law.mean+4*law.sd)) > 0 {
		return refuse("servers join, and move its target, when it may be drained")
	}
	return d, err
}

// meanPath is the backlog of a busy lane from begin on.
type meanPath struct {
	lane  *Lane
	begin float64
	start float64 // backlog at begin
}

// over is the mean backlog above the target at t.
func (p meanPath) over(t float64) float64 {
	l := p.lane
	return p.start + l.cfg.Arrivals.Mean(p.begin, t) - l.Work(p.begin, t) - float64(l.Level(t))
}

// passage is the first instant at which the mean path is at its target.
func (p meanPath) passage() float64 {
	hi := p.begin + 1/p.lane.FinalCapacity()
	for step := hi - p.begin; p.over(hi) > 0; step *= 2 {
		hi = p.begin + step
	}
	from := p.begin
	for _, k := range p.lane.knots(p.begin, hi) {
		if k.at > from && p.over(math.Nextafter(k.at, from)) <= 0 {
			return bisect(from, k.at, func(t float64) bool { return p.over(t) > 0 })
		}
		from = k.at
		if from > p.begin && p.over(from) <= 0 { // servers join and raise the target
			return from
		}
	}
	return hi
}

type diffusionLaw struct {
	mean, sd float64 // s
	third    float64 // cumulant, s^3
	doubt    float64 // estimated error of the CDF
}

func (p meanPath) law() (diffusionLaw, error) {
	l, tf := p.lane, p.passage()
	slope := l.Capacity(tf) - l.cfg.Arrivals.Rate(tf)
	if slope <= 0 {
		return diffusionLaw{}, &UnsupportedError{Diffusion, fmt.Sprintf("the mean path only touches its target at %.4g s", tf)}
	}
	from := p.busySince()
	v := p.variance(from, tf)
	sd := math.Sqrt(v) / slope
	bend := 0.0 // lam'(tf)
	if h := math.Min(sd, tf); h > 0 && len(l.cfg.Arrivals.Breaks(tf-h, tf)) == 0 {
		bend = -2 * l.cfg.Arrivals.Excess(tf-h, tf) / (h * h)
	}
	rate := l.cfg.Arrivals.Rate(tf) + l.cfg.Service.SCV()*l.Capacity(tf) // of the variance
	d := diffusionLaw{mean: tf + bend*sd*sd/(2*slope), sd: sd}
	if math.Abs(bend)*sd > slope || d.mean <= p.begin && sd > 0 {
		return diffusionLaw{}, &UnsupportedError{Diffusion, fmt.Sprintf("the mean path's slope at its target, %.4g s, is another within a standard deviation of %.2g s", tf, sd)}
	}
	d.third = p.third(from, tf)/(slope*slope*slope) + 3*sd*sd*(rate/(slope*slope)+bend*sd*sd/slope)
	if v > 0 {
		servers := float64(l.FinalServers()-1) * math.Abs(l.cfg.Service.SCV()-1)
		d.doubt = (1+servers)/math.Sqrt(v) + math.Abs(bend)*sd/slope + 1/(2*p.over(p.begin)) + p.idled()/math.Sqrt(2*math.Pi*v)
	}
	return d, nil
}

// third cumulant of the backlog at t, all servers busy from `from` on.
func (p meanPath) third(from, t float64) float64 {
	s := p.lane.cfg.Service
	m, v := s.Mean(), s.SCV()
	skew := thirdMoment(s)/(m*m*m) - 3*(1+v) + 2
	k := p.lane.cfg.Arrivals.Count(from, t).third() - p.lane.Work(from, t)*(3*v*v-skew)
	if from == 0 {
		k += p.lane.Initial().third()
	}
	return k
}

// busyPoints is the number of points up to begin at which it is looked whether
// servers idle.
const busyPoints = 256

// before is the mean path at equal distances up to begin.
func (p meanPath) before() (times, path []float64) {
	times = make([]float64, busyPoints)
	for i := range times {
		times[i] = p.begin * float64(i) / busyPoints
	}
	return times, FluidPath(p.lane, times)
}

// busySince is the last instant before begin at which the mean path leaves
// servers idle, to 1/256 of begin: what happened earlier is forgotten.
func (p meanPath) busySince() float64 {
	last := 0.0
	times, path := p.before()
	for i, at := range times {
		if p.idles(at, path[i]) {
			last = at
		}
	}
	return last
}

// idles tells whether n requests leave servers idle at t.
func (p meanPath) idles(t, n float64) bool { return n < float64(p.lane.ServersAt(t)) }

// variance of the backlog of a lane that is busy over (from,t].
func (p meanPath) variance(from, t float64) float64 {
	v := p.lane.cfg.Arrivals.Count(from, t).Variance() + p.lane.cfg.Service.SCV()*p.lane.Work(from, t)
	if from == 0 {
		v += p.lane.Initial().Variance()
	}
	return v
}

// idled is about how many requests there are at begin in the mean beyond the
// mean path, which does not know that servers idle while a backlog still varies.
// Of a path at n above the servers, with the standard deviation s, idling makes
// up twice for what a normal variable of that kind has below 0. Once the path
// leaves servers idle that fades, as exp(-c^2 t/(2 v')), to the mean v'/(2c) of
// a Brownian motion of drift -c and variance v' a second, reflected at 0.
func (p meanPath) idled() float64 {
	l := p.lane
	scv := l.cfg.Service.SCV()
	from, since, left, lost := 0.0, 0.0, 0.0, 0.0
	at, carried := 0.0, 0.0 // when the path began to leave servers idle, with what
	idle := false
	times, path := p.before()
	for i, t := range times {
		if !p.idles(t, path[i]) {
			if idle {
				from, lost, idle = since, 0, false
			}
			if s := math.Sqrt(p.variance(from, t)); s > 0 {
				z := math.Max(0, path[i]-float64(l.ServersAt(t))) / s
				lost = math.Max(lost, 2*s*(math.Exp(-z*z/2)/math.Sqrt(2*math.Pi)-z*math.Erfc(z/math.Sqrt2)/2))
			}
			continue
		}
		if !idle {
			idle, at = true, t
			carried = left + math.Max(lost, math.Sqrt(2*p.variance(from, t)/math.Pi))
		}
		since = t
		down := math.Max(0, l.Capacity(t)-l.cfg.Arrivals.Rate(t))
		v := l.cfg.Arrivals.Rate(t) + scv*l.Capacity(t)
		left = math.Min(v/(2*down), math.Sqrt(2*v*(t-at)/math.Pi)) + carried*math.Exp(-down*down*(t-at)/(2*v))
	}
	if idle {
		lost = 0
	}
	return left + lost
}

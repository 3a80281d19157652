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
	if !l.cfg.Target.Idle && len(l.CapacityBreaks(law.mean-4*law.sd, law.mean+4*law.sd)) > 0 {
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
	v := l.cfg.Arrivals.Count(from, tf).Variance() + l.cfg.Service.SCV()*l.Work(from, tf)
	if from == 0 {
		v += l.Initial().Variance()
	}
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
		d.doubt = (1+servers)/math.Sqrt(v) + math.Abs(bend)*sd/slope + 1/(2*p.over(p.begin))
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

// busySince is the last instant before begin at which the mean path was at the
// target, to 1/256 of begin: what happened earlier is forgotten.
func (p meanPath) busySince() float64 {
	const points = 256
	times := make([]float64, points)
	for i := range times {
		times[i] = p.begin * float64(i) / points
	}
	last := 0.0
	for i, n := range FluidPath(p.lane, times) {
		if n <= float64(p.lane.Level(times[i])) {
			last = times[i]
		}
	}
	return last
}

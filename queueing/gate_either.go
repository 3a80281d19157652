package queueing

import (
	"fmt"
	"math"
)

// byEitherLimit is the law behind a throttle with both a rate and a length of which one hardly
// matters: without the other T is no more, and how much more it is in the mean bounds what the
// law is off by. While requests are held the number in the lane up to its length, then the
// tokens, are one number (see bandLoss): tokens that find it at its most are lost, each of
// which costs the time of a token, and services that it is too low for are not begun. With
// tokens at random, which vary more than they do, that number is a birth-and-death process with
// a stationary law. Begun at its least it loses no more tokens up to a time t than when it is
// stationary, and begun at its most it idles no more; what it does on its way there is found
// number by number. With m the mean of what that costs and f the largest density of the law
// that is taken,
//
//	P(T0 <= t) - P(T <= t) <= P(t-x < T0 <= t) + P(T - T0 > x) <= f x + m/x,
//
// which is least at 2 sqrt(f m).
func (p problem) byEitherLimit() (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{Chain, why} }
	t := *p.cfg.Mechanisms.Throttle
	_, exponential := p.cfg.Service.(Exponential)
	g, err := p.newBandGrid()
	if err != nil {
		return Drain{}, err
	}
	length := p.FinalServers() + t.MaxWaiting + 1
	full := length + int(math.Max(1, math.Round(t.Burst)))
	switch {
	case p.coarse() && p.Method == Auto:
		return refuse("it takes long, and is off by more than asked for")
	case !exponential || len(p.steps) > 1 || full > bandStates:
		return refuse("both limits of a throttle are followed for exponential servers that are all there, and few tokens")
	case len(g.free.jumps) > 0 && g.free.jumps[len(g.free.jumps)-1].At > 0:
		return refuse("batches beside a throttle with both limits are not followed")
	}
	most := 0.0
	for i := range 256 {
		most = math.Max(most, g.free.Rate(p.begin*float64(i)/128))
	}
	began := p.cfg.Backlog
	for _, j := range g.free.jumps {
		began += int(math.Ceil(j.Size.Mean()))
	}
	capacity, busy := p.FinalCapacity(), most*p.cfg.Service.Mean()
	began = max(began, int(math.Ceil(busy+fullSigmas*math.Sqrt(busy)))) // or as more requests than tokens come
	e := eitherLimit{full: full, servers: p.FinalServers(), up: t.PerSecond + most, beyond: most, down: capacity}
	from := min(full-length+began, full+bandBeyond-1)
	if e.up < capacity {
		lost := e.lost(from)
		return p.withoutLimit(false, func(until float64) float64 { return lost + until*e.law().above(full) })
	}
	e.up, e.beyond = t.PerSecond, 0
	idle, share := e.idle(from), 0.0
	pi := e.law()
	for n := range e.servers {
		share += pi.prob(n) * e.idles(n)
	}
	return p.withoutLimit(true, func(until float64) float64 { return idle + until*share })
}

// above is the probability of a number and those above it.
func (a law) above(n int) (sum float64) {
	for i := max(a.lo, n); i <= a.hi(); i++ {
		sum += a.p[i-a.lo]
	}
	return sum
}

// eitherLimit is the number in the lane up to its length, then the tokens, which rises at one
// rate below its most and at another from there, and falls as servers serve.
type eitherLimit struct {
	full, servers    int
	up, beyond, down float64 // a second
}

func (e eitherLimit) rates(n int) (up, down float64) {
	if up = e.up; n >= e.full {
		up = e.beyond
	}
	return up, e.down * (1 - e.idles(n))
}

// idles is the share of the servers that idle.
func (e eitherLimit) idles(n int) float64 { return math.Max(0, 1-float64(n)/float64(e.servers)) }

// lost is the mean time, in s, for which tokens are lost on the way down from a number to 0.
func (e eitherLimit) lost(from int) (sum float64) {
	one := 0.0 // from n to n-1
	for n := e.full + bandBeyond; n > 0; n-- {
		up, down := e.rates(n)
		one *= up / down
		if n >= e.full {
			one += 1 / down
		}
		if n <= from {
			sum += one
		}
	}
	return sum
}

// idle is the mean time, in s of all servers, that is idled on the way up from a number to the
// most.
func (e eitherLimit) idle(from int) (sum float64) {
	one := 0.0 // from n to n+1
	for n := range e.full {
		up, down := e.rates(n)
		if one = one*down/up + e.idles(n)/up; n >= from {
			sum += one
		}
	}
	return sum
}

// law is the stationary one.
func (e eitherLimit) law() law {
	a := law{0, make([]float64, e.full+bandBeyond)}
	p, sum := 1.0, 0.0
	for n := range a.p {
		a.p[n] = p
		if sum += p; p > 1e100 {
			for i := range n + 1 {
				a.p[i] *= 1e-100
			}
			p, sum = p*1e-100, sum*1e-100
		}
		up, _ := e.rates(n)
		_, down := e.rates(n + 1)
		p *= up / down
	}
	return a.scaled(1 / sum)
}

// withoutLimit is the law without the throttle's rate, or without its length, and the error of
// that, given what the limit that is left out costs in the mean up to a time.
func (p problem) withoutLimit(rate bool, costs func(until float64) float64) (Drain, error) {
	m := p.cfg.Mechanisms
	gate := *m.Throttle
	gate.MaxWaiting = 0
	m.Throttle = &gate
	why := "length"
	if rate {
		m.Throttle, why = nil, "rate"
	}
	q, err := p.withMechanisms(m)
	if err != nil {
		return Drain{}, err
	}
	q.panels = true
	var d Drain
	if rate {
		d, err = q.solve()
	} else {
		d, err = q.byGate()
	}
	if err != nil {
		return Drain{}, err
	}
	c, is := d.Distribution.(*curve)
	if !is {
		return Drain{}, &UnsupportedError{Chain, "its law has no density that is known"}
	}
	mean := costs(d.Quantile(.99))
	more := 2 * math.Sqrt(c.peak()*mean)
	d.rough, d.AbsError = math.Min(1, d.rough+more), math.Min(1, d.AbsError+more)
	d.Method, d.Quality, d.Tail, d.floor = Chain, Approximate, 0, 0
	d.Reason += fmt.Sprintf("; the %s of its throttle, which costs %.1g s at most in the mean, is left out", why, mean)
	return d, nil
}

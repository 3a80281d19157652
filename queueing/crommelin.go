package queueing

import (
	"fmt"
	"math"
)

// crommelin is the law of the number n(t) in a lane of one server whose
// services all take d. Of those who are there at t one leaves in (t,t+d], and
// of those who come in that time nobody does, so that
//
//	n(t+d) = (n(t) - 1)^+ + A(t,t+d],
//
// whatever the arrivals A and the phase of t, as long as they come independently
// of the past (C. D. Crommelin, P.O. Elec. Eng. J. 25 (1932), for constant
// rates). Nobody leaves before up + d, the end of the first service; from there
// the law at every instant is found service by service, each phase by itself.
//
// Those who are k and more cannot run out in k services: they are moved at
// once, by n - k + A(t,t+kd], and what is below by smaller steps.
//
// A batch that comes at the very end of a service comes before it ends.
type crommelin struct {
	lane  *Lane
	d, up float64 // s
	first law     // of n(up)
	cut   float64 // mass that a step may lose at either end
	check func()
	most  float64 // multiplications allowed
	spent float64
}

const (
	crommelinBlock  = 8     // states over the services that are moved at once
	crommelinSettle = 64    // services after which a law is compared with itself
	crommelinStill  = 3e-14 // difference below which constant rates change nothing more
	crommelinSnap   = 1e-9  // of a service: instants closer than that are one
)

// at is the law of n just after t.
func (c *crommelin) at(t float64) law { return c.count(t, crommelinSnap*c.d) }

// before is the law of n just before t.
func (c *crommelin) before(t float64) law { return c.count(t, -crommelinSnap*c.d) }

// count takes all that happens up to t + slack to have happened.
func (c *crommelin) count(t, slack float64) law {
	services := int(math.Floor((t - c.up + slack) / c.d))
	begin := math.Max(c.up, t-float64(services)*c.d)
	n := c.convolve(c.first, c.arrived(c.up, begin, c.up, begin+slack))
	return c.forward(n, t, services, slack)
}

// arrived is the law of the number that comes in (s,t], and in batches in
// (after,upTo]. Its mass is 1 to all digits: errors would add up over services.
func (c *crommelin) arrived(s, t, after, upTo float64) law {
	a := &c.lane.cfg.Arrivals
	n := Count{Poisson: a.Flow(s, t)}.Plus(a.batches(after, upTo)).law()
	mass := n.mass()
	for k := range n.p {
		n.p[k] /= mass
	}
	return n
}

// forward is the law at t, so many services after that of n.
func (c *crommelin) forward(n law, t float64, services int, slack float64) law {
	then, since := n, services
	for services > 0 {
		k := min(services, max(1, n.lo, len(n.p)/crommelinBlock))
		from, to := t-float64(services)*c.d, t-float64(services-k)*c.d
		n = c.block(n, from, to, k, slack)
		services -= k
		if since-services < crommelinSettle || n.lo > 0 {
			continue
		}
		if n.differs(then) < math.Max(crommelinStill, 4*crommelinSettle*c.cut) {
			until := c.constantUntil(t-float64(since)*c.d, t)
			services -= max(0, int((until-2*crommelinSnap*c.d-t)/c.d)+services-1) // a batch then may be up to a snap early
		}
		then, since = n, services
	}
	return n
}

// constantUntil is an instant up to which, from s on, the rate is the same and no
// batch comes; t at the latest, s if there is none.
func (c *crommelin) constantUntil(s, t float64) float64 {
	a := &c.lane.cfg.Arrivals
	for _, at := range a.Breaks(s, t) {
		t = math.Min(t, at)
	}
	for _, j := range a.jumps {
		if j.At > s {
			t = math.Min(t, j.At)
		}
	}
	if a.Excess(s, math.Nextafter(t, 0)) != 0 {
		return s
	}
	return t
}

// block moves a law over k services, those who are k and more at once.
func (c *crommelin) block(n law, from, to float64, k int, slack float64) law {
	c.check()
	arrived := c.arrived(from, to, from+slack, to+slack)
	if k == 1 {
		return c.convolve(n.lessOne(), arrived)
	}
	few, many := n.upTo(k - 1)
	many.lo -= k
	many = c.convolve(many, arrived)
	if few == 0 {
		return many
	}
	return c.forward(n.below(k-1), to, k, slack).or(many)
}

// lessOne is the law of (n-1)^+.
func (a law) lessOne() law {
	if a.lo > 0 || len(a.p) == 1 {
		return law{max(a.lo-1, 0), a.p}
	}
	p := append([]float64{a.p[0] + a.p[1]}, a.p[2:]...)
	return law{0, p}
}

func (c *crommelin) convolve(n, m law) law {
	c.spend(float64(len(n.p)) * float64(len(m.p)))
	return n.plus(m).without(c.cut)
}

// spend stops the solver once more is asked for than is allowed.
func (c *crommelin) spend(work float64) {
	c.spent += work
	c.afford(0)
}

// afford stops it if so much more would be.
func (c *crommelin) afford(work float64) {
	if c.spent+work > c.most {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("it may idle before overload ends, and following it service by service takes more than %.0e multiplications", c.most)}})
	}
}

// withoutSplinters is the lane with batches that come less than two snaps after a
// server with equal services is up moved to that instant: they are one to the methods
// here, and T moves no more than that.
func (l *Lane) withoutSplinters() *Lane {
	s, is := l.cfg.Service.(Deterministic)
	if !is || l.cfg.Target.FirstPassage && l.Initial().law().lo <= l.Level(math.Inf(1)) { // which may come before
		return l
	}
	streams, moved := l.cfg.Arrivals.Streams(), false
	for i, st := range streams {
		if b, is := st.Source.(Batch); is && b.At > l.cfg.DownFor && b.At-l.cfg.DownFor <= 2*crommelinSnap*s.Time {
			streams[i].Source, moved = Batch{b.Size, l.cfg.DownFor}, true
		}
	}
	if !moved {
		return l
	}
	cfg := l.cfg
	a, err := NewArrivals(streams...)
	if err != nil {
		return l
	}
	cfg.Arrivals = a
	return &Lane{cfg: cfg, steps: l.steps}
}

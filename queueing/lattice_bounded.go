package queueing

import "fmt"

// byBounded is the law of T for servers whose services all take d, before a queue with a
// bound. Services that begin together at start end together as long as all servers work,
// at start + k d, and between two of those ends nobody leaves: with n in the lane, A to
// come and room for c in service and QueueLimit waiting,
//
//	n(t+d) = min(n(t) + A(t,t+d], room) - c,
//
// whatever the order in which they come, with the members of finite streams that are
// still to come followed one by one as in [latticeMembers].
//
// A server that idles before overload ends is taken to begin at the next of those ends. That
// is less than a service late, and so is T: the law is off by no more than what T has in one
// service, nor than the probability of it.
func (p problem) byBounded() (Drain, error) {
	b, err := p.newBounded()
	if err != nil {
		return Drain{}, err
	}
	up, level := p.cfg.DownFor, p.Level(p.begin)
	b.arrive(0, up)
	b.admit(b.first)
	b.end(up, level)
	for k := 1; b.mass() > membersLeft; k++ {
		p.check()
		switch {
		case b.work > b.most || k > membersEnds:
			return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("following its services takes more than %.0e multiplications", b.most)}
		case b.servers > 1 && b.idled > lostMass:
			return Drain{}, &UnsupportedError{Chain, "its servers may idle before overload ends, and begin one by one"}
		}
		s, t := up+float64(k-1)*b.d, up+float64(k)*b.d
		if s < p.begin && Until(p.begin) < t {
			b.arrive(s, p.begin)
			b.admit(b.room)
			b.drained(p.begin, level)
			s = p.begin
		}
		b.arrive(s, t)
		b.admit(b.room)
		b.serve()
		b.end(t, level)
	}
	return b.drain(), nil
}

type bounded struct {
	*latticeMembers
	servers, first, room int // first: of those who are there as services begin
	idled                float64
	atoms                []Atom
}

func (p problem) newBounded() (*bounded, error) {
	c, m := p.FinalServers(), p.cfg.Mechanisms
	_, is := p.cfg.Service.(Deterministic)
	if !is || !m.Limited || m.beyondLimit() || len(p.cfg.ScaleOut) > 0 || c > 1 && p.cfg.Target.Idle || p.begin < p.cfg.DownFor {
		return nil, &UnsupportedError{Chain, "it is not servers with equal services before a bounded queue"}
	}
	of, err := p.listMembers()
	if err != nil {
		return nil, err
	}
	if len(of.pools) > 0 && p.PoissonPools {
		return nil, &UnsupportedError{Chain, "its finite streams are taken for Poisson streams"}
	}
	b := &bounded{latticeMembers: of, servers: c, first: m.QueueLimit, room: m.QueueLimit + c}
	if p.cfg.DownFor == 0 {
		b.first = b.room
	}
	return b, nil
}

// admit turns away what finds no room.
func (b *bounded) admit(room int) {
	for i, n := range b.laws {
		if len(n.p) > 0 && n.hi() > room {
			b.laws[i] = n.atMost(room)
		}
	}
}

// serve ends a service of each server.
func (b *bounded) serve() {
	for i := range b.laws {
		if n := &b.laws[i]; len(n.p) > 0 {
			n.lo -= b.servers
			if n.lo < 0 {
				few, many := n.upTo(-1)
				*n = law{0, []float64{few}}.or(many)
			}
		}
	}
}

// end is a common end of services at t.
func (b *bounded) end(t float64, level int) {
	if Until(t) >= b.begin {
		b.drained(t, level)
	} else if level < b.room { // or else T is when overload ends
		b.idled += b.among(b.servers - 1)
	}
}

// drained takes those out who have drained at t.
func (b *bounded) drained(t float64, level int) {
	if mass := b.leave(level); mass > 0 {
		b.atoms = append(b.atoms, Atom{t, mass})
	}
}

// drain is the law, a lattice but for what has drained as overload ends.
func (b *bounded) drain() Drain {
	c := newCurve(nil, b.atoms, 0)
	d := Drain{Distribution: c, Method: Chain, Quality: Exact, groups: true,
		Reason: evenlySpaced + ", and how many find room is followed from one to the next"}
	off, most := c.total()-1, 0.0
	for _, a := range b.atoms {
		most = max(most, a.Mass)
	}
	d.rough = min(b.idled, most)
	d.AbsError = max(d.rough+max(off, -off), 1e-13)
	if len(b.atoms) > 0 && b.atoms[0].At <= b.begin && b.atoms[0].Mass > d.AbsError {
		d.Atoms = b.atoms[:1:1]
	}
	return d.owningUp(d.Reason + ",")
}

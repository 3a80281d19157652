package queueing

import "math"

// groupedDensity solves for groups that come at Poisson instants, where it is sure
// that the lane is not drained before overload ends: one server of gamma,
// exponential or hyperexponential services, or exponential servers of constant
// capacity that are all busy until it is drained, which serve like one.
func (p problem) groupedDensity() (d Drain, err error) {
	defer catch(&err)
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{DrainDensity, why} }
	if p.Method != Auto && p.Method != DrainDensity {
		return refuse("another method was asked for")
	}
	p, err = p.stepped(true)
	if err != nil {
		return Drain{}, err
	}
	l, err := p.asOneBusyServer()
	if err != nil {
		return Drain{}, err
	}
	sums := newGroupSums(l.cfg.Service)
	if sums == nil {
		return refuse("requests come in groups, and its service has no transform in closed form")
	}
	up, level := p.cfg.DownFor, p.Level(math.Inf(1))
	n := l.gathered(up)
	q := newGroupedPassage(l, up, n, level, sums)
	if drained, _ := n.upTo(level); drained > math.Exp(-sureExponent) || p.risky(&q.busyPassage) {
		return refuse("requests come in groups, and it may be drained before overload ends")
	}
	if q.roughWithin(p.tolerance()) {
		return refuse("requests come in groups, and the density of few services is no polynomial")
	}
	d = p.result(newCurve(p.passage(q), nil, 0), DrainDensity, "the exact way for one server by the transform of its service time, where requests come in groups")
	d.Tail, d.groups = p.tail(&q.busyPassage), true
	return d, nil
}

// asOneBusyServer is the lane as one server, if it serves like one down to its
// level.
func (p problem) asOneBusyServer() (*Lane, error) {
	servers, level := p.FinalServers(), p.Level(math.Inf(1))
	if len(p.CapacityBreaks(p.cfg.DownFor, math.Inf(1))) > 0 || level < servers-1 {
		return nil, &UnsupportedError{DrainDensity, "requests come in groups, and its capacity is not constant until it is drained"}
	}
	if servers == 1 {
		return p.Lane, nil
	}
	s, is := p.cfg.Service.(Exponential)
	if !is {
		return nil, &UnsupportedError{DrainDensity, "it has several servers and its service is not exponential"}
	}
	cfg := p.cfg
	cfg.Servers, cfg.ScaleOut = 1, nil
	cfg.Service = Exponential{s.MeanTime / float64(servers)}
	cfg.Target = Target{Waiting: level - 1}
	one, err := NewLane(cfg)
	if err != nil {
		return nil, err
	}
	one.overload = &p.end
	return one, nil
}

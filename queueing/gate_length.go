package queueing

// withoutIdleLength is the lane without the length of its throttle where a bound on the line that is
// no longer leaves nothing to it, and without the throttle if it has no rate; overload ends as it did.
func (l *Lane) withoutIdleLength(end float64) (*Lane, error) {
	cfg := l.cfg
	m := &cfg.Mechanisms
	if t := m.Throttle; t == nil || t.MaxWaiting == 0 || !m.Limited || m.QueueLimit > t.MaxWaiting {
		return l, nil
	}
	t := *m.Throttle
	t.MaxWaiting = 0
	if m.Throttle = &t; t.PerSecond == 0 {
		m.Throttle = nil
	}
	other, err := NewLane(cfg)
	if err == nil {
		other.overload = &end
	}
	return other, err
}

// byLengthless is the law behind a throttle by its length alone where who is too old is dropped.
// Without it about as many wait, for about as long: who is held back is at the end of the line, but
// for those who need not wait for the throttle, who come before them. The line in the lane, by which
// servers slow down, is no longer than the throttle lets it be, and no bound beyond that turns anybody
// away.
func (p problem) byLengthless() (Drain, error) {
	m := p.cfg.Mechanisms
	t := m.Throttle
	if t == nil || t.PerSecond > 0 || t.MaxWaiting == 0 || m.MaxAge == 0 || m.Discipline != FIFO || m.Retries != nil {
		return Drain{}, &UnsupportedError{Diffusion, "it has no throttle by its length beside a largest age"}
	}
	m.Throttle, m.Limited = nil, false
	if s := m.SlowDown; s != nil && s.At > t.MaxWaiting {
		m.SlowDown = &SlowDown{t.MaxWaiting, 1 + (s.Factor-1)*float64(t.MaxWaiting)/float64(s.At)}
	}
	q, err := p.withMechanisms(m)
	if err != nil {
		return Drain{}, err
	}
	solve := problem.solve
	if p.soon {
		solve = problem.belowAges
	}
	d, err := solve(q)
	if err != nil {
		return Drain{}, err
	}
	d.AbsError, d.rough, d.Tail, d.floor, d.Quality = 1, 1, 0, 0, Approximate
	d.Reason += "; who is held back is taken to be in line, and nothing bounds the error of that"
	return d, nil
}

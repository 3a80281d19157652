package queueing

// byLengthless is the law behind a throttle by its length alone where who is too old is dropped.
// Without it about as many wait, for about as long: who is held back is at the end of the line, but
// for those who need not wait for the throttle, who come before them. The line in the lane, by which
// servers slow down, is no longer than the throttle lets it be, and no bound beyond that turns anybody
// away. A bound that is no longer than that leaves nothing to the throttle.
func (p problem) byLengthless() (Drain, error) {
	m := p.cfg.Mechanisms
	t := m.Throttle
	if t == nil || t.PerSecond > 0 || t.MaxWaiting == 0 || m.MaxAge == 0 && !(m.Limited && m.QueueLimit <= t.MaxWaiting) || m.Discipline != FIFO || m.Retries != nil {
		return Drain{}, &UnsupportedError{Diffusion, "it has no throttle by its length beside a largest age"}
	}
	never := m.Limited && m.QueueLimit <= t.MaxWaiting
	if m.Throttle = nil; !never {
		m.Limited = false
		if s := m.SlowDown; s != nil && s.At > t.MaxWaiting {
			m.SlowDown = &SlowDown{t.MaxWaiting, 1 + (s.Factor-1)*float64(t.MaxWaiting)/float64(s.At)}
		}
	}
	q, err := p.withMechanisms(m)
	if err != nil {
		return Drain{}, err
	}
	solve := problem.solve
	if p.soon && !never {
		solve = problem.belowAges
	}
	d, err := solve(q)
	if err != nil {
		return Drain{}, err
	}
	if never {
		d.Reason += "; its throttle holds nobody back from a line that is never as long"
		return d, nil
	}
	d.AbsError, d.rough, d.Tail, d.floor, d.Quality = 1, 1, 0, 0, Approximate
	d.Reason += "; who is held back is taken to be in line, and nothing bounds the error of that"
	return d, nil
}

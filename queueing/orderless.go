package queueing

// inOrder is the lane that serves in order of arrival and has the same number of requests
// at any time, in law, and whether it is another one. Services are independent of each
// other and of who is served, so that their order does not matter to how many are there
// (L. Kleinrock, Queueing Systems, vol. II, Wiley 1976, section 3.3): the latest first and
// the urgent first are alike. Nor does a throttle that holds requests back only while more
// than MaxWaiting wait, which is at least one: who is held waits, and no server idles
// meanwhile.
func (l *Lane) inOrder() (_ *Lane, reordered bool) {
	cfg := l.cfg
	m := &cfg.Mechanisms
	if t := m.Throttle; t != nil && t.PerSecond <= 0 && m.besideOrder() == 1 {
		m.Throttle = nil
	}
	if m.Throttle == nil && m.MaxAge == 0 && m.Retries == nil {
		m.Discipline = FIFO
	}
	if m.Throttle == l.cfg.Mechanisms.Throttle && m.Discipline == l.cfg.Mechanisms.Discipline {
		return l, false
	}
	same, err := NewLane(cfg)
	if err != nil {
		return l, false
	}
	return same, true
}

// besideOrder is how many mechanisms there are beside the order of service.
func (m Mechanisms) besideOrder() int {
	m.Discipline = FIFO
	return len(m.Names())
}

// unordered says so of the law of a lane whose order of service does not matter.
func (d Drain) unordered(reordered bool) Drain {
	if reordered {
		d.Reason += "; the order of service does not matter to how many wait"
	}
	return d
}

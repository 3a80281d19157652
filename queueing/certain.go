package queueing

// certainDrain is the drain of a lane in which nothing is left to chance:
// service of one length, batches of known size and nothing else that arrives.
// Servers that start together end together, c requests every s seconds, so
// that the lane is at its target after the least number n of services with
// k + A(n s) <= c n, where k is how far above its target it begins and A what
// has come since. Others get an [*UnsupportedError].
func certainDrain(l *Lane) (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{DrainIdentity, why} }
	service, is := l.cfg.Service.(Deterministic)
	if !is {
		return refuse("its service is left to chance")
	}
	q, end, err := newSuperposition(l)
	if err != nil {
		return Drain{}, err
	}
	if q.k0 <= 0 {
		return q.atTarget(end)
	}
	at := l.cfg.DownFor
	for n := 0; ; {
		need := (q.k0 + q.arrived(0, at) + q.servers - 1) / q.servers
		if need <= n {
			break
		}
		n = need
		at = l.cfg.DownFor + float64(n)*service.Time
	}
	if q.flow(0, at) > 0 {
		return refuse("its arrivals are left to chance")
	}
	atoms := []Atom{{at, 1}}
	d := Drain{Distribution: newCurve(nil, atoms, 0), Method: DrainIdentity, Quality: Exact, Atoms: atoms,
		Reason: "nothing is left to chance: services of one length, and requests whose number and times are known"}
	return d, q.checkStart(d, end, 0)
}

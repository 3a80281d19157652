package steady

// waitsAtAll is the probability that the time which class k spends not in
// service, the one that Wq is the mean of and [Priority.ClassWaitTail] the
// tail of, is not 0: an arrival finds no server free for it or, where a
// higher class interrupts, is interrupted later.
func (m Priority) waitsAtAll(k int) float64 {
	switch {
	case !m.Preemptive:
		return m.held(m.Classes)
	case m.Servers == 1:
		return m.classLaw(k).waits()
	}
	return m.heldOrInterrupted(k)
}

// heldOrInterrupted is that of several servers, where the request of the
// lowest class that came last is the one that makes room. An arrival that
// finds j < c of the classes up to its own starts at once, and those in its
// way are from then on the j and what comes of the classes above: they grow at
// the rate lambda of the classes above and fall at j mu. With v(j) the chance
// that they reach c before its own service ends, v(c) = 1 and
//
//	(lambda + j mu + mu) v(j) = lambda v(j+1) + j mu v(j-1),
//
// which is free of differences in e(j) = v(j+1)/v(j) - 1:
//
//	e(j) = (1 + j e(j-1)/(1+e(j-1))) mu/lambda.
//
// What an arrival finds is p(j), the M/M/c of the classes up to its own: the
// sum of p(j) v(j) is carried along relative to its last term, which grows.
func (m Priority) heldOrInterrupted(k int) float64 {
	held := m.held(m.Classes[:k+1])
	servers := float64(m.Servers)
	above, upto := m.load(k)*servers, m.load(k+1)*servers
	if above == 0 {
		return held
	}
	rise, sum := 1/above, 1.0
	for j := 1.0; j < servers; j++ {
		sum = 1 + sum*j/(upto*(1+rise))
		rise = (1 + j*rise/(1+rise)) / above
	}
	last := held * (1 - m.load(k+1)) * servers / upto // p(c-1)
	return held + sum*last/(1+rise)
}

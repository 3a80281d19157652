package queueing

import "math"

// TippingPoint is where a lane with retries or slow-down stops healing itself,
// in the mean-field (fluid) limit. While every attempt waits longer than its
// client does, each fresh request makes m attempts; if m lambda is above the
// capacity, the overload that the retries make keeps them coming (N. Bronson
// et al., Metastable Failures in Distributed Systems, HotOS 2021).
type TippingPoint struct {
	Fresh    float64 // requests per second in the long run: lambda
	Capacity float64 // requests per second left to them when all is slow: C
	Attempts int     // most attempts a request: m
	Offered  float64 // attempts per second while all fail: m lambda, or what a retry budget allows
	Backlog  float64 // n*: a backlog above it does not drain; +Inf where every backlog does
}

// Tipping finds the tipping point of a lane that serves in order of arrival.
// ok tells whether a stuck state exists, lambda < C < m lambda or, with
// slow-down, C/Factor < m lambda < C. A retry budget bounds what is offered:
// (1 + share) lambda, or lambda and the tokens' refill. Where the queue limit or
// the maximum age keeps the wait so short that it and a mean service fit into
// the timeout, attempts succeed again however many there were, and there is no
// stuck state; nor is there one where the latest goes first. A server that only
// drops stale copies can but move the tipping point up: the rule is for those
// that are served. Streams whose clients do not retry take their part of the
// capacity. A lane that cannot sustain even its fresh requests has the tipping
// backlog 0 and ok false: it is not metastable but overloaded.
//
// With backoffs b_j after the j-th attempt and k = ceil(C/lambda) <= m,
//
//	n* = C timeout + sum over j = 1..k-1 of (C - j lambda)(timeout + b_j)
//
// for a backlog that does not itself retry: the j-th attempts join in one
// round after the other, and the backlog must outlast the rounds during which
// they still fit. Slow-down alone tips where the capacity has fallen to
// lambda: n* = At (C/lambda - 1)/(Factor - 1).
func Tipping(l *Lane) (p TippingPoint, ok bool) {
	p = TippingPoint{Capacity: l.FinalCapacity(), Attempts: 1, Backlog: math.Inf(1)}
	m := l.cfg.Mechanisms
	for _, s := range l.cfg.Arrivals.streams {
		if s.Retries || m.Retries == nil {
			p.Fresh += s.Source.LongRun()
		} else {
			p.Capacity -= s.Source.LongRun()
		}
	}
	if m.Retries != nil {
		p.Attempts = m.Retries.MaxAttempts
	}
	p.Offered = float64(p.Attempts) * p.Fresh
	if r := m.Retries; r != nil && r.Budget.Bounded() {
		p.Offered = math.Min(p.Offered, budgeted(p.Fresh, r.Budget))
	}
	if p.Fresh >= p.Capacity {
		p.Backlog = 0
		return p, false
	}
	if m.Retries != nil && p.Offered > p.Capacity && !answersInTime(l, p.Capacity) {
		p.Backlog = retryTipping(p, *m.Retries)
	}
	if s := m.SlowDown; s != nil && s.Factor > 1 {
		p.Backlog = math.Min(p.Backlog, slowTipping(p, m, l.FinalServers()))
		p.Capacity -= l.FinalCapacity() * (1 - 1/s.Factor)
	}
	return p, p.Fresh > 0 && !math.IsInf(p.Backlog, 1)
}

// budgeted is the rate of attempts that a retry budget allows.
func budgeted(fresh float64, b RetryBudget) float64 {
	most := math.Inf(1)
	if b.Share > 0 {
		most = fresh * (1 + b.Share)
	}
	if b.Tokens > 0 {
		most = math.Min(most, fresh+b.Refill)
	}
	return most
}

// answersInTime tells whether attempts are answered in time however long the
// overload has been.
func answersInTime(l *Lane, capacity float64) bool {
	m, wait := l.cfg.Mechanisms, math.Inf(1)
	if m.Discipline == LIFO {
		return true
	}
	if m.Limited {
		wait = float64(m.QueueLimit) / capacity
	}
	if m.MaxAge > 0 {
		wait = math.Min(wait, m.MaxAge)
	}
	return wait+l.cfg.Service.Mean() <= m.Retries.Timeout
}

func retryTipping(p TippingPoint, r Retries) float64 {
	n := p.Capacity * r.Timeout
	for j := 1; float64(j)*p.Fresh < p.Capacity; j++ {
		backoff := r.Backoff * math.Pow(2, float64(j-1))
		n += (p.Capacity - float64(j)*p.Fresh) * (r.Timeout + backoff)
	}
	return n
}

// slowTipping is the backlog, those in service included, at which the
// capacity has fallen to the rate of attempts: the fresh ones alone, or all
// of them from where the wait is beyond the timeout. A queue limit may keep the
// lane from it.
func slowTipping(p TippingPoint, m Mechanisms, servers int) float64 {
	s := m.SlowDown
	at := func(rate float64) float64 {
		if p.Capacity/s.Factor >= rate {
			return math.Inf(1)
		}
		return math.Max(0, float64(s.At)*(p.Capacity/rate-1)/(s.Factor-1)) + float64(servers)
	}
	n := at(p.Fresh)
	if m.Retries != nil {
		// The queue must also be so long that attempts time out.
		w := math.Max(at(p.Offered), float64(servers)+p.Capacity*m.Retries.Timeout)
		n = math.Min(n, w)
	}
	if m.Limited && n > float64(m.QueueLimit+servers) {
		return math.Inf(1)
	}
	return n
}

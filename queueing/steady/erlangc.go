package steady

import "math"

// ErlangC is Erlang's delay probability C(c, a): the share of requests that
// wait at c servers with an unbounded queue, offered a erlang,
//
//	C = B / (1 - rho (1 - B)),  rho = a/c
//
// (Kleinrock 1975, eq. 3.40, written by way of B). Real servers above 0 are
// allowed, as for [ErlangB]. At a >= c every request waits: 1. NaN for
// arguments out of range. Where it underflows to 0 use [LogErlangC].
func ErlangC(servers, load float64) float64 {
	if !(servers > 0 && load >= 0) || math.IsInf(servers, 1) || math.IsInf(load, 1) {
		return math.NaN()
	}
	if load >= servers {
		return 1
	}
	return delay(erlangLoss(servers, load), (servers-load)/servers)
}

// delay is C from B and the slack 1 - rho: B / (slack + rho B), all positive.
func delay(l loss, slack float64) float64 {
	return l.b / (slack + (1-slack)*l.b)
}

// LogErlangC is ln C(c, a), finite where C underflows (C(10^4, 5000) is about
// e^-1937).
func LogErlangC(servers, load float64) float64 {
	if !(servers > 0 && load >= 0) || math.IsInf(servers, 1) || math.IsInf(load, 1) {
		return math.NaN()
	}
	if load >= servers {
		return 0
	}
	l := erlangLoss(servers, load)
	slack := (servers - load) / servers
	return l.ln - math.Log(slack+(1-slack)*l.b)
}

// ErlangCElasticity is d ln C / d ln a below saturation, by differentiating
// C's form in B, with e = d ln B / d ln a:
//
//	(e (1-rho) + rho (1-B)) / (1 - rho + rho B)
//
// NaN out of range.
func ErlangCElasticity(servers, load float64) float64 {
	if !(servers > 0 && load >= 0 && load < servers) {
		return math.NaN()
	}
	l := erlangLoss(servers, load)
	slack := (servers - load) / servers
	e := servers - load*l.carried
	return (e*slack + (1-slack)*l.carried) / (slack + (1-slack)*l.b)
}

// ErlangCServers is the least whole number of servers at which no more than
// the share p of requests waits, for a load > 0 and 0 < p < 1; 0 out of range.
func ErlangCServers(load, p float64) int {
	if !(load > 0 && load < MaxServers/2 && p > 0 && p < 1) {
		return 0
	}
	lo := int(math.Floor(load)) + 1
	return firstCount(lo, func(c int) bool { return ErlangC(float64(c), load) <= p })
}

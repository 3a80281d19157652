package steady

import (
	"math"
	"math/cmplx"
)

// waitsAtAll is the probability that the time which class k spends not in
// service, the one that Wq is the mean of and [Priority.ClassWaitTail] the
// tail of, is not 0: an arrival finds no server free for it or, where a
// higher class interrupts, is interrupted later.
func (m Priority) waitsAtAll(k int) float64 {
	if m.Servers == 1 && m.Preemptive {
		return m.classLaw(k).waits()
	}
	return m.commonLaw(k).waits()
}

// commonLaw is what the wait of one class takes where all are served in
// exponential times of one mean: in mean service ends of all servers, while
// all are busy.
//
// Those in the way of a request are all of the classes above, later ones too,
// and those of its own class that came before it. While they take all servers
// they are M/M/1 with the load above, so that a wait lasts until one more of
// them are gone than there were beyond the servers. Where nobody is
// interrupted that is the whole wait. Else the request starts with c-1 in its
// way, and by the time that its own service ends, or not, they may be c again:
// again is the chance of that, settled 1 less it, and each time it waits for
// one busy period more.
type commonLaw struct {
	above, upto    float64 // load of a server by the classes above, and with its own
	held           float64 // P(all servers are in others' hands on arrival)
	later          float64 // P(a server is free, and taken away before the end)
	again, settled float64
}

func (m Priority) commonLaw(k int) commonLaw {
	l := commonLaw{above: m.load(k), upto: m.load(k + 1), settled: 1}
	if !m.Preemptive {
		l.held = m.held(m.Classes)
		return l
	}
	l.held = m.held(m.Classes[:k+1])
	if l.above > 0 {
		l.interrupted(float64(m.Servers))
	}
	return l
}

// interrupted fills in what comes of interruptions, where the request of the
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
func (l *commonLaw) interrupted(servers float64) {
	above, upto := l.above*servers, l.upto*servers
	rise, sum := 1/above, 1.0
	for j := 1.0; j < servers; j++ {
		sum = 1 + sum*j/(upto*(1+rise))
		rise = (1 + j*rise/(1+rise)) / above
	}
	last := l.held * (1 - l.upto) / l.upto // p(c-1)
	l.again = 1 / (1 + rise)
	l.settled = 1 / (1 + 1/rise)
	l.later = sum * last * l.again
}

// waits is P(wait > 0).
func (l commonLaw) waits() float64 { return l.held + l.later }

// tail is P(wait > u) for u > 0. Those found waiting are geometric with the
// load upto; with g the transform of the busy period, that of the first wait
// of who finds no server is g (1-upto)/(1 - upto g), of who is interrupted
// later g, and of all later waits settled/(1 - again g), all taken as what
// they miss to 1, free of differences.
func (l commonLaw) tail(u float64) float64 {
	if l.above == 0 { // nobody passes: exponential
		return l.held * math.Exp(-(1-l.upto)*u)
	}
	above, clear, upto, again := complex(l.above, 0), complex(1-l.above, 0), complex(l.upto, 0), complex(l.again, 0)
	tail := eulerSum(func(z complex128) float64 {
		// above g^2 - (1+above+z) g + 1 = 0, its root free of differences too
		root := cmplx.Sqrt(clear*clear + z*(2+2*above+z))
		g := 2 / (1 + above + z + root)
		short := 2 / (clear + z + root) // (1-g)/z
		late := z * short
		more := again * short / (complex(l.settled, 0) + again*late)
		found := short / (complex(1-l.upto, 0) + upto*late)
		return real(complex(l.held, 0)*(found+(1-z*found)*more) + complex(l.later, 0)*(short+g*more))
	}, u)
	return math.Max(0, math.Min(l.waits(), tail))
}

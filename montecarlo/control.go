package montecarlo

import (
	"context"
	"math"

	"singlelane/queueing"
)

// Controlled is a mean sharpened by a control variate.
type Controlled struct {
	Estimate
	Gain float64 // variance of the plain mean over that of this one
}

// controllable tells whether the martingale of the lane's drain is known. With
// the servers busy from 0 to T, arrivals less services is a martingale once
// the mean path is taken off, and at T
//
//	Z = M(0,T) - Lam(0,T) - (n0 - L)
//
// has mean 0 by optional stopping (A. Wald). Z is a function of T alone, and
// nearly a straight line where T varies little, so it takes out most of the
// chance: all of it at constant rates.
func controllable(l *queueing.Lane, tstar float64) bool {
	if ok, _ := leapable(l); !ok || l.Config().Target.Idle && l.FinalServers() > 1 {
		return false
	}
	if len(l.CapacityBreaks(0, math.Inf(1))) > 0 && !l.Config().Target.Idle && l.FinalServers() > 1 {
		return false // the level moves
	}
	for _, s := range l.Arrivals().Streams() {
		switch s.Source.(type) {
		case queueing.Steady, queueing.Surge, queueing.Trace, queueing.Batch:
		default:
			return false
		}
	}
	return restsLate(l, tstar)
}

// restsLate tells whether the lane reaches its level before t* with a chance
// of less than 1e-12, by Chernoff on departures less arrivals at instants up
// to t* and the departures of a cell between them.
func restsLate(l *queueing.Lane, tstar float64) bool {
	if tstar <= 0 {
		return true
	}
	const cells, risk = 64, 1e-12
	above := l.Initial().Mean() - float64(l.Level(tstar))
	for i := 1; i <= cells; i++ {
		t := tstar * float64(i) / cells
		in, out := l.Arrivals().Mean(0, t), l.Work(0, t)
		spread := in + out*max(1, l.Service().SCV())
		if above+in-out < math.Sqrt(-2*math.Log(risk)*spread)-math.Log(risk)+l.Work(tstar*float64(i-1)/cells, t) {
			return false
		}
	}
	return true
}

// ControlledMean is the mean drain time of one lane with its martingale as
// control, ok where there is one. s is a sample of that lane. Millions of drain
// times take their time, so it gives up once ctx ends.
func ControlledMean(ctx context.Context, l *queueing.Lane, s *Sample) (c Controlled, ok bool) {
	if s.N() < 30 || math.IsInf(s.At(s.N()-1), 1) || !controllable(l, overloadEndOf(l)) {
		return Controlled{}, false
	}
	above := l.Initial().Mean() - float64(l.Level(math.MaxFloat64))
	var m pairMoments
	whole := s.times.while(func(b Outcomes) bool {
		for _, t := range b {
			m.add(t, l.Work(0, t)-l.Arrivals().Mean(0, t)-above)
		}
		return ctx.Err() == nil
	})
	if !whole || !(m.zz > 0) {
		return Controlled{}, false
	}
	slope := m.tz / m.zz
	rest := max(0, m.tt-slope*m.tz)
	sd := math.Sqrt(rest / float64(m.n-1))
	return Controlled{Estimate: meanEstimate(m.t-slope*m.z, sd, m.n), Gain: m.tt / max(rest, math.SmallestNonzeroFloat64)}, true
}

// pairMoments are the means of pairs and the sums of squares and products about
// them, kept up to date (B. P. Welford, Technometrics 4 (1962)) since millions
// of pairs should take no memory.
type pairMoments struct {
	n          int
	t, z       float64
	tt, tz, zz float64
}

func (m *pairMoments) add(t, z float64) {
	m.n++
	dt, dz := t-m.t, z-m.z
	m.t += dt / float64(m.n)
	m.z += dz / float64(m.n)
	m.tt += dt * (t - m.t)
	m.tz += dt * (z - m.z)
	m.zz += dz * (z - m.z)
}

func overloadEndOf(l *queueing.Lane) float64 {
	if l.Config().Target.FirstPassage {
		return 0
	}
	return overloadEnd(l)
}

package montecarlo

import (
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
// control, ok where there is one. times are those of a sample of that lane.
func ControlledMean(l *queueing.Lane, times Outcomes) (c Controlled, ok bool) {
	if len(times) < 30 || math.IsInf(times.Max(), 1) || !controllable(l, overloadEndOf(l)) {
		return Controlled{}, false
	}
	above := l.Initial().Mean() - float64(l.Level(math.MaxFloat64))
	z := make(Outcomes, len(times))
	for i, t := range times {
		z[i] = l.Work(0, t) - l.Arrivals().Mean(0, t) - above
	}
	meanT, sdT := times.moments()
	meanZ, sdZ := z.moments()
	if !(sdZ > 0) {
		return Controlled{}, false
	}
	cov := 0.0
	for i, t := range times {
		cov += (t - meanT) * (z[i] - meanZ) / float64(len(times)-1)
	}
	slope := cov / (sdZ * sdZ)
	rest := math.Sqrt(max(0, sdT*sdT-slope*cov))
	return Controlled{Estimate: meanEstimate(meanT-slope*meanZ, rest, len(times)), Gain: sdT * sdT / max(rest*rest, math.SmallestNonzeroFloat64)}, true
}

func overloadEndOf(l *queueing.Lane) float64 {
	if l.Config().Target.FirstPassage {
		return 0
	}
	return overloadEnd(l)
}

package study

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// FalseAlarm is the chance that [Agreement] calls right theories wrong, over
// all designs of a result and all comparisons together.
const FalseAlarm = 1e-3

// compared are the upper tails at which theory and simulation are held
// against each other, beside the objective and the whole distribution.
var compared = []float64{0.5, 0.1, 0.01, 0.001}

// Agreement holds a theory's law against simulated drain times.
//
// For exact theory the number of storms later than each of its P50, P90, P99,
// P99.9 and the objective is binomial, which is tested exactly; the largest
// difference of the distribution functions is held against the bound of
// Dvoretzky, Kiefer and Wolfowitz with Massart's constant (Ann. Probab. 18
// (1990)). The chance of a false alarm is divided evenly over all comparisons
// (Bonferroni). For approximate theory only the sizes are reported.
type Agreement struct {
	Exact    bool    // whether Agrees means anything
	Agrees   bool    // no comparison is beyond chance
	Distance float64 // largest difference of the distribution functions seen
	Bound    float64 // what chance explains of it, at the error rate above
	P50, P99 float64 // relative error of theory against simulation
	Failed   string  // the comparison that failed, "" if none
}

// comparisons is how many tests the design takes.
func (a *Answer) comparisons() int {
	if a.Simulated == nil || !a.Drain.Exact() {
		return 0
	}
	return len(compared) + 2
}

// agreement of theory and sample, when tests comparisons are made in all.
func agreement(theory *Law, sample *montecarlo.Sample, within float64, tests int) *Agreement {
	d, n := *theory.Theory, sample.N()
	seen := func(t float64) float64 { return math.Min(queueing.Until(t), sample.Horizon) } // later than that nothing was
	g := &Agreement{
		Exact: theory.Exact(), Agrees: true, Distance: distance(d, sample),
		P50: relative(seen(theory.P50.Value), seen(sample.Quantile(0.5).Value)),
		P99: relative(seen(theory.P99.Value), seen(sample.Quantile(0.99).Value)),
	}
	if !g.Exact {
		return g
	}
	alarm := FalseAlarm / float64(max(1, tests))
	g.Bound = math.Sqrt(math.Log(2/alarm)/(2*float64(n))) + d.AbsError
	if g.Distance > g.Bound {
		g.Agrees, g.Failed = false, "the distribution as a whole"
	}
	check := func(t float64, name string) {
		if math.IsInf(t, 0) {
			return
		}
		t = seen(t)
		if !plausible(sample.Later(t), n, d.Exceed(t), d.AbsError, alarm) {
			g.Agrees, g.Failed = false, name
		}
	}
	for i, name := range []string{"P50", "P90", "P99", "P99.9"} {
		check(d.Quantile(1-compared[i]), name)
	}
	check(within, "the risk of missing the objective")
	return g
}

// distance is the largest difference of the two distribution functions at 400
// of the drawn times, which are spread over the law.
func distance(d queueing.Distribution, sample *montecarlo.Sample) float64 {
	worst, n := 0.0, float64(sample.N())
	for _, t := range sample.Spread(400) {
		if math.IsInf(t, 1) {
			break
		}
		t = queueing.Until(t) // services added up in another order end at the same time
		worst = math.Max(worst, math.Abs(1-float64(sample.Later(t))/n-d.CDF(t)))
	}
	return worst
}

// plausible tells whether k cases in n are likely enough for a probability
// within slack of p: neither tail of the binomial law is below alarm/2.
func plausible(k, n int, p, slack, alarm float64) bool {
	lo, hi := math.Max(0, p-slack), math.Min(1, p+slack)
	return upperTail(k, n, hi) >= alarm/2 && 1-upperTail(k+1, n, lo) >= alarm/2
}

// upperTail is P(X >= k) for X binomial of n and p.
func upperTail(k, n int, p float64) float64 {
	switch {
	case k <= 0:
		return 1
	case k > n || p <= 0:
		return 0
	case p >= 1:
		return 1
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p)
}

func relative(got, want float64) float64 {
	if got == want {
		return 0
	}
	return got/want - 1
}

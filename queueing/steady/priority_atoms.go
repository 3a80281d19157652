package steady

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"

	"singlelane/queueing"
)

// atom is a wait that is met exactly, with its probability.
type atom struct{ at, mass float64 }

// Bounds of the search for the atoms near a time, beyond which each weighs next
// to nothing: how many are kept, how many ways to fill up with the longer
// services are tried, and how many of the shortest fit in.
const (
	mostAtoms         = 64
	mostFillings      = 256
	mostInterruptions = 10_000
)

// atomsNear is the atoms of the wait around t, of which inversion would make
// waves. A request that finds the server idle and is interrupted by services
// of certain lengths s(i) alone waits for a sum T of them. That n(i) of each
// come, the first during its own service S, and are served before it goes on,
// is by the ballot theorem (L. Takacs, Combinatorial Methods in the Theory of
// Stochastic Processes, 1967, section 8)
//
//	S/(S+T) product of pois(n(i); lambda(i) (S+T)),  T = sum of n(i) s(i),
//
// times the chance exp(-lambda (S+T)) that none of the other classes above
// comes. The mean over S is taken in closed form. Where there are more than
// mostAtoms those that tell most at t are taken.
func (l classLaw) atomsNear(t float64) []atom {
	if !l.resumes || l.idle <= 0 {
		return nil
	}
	lengths, rates, all := l.certain()
	if len(lengths) == 0 {
		return nil
	}
	fillings := 1.0
	for _, s := range lengths[1:] {
		fillings *= 1 + 2*t/s
	}
	if fillings > mostFillings || t/lengths[0] > mostInterruptions {
		return nil
	}
	near := math.Ceil(mostAtoms / fillings)
	var found []atom
	var fill func(i, n int, at, ln float64)
	fill = func(i, n int, at, ln float64) {
		lo, hi := 0.0, math.Floor(2*t/lengths[i])
		if i == 0 { // the shortest: what is missing to t
			missing := math.Round((t - at) / lengths[0])
			lo, hi = math.Max(0, missing-near), missing+near
		}
		for k := lo; k <= hi; k++ {
			lnFactorial, _ := math.Lgamma(k + 1)
			upto, ways := at+k*lengths[i], ln+k*math.Log(rates[i])-lnFactorial
			switch many := n + int(k); {
			case i > 0:
				fill(i-1, many, upto, ways)
			case many > 0:
				found = append(found, atom{upto, l.idle * math.Exp(ways+l.lnStretched(many, upto, all)-all*upto)})
			}
		}
	}
	fill(len(lengths)-1, 0, 0, 0)
	tells := func(a atom) float64 { return a.mass / (math.Abs(a.at-t) + 1e-3*t) }
	slices.SortFunc(found, func(a, b atom) int { return cmp.Compare(tells(b), tells(a)) })
	return found[:min(len(found), mostAtoms)]
}

// certain is the lengths of the services above that take the same time each,
// from the shortest up, their rates, and the rate of all classes above.
func (l classLaw) certain() (lengths, rates []float64, all float64) {
	byLength := map[float64]float64{}
	for i, load := range l.load[:l.class] {
		rate := load / l.service[i].Mean()
		all += rate
		if s, ok := l.service[i].(queueing.Deterministic); ok && rate > 0 {
			byLength[s.Time] += rate
		}
	}
	for s := range byLength {
		lengths = append(lengths, s)
	}
	slices.Sort(lengths)
	for _, s := range lengths {
		rates = append(rates, byLength[s])
	}
	return lengths, rates, all
}

// lnStretched is ln E[S (S+T)^(n-1) exp(-rate S)] for the class's own service.
func (l classLaw) lnStretched(n int, total, rate float64) float64 {
	switch s := l.service[l.class].(type) {
	case queueing.Deterministic:
		return math.Log(s.Time) + float64(n-1)*math.Log(s.Time+total) - rate*s.Time
	case queueing.Gamma:
		return lnGammaStretched(n, total, rate, s.Shape, s.MeanTime/s.Shape)
	case queueing.Hyperexponential:
		one := math.Log(s.P1) + lnGammaStretched(n, total, rate, 1, s.Mean1)
		two := math.Log1p(-s.P1) + lnGammaStretched(n, total, rate, 1, s.Mean2)
		return floats.LogSumExp([]float64{one, two})
	}
	return lnGammaStretched(n, total, rate, 1, l.service[l.class].Mean())
}

// lnGammaStretched is that of gamma service, by the binomial sum, whose terms
// are positive: with b = scale/(1 + rate scale), in which exp(-rate S) is taken
// up,
//
//	(b/scale)^shape * sum over j of binomial(n-1, j) T^(n-1-j) b^(j+1) shape (shape+1) ... (shape+j).
func lnGammaStretched(n int, total, rate, shape, scale float64) float64 {
	b := scale / (1 + rate*scale)
	sum, term, ln := 1.0, 1.0, 0.0
	for j := 1; j < n; j++ {
		term *= float64(n-j) / float64(j) * b / total * (shape + float64(j))
		sum += term
		if sum > 1e200 {
			ln += math.Log(sum)
			term, sum = term/sum, 1
		}
	}
	return shape*math.Log(b/scale) + math.Log(shape*b) + float64(n-1)*math.Log(total) + ln + math.Log(sum)
}

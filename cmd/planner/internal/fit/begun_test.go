package fit

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBeginningOfALognormalSurge is found though the rate hardly rises there:
// the delays counted from it are those that were drawn. Of 9000 delays of
// variability 0.95 the mean has a standard error of 1 %, twice that as it is
// told from the base and the beginning: 12 % are six, a false alarm of 2e-9.
func TestBeginningOfALognormalSurge(t *testing.T) {
	const span, begins, mean, sigma, base, count = 7200, 1800, 403, 0.8, 2, 9000
	g := rand.New(rand.NewPCG(8, 1))
	at := []int64{0}
	for x := g.ExpFloat64() / base; x < span; x += g.ExpFloat64() / base {
		at = append(at, int64(x*1e9))
	}
	for range count {
		x := begins + mean*math.Exp(sigma*g.NormFloat64()-sigma*sigma/2)
		if x < span {
			at = append(at, int64(x*1e9))
		}
	}
	slices.Sort(at)
	a, warnings := fitArrivals(countInstants(at), Options{Incident: math.NaN()})
	if a.Surge == nil || a.Surge.Law != LognormalDelay {
		t.Fatalf("surge %+v, warnings %q", a.Surge, warnings)
	}
	s := a.Surge
	if math.Abs(s.Begins-begins) > 0.12*mean {
		t.Errorf("it begins at %v s, the truth is %v", s.Begins, begins)
	}
	for name, x := range map[string][2]float64{"base": {a.Rate.Value, base}, "count": {s.Count.Value, count}, "mean": {s.Delay.Value, mean}, "variability": {s.CV.Value, math.Sqrt(math.Expm1(sigma * sigma))}} {
		if math.Abs(math.Log(x[0]/x[1])) > 0.12 {
			t.Errorf("%s %v, the truth is %v", name, x[0], x[1])
		}
	}
	if a.Models[0].Name != "lognormal surge" || math.Abs(a.Models[0].LogLikelihood-logLikelihood(a.Counts, a.upTo)) > 1e-6*math.Abs(a.Models[0].LogLikelihood) {
		t.Errorf("models %+v", a.Models)
	}
}

package fit

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/fit/trace"
)

// logOf is n requests, served at once for the times that draw gives, their
// instants cut off to whole units of ns.
func logOf(n int, unit int64, r *rand.Rand, draw func() float64) *trace.Trace {
	q := &trace.Requests{Resolution: 1}
	at := 0.0
	for range n {
		at += r.ExpFloat64()
		start, end := int64(at*1e9), int64((at+draw())*1e9)
		q.Arrival = append(q.Arrival, start/unit*unit)
		q.Start, q.End = append(q.Start, start/unit*unit), append(q.End, end/unit*unit)
	}
	return &trace.Trace{Name: "log", Rows: n, Requests: q}
}

// TestCoarseLogKeepsTheMean cuts services of mean 0.6 s to whole seconds: more
// than half of them become 0, and their mean is the true one still. Cut
// differences have a variance of at most that of the service and 1/6 s^2
// together; six of their standard errors are a false alarm of 2e-9.
func TestCoarseLogKeepsTheMean(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	const n = 5000
	f := Requests(logOf(n, 1e9, r, func() float64 { return 0.6 * r.ExpFloat64() }), Options{Incident: math.NaN()})
	s := f.Service
	if !s.Assumed || s.Law != Exponential || len(s.QQ)+len(s.Histogram.Density) != 0 || !math.IsNaN(s.P) {
		t.Errorf("%s, assumed %v, p = %v, %d quantiles, %d bins", s.Law, s.Assumed, s.P, len(s.QQ), len(s.Histogram.Density))
	}
	if off := math.Abs(s.Mean.Value - 0.6); off > 6*math.Sqrt((0.36+1.0/6)/n) {
		t.Errorf("mean %v, the truth is 0.6", s.Mean)
	}
	if width := (s.Mean.Hi - s.Mean.Lo) / 2; width < 1.6*0.6/math.Sqrt(n) || width > 1.7*0.8/math.Sqrt(n) {
		t.Errorf("the range %v is not that of a mean", s.Mean)
	}
	if !slices.ContainsFunc(f.Warnings, func(w string) bool { return strings.Contains(w, "resolves no less than 1 s") }) {
		t.Errorf("warnings %q", f.Warnings)
	}
}

// TestConstantServicesOfAFineLog are known as well as the instants, however
// round their own length is.
func TestConstantServicesOfAFineLog(t *testing.T) {
	for unit, within := range map[int64]float64{1e3: 1e-6, 1e6: 1e-3} {
		r := rand.New(rand.NewPCG(3, 2))
		s := Requests(logOf(500, unit, r, func() float64 { return 0.5 }), Options{Incident: math.NaN()}).Service
		if s.Law != Deterministic || !(s.Mean.Lo <= 0.5 && 0.5 <= s.Mean.Hi) || s.Mean.Hi-s.Mean.Lo > 3*within {
			t.Errorf("to %d ns: %s of mean %v", unit, s.Law, s.Mean)
		}
	}
}

// TestTheMeanOfTimesThatNoLawFits is said where the best law misses it.
func TestTheMeanOfTimesThatNoLawFits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	times := make([]float64, 5000)
	for i := range times {
		times[i] = 0.2 * math.Exp(r.ExpFloat64()/1.5) // Pareto's law: no shorter than 0.2 s, mean 0.6 s
	}
	s, warnings := fitService(times, 1e-9, Options{})
	if !(s.SampleMean > s.Mean.Hi) {
		t.Fatalf("mean of the times %v, of the law %v", s.SampleMean, s.Mean)
	}
	if len(warnings) != 1 || !strings.Contains(warnings[0], "the mean of the times is") {
		t.Errorf("warnings %q", warnings)
	}
}

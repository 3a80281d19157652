package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Erlang services of two phases and those of two exponential ones have a renewal density
// 1 + a r exp(-r t), and so a second moment, in closed form (D. R. Cox, Renewal Theory, 1962,
// section 4.1). Services of one length end at once.
func TestRenewalFunctionInClosedForm(t *testing.T) {
	wide := BalancedHyperexponential(1, 9)
	for name, c := range map[string]struct {
		service Service
		a, r    float64
	}{
		"erlang 2":         {Gamma{2, 2}, -0.25, 4},
		"hyperexponential": {wide.Scaled(2), 4, (1-wide.P1)/wide.Mean1 + wide.P1/wide.Mean2},
	} {
		f := newRenewalFunction(c.service)
		most := 0.0
		for i := range 4000 {
			x := float64(i+1) / 100 // services
			fade := math.Exp(-c.r * x)
			mean := x + c.a*(1-fade)
			second := x*x/2 + 2*c.a*x - 2*c.a*(1-fade)/c.r + c.a*c.a*(1-fade*(1+c.r*x))
			most = math.Max(most, mean+2*second-mean*mean)
			ahead, spread := f.of(2 * x)
			if want := mean - x; math.Abs(ahead-want) > 1e-3*(1+math.Abs(c.a)) {
				t.Fatalf("%s: after %g services ahead by %.6f, want %.6f", name, x, ahead, want)
			}
			if want := most - c.service.SCV()*x; math.Abs(spread-want) > 2e-3*(1+most) {
				t.Fatalf("%s: after %g services a variance of %.6f more, want %.6f", name, x, spread, want)
			}
		}
	}
	f := newRenewalFunction(Deterministic{3})
	for i := range 20 {
		if ahead, _ := f.of(3 * (float64(i) + 0.5)); math.Abs(ahead+0.5) > 1e-5 {
			t.Errorf("services of one length: between the ends of %d and %d ahead by %g", i, i+1, ahead)
		}
	}
	if newRenewalFunction(Exponential{2}) != nil {
		t.Error("exponential services have no age")
	}
}

// Services drawn one by one: the mean of their number is within 5.4 standard errors, which
// chance exceeds once in 10^7 times, and so is the mean square.
func TestRenewalFunctionAgainstDraws(t *testing.T) {
	const draws = 40_000
	for name, s := range map[string]Service{"lognormal": Lognormal{1, 9}, "gamma": Gamma{1, 1. / 12}, "alike": Gamma{1, 8}} {
		f := newRenewalFunction(s)
		at := []float64{0.2, 1, 4, 20}
		r := rand.New(rand.NewPCG(5, 6))
		var moment [4][4]float64
		for range draws {
			n, now := 0.0, drawnService(r, s)
			for i, x := range at {
				for ; now <= x; n++ {
					now += drawnService(r, s)
				}
				for k := range moment[i] {
					moment[i][k] += math.Pow(n, float64(k+1)) / draws
				}
			}
		}
		most := 0.0
		for i, x := range at {
			m := moment[i]
			ahead, spread := f.of(x)
			if off := math.Abs(ahead + x - m[0]); off > 5.4*math.Sqrt((m[1]-m[0]*m[0])/draws)+1e-3 {
				t.Errorf("%s: in %g services %.5f on the mean, of draws %.5f", name, x, ahead+x, m[0])
			}
			variance := m[1] - m[0]*m[0]
			most = math.Max(most, variance)
			fourth := m[3] - 4*m[2]*m[0] + 6*m[1]*m[0]*m[0] - 3*m[0]*m[0]*m[0]*m[0]
			chance := 5.4 * math.Sqrt((fourth-variance*variance)/draws)
			got := spread + s.SCV()*x
			if name == "alike" && got >= variance-chance { // the most that it was
				continue
			}
			if math.Abs(got-most) > chance+2e-3*(1+most) {
				t.Errorf("%s: in %g services a variance of %.5f, of draws %.5f", name, x, got, variance)
			}
		}
	}
}

package steady

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"singlelane/queueing"
)

// everyModel is one or more of each model, stable, at low and high load.
func everyModel() []Model {
	classes := []Class{{"a", 0.2, 1, 1}, {"b", 0.1, 2, 4}, {"c", 0.3, 0.5, 0}}
	alike := []Class{{"a", 1, 1, 1}, {"b", 0.5, 1, 1}, {"c", 1.2, 1, 1}}
	return []Model{
		MM1{0.5, 1}, MM1{0.99, 1}, MMc{9, 4, 3}, MMc{95, 1, 100}, MMcK{9, 4, 3, 7}, MMcK{20, 4, 3, 70}, MM1K(1, 1, 12),
		MMInf{7, 2}, MMcc{18, 1, 25}, MMcc{300, 1, 25},
		ErlangA{9, 4, 3, 0.5}, ErlangA{30, 4, 3, 10}, ErlangA{100, 1, 100, 5000}, ErlangA{3, 1, 4, 0.001},
		MG1{0.7, TwoMoments(1, 0)}, MG1{0.7, TwoMoments(1, 0.25)}, MG1{0.7, TwoMoments(1, 1)}, MG1{0.7, TwoMoments(1, 9)},
		MG1{0.7, queueing.Lognormal{MeanTime: 1, Variability: 2}}, MG1{0.7, TwoMoments(1, 0.4)},
		MD1(0.8, 1), MDc{9, 4, 3}, MDc{19.5, 1, 20}, MDc{2.9999, 1, 3},
		GGc{9, 4, 2, 0.5, 3, Whitt}, GGc{9, 4, 0.3, 3, 3, AllenCunneen}, GGc{0.7, 1, 0.5, 0.5, 1, KLB}, GGc{9, 4, 2, 2, 3, Kingman},
		BatchMM1{0.2, 1, 3, 0}, BatchMM1{0.2, 1, 3, 1 - 1.0/3}, Repair{0.1, 1, 2, 10}, Repair{3, 1, 2, 10}, PS{0.7, 1, 1}, PS{9, 4, 3},
		Priority{classes, 1, false}, Priority{classes, 1, true}, Priority{alike, 4, false}, Priority{alike, 4, true},
		Retrial{0.6, 1, 1, 1, 2}, Retrial{5, 4, 2, 4, 10},
		FiniteRetrial{2.1, 3, 1, 12, 6, 2, 3, 1.5, false}, FiniteRetrial{9.5, 10, 1, 60, 20, 3, 4, 3, true},
		Jackson{2, []Station{{"x", 0.1, 1, 2, false, nil}, {"y", 1, 5, 1, false, nil}, {"z", 3, 1, 1, true, nil}}},
	}
}

func name(m Model) string { return fmt.Sprintf("%T%v", m, m) }

// TestEveryModelObeys what holds in every queue: probabilities between 0 and
// 1, Little's law, order of the measures, and stability below Sustainable.
func TestEveryModelObeys(t *testing.T) {
	for _, m := range everyModel() {
		if fault := lawful(m, measures(t, m)); fault != "" {
			t.Errorf("%s: %s", name(m), fault)
		}
	}
}

// lawful says which law the measures break, empty for none.
func lawful(m Model, x Measures) string {
	for what, p := range map[string]float64{"P0": x.P0, "PWait": x.PWait, "PBlock": x.PBlock, "PAbandon": x.PAbandon} {
		if !(p >= 0 && p <= 1+1e-12) {
			return fmt.Sprintf("%s is %g", what, p)
		}
	}
	for what, v := range map[string]float64{"L": x.L, "Lq": x.Lq, "W": x.W, "Wq": x.Wq, "Rho": x.Rho, "Busy": x.Busy, "Throughput": x.Throughput} {
		if !(v >= 0) || x.Status == Stable && math.IsInf(v, 0) && what != "Rho" {
			return fmt.Sprintf("%s is %g", what, v)
		}
	}
	if x.Status == Saturated {
		if l, ok := m.(Loaded); ok && l.Offered() < x.Sustainable*(1-1e-12) {
			return fmt.Sprintf("saturated below the sustainable rate %g", x.Sustainable)
		}
		return ""
	}
	if x.Lq > x.L*(1+1e-12) || x.Wq > x.W*(1+1e-12) {
		return fmt.Sprintf("L %g < Lq %g or W %g < Wq %g", x.L, x.Lq, x.W, x.Wq)
	}
	in := x.Throughput // those that W is of
	if e, all := m.(ErlangA); all {
		in = e.ArrivalRate
	}
	if r, all := m.(FiniteRetrial); all {
		in = r.ArrivalRate
	}
	const denormal = 1e-290 // below it a float64 has fewer digits
	if !near(x.L, in*x.W, 1e-9) && x.L > denormal || !near(x.Lq, in*x.Wq, 1e-9) && x.Lq > denormal {
		return fmt.Sprintf("Little's law: L %g, lambda W %g; Lq %g, lambda Wq %g", x.L, in*x.W, x.Lq, in*x.Wq)
	}
	if !near(x.L, x.Lq+x.Busy, 1e-9) {
		return fmt.Sprintf("L %g is not Lq %g + busy %g", x.L, x.Lq, x.Busy)
	}
	return ""
}

// TestWaitsGrowWithLoad: the measures rise with the arrival rate and the law
// of the wait moves to the right.
func TestWaitsGrowWithLoad(t *testing.T) {
	for _, m := range everyModel() {
		l, ok := m.(Loaded)
		if !ok {
			continue
		}
		last, lastTail := Measures{}, 0.0
		for _, f := range []float64{0.1, 0.3, 0.6, 0.9, 0.99, 1, 1.5} {
			x := measures(t, l.AtRate(f*l.Offered()))
			if x.L < last.L*(1-1e-9) || x.Throughput < last.Throughput*(1-1e-9) {
				t.Errorf("%s at %g: L %g after %g, throughput %g after %g", name(m), f, x.L, last.L, x.Throughput, last.Throughput)
			}
			last = x
			if w, ok := m.(Waiter); ok && x.Status == Stable {
				tail, err := w.(Loaded).AtRate(f * l.Offered()).(Waiter).WaitTail(0.3)
				if g, approximate := m.(GGc); err != nil || tail < lastTail-1e-9 && !(approximate && g.By == Kingman) {
					t.Errorf("%s at %g: P(wait > 0.3) is %g after %g (%v)", name(m), f, tail, lastTail, err)
				}
				lastTail = tail
			}
		}
	}
}

// TestWaitLaws: the tail falls from PWait to 0, quantile and tail invert each
// other, and the area under the tail is the mean wait.
func TestWaitLaws(t *testing.T) {
	for _, m := range everyModel() {
		w, ok := m.(Waiter)
		if !ok {
			continue
		}
		x := measures(t, m)
		law := w.WaitTail
		switch m := m.(type) { // what every call would do again, once
		case MG1:
			inner, err := m.tail()
			if err != nil {
				t.Fatal(err)
			}
			law = inner
		case MDc:
			inner, err := newDelayLaw(m)
			if err != nil {
				t.Fatal(err)
			}
			law = inner.tail
		}
		tail := func(s float64) float64 {
			p, err := law(s)
			if err != nil {
				t.Fatalf("%s: %v", name(m), err)
			}
			return p
		}
		if p := tail(0); !near(p, x.PWait, 1e-9) {
			t.Errorf("%s: P(wait > 0) is %g, PWait %g", name(m), p, x.PWait)
		}
		for _, p := range []float64{0.5, 0.9, 0.999} {
			s, err := w.WaitQuantile(p)
			if err != nil {
				t.Fatalf("%s: %v", name(m), err)
			}
			if got := tail(s * (1 + 1e-9)); got > (1-p)*(1+1e-6)+1e-9 {
				t.Errorf("%s: P(wait > %g-quantile %g) is %g", name(m), p, s, got)
			}
			if s > 0 && tail(s*(1-1e-6)) < (1-p)*(1-1e-6)-1e-9 {
				t.Errorf("%s: the %g-quantile %g is not the smallest", name(m), p, s)
			}
		}
		if g, general := m.(MG1); general && g.Inverts() && g.Service.SCV() == 2 {
			continue // lognormal: slow to transform, and held against simulation
		}
		want(t, name(m)+" area under the tail", area(tail, x.Wq), x.Wq, 1e-4)
	}
}

// area integrates the tail over panels that grow with t. Kinks (M/D/c has
// one at each multiple of D) cost it digits.
func area(tail func(float64) float64, mean float64) float64 {
	sum, from, step := 0.0, 0.0, mean/16
	for range 1000 {
		part, _ := panel(from, from+step, tail)
		sum += part
		if from += step; part < 1e-6*sum {
			break
		}
		step *= 1.05
	}
	return sum
}

// TestStatesAddUp: the states are a law whose head is P0 and whose mean is L.
func TestStatesAddUp(t *testing.T) {
	for _, m := range everyModel() {
		s, ok := m.(Stater)
		if !ok {
			continue
		}
		if g, general := m.(MG1); general {
			if _, hard := g.Service.(queueing.Lognormal); hard {
				continue // 400-point transforms at every node: the others cover it
			}
		}
		x := measures(t, m)
		if x.L > 1000 {
			continue
		}
		upto := int(80 + 60*x.L)
		if _, fft := m.(MG1); fft {
			upto = 300
		}
		p, err := s.States(min(upto, 6000))
		if err != nil {
			t.Fatalf("%s: %v", name(m), err)
		}
		sum, mean := 0.0, 0.0
		for n, q := range p {
			sum, mean = sum+q, mean+float64(n)*q
		}
		want(t, name(m)+" sum of states", sum, 1, 1e-8)
		switch m.(type) {
		case Retrial, FiniteRetrial:
			continue // the states are the lane's, P0 and L count the orbit in
		}
		want(t, name(m)+" P0", p[0], x.P0, 1e-9)
		want(t, name(m)+" mean of states", mean, x.L, 1e-6)
	}
}

// TestSlopes holds the differences of LoadSlope against formulas.
func TestSlopes(t *testing.T) {
	s, err := LoadSlope(MM1{0.8, 1})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "dW/dlambda of M/M/1", s.W, 25, 1e-8)
	want(t, "dL/dlambda of M/M/1", s.L, 25, 1e-8)
	b, err := LoadSlope(MMcc{18, 1, 25})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "elasticity of B", b.ElasticBlocked, ErlangBElasticity(25, 18), 1e-8)
	// 1 - B of one server is 1/(1+a), and so is its elasticity; a loss too small
	// for a float64 grows like a^c e^-a.
	want(t, "elasticity of B(1, 1e9)", ErlangBElasticity(1, 1e9), 1/(1+1e9), 1e-14)
	want(t, "elasticity of B(3, 1e6)", ErlangBElasticity(3, 1e6), 3.0000029999909999910e-6, 1e-14)
	want(t, "elasticity of B(1000, 1)", ErlangBElasticity(1000, 1), 999, 1e-14)
	c, err := LoadSlope(MMc{18, 1, 25})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "elasticity of Wq", c.ElasticWq, ErlangCElasticity(25, 18)+18.0/7, 1e-8)
	// At load 1 each state is as likely: dlnL/dlnrho = Var N / L and
	// dlnB/dlnrho = K - L.
	k, err := LoadSlope(MM1K(1, 1, 10_000_000))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "elasticity of L of M/M/1/10^7 at load 1", k.ElasticL, (1e7+2)/6, 1e-6)
	want(t, "elasticity of W of M/M/1/10^7 at load 1", k.ElasticW, (1e7-1)/6, 1e-6)
	want(t, "elasticity of B of M/M/1/10^7 at load 1", k.ElasticBlocked, 5e6, 1e-6)
	for _, lambda := range []float64{1 - 1e-9, 1 - 1e-12, 1 - 1e-15} {
		s, err := LoadSlope(MM1{lambda, 1})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "elasticity of W of M/M/1 near saturation", s.ElasticW, lambda/(1-lambda), 1e-8)
	}
	rate := 999_999.999
	million, err := LoadSlope(MMc{rate, 1, 1_000_000})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "elasticity of Wq of M/M/10^6", million.ElasticWq, ErlangCElasticity(1e6, rate)+rate/(1e6-rate), 1e-8)
	// L = lambda (lambda + theta) / (theta (1 - lambda)) of M/M/1 with an orbit.
	retrial, err := LoadSlope(Retrial{0.9, 1, 1, 1, 2})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "elasticity of L of M/M/1 with retrials", retrial.ElasticL, 1+0.9/1.4+0.9/0.1, 1e-9)
	want(t, "elasticity of W of M/M/1 with retrials", retrial.ElasticW, 0.9/1.4+0.9/0.1, 1e-9)
	want(t, "elasticity of Wq of M/M/1 with retrials", retrial.ElasticWq, (0.9/1.4+0.9/0.1)*28/27, 1e-9) // W = 28, Wq = 27
	want(t, "elasticity of B of M/M/1 with retrials", retrial.ElasticBlocked, 1, 1e-9)
	full, err := LoadSlope(MM1{2, 1})
	if err != nil || !math.IsInf(full.W, 1) {
		t.Errorf("slope when saturated: %v %v", full, err)
	}
}

// TestSlopeIsVariance: where the states weigh as lambda^n, dL/dln lambda is
// the variance of the number there.
func TestSlopeIsVariance(t *testing.T) {
	for _, m := range []Loaded{MM1{0.9, 1}, MMc{95, 1, 100}, MMcK{9, 4, 3, 7}, MMcK{9, 4, 3, 700}, MMcK{12, 4, 3, 5000}, MMInf{7, 2}, MMcc{18, 1, 25},
		ErlangA{9, 4, 3, 0.5}, ErlangA{100, 1, 100, 5000}, Repair{0.1, 1, 2, 10}, Repair{3, 1, 2, 1000}, PS{9, 4, 3}} {
		states, err := m.(Stater).States(20_000)
		if err != nil {
			t.Fatal(err)
		}
		x := measures(t, m)
		variance := 0.0
		for n, p := range states {
			variance += p * (float64(n) - x.L) * (float64(n) - x.L)
		}
		slope, err := LoadSlope(m)
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" elasticity of L", slope.ElasticL, variance/x.L, 1e-7)
	}
}

// TestSaturatedIsAnAnswer: at and above the sustainable rate.
func TestSaturatedIsAnAnswer(t *testing.T) {
	for _, m := range everyModel() {
		l, ok := m.(Loaded)
		x := measures(t, m)
		if !ok || math.IsInf(x.Sustainable, 1) {
			continue
		}
		for _, f := range []float64{1 + 1e-12, 2} {
			y := measures(t, l.AtRate(f*x.Sustainable))
			if y.Status != Saturated || !math.IsInf(y.W, 1) || !near(y.Sustainable, x.Sustainable, 1e-9) {
				t.Errorf("%s at %g times its sustainable rate: %+v", name(m), f, y)
			}
		}
		if y := measures(t, l.AtRate((1-1e-9)*x.Sustainable)); y.Status != Stable {
			t.Errorf("%s just below its sustainable rate: %+v", name(m), y)
		}
	}
}

// TestNothingArrives: an idle system has nobody in it and nobody waits.
func TestNothingArrives(t *testing.T) {
	for _, m := range everyModel() {
		l, ok := m.(Loaded)
		if !ok {
			continue
		}
		idle := l.AtRate(0)
		x := measures(t, idle)
		_, batches := m.(BatchMM1) // a batch's requests wait for each other at any load
		if fault := lawful(idle, x); fault != "" || x.L != 0 || x.Wq != 0 && !batches || x.PBlock != 0 || x.Throughput != 0 {
			t.Errorf("%s: %s %+v", name(idle), fault, x)
		}
		if _, several := m.(GGc); !several && !near(x.P0, 1, 1e-12) {
			t.Errorf("%s: P0 %g", name(idle), x.P0)
		}
		if w, ok := idle.(Waiter); ok && !batches {
			p, err := w.WaitTail(0)
			q, err2 := w.WaitQuantile(0.9)
			if p != 0 || q != 0 || err != nil || err2 != nil {
				t.Errorf("%s: P(wait > 0) %g, quantile %g (%v, %v)", name(idle), p, q, err, err2)
			}
		}
	}
}

// TestExtremeLoads: nothing turns into NaN at the ends of the range.
func TestExtremeLoads(t *testing.T) {
	for _, m := range everyModel() {
		l, ok := m.(Loaded)
		if !ok {
			continue
		}
		for _, rate := range []float64{5e-324, 1e-300, 1e-160, 1e-80, 1e24, 1e80, 1e300} {
			at := l.AtRate(rate)
			x := measures(t, at)
			g, two := m.(GGc)
			if fault := lawful(at, x); fault != "" && !(two && g.By == Kingman && rate < 1e-307) { // whose bound is about 1/lambda
				t.Errorf("%s: %s %+v", name(at), fault, x)
			}
			w, ok := at.(Waiter)
			if !ok {
				continue
			}
			tail, err1 := w.WaitTail(1)
			q, err2 := w.WaitQuantile(0.9)
			if !(tail >= 0 && tail <= 1+1e-12) || !(q >= 0) || err1 != nil || err2 != nil {
				t.Errorf("%s: P(wait > 1) is %g, quantile %g (%v, %v)", name(at), tail, q, err1, err2)
			}
		}
	}
}

// TestUnreachable: a goal that no number of servers meets.
func TestUnreachable(t *testing.T) {
	if c, err := FewestServers(MMcK{18, 1, 1, 10}, Losing(0.01)); !errors.Is(err, ErrUnreachable) {
		t.Errorf("ten places for 18 erlang: %d, %v", c, err)
	}
	if rate, err := LargestRate(BatchMM1{1, 1, 5, 0}, MeanWait(1)); !errors.Is(err, ErrUnreachable) {
		t.Errorf("a batch of 5 waits 2 s for itself: %g, %v", rate, err)
	}
	both := Both(Losing(0.01), MeanWait(1))
	c, err := FewestServers(MMcK{18, 1, 1, 40}, both)
	first, err1 := FewestServers(MMcK{18, 1, 1, 40}, Losing(0.01))
	second, err2 := FewestServers(MMcK{18, 1, 1, 40}, MeanWait(1))
	if err := errors.Join(err, err1, err2); err != nil || c != max(first, second) {
		t.Errorf("both goals take %d servers, each %d and %d (%v)", c, first, second, err)
	}
}

// TestBadFieldsAreRefused: each model lists its faults and measures nothing.
func TestBadFieldsAreRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, m := range []Model{
		MM1{nan, 1}, MM1{1, 0}, MMc{1, 1, 0}, MMc{inf, 1, 1}, MMcK{1, 1, 1, -1}, MMcK{1, 1, 0, 2}, MMInf{-1, 1}, MMcc{1, nan, 1},
		ErlangA{1, 1, 1, 0}, MG1{1, nil}, MG1{1, TwoMoments(nan, 1)}, MDc{1, 1, 0}, GGc{1, 1, -1, 1, 1, ""}, GGc{1, 1, 1, 1, 1, "x"},
		BatchMM1{1, 1, 0.5, 0}, BatchMM1{1, 1, 2.5, 0}, Repair{1, 1, 1, 0}, PS{1, 1, 0}, Priority{}, Priority{[]Class{{"", 1, 1, 2}}, 2, false},
		Retrial{1, 1, 2, 1, 1}, Jackson{1, nil}, Jackson{1, []Station{{"", 0, 1, 1, false, nil}}}, Closed{-1, 0, nil},
	} {
		if x, err := m.Measures(); err == nil || x != (Measures{}) {
			t.Errorf("%s: measures %+v, error %v", name(m), x, err)
		}
	}
}

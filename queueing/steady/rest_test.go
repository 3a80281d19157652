package steady

import (
	"errors"
	"math"
	"testing"
)

// TestSpecialCases: models that meet.
func TestSpecialCases(t *testing.T) {
	one := measures(t, MM1{0.7, 1})
	for _, m := range []Model{
		MMc{0.7, 1, 1}, MMcK{0.7, 1, 1, 5000}, PS{0.7, 1, 1}, BatchMM1{0.7, 1, 1, 0}, GGc{0.7, 1, 1, 1, 1, Whitt}, GGc{0.7, 1, 1, 1, 1, KLB},
		Priority{[]Class{{"", 0.7, 1, 1}}, 1, false}, Priority{[]Class{{"", 0.7, 1, 1}}, 1, true}, ErlangA{0.7, 1, 1, 1e13},
	} {
		x := measures(t, m)
		want(t, name(m)+" L", x.L, one.L, 1e-9)
		want(t, name(m)+" W", x.W, one.W, 1e-9)
		want(t, name(m)+" P0", x.P0, one.P0, 1e-9)
	}
	roomy := measures(t, Retrial{0.3, 1, 1, 40, 1})
	want(t, "retrials with room for all", roomy.L, measures(t, MM1{0.3, 1}).L, 1e-9)
	for _, scv := range []float64{0, 0.3, 1, 400} { // Poisson arrivals, one server
		mg1 := measures(t, MG1{0.7, TwoMoments(1, scv)})
		want(t, "Allen-Cunneen of M/G/1", measures(t, GGc{0.7, 1, 1, scv, 1, AllenCunneen}).Wq, mg1.Wq, 1e-12)
		want(t, "KLB of M/G/1", measures(t, GGc{0.7, 1, 1, scv, 1, KLB}).Wq, mg1.Wq, 1e-12)
		want(t, "the default of M/G/1", measures(t, GGc{0.7, 1, 1, scv, 1, ""}).Wq, mg1.Wq, 1e-12)
	}
	want(t, "the default of M/M/3", measures(t, GGc{9, 4, 1, 1, 3, ""}).Wq, measures(t, MMc{9, 4, 3}).Wq, 1e-12)
	if x := measures(t, GGc{2.9, 1, 0, 0, 3, Whitt}); x.Wq != 0 || x.PWait != 0 {
		t.Errorf("D/D/c waits: %+v", x)
	}
	far := measures(t, Repair{1e-7, 1, 3, 1e7}) // many sources are Poisson
	want(t, "repair of many sources", far.L, measures(t, MMc{1, 1, 3}).L, 1e-5)
}

// TestConservation: Kleinrock's law, the load-weighted waits of the classes
// add up to the same whatever their order.
func TestConservation(t *testing.T) {
	classes := []Class{{"a", 0.2, 1, 1}, {"b", 0.1, 2, 4}, {"c", 0.3, 0.5, 0}}
	total := func(m Priority) float64 {
		per, err := m.PerClass()
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for i, k := range per {
			sum += m.Classes[i].ArrivalRate * m.Classes[i].MeanService * k.Wq
		}
		return sum
	}
	first := total(Priority{classes, 1, false})
	turned := total(Priority{[]Class{classes[2], classes[0], classes[1]}, 1, false})
	want(t, "load-weighted waits", turned, first, 1e-12)
	// Of exponential classes with one mean, preemption moves no work either.
	alike := []Class{{"a", 1, 1, 1}, {"b", 0.5, 1, 1}, {"c", 1.2, 1, 1}}
	whole := measures(t, MMc{2.7, 1, 4})
	for _, preemptive := range []bool{false, true} {
		x := measures(t, Priority{alike, 4, preemptive})
		want(t, "Wq over the classes", x.Wq, whole.Wq, 1e-12)
	}
}

// TestSaturatedClass: what is above the class that saturates stays stable.
func TestSaturatedClass(t *testing.T) {
	m := Priority{[]Class{{"a", 0.3, 1, 1}, {"b", 2, 1, 1}, {"c", 0.1, 1, 1}}, 1, false}
	x, err := m.PerClass()
	if err != nil {
		t.Fatal(err)
	}
	if x[0].Status != Stable || x[1].Status != Saturated || x[2].Status != Saturated {
		t.Errorf("%+v", x)
	}
	// The server is always busy with exponential service: residual 1 s.
	want(t, "Wq above a saturated class", x[0].Wq, 1/0.7, 1e-12)
	want(t, "throughput of the saturated class", x[1].Throughput, 0.7, 1e-12)
	if x[2].Throughput != 0 || x[2].Sustainable != 0 {
		t.Errorf("below a saturated class: %+v", x[2])
	}
}

// TestHalfinWhitt: the exact formula tends to its limit as 1/sqrt(a), and
// so does Erlang A to Garnett's.
func TestHalfinWhitt(t *testing.T) {
	last := 1.0
	for _, a := range []float64{1e2, 1e4, 1e6} {
		c := math.Round(a + 0.8*math.Sqrt(a))
		off := math.Abs(ErlangC(c, a) - HalfinWhitt((c-a)/math.Sqrt(a)))
		if off > last/5 && off > 1e-12 {
			t.Errorf("at %g erlang C is off its limit by %g after %g", a, off, last)
		}
		last = off
	}
	x := measures(t, ErlangA{1e6, 1, 1e6 + 500, 0.5})
	want(t, "Garnett's limit", x.PWait, Garnett(0.5, 2), 2e-3)
	if HalfinWhitt(-1) != 1 || !math.IsNaN(Garnett(1, 0)) {
		t.Error("edges")
	}
	want(t, "Garnett at ratio 0", Garnett(1, 1e-12), HalfinWhitt(1), 1e-5)
	for _, load := range []float64{1, 30, 900, 40_000} {
		for _, p := range []float64{0.05, 0.3, 0.7} {
			if r := SquareRootServers(load, p); abs(r.Servers-ErlangCServers(load, p)) > 1 {
				t.Errorf("rule %d, exact %d at %g erlang, %g", r.Servers, ErlangCServers(load, p), load, p)
			}
		}
	}
}

func abs(n int) int { return max(n, -n) }

// TestZones: small cases by hand, and a tail that 1 - p would lose.
func TestZones(t *testing.T) {
	for _, k := range []struct {
		z    Zones
		want float64
	}{
		{Zones{3, 2, 0.001, 0}, 3e-6 - 2e-9}, {Zones{3, 2, 0.001, 1}, 0.001}, {Zones{1, 1, 0.3, 0}, 0.3}, {Zones{5, 0, 0.3, 0}, 0},
		{Zones{1, 1, 0.01, 0.2}, 0.01}, {Zones{1, 1, 0.5, 0.5}, 0.5}, {Zones{2, 1, 0.5, 0.5}, 0.25 + 0.75/9}, {Zones{2, 2, 1, 1}, 1},
		{Zones{3, 1, 1e-7, 0}, 1e-21}, {Zones{40, 1, 0.5, 0}, math.Exp2(-40)}, {Zones{2, 1, 1, 0}, 1}, {Zones{2, 1, 0, 0}, 0},
	} {
		u, err := k.z.Unavailable()
		if err != nil {
			t.Fatal(err)
		}
		want(t, "unavailability", u, k.want, 1e-12)
	}
	if _, err := (Zones{3, 4, 0.1, 0}).Unavailable(); err == nil {
		t.Error("4 of 3 zones are asked for")
	}
}

// TestSearch: goals that nothing meets, or everything.
func TestSearch(t *testing.T) {
	if _, err := FewestServers(MMc{9, 4, 3}, func(Model) (bool, error) { return false, nil }); !errors.Is(err, ErrUnreachable) {
		t.Errorf("unreachable servers: %v", err)
	}
	rate, err := LargestRate(MMInf{1, 1}, MeanWait(0))
	if err != nil || !math.IsInf(rate, 1) {
		t.Errorf("every rate meets the goal: %g, %v", rate, err)
	}
	if _, err := LargestRate(MM1{1, 1}, Blocking(-1)); !errors.Is(err, ErrUnreachable) {
		t.Errorf("unreachable rate: %v", err)
	}
	rate, err = LargestRate(MM1{1, 10}, MeanWait(0.9))
	if err != nil {
		t.Fatal(err)
	}
	want(t, "largest rate of M/M/1 for Wq 0.9", rate, 9, 1e-12)
	if _, err := FewestServers(MMcc{9, 4, 3}, WaitWithin(1, 0.5)); err == nil {
		t.Error("a loss system has no law of the wait, and gave one")
	}
	if _, err := FewestServers(MMc{-1, 4, 3}, MeanWait(1)); err == nil {
		t.Error("a bad model has fewest servers")
	}
	c, err := FewestServers(MMcc{18, 1, 1}, Blocking(0.01))
	if err != nil || ErlangB(float64(c), 18) > 0.01 || ErlangB(float64(c-1), 18) <= 0.01 {
		t.Errorf("fewest servers for 1 %% loss: %d, %v", c, err)
	}
}

// TestSojourns: of M/M/1 and M/M/c, also where the two rates meet.
func TestSojourns(t *testing.T) {
	for _, m := range []MMc{{9, 4, 3}, {8, 4, 3}, {1, 4, 3}, {3.6, 4, 1}} {
		x := measures(t, m)
		tail := func(s float64) float64 {
			p, err := m.SojournTail(s)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		want(t, name(m)+" mean sojourn", area(tail, x.W), x.W, 1e-4)
	}
	p, err := MM1{9, 10}.SojournTail(1)
	q, err2 := MMc{9, 10, 1}.SojournTail(1)
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	want(t, "M/M/1", p, math.Exp(-1), 1e-14)
	want(t, "M/M/1 as M/M/c", q, p, 1e-12)
}

// TestNoAllocation: scalar formulas keep off the heap.
func TestNoAllocation(t *testing.T) {
	demands, queue := []float64{1, 2, 3, 4, 5}, make([]float64, 5)
	sum := 0.0
	for what, f := range map[string]func() error{
		"ErlangB": func() error { sum += ErlangB(100, 90); return nil },
		"ErlangC": func() error { sum += ErlangC(100, 90); return nil },
		"MVA":     func() error { sum += MVA(50, 1, demands, queue); return nil },
		"MM1":     func() error { _, err := MM1{1, 2}.Measures(); return err },
		"MMc":     func() error { _, err := MMc{9, 4, 3}.Measures(); return err },
		"MMcK":    func() error { _, err := MMcK{9, 4, 3, 9}.Measures(); return err },
		"ErlangA": func() error { _, err := ErlangA{9, 4, 3, 9}.Measures(); return err },
		"MDc":     func() error { _, err := MDc{9, 4, 3}.Measures(); return err },
		"GGc":     func() error { _, err := GGc{9, 4, 2, 2, 3, Whitt}.Measures(); return err },
		"tail":    func() error { _, err := MMc{9, 4, 3}.WaitTail(1); return err },
	} {
		var fault error
		if n := testing.AllocsPerRun(100, func() { fault = f() }); n != 0 || fault != nil {
			t.Errorf("%s allocates %g times (%v)", what, n, fault)
		}
	}
	if !(sum > 0) {
		t.Error(sum)
	}
}

// TestSlowRetrials: what tries again late is as good as fresh, an orbit of
// rate times delay in all, however large that is; too large a lane is refused
// and not tried.
func TestSlowRetrials(t *testing.T) {
	m := Retrial{1, 4, 1, 1, 1e9}
	x := measures(t, m)
	// Of one place, all = lambda/(1-rho), so that rho/(1-rho) lambda are in the orbit.
	want(t, "orbit of slow retrials", x.Lq, 1e9/3+1.0/12, 1e-12)
	want(t, "refused", x.PBlock, 0.25, 1e-12)
	if !near(m.slowOrbit(), x.Lq, 1e-8) {
		t.Errorf("as fresh arrivals %g, in the chain %g", m.slowOrbit(), x.Lq)
	}
	m.RetryDelay = 3000
	orbit, err := m.InOrbit()
	if err != nil {
		t.Fatal(err)
	}
	want(t, "late retries", m.slowOrbit(), 1000, 1e-12)
	want(t, "orbit of late retries", orbit, 1000+1.0/12, 1e-12)
	m = Retrial{1 - 1e-9, 1, 1, 20_000, 1}
	if _, err := m.Measures(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a lane of %d places next to saturation: %v", m.Limit, err)
	}
}

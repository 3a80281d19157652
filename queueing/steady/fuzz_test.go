package steady

import (
	"math"
	"testing"
)

// spread turns a fuzzed number into one between lo and hi, evenly on a
// logarithmic scale.
func spread(u uint32, lo, hi float64) float64 {
	return lo * math.Pow(hi/lo, float64(u)/math.MaxUint32)
}

// sized is spread for whole numbers; its lowest 1/16 is 0 if that is allowed.
func sized(u uint32, hi float64, zero bool) int {
	if zero && u < math.MaxUint32/16 {
		return 0
	}
	return int(spread(u, 1, hi))
}

// atLoad is an arrival rate for a capacity: loads of 1e-12, of next to 1 on
// either side, exactly 1, and above.
func atLoad(u uint32, capacity float64) float64 {
	v := float64(u>>3) / (math.MaxUint32 >> 3)
	switch u & 7 {
	case 0:
		return capacity
	case 1, 2:
		return capacity * (1 - math.Pow(10, -9*v))
	case 3:
		return capacity * (1 + math.Pow(10, -9+12*v))
	}
	return capacity * math.Pow(10, -12*v)
}

func check(t *testing.T, m Model) {
	t.Helper()
	x, err := m.Measures()
	if err != nil {
		t.Fatalf("%s: %v", name(m), err)
	}
	if fault := lawful(m, x); fault != "" {
		t.Fatalf("%s: %s (%+v)", name(m), fault, x)
	}
	w, ok := m.(Waiter)
	if b, batches := m.(BatchMM1); !ok || x.Status == Saturated || batches && !b.HasWaitLaw() {
		return
	}
	last := 1.0
	for _, s := range []float64{0, x.Wq / 3, x.Wq, 5 * x.Wq} {
		p, err := w.WaitTail(s)
		if err != nil || !(p >= 0 && p <= last*(1+1e-9)) {
			t.Fatalf("%s: P(wait > %g) is %g after %g (%v)", name(m), s, p, last, err)
		}
		last = p
	}
	for _, p := range []float64{0.5, 0.99} {
		s, err := w.WaitQuantile(p)
		if err != nil || !(s >= 0) || math.IsInf(s, 0) {
			t.Fatalf("%s: %g-quantile %g (%v)", name(m), p, s, err)
		}
	}
}

// seeds are corners of the domain for every fuzz test.
func seeds(f *testing.F) {
	f.Helper()
	const top = math.MaxUint32
	for _, a := range []uint32{0, 1, 2, 3, 4, top, top - 1, top / 2} {
		for _, b := range []uint32{0, top / 3, top} {
			f.Add(a, b, uint32(top/2), b/2)
			f.Add(a, uint32(top/2), b, a/2+b/2)
		}
	}
}

func FuzzMMc(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, rate, servers, _ uint32) {
		mu, c := spread(rate, 1e-6, 1e6), sized(servers, 1e6, false)
		lambda := atLoad(load, mu*float64(c))
		check(t, MMc{lambda, mu, c})
		check(t, PS{lambda, mu, c})
		few := min(c, 1000)
		lawfulSojourns(t, PS{lambda / float64(c) * float64(few), mu, few})
		check(t, MM1{lambda / float64(c), mu})
		check(t, MMInf{lambda, mu})
		check(t, MMcc{lambda, mu, c})
	})
}

// lawfulSojourns checks that the quantiles of the sojourn are infinite where
// the measures call the model saturated, and finite and in order elsewhere, and
// that the tail is at most what they say.
func lawfulSojourns(t *testing.T, m PS) {
	x, err := m.Measures()
	if err != nil {
		t.Fatalf("%s: %v", name(m), err)
	}
	if x.Status == Saturated {
		for _, p := range []float64{0, 0.5, 0.99} {
			if q, err := m.SojournQuantile(p); err != nil || !math.IsInf(q, 1) {
				t.Fatalf("%s: is saturated and has the %g-quantile %g (%v)", name(m), p, q, err)
			}
		}
		return
	}
	last := 0.0
	for _, p := range []float64{0, 0.5, 0.99} {
		q, err := m.SojournQuantile(p)
		if err != nil || !(q >= last) || math.IsInf(q, 1) {
			t.Fatalf("%s: has the %g-quantile %g after %g (%v)", name(m), p, q, last, err)
		}
		tail, err := m.SojournTail(q)
		if err != nil || !(tail <= 1-p+1e-7) {
			t.Fatalf("%s: exceeds its %g-quantile %g with %g (%v)", name(m), p, q, tail, err)
		}
		last = q
	}
}

func FuzzMMcK(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, rate, servers, limit uint32) {
		mu, c := spread(rate, 1e-6, 1e6), sized(servers, 1e6, false)
		check(t, MMcK{atLoad(load, mu*float64(c)), mu, c, sized(limit, 1e7, true)})
	})
}

func FuzzErlangA(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, rate, servers, patience uint32) {
		mu, c := spread(rate, 1e-3, 1e3), sized(servers, 1e5, false)
		check(t, ErlangA{atLoad(load, mu*float64(c)), mu, c, spread(patience, 1e-9, 1e9)})
	})
}

func FuzzErlangB(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, servers, _, _ uint32) {
		c := spread(servers, 1e-6, 1e6)
		a := atLoad(load, c)
		b, next := ErlangB(c, a), ErlangB(c+1, a)
		if !(b >= 0 && b <= 1) || next > b {
			t.Fatalf("B(%g, %g) is %g, with a server more %g", c, a, b, next)
		}
		// 1/B(c+1) = 1 + (c+1)/(a B(c)), in logarithms
		if ln := LogErlangB(c, a); ln > -600 && !near(1/next, 1+(c+1)/(a*b), 1e-9) {
			t.Fatalf("B(%g, %g) is %g and B(c+1) %g: the recurrence gives %g", c, a, b, next, 1/(1+(c+1)/(a*b)))
		}
		if d := ErlangC(c, a); !(d >= b*(1-1e-12) && d <= 1) {
			t.Fatalf("C(%g, %g) is %g below B %g", c, a, d, b)
		}
	})
}

func FuzzSingleServer(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, rate, scv, other uint32) {
		mu := spread(rate, 1e-3, 1e3)
		lambda := atLoad(load, mu)
		cs, ca := spread(scv, 0.01, 400), spread(other, 0.01, 400)
		x, err := MG1{lambda, TwoMoments(1/mu, cs)}.Measures()
		if fault := lawful(MG1{lambda, TwoMoments(1/mu, cs)}, x); err != nil || fault != "" {
			t.Fatalf("M/G/1 %g %g %g: %s %v", lambda, mu, cs, fault, err)
		}
		for _, by := range Approximations() {
			check(t, GGc{lambda, mu, ca, cs, 1, by})
			check(t, GGc{lambda * 7, mu, ca, 0, 7, by})
			check(t, GGc{lambda * 7, mu, 0, cs, 7, by})
		}
		size := 1 + math.Floor(ca)
		check(t, BatchMM1{lambda / size, mu, size, cs})
	})
}

func FuzzMDc(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, rate, servers, _ uint32) {
		mu, c := spread(rate, 1e-3, 1e3), sized(servers, 1e3, false)
		m := MDc{atLoad(load, mu*float64(c)), mu, c}
		x, err := m.Measures()
		if fault := lawful(m, x); err != nil || fault != "" {
			t.Fatalf("%s: %s %v %+v", name(m), fault, err, x)
		}
		if c <= 10 && x.Rho < 0.999 {
			check(t, m)
		}
		// Between M/M/c halved and M/M/c (Tijms 2003, section 9.6).
		if y := measures(t, MMc(m)); x.Status == Stable && (x.Wq > y.Wq*(1+1e-9) || x.PWait > y.PWait*(1+1e-9)) {
			t.Fatalf("%s: waits %g, %g and those of M/M/c %g, %g", name(m), x.PWait, x.Wq, y.PWait, y.Wq)
		}
	})
}

func FuzzPriority(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, share, scv, servers uint32) {
		c := sized(servers, 1e4, false)
		all, first := atLoad(load, float64(c)), float64(share)/math.MaxUint32
		cs := 1.0
		if c == 1 {
			cs = spread(scv, 0.01, 400)
		}
		m := Priority{[]Class{{"a", all * first, 1, cs}, {"b", all * (1 - first) / 2, 1, cs}, {"c", all * (1 - first) / 2, 1, cs}}, c, false}
		for _, m.Preemptive = range []bool{false, true} {
			classes, err := m.PerClass()
			if err != nil {
				t.Fatal(name(m), err)
			}
			for i, k := range classes {
				if fault := lawful(nil, k.Measures); fault != "" {
					t.Fatalf("%s class %d: %s", name(m), i, fault)
				}
				if i > 0 && k.Wq < classes[i-1].Wq*(1-1e-9) {
					t.Fatalf("%s: class %d waits %g, the one above %g", name(m), i, k.Wq, classes[i-1].Wq)
				}
				if k.Status == Stable {
					lawfulWaits(t, m, i)
				}
			}
		}
	})
}

// lawfulWaits checks that the quantiles of a class are finite and in order,
// and that the tail is at most what they say.
func lawfulWaits(t *testing.T, m Priority, class int) {
	last := 0.0
	for _, p := range []float64{0, 0.5, 0.9, 0.99} {
		q, err := m.ClassWaitQuantile(class, p)
		if err != nil || !(q >= last) || math.IsInf(q, 1) {
			t.Fatalf("%s: class %d has the %g-quantile %g after %g (%v)", name(m), class, p, q, last, err)
		}
		tail, err := m.ClassWaitTail(class, q)
		if err != nil || !(tail <= 1-p+1e-7) {
			t.Fatalf("%s: class %d exceeds its %g-quantile %g with %g (%v)", name(m), class, p, q, tail, err)
		}
		last = q
	}
}

func FuzzRepair(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, load, rate, servers, sources uint32) {
		n := sized(sources, 3000, false)
		check(t, Repair{spread(load, 1e-12, 1e6), spread(rate, 1e-3, 1e3), sized(servers, 3000, false), n})
	})
}

func FuzzRetrial(f *testing.F) {
	f.Add(uint32(9), uint32(2), uint32(3), uint32(1))
	f.Add(uint32(math.MaxUint32), uint32(math.MaxUint32), uint32(0), uint32(math.MaxUint32))
	f.Fuzz(func(t *testing.T, load, delay, servers, places uint32) {
		c := sized(servers, 5, false)
		lambda := float64(c) * 0.9 * float64(load) / math.MaxUint32
		check(t, Retrial{lambda, 1, c, c + int(places%5), spread(delay, 1e-2, 1e2)})
	})
}

func FuzzNetworks(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, n, d, e, think uint32) {
		customers := sized(n, 60, true)
		x, y, z := spread(d, 1e-6, 1e3), spread(e, 1e-6, 1e3), spread(think, 1e-6, 1e6)
		single := Closed{customers, z, []Station{{"x", x, 1, 1, false, nil}, {"y", y, 1, 2, false, nil}}}
		several := Closed{customers, z, []Station{{"x", x, 1, 1, false, nil}, {"y", y, 4, 2, false, nil}}}
		for _, m := range []Closed{single, several} {
			s, err := m.Solve()
			if err != nil {
				t.Fatal(err)
			}
			held := s.Thinking
			for _, k := range s.Stations {
				if !(k.L >= 0 && k.Rho <= 1+1e-9 && near(k.L, k.Throughput*k.W, 1e-9)) {
					t.Fatalf("%+v: %+v", m, k)
				}
				held += k.L
			}
			if !near(held, float64(customers), 1e-9) {
				t.Fatalf("%+v holds %g customers", m, held)
			}
		}
		check(t, Jackson{atLoad(n, 0.5/math.Max(x, y)), single.Stations})
	})
}

func FuzzZones(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, count, needed, down, common uint32) {
		n := sized(count, 1e5, false)
		z := Zones{n, 1 + int(needed)%n, spread(down, 1e-12, 1), float64(common) / math.MaxUint32}
		u, err := z.Unavailable()
		z.Needed--
		less, err2 := z.Unavailable()
		if err != nil || err2 != nil || !(u >= 0 && u <= 1) || less > u*(1+1e-9) {
			t.Fatalf("%+v: %g, needing one less %g (%v, %v)", z, u, less, err, err2)
		}
	})
}

func FuzzFiniteRetrial(f *testing.F) {
	f.Add(uint32(9), uint32(2), uint32(3), uint32(1), uint32(20), uint32(30), true)
	f.Add(uint32(math.MaxUint32), uint32(math.MaxUint32), uint32(0), uint32(math.MaxUint32), uint32(0), uint32(0), false)
	f.Fuzz(func(t *testing.T, load, delay, servers, places, late, retries uint32, lost bool) {
		c := sized(servers, 5, false)
		lambda := float64(c) * spread(load, 1e-12, 1e3)
		m := FiniteRetrial{lambda, 1, c, c + int(places%20), int(places / 20 % 20), spread(delay, 1e-6, 1e6), float64(retries % 6), spread(late, 1e-6, 1e6), lost}
		if retries%7 == 6 {
			m.Retries = math.Inf(1)
		}
		check(t, m)
		o, err := m.Overload()
		if err != nil {
			t.Fatalf("%s: %v", name(m), err)
		}
		for _, x := range []float64{o.InOrbit, o.Goodput, o.Unanswered, o.TippingRate, o.Beyond, o.Escape.Mean, o.Escape.StdDev, o.Drain.Mean, o.Drain.StdDev, o.Fill.Mean, o.Fill.StdDev} {
			if !(x >= 0) {
				t.Fatalf("%s: %+v", name(m), o)
			}
		}
		if !near(o.Goodput/lambda+o.Unanswered, 1, 1e-9) || o.TippingRate > float64(c) || o.Unanswered > 1 || o.Beyond > 1 {
			t.Fatalf("%s: %+v", name(m), o)
		}
	})
}

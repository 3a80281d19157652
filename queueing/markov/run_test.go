package markov

import (
	"math"
	"math/cmplx"
	"testing"

	"pgregory.net/rapid"
)

func constant(x float64) func(float64) float64 { return func(float64) float64 { return x } }
func servers(c int) func(float64) int          { return func(float64) int { return c } }
func surge(t float64) float64                  { return 4 + 8*math.Exp(-t/300) }

// difference is the sum of the absolute differences of two laws.
func difference(a, b Law) float64 {
	sum := 0.0
	for n := min(a.First, b.First); n < max(a.First+len(a.P), b.First+len(b.P)); n++ {
		sum += math.Abs(a.At(n) - b.At(n))
	}
	return sum
}

func start(t testing.TB, p Process, law Law, o Options) *Run {
	t.Helper()
	r, err := p.Start(0, law, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func advance(t testing.TB, r *Run, to float64) {
	t.Helper()
	if err := r.Advance(to); err != nil {
		t.Fatal(err)
	}
}

// The M_t/M/inf queue from n is binomial plus Poisson (W. Massey, W. Whitt,
// Queueing Syst. 13 (1993) 183).
func TestInfiniteServers(t *testing.T) {
	lam := func(t float64) float64 { return 5 + 4*math.Sin(t/3) }
	r := start(t, Queue(lam, servers(1<<40), 0.5, 0, nil), Point(30), Options{})
	advance(t, r, 7)
	wave := (cmplx.Exp(complex(0, 7.0/3)) - complex(math.Exp(-3.5), 0)) / complex(0.5, 1.0/3)
	mean := 10*-math.Expm1(-3.5) + 4*imag(wave)
	want := Binomial(30, math.Exp(-3.5)).Plus(Poisson(mean))
	if d := difference(r.Law(), want); !(d <= 1e-10) {
		t.Errorf("distance %g, claimed %g", d, r.Err())
	}
}

// Speed and arrivals that vary alike are a change of time.
func TestChangeOfTime(t *testing.T) {
	pace := func(t float64) float64 { return 1 + 0.7*math.Sin(t) }
	p := Queue(func(t float64) float64 { return 3 * pace(t) }, servers(4), 1, 40, nil)
	p.Speed = pace
	r := start(t, p, Point(12), Options{})
	advance(t, r, 9)
	q := start(t, Queue(constant(3), servers(4), 1, 40, nil), Point(12), Options{})
	advance(t, q, 9+0.7*(1-math.Cos(9)))
	if d := difference(r.Law(), q.Law()); !(d <= 2e-10) {
		t.Errorf("distance %g, claimed %g and %g", d, r.Err(), q.Err())
	}
}

// The drain of a decaying surge, 1000 requests until idle: values by Taylor
// series of the Kolmogorov equations in extended precision.
func TestSurgeDrain(t *testing.T) {
	r := start(t, Queue(surge, servers(1), 10, 0, nil), Point(1000), Options{Tolerance: 1e-12})
	r.Absorb(0)
	for _, c := range []struct{ t, tail, rel float64 }{
		{487.651538306, 0.5, 1e-10}, {537.538994631, 0.01, 1e-9}, {554.227057462, 0.001, 1e-8}, {620, 7.9971e-10, 1e-3},
	} {
		advance(t, r, c.t)
		near(t, "tail", r.Remaining(), c.tail, c.rel)
		near(t, "mass", r.Remaining()+r.Absorbed(), 1, 1e-11)
	}
}

// Kendall's density k/t P(D - A = k) of the M/M/1 busy period, in one step and
// in many, against the flux.
func TestConstantDrain(t *testing.T) {
	for _, at := range []float64{3, 8, 20, 60} {
		r := start(t, Queue(constant(4), servers(1), 10, 0, nil), Point(50), Options{Tolerance: 1e-13})
		r.Absorb(0)
		advance(t, r, at)
		a, d := Poisson(4*at), Poisson(10*at)
		want := 0.0
		for n := range d.First + len(d.P) {
			want += 50 / at * d.At(n) * a.At(n-50)
		}
		if math.Abs(r.Flux()-want) > 1e-12+1e-9*want {
			t.Errorf("density at %g = %g, want %g", at, r.Flux(), want)
		}
	}
}

// A chain that jumps 1e6 and 1e7 times: its law is stationary, and stays a law.
func TestManyJumps(t *testing.T) {
	for _, jumps := range []float64{1e6, 1e7} {
		r := start(t, Queue(constant(9), servers(1), 10, 60, nil), Point(0), Options{})
		advance(t, r, jumps/19)
		law := r.Law()
		near(t, "mass", law.Mass(), 1, 1e-9)
		norm := (1 - math.Pow(0.9, 61)) / 0.1
		for n := 0; n <= 60; n++ {
			if want := math.Pow(0.9, float64(n)) / norm; math.Abs(law.At(n)-want) > 1e-9 {
				t.Errorf("%g jumps: p(%d) = %g, want %g", jumps, n, law.At(n), want)
			}
		}
	}
}

// A metastable chain is not mistaken for one at rest: two wells, the barrier
// at 40.
func TestMetastableIsNotAtRest(t *testing.T) {
	p := Process{Arrivals: constant(1), Top: 80,
		Births: func(_ float64, first int, b []float64) {
			for i := range b {
				b[i] = 1
				if first+i >= 40 {
					b[i] = 3
				}
			}
		},
		Deaths: func(_ float64, first int, d []float64) {
			for i := range d {
				d[i] = 3
				if first+i > 40 {
					d[i] = 1
				}
			}
		}}
	r := start(t, p, Point(0), Options{})
	advance(t, r, 1e5)
	if got := r.Law().CDF(39); got < 1-1e-9 {
		t.Errorf("mass in the first well is %g after 1e5 s", got)
	}
}

func TestBatchesAndLevels(t *testing.T) {
	r := start(t, Queue(constant(0), servers(3), 1, 10, nil), Point(8), Options{})
	if atom := r.Absorb(4); atom != 0 {
		t.Errorf("atom %g above the level", atom)
	}
	r.Add(Law{0, []float64{0.5, 0, 0, 0.5}})
	near(t, "mass turned away into the top", r.Law().At(10), 0.5, 1e-15)
	near(t, "atom where the level rises", r.Absorb(8), 0.5, 1e-15)
	advance(t, r, 0.1)
	near(t, "two services of rate 3", r.Remaining(), 0.5*math.Exp(-0.3)*1.3, 1e-9)
}

// Laws stay laws, and more work stays stochastically more.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lam := rapid.Float64Range(0, 30).Draw(t, "lam")
		swing := rapid.Float64Range(0, 1).Draw(t, "swing")
		decay := rapid.Float64Range(0.05, 50).Draw(t, "decay")
		c := rapid.IntRange(1, 20).Draw(t, "c")
		n := rapid.IntRange(0, 60).Draw(t, "n")
		at := rapid.Float64Range(0.01, 10).Draw(t, "t")
		level := rapid.IntRange(-1, 10).Draw(t, "level")
		rate := func(t float64) float64 { return lam * (1 - swing*math.Exp(-t/decay)) }
		law := func(n int) *Run {
			r, err := Queue(rate, servers(c), 1, 0, nil).Start(0, Point(n), Options{})
			if err != nil {
				t.Fatal(err)
			}
			r.Absorb(level)
			if err := r.Advance(at); err != nil {
				t.Fatal(err)
			}
			return r
		}
		a, b := law(n), law(n+1)
		if m := a.Remaining() + a.Absorbed(); math.Abs(m-1) > 1e-9 {
			t.Fatalf("mass %g", m)
		}
		for k := range 100 {
			if a.Law().Exceed(k) > b.Law().Exceed(k)+1e-9 {
				t.Fatalf("P(N > %d) is %g from %d and %g from %d", k, a.Law().Exceed(k), n, b.Law().Exceed(k), n+1)
			}
		}
		for _, p := range a.Law().P {
			if !(p >= -1e-12) {
				t.Fatalf("probability %g", p)
			}
		}
	})
}

func BenchmarkBirthDeath(b *testing.B) {
	b.Run("2000 states, qt 1e4 in 10 ms", func(b *testing.B) {
		p := Queue(constant(7), servers(1), 7, 1999, nil)
		for b.Loop() {
			advance(b, start(b, p, Point(1000), Options{}), 1e4/14)
		}
	})
	b.Run("2000 states, rates that differ by state, qt 1e4 in 10 ms", func(b *testing.B) {
		p := Queue(constant(3.5), servers(1000), 3.5e-3, 1999, nil)
		for b.Loop() {
			advance(b, start(b, p, Point(1000), Options{}), 1e4/7)
		}
	})
	b.Run("2000 states, spread over all of them, qt 1e4", func(b *testing.B) {
		p := Queue(constant(3.5), servers(1000), 3.5e-3, 1999, nil)
		even := Law{P: make([]float64, 2000)}
		for i := range even.P {
			even.P[i] = 1.0 / 2000
		}
		for b.Loop() {
			advance(b, start(b, p, even, Options{}), 1e4/7)
		}
	})
	b.Run("surge drain", func(b *testing.B) {
		p := Queue(surge, servers(1), 10, 0, nil)
		for b.Loop() {
			r := start(b, p, Point(1000), Options{})
			r.Absorb(0)
			advance(b, r, 600)
		}
	})
	b.Run("an hour, qt 6e4", func(b *testing.B) {
		p := Queue(func(t float64) float64 { return 6 + 3*math.Sin(t/600) }, servers(1), 10, 0, nil)
		for b.Loop() {
			advance(b, start(b, p, Point(1000), Options{}), 3600)
		}
	})
}

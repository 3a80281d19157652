package markov

import (
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

func walk(t testing.TB, s Sources, err error, law Law, o Options) *Walk {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.Start(0, law, o)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func forward(t testing.TB, w interface{ Advance(float64) error }, to float64) {
	t.Helper()
	if err := w.Advance(to); err != nil {
		t.Fatal(err)
	}
}

// With one exponential phase the general chain is the birth-death process.
func TestWalkMeetsRun(t *testing.T) {
	q := PhaseQueue{Erlang(0.1, 1), 200}
	s, err := q.Sources(surge, nil)
	w := walk(t, s, err, Point(100), Options{Tolerance: 1e-12})
	w.Absorb(func(i int) bool { return i == 0 })
	p := Queue(surge, servers(1), 10, 200, nil)
	r := start(t, p, Point(100), Options{Tolerance: 1e-12})
	r.Absorb(0)
	for _, at := range []float64{10, 40, 200, 300} {
		forward(t, w, at)
		forward(t, r, at)
		if d := math.Abs(w.Absorbed() - r.Absorbed()); d > 1e-11 {
			t.Errorf("absorbed by %g: %g and %g", at, w.Absorbed(), r.Absorbed())
		}
		if d := difference(w.Law(), r.Law()); d > 1e-11 {
			t.Errorf("laws at %g differ by %g", at, d)
		}
		if d := math.Abs(w.Flux() - r.Flux()); d > 1e-12 {
			t.Errorf("densities at %g: %g and %g", at, w.Flux(), r.Flux())
		}
	}
}

// The Erlang service's drain at a constant rate is the ballot density
// k/n pois(n-k) g_n(t) summed (Takács 1962); its mean and variance are those
// of the M/G/1 delay busy period.
func TestPhaseQueueDrains(t *testing.T) {
	const n0, lam, mean, k = 12, 4.0, 0.1, 4
	q := PhaseQueue{Erlang(mean, k), 150}
	s, err := q.Sources(constant(lam), nil)
	w := walk(t, s, err, q.Begin(n0), Options{Tolerance: 1e-12})
	w.Absorb(func(i int) bool { return i == 0 })
	m1, m2, before := 0.0, 0.0, 1.0
	const h = 0.005
	for at := h; w.Remaining() > 1e-9; at += h { // trapezoidal rule for E T and E T^2
		forward(t, w, at)
		m1 += h * (before + w.Remaining()) / 2
		m2 += h * ((at-h)*before + at*w.Remaining())
		before = w.Remaining()
	}
	rho := lam * mean
	near(t, "mean", m1, n0*mean/(1-rho), 1e-5)
	near(t, "variance", m2-m1*m1, n0*(mean*mean/k+rho*mean*mean)/math.Pow(1-rho, 3), 1e-3)
}

// M/PH/1 in the long run: Pollaczek and Khinchine's mean.
func TestPhaseQueueAtRest(t *testing.T) {
	for _, scv := range []float64{0.3, 1, 4} {
		ph, err := FitTwoMoments(1, scv)
		if err != nil {
			t.Fatal(err)
		}
		q := PhaseQueue{ph, 300}
		s, err := q.Sources(constant(0.7), nil)
		if err != nil {
			t.Fatal(err)
		}
		all := s.Fixed.Jumps()
		for _, j := range s.Fresh.Jumps() {
			all = append(all, Jump{j.From, j.To, 0.7 * j.Rate})
		}
		g, err := NewSparse(s.Fixed.States(), all)
		if err != nil {
			t.Fatal(err)
		}
		b, err := g.Banded()
		if err != nil {
			t.Fatal(err)
		}
		p, err := b.Stationary()
		if err != nil {
			t.Fatal(err)
		}
		l := 0.0
		for i, x := range p {
			l += x * float64(q.Requests(i))
		}
		near(t, "L", l, 0.7+0.49*(1+scv)/(2*0.3), 1e-8)
	}
}

// The mean by integrating the tail of an orbit's drain is the mean by
// elimination, and mass is conserved.
func TestOrbitWalk(t *testing.T) {
	c := Orbit{Arrivals: 3, ServiceRate: 1, Servers: 5, Limit: 8, Size: 40, RetryRate: 0.5, Refused: 1}
	s, err := c.Sources(constant(c.Arrivals), nil)
	w := walk(t, s, err, Point(c.Index(8, 12)), Options{Tolerance: 1e-12})
	w.Absorb(func(i int) bool { return i <= c.Index(5, 0) && i%(c.Limit+1) <= 5 && i < c.Limit+1 })
	a, err := c.Drain(5)
	if err != nil {
		t.Fatal(err)
	}
	mean, sd := a.At(c.Index(8, 12))
	m1, m2, before := 0.0, 0.0, 1.0
	const h = 0.05
	for at := h; w.Remaining() > 1e-10; at += h {
		forward(t, w, at)
		near(t, "mass", w.Remaining()+w.Absorbed(), 1, 1e-9)
		m1 += h * (before + w.Remaining()) / 2
		m2 += h * ((at-h)*before + at*w.Remaining())
		before = w.Remaining()
	}
	near(t, "mean", m1, mean, 1e-4)
	near(t, "sd", math.Sqrt(m2-m1*m1), sd, 1e-3)
}

func TestPhaseFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mean := rapid.Float64Range(1e-3, 1e3).Draw(t, "mean")
		scv := rapid.Float64Range(0.02, 50).Draw(t, "scv")
		p, err := FitTwoMoments(mean, scv)
		if err != nil {
			t.Fatal(err)
		}
		m, err := p.Moments(2)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(m[0]/mean-1) > 1e-9 || math.Abs((m[1]/m[0]/m[0]-1)/scv-1) > 1e-7 {
			t.Fatalf("moments %v", m)
		}
		// lognormal moments, whose third is large, and those of a uniform law
		a := rapid.Float64Range(0, 0.8).Draw(t, "a")
		for _, want := range [][3]float64{
			{mean, mean * mean * (1 + scv), math.Pow(mean*(1+scv), 3)},
			{(1 + a) / 2, (1 + a + a*a) / 3, (1 + a) * (1 + a*a) / 4},
		} {
			q, err := FitThreeMoments(want[0], want[1], want[2])
			if err != nil {
				t.Fatal(err)
			}
			got, err := q.Moments(3)
			if err != nil {
				t.Fatal(err)
			}
			for k := range got {
				if math.Abs(got[k]/want[k]-1) > 1e-12 {
					t.Fatalf("moment %d is %g, want %g (%d phases)", k+1, got[k], want[k], q.Phases())
				}
			}
		}
	})
}

// Moments on the borders of what n phases can have: squared coefficients of
// variation on either side of 1/n, third moments from hardly above the least
// to a million times that. The oracle is what was asked for.
func TestPhaseFitsAtTheBorders(t *testing.T) {
	for _, scv := range []float64{0.01, 0.1, 0.4999, 0.5, 0.5001, 0.999999, 1, 1.000001, 1.5, 1e4} {
		for _, cube := range []float64{1.05, 1.4999, 1.5, 1.5001, 2, 3, 10, 1e3, 1e6} {
			const mean = 3.0
			want := []float64{mean, mean * mean * (1 + scv), cube * mean * mean * mean * (1 + scv) * (1 + scv)}
			p, err := FitThreeMoments(want[0], want[1], want[2])
			if err != nil {
				t.Fatal(err)
			}
			got, err := p.Moments(3)
			if err != nil {
				t.Fatal(err)
			}
			for k := range got {
				if !(math.Abs(got[k]/want[k]-1) < 1e-12) {
					t.Errorf("scv %g, third moment %g times the least: moment %d is %g, want %g", scv, cube, k+1, got[k], want[k])
				}
			}
		}
	}
}

func TestFitRefuses(t *testing.T) {
	var field *FieldError
	if _, err := FitThreeMoments(1, 1, 1); !errors.As(err, &field) {
		t.Errorf("a constant: %v", err)
	}
	if _, err := FitThreeMoments(1, 2, 3.9); !errors.As(err, &field) {
		t.Errorf("moments of no law: %v", err)
	}
	if _, err := FitTwoMoments(1, 1e-6); !errors.As(err, &field) {
		t.Errorf("nearly a constant: %v", err)
	}
}

// A chain that starts where jumps are rare and moves to where they are up to
// 1.9 times as frequent, against the exponential of its generator.
func TestWalkIntoFasterStates(t *testing.T) {
	for _, faster := range []float64{1.2, 1.5, 1.7, 1.85, 4} {
		q := []Jump{{0, 1, 1}, {1, 0, 0.3 * faster}, {1, 2, 0.7 * faster}, {2, 1, faster}, {2, 0, 0.01}}
		fixed, err := NewSparse(3, q)
		w := walk(t, Sources{Fixed: fixed}, err, Point(0), Options{Tolerance: 1e-12})
		forward(t, w, 30)
		g := mat.NewDense(3, 3, nil)
		for _, j := range q {
			g.Set(j.From, j.To, 30*j.Rate)
			g.Set(j.From, j.From, g.At(j.From, j.From)-30*j.Rate)
		}
		var e mat.Dense
		e.Exp(g)
		if d := difference(w.Law(), Law{P: e.RawRowView(0)}); !(d < 1e-11) || !(w.Err() < 1e-10) {
			t.Errorf("%g times as fast: off by %g, said to be %g", faster, d, w.Err())
		}
	}
}

// A chain that begins where nobody finds room takes steps for the rates that it is to meet.
func TestWalkFromFullStates(t *testing.T) {
	const limit = 6
	rate := func(t float64) float64 { return 3 + 40*math.Exp(-t/.7) }
	q := PhaseQueue{Erlang(0.2, 1), limit}
	s, err := q.Sources(rate, nil)
	w := walk(t, s, err, Point(limit), Options{Tolerance: 1e-12})
	r := start(t, Queue(rate, servers(1), 5, limit, nil), Point(limit), Options{Tolerance: 1e-12})
	for _, at := range []float64{2, 5} {
		forward(t, w, at)
		forward(t, r, at)
		if d := difference(w.Law(), r.Law()); !(d < 1e-10) {
			t.Errorf("laws at %g differ by %g, said to be %g", at, d, w.Err())
		}
	}
}

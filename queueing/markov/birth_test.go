package markov

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"
)

// A process of births alone at a constant rate has a Poisson law: its window, of one
// state, is another after each jump, and never settles.
func TestBirthsAlone(t *testing.T) {
	for _, end := range []float64{1, 1000, 2500, 1e4} {
		for name, p := range map[string]Process{
			"process": {Arrivals: constant(1), Deaths: func(_ float64, _ int, rates []float64) { clear(rates) }},
			"queue":   Queue(constant(1), servers(0), 1, 0, nil),
		} {
			r := start(t, p, Point(3), Options{})
			advance(t, r, end)
			if d := difference(r.Law(), Point(3).Plus(Poisson(end))); !(d <= 1e-9) {
				t.Errorf("%s until %g s: distance %g, claimed %g; mean %g", name, end, d, r.Err(), r.Law().Mean())
			}
		}
	}
}

// Deaths alone from n are binomial, and end in the state 0, which is settled.
func TestDeathsAlone(t *testing.T) {
	r := start(t, Queue(constant(0), servers(1<<40), 0.01, 0, nil), Point(4000), Options{})
	advance(t, r, 500)
	if d := difference(r.Law(), Binomial(4000, math.Exp(-5))); !(d <= 1e-9) {
		t.Errorf("distance %g, claimed %g", d, r.Err())
	}
}

// Births at the rate n+1 from 0 are geometric (G. U. Yule, Phil. Trans. B 213 (1925) 21):
// windows of steps that are too long would have no end.
func TestBirthsThatGrow(t *testing.T) {
	p := Process{
		Arrivals: constant(.001),
		Births: func(_ float64, first int, rates []float64) {
			for i := range rates {
				rates[i] = float64(first + i + 1)
			}
		},
		Deaths: func(_ float64, _ int, rates []float64) { clear(rates) },
	}
	for _, end := range []float64{100, 1500, 2000, 5000} {
		r := start(t, p, Point(0), Options{})
		advance(t, r, end)
		left := -math.Expm1(-.001 * end)
		want := 1 - left
		for n := range 2000 {
			if got := r.Law().At(n); !(math.Abs(got-want) <= 1e-9) {
				t.Fatalf("%g s: P(%d) = %g, want %g; claimed %g", end, n, got, want, r.Err())
			}
			want *= left
		}
	}
}

// Births at the rate e^n end the time that there is: an error says so, soon.
func TestBirthsThatExplode(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	p := Process{
		Arrivals: constant(1),
		Births: func(_ float64, first int, rates []float64) {
			for i := range rates {
				rates[i] = math.Exp(math.Min(float64(first+i), 600))
			}
		},
		Deaths: func(_ float64, _ int, rates []float64) { clear(rates) },
	}
	err := start(t, p, Point(0), Options{Context: ctx}).Advance(100)
	var refused *ToleranceError
	if !errors.As(err, &refused) {
		t.Errorf("%v, want a tolerance that is not met", err)
	}
}

package markov

import (
	"math"
	"testing"
)

// The trace is the flux at each stop.
func TestTraceIsFlux(t *testing.T) {
	at := []float64{1, 1.5, 4, 9, 9.25, 20, 31, 60}
	type tracer interface {
		Advance(float64) error
		Flux() float64
		Trace(float64, []float64) ([]float64, error)
	}
	check := func(name string, a, b tracer) {
		flux, err := a.Trace(60, at)
		if err != nil {
			t.Fatal(err)
		}
		if len(flux) != len(at) {
			t.Fatalf("%s: %d densities at %d instants", name, len(flux), len(at))
		}
		for i, x := range at {
			forward(t, b, x)
			if want := b.Flux(); math.Abs(flux[i]-want) > 1e-11+1e-8*want {
				t.Errorf("%s: density at %g is %g, want %g", name, x, flux[i], want)
			}
		}
	}
	for name, rate := range map[string]func(float64) float64{"constant": constant(6), "surge": func(t float64) float64 { return 3 + 9*math.Exp(-t/5) }} {
		p := Queue(rate, servers(1), 10, 0, []float64{9, 30})
		p.Speed = func(t float64) float64 { return 1 + 0.1*math.Sin(t/10) }
		a, b := start(t, p, Point(70), Options{}), start(t, p, Point(70), Options{})
		a.Absorb(0)
		b.Absorb(0)
		check(name+" run", a, b)
		s, err := PhaseQueue{Erlang(0.1, 3), 200}.Sources(rate, nil)
		in := func(i int) bool { return i == 0 }
		v, w := walk(t, s, err, PhaseQueue{Erlang(0.1, 3), 200}.Begin(70), Options{}), walk(t, s, err, PhaseQueue{Erlang(0.1, 3), 200}.Begin(70), Options{})
		v.Absorb(in)
		w.Absorb(in)
		check(name+" walk", v, w)
	}
}

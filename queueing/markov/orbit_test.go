package markov

import (
	"math"
	"testing"
)

func near(t *testing.T, what string, got, want, rel float64) {
	t.Helper()
	if !(math.Abs(got-want) <= rel*math.Abs(want)) {
		t.Errorf("%s = %.16g, want %.16g to %.1g", what, got, want, rel)
	}
}

// With room only in service, the M/M/1 retrial queue has L = rho (lambda +
// theta) / (theta (1-rho)) in the system, orbit included (G. Falin, J.
// Templeton, Retrial Queues, 1997, section 1.1).
func TestRetrialSingleServer(t *testing.T) {
	for _, rho := range []float64{0.1, 0.5, 0.9} {
		for _, theta := range []float64{0.2, 1, 30} {
			_, law, err := Retrial(rho, 1, 1, 1, theta, 0)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "L", law.MeanLane+law.MeanOrbit, rho*(rho+theta)/(theta*(1-rho)), 1e-9)
			near(t, "throughput", law.Throughput, rho, 1e-10)
		}
	}
}

// Clients that retry at once wait as if in the lane: M/M/c.
func TestRetrialTendsToWaiting(t *testing.T) {
	_, law, err := Retrial(2, 1, 3, 3, 1e7, 0)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "L", law.MeanLane+law.MeanOrbit, 2+8.0/9, 1e-6) // Erlang C(3,2) = 4/9, Lq = C rho/(1-rho)
}

func TestOrbitDrainGrows(t *testing.T) {
	last := 0.0
	for _, limit := range []int{25, 50, 100, 150, 199} {
		c := Orbit{Arrivals: 9.5, ServiceRate: 10, Servers: 1, Limit: limit, Size: 20,
			RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 3}
		a, err := c.Escape(0)
		if err != nil {
			t.Fatal(err)
		}
		mean, sd := a.At(c.Index(limit, 20))
		if !(mean > last) {
			t.Errorf("limit %d: mean escape %g is not above %g", limit, mean, last)
		}
		if limit >= 100 {
			near(t, "standard deviation of a metastable escape", sd, mean, 1e-6)
		}
		last = mean
	}
	near(t, "mean escape", last, 4.849948700292855e30, 1e-9)
}

// M/M/1 with room only in service has a slope of its own formula: L = rho
// (lambda + theta) / (theta (1-rho)), differentiated.
func TestRetrialSlopeSingleServer(t *testing.T) {
	for _, rho := range []float64{1e-12, 0.1, 0.5, 0.9, 0.99} {
		for _, theta := range []float64{0.2, 1, 30} {
			_, law, err := Retrial(rho, 1, 1, 1, theta, 1e-15)
			if err != nil {
				t.Fatal(err)
			}
			want := ((2*rho+theta)*(1-rho) + rho*(rho+theta)) / (theta * (1 - rho) * (1 - rho))
			near(t, "dL/dlambda", law.Slope.MeanLane+law.Slope.MeanOrbit, want, 1e-9)
			near(t, "dPBlock/dlambda", law.Slope.Full, 1, 1e-9) // the server is busy with chance rho
		}
	}
}

// TestOrbitSlopeIsDifference holds the derivative of the law of one chain
// against differences of its laws at four rates around it, whose error is of
// order step^4.
func TestOrbitSlopeIsDifference(t *testing.T) {
	for _, c := range []Orbit{
		{Arrivals: 2, ServiceRate: 1, Servers: 3, Limit: 5, Size: 40, RetryRate: 0.3, Refused: 1},
		{Arrivals: 9.5, ServiceRate: 10, Servers: 1, Limit: 60, Size: 20, RetryRate: 0.27, GiveUpRate: 0.07, TimedOut: 1, Timeout: 3},
		{Arrivals: 25, ServiceRate: 1, Servers: 30, Limit: 30, Size: 90, RetryRate: 2, GiveUpRate: 0.1, Refused: 0.8},
	} {
		law := func(steps float64) OrbitLaw {
			d := c
			d.Arrivals += steps * c.Arrivals / 1024
			l, err := d.Stationary()
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		slope := func(of func(OrbitLaw) float64) float64 {
			return (8*(of(law(1))-of(law(-1))) - (of(law(2)) - of(law(-2)))) / (12 * c.Arrivals / 1024)
		}
		s := law(0).Slope
		near(t, "slope of the lane", s.MeanLane, slope(func(l OrbitLaw) float64 { return l.MeanLane }), 1e-7)
		near(t, "slope of the queue", s.MeanQueue+1, 1+slope(func(l OrbitLaw) float64 { return l.MeanQueue }), 1e-7)
		near(t, "slope of the orbit", s.MeanOrbit, slope(func(l OrbitLaw) float64 { return l.MeanOrbit }), 1e-7)
		near(t, "slope of the chance of a full lane", s.Full, slope(func(l OrbitLaw) float64 { return l.Full }), 1e-7)
	}
}

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

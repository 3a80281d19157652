package steady

import (
	"errors"
	"testing"
)

// TestPopulations: each answer meets its goal and the next customer, or one
// less, does not; bounds say when none can.
func TestPopulations(t *testing.T) {
	plain := []Station{{Name: "cpu", MeanService: 0.1, Servers: 1, Visits: 1}, {Name: "disk", MeanService: 0.05, Servers: 1, Visits: 4}}
	several := []Station{{Name: "cpu", MeanService: 0.1, Servers: 3, Visits: 1}, {Name: "away", MeanService: 1, Visits: 1, Delay: true}}
	for _, m := range []Closed{{Think: 5, Stations: plain}, {Think: 0, Stations: plain}, {Think: 2, Stations: several}} {
		one := m.at(t, 1)
		for _, factor := range []float64{1, 1.3, 4, 20} {
			n, err := m.MostCustomers(one.Response * factor * (1 + 1e-12))
			if err != nil {
				t.Fatal(err)
			}
			if in, out := m.at(t, n).Response, m.at(t, n+1).Response; in > one.Response*factor*(1+1e-12) || out <= one.Response*factor {
				t.Errorf("%d customers answer in %g, one more in %g, wanted %g", n, in, out, one.Response*factor)
			}
		}
		for _, share := range []float64{0.01, 0.5, 0.99} {
			x := share * m.topRate()
			n, err := m.FewestCustomers(x)
			if err != nil {
				t.Fatal(err)
			}
			if n > 1 && m.at(t, n-1).Throughput >= x || m.at(t, n).Throughput < x {
				t.Errorf("%d customers for %g/s: %g, and one fewer %g", n, x, m.at(t, n).Throughput, m.at(t, n-1).Throughput)
			}
		}
		if _, err := m.FewestCustomers(m.topRate()); !errors.Is(err, ErrUnreachable) {
			t.Error("the bottleneck's own rate was reached:", err)
		}
		if _, err := m.MostCustomers(one.Response * 0.999); !errors.Is(err, ErrUnreachable) {
			t.Error("one customer was faster than its services:", err)
		}
	}
}

func (m Closed) at(t *testing.T, customers int) ClosedMeasures {
	t.Helper()
	m.Customers = customers
	x, err := m.Solve()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

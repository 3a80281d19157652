package steady

import (
	"math"
	"testing"

	"singlelane/queueing/markov"
)

// TestRetrialLevels: orbit by orbit against the whole chain eliminated, and
// differences against the derivative of that elimination.
func TestRetrialLevels(t *testing.T) {
	for _, m := range []Retrial{{0.5, 1, 1, 1, 1}, {5, 4, 2, 4, 10}, {1e-12, 1, 3, 3, 1}, {0.9, 1, 1, 1, 2}, {2.7, 1, 3, 7, 0.01}, {9, 1, 10, 12, 1}, {0.3, 1, 1, 30, 5}, {7, 1, 10, 10, 30}} {
		_, law, err := markov.Retrial(m.ArrivalRate, m.ServiceRate, m.Servers, m.Limit, 1/m.RetryDelay, 1e-15)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.solve()
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" orbit", got.orbit, law.MeanOrbit, 1e-11)
		want(t, name(m)+" empty", got.empty, law.Empty, 1e-11)
		for n, p := range law.Lane {
			want(t, name(m)+" lane", got.lane[n], p, 1e-11)
		}
		answers, err := LoadSlope(m)
		if err != nil {
			t.Fatal(err)
		}
		queue, d := law.MeanQueue+law.MeanOrbit, law.Slope
		want(t, name(m)+" dL/dlambda", answers.L, d.MeanLane+d.MeanOrbit, 1e-9)
		want(t, name(m)+" elasticity of Wq", answers.ElasticWq, (d.MeanQueue+d.MeanOrbit)*m.ArrivalRate/queue-1, 1e-9)
		want(t, name(m)+" elasticity of B", answers.ElasticBlocked, d.Full*m.ArrivalRate/law.Full, 1e-9)
	}
}

// TestRetrialOfOnePlace: L = rho (lambda + theta) / (theta (1-rho)) and P0 =
// (1-rho)^(lambda/theta + 1) (Falin & Templeton 1997, section 1.2), whose
// orbits of up to 1e14 are summed by integrals.
func TestRetrialOfOnePlace(t *testing.T) {
	for _, left := range []float64{0x1p-2, 0x1p-10, 0x1p-14, 0x1p-20, 0x1p-30, 0x1p-40} {
		for _, theta := range []float64{0.05, 1, 100} {
			rho := 1 - left
			x := measures(t, Retrial{rho, 1, 1, 1, 1 / theta})
			want(t, "L", x.L, rho*(rho+theta)/(theta*left), 1e-10)
			want(t, "P(block)", x.PBlock, rho, 1e-12)
			want(t, "P0", x.P0, math.Pow(left, rho/theta+1), 1e-9)
		}
	}
}

// TestRetrialLevelsNearSaturation: with c servers the cut of lane and orbit by
// what they hold together makes the mean orbit (Falin & Templeton 1997,
// section 2.3) ((mu + theta)/theta) (lambda - mu Var(busy)) / (c mu - lambda)
// of a lane without waiting places, and the mean of those busy is the load.
func TestRetrialLevelsNearSaturation(t *testing.T) {
	for _, left := range []float64{0x1p-3, 0x1p-9, 0x1p-16, 0x1p-30} {
		for _, m := range []Retrial{{2 * (1 - left), 1, 2, 2, 1}, {5 * (1 - left), 1, 5, 5, 10}, {30 * (1 - left), 1, 30, 30, 0.2}} {
			law, err := m.law()
			if err != nil {
				t.Fatal(err)
			}
			busy, square := 0.0, 0.0
			for n, p := range law.lane {
				busy, square = busy+float64(n)*p, square+float64(n*n)*p
			}
			want(t, name(m)+" busy", busy, m.ArrivalRate, 1e-11)
			c := float64(m.Servers)
			want(t, name(m)+" orbit", law.orbit, (1+m.RetryDelay)*(m.ArrivalRate-(square-busy*busy))/(c-m.ArrivalRate), 1e-9)
		}
	}
}

// TestRetrialsHardlyEver: with next to nobody coming, a request waits only where
// the lane is full of others, whose chance is that of Erlang's loss.
func TestRetrialsHardlyEver(t *testing.T) {
	for _, lambda := range []float64{1e-300, 1e-190, 1e-12, 1e-6} {
		x := measures(t, Retrial{lambda, 1, 2, 4, 10})
		want(t, "nobody there", x.P0, math.Exp(-lambda), 1e-12)
		want(t, "refused", x.PBlock, measures(t, MMcK{lambda, 1, 2, 4}).PBlock, 3e-6)
		want(t, "sojourn", x.W, 1, 1e-10)
	}
}

// TestRetrialsOfManyServers: where all servers are busy with a chance that is
// no number the lane is M/M/inf, and the levels of the orbit are few.
func TestRetrialsOfManyServers(t *testing.T) {
	for _, m := range []Retrial{{1, 0.6, 300, 300, 1e-9}, {10, 0.6, 1000, 1000, 1}, {1e-12, 0.6, 3000, 3000, 1e3}} {
		x, a := measures(t, m), m.ArrivalRate/m.ServiceRate
		want(t, name(m)+" P0", x.P0, math.Exp(-a), 1e-12)
		want(t, name(m)+" L", x.L, a, 1e-14)
		answers, err := LoadSlope(m)
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" dL/dlambda", answers.L, 1/m.ServiceRate, 1e-10)
	}
}

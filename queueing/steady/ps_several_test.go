package steady

import (
	"math"
	"math/cmplx"
	"math/rand/v2"
	"testing"
)

// TestSharedBySeveral: the inverted law against the walk of those who share the
// servers with one request, and its mean against that of M/M/c.
func TestSharedBySeveral(t *testing.T) {
	for _, m := range []PS{{0.1, 1, 2}, {1.8, 1, 2}, {1.5, 1, 3}, {9, 1, 10}, {18, 0.5, 40}} {
		tail := m.sojourn()
		want(t, "P(sojourn > 0)", tail(0), 1, 0)
		for _, x := range []float64{0.01, 0.5, 2, 10} {
			if got, walked := tail(x), severalWalk(t, m, x); math.Abs(got-walked) > 1e-10 {
				t.Errorf("%s: P(sojourn > %g) = %.14g, walked %.14g", name(m), x, got, walked)
			}
		}
		// The mean is the transform of the tail at 0, the average of those around.
		law, _ := m.severalShared(0)
		mean := complex128(0)
		const around = 8
		for k := range around {
			mean += law.late(cmplx.Rect(math.Pow(1-math.Sqrt(law.rho), 2)/50, 2*math.Pi*float64(k)/around)) / around
		}
		want(t, name(m)+" mean sojourn", real(mean)/(law.servers*m.ServiceRate), measures(t, m).W, 1e-10)
		q, err := m.SojournQuantile(0.99)
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" tail at the quantile", tail(q), 0.01, 1e-8)
	}
	if _, err := (PS{1, 1, 2}).SojournQuantile(1 - 1e-9); err == nil {
		t.Error("a quantile that the inversion cannot tell is given")
	}
}

// severalWalk is P(sojourn > t) by uniformisation: n others, as M/M/c has them
// at first, and one of n+1 requests leaves at the rate min(n+1, c), each of
// them as likely.
func severalWalk(t *testing.T, m PS, until float64) float64 {
	t.Helper()
	const most = 500
	others, err := m.States(most)
	if err != nil {
		t.Fatal(err)
	}
	c := float64(m.Servers)
	rate := m.ArrivalRate + c*m.ServiceRate
	mean := rate * until
	total := 0.0
	for step := 0; float64(step) < mean+10*math.Sqrt(mean)+40; step++ {
		next, left := make([]float64, most+1), 0.0
		for n, p := range others {
			left += p
			all := float64(n + 1)
			busy := math.Min(all, c)
			next[min(n+1, most)] += p * m.ArrivalRate / rate
			if n > 0 {
				next[n-1] += p * busy * m.ServiceRate / rate * (all - 1) / all
			}
			next[n] += p * (c - busy) * m.ServiceRate / rate
		}
		total += math.Exp(logPoisson(float64(step), mean)) * left
		others = next
	}
	return total
}

// TestSharedByOneOfSeveral: what is for several servers, with one, against
// Pollaczek's integral.
func TestSharedByOneOfSeveral(t *testing.T) {
	for _, rho := range []float64{0.05, 0.7, 0.99} {
		m := PS{rho, 1, 1}
		for _, most := range []float64{0, math.Inf(1)} {
			law, slowed := m.severalShared(most)
			if !slowed {
				t.Fatal("nobody is slowed down")
			}
			for _, x := range []float64{0.01, 1, 20, 100} {
				if got, other := law.tail(x), m.sharedByAll(x); math.Abs(got-other) > 1e-10 {
					t.Errorf("load %g: P(sojourn > %g) = %.13g, Pollaczek's %.13g", rho, x, got, other)
				}
			}
		}
	}
}

// TestSharedTransform holds the generating function of those beyond the servers
// against the elimination of all states up to where hardly anybody is.
func TestSharedTransform(t *testing.T) {
	for _, m := range []PS{{0.001, 1, 2}, {1.2, 1, 2}, {2.7, 1, 3}, {99, 1, 100}, {2990, 1, 3000}, {99900, 1, 100000}} {
		law, slowed := m.severalShared(0)
		all, slowed2 := m.severalShared(math.Inf(1))
		if !slowed || !slowed2 {
			t.Fatal("nobody is slowed down")
		}
		c := float64(m.Servers)
		for _, u := range []float64{0.1, 1, 5} {
			for _, k := range []float64{0, 1, 20, 80} {
				z := complex(eulerDamping/(2*u*c), k*math.Pi/(u*c))
				if got, other := law.late(z), all.late(z); cmplx.Abs(got-other) > 1e-11*cmplx.Abs(other) {
					t.Errorf("%s: %.14g at %g, by elimination %.14g", name(m), got, z, other)
				}
			}
		}
	}
}

// TestSharedNextToSaturation: there hardly anything moves in a sojourn, which
// is a service drawn out by the exponential number found, a product of two
// exponentials: the tail of x means is 2 sqrt x K1(2 sqrt x).
func TestSharedNextToSaturation(t *testing.T) {
	for _, c := range []int{2, 30} {
		m := PS{float64(c) * (1 - 1e-9), 1, c}
		p, err := m.SojournTail(measures(t, m).W)
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m), p, 0.27973176363, 1e-7)
	}
}

// TestSharedSimulated follows what every request of three servers still needs.
func TestSharedSimulated(t *testing.T) {
	const servers, rate = 3, 2.4
	type request struct{ since, needs float64 }
	times := []float64{0.5, 2, 6}
	rng := rand.New(rand.NewPCG(5, 8))
	var there []request
	now, next := 0.0, rng.ExpFloat64()/rate
	var means []float64
	over := make([][]float64, len(times))
	for b := 0; b < batches+warmUp; b++ {
		sum, late := 0.0, make([]float64, len(times))
		for done := 0.0; done < simJumps; {
			pace := math.Min(1, servers/float64(max(len(there), 1)))
			first, ends := -1, math.Inf(1)
			for i, r := range there {
				if end := now + r.needs/pace; end < ends {
					first, ends = i, end
				}
			}
			until := math.Min(next, ends)
			for i := range there {
				there[i].needs -= (until - now) * pace
			}
			now = until
			if next < ends {
				there = append(there, request{now, rng.ExpFloat64()})
				next = now + rng.ExpFloat64()/rate
				continue
			}
			stay := now - there[first].since
			there = append(there[:first], there[first+1:]...)
			sum += stay
			done++
			for k, x := range times {
				if stay > x {
					late[k]++
				}
			}
		}
		if b < warmUp {
			continue
		}
		means = append(means, sum/simJumps)
		for k := range times {
			over[k] = append(over[k], late[k]/simJumps)
		}
	}
	m := PS{rate, 1, servers}
	compare(t, "mean sojourn", means, measures(t, m).W)
	for k, x := range times {
		p, err := m.SojournTail(x)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "P(sojourn > "+format(x)+")", over[k], p)
	}
}

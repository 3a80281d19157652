package steady

import (
	"math"
	"testing"
)

// TestRepairAgainstItsChain: the closed form of p(0) and the sums from the
// peak outward against every state multiplied out.
func TestRepairAgainstItsChain(t *testing.T) {
	for _, m := range []Repair{{0.3, 1, 2, 9}, {1e-3, 1, 3, 2000}, {1, 1, 40, 500}, {20, 1, 7, 100}, {1e-9, 1, 1, 1000}, {0.01, 2, 900, 900}, {5, 1, 1, 1}} {
		chain := m.chain()
		ln, most := 0.0, 0.0
		lns := []float64{0}
		for n := range m.Sources {
			ln += math.Log(chain.ratio(n))
			most = math.Max(most, ln)
			lns = append(lns, ln)
		}
		var sum, l, lq float64
		for n, ln := range lns {
			w := math.Exp(ln - most)
			sum, l, lq = sum+w, l+w*float64(n), lq+w*float64(max(0, n-m.Servers))
		}
		x := measures(t, m)
		want(t, name(m)+" ln P0", m.logP0(), -most-math.Log(sum), 1e-13)
		want(t, name(m)+" L", x.L, l/sum, 1e-11)
		want(t, name(m)+" Lq", x.Lq, lq/sum, 1e-10)
		for _, at := range []float64{0, 0.3, 2, 9} { // against each term of the Poisson mixture by itself
			tail := 0.0
			others := Repair{m.ArrivalRate, m.ServiceRate, m.Servers, m.Sources - 1}
			p, err := others.seen()
			z := float64(m.Servers) * m.ServiceRate * at
			for n := m.Servers; n < m.Sources && err == nil; n++ {
				tail += p[n] * poissonUpTo(n-m.Servers, z)
			}
			got, err2 := m.WaitTail(at)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			want(t, name(m)+" wait", got, tail, 1e-9)
		}
	}
}

// seen are all state probabilities; of no sources, the one of nobody down.
func (m Repair) seen() ([]float64, error) {
	if m.Sources == 0 {
		return []float64{1}, nil
	}
	return m.States(m.Sources)
}

// poissonUpTo is P(Poisson(z) <= n), term by term.
func poissonUpTo(n int, z float64) float64 {
	p, sum := math.Exp(-z), 0.0
	for i := 0; i <= n; i++ {
		sum += p
		p *= z / float64(i+1)
	}
	return sum
}

// TestRepairWaitsAtMostSurely: near 1 the chance keeps the digits of what it
// lacks, and is never above 1.
func TestRepairWaitsAtMostSurely(t *testing.T) {
	for _, m := range []Repair{{100, 1, 3, 500}, {3, 1, 2, 9}, {5, 2, 1, 40}, {1, 1e-3, 40, 700}, {0.3, 1, 3, 200}} {
		last := 1.0
		for z := 1e-9; z < 1e4; z *= 1.7 {
			p, err := m.WaitTail(z / float64(m.Servers) / m.ServiceRate)
			if err != nil || p > last*(1+1e-14) || p > 1 || p < 0 {
				t.Errorf("%s: P(wait) after %g ends is %.17g, before %.17g (%v)", name(m), z, p, last, err)
			}
			last = p
			f := m.others().metFrom(m.Servers)
			want(t, name(m)+" both ways", f.tail(z)+f.done(z), 1, 1e-12)
		}
	}
}

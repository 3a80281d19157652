package steady

import (
	"math"
	"testing"

	"singlelane/queueing"
)

// TestErlangServiceWaits: the phases counted one by one, the transform
// inverted, and from its pole on the exponential far tail, agree at every number of phases.
func TestErlangServiceWaits(t *testing.T) {
	for _, k := range []float64{1, 2, 9, 10, 20, 64} {
		for _, rho := range []float64{0.01, 0.5, 0.9, 0.999} {
			law := queueing.Gamma{MeanTime: 1, Shape: k}
			m := MG1{rho, law}
			inverted := m.beyondPole(law, func(t float64) (float64, error) { return m.inverted(t), nil })
			x := measures(t, m)
			phases := m.erlangTail(int(k))
			at, err := phases(0)
			if err != nil {
				t.Fatal(err)
			}
			want(t, name(m)+" P(wait > 0)", at, rho, 1e-14)
			for _, f := range []float64{0.1, 0.7, 2, 4} {
				u := f * x.Wq
				tail, err := phases(u)
				if err != nil {
					t.Fatal(err)
				}
				other, err := inverted(u)
				if err != nil || math.Abs(tail-other) > 1e-9 {
					t.Errorf("%s: P(wait > %g) is %.12g by phases, %.12g inverted (%v)", name(m), u, tail, other, err)
				}
			}
		}
	}
}

package steady

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestInterruptedWaits: P(W > 0) is that of the law of the wait where there is
// one, and at least every P(W > t); of one server, the chance by several
// servers' walk is that by the transform of the service.
func TestInterruptedWaits(t *testing.T) {
	classes := []Class{{"a", 0.5, 0.4, 0.5}, {"b", 0.02, 10, 3}, {"c", 0.8, 0.3, 1}, {"d", 0.1, 1, 0}}
	m := Priority{classes, 1, true}
	each, err := m.PerClass()
	if err != nil {
		t.Fatal(err)
	}
	found := 0.0 // load met on arrival
	rate := 0.0  // of those that interrupt
	for i, c := range classes {
		found += c.ArrivalRate * c.MeanService
		alone := 1 - real(TwoMoments(c.MeanService, c.ServiceSCV).Transform(complex(rate, 0)))
		want(t, "P(W > 0) of class "+c.Name, each[i].PWait, found+(1-found)*alone, 1e-13)
		rate += c.ArrivalRate
		for _, x := range []float64{0, 1e-9, 1e-3, 0.1, 1} {
			p, err := m.ClassWaitTail(i, x)
			if err != nil || p > each[i].PWait || x == 0 && p != each[i].PWait {
				t.Errorf("class %s: P(W > %g) = %g, P(W > 0) = %g (%v)", c.Name, x, p, each[i].PWait, err)
			}
		}
	}
	alike := Priority{[]Class{{"a", 0.3, 1, 1}, {"b", 0.25, 1, 1}, {"c", 0.2, 1, 1}}, 1, true}
	for i := range alike.Classes {
		want(t, "by the walk", alike.heldOrInterrupted(i), alike.classLaw(i).waits(), 1e-14)
	}
	two := Priority{[]Class{{"a", 0.7, 1, 1}, {"b", 0.8, 1, 1}}, 2, true}
	// v(0) = 0.7 v(1) / 1.7 and 2.7 v(1) = 0.7 + v(0); p of M/M/2 at load 0.75.
	v1 := 0.7 / (2.7 - 0.7/1.7)
	want(t, "two servers", two.heldOrInterrupted(1), ErlangC(2, 1.5)+1.0/7*(0.7/1.7*v1)+1.5/7*v1, 1e-14)
}

// TestInterruptedWaitsSimulated follows requests of the second class through
// three servers that the first class takes from whoever came last.
func TestInterruptedWaitsSimulated(t *testing.T) {
	const servers, high, low = 3, 1.1, 1.2
	rng := rand.New(rand.NewPCG(77, 3))
	first, second := 0, []bool{} // of the second class in order of arrival: has it ever waited
	var shares []float64
	for b := 0; b < batches+warmUp; b++ {
		done, waited := 0.0, 0.0
		for done < simJumps/2 {
			inService := min(len(second), servers-min(first, servers))
			switch u := rng.Float64() * (high + low + float64(min(first, servers)+inService)); {
			case u < high:
				first++
			case u < high+low:
				second = append(second, false)
			case u < high+low+float64(min(first, servers)):
				first--
			default:
				i := rng.IntN(inService)
				if second[i] {
					waited++
				}
				done++
				second = append(second[:i], second[i+1:]...)
			}
			for i := max(0, servers-min(first, servers)); i < len(second); i++ {
				second[i] = true
			}
		}
		if b >= warmUp {
			shares = append(shares, waited/done)
		}
	}
	per, err := Priority{[]Class{{"a", high, 1, 1}, {"b", low, 1, 1}}, servers, true}.PerClass()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "P(W > 0)", shares, per[1].PWait)
	if math.Abs(per[1].PWait-ErlangC(servers, high+low)) < 0.01 {
		t.Error("the interruptions are not seen")
	}
}

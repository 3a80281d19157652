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
		want(t, "by the walk", alike.commonLaw(i).waits(), alike.classLaw(i).waits(), 1e-14)
	}
	two := Priority{[]Class{{"a", 0.7, 1, 1}, {"b", 0.8, 1, 1}}, 2, true}
	// v(0) = 0.7 v(1) / 1.7 and 2.7 v(1) = 0.7 + v(0); p of M/M/2 at load 0.75.
	v1 := 0.7 / (2.7 - 0.7/1.7)
	want(t, "two servers", two.commonLaw(1).waits(), ErlangC(2, 1.5)+1.0/7*(0.7/1.7*v1)+1.5/7*v1, 1e-14)
}

// TestInterruptedLaw: the inverted law of several servers against the walk of
// those in a request's way, its mean against Buzen and Bondi's, and one server
// against the transform for any service.
func TestInterruptedLaw(t *testing.T) {
	for _, servers := range []int{1, 2, 7, 60} {
		c := float64(servers)
		m := Priority{[]Class{{"a", 0.3 * c, 1, 1}, {"b", 0.25 * c, 1, 1}, {"c", 0.3 * c, 1, 1}}, servers, true}
		each, err := m.PerClass()
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.Classes {
			law := m.commonLaw(i)
			area := 0.0
			for from, width := 0.0, 0.1; from < 60/(1-law.upto)/(1-law.above); from, width = from+width, 1.2*width {
				part, _ := panel(from, from+width, law.tail)
				area += part
			}
			want(t, "mean wait", area/c, each[i].Wq, 1e-7)
			for _, u := range []float64{1e-3, 0.5, 4, 30} {
				got := law.tail(u)
				if walked := walkedThrough(t, m, i, u); math.Abs(got-walked) > 1e-10 {
					t.Errorf("%d servers, class %d: P(wait > %g ends) inverted %.12g, walked %.12g", servers, i, u, got, walked)
				}
				if servers > 1 {
					continue
				}
				if other := m.classLaw(i).tail(u); math.Abs(got-other) > 1e-9 {
					t.Errorf("class %d: P(wait > %g) by the walk of numbers %.12g, by that of work %.12g", i, u, got, other)
				}
			}
		}
	}
}

// TestCommonLawNextToSaturation: the mean of the law of a class of which all
// but a billionth of the servers is left by those above, and next to nothing
// after it.
func TestCommonLawNextToSaturation(t *testing.T) {
	for _, preemptive := range []bool{false, true} {
		m := Priority{[]Class{{"a", 4 - 8e-9, 1, 1}, {"b", 4e-9, 1, 1}}, 4, preemptive}
		each, err := m.PerClass()
		if err != nil {
			t.Fatal(err)
		}
		law := m.commonLaw(1)
		area := 0.0
		for from, width := 0.0, 0.1; from < 200/(1-law.upto)/(1-law.above); from, width = from+width, 1.2*width {
			part, _ := panel(from, from+width, law.tail)
			area += part
		}
		want(t, name(m), area/4, each[1].Wq, 1e-6)
	}
}

// walkedThrough is P(wait > u service ends) by uniformisation of all that
// happens: n in the way of a request of class i, and who is in service stands
// still until it is done or waits again.
func walkedThrough(t *testing.T, m Priority, i int, u float64) float64 {
	t.Helper()
	const most = 700
	c, above, upto := float64(m.Servers), m.load(i), m.load(i+1)
	// How likely n < c in the way become c before the service is over, by elimination from 0 on.
	back := make([]float64, m.Servers+1) // of n+1, where n < c
	for n := 0; n < m.Servers; n++ {
		from := 0.0
		if n > 0 {
			from = float64(n) * back[n-1]
		}
		back[n] = above * c / (above*c + float64(n) + 1 - from)
	}
	reach := make([]float64, m.Servers+1)
	reach[m.Servers] = 1
	for n := m.Servers - 1; n >= 0; n-- {
		reach[n] = back[n] * reach[n+1]
	}
	found, err := MMc{upto * c, 1, m.Servers}.States(most)
	if err != nil {
		t.Fatal(err)
	}
	way := make([]float64, most+1)
	for n, p := range found {
		way[max(n, m.Servers)] += p * reach[min(n, m.Servers)]
	}
	rate := 1 + above
	total, weight := 0.0, math.Exp(-rate*u)
	for step := 1; step < 300; step++ {
		left := 0.0
		next := make([]float64, most+1)
		for n, p := range way {
			left += p
			next[min(n+1, most)] += p * above / rate
			switch {
			case n > m.Servers:
				next[n-1] += p / rate
			case n == m.Servers:
				next[n] += p / rate * reach[n-1]
			}
		}
		total += weight * left
		weight *= rate * u / float64(step)
		way = next
	}
	return total
}

// TestInterruptedWaitsSimulated follows requests of the second class through
// three servers that the first class takes from whoever came last.
func TestInterruptedWaitsSimulated(t *testing.T) {
	const servers, high, low = 3, 1.1, 1.2
	times := []float64{0, 0.4, 2}
	rng := rand.New(rand.NewPCG(77, 3))
	first, second := 0, []float64{} // of the second class in order of arrival: how long it has waited
	var means []float64
	over := make([][]float64, len(times))
	for b := 0; b < batches+warmUp; b++ {
		done, sum, late := 0.0, 0.0, make([]float64, len(times))
		for done < simJumps/2 {
			inService := min(len(second), servers-min(first, servers))
			rate := high + low + float64(min(first, servers)+inService)
			stay := rng.ExpFloat64() / rate
			for i := inService; i < len(second); i++ {
				second[i] += stay
			}
			switch u := rng.Float64() * rate; {
			case u < high:
				first++
			case u < high+low:
				second = append(second, 0)
			case u < high+low+float64(min(first, servers)):
				first--
			default:
				i := rng.IntN(inService)
				for k, x := range times {
					if second[i] > x {
						late[k]++
					}
				}
				sum += second[i]
				done++
				second = append(second[:i], second[i+1:]...)
			}
		}
		if b < warmUp {
			continue
		}
		means = append(means, sum/done)
		for k := range times {
			over[k] = append(over[k], late[k]/done)
		}
	}
	m := Priority{[]Class{{"a", high, 1, 1}, {"b", low, 1, 1}}, servers, true}
	per, err := m.PerClass()
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "mean wait", means, per[1].Wq)
	compare(t, "P(W > 0)", over[0], per[1].PWait)
	for k, x := range times {
		tail, err := m.ClassWaitTail(1, x)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "P(W > "+format(x)+")", over[k], tail)
	}
	if math.Abs(per[1].PWait-ErlangC(servers, high+low)) < 0.01 {
		t.Error("the interruptions are not seen")
	}
}

package queueing

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A throttle by its length before a line that is never as long makes no difference, and beside a
// largest age it hardly makes any: against storms, the mean within 6 % beside chance at a
// false-alarm rate of 1e-7, and, in the first case, the law at that rate, too.
func TestThrottleOfLengthAlone(t *testing.T) {
	gate := &Throttle{MaxWaiting: 6, Streams: []string{"flood"}}
	for name, m := range map[string]Mechanisms{
		"never as long":  {Limited: true, QueueLimit: 5},
		"too old":        {MaxAge: 1},
		"slower too old": {MaxAge: 2, SlowDown: &SlowDown{12, 1.4}, Limited: true, QueueLimit: 20},
	} {
		m.Throttle = gate
		arrivals, err := NewArrivals(Stream{Name: "base", Source: Steady{2}}, Stream{Name: "flood", Source: Surge{25, 20}})
		if err != nil {
			t.Fatal(err)
		}
		l := laneOf(t, Config{Servers: 10, Service: Exponential{1}, Backlog: 20, Arrivals: arrivals, Mechanisms: m})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(name, err)
		}
		if open := d.AbsError == 1; open != (name != "never as long") {
			t.Errorf("%s: off by %.2g", name, d.AbsError)
		}
		checkLaw(t, d)
		begin, _ := OverloadEnd(l)
		n, sum, squares := 0.0, 0.0, 0.0
		againstSomeStorms(t, name, d, 6000, func(r *rand.Rand) float64 {
			s := laneStorm{Config: l.Config(), r: r}
			x := s.drained(begin, stormComers(r, 2, 0, 20, 0, 20), stormComers(r, 0, 25, 20, 0, 20))
			n, sum, squares = n+1, sum+x, squares+x*x
			return x
		})
		mean := sum / n
		chance := 5.4 * math.Sqrt((squares/n-mean*mean)/n)
		if off := math.Abs(d.Mean() - mean); !(off < .06*mean+chance) {
			t.Errorf("%s: mean %.5g, of storms %.5g", name, d.Mean(), mean)
		}
	}
}

package markov

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/mathext"
)

// storms are lanes with an orbit of each kind, small enough for a dense solution.
var storms = []Orbit{
	{Arrivals: 9.5, ServiceRate: 10, Servers: 1, Limit: 30, Size: 6, RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 1},
	{Arrivals: 2, ServiceRate: 1, Servers: 3, Limit: 9, Size: 12, RetryRate: .3, Refused: 1},
	{Arrivals: 2, ServiceRate: 1, Servers: 3, Limit: 9, Size: 7, RetryRate: .3, GiveUpRate: .1, Refused: 1, TimedOut: 1, Timeout: 2},
	{Arrivals: 2.5, ServiceRate: 1, Servers: 2, Limit: 8, Size: 5, RetryRate: .7, Refused: .6, TimedOut: .8, Timeout: 1.5},
	{Arrivals: 3, ServiceRate: 1, Servers: 2, Limit: 2, Size: 4, RetryRate: 2, GiveUpRate: 1, Refused: 1, TimedOut: .5, Timeout: .5},
}

// denseLate is the chance that the sojourn of who finds q in the lane exceeds
// the time-out: the sum of an Erlang and an exponential time, by conditioning
// on the Erlang one's being over, in steps of Simpson's rule.
func denseLate(c Orbit, q int) float64 {
	k, fast := q-c.Servers+1, float64(c.Servers)*c.ServiceRate
	if k <= 0 {
		return math.Exp(-c.ServiceRate * c.Timeout)
	}
	density := func(t float64) float64 {
		lgamma, _ := math.Lgamma(float64(k))
		if t == 0 {
			if k == 1 {
				return fast
			}
			return 0
		}
		return math.Exp(float64(k)*math.Log(fast) + float64(k-1)*math.Log(t) - fast*t - lgamma)
	}
	const steps = 4000
	sum := mathext.GammaIncRegComp(float64(k), fast*c.Timeout)
	for i := range steps + 1 {
		w := 2.0 + 2*float64(i%2)
		if i == 0 || i == steps {
			w = 1
		}
		t := c.Timeout * float64(i) / steps
		sum += w * c.Timeout / steps / 3 * density(t) * math.Exp(-c.ServiceRate*(c.Timeout-t))
	}
	return sum
}

// denseOrbit is the generator written down from the rules of the model, state
// (q, o) in row q (Size+1) + o, for what happens to a fresh request, a retry, a
// client and a server.
func denseOrbit(c Orbit) *mat.Dense {
	n := (c.Limit + 1) * (c.Size + 1)
	g := mat.NewDense(n, n, nil)
	for q := range c.Limit + 1 {
		for o := range c.Size + 1 {
			from := q*(c.Size+1) + o
			jump := func(q, o int, rate float64) {
				to := q*(c.Size+1) + min(o, c.Size)
				if to != from && rate > 0 {
					g.Set(from, to, g.At(from, to)+rate)
					g.Set(from, from, g.At(from, from)-rate)
				}
			}
			attempt := func(rate float64, left int) { // the client is not among those left in the orbit
				if q == c.Limit {
					jump(q, left+1, rate*c.Refused)
					jump(q, left, rate*(1-c.Refused))
					return
				}
				back := 0.0
				if c.TimedOut > 0 {
					back = c.TimedOut * denseLate(c, q)
				}
				jump(q+1, left+1, rate*back)
				jump(q+1, left, rate*(1-back))
			}
			attempt(c.Arrivals, o)
			if o > 0 {
				attempt(c.RetryRate*float64(o), o-1)
				jump(q, o-1, c.GiveUpRate*float64(o))
			}
			if q > 0 {
				jump(q-1, o, c.ServiceRate*float64(min(q, c.Servers)))
			}
		}
	}
	return g
}

// densePassage is the mean time from (q, o) until done, by LU decomposition.
func densePassage(t *testing.T, c Orbit, q, o int, done func(q, o int) bool) float64 {
	t.Helper()
	g := denseOrbit(c)
	n, _ := g.Dims()
	b := mat.NewVecDense(n, nil)
	for i := range n {
		if !done(i/(c.Size+1), i%(c.Size+1)) {
			b.SetVec(i, -1)
			continue
		}
		g.SetRow(i, make([]float64, n))
		g.Set(i, i, 1)
	}
	var x mat.VecDense
	if err := x.SolveVec(g, b); err != nil {
		t.Fatal(err)
	}
	return x.AtVec(q*(c.Size+1) + o)
}

// TestOrbitIsDense holds the passages and the stationary law against the dense
// equations of a generator of its own.
func TestOrbitIsDense(t *testing.T) {
	for i, c := range storms {
		name := fmt.Sprintf("storm %d, ", i)
		for _, ask := range []struct {
			name  string
			solve func(int) (Absorption, error)
			level int
			q, o  int
			done  func(q, o int) bool
		}{
			{"drain", c.Drain, 0, c.Limit, c.Size, func(q, o int) bool { return q == 0 && o == 0 }},
			{"escape", c.Escape, 0, c.Limit, c.Size, func(q, _ int) bool { return q == 0 }},
			{"escape to two", c.Escape, 2, c.Limit, 0, func(q, _ int) bool { return q <= 2 }},
			{"fill", c.Fill, c.Limit, 0, 0, func(q, _ int) bool { return q == c.Limit }},
		} {
			a, err := ask.solve(ask.level)
			if err != nil {
				t.Fatal(err)
			}
			mean, _ := a.At(c.Index(ask.q, ask.o))
			near(t, name+ask.name, mean+1, densePassage(t, c, ask.q, ask.o, ask.done)+1, 1e-8)
		}
		law, err := c.Stationary()
		if err != nil {
			t.Fatal(err)
		}
		p := denseStationary(t, c)
		answered, lane, orbit := 0.0, 0.0, 0.0
		for i := range p.Len() {
			q, o := i/(c.Size+1), i%(c.Size+1)
			w := p.AtVec(i)
			lane, orbit = lane+w*float64(q), orbit+w*float64(o)
			if q < c.Limit {
				in := 1.0
				if c.TimedOut > 0 {
					in -= denseLate(c, q)
				}
				answered += w * (c.Arrivals + c.RetryRate*float64(o)) * in
			}
		}
		near(t, name+"mean in the lane", law.MeanLane, lane, 1e-9)
		near(t, name+"mean in the orbit", law.MeanOrbit, orbit, 1e-9)
		near(t, name+"answered", law.Answered, answered, 1e-9)
		// Each fresh request is answered in time or never.
		near(t, name+"answered or not", law.Answered+law.Unanswered, c.Arrivals, 1e-12)
	}
}

func denseStationary(t *testing.T, c Orbit) *mat.VecDense {
	t.Helper()
	g := denseOrbit(c)
	n, _ := g.Dims()
	for i := range n { // the last balance equation follows from the others
		g.Set(i, n-1, 1)
	}
	one := mat.NewVecDense(n, nil)
	one.SetVec(n-1, 1)
	var p mat.VecDense
	if err := p.SolveVec(g.T(), one); err != nil {
		t.Fatal(err)
	}
	return &p
}

// TestTippingLoadIsWhereEscapesGrow: below the tipping load each further place
// of a full long lane takes 1/(capacity - offered) more to leave, the speed
// being 0 at the tipping load; above it the escape grows by a factor with each.
func TestTippingLoadIsWhereEscapesGrow(t *testing.T) {
	for i, c := range []Orbit{
		{ServiceRate: 10, Servers: 1, Size: 20, RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 3},
		{ServiceRate: 10, Servers: 1, Size: 30, RetryRate: 2, GiveUpRate: 1, TimedOut: 1, Timeout: 1},
		{ServiceRate: 2, Servers: 4, Size: 12, RetryRate: .2, TimedOut: 1, Timeout: 2, Refused: 1},
		{ServiceRate: 2, Servers: 4, Size: 30, RetryRate: .4, GiveUpRate: .1, TimedOut: .7, Timeout: 2, Refused: .5},
	} {
		c.Limit = 720
		escape := func(load float64, limit int) float64 {
			c.Arrivals, c.Limit = load, limit
			a, err := c.Escape(0)
			if err != nil {
				t.Fatal(err)
			}
			mean, _ := a.At(c.Index(limit, c.Size))
			return mean
		}
		tipping := c.TippingLoad()
		shares := []float64{.8, .5, .9}
		if testing.Short() {
			shares = shares[:1]
		}
		for _, share := range shares {
			load := share * tipping
			speed := 20 / (escape(load, 720) - escape(load, 700))
			c.Arrivals = load
			near(t, fmt.Sprintf("storm %d, speed at %g of the tipping load", i, share), speed,
				float64(c.Servers)*c.ServiceRate-c.offered(lateness{1, 0}), 1e-6)
		}
		up := (tipping + float64(c.Servers)*c.ServiceRate) / 2
		if first, second := escape(up, 160)/escape(up, 120), escape(up, 200)/escape(up, 160); !(first > 1.5 && math.Abs(second/first-1) < .01) {
			t.Errorf("storm %d: above the tipping load 40 more places make the escape %g times as long, and 40 more %g times", i, first, second)
		}
	}
}

// TestTippingLoadOfAmpleOrbit: if all find room in the orbit, the tipping load is
// the capacity over the attempts that each makes.
func TestTippingLoadOfAmpleOrbit(t *testing.T) {
	c := Orbit{ServiceRate: 10, Servers: 1, Limit: 200, Size: 400, RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 3}
	near(t, "amplification", c.Amplification(), 5, 1e-14)
	near(t, "tipping load", c.TippingLoad(), 2, 1e-14)
	c.Size = 0
	near(t, "tipping load without an orbit", c.TippingLoad(), 10, 1e-15)
	c.Size, c.GiveUpRate = 400, 0
	if got := c.TippingLoad(); got != 0 {
		t.Errorf("clients that never give up: the tipping load is %g", got)
	}
	c.Size = 20
	near(t, "tipping load with 20 that never give up", c.TippingLoad(), 10-20*4.0/15, 1e-12)
	c.TimedOut, c.Refused = 0, 1
	near(t, "tipping load of refusals", c.TippingLoad(), 10, 1e-15)
}

// TestTippingBacklogAndLoad: there is a tipping backlog just above the tipping
// load, that of a lane with one free place, and it falls as the load grows.
func TestTippingBacklogAndLoad(t *testing.T) {
	c := Orbit{ServiceRate: 10, Servers: 1, Limit: 40, Size: 20, RetryRate: 4.0 / 15, GiveUpRate: 1.0 / 15, TimedOut: 1, Timeout: 3}
	tipping := c.TippingLoad()
	c.Arrivals = tipping * (1 - 1e-9)
	if q, ok := c.TippingBacklog(); ok {
		t.Errorf("just below the tipping load the backlog %d tips", q)
	}
	c.Arrivals = tipping * (1 + 1e-9)
	last, ok := c.TippingBacklog()
	if !ok || last != c.Limit-1 {
		t.Errorf("just above the tipping load the tipping backlog is %d, %v", last, ok)
	}
	for c.Arrivals += .5; c.Arrivals < 10; c.Arrivals += .5 {
		q, ok := c.TippingBacklog()
		if !ok || q > last {
			t.Errorf("at %g/s the tipping backlog is %d, %v, after %d", c.Arrivals, q, ok, last)
		}
		last = q
	}
}

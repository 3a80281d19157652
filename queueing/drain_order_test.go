package queueing

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// ordinary is a lane whose numbers can be changed one at a time.
type ordinary struct {
	backlog, servers int
	steady, surge    float64 // 1/s
	decay, mean      float64 // s
	shape            float64 // of the service; 1: exponential
	target           Target
}

func drawOrdinary(t *rapid.T) ordinary {
	o := ordinary{
		backlog: rapid.IntRange(1, 3000).Draw(t, "backlog"),
		servers: rapid.SampledFrom([]int{1, 1, 2, 7, 40}).Draw(t, "servers"),
		mean:    math.Exp(rapid.Float64Range(-4, 3).Draw(t, "ln mean")),
		shape:   1,
		target:  rapid.SampledFrom([]Target{{}, {Idle: true}, {Waiting: 5}, {FirstPassage: true}}).Draw(t, "target"),
	}
	if o.servers == 1 {
		o.shape = rapid.SampledFrom([]float64{1, 4, 0.5}).Draw(t, "shape")
	}
	capacity := float64(o.servers) / o.mean
	o.steady = capacity * rapid.Float64Range(0, 0.9).Draw(t, "load")
	o.surge = capacity * rapid.Float64Range(0, 1.5).Draw(t, "surge")
	o.decay = o.mean * math.Exp(rapid.Float64Range(1, 6).Draw(t, "ln decay"))
	return o
}

func (o ordinary) solve(t rapid.TB) (Drain, bool) {
	a, err := NewArrivals(Stream{Name: "steady", Source: Steady{o.steady}}, Stream{Name: "surge", Source: Surge{o.surge, o.decay}})
	if err != nil {
		t.Fatal(err)
	}
	var service Service = Exponential{o.mean}
	if o.shape != 1 {
		service = Gamma{o.mean, o.shape}
	}
	l, err := NewLane(Config{Backlog: o.backlog, Servers: o.servers, Service: service, Arrivals: a, Target: o.target})
	if err != nil {
		t.Fatal(err)
	}
	d, err := SolveDrain(l, SolveOptions{Method: DrainDensity})
	var refused *UnsupportedError
	if errors.As(err, &refused) {
		return d, false
	}
	if err != nil {
		t.Fatal(err)
	}
	return d, true
}

// More requests, faster arrivals, slower services or fewer servers make the
// whole law later: every probability of having drained is smaller (coupling of
// the lanes' paths: D. J. Daley, Z. Wahrscheinlichkeitstheorie 10 (1968) 305).
// A stretched clock stretches the law and does nothing else.
func TestDrainOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOrdinary(t)
		law, ok := o.solve(t)
		if !ok {
			return
		}
		factor := rapid.Float64Range(1.001, 1.5).Draw(t, "factor")
		worse, stretch := o, 1.0
		change := rapid.IntRange(0, 4).Draw(t, "change")
		switch change {
		case 0:
			worse.backlog = int(math.Ceil(factor * float64(o.backlog)))
		case 1:
			worse.surge *= factor
			worse.steady = math.Min(worse.steady*factor, 0.95*float64(o.servers)/o.mean)
		case 2: // with the same loads it is slower as a whole, so slow down the services alone
			worse.mean *= math.Min(factor, 0.95*float64(o.servers)/(o.steady*o.mean))
		case 3:
			worse.servers++
		case 4:
			stretch = factor
			worse.mean, worse.decay = o.mean*stretch, o.decay*stretch
			worse.steady, worse.surge = o.steady/stretch, o.surge/stretch
			if capacity := float64(o.servers) / o.mean; !o.target.FirstPassage && float64(o.servers) < math.Max(capacity, capacity/stretch) {
				return // one second of capacity counts for the end of overload
			}
		}
		other, ok := worse.solve(t)
		if !ok || worse.servers > 1 && o.shape != 1 {
			return
		}
		slack := law.AbsError + other.AbsError + 1e-11
		for _, p := range []float64{1e-6, 1e-3, 0.05, 0.3, 0.5, 0.7, 0.95, 0.999, 1 - 1e-6} {
			x := law.Quantile(p)
			if len(law.Atoms) > 0 { // not on an atom, which the other law has at an instant of its own rounding
				x *= 1 + 1e-9
			}
			was, is := law.CDF(x), other.CDF(stretch*x)
			switch {
			case change < 3 && is > was+slack, change == 3 && is < was-slack:
				t.Fatalf("change %d: P(T <= %g) goes from %.12g to %.12g", change, x, was, is)
			case change == 4 && math.Abs(is-was) > slack+1e-9:
				t.Fatalf("stretched: P(T <= %g) goes from %.12g to %.12g", x, was, is)
			}
		}
	})
}

// Lanes commute, also with atoms and whatever their laws: any of those of forty
// lanes, the same one twice among them.
func TestLanesCommute(t *testing.T) {
	var solved []Drain
	seed := int(time.Now().UnixNano() % 1e9)
	for i := range 40 {
		if d, ok := rapid.Custom(drawOrdinary).Example(seed + i).solve(t); ok {
			solved = append(solved, d)
		}
	}
	if len(solved) < 20 {
		t.Fatalf("%d of 40 lanes from seed %d are solved", len(solved), seed)
	}
	rapid.Check(t, func(t *rapid.T) {
		laws := rapid.SliceOfN(rapid.SampledFrom(solved), 2, 4).Draw(t, fmt.Sprintf("lanes of those from seed %d", seed))
		there, back := Latest(laws), []Drain(nil)
		for i := range laws {
			back = append(back, laws[len(laws)-1-i])
		}
		again := Latest(back)
		for _, p := range []float64{1e-4, 0.1, 0.5, 0.9, 0.9999} {
			a, b := there.Quantile(p), again.Quantile(p)
			if math.Abs(a-b) > 1e-9*a {
				t.Fatalf("quantile %g is %.12g or %.12g", p, a, b)
			}
			product := 1.0
			for _, d := range laws {
				product *= d.CDF(a)
			}
			if math.Abs(there.CDF(a)-product) > 1e-12 {
				t.Fatalf("CDF(%g) = %.12g, the product is %.12g", a, there.CDF(a), product)
			}
		}
		if math.Abs(there.Mean()-again.Mean()) > 1e-9*there.Mean() {
			t.Fatalf("mean %.12g or %.12g", there.Mean(), again.Mean())
		}
	})
}

// Pooled servers drain before any split of the same requests among the same
// servers: whenever nobody waits in any of the lanes, nobody would wait in one.
func TestPooledBeforeSplit(t *testing.T) {
	lane := func(n int) *Lane {
		return laneOf(t, Config{Backlog: 1200 / n, Servers: 12 / n, Service: Exponential{1},
			Arrivals: arrivalsOf(t, Steady{5 / float64(n)}, Surge{8 / float64(n), 60})})
	}
	var before Drain
	for _, n := range []int{1, 2, 3, 6, 12} {
		one, err := SolveDrain(lane(n), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		like := make([]Drain, n)
		for i := range like {
			like[i] = one
		}
		now := Latest(like)
		if n > 1 {
			for _, p := range []float64{0.001, 0.5, 0.99, 0.999999} {
				if x := before.Quantile(p); now.CDF(x) > p {
					t.Errorf("%d lanes have drained by %g with probability %g, fewer with %g", n, x, now.CDF(x), p)
				}
			}
		}
		before = now
	}
}

// Eight servers in one lane, and as four lanes of two: until nobody waits.
func ExampleLatest() {
	lane := func(lanes int) *Lane {
		share := 1 / float64(lanes)
		arrivals, err := NewArrivals(Stream{Name: "steady", Source: Steady{4 * share}}, Stream{Name: "surge", Source: Surge{8 * share, 300}})
		if err != nil {
			panic(err)
		}
		l, err := NewLane(Config{Backlog: 1000 / lanes, Servers: 8 / lanes, Service: Exponential{0.8}, Arrivals: arrivals})
		if err != nil {
			panic(err)
		}
		return l
	}
	for _, n := range []int{1, 4} {
		one, err := SolveDrain(lane(n), SolveOptions{})
		if err != nil {
			panic(err)
		}
		laws := make([]Drain, n)
		for i := range laws {
			laws[i] = one
		}
		d := Latest(laws)
		fmt.Printf("%d: mean %.1f s, P99 %.1f s\n", n, d.Mean(), d.Quantile(0.99))
	}
	// Output:
	// 1: mean 486.0 s, P99 535.8 s
	// 4: mean 529.0 s, P99 607.5 s
}

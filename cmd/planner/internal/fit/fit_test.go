package fit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/cmd/planner/internal/fit/trace"
)

// lane writes the log of a lane, simulated in the plainest way: each free
// server takes the request that pick chooses among those waiting.
func lane(arrivals []float64, servers int, service func() float64, pick func(waiting int) int) string {
	type request struct{ arrival, start, end float64 }
	free := make([]float64, servers)
	var waiting, done []request
	next := 0
	for len(done) < len(arrivals) {
		k := slices.Index(free, slices.Min(free))
		now := free[k]
		for next < len(arrivals) && (arrivals[next] <= now || len(waiting) == 0) {
			waiting = append(waiting, request{arrival: arrivals[next]})
			now = math.Max(now, arrivals[next])
			next++
		}
		at := pick(len(waiting))
		r := waiting[at]
		waiting = slices.Delete(waiting, at, at+1)
		r.start = math.Max(free[k], r.arrival)
		r.end = r.start + service()
		free[k] = r.end
		done = append(done, r)
	}
	var b strings.Builder
	b.WriteString("arrival,start,end\n")
	for _, r := range done {
		fmt.Fprintf(&b, "%.6f,%.6f,%.6f\n", r.arrival, r.start, r.end)
	}
	return b.String()
}

func oldest(int) int         { return 0 }
func newest(waiting int) int { return waiting - 1 }

// poisson is n arrivals at a steady rate.
func poisson(n int, rate float64, g *rand.Rand) []float64 {
	out := make([]float64, n)
	at := 0.0
	for i := range out {
		at += g.ExpFloat64() / rate
		out[i] = at
	}
	return out
}

func fitText(t *testing.T, text string, o Options) *Fit {
	t.Helper()
	tr, err := trace.Read("log.csv", strings.NewReader(text), trace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if o.Incident == 0 {
		o.Incident = math.NaN()
	}
	if tr.Series != nil {
		return Series(tr, o)
	}
	return Requests(tr, o)
}

// TestServersAndOrder: the plateau is the number of servers, and the order is
// told, for lanes that are loaded at times.
func TestServersAndOrder(t *testing.T) {
	for _, c := range []struct {
		name    string
		servers int
		pick    func(int) int
		want    string
	}{
		{"fifo", 1, oldest, "fifo"}, {"fifo", 7, oldest, "fifo"}, {"lifo", 3, newest, "lifo"},
		{"random", 3, rand.New(rand.NewPCG(1, 1)).IntN, ""},
	} {
		g := rand.New(rand.NewPCG(11, uint64(c.servers)))
		text := lane(poisson(3000, 0.95*float64(c.servers), g), c.servers, g.ExpFloat64, c.pick)
		f := fitText(t, text, Options{})
		if f.Servers.Count != c.servers || !f.Servers.Plateau || f.Order.Discipline != c.want {
			t.Errorf("%s, %d servers: %+v %+v", c.name, c.servers, f.Servers, f.Order)
		}
		if math.Abs(f.Usage-0.95) > 0.15 {
			t.Errorf("%s: utilisation %v, offered 0.95", c.name, f.Usage)
		}
	}
}

// TestIdleLane: servers that were never all needed cannot be counted.
func TestIdleLane(t *testing.T) {
	g := rand.New(rand.NewPCG(12, 1))
	f := fitText(t, lane(poisson(500, 1, g), 50, g.ExpFloat64, oldest), Options{})
	if f.Servers.Plateau || !strings.Contains(strings.Join(f.Warnings, "\n"), "nothing ever waited") {
		t.Errorf("%+v %v", f.Servers, f.Warnings)
	}
	given := fitText(t, lane(poisson(500, 1, g), 50, g.ExpFloat64, oldest), Options{Servers: 50})
	if given.Servers.Count != 50 {
		t.Errorf("%+v", given.Servers)
	}
}

// surgeCounts draws the counts of a surge at 10 s intervals over an hour.
func surgeCounts(s *Surge, base float64, g *rand.Rand) Counts {
	a := &Arrivals{Rate: Range{Value: base}, Surge: s}
	var c Counts
	for i := 0; i <= 360; i++ {
		c.Edges = append(c.Edges, float64(10*i))
	}
	for i := range 360 {
		c.N = append(c.N, distuv.Poisson{Lambda: a.mean(c.Edges[i], c.Edges[i+1]), Src: g}.Rand())
	}
	return c
}

// TestSurgesAreTold: each delay law is found again with its numbers. A true
// value further than five standard errors (the range is 3.29 of them wide) has
// a chance of 6e-7, for eleven numbers 7e-6 and as much again for their
// skewness; the seeds are fixed and no number is pinned.
func TestSurgesAreTold(t *testing.T) {
	g := rand.New(rand.NewPCG(13, 1))
	for _, want := range []*Surge{
		{Law: ExponentialDelay, Begins: 600, Count: Range{Value: 2400}, Amplitude: Range{Value: 8}, Delay: Range{Value: 300}},
		{Law: UniformDelay, Begins: 600, Count: Range{Value: 1800}, Delay: Range{Value: 900}},
		{Law: LognormalDelay, Begins: 600, Count: Range{Value: 2000}, Delay: Range{Value: 600}, CV: Range{Value: 0.5}},
	} {
		for _, incident := range []float64{math.NaN(), 600} {
			a, warnings := fitArrivals(surgeCounts(want, 4, g), Options{Incident: incident})
			s := a.Surge
			if s == nil || s.Law != want.Law {
				t.Errorf("%s: %+v %+v", want.Law, s, a.Models)
				continue
			}
			if math.IsNaN(incident) {
				if math.Abs(s.Begins-600) > 200 { // a lognormal surge rises slowly
					t.Errorf("%s: it begins at %v", want.Law, s.Begins)
				}
				continue
			}
			for name, r := range map[string]struct {
				got  Range
				want float64
			}{"base": {a.Rate, 4}, "count": {s.Count, want.Count.Value}, "delay": {s.Delay, want.Delay.Value}, "cv": {s.CV, want.CV.Value}, "amplitude": {s.Amplitude, want.Amplitude.Value}} {
				if d := math.Abs(r.got.Value - r.want); d > 5*(r.got.Hi-r.got.Lo)/(2*z) && r.want > 0 {
					t.Errorf("%s: %s is %+v, want %v", want.Law, name, r.got, r.want)
				}
			}
			if len(warnings) > 0 {
				t.Errorf("%s: %v", want.Law, warnings)
			}
		}
	}
}

// withoutArrivals drops the first column of a log.
func withoutArrivals(log string) string {
	lines := strings.Split(log, "\n")
	for i, l := range lines {
		_, lines[i], _ = strings.Cut(l, ",")
	}
	return strings.Join(lines, "\n")
}

// TestWarnings: each doubt is told in words, and not where there is none.
func TestWarnings(t *testing.T) {
	g := rand.New(rand.NewPCG(14, 1))
	arrivals := poisson(4000, 1, g)
	drift := make([]float64, 4000)
	for i := range drift {
		drift[i] = 2000 * math.Pow(float64(i)/4000, 1.0/3)
	}
	last := 1.0
	daily := strings.Builder{}
	daily.WriteString("time,arrivals,completed,depth\n")
	for i := range 24 * 7 {
		n := distuv.Poisson{Lambda: 100 * (1 + 0.5*math.Sin(2*math.Pi*float64(i)/24)), Src: g}.Rand()
		fmt.Fprintf(&daily, "%d,%.0f,%.0f,0\n", 3600*i, n, n)
	}
	open := strings.Builder{}
	open.WriteString("arrival,start,end\n")
	for i, a := range arrivals {
		if i < 3990 {
			fmt.Fprintf(&open, "%.6f,%.6f,%.6f\n", a, a, a+0.1+g.ExpFloat64())
		} else {
			fmt.Fprintf(&open, "%.6f,%.6f,\n", a, a)
		}
	}
	for _, c := range []struct{ name, text, want string }{
		{"none", lane(arrivals, 2, func() float64 { return 1.8 * g.ExpFloat64() }, oldest), ""},
		{"drift", lane(drift, 9, g.ExpFloat64, oldest), "not stationary"},
		{"correlated", lane(arrivals, 9, func() float64 { last = math.Exp(0.8*math.Log(last) + 0.5*g.NormFloat64()); return last }, oldest), "successive service times are correlated"},
		{"few", lane(arrivals[:20], 1, g.ExpFloat64, oldest), "too few to tell laws apart; 100 are needed"},
		{"very few", lane(arrivals[:4], 1, g.ExpFloat64, oldest), "too few to fit a rate; 10 at different instants are needed"},
		{"daily", daily.String(), "a daily cycle is seen: the rate swings by about 5"},
		{"censored", open.String(), "censored at the end: 10 of 4000 requests"},
		{"no arrivals", withoutArrivals(lane(poisson(2000, 1.9, g), 2, g.ExpFloat64, oldest)), "requests start at the pace of service"},
	} {
		f := fitText(t, c.text, Options{})
		all := strings.Join(f.Warnings, "\n")
		if c.want == "" && all != "" || !strings.Contains(all, c.want) {
			t.Errorf("%s: warnings are %q, want %q", c.name, all, c.want)
		}
	}
}

// TestDepths: from depth and completions alone, the capacity and the surge of
// a lane that was overloaded.
func TestDepths(t *testing.T) {
	g := rand.New(rand.NewPCG(15, 1))
	var b strings.Builder
	b.WriteString("time,depth,completed\n")
	depth, done := 500.0, 0.0
	const capacity, rate = 10.0, 7.0
	for i := range 90 {
		fmt.Fprintf(&b, "%d,%.0f,%.0f\n", 10*i, depth, done)
		a := distuv.Poisson{Lambda: 10 * rate, Src: g}.Rand()
		d := math.Min(depth+a, distuv.Poisson{Lambda: 10 * capacity, Src: g}.Rand())
		depth, done = depth+a-d, done+d
	}
	f := fitText(t, b.String(), Options{Servers: 4})
	if f.Backlog() != 500 || f.Lane.Peak < 500 {
		t.Errorf("backlog %v, %+v", f.Backlog(), f.Lane.Peak)
	}
	five := 5 / (2 * z) // of the width: a chance of 6e-7
	for name, c := range map[string]struct {
		got  Range
		want float64
	}{"rate": {f.Arrivals.Rate, rate}, "service": {f.Service.Mean, 4 / capacity}, "SCV": {f.Service.SCV, 1}} {
		if math.Abs(c.got.Value-c.want) > five*(c.got.Hi-c.got.Lo) {
			t.Errorf("%s is %+v, want %v", name, c.got, c.want)
		}
	}
	bare := fitText(t, "time,depth\n0,5\n10,7\n20,9\n", Options{})
	if bare.Arrivals != nil || bare.Service != nil || !strings.Contains(bare.Warnings[0], "only their difference is known") {
		t.Errorf("%+v", bare)
	}
}

package queueing

import (
	"math"
	"slices"
	"testing"
)

// regularLanes may be at their level before overload ends. Services last 0.5 s,
// so that a batch at whole and half seconds comes at the end of one.
func regularLanes(t testing.TB) map[string]Config {
	service := Deterministic{.5}
	return map[string]Config{
		"batch":      {Backlog: 2, Service: service, Arrivals: arrivalsOf(t, Steady{1}, Batch{3, 6})},
		"idle":       {Backlog: 2, Service: service, Target: idle, Arrivals: arrivalsOf(t, Steady{1}, Batch{3, 6.2})},
		"two":        {Service: service, Target: Target{Waiting: 2}, Arrivals: arrivalsOf(t, Steady{1.2}, Batch{4, 1.9}, Batch{2, 5.05})},
		"none":       {Service: service, Target: idle, Arrivals: arrivalsOf(t, Batch{2, 1}, Batch{3, 6})},
		"down":       {Backlog: 1, Service: service, DownFor: 2.3, Target: idle, Arrivals: arrivalsOf(t, Steady{.4}, Batch{1, 6})},
		"just up":    {Backlog: 1, Service: service, DownFor: 5.8, Target: Target{Waiting: 4}, Arrivals: arrivalsOf(t, Steady{.6}, Batch{1, 6})},
		"surge":      {Backlog: 3, Service: service, Target: idle, Arrivals: arrivalsOf(t, Steady{.6}, Surge{2.4, 4}, Batch{1, 4})},
		"spread":     {Backlog: 1, Service: service, Arrivals: arrivalsOf(t, Steady{.5}, Hashed{Of: Batch{Size: 3, At: 2.1}, Lanes: 2}, Batch{1, 6.35})},
		"settles":    {Backlog: 2, Service: service, Target: Target{Waiting: 1}, Arrivals: arrivalsOf(t, Steady{1.6}, Surge{3, .8}, Batch{1, 6})},
		"rate steps": {Service: service, Target: idle, Arrivals: arrivalsOf(t, Steady{.8}, traceOf(t, []float64{.7, 1.8, 3.3, 6, 6.8, 9}, []float64{1.1, 0, 2.2, .4, 2.9}), Batch{1, 6})},
	}
}

func regularProblem(t testing.TB, c Config) (problem, *birthDeath) {
	t.Helper()
	c.Servers = 1
	p, err := newProblem(laneOf(t, c), SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	b := &birthDeath{lane: p.Lane, now: p.Initial().law(), absorb: -1}
	if c.DownFor > 0 {
		b.leap(c.DownFor)
	}
	return p, b
}

func traceOf(t testing.TB, edges, counts []float64) Trace {
	t.Helper()
	a, err := NewTrace(edges, counts, false)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// slotted is P(T <= t) at each of the given instants for a lane in time slots,
// so many to a service: requests come at a slot's beginning, as many as the
// whole slot brings. It steps the joint law of the number and of the slots left
// to the service under way, and knows nothing of phases.
func slotted(l *Lane, begin float64, slots int, at []float64) []float64 {
	const most = 48
	h := l.cfg.Service.Mean() / float64(slots)
	slot := func(t float64) int { return int(math.Round(t / h)) }
	now, drained := make([][most]float64, slots+1), 0.0 // now[left][n], left 0: nobody is served
	for i, x := range l.Initial().law().p {
		now[0][l.Initial().law().lo+i] = x
	}
	out := make([]float64, len(at))
	for i := 0; i <= slot(at[len(at)-1]); i++ {
		if i > 0 { // what ends, after what came at that instant
			now = advance(now, l.cfg.Arrivals.batches((float64(i)-.5)*h, (float64(i)+.5)*h).law())
		}
		if i >= slot(begin) {
			for left := range now {
				for n := range l.Level(begin) + 1 {
					drained, now[left][n] = drained+now[left][n], 0
				}
			}
		}
		for j, t := range at {
			if slot(t) == i {
				out[j] = drained
			}
		}
		came := Count{Poisson: l.cfg.Arrivals.Flow(float64(i)*h, float64(i+1)*h)}.law()
		for left := range now {
			now[left] = joined(now[left], came)
		}
		if i >= slot(l.cfg.DownFor) {
			for n := 1; n < most; n++ {
				now[slots][n], now[0][n] = now[slots][n]+now[0][n], 0
			}
		}
	}
	return out
}

func joined(n [48]float64, came law) (sum [48]float64) {
	for k, x := range came.p {
		for i := range len(n) - came.lo - k {
			sum[i+came.lo+k] += x * n[i]
		}
	}
	return sum
}

// advance lets a slot pass, at the end of which a batch comes, and then one leaves
// whose service is over.
func advance(now [][48]float64, batch law) [][48]float64 {
	next := make([][48]float64, len(now))
	for left := range now {
		n := now[left]
		if batch.hi() > 0 {
			n = joined(n, batch)
		}
		switch left {
		case 0:
			add(&next[0], n[:])
		case 1:
			add(&next[0], n[1:])
		default:
			add(&next[left-1], n[:])
		}
	}
	return next
}

func add(to *[48]float64, n []float64) {
	for i, x := range n {
		to[i] += x
	}
}

// Slots of a tenth, a twentieth and a fortieth of a service, extrapolated to none
// from their first- and second-order errors, meet the law halfway between its
// atoms: what is left, of the third order, is a hundredth of the last step.
func TestRegularServicesMeetTimeSlots(t *testing.T) {
	at := []float64{6.45, 6.65, 6.95, 7.15, 7.75, 8.25, 8.65, 9.45, 10.75, 13.25}
	for name, c := range regularLanes(t) {
		at := slices.Clone(at)
		if name == "settles" { // rates do so at 30 s
			at = append(at, 31.35)
		}
		p, b := regularProblem(t, c)
		d, err := p.regular(b)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		checkDrainLaw(t, d)
		var by [3][]float64
		for i := range by {
			by[i] = slotted(p.Lane, p.begin, 20<<i, at)
		}
		worst, step := 0.0, 0.0
		for j, x := range at {
			a, b := 2*by[1][j]-by[0][j], 2*by[2][j]-by[1][j]
			worst = math.Max(worst, math.Abs(d.CDF(x)-(4*b-a)/3))
			step = math.Max(step, math.Abs(b-a))
		}
		if worst > step/100+1e-12 {
			t.Errorf("%s: off by %.2g, where a step of the extrapolation is %.2g", name, worst, step)
		}
		if d.Quality != Exact || d.AbsError > 1e-10 {
			t.Errorf("%s: %s, error %g", name, d.Quality, d.AbsError)
		}
	}
}

// A lane that practically never is at its level before overload ends: phase by
// phase as by the passage from when it comes up.
func TestRegularServicesOfBusyLanes(t *testing.T) {
	for _, c := range []Config{
		{Backlog: 60, Service: Deterministic{.5}, Target: idle, Arrivals: arrivalsOf(t, Steady{1.1}, Batch{4, 3.1})},
		{Backlog: 1000, Service: Deterministic{.5}, DownFor: 3, Target: Target{Waiting: 20}, Arrivals: arrivalsOf(t, Steady{.5}, Surge{.9, 90}, Batch{6, 120})},
	} {
		p, b := regularProblem(t, c)
		want, err := p.solve()
		if err != nil || want.Quality != Exact {
			t.Fatal(want.Reason, err)
		}
		d, err := p.regular(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range []float64{1e-6, .01, .2, .5, .8, .99, 1 - 1e-6} {
			x := want.Quantile(q) + .05
			if off := math.Abs(d.CDF(x) - want.CDF(x)); off > 1e-11 {
				t.Errorf("%d requests: P(T <= %g) = %.13g, want %.13g", c.Backlog, x, d.CDF(x), want.CDF(x))
			}
		}
		near(t, "mean", d.Mean(), want.Mean(), 1e-9)
		near(t, "sd", d.StdDev(), want.StdDev(), 1e-7)
		near(t, "mean over", d.MeanOver(want.Quantile(.9)), want.MeanOver(want.Quantile(.9)), 1e-7)
	}
}

// The law does not depend on the unit of time, and at the end of overload it is
// what the number from service to service says, counted from one phase alone.
func TestRegularServicesInOtherUnits(t *testing.T) {
	lane := func(unit float64) problem {
		p, _ := regularProblem(t, Config{Backlog: 2, Service: Deterministic{2 * unit}, Target: Target{Waiting: 1},
			Arrivals: arrivalsOf(t, Steady{.3 / unit}, Surge{.4 / unit, 20 * unit}, Batch{1, 51 * unit})})
		return p
	}
	want, err := lane(1).solve()
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []float64{1e-9, 1e-3, 1e5} {
		d, err := lane(unit).solve()
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []float64{51, 52.5, 55.3, 60.1, 80, 120} {
			if off := math.Abs(d.CDF(x*unit) - want.CDF(x)); off > 1e-10 {
				t.Errorf("unit %g s: P(T <= %g) = %.12g, want %.12g", unit, x, d.CDF(x*unit), want.CDF(x))
			}
		}
	}
	p := lane(1)
	n := make([]float64, 200) // from 1 s on, the law of n every 2 s
	for k, x := range joined([48]float64{2: 1}, Count{Poisson: p.cfg.Arrivals.Flow(0, 1)}.law()) {
		n[k] = x
	}
	for s := 1.0; s < 51; s += 2 {
		next := make([]float64, len(n))
		mean := p.cfg.Arrivals.Flow(s, s+2)
		for k, x := range n {
			for j, w := 0, math.Exp(-mean); j < 40 && max(k-1, 0)+j < len(n); j, w = j+1, w*mean/float64(j+1) {
				next[max(k-1, 0)+j] += x * w
			}
		}
		n = next
	}
	near(t, "P(T = 51 s)", want.CDF(51), n[0]+n[1], 1e-12) // with the batch 2 at most
}

// A lane near saturation whose rates settle long before it drains is followed
// until they do: its mass is 1, and from there on, which takes thousands of
// services, what is left falls as for constant rates.
func TestRegularServicesNearSaturation(t *testing.T) {
	const lam = .99
	l := laneOf(t, Config{Backlog: 2, Servers: 1, Service: Deterministic{1}, Target: Target{Waiting: 1}, Arrivals: arrivalsOf(t, Steady{lam}, Surge{2, 3})})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Method != DrainDensity || d.AbsError > 1e-11 {
		t.Fatal(d.Method, d.AbsError, err)
	}
	// The tail of a sum of x^(-3/2) exp(-x (lam-1-ln lam)) over services.
	gamma := lam - 1 - math.Log(lam)
	fall := func(x float64) float64 { return math.Exp(-gamma*x) * math.Pow(x, -1.5) }
	at := func(x float64) float64 { return d.Exceed(x) - d.Exceed(x+1) }
	for _, x := range []float64{2e5, 3e5} {
		near(t, "fall", at(x+1e4)/at(x), fall(x+1e4)/fall(x), 1e-3)
	}
}

func BenchmarkRegular(b *testing.B) {
	for name, c := range map[string]Config{
		"batch": {Service: Deterministic{2}, Arrivals: arrivalsOf(b, Steady{.495}, Batch{2, 300})},
		"surge": {Backlog: 3, Service: Deterministic{.1}, Arrivals: arrivalsOf(b, Steady{4}, Surge{9, 20})},
		"late":  {Service: Deterministic{2}, Arrivals: arrivalsOf(b, Steady{.4}, Batch{2, 80_000})},
	} {
		p, _ := regularProblem(b, c)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := SolveDrain(p.Lane, SolveOptions{Method: DrainDensity}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A batch that meets a lane at rest is in the law at all instants after it, whole
// services later, to rounding, too.
func TestBatchAfterRest(t *testing.T) {
	l := laneOf(t, Config{Servers: 1, Service: Deterministic{.1}, Target: idle, Arrivals: arrivalsOf(t, Steady{4}, Batch{500, 120})})
	c := crommelin{lane: l, d: .1, first: point(0), cut: lawEpsilon, check: func() {}, most: regularWork}
	mean := func(n law) float64 {
		sum := 0.0
		for i, w := range n.p {
			sum += w * float64(n.lo+i)
		}
		return sum
	}
	for k := 1; k < 60; k++ {
		at := 120 + .1*float64(k)
		if lo, hi := mean(c.at(at)), mean(c.before(at)); !(lo > 500-float64(k)*.6-5 && hi < lo+1.01) {
			t.Errorf("%g are there at %g, %g just before", lo, at, hi)
		}
	}
}

// A batch that comes less than a billionth of a service after the server is up is not
// lost: T is as much later than that of one which comes then as it is itself.
func TestBatchJustAfterServerIsUp(t *testing.T) {
	for _, down := range []float64{0, 3} {
		for _, target := range []Target{{Waiting: 3}, {Waiting: 3, FirstPassage: true}} {
			law := func(at float64) Drain {
				d, err := SolveDrain(laneOf(t, Config{Backlog: 6, Servers: 1, DownFor: down, Service: Deterministic{.48}, Target: target,
					Arrivals: arrivalsOf(t, Steady{.86}, Batch{45, down + .26}, Surge{1.76, 1.98}, Batch{58, down + at})}), SolveOptions{})
				if err != nil || d.Quality != Exact {
					t.Fatalf("%s, %g: %v", d.Reason, d.AbsError, err)
				}
				return d
			}
			at, after := law(0), law(1e-11)
			for _, p := range []float64{.001, .1, .5, .9, .999} {
				x := at.Quantile(p) * (1 + 1e-9)
				if off := math.Abs(after.CDF(x) - at.CDF(x)); off > 1e-9 {
					t.Errorf("up at %g, %+v: P(T <= %g) is off by %g", down, target, x, off)
				}
			}
		}
	}
}

package queueing

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func (c Config) with(a Arrivals) Config {
	c.Arrivals = a
	return c
}

func groupsOf(n, size int, start, delay float64) Pool {
	return Pool{Instances: n, Requests: size, Together: true, Start: start, Delay: ExponentialDelay{delay}}
}

// Groups by the equation of the second kind against the chain, which shares
// nothing with it: for Poisson numbers of instances, and with those fixed by
// continuation on one side and by complex means on the other.
func TestGroupedDensity(t *testing.T) {
	for name, c := range map[string]struct {
		Config
		sources []Source
		fixed   bool
	}{
		"surge":            {Config{Servers: 1, Service: Exponential{.1}, Backlog: 150, Target: idle}, []Source{Steady{4}, groupsOf(110, 3, 0, 50)}, true},
		"large groups":     {Config{Servers: 1, Service: Exponential{.1}, Backlog: 150, Target: idle}, []Source{Steady{2}, groupsOf(60, 20, 0, 300)}, false},
		"Erlang":           {Config{Servers: 1, Service: Gamma{.1, 4}, Backlog: 50, Target: idle}, []Source{Steady{4}, groupsOf(40, 4, 0, 40)}, false},
		"hyperexponential": {Config{Servers: 1, Service: BalancedHyperexponential(.1, 3), Backlog: 50}, []Source{Steady{3}, groupsOf(30, 2, 0, 20)}, true},
		"eight servers":    {Config{Servers: 8, Service: Exponential{.8}, Backlog: 60}, []Source{Steady{4}, groupsOf(40, 3, 0, 20)}, false},
		"down, batch":      {Config{Servers: 1, Service: Exponential{.1}, Backlog: 80, DownFor: 5, Target: idle}, []Source{Steady{4}, groupsOf(60, 3, 2, 50), Batch{20, 9}}, false},
		"two sizes":        {Config{Servers: 1, Service: Exponential{.1}, Backlog: 60, Target: idle}, []Source{Steady{3}, groupsOf(20, 3, 0, 20), groupsOf(30, 2, 0, 15)}, false},
		"spread":           {Config{Servers: 1, Service: Exponential{.1}, Backlog: 150, Target: idle}, []Source{Steady{4}, Pool{Instances: 40, Requests: 5, Together: true, Delay: UniformDelay{15}}}, false},
	} {
		if testing.Short() && name != "surge" {
			continue
		}
		p, err := newProblem(laneOf(t, c.with(arrivalsOf(t, c.sources...))), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p, open, err := p.settled()
		if err != nil || len(open) == 0 {
			t.Fatal(open, err)
		}
		law, _ := phases(p.cfg.Service)
		q := p
		for _, i := range open {
			if q, err = q.withMean(i, 1); err != nil {
				t.Fatal(err)
			}
		}
		chain, err := p.newCircle(open, law, 1e11, nil)
		if err != nil {
			t.Fatal(err)
		}
		for k := range chain.begun { // of real means, which no circle takes the place of
			chain.begun[k] = true
		}
		want, err := followLane(chain.lane, chain, p.begin, p.SolveOptions)
		if err != nil {
			t.Fatal(err)
		}
		got, err := q.groupedDensity()
		if err != nil || got.AbsError > 1e-8 {
			t.Errorf("%s: %v, error %.1g", name, err, got.AbsError)
			continue
		}
		closeTo(t, name+", Poisson", got, want)
		if !c.fixed {
			continue
		}
		if want, _, err = p.circled(open, law, 1e11); err != nil {
			t.Fatal(err)
		}
		if got, err = p.fixed(open, problem.groupedDensity); err != nil || got.AbsError > 1e-5 {
			t.Errorf("%s: %v, error %.1g", name, err, got.AbsError)
		}
		closeTo(t, name, got, want)
	}
}

// closeTo allows the errors that laws state.
func closeTo(t *testing.T, name string, got, want Drain) {
	t.Helper()
	for p := 0.001; p < 1; p += 0.01 {
		x := want.Quantile(p)
		if off := math.Abs(got.CDF(x) - want.CDF(x)); !(off <= got.AbsError+want.AbsError) {
			t.Errorf("%s: P(T <= %g) is off by %.1e, stated %.1e and %.1e", name, x, off, got.AbsError, want.AbsError)
			return
		}
	}
}

// Where all requests come one by one the transforms are those of single requests.
func TestGroupsOfOneAreSingle(t *testing.T) {
	for _, s := range []Service{Exponential{.5}, Gamma{.5, 4}, Gamma{.5, 2.5}, Hyperexponential{.3, .2, 1.1}} {
		one := &poleSums{service: s, edge: leftEdge(s)}
		groups := newGroupSums(s)
		for _, k := range []float64{0, 1, 7, 60} {
			for _, u := range []float64{.2, 3, 40} {
				for _, a := range []float64{.01, 2, 50} {
					const excess = .3
					want := k*one.lasts(math.Max(k, 1), u, a, 1, 0) + excess*one.lasts(k+1, u, a, 1, 0)
					if got := groups.sum(k, u, []groupFlow{{1, a, excess}}); !(math.Abs(got-want) <= 1e-11*want) && want > 1e-250 {
						t.Errorf("%v, %g services, %g s, %g groups: %g, want %g", s, k, u, a, got, want)
					}
				}
			}
		}
	}
}

// Groups against storms that are drawn, for services that are no chain of phases.
func TestGroupedDensityAgainstStorms(t *testing.T) {
	storms := 20_000
	if testing.Short() {
		storms = 3_000
	}
	pool := groupsOf(120, 4, 0, 100)
	l := laneOf(t, Config{Servers: 1, Service: Gamma{.1, 2.5}, Backlog: 120, Target: idle, Arrivals: arrivalsOf(t, Steady{3}, pool)})
	d, err := SolveDrain(l, SolveOptions{})
	if err != nil || d.Method != DrainDensity || d.AbsError > 1e-4 {
		t.Fatalf("%v: %s, error %.1g", err, d.Method, d.AbsError)
	}
	r := rand.New(rand.NewPCG(1, 7))
	service := distuv.Gamma{Alpha: 2.5, Beta: 25, Src: rand.NewPCG(2, 7)}
	at := []float64{d.Quantile(.05), d.Quantile(.3), d.Quantile(.6), d.Quantile(.9), d.Quantile(.99)}
	seen := make([]float64, len(at))
	for range storms {
		due := make([]dueGroup, pool.Instances)
		for i := range due {
			due[i] = dueGroup{100 * r.ExpFloat64(), pool.Requests}
		}
		drained := emptied(r, due, 120, 3, service.Rand)
		for i, x := range at {
			seen[i] += indicator(drained <= x)
		}
	}
	for i, x := range at {
		p, got := d.CDF(x), seen[i]/float64(storms)
		if sd := math.Sqrt(p * (1 - p) / float64(storms)); !(math.Abs(got-p) <= 5.6*sd+d.AbsError) { // once in 1e7
			t.Errorf("P(T <= %g) is %.6g, of the storms %.6g: %.1f standard deviations", x, p, got, (got-p)/sd)
		}
	}
}

// dueGroup is a group of requests that is due at an instant.
type dueGroup struct {
	at   float64
	size int
}

// emptied is when the work of a backlog, of groups that are due at instants and of
// steady requests is done for the first time.
func emptied(r *rand.Rand, due []dueGroup, backlog int, rate float64, service func() float64) float64 {
	work := 0.0 // in all
	for range backlog {
		work += service()
	}
	next := r.ExpFloat64() / rate
	for {
		first, t := -1, next
		for i, x := range due {
			if x.at < t {
				first, t = i, x.at
			}
		}
		if work <= t {
			return work
		}
		n := 1
		if first >= 0 {
			n, due[first].at = due[first].size, math.Inf(1)
		} else {
			next += r.ExpFloat64() / rate
		}
		for range n {
			work += service()
		}
	}
}

// The moments of compound Poisson counts are those of their laws.
func TestCountOfGroups(t *testing.T) {
	c := Count{Fixed: 2, Poisson: 1.5, Binomials: []Binomial{{6, .3, 2}}, Groups: []Groups{{2.5, 3}, {.4, 7}}}
	mean, variance, third := 0.0, 0.0, 0.0
	a := c.law()
	for i, p := range a.p {
		mean += p * float64(a.lo+i)
	}
	for i, p := range a.p {
		x := float64(a.lo+i) - mean
		variance, third = variance+p*x*x, third+p*x*x*x
	}
	for name, x := range map[string][2]float64{"mass": {a.mass(), 1}, "mean": {c.Mean(), mean}, "variance": {c.Variance(), variance}, "third cumulant": {c.third(), third}} {
		if math.Abs(x[0]-x[1]) > 1e-10*x[1] {
			t.Errorf("%s %g, of the law %g", name, x[0], x[1])
		}
	}
	b := chainLaw(c)
	for i, p := range b.P {
		if k := b.First + i - a.lo; k >= 0 && k < len(a.p) && math.Abs(p-a.p[k]) > 1e-12 {
			t.Errorf("%d: %g and %g", b.First+i, p, a.p[k])
		}
	}
}

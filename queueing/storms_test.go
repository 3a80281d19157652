package queueing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// storm is when one server whose services are drawn is at its level, not before
// begin: requests come at rate until end, and by n at each of batches, and are
// served in order from up on. It knows nothing but Lindley's recursion.
type storm struct {
	rate, up, begin, end float64
	batches              []Batch
	level                int
	service              distuv.Rander
	pool, other          Pool // of exponential delays
}

func (s storm) drained(r *rand.Rand) float64 {
	var arrived []float64
	left := s.batches
	for t := 0.0; t < s.end; {
		t += r.ExpFloat64() / s.rate
		for len(left) > 0 && left[0].At <= t {
			for range left[0].Size {
				arrived = append(arrived, left[0].At)
			}
			left = left[1:]
		}
		arrived = append(arrived, t)
	}
	for _, p := range []Pool{s.pool, s.other} {
		for range p.Instances {
			due := p.Delay.Mean() * r.ExpFloat64()
			if p.Held {
				due = math.Max(0, due-p.Start)
			}
			for range max(1, p.Requests) { // together
				arrived = append(arrived, p.Start+due)
			}
		}
	}
	slices.Sort(arrived)
	free, at := s.up, s.begin
	departed := make([]float64, len(arrived))
	for i, t := range arrived {
		free = math.Max(free, t) + s.service.Rand()
		departed[i] = free
	}
	for gone, there := 0, 0; ; gone++ {
		for there < len(arrived) && arrived[there] <= at {
			there++
		}
		for gone < there && departed[gone] <= at {
			gone++
		}
		if there-gone <= s.level {
			return at
		}
		at = departed[gone]
	}
}

// follow compares a law with storms; each comparison fails by chance once in
// 3e7 times. What comes after the last instant that is compared tells nothing.
func (s storm) follow(t *testing.T, d Drain, seed uint64) {
	t.Helper()
	storms := 20_000
	if testing.Short() {
		storms = 6_000
	}
	r := rand.New(rand.NewPCG(seed, 1))
	at := []float64{s.begin}
	for _, p := range []float64{.3, .6, .9, .99} {
		at = append(at, d.Quantile(p))
	}
	s.end = at[len(at)-1]
	seen := make([]float64, len(at))
	for range storms {
		drained := s.drained(r)
		for i, x := range at {
			seen[i] += indicator(drained <= x)
		}
	}
	for i, x := range at {
		p := d.CDF(x)
		got := seen[i] / float64(storms)
		if sd := math.Sqrt(p * (1 - p) / float64(storms)); !(p >= 0 && math.Abs(got-p) <= 5.6*sd+d.AbsError) {
			t.Errorf("P(T <= %g) is %.6g, of the storms %.6g: %.1f standard deviations", x, p, got, (got-p)/sd)
		}
	}
}

// A lane that is down while requests arrive, or has been at rest, and several
// requests that come at once: a density that is a power of the time since each
// of these, which no clock resolves.
func TestRoughBesideBatches(t *testing.T) {
	for i, x := range []storm{
		{rate: .6, up: 7, begin: 30, batches: []Batch{{4, 30}}, level: 1},
		{rate: .3, begin: 20, batches: []Batch{{3, 0}, {1, 6}, {4, 20}}, level: 1},
		{rate: .5, begin: 1e5, batches: []Batch{{3, 1e5}}, level: 0},
	} {
		if testing.Short() && i > 0 {
			continue
		}
		s := Gamma{1, .25}
		source := rand.NewPCG(uint64(i), 2)
		x.service, x.end = distuv.Gamma{Alpha: s.Shape, Beta: s.Shape, Src: source}, x.begin+300
		sources := []Source{Steady{x.rate}}
		for _, b := range x.batches {
			sources = append(sources, b)
		}
		l := laneOf(t, Config{Servers: 1, DownFor: x.up, Service: s, Arrivals: arrivalsOf(t, sources...), Target: Target{Idle: x.level == 0}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-8) || d.Method != DrainDensity {
			t.Errorf("%+v: %s by %s, error %.2g", x.batches, d.Quality, d.Method, d.AbsError)
		}
		if x.begin < 1e3 {
			x.follow(t, d, uint64(i))
		}
	}
}

// Lognormal services that are alike, and lanes that may be at their level before
// overload ends.
func TestAlikeBesideBatches(t *testing.T) {
	for level, scv := range []float64{.05, .3} {
		if testing.Short() && level == 0 {
			continue
		}
		x := storm{rate: .5, begin: 12, end: 200, batches: []Batch{{3, 0}, {2, 12}}, level: level}
		s := Lognormal{1, scv}
		mu, sigma := s.Params()
		x.service = distuv.LogNormal{Mu: mu, Sigma: sigma, Src: rand.NewPCG(uint64(level), 3)}
		l := laneOf(t, Config{Servers: 1, Service: s, Arrivals: arrivalsOf(t, Steady{x.rate}, x.batches[0], x.batches[1]), Target: Target{Idle: level == 0}})
		d, err := SolveDrain(l, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if d.Quality != Exact || !(d.AbsError < 1e-8) || d.Method != DrainDensity {
			t.Errorf("SCV %g: %s by %s, error %.2g", scv, d.Quality, d.Method, d.AbsError)
		}
		x.follow(t, d, uint64(level))
	}
}

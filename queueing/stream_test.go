package queueing

import (
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
)

// sources is one of each kind, with values that share no common factor.
func sources(t *testing.T) map[string]Source {
	t.Helper()
	trace, err := NewTrace([]float64{0, 60, 90, 200}, []float64{120, 3, 440}, false)
	if err != nil {
		t.Fatal(err)
	}
	again, err := NewTrace([]float64{0, 60, 90, 200}, []float64{120, 3, 440}, true)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Source{
		"steady":    Steady{4},
		"surge":     Surge{8, 300},
		"batch":     Batch{900, 37},
		"spread":    Spread(2503, 60, 90),
		"pool":      Pool{Instances: 501, Requests: 2, Start: 20, Delay: ExponentialDelay{170}},
		"together":  Pool{Instances: 501, Requests: 3, Together: true, Delay: ExponentialDelay{170}},
		"held":      Pool{Instances: 501, Requests: 1, Start: 45, Held: true, Delay: LognormalDelay{120, 0.7}},
		"lognormal": Pool{Instances: 400, Requests: 1, Delay: LognormalDelay{80, 1.3}},
		"trace":     trace,
		"repeating": again,
		"hashed":    Hashed{Batch{900, 37}, 4},
		"hashed pool": Hashed{Pool{Instances: 501, Requests: 3, Together: true, Start: 11,
			Delay: ExponentialDelay{170}}, 3},
	}
}

var spans = [][2]float64{{0, 10}, {3, 61}, {37, 38}, {36, 37}, {44, 46}, {0, 500}, {199.5, 260}, {20, 20.001}}

// Flow is the integral of Rate, piece by piece between the breaks.
func TestFlowIntegratesRate(t *testing.T) {
	for name, src := range sources(t) {
		for _, span := range spans {
			edges := append([]float64{span[0]}, src.Breaks(span[0], span[1])...)
			edges = append(edges, span[1])
			want := 0.0
			for i := range edges[1:] {
				// Panels that shrink towards the left edge meet the lognormal's rise.
				lo, hi := edges[i], edges[i+1]
				for b := hi; b-lo > 1e-12*(hi-lo); {
					a := lo + (b-lo)/2
					want += quad.Fixed(src.Rate, a, b, 40, quad.Legendre{}, 0)
					b = a
				}
			}
			if got := src.Flow(span[0], span[1]); math.Abs(got-want) > 1e-9*(1+want) {
				t.Errorf("%s: Flow%v = %.12g, the integral of Rate is %.12g", name, span, got, want)
			}
		}
	}
}

// Excess is what Flow has over a constant rate, also where both agree to
// fifteen digits: there the second-order term -Rate' u^2 / 2 is the oracle.
func TestExcess(t *testing.T) {
	for name, src := range sources(t) {
		for _, span := range spans {
			want := src.Flow(span[0], span[1]) - src.Rate(span[1])*(span[1]-span[0])
			if got := src.Excess(span[0], span[1]); math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
				t.Errorf("%s: Excess%v = %.12g, want %.12g", name, span, got, want)
			}
		}
	}
	const u = 1e-5
	surge := Surge{8, 300}
	want := 8.0 / 300 * math.Exp(-1.0/3) * u * u / 2
	if got := surge.Excess(100-u, 100); math.Abs(got-want) > 1e-6*want {
		t.Errorf("surge: Excess over %g s = %g, want %g", u, got, want)
	}
	pool := Pool{Instances: 2400, Requests: 1, Delay: ExponentialDelay{300}}
	if got := pool.Excess(100-u, 100); math.Abs(got-want) > 1e-6*want {
		t.Errorf("pool: Excess over %g s = %g, want %g", u, got, want)
	}
}

// The parts of a split add up to the whole, in mean, for every interval, and
// counts are dealt to within one.
func TestSplitAddsUp(t *testing.T) {
	for name, src := range sources(t) {
		for _, n := range []int{1, 3, 7} {
			for _, span := range spans {
				sum := 0.0
				for k := range n {
					part := src.Split(n, k)
					if err := part.Validate(); err != nil {
						t.Fatalf("%s: part %d of %d: %v", name, k, n, err)
					}
					sum += part.Count(span[0], span[1]).Mean()
				}
				whole := src.Count(span[0], span[1]).Mean()
				if name == "together" {
					continue // whole instances are dealt: checked below
				}
				if math.Abs(sum-whole) > 1e-9*(1+whole) {
					t.Errorf("%s: %d parts bring %.12g in %v, the whole %.12g", name, n, sum, span, whole)
				}
			}
		}
	}
	total := 0
	for k := range 4 {
		part := Pool{Instances: 10, Requests: 3, Together: true, Delay: ExponentialDelay{1}}.Split(4, k).(Pool)
		if part.Instances < 2 || part.Instances > 3 || part.Requests != 3 {
			t.Errorf("part %d has %d instances of %d requests", k, part.Instances, part.Requests)
		}
		total += part.Total()
	}
	if total != 30 {
		t.Errorf("the parts hold %d requests of 30", total)
	}
}

// The mean of the count is the smooth flow and the jumps.
func TestCountMean(t *testing.T) {
	for name, src := range sources(t) {
		for _, span := range spans {
			want := src.Flow(span[0], span[1])
			for _, j := range src.Jumps() {
				if j.At > span[0] && j.At <= span[1] {
					want += j.Size.Mean()
				}
			}
			if got := src.Count(span[0], span[1]).Mean(); math.Abs(got-want) > 1e-9*(1+want) {
				t.Errorf("%s: Count%v has mean %.12g, want %.12g", name, span, got, want)
			}
		}
	}
}

// A finite source sends all that it has, and no more.
func TestFiniteSourcesEnd(t *testing.T) {
	want := map[string]float64{"batch": 900, "spread": 2503, "pool": 1002, "together": 1503, "held": 501,
		"lognormal": 400, "trace": 563, "hashed": 225, "hashed pool": 501}
	for name, src := range sources(t) {
		w, finite := want[name]
		if !finite {
			continue
		}
		if got := src.Count(0, 1e9).Mean(); math.Abs(got-w) > 1e-6 {
			t.Errorf("%s: %g requests in all, want %g", name, got, w)
		}
		if src.LongRun() != 0 {
			t.Errorf("%s: a long-run rate of %g", name, src.LongRun())
		}
	}
}

// The binomial variance of a pool is below the Poisson one, and a pool whose
// instances send their requests together varies more by that factor.
func TestPoolVariance(t *testing.T) {
	single := Pool{Instances: 1200, Requests: 2, Delay: ExponentialDelay{300}}
	c := single.Count(0, 300)
	p := 1 - math.Exp(-1)
	if want := 2400 * p * (1 - p); math.Abs(c.Variance()-want) > 1e-9*want {
		t.Errorf("variance %g, want %g", c.Variance(), want)
	}
	single.Together = true
	if got, want := single.Count(0, 300).Variance(), 2*c.Variance(); math.Abs(got-want) > 1e-9*want {
		t.Errorf("together: variance %g, want %g", got, want)
	}
}

func TestRepeatingTrace(t *testing.T) {
	src := sources(t)["repeating"]
	if got, want := src.LongRun(), 563.0/200; got != want {
		t.Errorf("long-run rate %g, want %g", got, want)
	}
	if got, want := src.Rate(400+70), 3.0/30; got != want {
		t.Errorf("rate in the third pass %g, want %g", got, want)
	}
	got := src.Breaks(150, 470)
	want := []float64{200, 260, 290, 400, 460}
	if len(got) != len(want) {
		t.Fatalf("breaks %v, want %v", got, want)
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-9 {
			t.Errorf("breaks %v, want %v", got, want)
		}
	}
}

func TestBadSources(t *testing.T) {
	nan := math.NaN()
	for _, src := range []Source{Steady{-1}, Steady{nan}, Steady{math.Inf(1)}, Surge{1, 0}, Surge{nan, 1},
		Batch{-1, 0}, Batch{1, -1}, Pool{Instances: 1, Requests: 1}, Pool{Instances: -1, Requests: 1, Delay: UniformDelay{1}},
		Pool{Instances: 1, Requests: 0, Delay: UniformDelay{1}}, Pool{Instances: MaxCount, Requests: 2, Delay: UniformDelay{1}},
		Spread(1, 0, 0), Hashed{Steady{1}, 2}, Hashed{Batch{1, 0}, 0}, Trace{},
		Pool{Instances: 1, Requests: 1, Delay: LognormalDelay{1, nan}}} {
		if err := src.Validate(); err == nil {
			t.Errorf("%#v was accepted", src)
		}
	}
	for _, c := range []struct{ edges, counts []float64 }{
		{nil, nil}, {[]float64{0, 1}, nil}, {[]float64{0, 1, 1}, []float64{1, 1}}, {[]float64{0, 1}, []float64{nan}},
		{[]float64{-1, 1}, []float64{1}}, {[]float64{0, math.Inf(1)}, []float64{1}}} {
		if _, err := NewTrace(c.edges, c.counts, false); err == nil {
			t.Errorf("NewTrace(%v, %v) was accepted", c.edges, c.counts)
		}
	}
	if _, err := NewArrivals(Stream{Name: "a", Source: Steady{1}}, Stream{Name: "a", Source: Steady{1}}); err == nil {
		t.Error("two streams of one name were accepted")
	}
}

// Delay laws: Between, Beyond and Quantile are one law.
func TestDelaysAreConsistent(t *testing.T) {
	for _, d := range []Delay{ExponentialDelay{40}, UniformDelay{70}, LognormalDelay{50, 0.4}, LognormalDelay{50, 3}} {
		for _, p := range []float64{1e-6, 0.1, 0.5, 0.9, 0.999999} {
			x := d.Quantile(p)
			if got := d.Between(0, x); math.Abs(got-p) > 1e-9 {
				t.Errorf("%#v: P(delay <= Quantile(%g)) = %.12g", d, p, got)
			}
			if got := d.Beyond(x) + d.Between(0, x); math.Abs(got-1) > 1e-12 {
				t.Errorf("%#v: the two sides of %g add up to %.15g", d, x, got)
			}
			if got, want := d.Between(x, 1.3*x), d.Between(0, 1.3*x)-d.Between(0, x); math.Abs(got-want) > 1e-12 {
				t.Errorf("%#v: Between is not additive at %g: %g, %g", d, x, got, want)
			}
		}
		mean := quad.Fixed(d.Quantile, 0, 1, 4000, quad.Legendre{}, 0)
		if math.Abs(mean-d.Mean()) > 2e-3*d.Mean() {
			t.Errorf("%#v: the quantiles average to %g, Mean is %g", d, mean, d.Mean())
		}
	}
}

// A trace of one rate is that of steady arrivals, however it is cut up, and one whose
// neighbours are alike is that of the intervals they make.
func TestTraceOfOneRate(t *testing.T) {
	edges, counts := []float64{0}, []float64(nil)
	for i := range 40 {
		edges, counts = append(edges, .167*float64(i+1)), append(counts, .5*.167)
	}
	even, err := NewTrace(edges, counts, true)
	if err != nil {
		t.Fatal(err)
	}
	if b := even.Breaks(0, 1e4); len(b) > 0 || even.Excess(3, 700) != 0 {
		t.Errorf("breaks %v, excess %g", b, even.Excess(3, 700))
	}
	near(t, "rate", even.Rate(100), .5, 1e-12)
	near(t, "flow", even.Flow(1, 1234.5), .5*1233.5, 1e-12)
	for _, c := range []Source{even, Steady{.5}} {
		d, err := SolveDrain(laneOf(t, Config{Backlog: 10, Servers: 1, Service: Exponential{1}, Arrivals: arrivalsOf(t, c)}), SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean", d.Mean(), 18, 1e-9)
	}
	two, err := NewTrace([]float64{1, 2, 3, 5, 6}, []float64{2, 2, 4, 1}, false)
	if err != nil || !slices.Equal(two.Edges(), []float64{1, 5, 6}) {
		t.Errorf("%v: %v", two.Edges(), err)
	}
	near(t, "flow", two.Flow(0, 5.5), 8.5, 1e-15)
	recorded, err := NewRecordedCounts([]float64{0, 1, 2, 3}, []int{2, 2, 5}) // whose counts are known each
	if err != nil {
		t.Fatal(err)
	}
	part := recorded.Split(2, 0).(Recorded)
	if c := part.Count(0, 2); recorded.Count(0, 2).Fixed != 4 || c.Fixed != 2 || part.Validate() != nil {
		t.Errorf("%v of %v: %v", c, recorded.Count(0, 2), part.Validate())
	}
}

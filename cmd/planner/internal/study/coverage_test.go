package study

import (
	"context"
	"fmt"
	"math"
	"sort"
	"testing"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// every is the product of what first-come-first-served lanes may be made of:
// each combination of the values of all factors once.
func every(t *testing.T, visit func(name string, l *queueing.Lane)) {
	measured, err := queueing.NewEmpirical([]float64{.02, .05, .06, .06, .08, .09, .11, .13, .17, .25})
	if err != nil {
		t.Fatal(err)
	}
	trace, err := queueing.NewTrace([]float64{0, 3, 6, 12}, []float64{9, 40, 20}, false)
	if err != nil {
		t.Fatal(err)
	}
	laws := []queueing.Service{queueing.Exponential{MeanTime: .1}, queueing.Gamma{MeanTime: .1, Shape: 3}, queueing.Deterministic{Time: .1},
		queueing.BalancedHyperexponential(.1, 4), queueing.Lognormal{MeanTime: .1, Variability: 2}, measured}
	pool := func(d queueing.Delay) queueing.Source {
		return queueing.Pool{Instances: 30, Requests: 1, Start: 1, Delay: d}
	}
	streams := map[string][]queueing.Source{
		"steady":    {queueing.Steady{PerSecond: 6}},
		"surge":     {queueing.Steady{PerSecond: 3}, queueing.Surge{Initial: 12, Decay: 4}},
		"batch":     {queueing.Steady{PerSecond: 4}, queueing.Batch{Size: 30, At: 4}},
		"spread":    {queueing.Steady{PerSecond: 4}, queueing.Spread(40, 2, 3)},
		"pool":      {queueing.Steady{PerSecond: 4}, pool(queueing.ExponentialDelay{MeanDelay: 3})},
		"uniform":   {queueing.Steady{PerSecond: 4}, pool(queueing.UniformDelay{Window: 4})},
		"lognormal": {queueing.Steady{PerSecond: 4}, pool(queueing.LognormalDelay{MeanDelay: 3, CV: 1})},
		"together":  {queueing.Steady{PerSecond: 4}, queueing.Pool{Instances: 10, Requests: 3, Together: true, Start: 1, Delay: queueing.ExponentialDelay{MeanDelay: 3}}},
		"trace":     {queueing.Steady{PerSecond: 2}, trace},
	}
	var kinds []string
	for k := range streams {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	targets := []queueing.Target{{}, {Idle: true}, {Waiting: 4}}
	for _, law := range laws {
		for _, servers := range []int{1, 8} {
			for _, kind := range kinds {
				for _, target := range targets {
					for _, backlog := range []int{0, 40} {
						for _, change := range []string{"", "down", "joins"} {
							c := queueing.Config{Backlog: backlog, Servers: servers, Service: law.Scaled(float64(servers)), Target: target}
							switch change {
							case "down":
								c.DownFor = 2
							case "joins":
								c.ScaleOut = []queueing.Join{{After: 5, Servers: servers}}
							}
							var all []queueing.Stream
							for i, s := range streams[kind] {
								all = append(all, queueing.Stream{Name: fmt.Sprint(i), Source: s})
							}
							if c.Arrivals, err = queueing.NewArrivals(all...); err != nil {
								t.Fatal(err)
							}
							l, err := queueing.NewLane(c)
							if err != nil {
								t.Fatal(err)
							}
							visit(fmt.Sprintf("%T by %d, %s, %+v, backlog %d %s", law, servers, kind, target, backlog, change), l)
						}
					}
				}
			}
		}
	}
}

// Theory answers every lane that serves in order of arrival, and is no further
// from simulation than it says. By the inequality of Dvoretzky, Kiefer and
// Wolfowitz (P. Massart, Ann. Probab. 18 (1990)) a sample of n is further from
// its law than sqrt(ln(2/a)/(2n)) with probability a or less.
func TestTheoryCoversEveryPlainLane(t *testing.T) {
	const alarm = 1e-9
	n, stride := 6000, 67
	if testing.Short() {
		n, stride = 1500, 397
	}
	noise := math.Sqrt(math.Log(2/alarm) / float64(2*n))
	i := 0
	every(t, func(name string, l *queueing.Lane) {
		if i++; i%stride != 5 {
			return
		}
		law, _, err := drainByTheory([]*queueing.Lane{l}, queueing.SolveOptions{Tolerance: 1e-5})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		s, err := montecarlo.Drains(context.Background(), []*queueing.Lane{l}, montecarlo.Options{Seed: uint64(i), Replications: n})
		if err != nil {
			t.Fatal(err)
		}
		if worst := furthest(s.Times(), law); worst > noise+law.AbsError {
			t.Errorf("%s: %s, %s, is %.3g from simulation and states %.2g", name, law.Method, law.Quality, worst, law.AbsError)
		}
		if law.Quality == queueing.Exact && law.AbsError > 1e-5 {
			t.Errorf("%s: called exact with an error of %.2g", name, law.AbsError)
		}
	})
}

// furthest is the largest distance of the sample's distribution function from
// the law's, just after each fiftieth drain time.
func furthest(times []float64, law queueing.Drain) float64 {
	times = append([]float64(nil), times...)
	sort.Float64s(times)
	worst := 0.0
	for k := 0; k < len(times); k += 50 {
		x := times[k] + 1e-9
		share := float64(sort.Search(len(times), func(i int) bool { return times[i] > x })) / float64(len(times))
		worst = math.Max(worst, math.Abs(share-law.CDF(x)))
	}
	return worst
}

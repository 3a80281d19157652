package montecarlo

import (
	"context"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/queueing"
)

// falseAlarm is the chance that one comparison of a simulated number with its
// exact value fails though nothing is wrong. With a few hundred comparisons
// the whole package fails by chance less than once in a million runs.
const falseAlarm = 1e-9

var sigmas = distuv.UnitNormal.Quantile(1 - falseAlarm/2)

// laneOf builds a lane from a description and its streams.
func laneOf(t testing.TB, c queueing.Config, sources ...queueing.Source) *queueing.Lane {
	t.Helper()
	var streams []queueing.Stream
	for i, s := range sources {
		streams = append(streams, queueing.Stream{Name: string(rune('a' + i)), Source: s, Priority: 5, Retries: true})
	}
	return laneWith(t, c, streams...)
}

func laneWith(t testing.TB, c queueing.Config, streams ...queueing.Stream) *queueing.Lane {
	t.Helper()
	a, err := queueing.NewArrivals(streams...)
	if err != nil {
		t.Fatal(err)
	}
	c.Arrivals = a
	l, err := queueing.NewLane(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// surge is the case with published values: 1000 waiting, 4/s and 8/s that
// decay over 300 s, 10/s out.
func surge(t testing.TB, service queueing.Service, servers int, target queueing.Target) *queueing.Lane {
	return laneOf(t, queueing.Config{Backlog: 1000, Service: service, Servers: servers, Target: target},
		queueing.Steady{PerSecond: 4}, queueing.Surge{Initial: 8, Decay: 300})
}

// reduced is n, or a fifteenth of it in the short runs under the race detector,
// where that is a hundred or more.
// Comparisons adapt their bounds to the number.
func reduced(n int) int {
	if testing.Short() {
		return min(n, max(100, n/15))
	}
	return n
}

var idle = queueing.Target{Idle: true}

// sampler of drain times under test.
type drawer func(t *testing.T, l *queueing.Lane, n int) Outcomes

func byLeaps(t *testing.T, l *queueing.Lane, n int) Outcomes {
	t.Helper()
	if ok, why := leapable(l); !ok {
		t.Fatalf("no leaps: %s", why)
	}
	return drainTimes(t, n, l)
}

func byRecursion(t *testing.T, l *queueing.Lane, n int) Outcomes {
	t.Helper()
	times := make(Outcomes, reduced(n))
	p, err := newPlan([]*queueing.Lane{l}, 7)
	if err != nil {
		t.Fatal(err)
	}
	e := newFCFS(context.Background(), p.lanes[0], defaultHorizon, false, nil)
	for r := range times {
		p.start(r)
		e.run(r)
		times[r] = e.rec.drain
	}
	return sortedTimes(times)
}

func drainTimes(t *testing.T, n int, lanes ...*queueing.Lane) Outcomes {
	t.Helper()
	return sampleOf(t, n, lanes...).Times()
}

func sampleOf(t *testing.T, n int, lanes ...*queueing.Lane) *Sample {
	t.Helper()
	s, err := Drains(context.Background(), lanes, Options{Seed: 3, Replications: reduced(n)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkMean compares with the exact mean and standard deviation.
func checkMean(t *testing.T, v Outcomes, mean, sd float64) {
	t.Helper()
	m, s := v.moments()
	n := float64(len(v))
	if d := (m - mean) / (sd / math.Sqrt(n)); math.Abs(d) > sigmas {
		t.Errorf("mean %.6g, want %.9g: %.1f standard errors off", m, mean, d)
	}
	// The kurtosis of these laws is near 3; 4 is allowed for.
	if d := (s - sd) / (sd * math.Sqrt(3.0/(4*n))); math.Abs(d) > sigmas {
		t.Errorf("sd %.6g, want %.9g: %.1f standard errors off", s, sd, d)
	}
}

// checkCDF compares the share of values at or below x with p.
func checkCDF(t *testing.T, v Outcomes, x, p float64) {
	t.Helper()
	k := 0
	for _, y := range v {
		if y <= x {
			k++
		}
	}
	n := float64(len(v))
	if d := (float64(k) - n*p) / math.Sqrt(n*p*(1-p)); math.Abs(d) > sigmas {
		t.Errorf("P(T <= %g) is %.6g, want %.6g: %.1f standard errors off", x, float64(k)/n, p, d)
	}
}

// checkSame compares two samples of one law by Kolmogorov and Smirnov; the
// exact tail is below 2 exp(-2 x^2).
func checkSame(t *testing.T, a, b Outcomes) {
	t.Helper()
	i, j, worst := 0, 0, 0.0
	for i < len(a) && j < len(b) {
		x := math.Min(a[i], b[j])
		for i < len(a) && a[i] == x {
			i++
		}
		for j < len(b) && b[j] == x {
			j++
		}
		worst = math.Max(worst, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	m := float64(len(a)) * float64(len(b)) / float64(len(a)+len(b))
	if x := worst * math.Sqrt(m); 2*math.Exp(-2*x*x) < falseAlarm {
		t.Errorf("the samples differ: Kolmogorov-Smirnov %.2f, means %.6g and %.6g", x, a.Mean().Value, b.Mean().Value)
	}
}

func sortedTimes(v Outcomes) Outcomes {
	slices.Sort(v)
	return v
}

package fit_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/cmd/planner/internal/fit"
	"singlelane/cmd/planner/internal/fit/trace"
	"singlelane/montecarlo"
	"singlelane/queueing"
)

// truth is a small random scenario.
type truth struct {
	servers                int
	base, amplitude, decay float64 // no surge: amplitude 0
	law                    fit.Law
	mean, scv              float64
	horizon                float64
}

// randomTruth has 400 to 1500 requests at a load of 0.4 to 0.85, in half of
// the cases with a surge of 250 to 600 more.
func randomTruth(g *rand.Rand) truth {
	laws := []fit.Law{fit.Exponential, fit.Erlang, fit.Gamma, fit.Lognormal, fit.Hyperexponential}
	w := truth{servers: 1 + g.IntN(5), law: laws[g.IntN(len(laws))], mean: math.Exp(3*g.Float64() - 1)}
	switch w.law {
	case fit.Exponential:
		w.scv = 1
	case fit.Erlang:
		w.scv = 1 / float64(2+g.IntN(4))
	case fit.Gamma:
		w.scv = 0.3 + 0.4*g.Float64()
	case fit.Lognormal:
		w.scv = 0.3 + 1.5*g.Float64()
	case fit.Hyperexponential:
		w.scv = 3 + 5*g.Float64()
	}
	w.base = float64(w.servers) / w.mean * (0.4 + 0.45*g.Float64())
	w.horizon = (400 + 1100*g.Float64()) / w.base
	if g.IntN(2) == 0 {
		w.decay = w.horizon * (0.05 + 0.1*g.Float64())
		w.amplitude = (250 + 350*g.Float64()) / w.decay
	}
	return w
}

func (w truth) service() queueing.Service {
	switch w.law {
	case fit.Erlang, fit.Gamma:
		return queueing.Gamma{MeanTime: w.mean, Shape: 1 / w.scv}
	case fit.Lognormal:
		return queueing.Lognormal{MeanTime: w.mean, Variability: w.scv}
	case fit.Hyperexponential:
		return queueing.BalancedHyperexponential(w.mean, w.scv)
	}
	return queueing.Exponential{MeanTime: w.mean}
}

// log is what the simulator's lane would have written down.
func (w truth) log(t *testing.T, seed uint64) string {
	t.Helper()
	streams := []queueing.Stream{{Name: "base", Source: queueing.Steady{PerSecond: w.base}}}
	if w.amplitude > 0 {
		streams = append(streams, queueing.Stream{Name: "surge", Source: queueing.Surge{Initial: w.amplitude, Decay: w.decay}})
	}
	a, err := queueing.NewArrivals(streams...)
	if err != nil {
		t.Fatal(err)
	}
	l, err := queueing.NewLane(queueing.Config{Name: "lane", Arrivals: a, Service: w.service(), Servers: w.servers})
	if err != nil {
		t.Fatal(err)
	}
	log, err := montecarlo.Log(context.Background(), l, montecarlo.Options{Seed: seed, Horizon: w.horizon})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("arrival,start,end\n")
	for _, r := range log {
		fmt.Fprintf(&b, "%.6f,%.6f,%.6f\n", r.Arrival, r.Start, r.End)
	}
	return b.String()
}

// tally counts how often a range held the truth.
type tally struct{ held, n int }

func (c *tally) add(r fit.Range, truth float64) {
	if c.n++; r.Lo <= truth && truth <= r.Hi {
		c.held++
	}
}

// roundTrip fits the logs of n random scenarios. If a range of 90 % holds the
// truth with probability 0.9, the number that do is binomial; for each of the
// numbers it must lie between its quantiles of falseAlarm/2 and 1-falseAlarm/2.
func roundTrip(t *testing.T, n int, seed uint64) {
	const falseAlarm = 1e-6 / 6
	g := rand.New(rand.NewPCG(seed, 1))
	counts := map[string]*tally{}
	add := func(name string, r fit.Range, truth float64) {
		if counts[name] == nil {
			counts[name] = &tally{}
		}
		counts[name].add(r, truth)
	}
	servers, plateaus, found, surges := 0, 0, 0, 0
	for i := range n {
		w := randomTruth(g)
		tr, err := trace.Read("log.csv", strings.NewReader(w.log(t, seed+uint64(i))), trace.Options{})
		if err != nil {
			t.Fatal(err)
		}
		f := fit.Requests(tr, fit.Options{Incident: 0, Seed: uint64(i)})
		add("base rate", f.Arrivals.Rate, w.base)
		add("service mean", f.Service.Mean, w.mean)
		if f.Service.Law == w.law && f.Service.SCV.Known() {
			add("SCV", f.Service.SCV, w.scv)
		}
		if f.Servers.Plateau {
			plateaus++
			if f.Servers.Count == w.servers {
				servers++
			}
		}
		if w.amplitude > 0 {
			surges++
			if s := f.Arrivals.Surge; s != nil && s.Law == fit.ExponentialDelay {
				found++
				add("surge amplitude", s.Amplitude, w.amplitude)
				add("surge decay", s.Delay, w.decay)
				add("surge count", s.Count, w.amplitude*w.decay)
			}
		}
	}
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		c := counts[name]
		lo, hi := binomialBounds(c.n, 0.9, falseAlarm)
		t.Logf("%-16s %4d of %4d ranges hold the truth, %.1f %%; allowed %d to %d", name, c.held, c.n, 100*float64(c.held)/float64(c.n), lo, hi)
		if c.held < lo || c.held > hi {
			t.Errorf("%s: %d of %d ranges hold the truth, allowed %d to %d", name, c.held, c.n, lo, hi)
		}
	}
	t.Logf("servers right in %d of %d plateaus of %d logs; %d of %d surges told as exponential", servers, plateaus, n, found, surges)
	if servers < plateaus || plateaus < n/2 {
		t.Errorf("servers are right in %d of %d plateaus of %d logs", servers, plateaus, n)
	}
	if found < surges*6/10 {
		t.Errorf("%d of %d surges were told", found, surges)
	}
}

// binomialBounds leave half of the false alarms on either side.
func binomialBounds(n int, p, falseAlarm float64) (lo, hi int) {
	b := distuv.Binomial{N: float64(n), P: p}
	for lo = 0; b.CDF(float64(lo)) < falseAlarm/2; lo++ {
	}
	for hi = n; hi > 0 && 1-b.CDF(float64(hi-1)) < falseAlarm/2; hi-- {
	}
	return lo, hi
}

// TestRoundTrip is the small one.
func TestRoundTrip(t *testing.T) {
	n := 60
	if testing.Short() {
		n = 20
	}
	roundTrip(t, n, 1)
}

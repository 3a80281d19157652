package queueing

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// anyLane draws a lane from all over the valid domain.
func anyLane(t *rapid.T) *Lane {
	mean := math.Exp(rapid.Float64Range(-6, 3).Draw(t, "ln mean"))
	servers := rapid.SampledFrom([]int{1, 1, 2, 8, 300}).Draw(t, "servers")
	capacity := float64(servers) / mean
	c := Config{
		Servers: servers,
		Backlog: int(math.Exp(rapid.Float64Range(0, 7).Draw(t, "ln backlog"))) - 1,
		Target:  rapid.SampledFrom([]Target{{}, {Idle: true}, {Waiting: 7}, {FirstPassage: true}, {Idle: true, FirstPassage: true}}).Draw(t, "target"),
	}
	sources := []Source{Steady{capacity * rapid.Float64Range(0, 0.97).Draw(t, "load")}}
	span := mean * math.Exp(rapid.Float64Range(0, 7).Draw(t, "ln span"))
	switch rapid.IntRange(0, 5).Draw(t, "stream") {
	case 1:
		sources = append(sources, Surge{capacity * rapid.Float64Range(0, 3).Draw(t, "surge"), span})
	case 2:
		sources = append(sources, Batch{rapid.IntRange(0, 400).Draw(t, "batch"), span})
	case 3:
		sources = append(sources, Spread(rapid.IntRange(0, 200).Draw(t, "spread"), span/2, span))
	case 4:
		sources = append(sources, Pool{Instances: rapid.IntRange(0, 300).Draw(t, "pool"), Requests: 1, Start: span / 4, Delay: LognormalDelay{span, 0.7}})
	}
	service := []Service{Exponential{mean}, Exponential{mean}, Gamma{mean, rapid.Float64Range(0.3, 9).Draw(t, "shape")}, Deterministic{mean}}
	c.Service = rapid.SampledFrom(service).Draw(t, "service")
	if rapid.Bool().Draw(t, "down") {
		c.DownFor = span / 3
	}
	if rapid.IntRange(0, 3).Draw(t, "join") == 0 {
		c.ScaleOut = []Join{{span, servers}}
	}
	var streams []Stream
	for i, s := range sources {
		streams = append(streams, Stream{Name: string(rune('a' + i)), Source: s})
	}
	a, err := NewArrivals(streams...)
	if err != nil {
		t.Fatal(err)
	}
	c.Arrivals = a
	l, err := NewLane(c)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Over the whole valid domain the law is one: never NaN, never a CDF that
// falls or leaves [0,1], quantiles that invert it, and an error that is
// reported when the tolerance is not met.
func TestDrainIsALawEverywhere(t *testing.T) {
	lanes := rapid.Custom(anyLane)
	for seed := range 48 {
		l := lanes.Example(seed)
		d, err := p0(l)
		var refused *UnsupportedError
		if errors.As(err, &refused) || errors.Is(err, ErrNever) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("lane %d", seed), func(t *testing.T) { checkDrainLaw(t, d) })
	}
}

// p0 leaves out methods that only approximate.
func p0(l *Lane) (Drain, error) {
	return SolveDrain(l, SolveOptions{Method: DrainDensity, Tolerance: 1e-7})
}

type fatalfer interface {
	Fatalf(format string, args ...any)
}

func checkDrainLaw(t fatalfer, d Drain) {
	if !(d.AbsError <= 1) || d.Quality == Exact && d.AbsError > 1e-3 {
		t.Fatalf("error %g of %s", d.AbsError, d.Reason)
	}
	slack := 10*math.Min(d.AbsError, 1e-3) + 1e-7
	mean, sd := d.Mean(), d.StdDev()
	if math.IsNaN(mean) || math.IsNaN(sd) || mean < 0 || sd < 0 {
		t.Fatalf("mean %g, sd %g", mean, sd)
	}
	before, last := 0.0, 0.0
	for _, p := range []float64{1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999} {
		q := d.Quantile(p)
		if !(q >= last) {
			t.Fatalf("quantile %g of %g is below the last, %g", q, p, last)
		}
		f, e := d.CDF(q), d.Exceed(q)
		if !(f >= before-1e-12 && f <= 1 && e >= 0 && math.Abs(f+e-1) < slack) {
			t.Fatalf("at %g: CDF %g after %g, tail %g", q, f, before, e)
		}
		if f < p-slack || d.CDF(q*(1-1e-9)-1e-12) > p+slack {
			t.Fatalf("quantile %g of %g has CDF %g, just before %g", q, p, f, d.CDF(q*(1-1e-9)-1e-12))
		}
		if over := d.MeanOver(q); !(over >= 0 && over <= mean+1e-9*mean+1e-9) {
			t.Fatalf("E(T-%g)^+ = %g with mean %g", q, over, mean)
		}
		before, last = f, q
	}
}

package queueing

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

// fuzzLane makes a lane of the valid domain from any bytes; ok is false where
// they make none.
func fuzzLane(backlog uint32, servers, law, kind, target uint8, lnMean, load, size, span, shape float64) (l *Lane, ok bool) {
	for _, x := range []float64{lnMean, load, size, span, shape} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil, false
		}
	}
	fold := func(x, lo, hi float64) float64 { // into [lo,hi]
		y := math.Mod(math.Abs(x), 2*(hi-lo))
		return lo + math.Min(y, 2*(hi-lo)-y)
	}
	mean := math.Exp(fold(lnMean, -8, 8))
	c := Config{
		Backlog: int(backlog % 1_000_000_001),
		Servers: [...]int{1, 1, 1, 2, 3, 8, 300, 100_000}[servers%8],
		Target:  [...]Target{{}, {Idle: true}, {Waiting: 7}, {Waiting: 100_000}, {FirstPassage: true}, {Idle: true, FirstPassage: true}}[target%6],
	}
	k := math.Exp(fold(shape, -2, 9))
	switch law % 6 {
	case 0, 1:
		c.Service = Exponential{mean}
	case 2:
		c.Service = Gamma{mean, k}
	case 3:
		c.Service = Gamma{mean, math.Ceil(k)}
	case 4:
		c.Service = Deterministic{mean}
	case 5:
		c.Service = BalancedHyperexponential(mean, math.Max(1, k/50))
	}
	capacity := float64(c.Servers) / mean
	step := mean * math.Exp(fold(span, 0, 14)) / float64(c.Servers)
	base := []Source{Steady{capacity * fold(load, 0, 0.9999)}}
	many := int(fold(size, 0, 1e6))
	switch kind % 12 {
	case 1:
		base = append(base, Surge{capacity * fold(size, 0, 50), step})
	case 2:
		base = append(base, Batch{many, step})
	case 3:
		base = append(base, Surge{capacity * fold(size, 0, 3), step}, Batch{many % 1000, step / 2})
	case 4:
		c.DownFor = step
	case 5:
		c.ScaleOut = []Join{{step, c.Servers}}
	case 6:
		base = append(base, Surge{capacity * fold(size, 0, 3), step})
		c.DownFor, c.ScaleOut = step/10, []Join{{step / 2, 1}}
	case 7:
		base = append(base, Spread(many%500, step/2, step))
	case 8: // shorter than a service
		base = append(base, Surge{float64(many%1000) / (step / 1e4), step / 1e4}, Batch{many % 100, step})
	case 9:
		base = append(base, Pool{Instances: many % 500, Requests: 1, Start: step / 2, Held: true, Delay: ExponentialDelay{step}})
	case 10:
		base = append(base, Pool{Instances: many % 200, Requests: 1 + many%4, Together: true, Start: step / 5, Delay: LognormalDelay{step, math.Exp(fold(shape, -5, 1))}})
	case 11:
		low := capacity * fold(size, 0, .5)
		tr, err := NewTrace([]float64{0, step / 8, step / 4}, []float64{low * step / 8, capacity * fold(size, 0, .9) * step / 8}, true)
		if err != nil {
			return nil, false
		}
		base[0] = Steady{capacity * fold(load, 0, .25)}
		base = append(base, tr)
	}
	var streams []Stream
	for i, s := range base {
		streams = append(streams, Stream{Name: string(rune('a' + i)), Source: s})
	}
	var err error
	if c.Arrivals, err = NewArrivals(streams...); err != nil {
		return nil, false
	}
	l, err = NewLane(c)
	return l, err == nil
}

// Whatever the lane: an answer, or an error that says why not, in the time
// that the context gives; never NaN, a CDF that falls or leaves [0,1], a
// quantile that does not invert it, or an error beyond what was asked that the
// reason does not own up to.
func FuzzSolveDrain(f *testing.F) {
	for seed := range uint8(24) {
		x := float64(seed)
		f.Add([]uint32{1, 3, 40, 1000, 1e6, 1e9}[seed%6], seed%8, seed/3, seed, seed/2+128*(seed%2), 2.3+x/3, 0.4+x/37, 1+3*x, 2+x/2, x/4)
	}
	f.Add(uint32(999_999_928), uint8(1), uint8(34), uint8(11), uint8(3), 5.967, 0.0872, 272.0, 7.5, 2.75) // its law begins 1e9 services on
	f.Fuzz(func(t *testing.T, backlog uint32, servers, law, kind, target uint8, lnMean, load, size, span, shape float64) {
		l, ok := fuzzLane(backlog, servers, law, kind, target, lnMean, load, size, span, shape)
		if !ok {
			return
		}
		const patience = time.Second
		ctx, stop := context.WithTimeout(context.Background(), patience)
		defer stop()
		begin := time.Now()
		d, err := SolveDrain(l, SolveOptions{Method: [...]Method{DrainDensity, Auto}[target/128], Context: ctx})
		if took := time.Since(begin); took > 10*patience {
			t.Fatalf("stopped after %v instead of %v", took, patience)
		}
		var refused *UnsupportedError
		switch {
		case errors.As(err, &refused), errors.Is(err, ErrNever), errors.Is(err, ErrEndless), errors.Is(err, context.DeadlineExceeded):
			return
		case err != nil:
			t.Fatal(err)
		}
		checkDrainLaw(t, d)
		if d.Quality == Exact && d.AbsError > defaultTolerance && !strings.Contains(d.Reason, "was reached") {
			t.Fatalf("error %g, silently: %s", d.AbsError, d.Reason)
		}
	})
}

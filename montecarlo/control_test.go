package montecarlo

import (
	"context"
	"math"
	"testing"

	"singlelane/queueing"
)

// The control takes out more than nine tenths of the surge's variance, and
// all of it at constant rates, and leaves the mean where it is.
func TestControlVariate(t *testing.T) {
	constant := laneOf(t, queueing.Config{Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1, Target: idle}, queueing.Steady{PerSecond: 4})
	for _, c := range []struct {
		lane       *queueing.Lane
		mean, gain float64
	}{
		{surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle), 487.779884390, 10},
		{surge(t, queueing.Gamma{MeanTime: 0.1, Shape: 4}, 1, idle), 487.890765326, 10},
		{surge(t, queueing.Exponential{MeanTime: 0.8}, 8, queueing.Target{}), 485.968609535, 10},
		{constant, 1000 / 6.0, 1e12},
	} {
		v := sampleOf(t, 20_000, c.lane)
		got, ok := ControlledMean(context.Background(), c.lane, v)
		if !ok {
			t.Fatal("no control")
		}
		if got.Gain < c.gain {
			t.Errorf("gain %g, want %g at least", got.Gain, c.gain)
		}
		se := (got.Hi - got.Lo) / 2 / normal95
		// The slope is estimated: a bias of order 1/n is allowed for.
		if d := math.Abs(got.Value - c.mean); d > sigmas*se+5*v.Mean().Value/20_000/100+1e-9 {
			t.Errorf("mean %.9g, want %.9g, standard error %g", got.Value, c.mean, se)
		}
	}
}

// A lane that may rest before overload ends has no such control.
func TestNoControlWhereTheLaneRests(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 1, Service: queueing.Exponential{MeanTime: 1}, Servers: 1, Target: idle},
		queueing.Steady{PerSecond: 0.3}, queueing.Surge{Initial: 1.5, Decay: 20})
	if c, ok := ControlledMean(context.Background(), l, sampleOf(t, 1000, l)); ok {
		t.Errorf("control %+v for a lane that rests", c)
	}
}

// enough is a context that has ended when it is asked for the n-th time.
type enough struct {
	context.Context
	n int
}

func (c *enough) Err() error {
	if c.n--; c.n > 0 {
		return nil
	}
	return context.Canceled
}

// Millions of drain times are gone through only as long as the answer is wanted.
func TestControlEndsWithItsContext(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	times := make(Outcomes, 4*pileBlock)
	for i := range times {
		times[i] = 480 + float64(i%100)/7
	}
	s := &Sample{times: newPile(times)}
	s.times.cut(len(times))
	if _, ok := ControlledMean(context.Background(), l, s); !ok {
		t.Fatal("no control")
	}
	ctx := &enough{context.Background(), 2}
	if c, ok := ControlledMean(ctx, l, s); ok || ctx.n != 0 {
		t.Errorf("control %+v, %v, after the context had ended; asked for it %d times more", c, ok, -ctx.n)
	}
}

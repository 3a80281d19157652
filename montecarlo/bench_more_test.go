package montecarlo

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"singlelane/queueing"
)

// A million waiting instead of a thousand, at a thousand times the rates: the
// same number of leaps.
func BenchmarkLeapsSurgeMillion(b *testing.B) {
	l := laneOf(b, queueing.Config{Backlog: 1e6, Service: queueing.Exponential{MeanTime: 1e-4}, Servers: 1, Target: idle},
		queueing.Steady{PerSecond: 4e3}, queueing.Surge{Initial: 8e3, Decay: 300})
	p, err := newPlan([]*queueing.Lane{l}, 1)
	if err != nil {
		b.Fatal(err)
	}
	e := newLeaper(p.lanes[0], defaultHorizon, nil)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.start(i)
		e.run(i)
	}
}

// BenchmarkTwoCores reports how many times as fast two workers are as one, and
// beside it how many times as fast two goroutines go through a plain loop of
// draws, which share nothing: what the machine has to give, which is less than
// two where others work on it or its cores share a clock. They take turns, so
// that all see the same machine, and the medians are told.
func BenchmarkTwoCores(b *testing.B) {
	if runtime.GOMAXPROCS(0) < 2 {
		b.Fatal("this needs two cores")
	}
	retries := &queueing.Retries{Timeout: 5, MaxAttempts: 3, Backoff: 2, Jitter: queueing.FullJitter}
	storms := storming(b, 20, 2000, fast, 1, *retries, queueing.Mechanisms{Discipline: queueing.UrgentFirst})
	for name, l := range map[string]*queueing.Lane{
		"leaps":       surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle),
		"events":      storms, // some 12 ms on one core, in which beginning and ending count
		"more-events": storms,
	} {
		n := map[string]int{"leaps": 40_000, "events": 40, "more-events": 400}[name]
		work := func(workers int) {
			if _, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Replications: n, Workers: workers}); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(name, func(b *testing.B) {
			var ours, plain, share Outcomes
			for b.Loop() {
				x, y := speedUp(work), speedUp(plainDraws)
				ours, plain, share = append(ours, x), append(plain, y), append(share, x/y)
			}
			for unit, v := range map[string]Outcomes{"times-one-core": ours, "times-plain-loop": plain, "of-plain-loop": share} {
				slices.Sort(v)
				b.ReportMetric(v.Quantile(0.5).Value, unit)
			}
		})
	}
}

// speedUp is the time that one worker takes over that of two.
func speedUp(work func(workers int)) float64 {
	var took [3]time.Duration
	for workers := 1; workers <= 2; workers++ {
		start := time.Now()
		work(workers)
		took[workers] = time.Since(start)
	}
	return took[1].Seconds() / took[2].Seconds()
}

// plainDraws adds up four million exponential draws, shared out evenly.
func plainDraws(workers int) {
	var group sync.WaitGroup
	for w := range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			g, sum := rand.New(rand.NewPCG(1, uint64(w))), 0.0
			for range 4_000_000 / workers {
				sum += g.ExpFloat64()
			}
			runtime.KeepAlive(sum)
		}()
	}
	group.Wait()
}

// What an interrupt takes after millions of drain times: from the signal to the
// answer, with its sorting and all its intervals.
func BenchmarkInterrupt(b *testing.B) {
	lanes := []*queueing.Lane{surge(b, queueing.Exponential{MeanTime: 0.1}, 1, idle)}
	for _, c := range [][2]int{{1, 1e6}, {2, 1e6}, {2, 1e7}} {
		workers, finished := c[0], c[1]
		b.Run(fmt.Sprintf("%d workers, %.0e values", workers, float64(finished)), func(b *testing.B) {
			least := time.Duration(math.MaxInt64)
			for b.Loop() {
				ctx, cancel := context.WithCancel(context.Background())
				var signal time.Time
				s, err := Drains(ctx, lanes, Options{Seed: 1, Workers: workers, Replications: 5e7,
					Progress: func(done, _ int) {
						if done >= finished && signal.IsZero() {
							signal = time.Now()
							cancel()
						}
					}})
				if !errors.Is(err, context.Canceled) || s.N() < finished/2 {
					b.Fatalf("%d drain times and %v", s.N(), err)
				}
				for _, p := range []float64{0.05, 0.5, 0.9, 0.99, 0.999} {
					s.Quantile(p)
				}
				s.Mean()
				s.StdDev()
				s.CVaR(0.99)
				s.Exceed(500)
				least = min(least, time.Since(signal))
			}
			b.ReportMetric(float64(least)/1e6, "least-ms")
		})
	}
}

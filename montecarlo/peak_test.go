package montecarlo

import (
	"context"
	"math"
	"testing"

	"singlelane/queueing"
)

// The peaks that leaps draw are those that request by request simulation
// sees; the surge's mean peak is known.
func TestPeaksWithoutEvents(t *testing.T) {
	exp := func(mean float64) queueing.Service { return queueing.Exponential{MeanTime: mean} }
	for name, l := range map[string]*queueing.Lane{
		"surge":              surge(t, exp(0.1), 1, idle),
		"eight servers":      surge(t, exp(0.8), 8, queueing.Target{}),
		"eight servers idle": surge(t, exp(0.8), 8, idle),
		"small": laneOf(t, queueing.Config{Backlog: 3, Service: exp(1), Servers: 2, Target: queueing.Target{Waiting: 2}},
			queueing.Steady{PerSecond: 1.2}, queueing.Surge{Initial: 3, Decay: 10}),
		"pool and batches": laneOf(t, queueing.Config{Backlog: 30, Service: exp(0.5), Servers: 3, DownFor: 5, ScaleOut: []queueing.Join{{After: 12, Servers: 1}}},
			queueing.Steady{PerSecond: 3}, queueing.Batch{Size: 15, At: 8}, queueing.Batch{Size: 20, At: 30},
			queueing.Pool{Instances: 80, Requests: 1, Delay: queueing.ExponentialDelay{MeanDelay: 20}}),
	} {
		t.Run(name, func(t *testing.T) {
			n := reduced(10_000)
			s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Seed: 6, Replications: n, Peaks: true})
			if err != nil {
				t.Fatal(err)
			}
			if s.PeakReason != "" {
				t.Fatal(s.PeakReason)
			}
			p := follow(t, 2000, nil, l)
			checkSame(t, s.Peaks, p.Peak)
			checkSame(t, s.Times(), p.Drain)
			if name == "surge" {
				m, sd := s.Peaks.moments()
				if d := (m - 1108.7171) * math.Sqrt(float64(n)) / sd; math.Abs(d) > sigmas {
					t.Errorf("mean peak %.4f, want 1108.7171: %.1f standard errors off", m, d)
				}
			}
		})
	}
}

func TestNoPeakWithoutPoissonDepartures(t *testing.T) {
	l := surge(t, queueing.Deterministic{Time: 0.1}, 1, idle)
	s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Replications: 10, Peaks: true})
	if err != nil || s.Peaks != nil || s.PeakReason == "" {
		t.Errorf("peaks %v, reason %q, %v", s.Peaks, s.PeakReason, err)
	}
}

// The ballot theorem by brute force over all orders.
func TestBallot(t *testing.T) {
	for up := range 6 {
		for down := range 6 {
			counts, total := map[int]int{}, 0
			for order := range 1 << (up + down) {
				x, most, ones := 0, 0, 0
				for i := range up + down {
					if order>>i&1 == 1 {
						x++
						ones++
					} else {
						x--
					}
					most = max(most, x)
				}
				if ones == up {
					counts[most]++
					total++
				}
			}
			e := &leaper{peaks: &peaks{}}
			e.counts.start(1, up*10+down)
			n := float64(reduced(20_000))
			seen := map[int]int{}
			for range int(n) {
				seen[e.ballot(0, up, down)]++
			}
			for h := range up + 1 {
				p := float64(counts[h]) / float64(total)
				if up == 0 {
					p = 1
				}
				sd := math.Sqrt(n * p * (1 - p))
				if math.Abs(float64(seen[h])-n*p) > sigmas*sd+1e-9 {
					t.Errorf("%d up, %d down: highest point %d in %d of %g, want a share of %g", up, down, h, seen[h], n, p)
				}
			}
		}
	}
}

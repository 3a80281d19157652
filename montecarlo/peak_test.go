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

// highest counts the highest points of all orders of the steps.
func highest(up, down int) (counts map[int]int, total int) {
	counts = map[int]int{}
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
	return counts, total
}

// Walks that come up to a level, and how high those come, by brute force over
// all orders.
func TestWalksThatReachALevel(t *testing.T) {
	for up := range 6 {
		for down := range 6 {
			counts, total := highest(up, down)
			for h := max(0, up-down) + 1; h <= up; h++ {
				e := &leaper{peaks: &peaks{}}
				e.counts.start(2, up*100+down*10+h)
				n, come, seen := reduced(20_000), 0, map[int]int{}
				for range n {
					if e.reaches(h, up, down) {
						come++
					}
					e.peaks.most = 0
					e.walk(h, up, down)
					seen[e.peaks.most]++
				}
				above := 0
				for k, c := range counts {
					if k >= h {
						above += c
					}
				}
				checkShare(t, come, n, float64(above)/float64(total))
				for k := range up + 1 {
					p := float64(counts[k]) / float64(above)
					if k < h {
						p = 0
					}
					checkShare(t, seen[k], n, p)
				}
			}
		}
	}
}

// A walk with arrivals placed among its steps is as high as one that climbs from
// one of them to the next.
func TestWalkPastPlacedArrivals(t *testing.T) {
	const up, down, h = 12, 14, 4
	n := reduced(40_000)
	walked, climbed := Outcomes{}, Outcomes{}
	e := &leaper{peaks: &peaks{marks: []float64{0.2, 0.3, 0.8}}}
	e.counts.start(3, 1)
	for range n {
		e.peaks.most = h + 2
		if e.reaches(h, up, down) {
			e.walk(h, up, down)
		}
		walked = append(walked, float64(e.peaks.most))
		e.peaks.most = h + 2
		e.climb(up, down)
		climbed = append(climbed, float64(e.peaks.most))
	}
	ascend(walked, 1)
	ascend(climbed, 1)
	checkSame(t, walked, climbed)
}

func checkShare(t *testing.T, seen, n int, p float64) {
	t.Helper()
	if sd := math.Sqrt(float64(n) * p * (1 - p)); math.Abs(float64(seen)-float64(n)*p) > sigmas*sd+1e-9 {
		t.Errorf("%d of %d, want a share of %g", seen, n, p)
	}
}

// The ballot theorem by brute force over all orders.
func TestBallot(t *testing.T) {
	for up := range 6 {
		for down := range 6 {
			counts, total := highest(up, down)
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

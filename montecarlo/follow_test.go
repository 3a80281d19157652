package montecarlo

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"singlelane/queueing"
)

func follow(t *testing.T, n int, grid []float64, lanes ...*queueing.Lane) *Paths {
	t.Helper()
	p, err := FollowPaths(context.Background(), lanes, PathOptions{Options{Seed: 5, Replications: reduced(n)}, grid})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The surge's mean peak is known; at a fixed time long before the drain the
// lane is never idle, so the mean backlog is arrivals less departures.
func TestFollowMeetsKnownMeans(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	p := follow(t, 2000, []float64{0, 50, 150}, l)
	checkMean(t, p.Drain, 487.779884390, 21.146133247)
	m, sd := p.Peak.moments()
	if d := (m - 1108.7171) * math.Sqrt(float64(p.N())) / sd; math.Abs(d) > sigmas {
		t.Errorf("mean peak %.4f, want 1108.7171: %.1f standard errors off", m, d)
	}
	for i, at := range p.Backlog.Grid {
		in := l.Arrivals().Flow(0, at)
		v := p.Backlog.At(i)
		if at == 0 {
			if v[0] != 1000 || v.Max() != 1000 {
				t.Errorf("backlog at 0 from %g to %g, want 1000", v[0], v.Max())
			}
			continue
		}
		checkMean(t, v, 1000+in-10*at, math.Sqrt(in+10*at))
		// A request that arrives finds n ahead of it, each of mean 0.1 s.
		checkMean(t, p.Wait.At(i), (1000+in-10*at)/10, math.Sqrt(in+10*at+1000+in-10*at)/10)
	}
}

// M/M/c in equilibrium is met by a long run with hardly any backlog: Erlang
// C gives the share that waits and the mean wait (Kleinrock, section 3.4).
func TestFollowMeetsErlangC(t *testing.T) {
	const servers, rate, mean = 30, 24.0, 1.0 // sifted heap
	const last = 4000.0
	l := laneOf(t, queueing.Config{Service: queueing.Exponential{MeanTime: mean}, Servers: servers},
		queueing.Steady{PerSecond: rate}, queueing.Batch{Size: 1, At: last})
	p := follow(t, 60, nil, l)
	a := rate * mean
	b := 1.0
	for k := 1; k <= servers; k++ {
		b = a * b / (float64(k) + a*b)
	}
	wait := b / (1 - a/servers*(1-b))
	want := wait * mean / (servers - a)
	m, sd := p.Streams[0].MeanWait.moments()
	// The empty start takes some seconds of 4000 and shifts the mean by less
	// than one part in 200.
	if d := math.Abs(m - want); d > sigmas*sd/math.Sqrt(float64(p.N()))+want/200 {
		t.Errorf("mean wait %.5g s, Erlang C says %.5g s", m, want)
	}
}

func TestFollowIsTheSameForAnyWorkers(t *testing.T) {
	lanes := hashedRegion(t, 3)
	grid := []float64{0, 10, 20, 40}
	var first *Paths
	for _, w := range []int{1, 2, 5} {
		p, err := FollowPaths(context.Background(), lanes, PathOptions{Options{Seed: 9, Replications: 200, Workers: w}, grid})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = p
		} else if !reflect.DeepEqual(first, p) {
			t.Errorf("%d workers: another result than with one", w)
		}
	}
}

func TestDrainsAreTheSameForAnyWorkers(t *testing.T) {
	var first *Sample
	for _, w := range []int{1, 2, 7} {
		s, err := Drains(context.Background(), hashedRegion(t, 3), Options{Seed: 9, Replications: 1000, Workers: w})
		if err != nil {
			t.Fatal(err)
		}
		s.workers = 0 // which is how many there were
		if first == nil {
			first = s
		} else if !reflect.DeepEqual(first, s) {
			t.Errorf("%d workers: another result than with one", w)
		}
	}
}

// hashedRegion is n lanes that share a pool and a batch at random.
func hashedRegion(t testing.TB, n int) []*queueing.Lane {
	var lanes []*queueing.Lane
	for range n {
		lanes = append(lanes, laneWith(t, queueing.Config{Service: queueing.Exponential{MeanTime: 0.5}, Servers: 2},
			queueing.Stream{Name: "steady", Source: queueing.Steady{PerSecond: 1}, Priority: 5},
			queueing.Stream{Name: "pool", Source: queueing.Hash(queueing.Pool{Instances: 60, Requests: 2, Delay: queueing.ExponentialDelay{MeanDelay: 20}}, n), Priority: 5},
			queueing.Stream{Name: "batch", Source: queueing.Hash(queueing.Batch{Size: 90}, n), Priority: 0}))
	}
	return lanes
}

// Every request of a hashed stream goes to exactly one lane, by leaps as by
// recursion, and both see the same law of the latest lane.
func TestHashedStreamsAreDealtWhole(t *testing.T) {
	lanes := hashedRegion(t, 3)
	p, err := newPlan(lanes, 1)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for r := range 100 {
		p.start(r)
		for stream, total := range map[int]int{2: 120, 3: 90} {
			sum := 0
			for _, lp := range p.lanes {
				sum += lp.totals[stream]
			}
			if sum != total {
				t.Fatalf("replication %d: lanes got %d of %d requests", r, sum, total)
			}
		}
		seen[p.lanes[0].totals[3]] = true
	}
	if len(seen) < 5 {
		t.Errorf("the first lane got only %d different shares in 100 replications", len(seen))
	}
	checkSame(t, drainTimes(t, 20_000, lanes...), follow(t, 10_000, nil, lanes...).Drain)
}

// An incident that ends after the drain is followed to its last request.
func TestFollowTellsCompletedFromDrained(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 10, Service: queueing.Deterministic{Time: 1}, Servers: 1},
		queueing.Spread(1, 100, 1e-9), queueing.Spread(20, 100, 400))
	p := follow(t, 500, nil, l)
	for i, c := range p.Completed {
		if c <= 100 || c > 540 {
			t.Fatalf("completed[%d] = %g s, want a time after 100 s", i, c)
		}
	}
	if q := p.FirstClear.Max(); q != 9 {
		t.Errorf("first clear at %g s, want 9: ten services of 1 s, the last one begun", q)
	}
	if q := p.Drain.Max(); q < 100 || p.Drain[0] != 100 {
		t.Errorf("drained from %g to %g s, want 100 s, where the spread begins, and later", p.Drain[0], q)
	}
	if p.LastDone[0] < p.Completed[0]+1-1e-9 {
		t.Errorf("last done %g s, completed %g s: want a service of 1 s between", p.LastDone[0], p.Completed[0])
	}
}

// Two servers join at 10 s, when the first is free too: the three that wait
// begin then.
func TestFollowByHand(t *testing.T) {
	l := laneWith(t, queueing.Config{Service: queueing.Deterministic{Time: 4}, Servers: 1, DownFor: 2,
		ScaleOut: []queueing.Join{{After: 10, Servers: 2}}},
		queueing.Stream{Name: "urgent", Source: queueing.Batch{Size: 2}, Priority: 0},
		queueing.Stream{Name: "late", Source: queueing.Batch{Size: 3, At: 5}, Priority: 5})
	// Begins: 2, 6 | 10, 10, 10 (server 1 is free at 10 too). Ends 6, 10, 14.
	p := follow(t, 3, []float64{0, 1, 5, 7, 10, 13, 14}, l)
	for name, got := range map[string][2]float64{
		"drain": {p.Drain[0], 10}, "completed": {p.Completed[0], 10}, "last done": {p.LastDone[0], 14},
		"peak": {p.Peak[0], 5}, "longest": {p.LongestWait[0], 6}, "urgent": {p.UrgentWait[0], 6},
		"waited": {p.Waited[0], 2 + 6 + 3*5}, "urgent done": {p.Streams[0].LastDone[0], 10},
		"late mean": {p.Streams[1].MeanWait[0], 5},
	} {
		if got[0] != got[1] {
			t.Errorf("%s is %g, want %g", name, got[0], got[1])
		}
	}
	for i, want := range []float64{2, 2, 5, 4, 3, 3, 0} {
		if got := p.Backlog.At(i)[0]; got != want {
			t.Errorf("backlog at %g s is %g, want %g", p.Backlog.Grid[i], got, want)
		}
	}
	for i, want := range []float64{10, 9, 9, 7, 4, 1, 0} {
		if got := p.Wait.At(i)[0]; got != want {
			t.Errorf("wait at %g s is %g, want %g", p.Wait.Grid[i], got, want)
		}
	}
}

func TestCancelKeepsWhatIsDone(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	const asked = 50_000 // minutes of work; progress is told after 1000 of them
	o := PathOptions{Options: Options{Replications: asked, Progress: func(int, int) { cancel() }}}
	p, err := FollowPaths(ctx, []*queueing.Lane{l}, o)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v after cancellation", err)
	}
	if p.N() < 900 || p.N() > asked/2 {
		t.Errorf("%d replications kept after cancellation", p.N())
	}
	if e := p.Drain.Mean(); !(e.Lo < 487.8+30 && e.Hi > 487.8-30) || e.N != p.N() {
		t.Errorf("partial mean %+v", e)
	}
}

func TestHorizonAndNever(t *testing.T) {
	l := laneOf(t, queueing.Config{Backlog: 1000, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1}, queueing.Steady{PerSecond: 4})
	s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Replications: 100, Horizon: 10})
	if err != nil || s.NotDrained().Value != 1 || !math.IsInf(s.Mean().Value, 1) {
		t.Errorf("horizon before the drain: %v, %v", s.NotDrained(), err)
	}
	never := laneOf(t, queueing.Config{Backlog: 1, Service: queueing.Exponential{MeanTime: 0.1}, Servers: 1}, queueing.Steady{PerSecond: 10})
	p, err := FollowPaths(context.Background(), []*queueing.Lane{never}, PathOptions{Options: Options{Replications: 3, Horizon: 1000}})
	if err != nil || !math.IsInf(p.Drain[0], 1) {
		t.Errorf("a lane that never drains: %v, %v", p.Drain, err)
	}
}

// What is pooled over all requests is of the replications that are kept after
// a cancellation and of no others: the same as when just these are asked for.
func TestCancelKeepsPoolsOfThePrefix(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	for _, workers := range []int{1, 2, 5} {
		ctx, cancel := context.WithCancel(context.Background())
		got, err := FollowPaths(ctx, []*queueing.Lane{l}, PathOptions{Options: Options{Replications: 10_000, Workers: workers, Progress: func(int, int) { cancel() }}})
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("error %v after cancellation", err)
		}
		want, err := FollowPaths(context.Background(), []*queueing.Lane{l}, PathOptions{Options: Options{Replications: got.N()}})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: %d replications kept, but %d events instead of %d", workers, got.N(), got.Events, want.Events)
		}
	}
}

// Replications may be done in any order: runs meet, and what lies beyond a gap
// is left out.
func TestPoolLeavesOutWhatLiesBeyondAGap(t *testing.T) {
	lp, err := newPlan([]*queueing.Lane{laneOf(t, queueing.Config{Backlog: 3, Service: queueing.Deterministic{Time: 1}, Servers: 1})}, 1)
	if err != nil {
		t.Fatal(err)
	}
	e := newEngine(context.Background(), lp.lanes[0], 100, nil, queueing.Auto)
	p := newPool(2)
	for _, r := range []int{12, 10, 18, 11, 14, 13, 16} {
		lp.start(r)
		e.replicate(r)
		p.add(r, []engine{e}, func(_, k int) int { return k })
	}
	if len(p.runs) != 3 {
		t.Errorf("%d runs, want 10 to 14, 16 and 18", len(p.runs))
	}
	if r := p.prefix(10); r == nil || r.last != 15 || r.waits[0].N() != 15 || r.waits[0].Max() != 2 {
		t.Errorf("run %+v, want replications 10 to 14 with 3 waits each", r)
	}
	if r := p.prefix(10); r != nil {
		t.Errorf("%d replications without any work", r.last-r.first)
	}
}

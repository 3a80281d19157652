package queueing

import (
	"errors"
	"math"
	"strings"
	"testing"

	"singlelane/queueing/markov"
)

func refusing(t testing.TB, rate float64, backlog, servers, room int, target Target) *Lane {
	return laneOf(t, Config{Backlog: backlog, Servers: servers, Service: Exponential{.1 * float64(servers)}, Target: target,
		Arrivals: arrivalsOf(t, Steady{rate}), Mechanisms: Mechanisms{Limited: true, QueueLimit: room - servers}})
}

// The series over lane and orbit against the chain, followed state by state,
// and against mean and deviation by elimination.
func TestOrbitSeries(t *testing.T) {
	for _, c := range []struct {
		rate                          float64
		backlog, servers, room, orbit int
		delay                         float64
		target                        Target
	}{
		{6, 8, 2, 8, 10, 2, idle}, {3, 2, 1, 2, 25, 1, idle}, {5, 12, 3, 12, 4, .5, Target{Waiting: 2}}, {0, 9, 2, 9, 9, 3, Target{}},
	} {
		l := refusing(t, c.rate, c.backlog, c.servers, c.room, c.target)
		r := RetryOrbit{Waiting: c.orbit, MeanDelay: c.delay}
		d, err := SolveOrbit(l, r, SolveOptions{Method: FourierSeries})
		if err != nil {
			t.Fatal(c, err)
		}
		chain, err := SolveOrbit(l, r, SolveOptions{Method: Chain})
		if err != nil {
			t.Fatal(c, err)
		}
		agree(t, chain, d, 1e-8)
		o := markov.Orbit{Arrivals: c.rate, ServiceRate: 10 / float64(c.servers), Servers: c.servers, Limit: c.room, Size: 150, RetryRate: 1 / c.delay, Refused: 1}
		a, err := o.Drain(l.Level(0))
		if err != nil {
			t.Fatal(err)
		}
		mean, sd := a.At(o.Index(c.backlog, c.orbit))
		near(t, "mean by the series", d.Mean(), mean, 1e-8)
		near(t, "sd by the series", d.StdDev(), sd, 1e-6)
		near(t, "mean by the chain", chain.Mean(), mean, 1e-9)
		near(t, "sd by the chain", chain.StdDev(), sd, 1e-8)
	}
}

// A lane of 200 near saturation with 20 in its orbit. As long as the orbit holds
// anyone that soon comes back the lane is all but full, so that all there are
// fall at 1/s: to the level in about 219 s (Wald).
func TestOrbitNearSaturation(t *testing.T) {
	last := 0.0
	for _, n := range []int{120, 200} {
		d, err := SolveOrbit(refusing(t, 9, n, 1, 200, Target{}), RetryOrbit{Waiting: 20, MeanDelay: .3}, SolveOptions{})
		if err != nil {
			t.Fatal(err)
		}
		near(t, "mean near saturation", d.Mean(), float64(n+19), 1e-6)
		near(t, "sd near saturation", d.StdDev(), math.Sqrt(float64(n+19)*19), 1e-5)
		if !(d.Mean() > last) || d.Quality != Exact || d.AbsError > 1e-8 || d.Method != FourierSeries {
			t.Errorf("%+v", d)
		}
		last = d.Mean()
	}
}

// What takes more than its effort says how far it has come.
func TestOrbitEffort(t *testing.T) {
	_, err := SolveOrbit(refusing(t, 9.5, 20, 1, 20, Target{}), RetryOrbit{Waiting: 10, MeanDelay: 1}, SolveOptions{Method: Chain, effort: newEffort(1e5)})
	var refused *UnsupportedError
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if want := "of the mass had not drained, after"; !strings.Contains(refused.Reason, want) {
		t.Errorf("%q does not say that %s", refused.Reason, want)
	}
}

// A chain is closed by its rate once that has settled, to the digits that it
// has left: a lane of two phases of drain, and one of a single phase.
func TestChainRecordCloses(t *testing.T) {
	l := refusing(t, 6, 8, 2, 8, Target{})
	d, err := SolveOrbit(l, RetryOrbit{Waiting: 10, MeanDelay: 2}, SolveOptions{Method: Chain})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := SolveOrbit(l, RetryOrbit{Waiting: 10, MeanDelay: 2}, SolveOptions{Method: Chain, Tolerance: 1e-12})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []float64{.5, .99, .9999, 1 - 1e-6, 1 - 1e-8} {
		x := whole.Quantile(p)
		if off := math.Abs(d.Exceed(x) - whole.Exceed(x)); off > 1e-10 {
			t.Errorf("P(T > %g): %.12g, want %.12g", x, d.Exceed(x), whole.Exceed(x))
		}
	}
}

// BenchmarkOrbit is the lane of 200 with 20 in its orbit, near saturation.
func BenchmarkOrbit(b *testing.B) {
	l := refusing(b, 9.5, 200, 1, 200, Target{})
	for b.Loop() {
		if _, err := SolveOrbit(l, RetryOrbit{Waiting: 20, MeanDelay: 3}, SolveOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}

// Clients who try again at once wait as if in the queue: n requests at 1/s, and
// .9/s to come, are gone after a busy period of n, of mean n/.1 and variance
// n (1 + .9)/.1^3 (Takács). At that many retries the chain takes minutes.
func TestFastRetries(t *testing.T) {
	l := laneOf(t, Config{Backlog: 11, Servers: 1, Service: Exponential{1}, Target: idle,
		Arrivals: arrivalsOf(t, Steady{.9}), Mechanisms: Mechanisms{Limited: true, QueueLimit: 11}})
	d, err := SolveOrbit(l, RetryOrbit{Waiting: 15, MeanDelay: 1e-6}, SolveOptions{})
	if err != nil || d.Method == Chain || d.Quality != Exact {
		t.Fatalf("%s, %s: %v", d.Method, d.Quality, err)
	}
	near(t, "mean", d.Mean(), 260, 1e-6)
	near(t, "sd", d.StdDev(), math.Sqrt(26*1.9/.001), 1e-6)
}

package queueing

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

// The law of a thinned Poisson number gives that of a thinned fixed one, whose tail is an
// incomplete beta function, down to chances of which a circle through the number itself
// has no digit.
func TestSaddleOfThinnedNumbers(t *testing.T) {
	for _, c := range []struct {
		members, kept float64
		allowed       float64 // of itself
	}{{150, 0.05, 2e-4}, {400, 0.1, 2e-5}, {2400, 0.2, 1e-6}, {1e6, 0.3, 1e-8}} {
		sd := math.Sqrt(c.members * c.kept * (1 - c.kept))
		a := tailPool{0, c.members, math.Min(meanApart*math.Sqrt(c.members), meanShare*c.members)}
		for _, far := range []float64{2, 4, 7, 10} {
			k := math.Floor(c.members*c.kept + far*sd)
			poisson := func(i int) float64 { return mathext.GammaIncReg(k, a.mean(i)*c.kept) } // P(number >= k)
			want := mathext.RegIncBeta(k, c.members-k+1, c.kept)
			// d ln F/dM = kept times the chance of k-1 over that of k or more
			centre := 0
			for range 20 {
				m := a.mean(centre) * c.kept
				lg, _ := math.Lgamma(k)
				slope := c.kept * math.Exp((k-1)*math.Log(m)-m-lg) / poisson(centre)
				centre = int(math.Round((a.members - a.members/(1+slope)) / a.step))
			}
			const degree = 6
			var quantiles []float64
			for i := centre - degree/2; i <= centre+degree/2; i++ {
				quantiles = append(quantiles, mathext.NormalQuantile(poisson(i)))
			}
			got, err := a.fix(quantiles, centre, degree)
			if err != nil || !(math.Abs(got/want-1) < c.allowed) {
				t.Errorf("%g of %g members or more, each with %g: %.10g, known %.10g, off by %.1e of it (%v)", k, c.members, c.kept, got, want, got/want-1, err)
			}
		}
	}
}

// Far tails of a pool's law, followed member by member with positive numbers alone.
func TestFarTailOfPool(t *testing.T) {
	b := boundedMembers{rate: 1, serve: 6, delay: 12, start: 0, members: 110, top: 190, step: .006}
	c := Config{Servers: 1, Service: Exponential{1 / b.serve}, Backlog: 50, Target: Target{Idle: true, FirstPassage: true}}
	l := laneOf(t, c.with(arrivalsOf(t, Steady{b.rate}, groupsOf(b.members, 1, b.start, b.delay))))
	plain, err := SolveDrain(l, SolveOptions{})
	if err != nil || plain.Quality != Exact || plain.Tail > 0 {
		t.Fatalf("%v: %s, tail to %g", err, plain.Reason, plain.Tail)
	}
	p := make([]float64, (b.members+1)*(b.top+1))
	p[c.Backlog] = 1
	now, at := 0.0, plain.Quantile(1-1e-3)
	for step := plain.Quantile(1-1e-6) - at; now < at; {
		d, err := SolveDrain(l, SolveOptions{Tail: at})
		if err != nil || d.AbsError > plain.AbsError {
			t.Fatalf("%v: %s", err, d.Reason)
		}
		b.run(p, now, at, 0)
		now = at
		left := 0.0
		for i, v := range p {
			if i%(b.top+1) > 0 {
				left += v
			}
		}
		allowed := 2e-5
		if left > 1e-4 {
			allowed = 1e-6
		}
		if off := math.Abs(d.Exceed(at)/left - 1); !(off < allowed) {
			t.Errorf("P(T > %g) = %.8g, member by member %.8g: off by %.1e of it", at, d.Exceed(at), left, off)
		}
		if left > 1e-16 {
			at += step
		}
	}
}

// Two pools of the same delays are one, and so are their tails.
func TestFarTailOfTwoPools(t *testing.T) {
	c := Config{Servers: 1, Service: Gamma{.5, 3}, Backlog: 150, Target: Target{Idle: true}}
	delay := ExponentialDelay{60}
	pool := func(n int) Pool { return Pool{Instances: n, Requests: 1, Delay: delay} }
	one := laneOf(t, c.with(arrivalsOf(t, Steady{.4}, pool(300))))
	two := laneOf(t, c.with(arrivalsOf(t, Steady{.4}, pool(180), pool(120))))
	plain, err := SolveDrain(one, SolveOptions{})
	if err != nil {
		t.Fatal(err)
	}
	from := plain.Quantile(1 - 1e-3)
	step := plain.Quantile(1-1e-5) - from
	for _, far := range []float64{1, 5} {
		at := from + far*step
		a, err := SolveDrain(one, SolveOptions{Tail: at})
		if err != nil {
			t.Fatal(err)
		}
		b, err := SolveDrain(two, SolveOptions{Tail: at})
		if err != nil {
			t.Fatal(err)
		}
		x, y := a.Exceed(at), b.Exceed(at)
		if !(math.Abs(x/y-1) < 3e-5) || !(x > 0) {
			t.Errorf("P(T > %g): one pool %.8g (%s), two %.8g (%s)", at, x, a.Reason, y, b.Reason)
		}
		if x < 1e-8 && !(a.Tail >= at && b.Tail >= at) {
			t.Errorf("at %g s, P(T > t) = %.1e: digits up to %g s and %g s", at, x, a.Tail, b.Tail)
		}
	}
}

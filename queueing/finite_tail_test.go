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
	b := boundedMembers{rate: 1, serve: 6, delay: 12, start: 0, members: 110, top: 180, step: .009}
	c := Config{Servers: 1, Service: Exponential{1 / b.serve}, Backlog: 50, Target: Target{Idle: true, FirstPassage: true}}
	l := laneOf(t, c.with(arrivalsOf(t, Steady{b.rate}, groupsOf(b.members, 1, b.start, b.delay))))
	plain, err := SolveDrain(l, SolveOptions{})
	if err != nil || plain.Quality != Exact || plain.Tail > 0 {
		t.Fatalf("%v: %s, tail to %g", err, plain.Reason, plain.Tail)
	}
	p := make([]float64, (b.members+1)*(b.top+1))
	p[c.Backlog] = 1
	least := 1e-16
	if testing.Short() {
		least = 1e-9
	}
	now, at := 0.0, plain.Quantile(1-1e-3)
	for step := plain.Quantile(1-1e-6) - at; now < at; {
		d, err := SolveDrain(l, SolveOptions{Tail: at})
		if err != nil || d.AbsError > plain.AbsError {
			t.Fatalf("%v: %s", err, d.Reason)
		}
		b.run(p, now, at, 0)
		now = at
		left := b.left(p)
		allowed := 2e-5
		if left > 1e-4 {
			allowed = 1e-6
		}
		if off := math.Abs(d.Exceed(at)/left - 1); !(off < allowed) {
			t.Errorf("P(T > %g) = %.8g, member by member %.8g: off by %.1e of it", at, d.Exceed(at), left, off)
		}
		if left > least {
			at += step
		}
	}
}

// Two pools of the same delays are one, and so are their tails.
func TestFarTailOfTwoPools(t *testing.T) {
	c := Config{Servers: 1, Service: Exponential{.5}, Backlog: 150, Target: Target{Idle: true}}
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

// Far tails where services are all of the same length, followed from one to the next with
// the members that have come.
func TestFarTailOnLattice(t *testing.T) {
	const members, backlog, room, d, rate, delay = 60, 40, 150, .5, .9, 30.
	c := Config{Servers: 1, Service: Deterministic{d}, Backlog: backlog, Target: Target{Idle: true, FirstPassage: true}}
	l := laneOf(t, c.with(arrivalsOf(t, Steady{rate}, groupsOf(members, 1, 0, delay))))
	plain, err := SolveDrain(l, SolveOptions{})
	if err != nil || plain.Quality != Exact || plain.Tail > 0 {
		t.Fatalf("%v: %s, tail to %g", err, plain.Reason, plain.Tail)
	}
	poisson := make([]float64, room)
	for i := range poisson {
		poisson[i] = poissonProb(float64(i), rate*d)
	}
	p := make([][]float64, members+1) // by the members that have come and the number in the lane
	for i := range p {
		p[i] = make([]float64, room)
	}
	p[0][backlog] = 1
	checked := 0
	for i := 0; ; i++ {
		left := 0.0
		for _, row := range p {
			for _, x := range row {
				left += x
			}
		}
		if left < 1e-16 {
			break
		}
		if i%10 == 0 && left < 1e-5 {
			at := float64(i)*d + d/3
			got, err := SolveDrain(l, SolveOptions{Tail: at})
			if err != nil {
				t.Fatal(err)
			}
			if off := math.Abs(got.Exceed(at)/left - 1); !(off < 1e-5) {
				t.Errorf("P(T > %g) = %.8g, service by service %.8g: off by %.1e of it", at, got.Exceed(at), left, off)
			}
			checked++
		}
		p = nextService(p, poisson, -math.Expm1(-d/delay))
	}
	if checked < 5 {
		t.Errorf("%d instants looked at", checked)
	}
}

// nextService is the law one service later, in which each member still to come comes with
// the given chance.
func nextService(p [][]float64, poisson []float64, chance float64) [][]float64 {
	next := make([][]float64, len(p))
	room := len(p[0])
	for i := range next {
		next[i] = make([]float64, room)
	}
	for come, row := range p {
		open := len(p) - 1 - come
		weight := math.Pow(1-chance, float64(open)) // of so many that come
		for k := 0; k <= open; k++ {
			if weight > 1e-25 {
				for n, x := range row {
					if to := n - 1 + k; x > 0 && to >= 0 && to < room {
						next[come+k][to] += weight * x
					}
				}
			}
			weight *= float64(open-k) / float64(k+1) * chance / (1 - chance)
		}
	}
	for _, row := range next { // those at a Poisson rate, without whom the lane may have drained
		for n := room - 1; n >= 0; n-- {
			sum := 0.0
			for k := 0; k <= n; k++ {
				sum += row[n-k] * poisson[k]
			}
			row[n] = sum
		}
		row[0] = 0
	}
	return next
}

package steady

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat"

	"singlelane/queueing"
)

// The simulations of this file compare a mean with theory at 7 standard
// errors from 40 batches: with Student's law of 39 degrees of freedom that
// is a false alarm in 5e7 comparisons, and there are below 40 here.
const (
	batches  = 40
	farOff   = 7.0
	warmUp   = 2   // batches thrown away
	simJumps = 8e3 // jumps or requests of a batch
)

func compare(t *testing.T, what string, got []float64, theory float64) {
	t.Helper()
	mean, sd := stat.MeanStdDev(got, nil)
	se := sd / math.Sqrt(float64(len(got)))
	if math.Abs(mean-theory) > farOff*se {
		t.Errorf("%s: simulated %g +- %g, theory %g", what, mean, se, theory)
	}
}

// state of a simulated Markov chain; what its places mean is the model's.
type state [3]int

// walkChain is the time average of f over each batch of jumps.
func walkChain(seed uint64, moves func(s state, add func(rate float64, to state)), f func(state) float64) []float64 {
	rng := rand.New(rand.NewPCG(seed, 1))
	var s state
	var means []float64
	type move struct {
		rate float64
		to   state
	}
	ways := make([]move, 0, 8)
	for b := 0; b < batches+warmUp; b++ {
		total, area := 0.0, 0.0
		for range int(simJumps) {
			ways = ways[:0]
			sum := 0.0
			moves(s, func(rate float64, to state) { ways, sum = append(ways, move{rate, to}), sum+rate })
			stay := rng.ExpFloat64() / sum
			total, area = total+stay, area+stay*f(s)
			u := rng.Float64() * sum
			for _, w := range ways {
				if u -= w.rate; u <= 0 {
					s = w.to
					break
				}
			}
		}
		if b >= warmUp {
			means = append(means, area/total)
		}
	}
	return means
}

func first(s state) float64 { return float64(s[0]) }

// TestChainsAgainstSimulation: the mean number of every Markov model.
func TestChainsAgainstSimulation(t *testing.T) {
	birthDeath := func(up, down func(n int) float64) func(state, func(float64, state)) {
		return func(s state, add func(float64, state)) {
			if r := up(s[0]); r > 0 {
				add(r, state{s[0] + 1})
			}
			if s[0] > 0 {
				add(down(s[0]), state{s[0] - 1})
			}
		}
	}
	servers := func(c int, mu float64) func(int) float64 {
		return func(n int) float64 { return float64(min(n, c)) * mu }
	}
	steady := func(rate float64) func(int) float64 { return func(int) float64 { return rate } }
	for i, k := range []struct {
		m     Model
		moves func(state, func(float64, state))
	}{
		{MMc{2, 1, 3}, birthDeath(steady(2), servers(3, 1))},
		{MMcK{5, 1, 3, 8}, birthDeath(func(n int) float64 { return 5 * float64(min(1, 8-n)) }, servers(3, 1))},
		{MMcc{5, 1, 4}, birthDeath(func(n int) float64 { return 5 * float64(min(1, 4-n)) }, servers(4, 1))},
		{MMInf{5, 1}, birthDeath(steady(5), servers(1000, 1))},
		{ErlangA{5, 1, 4, 2}, birthDeath(steady(5), func(n int) float64 { return float64(min(n, 4)) + float64(max(0, n-4))/2 })},
		{Repair{0.3, 1, 2, 9}, birthDeath(func(n int) float64 { return 0.3 * float64(9-n) }, servers(2, 1))},
		{BatchMM1{0.2, 1, 3, 0}, func(s state, add func(float64, state)) {
			add(0.2, state{s[0] + 3})
			if s[0] > 0 {
				add(1, state{s[0] - 1})
			}
		}},
		{Retrial{1.2, 1, 2, 3, 2}, func(s state, add func(float64, state)) { // all, in the orbit
			lane := s[0] - s[1]
			if lane < 3 {
				add(1.2, state{s[0] + 1, s[1]})
				if s[1] > 0 {
					add(float64(s[1])/2, state{s[0], s[1] - 1})
				}
			} else {
				add(1.2, state{s[0] + 1, s[1] + 1})
			}
			if lane > 0 {
				add(float64(min(lane, 2)), state{s[0] - 1, s[1]})
			}
		}},
	} {
		x := measures(t, k.m)
		compare(t, name(k.m), walkChain(uint64(i+1), k.moves, first), x.L)
	}
}

// TestPrioritiesAgainstSimulation: the second class, with and without
// preemption, at one server and at several.
func TestPrioritiesAgainstSimulation(t *testing.T) {
	classes := []Class{{"a", 0.4, 1, 1}, {"b", 0.25, 1.25, 1}}
	alone := func(preemptive bool) func(state, func(float64, state)) {
		return func(s state, add func(float64, state)) { // a, b, class in service from 1
			start := func(s state) state {
				if s[0] > 0 {
					s[2] = 1
				} else if s[1] > 0 {
					s[2] = 2
				} else {
					s[2] = 0
				}
				return s
			}
			a, b := state{s[0] + 1, s[1], s[2]}, state{s[0], s[1] + 1, s[2]}
			if s[2] == 0 || preemptive {
				a, b = start(a), start(b)
			}
			add(0.4, a)
			add(0.25, b)
			if s[2] == 1 {
				add(1, start(state{s[0] - 1, s[1]}))
			}
			if s[2] == 2 {
				add(0.8, start(state{s[0], s[1] - 1}))
			}
		}
	}
	several := func(s state, add func(float64, state)) { // preemptive, two servers of rate 1
		add(0.7, state{s[0] + 1, s[1]})
		add(0.8, state{s[0], s[1] + 1})
		busyA := min(2, s[0])
		if busyA > 0 {
			add(float64(busyA), state{s[0] - 1, s[1]})
		}
		if b := min(2-busyA, s[1]); b > 0 {
			add(float64(b), state{s[0], s[1] - 1})
		}
	}
	alike := []Class{{"a", 0.7, 1, 1}, {"b", 0.8, 1, 1}}
	second := func(s state) float64 { return float64(s[1]) }
	for i, k := range []struct {
		m     Priority
		moves func(state, func(float64, state))
	}{
		{Priority{classes, 1, false}, alone(false)}, {Priority{classes, 1, true}, alone(true)}, {Priority{alike, 2, true}, several},
	} {
		per, err := k.m.PerClass()
		if err != nil {
			t.Fatal(err)
		}
		compare(t, "first class", walkChain(uint64(20+i), k.moves, first), per[0].L)
		compare(t, "second class", walkChain(uint64(30+i), k.moves, second), per[1].L)
	}
}

// waits are the mean waits, and shares of waits above late, of a first come
// first served queue by the recursion of Kiefer and Wolfowitz (1955).
func waits(seed uint64, c int, gap, service func(*rand.Rand) float64, late float64) (mean, over []float64) {
	rng := rand.New(rand.NewPCG(seed, 2))
	free := make([]float64, c) // times at which the servers fall free, sorted
	now := 0.0
	for b := 0; b < batches+warmUp; b++ {
		sum, count := 0.0, 0.0
		for range int(simJumps) {
			now += gap(rng)
			begin := math.Max(now, free[0])
			sum += begin - now
			if begin-now > late {
				count++
			}
			done, i := begin+service(rng), 0
			for ; i+1 < c && free[i+1] < done; i++ {
				free[i] = free[i+1]
			}
			free[i] = done
		}
		if b >= warmUp {
			mean, over = append(mean, sum/simJumps), append(over, count/simJumps)
		}
	}
	return mean, over
}

// TestWaitsAgainstSimulation: means and tails of first come first served.
func TestWaitsAgainstSimulation(t *testing.T) {
	exponential := func(mean float64) func(*rand.Rand) float64 {
		return func(r *rand.Rand) float64 { return mean * r.ExpFloat64() }
	}
	h2 := queueing.BalancedHyperexponential(1, 4)
	logMean, logSD := queueing.Lognormal{MeanTime: 1, Variability: 2}.Params()
	fixed := func(*rand.Rand) float64 { return 1 }
	for i, k := range []struct {
		m       Waiter
		c       int
		rate    float64
		service func(*rand.Rand) float64
		late    float64
	}{
		{MD1(0.7, 1), 1, 0.7, fixed, 1.3},
		{MDc{1.6, 1, 2}, 2, 1.6, fixed, 0.7},
		{MDc{4, 1, 5}, 5, 4, fixed, 0.25},
		{MMc{2.4, 1, 3}, 3, 2.4, exponential(1), 1},
		{MG1{0.6, h2}, 1, 0.6, func(r *rand.Rand) float64 {
			if r.Float64() < h2.P1 {
				return h2.Mean1 * r.ExpFloat64()
			}
			return h2.Mean2 * r.ExpFloat64()
		}, 3},
		{MG1{0.7, TwoMoments(1, 0.5)}, 1, 0.7, func(r *rand.Rand) float64 { return (r.ExpFloat64() + r.ExpFloat64()) / 2 }, 2},
		{MG1{0.6, queueing.Lognormal{MeanTime: 1, Variability: 2}}, 1, 0.6, func(r *rand.Rand) float64 {
			return math.Exp(logMean + logSD*r.NormFloat64())
		}, 2},
	} {
		mean, over := waits(uint64(50+i), k.c, exponential(1/k.rate), k.service, k.late)
		compare(t, name(k.m)+" mean wait", mean, measures(t, k.m).Wq)
		tail, err := k.m.WaitTail(k.late)
		if err != nil {
			t.Fatal(err)
		}
		compare(t, name(k.m)+" tail", over, tail)
	}
}

// TestBoundHolds: Kingman's bound is above the simulated wait of E2/H2/2, and
// the approximations are within 15 % of it.
func TestBoundHolds(t *testing.T) {
	h2 := queueing.BalancedHyperexponential(1, 2)
	mean, _ := waits(90, 2, func(r *rand.Rand) float64 { return (r.ExpFloat64() + r.ExpFloat64()) / 2 / 1.7 }, func(r *rand.Rand) float64 {
		if r.Float64() < h2.P1 {
			return h2.Mean1 * r.ExpFloat64()
		}
		return h2.Mean2 * r.ExpFloat64()
	}, 1)
	got := stat.Mean(mean, nil)
	for _, by := range Approximations() {
		x := measures(t, GGc{1.7, 1, 0.5, 2, 2, by})
		if by == Kingman && x.Wq < got || by != Kingman && !near(x.Wq, got, 0.15) {
			t.Errorf("%s says %g, simulated %g", by, x.Wq, got)
		}
	}
}

package montecarlo

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/combin"
	"gonum.org/v1/gonum/stat/distuv"
)

// leastCovered is the number of covering intervals of n below which an
// interval that covers with probability p falls with probability 1e-8.
func leastCovered(n int, p float64) int {
	k := 0
	for fewer(k+1, n, p) < 1e-8 {
		k++
	}
	return k
}

// pairs are n pairs in which X is exponential and Y = X + E/2 with another
// exponential E: q_p(X) = -log(1-p), and P(Y <= y) = (1 - exp(-y))^2 gives
// q_p(Y) = -log(1 - sqrt p).
func pairs(src *rand.Rand, n int) (x, y []float64) {
	for range n {
		e := src.ExpFloat64()
		x, y = append(x, e), append(y, e+src.ExpFloat64()/2)
	}
	return x, y
}

func trueDifference(p float64) float64 { return -math.Log1p(-math.Sqrt(p)) + math.Log1p(-p) }

// Over 1,000 repeats of a case with a known answer each interval covers it at
// its stated rate or more often; a right one fails with probability 1e-8.
func TestDifferencesCoverTheTruth(t *testing.T) {
	repeats := 1000
	if testing.Short() {
		repeats = 200
	}
	src := rand.New(rand.NewPCG(5, 6))
	for _, confidence := range []float64{0.95, 0.99} {
		covered := map[string]int{}
		for range repeats {
			x, y := pairs(src, 1000)
			count := func(name string, d Difference, truth float64) {
				if d.Lo <= truth && truth <= d.Hi {
					covered[name]++
				}
			}
			count("P50", QuantileDifference(x, y, 0.5, confidence), trueDifference(0.5))
			count("P90", QuantileDifference(x, y, 0.9, confidence), trueDifference(0.9))
			count("P99, order statistics", QuantileDifference(x, y, 0.99, confidence), trueDifference(0.99))
			count("P90 against theory", QuantileAgainst(y, -math.Log1p(-0.9), 0.9, confidence), trueDifference(0.9))
			mean, ok := MeanDifference(x, y, confidence)
			if !ok {
				t.Fatal("a thousand pairs are too few for a mean")
			}
			count("mean", mean, 0.5)
			onlyX, onlyY, k := 0, 0, 0
			for i := range x {
				switch {
				case y[i] > 3 && x[i] <= 3:
					onlyY++
				case y[i] <= 3 && x[i] > 3:
					onlyX++
				}
				if x[i] > 3 {
					k++
				}
			}
			px, py := math.Exp(-3), 1-math.Pow(-math.Expm1(-3), 2)
			count("P(> 3)", ProportionDifference(onlyX, onlyY, len(x), confidence), py-px)
			count("P(> 3) against theory", ProportionAgainst(k, len(x), py, confidence), px-py)
		}
		if len(covered) != 7 {
			t.Fatalf("%v", covered)
		}
		for name, k := range covered {
			if least := leastCovered(repeats, confidence); k < least {
				t.Errorf("%s at %g: %d of %d intervals cover the truth, at least %d are due", name, confidence, k, repeats, least)
			}
		}
	}
}

// Sharing random numbers pays: the interval of pairs is narrower than the one
// between the ends of two intervals.
func TestPairsAreSharperThanEnds(t *testing.T) {
	x, y := pairs(rand.New(rand.NewPCG(1, 2)), 10_000)
	for i := range y {
		y[i] = x[i] + (y[i]-x[i])/10
	}
	for _, p := range []float64{0.5, 0.99} {
		paired, ends := QuantileDifference(x, y, p, 0.95), apart(x, y, p, 0.95, 0)
		if paired.Hi-paired.Lo > (ends.Hi-ends.Lo)/2 {
			t.Errorf("at %g: paired %v, ends %v", p, paired.Estimate, ends.Estimate)
		}
	}
}

// Tango's interval against its definition: at its ends the score has the
// normal quantile, with the nuisance probability found by trying them all;
// and its coverage, by summing over every outcome of the trinomial law.
func TestTangoInterval(t *testing.T) {
	z := distuv.UnitNormal.Quantile(0.975)
	for _, c := range [][3]int{{3, 12, 50}, {0, 5, 40}, {7, 7, 30}, {1, 0, 1000}} {
		d := ProportionDifference(c[0], c[1], c[2], 0.95)
		for _, end := range []struct{ at, want float64 }{{d.Lo, z}, {d.Hi, -z}} {
			if got := scoreByTrial(float64(c[1]), float64(c[0]), float64(c[2]), end.at); math.Abs(got-end.want) > 5e-3 {
				t.Errorf("%v: at %g the score is %g, want %g", c, end.at, got, end.want)
			}
		}
	}
	const n = 60
	for _, p := range [][2]float64{{0.1, 0.05}, {0.3, 0.1}, {0.02, 0.02}} {
		covered := 0.0
		for b := range n + 1 {
			for c := range n + 1 - b {
				d := ProportionDifference(c, b, n, 0.95)
				if d.Lo <= p[0]-p[1] && p[0]-p[1] <= d.Hi {
					covered += math.Exp(combin.LogGeneralizedBinomial(n, float64(b)) + combin.LogGeneralizedBinomial(float64(n-b), float64(c)) +
						float64(b)*math.Log(p[0]) + float64(c)*math.Log(p[1]) + float64(n-b-c)*math.Log(1-p[0]-p[1]))
				}
			}
		}
		if covered < 0.93 || covered > 0.99 {
			t.Errorf("%v: covered with probability %.4f", p, covered)
		}
	}
}

// scoreByTrial maximises the likelihood over the nuisance probability q of c
// on a grid, and standardises b - c - n d by it.
func scoreByTrial(b, c, n, d float64) float64 {
	best, at := math.Inf(-1), 0.0
	const points = 400_000
	lo, hi := math.Max(0, -d), (1-d)/2
	for i := 1; i < points; i++ {
		q := lo + (hi-lo)*float64(i)/points
		l := (n - b - c) * math.Log(1-2*q-d)
		if b > 0 {
			l += b * math.Log(q+d)
		}
		if c > 0 {
			l += c * math.Log(q)
		}
		if l > best {
			best, at = l, q
		}
	}
	return (b - c - n*d) / math.Sqrt(n*(2*at+d-d*d))
}

// At the level that the package reports elsewhere the order statistics are
// the same.
func TestQuantileAtIsQuantile(t *testing.T) {
	x, _ := pairs(rand.New(rand.NewPCG(3, 4)), 777)
	sorted := Outcomes(slices.Clone(x))
	slices.Sort(sorted)
	for _, p := range []float64{0.001, 0.1, 0.5, 0.9, 0.99, 0.9999} {
		a, b := QuantileAt(x, p, Confidence), sorted.Quantile(p)
		if a.Value != b.Value || a.Lo != b.Lo || a.Hi != b.Hi {
			t.Errorf("at %g: %v, want %v", p, a, b)
		}
	}
}

// The p-values are uniform or above where there is no difference: each test
// at 5 % rejects no more often than 5 %, but for chance of 1e-8.
func TestPValuesUnderNoDifference(t *testing.T) {
	const repeats = 1000
	src := rand.New(rand.NewPCG(9, 9))
	rejected := map[string]int{}
	for range repeats {
		x, y := pairs(src, 400)
		truth := -math.Log1p(-math.Sqrt(0.9))
		onlyX, onlyY := 0, 0
		for i := range x { // two events of the same probability
			a, b := src.Float64() < 0.2, src.Float64() < 0.2
			if a && !b {
				onlyX++
			}
			if b && !a {
				onlyY++
			}
			x[i] = y[len(y)-1-i] // the same law
		}
		for name, d := range map[string]Difference{"quantile": QuantileDifference(x, y, 0.5, 0.95), "ends": QuantileDifference(x, y, 0.99, 0.95),
			"theory":     QuantileAgainst(y, truth, 0.9, 0.95),
			"proportion": ProportionDifference(onlyX, onlyY, 400, 0.95)} {
			if d.Less < 0.05 {
				rejected[name+" less"]++
			}
			if d.More < 0.05 {
				rejected[name+" more"]++
			}
		}
	}
	for name, k := range rejected {
		if most := repeats - leastCovered(repeats, 0.95); k > most {
			t.Errorf("%s: %d of %d true cases are rejected at 5 %%, at most %d are due", name, k, repeats, most)
		}
	}
}

// With one replication fewer than enough the sample does not bound the
// quantiles, with enough it does.
func TestEnoughForQuantiles(t *testing.T) {
	src := rand.New(rand.NewPCG(2, 2))
	for _, p := range []float64{0.5, 0.9, 0.99} {
		n := EnoughForQuantiles(p, 0.95)
		x, y := pairs(src, n)
		d, few := apart(x, y, p, 0.95, 0), apart(x[1:], y[1:], p, 0.95, 0)
		if math.IsInf(d.Lo, 0) || math.IsInf(d.Hi, 0) || !math.IsInf(few.Lo, 0) || !math.IsInf(few.Hi, 0) {
			t.Errorf("at %g: %v with %d, %v with one fewer", p, d.Estimate, n, few.Estimate)
		}
	}
}

// What is known has no chance in it, and infinite values are no answer.
func TestKnownAndInfiniteDifferences(t *testing.T) {
	if d := Known(-2); d.Less != 0 || d.More != 1 || d.Lo != -2 || d.Hi != -2 {
		t.Errorf("%+v", d)
	}
	x, y := pairs(rand.New(rand.NewPCG(1, 1)), 1000)
	y[3], y[4] = math.Inf(1), math.Inf(1)
	if d := QuantileDifference(x, y, 0.5, 0.95); math.IsNaN(d.Lo) || math.IsNaN(d.Hi) || d.More > 0.05 {
		t.Errorf("two endless storms of a thousand: %+v", d)
	}
	if _, ok := MeanDifference(x, y, 0.95); ok {
		t.Error("the mean of endless storms was given")
	}
	if _, ok := MeanDifference(x, x, 0.95); ok {
		t.Error("no difference seen was taken for none")
	}
}

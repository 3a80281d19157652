package fit

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Arrivals is the arrival rate over time.
type Arrivals struct {
	N          int
	Rate       Range // requests per second: of the base below a surge
	Surge      *Surge
	Models     []Model // all that were tried, the best first
	Counts     Counts
	Dispersion float64 // variance over mean of the counts about the fit; 1 is Poisson
}

// Model is one that competed.
type Model struct {
	Name          string
	LogLikelihood float64
	AIC           float64
	KS            float64 // greatest distance of the distribution functions; NaN unless of a law
}

// Counts is arrivals in intervals, of one width or not.
type Counts struct {
	Edges []float64 // s, one more than N
	N     []float64
}

func (c Counts) span() float64 { return c.Edges[len(c.Edges)-1] - c.Edges[0] }

func (c Counts) total() float64 {
	sum := 0.0
	for _, n := range c.N {
		sum += n
	}
	return sum
}

// mostBins of a count series: finer than a surge that can be fitted.
const mostBins = 500

// countInstants counts instants in ns, in order, into bins of equal width over
// (first, last]. The first instant itself opens the observation and is not
// counted: the n-1 others over the span are the unbiased view of a Poisson
// process seen from one of its points.
func countInstants(at []int64) Counts {
	return binned(at, min(mostBins, max(10, len(at)/4)))
}

// hourly counts, or coarser over more than a year, are fine enough for a day's
// cycle.
func hourly(at []int64) Counts {
	hours := float64(at[len(at)-1]-at[0]) / 3600e9
	return binned(at, int(math.Min(math.Max(hours, 1), 10_000)))
}

func binned(at []int64, bins int) Counts {
	n := len(at)
	first, last := at[0], at[n-1]
	width := float64(last-first) / float64(bins)
	c := Counts{make([]float64, bins+1), make([]float64, bins)}
	for i := range c.Edges {
		c.Edges[i] = (float64(first) + width*float64(i)) / 1e9
	}
	for _, t := range at[1:] {
		c.N[min(bins-1, int(float64(t-first)/width))]++
	}
	return c
}

// fitArrivals finds the base rate and, where it is worth its numbers, a surge.
func fitArrivals(c Counts, o Options) (a *Arrivals, warnings []string) {
	total := c.total()
	a = &Arrivals{N: int(total), Counts: c, Rate: poissonRange(total, c.span())}
	constant := Model{"constant", logLikelihood(c, a.upTo), 0, math.NaN()}
	constant.AIC = 2 - 2*constant.LogLikelihood
	a.Models = []Model{constant}
	if total < leastForSurge {
		warnings = append(warnings, fmt.Sprintf("%s, too few to look for a surge; %d are needed", arrivals(int(total)), leastForSurge))
	} else {
		a.fitSurge(c, o)
	}
	a.Dispersion = a.dispersion(c)
	if s := a.Surge; s != nil && s.Found && a.Dispersion > mostDispersion {
		a.Surge, a.Rate, a.Models = nil, poissonRange(total, c.span()), []Model{constant}
		a.Dispersion = a.dispersion(c)
		warnings = append(warnings, "the rate changes in more ways than one surge explains; if there was an incident, name it by --incident")
	}
	return a, append(warnings, a.widen(c)...)
}

// mostDispersion about a surge that was found in the data and not named: above
// it the counts swing for other reasons, and the surge may be one of the swings.
const mostDispersion = 3

// poissonRange is the rate of n arrivals of a Poisson process in t seconds:
// 2 lambda t is chi-squared with 2n degrees of freedom between the points of
// the process, 2n+2 at the upper end (F. Garwood, Biometrika 28, 1936).
func poissonRange(n, t float64) Range {
	r := Range{Value: n / t, Hi: distuv.ChiSquared{K: 2*n + 2}.Quantile(0.95) / 2 / t}
	if n > 0 {
		r.Lo = distuv.ChiSquared{K: 2 * n}.Quantile(0.05) / 2 / t
	}
	return r
}

// upTo is the fitted number of arrivals by t, but for a constant.
func (a *Arrivals) upTo(t float64) float64 {
	m := a.Rate.Value * t
	if a.Surge != nil {
		m += a.Surge.Count.Value * a.Surge.due(t)
	}
	return m
}

// mean is the fitted number of arrivals in (lo,hi].
func (a *Arrivals) mean(lo, hi float64) float64 { return a.upTo(hi) - a.upTo(lo) }

// Fitted is the fitted rate at t.
func (a *Arrivals) Fitted(t float64) float64 {
	const dt = 1e-3
	return a.mean(t, t+dt) / dt
}

// coarse joins bins until each is expected to hold least arrivals.
func (a *Arrivals) coarse(c Counts, least float64) (observed, expected []float64) {
	o, e := 0.0, 0.0
	for i, n := range c.N {
		o, e = o+n, e+a.mean(c.Edges[i], c.Edges[i+1])
		if e >= least {
			observed, expected = append(observed, o), append(expected, e)
			o, e = 0, 0
		}
	}
	return observed, expected
}

// dispersion is Pearson's statistic over its degrees of freedom.
func (a *Arrivals) dispersion(c Counts) float64 {
	observed, expected := a.coarse(c, 10)
	k := 1
	if a.Surge != nil {
		k = a.Surge.numbers()
	}
	if len(observed) <= k+4 {
		return 1
	}
	sum := 0.0
	for i, o := range observed {
		sum += (o - expected[i]) * (o - expected[i]) / expected[i]
	}
	return sum / float64(len(observed)-k)
}

// alarm is the false-alarm rate of every warning.
const alarm = 1e-4

// widen stretches the ranges where counts vary more than a Poisson process
// allows, and says when there is a trend.
func (a *Arrivals) widen(c Counts) (warnings []string) {
	observed, expected := a.coarse(c, 10)
	df := float64(len(observed) - 1)
	if df < 5 {
		return nil
	}
	if a.Dispersion*df > (distuv.ChiSquared{K: df}).Quantile(1-alarm) {
		factor := math.Sqrt(a.Dispersion)
		a.Rate = a.Rate.wider(factor)
		if a.Surge != nil {
			a.Surge.widen(factor)
		}
		warnings = append(warnings, fmt.Sprintf("arrivals vary more than those of a Poisson process: variance over mean is %.3g; ranges are made wider by %.3g", a.Dispersion, factor))
	}
	if trend, p := halves(observed, expected, a.Dispersion); p < alarm {
		warnings = append(warnings, fmt.Sprintf("not stationary: the second half has %.3g times the arrivals of the first, against the fit; fit a shorter part, or use the trace itself as a stream", trend))
	}
	return warnings
}

// halves compares the halves of a series with their fit: the ratio of second
// to first, and the probability of as large a difference by chance.
func halves(observed, expected []float64, dispersion float64) (ratio, p float64) {
	h := len(observed) / 2
	sum := func(x []float64) (s float64) {
		for _, v := range x {
			s += v
		}
		return s
	}
	o1, o2, e1, e2 := sum(observed[:h]), sum(observed[h:]), sum(expected[:h]), sum(expected[h:])
	if o1 == 0 || e1 == 0 || e2 == 0 {
		return math.Inf(1), 1
	}
	n, q := o1+o2, e1/(e1+e2)
	deviate := math.Abs(o1-n*q) / math.Sqrt(n*q*(1-q)*math.Max(1, dispersion))
	return (o2 / e2) / (o1 / e1), 2 * distuv.UnitNormal.Survival(deviate)
}

const day = 86400.0

// dailyCycle looks for one day's wave in counts that cover two days: under no
// cycle the amplitude's square, n R^2 of the first harmonic over the
// dispersion, is exponential (A. Schuster's periodogram, 1898).
func dailyCycle(c Counts, a *Arrivals) string {
	if c.span() < 2*day {
		return ""
	}
	var re, im, n, m float64
	for i, o := range c.N {
		lo, hi := c.Edges[i], c.Edges[i+1]
		if hi-lo > day/8 {
			return ""
		}
		e := a.mean(lo, hi)
		s, k := math.Sincos(2 * math.Pi * (lo + hi) / 2 / day)
		re, im, n, m = re+(o-e)*k, im+(o-e)*s, n+o, m+e
	}
	if p := math.Exp(-(re*re + im*im) / (m * math.Max(1, a.Dispersion/4))); !(p < alarm) {
		return ""
	}
	amplitude := 2 * math.Hypot(re, im) / n
	return fmt.Sprintf("a daily cycle is seen: the rate swings by about %.0f %% about its mean; a constant rate hides the busy hours", 100*amplitude)
}

// chiRange is a variance with so many degrees of freedom.
func chiRange(v, df float64) Range {
	c := distuv.ChiSquared{K: df}
	return Range{v, v * df / c.Quantile(0.95), v * df / c.Quantile(0.05)}
}

// arrivals is so many of them in words.
func arrivals(n int) string {
	if n == 1 {
		return "1 arrival"
	}
	return fmt.Sprintf("%d arrivals", n)
}

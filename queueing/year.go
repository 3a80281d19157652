package queueing

import (
	"errors"
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// EventKind is one kind of failure in a year: how often, and how long the
// recovery takes.
type EventKind struct {
	PerYear float64      // mean number a year, at least 0
	Drain   Distribution // of the recoveries that end; nil where none does
	Never   float64      // share of the recoveries that never end, 0 to 1; 1 where Drain is nil
}

// Year is what a year of failures brings. Events are Poisson and their
// recoveries are added up, as if they never overlapped.
//
// The events of a kind are thinned into those whose recovery ends and those
// whose recovery does not, which are Poisson too and independent. The year's
// total is finite if there is none of the latter, with probability
// exp(-lost), and then is the compound Poisson sum of the former.
type Year struct {
	kinds []EventKind // with a positive rate
	parts [][]float64 // of each kind, the law of one recovery on the grid; nil where none ends
	total []float64   // P(finite part of the year's recovery time = k*width)
	width float64     // s
	rate  float64     // events a year whose recovery ends
	lost  float64     // events a year whose recovery does not
}

// ErrDefective is returned where a recovery may take for ever and Never does
// not say so.
var ErrDefective = errors.New("queueing: a drain time that may be infinite has no yearly total")

const (
	// yearGrid is the number of points of the yearly total.
	yearGrid = 1 << 14
	// MostEvents a year are added up: beyond, exp(-events) underflows.
	MostEvents = 600
)

// NewYear finds the law of the year's total recovery time on a grid, with the
// mean of each recovery kept. At least one kind must have a positive rate.
func NewYear(kinds ...EventKind) (*Year, error) {
	y := &Year{}
	for i, k := range kinds {
		if err := y.add(fmt.Sprintf("EventKind[%d]", i), k); err != nil {
			return nil, err
		}
	}
	if len(y.kinds) == 0 {
		return nil, &FieldError{"EventKind.PerYear", 0.0, "a positive rate in at least one kind"}
	}
	if y.Events() > MostEvents {
		return nil, &FieldError{"EventKind.PerYear", y.Events(), fmt.Sprintf("at most %d events a year in all", MostEvents)}
	}
	y.width = y.reach() / yearGrid
	f := y.severity()
	if y.rate > 0 {
		y.total = compoundFFT(y.rate, f)
	} else {
		y.total = []float64{1}
	}
	return y, nil
}

func (y *Year) add(name string, k EventKind) error {
	if err := nonNegative(name+".PerYear", k.PerYear); err != nil {
		return err
	}
	if k.Drain == nil {
		k.Never = 1
	}
	if !(k.Never >= 0 && k.Never <= 1) {
		return &FieldError{name + ".Never", k.Never, "a share from 0 to 1"}
	}
	if k.PerYear == 0 {
		return nil
	}
	if k.Never < 1 {
		if m := k.Drain.Mean(); math.IsInf(m, 0) || math.IsNaN(m) {
			return ErrDefective
		}
	}
	y.kinds = append(y.kinds, k)
	y.rate, y.lost = y.rate+k.ending(), y.lost+k.PerYear*k.Never
	return nil
}

// ending is how many events a year have a recovery that ends.
func (k EventKind) ending() float64 { return k.PerYear * (1 - k.Never) }

// reach is a time that the year's total passes with negligible probability:
// its mean, 12 standard deviations, and the longest recovery of each kind.
func (y *Year) reach() float64 {
	mean, variance, longest := 0.0, 0.0, 0.0
	for _, k := range y.kinds {
		if k.Never == 1 {
			continue
		}
		m, sd := k.Drain.Mean(), k.Drain.StdDev()
		mean += k.ending() * m
		variance += k.ending() * (m*m + sd*sd)
		longest = math.Max(longest, k.Drain.Quantile(1-1e-9))
	}
	top := mean + 12*math.Sqrt(variance) + 4*longest
	if top > 0 {
		return top
	}
	return 1 // every recovery takes no time at all
}

// severity is the law of one recovery that ends, of whatever kind, on the
// grid.
func (y *Year) severity() []float64 {
	f := make([]float64, yearGrid)
	y.parts = make([][]float64, len(y.kinds))
	for i, k := range y.kinds {
		if k.Never == 1 {
			continue
		}
		y.parts[i] = onGrid(k.Drain, y.width)
		for j, p := range y.parts[i] {
			f[j] += k.ending() / y.rate * p
		}
	}
	return f
}

// onGrid is the law on the multiples of the width d. With the stop-loss
// function s(x) = E(T-x)^+ the mass at k*d is the second difference of s
// over d, which keeps the mean (H. U. Gerber, ASTIN Bulletin 13 (1982)).
func onGrid(d Distribution, width float64) []float64 {
	f, over := make([]float64, yearGrid), make([]float64, yearGrid+1)
	for i := range over {
		over[i] = d.MeanOver(float64(i) * width)
	}
	f[0] = math.Max(0, 1-(over[0]-over[1])/width)
	for i := 1; i < yearGrid; i++ {
		f[i] = math.Max(0, over[i-1]-2*over[i]+over[i+1]) / width
	}
	return f
}

// compoundFFT is the law of a Poisson number (mean rate) of summands with law
// f, by the transform exp(rate (f^ - 1)). Tilting by exp(-theta k) keeps what
// wraps around below rounding.
func compoundFFT(rate float64, f []float64) []float64 {
	n := len(f)
	tilt := 8 / float64(n)
	seq := make([]complex128, n)
	for k, p := range f {
		seq[k] = complex(p*math.Exp(-tilt*float64(k)), 0)
	}
	fft := fourier.NewCmplxFFT(n)
	freq := fft.Coefficients(nil, seq)
	for i, z := range freq {
		freq[i] = cmplx.Exp(complex(rate, 0) * (z - 1))
	}
	seq = fft.Sequence(seq, freq)
	g := make([]float64, n)
	for k, z := range seq {
		g[k] = math.Max(0, real(z)/float64(n)*math.Exp(tilt*float64(k)))
	}
	return g
}

// compoundPanjer is the same law by H. H. Panjer's recursion (ASTIN Bulletin
// 12 (1981)): g_0 = exp(-rate(1-f_0)), g_k = rate/k sum_j j f_j g_(k-j).
func compoundPanjer(rate float64, f []float64) []float64 {
	g := make([]float64, len(f))
	g[0] = math.Exp(-rate * (1 - f[0]))
	for k := 1; k < len(f); k++ {
		sum := 0.0
		for j := 1; j <= k; j++ {
			sum += float64(j) * f[j] * g[k-j]
		}
		g[k] = rate / float64(k) * sum
	}
	return g
}

// Events is the mean number of events a year.
func (y *Year) Events() float64 { return y.rate + y.lost }

// Lost is the mean number of events a year whose recovery never ends.
func (y *Year) Lost() float64 { return y.lost }

// sum adds up what one recovery that ends brings, over the events of a year.
func (y *Year) sum(of func(Distribution) float64) float64 {
	sum := 0.0
	for _, k := range y.kinds {
		if k.Never < 1 {
			sum += k.ending() * of(k.Drain)
		}
	}
	return sum
}

// Breaches is the expected number of recoveries a year that take longer than
// within seconds, those that never end among them.
func (y *Year) Breaches(within float64) float64 {
	return y.lost + y.sum(func(d Distribution) float64 { return d.Exceed(within) })
}

// AnyBreach is the probability of at least one such recovery in the year.
func (y *Year) AnyBreach(within float64) float64 { return -math.Expm1(-y.Breaches(within)) }

// Over is the expected time beyond the objective in the year, in seconds;
// +Inf if a recovery may never end.
func (y *Year) Over(within float64) float64 {
	if y.lost > 0 {
		return math.Inf(1)
	}
	return y.sum(func(d Distribution) float64 { return d.MeanOver(within) })
}

// Mean is the expected recovery time of the year in seconds; +Inf if a
// recovery may never end.
func (y *Year) Mean() float64 {
	if y.lost > 0 {
		return math.Inf(1)
	}
	return y.sum(Distribution.Mean)
}

// CDF is P(recovery time of the year <= t), within one grid width of t.
func (y *Year) CDF(t float64) float64 {
	sum := 0.0
	for k, p := range y.total {
		if float64(k)*y.width > t {
			break
		}
		sum += p
	}
	return math.Min(sum, 1) * math.Exp(-y.lost)
}

// Quantile is the least grid time t with CDF(t) >= p, for 0 < p < 1; +Inf
// where a recovery that never ends is more likely than 1-p.
func (y *Year) Quantile(p float64) float64 {
	alive := math.Exp(-y.lost)
	if p > alive {
		return math.Inf(1)
	}
	sum := 0.0
	for k, q := range y.total {
		if sum += q; sum*alive >= p {
			return float64(k) * y.width
		}
	}
	return float64(len(y.total)) * y.width
}

// Spread says how far CDF(t) is from the truth where the law of the i-th kind
// (of those with a positive rate) is that of independent draws: it is the
// standard deviation of CDF(t) times the square root of their number. To
// first order, moving a mass of the law to x moves CDF(t) by r P(S + x <= t),
// with S the year's total and r the events a year, so it is r times the
// standard deviation of P(S + X <= t | X) over that law (the influence
// function of a compound Poisson law; for its use on quantiles see
// R. S. Woodruff, J. Amer. Statist. Assoc. 47 (1952)).
func (y *Year) Spread(i int, t float64) float64 {
	k := y.kinds[i]
	if k.Never == 1 {
		return 0
	}
	cdf := make([]float64, len(y.total))
	sum := 0.0
	for j, p := range y.total {
		sum += p
		cdf[j] = sum * math.Exp(-y.lost)
	}
	last := min(len(cdf)-1, int(t/y.width))
	m1, m2 := 0.0, 0.0
	for j, p := range y.parts[i][:last+1] {
		c := cdf[last-j]
		m1, m2 = m1+p*c, m2+p*c*c
	}
	share := 1 - k.Never // those that never end contribute 0
	m1, m2 = share*m1, share*m2
	return k.PerYear * math.Sqrt(math.Max(0, m2-m1*m1))
}

// Width of the grid in seconds: quantiles are right to within it.
func (y *Year) Width() float64 { return y.width }

// SecondFailure is the probability that a failure which comes at the given
// rate (per second) comes before a recovery has ended: 1 - E exp(-rate T) =
// rate times the integral of exp(-rate t) P(T > t), taken by Gauss's rule
// between the quantiles of T.
func SecondFailure(d Distribution, perSecond float64) float64 {
	if perSecond <= 0 {
		return 0
	}
	edges := []float64{0}
	for _, p := range []float64{1e-9, 1e-4, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1 - 1e-5, 1 - 1e-7, 1 - 1e-9} {
		if q := d.Quantile(p); q > edges[len(edges)-1] && !math.IsInf(q, 1) {
			edges = append(edges, q)
		}
	}
	sum := 0.0
	for i := range edges[1:] {
		sum += survivalPiece(d, perSecond, edges[i], edges[i+1])
	}
	last := edges[len(edges)-1]
	rest := math.Min(d.Exceed(last), perSecond*d.MeanOver(last)) // an upper bound
	return math.Min(1, sum+rest*math.Exp(-perSecond*last))
}

// survivalPiece is the integral of r exp(-r t) P(T > t) over (a,b). Panels no
// longer than 2/r keep the exponential smooth.
func survivalPiece(d Distribution, r, a, b float64) float64 {
	const most = 64
	panels := min(most, 1+int(r*(b-a)/2))
	h := (b - a) / float64(panels)
	sum := 0.0
	for i := range panels {
		mid := a + (float64(i)+0.5)*h
		for k, x := range gauss5 {
			t := mid + x*h/2
			sum += gauss5Weight[k] * h / 2 * r * math.Exp(-r*t) * d.Exceed(t)
		}
	}
	return sum
}

var (
	gauss5       = [5]float64{-0.906179845938664, -0.538469310105683, 0, 0.538469310105683, 0.906179845938664}
	gauss5Weight = [5]float64{0.236926885056189, 0.478628670499366, 0.568888888888889, 0.478628670499366, 0.236926885056189}
)

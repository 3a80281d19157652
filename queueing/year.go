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
	PerYear float64 // mean number a year, at least 0
	Drain   Distribution
}

// Year is what a year of failures brings. Events are Poisson and their
// recoveries are added up, as if they never overlapped.
type Year struct {
	kinds []EventKind
	total []float64 // P(recovery time of the year = k*width)
	width float64   // s
	rate  float64   // events a year
}

// ErrDefective is returned where a recovery may take for ever.
var ErrDefective = errors.New("queueing: a drain time that may be infinite has no yearly total")

// yearGrid is the number of points of the yearly total.
const yearGrid = 1 << 14

// NewYear finds the law of the year's total recovery time on a grid, with the
// mean of each recovery kept. At least one kind must have a positive rate.
func NewYear(kinds ...EventKind) (*Year, error) {
	y := &Year{}
	for i, k := range kinds {
		if err := nonNegative(fmt.Sprintf("EventKind[%d].PerYear", i), k.PerYear); err != nil {
			return nil, err
		}
		if k.PerYear == 0 {
			continue
		}
		if m := k.Drain.Mean(); math.IsInf(m, 0) || math.IsNaN(m) {
			return nil, ErrDefective
		}
		y.kinds, y.rate = append(y.kinds, k), y.rate+k.PerYear
	}
	if y.rate == 0 {
		return nil, &FieldError{"EventKind.PerYear", 0.0, "a positive rate in at least one kind"}
	}
	if y.rate > 600 {
		return nil, &FieldError{"EventKind.PerYear", y.rate, "at most 600 events a year in all"}
	}
	y.width = y.reach() / yearGrid
	y.total = compoundFFT(y.rate, y.severity())
	return y, nil
}

// reach is a time that the year's total passes with negligible probability:
// its mean, 12 standard deviations, and the longest recovery of each kind.
func (y *Year) reach() float64 {
	mean, variance, longest := 0.0, 0.0, 0.0
	for _, k := range y.kinds {
		m, sd := k.Drain.Mean(), k.Drain.StdDev()
		mean += k.PerYear * m
		variance += k.PerYear * (m*m + sd*sd)
		longest = math.Max(longest, k.Drain.Quantile(1-1e-9))
	}
	top := mean + 12*math.Sqrt(variance) + 4*longest
	if top > 0 {
		return top
	}
	return 1 // every recovery takes no time at all
}

// severity is the law of one recovery on the grid. With the stop-loss
// function s(x) = E(T-x)^+ the mass at k*d is the second difference of s
// over d, which keeps the mean (H. U. Gerber, ASTIN Bulletin 13 (1982)).
func (y *Year) severity() []float64 {
	f := make([]float64, yearGrid)
	over := make([]float64, yearGrid+1)
	for _, k := range y.kinds {
		for i := range over {
			over[i] = k.Drain.MeanOver(float64(i) * y.width)
		}
		share := k.PerYear / y.rate
		f[0] += share * (1 - (over[0]-over[1])/y.width)
		for i := 1; i < yearGrid; i++ {
			f[i] += share * math.Max(0, over[i-1]-2*over[i]+over[i+1]) / y.width
		}
	}
	f[0] = math.Max(f[0], 0)
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
func (y *Year) Events() float64 { return y.rate }

// Breaches is the expected number of recoveries a year that take longer than
// within seconds.
func (y *Year) Breaches(within float64) float64 {
	sum := 0.0
	for _, k := range y.kinds {
		sum += k.PerYear * k.Drain.Exceed(within)
	}
	return sum
}

// AnyBreach is the probability of at least one such recovery in the year.
func (y *Year) AnyBreach(within float64) float64 { return -math.Expm1(-y.Breaches(within)) }

// Over is the expected time beyond the objective in the year, in seconds.
func (y *Year) Over(within float64) float64 {
	sum := 0.0
	for _, k := range y.kinds {
		sum += k.PerYear * k.Drain.MeanOver(within)
	}
	return sum
}

// Mean is the expected recovery time of the year in seconds.
func (y *Year) Mean() float64 {
	sum := 0.0
	for _, k := range y.kinds {
		sum += k.PerYear * k.Drain.Mean()
	}
	return sum
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
	return math.Min(sum, 1)
}

// Quantile is the least grid time t with CDF(t) >= p, for 0 < p < 1.
func (y *Year) Quantile(p float64) float64 {
	sum := 0.0
	for k, q := range y.total {
		if sum += q; sum >= p {
			return float64(k) * y.width
		}
	}
	return float64(len(y.total)) * y.width
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

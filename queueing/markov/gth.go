package markov

import (
	"fmt"
	"math"
	"slices"
)

// Stationary is the law p with p Q = 0, by the elimination of Grassmann,
// Taksar and Heyman (Oper. Res. 33 (1985) 1107): states are removed from the
// last to the first and their flow is passed on. No number is ever
// subtracted, so that each probability is found to nearly full relative
// precision, however rare the state. Probabilities below 1e-300 of the
// largest may come out as 0. The chain must have no exits.
func (b *Banded) Stationary() ([]float64, error) {
	e, err := b.eliminated()
	if err != nil {
		return nil, err
	}
	return e.backward(e.out), nil
}

// eliminated removes all states but the first, with the rate from each to the
// states below it.
func (b *Banded) eliminated() (factors, error) {
	for i, e := range b.exit {
		if e != 0 {
			return factors{}, fmt.Errorf("%w: state %d leaves for the absorbing set", ErrReducible, i)
		}
	}
	a := b.Clone()
	out := make([]float64, a.n)
	for k := a.n - 1; k > 0; k-- {
		if out[k] = a.below(k); out[k] == 0 {
			return factors{}, fmt.Errorf("%w: from state %d none below can be reached", ErrReducible, k)
		}
		a.eliminate(k, out[k])
	}
	return factors{a, out}, nil
}

// below sums the rates from k to lower states and the exit.
func (b *Banded) below(k int) float64 {
	sum := b.exit[k]
	lo := max(0, k-b.band)
	for _, r := range b.rate[b.at(k, lo):b.at(k, k)] {
		sum += r
	}
	return sum
}

// eliminate passes the flow into state k on to where k sends it; out is k's
// rate downwards.
func (b *Banded) eliminate(k int, out float64) {
	lo := max(0, k-b.band)
	row := b.rate[b.at(k, lo):b.at(k, k)]
	for i := lo; i < k; i++ {
		into := b.rate[b.at(i, k)]
		if into == 0 {
			continue
		}
		f := into / out
		dst := b.rate[b.at(i, lo) : b.at(i, lo)+len(row)]
		for j, r := range row {
			dst[j] += f * r
		}
		dst[i-lo] = 0 // a return to i is no jump
		b.exit[i] += f * b.exit[k]
	}
}

// backward turns the eliminated generator into the stationary law.
func (b *Banded) backward(out []float64) []float64 {
	const huge = 1e250
	p := make([]float64, b.n)
	p[0] = 1
	total := 1.0
	for k := 1; k < b.n; k++ {
		for i := max(0, k-b.band); i < k; i++ {
			p[k] += p[i] * (b.rate[b.at(i, k)] / out[k])
		}
		total += p[k]
		if total > huge {
			scale(p[:k+1], 1/total)
			total = 1
		}
	}
	scale(p, 1/total)
	return p
}

func scale(x []float64, f float64) {
	for i := range x {
		x[i] *= f
	}
}

// Absorption holds the first two moments of the time until absorption, from
// each state, in seconds.
type Absorption struct {
	Mean     []float64
	Variance []float64 // s^2
}

// Absorption solves for the time until the absorbing set is reached. The mean
// m satisfies -Q m = 1 and is eliminated without subtraction (A. S. Alfa,
// J. Xue, Q. Ye, Math. Comp. 71 (2002) 217), so that even means of 1e30 s keep
// their digits. The variance v satisfies -Q v = r with
// r_i = sum_j q_ij (m_j - m_i)^2, the absorbing set included with m = 0 (the
// quadratic variation of the martingale m(X_t) + t), which keeps its digits
// however small v is beside m^2. In a metastable chain the differences of m are
// lost in rounding; there v is the second moment, from -Q s = 2 m, less m^2.
// Numbers beyond the range of a float64 come out as +Inf.
func (b *Banded) Absorption() (Absorption, error) {
	f, err := b.factor()
	if err != nil {
		return Absorption{}, err
	}
	ones := make([]float64, b.n)
	for i := range ones {
		if !b.absorbed(i) {
			ones[i] = 1
		}
	}
	m := f.solve(ones)
	if b.rounded(m) {
		return Absorption{m, f.bySecondMoment(m)}, nil
	}
	return Absorption{m, f.solve(b.spread(m))}, nil
}

// rounded tells whether the rounding of m, squared and run up over the time m,
// would reach m^2 itself: eps^2 m^2 q m >= eps m^2.
func (b *Banded) rounded(m []float64) bool {
	const eps = 0x1p-52
	return slices.Max(m)*b.fastest()*eps > 1
}

// fastest is the largest rate out of a state that is not absorbed.
func (b *Banded) fastest() float64 {
	most := 0.0
	for i := range b.n {
		if !b.absorbed(i) {
			most = max(most, b.leaving(i))
		}
	}
	return most
}

// leaving is the rate out of state i.
func (b *Banded) leaving(i int) float64 {
	sum := b.exit[i]
	for _, r := range b.rate[b.at(i, i-b.band) : b.at(i, i+b.band)+1] {
		sum += r
	}
	return sum
}

func (f factors) bySecondMoment(m []float64) []float64 {
	v := f.solve(m)
	for i := range v {
		switch {
		case m[i] == 0:
			v[i] = 0
		case math.IsInf(m[i], 1) || math.IsInf(v[i], 1):
			v[i] = math.Inf(1)
		default:
			v[i] = m[i] * max(0, 2*(v[i]/m[i])-m[i])
		}
	}
	return v
}

// spread is the rate at which the square of m(X) varies.
func (b *Banded) spread(m []float64) []float64 {
	r := make([]float64, b.n)
	for i := range r {
		if b.absorbed(i) {
			continue
		}
		r[i] = b.exit[i] * m[i] * m[i]
		for j := max(0, i-b.band); j <= min(b.n-1, i+b.band); j++ {
			if q := b.rate[b.at(i, j)]; q > 0 {
				r[i] += q * (m[j] - m[i]) * (m[j] - m[i])
			}
		}
	}
	return r
}

// factors is -Q on the transient states, or on all but the first, eliminated.
type factors struct {
	*Banded
	out []float64
}

func (b *Banded) factor() (factors, error) {
	a := b.Clone()
	for i := range a.exit {
		if b.absorbed(i) {
			a.exit[i] = 1 // any positive rate: its sources are 0 and nothing leads here
		}
	}
	out := make([]float64, a.n)
	for k := a.n - 1; k >= 0; k-- {
		if out[k] = a.below(k); out[k] == 0 {
			return factors{}, fmt.Errorf("%w: from state %d absorption cannot be reached", ErrReducible, k)
		}
		a.eliminate(k, out[k])
	}
	return factors{a, out}, nil
}

// solve returns x with -Q x = source, for a source of at least 0.
func (f factors) solve(source []float64) []float64 {
	x := make([]float64, f.n)
	copy(x, source)
	for k := f.n - 1; k >= 0; k-- {
		for i := max(0, k-f.band); i < k; i++ {
			if into := f.rate[f.at(i, k)]; into > 0 {
				x[i] += into / f.out[k] * x[k]
			}
		}
	}
	for k := range x {
		sum := x[k]
		for j := max(0, k-f.band); j < k; j++ {
			if r := f.rate[f.at(k, j)]; r > 0 {
				sum += r * x[j]
			}
		}
		x[k] = sum / f.out[k]
		if math.IsNaN(x[k]) {
			x[k] = math.Inf(1)
		}
	}
	return x
}

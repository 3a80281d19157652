package montecarlo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sort"
)

// A SobolDesign is the set of points at which a function of several
// independent inputs is evaluated to find its Sobol indices: two independent
// matrices A and B of uniform numbers and, for each input i, A with column i
// taken from B (A. Saltelli et al., Computer Physics Communications 181
// (2010), section 2).
type SobolDesign struct {
	inputs, points int
	seed           uint64
	rows           [][]float64
}

// SobolIndex says how much of the variance of the answer one input explains:
// First by itself, Total with all its interactions. Both are shares; sampling
// error can carry them a little out of [0,1].
type SobolIndex struct {
	First, Total Estimate
}

// MaxSobolRows bounds the number of evaluations of one design.
const MaxSobolRows = 10_000_000

// NewSobolDesign draws a design of points*(inputs+2) rows; inputs >= 1 and
// points >= 16.
func NewSobolDesign(inputs, points int, seed uint64) (*SobolDesign, error) {
	if inputs < 1 || points < 16 || points > MaxSobolRows/(inputs+2) {
		return nil, fmt.Errorf("montecarlo: a Sobol design of %d inputs and %d points: want 1 or more inputs, 16 or more points and at most %d rows",
			inputs, points, MaxSobolRows)
	}
	d := &SobolDesign{inputs: inputs, points: points, seed: seed}
	rng := rand.New(rand.NewPCG(seed, 0x50b01))
	d.rows = make([][]float64, 0, points*(inputs+2))
	for range points {
		a, b := uniforms(rng, inputs), uniforms(rng, inputs)
		d.rows = append(d.rows, a, b)
		for i := range inputs {
			mixed := append([]float64(nil), a...)
			mixed[i] = b[i]
			d.rows = append(d.rows, mixed)
		}
	}
	return d, nil
}

func uniforms(rng *rand.Rand, n int) []float64 {
	u := make([]float64, n)
	for i := range u {
		u[i] = rng.Float64()
	}
	return u
}

// Rows are the points in the unit cube, in an order in which any prefix of
// inputs+2 rows belongs together. The caller must not change them.
func (d *SobolDesign) Rows() [][]float64 { return d.rows }

// Indices turns the function's values at Rows, in their order, into one index
// an input, by Saltelli's estimator for First and Jansen's for Total, with
// percentile bootstrap intervals over 400 resamples. A function that does not
// vary has zero indices.
func (d *SobolDesign) Indices(values []float64) ([]SobolIndex, error) {
	if len(values) != len(d.rows) {
		return nil, fmt.Errorf("montecarlo: %d values for a Sobol design of %d rows", len(values), len(d.rows))
	}
	for k, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("montecarlo: value %d of a Sobol design is %g, want a finite number", k, v)
		}
	}
	all := make([]int, d.points)
	for k := range all {
		all[k] = k
	}
	first, total := d.shares(values, all)
	return d.intervals(values, first, total), nil
}

func (d *SobolDesign) intervals(values, first, total []float64) []SobolIndex {
	const resamples = 400
	rng := rand.New(rand.NewPCG(d.seed, 0xb007))
	firsts, totals := make([][]float64, d.inputs), make([][]float64, d.inputs)
	pick := make([]int, d.points)
	for range resamples {
		for k := range pick {
			pick[k] = rng.IntN(d.points)
		}
		f, t := d.shares(values, pick)
		for i := range f {
			firsts[i], totals[i] = append(firsts[i], f[i]), append(totals[i], t[i])
		}
	}
	out := make([]SobolIndex, d.inputs)
	for i := range out {
		out[i] = SobolIndex{d.percentiles(first[i], firsts[i]), d.percentiles(total[i], totals[i])}
	}
	return out
}

func (d *SobolDesign) percentiles(value float64, sample []float64) Estimate {
	sort.Float64s(sample)
	tail := int((1 - Confidence) / 2 * float64(len(sample)))
	return Estimate{Value: value, Lo: math.Min(value, sample[tail]), Hi: math.Max(value, sample[len(sample)-1-tail]),
		Confidence: Confidence, N: d.points}
}

// shares are the first-order and total indices over the chosen points. The
// values are centred first: the estimators' variance grows with the mean.
func (d *SobolDesign) shares(values []float64, chosen []int) (first, total []float64) {
	first, total = make([]float64, d.inputs), make([]float64, d.inputs)
	stride := d.inputs + 2
	n, mean, square := float64(2*len(chosen)), 0.0, 0.0
	for _, k := range chosen {
		mean += (values[k*stride] + values[k*stride+1]) / n
	}
	for _, k := range chosen {
		a, b := values[k*stride]-mean, values[k*stride+1]-mean
		square += (a*a + b*b) / n
		for i := range d.inputs {
			mixed := values[k*stride+2+i] - mean
			first[i] += 2 * b * (mixed - a) / n
			total[i] += (a - mixed) * (a - mixed) / n
		}
	}
	if square == 0 {
		return first, total
	}
	for i := range first {
		first[i] /= square
		total[i] /= square
	}
	return first, total
}

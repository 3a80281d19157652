package queueing

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/dsp/fourier"
)

const (
	countGrid = 1 << 14 // points of the time grid
	countTilt = 16.0    // what wraps around the grid is damped by e^-16
	countMost = 1500    // services of one server that are counted
	countZero = 1e-15   // probabilities below are left out
)

// renewalCounts is the law of the number of services that one busy server
// completes up to given times: P(N(t) >= n) is the CDF at t of n services, by
// the n-th power of the gridded service time's transform. Tilting keeps what
// wraps around the grid below 1e-6 (P. Embrechts, M. Frei, Math. Methods Oper.
// Res. 69 (2009)).
type renewalCounts struct {
	times []float64 // increasing
	width float64   // s, of the grid
	mean  float64   // s
	scv   float64
	fresh []float64 // masses of a service on the grid
	equil []float64 // and of the rest of one in equilibrium
	fft   *fourier.FFT
	tilt  []float64 // e^(-16 i / 2^14)
	check func()    // called now and then, to stop
}

// newRenewalCounts puts the service time on a grid up to the last of the times.
// The residual service in equilibrium has density P(S > x) / E S (D. R. Cox,
// Renewal Theory, Methuen 1962, section 5.2).
func newRenewalCounts(s Service, times []float64) *renewalCounts {
	g := &renewalCounts{times: times, mean: s.Mean(), scv: s.SCV(), fft: fourier.NewFFT(countGrid)}
	g.width = times[len(times)-1] / (countGrid * 0.95)
	g.tilt = make([]float64, countGrid)
	for i := range g.tilt {
		g.tilt[i] = math.Exp(-countTilt * float64(i) / countGrid)
	}
	g.fresh = gridMass(s, g.width)[:countGrid]
	g.equil = make([]float64, countGrid)
	over, before := 1.0, 0.0 // P(S > x) to the right and left of a grid point
	for i, m := range g.fresh {
		over -= m
		g.equil[i] = g.width / g.mean * (math.Max(over, 0) + before) / 2
		before = math.Max(over, 0)
	}
	return g
}

// laws are the probabilities of each number, from a first number on, at each
// of the times. With equilibrium set the first service is a residual one.
func (g *renewalCounts) laws(equilibrium bool) ([]law, error) {
	lo := g.reach(g.times[0], -1)
	hi := g.reach(g.times[len(g.times)-1], 1)
	if hi > countMost {
		return nil, &UnsupportedError{DrainIdentity, fmt.Sprintf("each server may complete %d services, at most %d are counted", hi, countMost)}
	}
	out := make([]law, len(g.times))
	for i := range out {
		out[i] = law{lo, make([]float64, hi-lo+1)}
	}
	step := g.transform(g.fresh)
	power := g.transform(g.fresh)
	if equilibrium {
		power = g.transform(g.equil)
	}
	for n := 1; n <= hi; n++ { // power is the transform of n services
		g.check()
		if n > lo {
			cdf := g.cumulate(power)
			for i, t := range g.times {
				f := g.at(cdf, t)
				out[i].p[n-lo] += f
				out[i].p[n-lo-1] -= f
			}
		}
		for i, z := range step {
			power[i] *= z
		}
	}
	for i := range out {
		out[i].p[0]++ // P(N >= lo), which is 1
	}
	return out, nil
}

// reach is a number that the count up to t stays on one side of.
func (g *renewalCounts) reach(t, side float64) int {
	mean, sd := t/g.mean, math.Sqrt(g.scv*t/g.mean)
	n := mean + side*(9*sd+30)
	if side > 0 {
		n += 3 * (1 + g.scv) * math.Sqrt(mean) // short services come in rows
	}
	return max(0, int(n))
}

func (g *renewalCounts) transform(mass []float64) []complex128 {
	seq := make([]float64, countGrid)
	for i, m := range mass {
		seq[i] = m * g.tilt[i]
	}
	return g.fft.Coefficients(nil, seq)
}

// cumulate is the CDF at the grid points.
func (g *renewalCounts) cumulate(freq []complex128) []float64 {
	seq := g.fft.Sequence(nil, freq)
	sum := 0.0
	for i, x := range seq {
		sum += x / (countGrid * g.tilt[i])
		seq[i] = math.Min(1, math.Max(0, sum))
	}
	return seq
}

// at interpolates a CDF: the mass of a grid point is spread over its cell.
func (g *renewalCounts) at(cdf []float64, t float64) float64 {
	i, f := math.Modf(t/g.width - 0.5)
	if t/g.width < 0.5 {
		return cdf[0] * (t/g.width + 0.5)
	}
	return cdf[int(i)]*(1-f) + cdf[int(i)+1]*f
}

// countTail holds P(N >= n) for n from lo on; below lo it is 1, beyond 0.
type countTail struct {
	lo int
	p  []float64
}

func (a countTail) at(n int) float64 {
	switch i := n - a.lo; {
	case i < 0:
		return 1
	case i < len(a.p):
		return a.p[i]
	}
	return 0
}

// countSums adds up counts, keeping the plans of its transforms.
type countSums map[int]*fourier.FFT

// tail is that of the sum of m independent counts of law a and n of law b,
// which start at the same number, by the product of their transforms.
func (c countSums) tail(a law, m int, b law, n int) countTail {
	lo, hi := 0, len(a.p)
	for lo < hi-1 && math.Abs(a.p[lo]) < countZero && math.Abs(b.p[lo]) < countZero {
		lo++
	}
	for hi > lo+1 && math.Abs(a.p[hi-1]) < countZero && math.Abs(b.p[hi-1]) < countZero {
		hi--
	}
	size := 64
	for size < (m+n)*(hi-lo) {
		size *= 2
	}
	fft, ok := c[size]
	if !ok {
		fft = fourier.NewFFT(size)
		c[size] = fft
	}
	freq := func(p []float64) []complex128 {
		return fft.Coefficients(nil, append(append(make([]float64, 0, size), p...), make([]float64, size-len(p))...))
	}
	f, g := freq(a.p[lo:hi]), freq(b.p[lo:hi])
	for i := range f {
		f[i] = wholePower(f[i], m) * wholePower(g[i], n)
	}
	out := countTail{(m + n) * (a.lo + lo), fft.Sequence(nil, f)}
	sum := 0.0
	for i := size - 1; i >= 0; i-- {
		sum += out.p[i] / float64(size)
		out.p[i] = math.Min(1, math.Max(0, sum))
	}
	return out
}

// wholePower is z^n for n >= 0.
func wholePower(z complex128, n int) complex128 {
	out := complex(1, 0)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out *= z
		}
		z *= z
	}
	return out
}

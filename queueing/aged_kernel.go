package queueing

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/dsp/fourier"
	"gonum.org/v1/gonum/floats"
)

// agedKernel is the law of one service by cells of a width h: what it adds to a time that
// fills a cell evenly, and where one ends that begins at a known instant.
type agedKernel struct {
	service Service
	h       float64
	whole   int       // cells of which all services are multiples, which lead from point to point; 0: none
	more    []float64 // cells that a service adds
	some    []int     // with any chance, if those are few
	fft     *fourier.FFT
	spectre []complex128
	padded  []float64
	product []complex128
}

// agedSparse is over what part of the cells the lengths of services are few.
const agedSparse = 8

// shortfall is E max(0, x-S), the integral of the CDF up to x.
func shortfall(s Service, x float64) float64 {
	if x <= 0 {
		return 0
	}
	switch s := s.(type) {
	case Exponential:
		return x + s.MeanTime*math.Expm1(-x/s.MeanTime)
	case Deterministic:
		return math.Max(0, x-s.Time)
	case Gamma:
		scaled := x * s.Shape / s.MeanTime
		below, _ := gammaTails(s.Shape, scaled)
		sum, _ := gammaTails(s.Shape+1, scaled)
		return x*below - s.MeanTime*sum
	case Hyperexponential:
		return s.P1*shortfall(Exponential{s.Mean1}, x) + (1-s.P1)*shortfall(Exponential{s.Mean2}, x)
	case Lognormal:
		mu, sigma := s.Params()
		z := (math.Log(x) - mu) / sigma
		return x*normalCDF(z) - s.MeanTime*normalCDF(z-sigma)
	case Empirical:
		sum := 0.0
		for _, y := range s.times {
			sum += math.Max(0, x-y)
		}
		return sum / float64(len(s.times))
	}
	return math.NaN()
}

// longestService is one beyond which a service has no more than a chance.
func longestService(s Service, chance float64) float64 {
	switch s := s.(type) {
	case Deterministic:
		return s.Time
	case Empirical:
		return s.times[len(s.times)-1]
	}
	hi := s.Mean()
	for serviceCDF(s, hi) < 1-chance {
		hi *= 1.1
	}
	return hi
}

// hasLongest tells whether services have a longest one.
func hasLongest(s Service) bool {
	switch s.(type) {
	case Deterministic, Empirical:
		return true
	}
	return false
}

// latticeOf is the longest time of which all services are multiples, 0 if there is none.
func latticeOf(s Service) float64 {
	switch s := s.(type) {
	case Deterministic:
		return s.Time
	case Empirical:
		return divisorOf(s.times)
	}
	return 0
}

// divisorOf is the longest time of which all times are multiples, 0 if that is too short
// for rounding.
func divisorOf(times []float64) (all float64) {
	longest := slices.Max(times)
	for _, t := range times {
		for t > 1e-9*longest {
			all, t = t, math.Max(0, math.Mod(all+1e-10*longest, t)-1e-10*longest)
		}
	}
	if all > agedFinest*longest {
		return all
	}
	return 0
}

// agedFinest is the least share of the longest that is seen.
const agedFinest = 1e-4

func newAgedKernel(s Service, w agedWidths) *agedKernel {
	h, longest := w.h, w.longest
	k := &agedKernel{service: s, h: h, whole: int(math.Round(w.lattice / h))}
	cells := int(longest/h+1e-7) + 2
	k.more = make([]float64, cells)
	sum := 0.0
	for i := range k.more {
		x := float64(i) * h
		k.more[i] = math.Max(0, (shortfall(s, x+h)-2*shortfall(s, x)+shortfall(s, x-h))/h)
		sum += k.more[i]
	}
	for i := range k.more {
		if k.more[i] /= sum; k.more[i] > 1e-13 {
			k.some = append(k.some, i)
		} else {
			k.more[i] = 0
		}
	}
	if len(k.some) > cells/agedSparse {
		k.some = nil
	}
	return k
}

// blend makes a share of services those of another law.
func (k *agedKernel) blend(other *agedKernel, share float64) {
	more := make([]float64, max(len(k.more), len(other.more)))
	floats.AddScaled(more[:len(k.more)], 1-share, k.more)
	floats.AddScaled(more[:len(other.more)], share, other.more)
	k.more, k.some = more, nil
}

// begun is where, in cells, a service ends that begins at some instant between two of
// them, which are parts of a cell. A point is shared between its neighbours.
func (k *agedKernel) begun(from, to float64) []float64 {
	out := make([]float64, len(k.more)+2)
	if k.whole > 0 {
		late := (from + to) / 2
		for i, p := range k.more {
			out[i] += p * (1 - late)
			out[i+1] += p * late
		}
		return out
	}
	before, a, b := 0.0, from*k.h, to*k.h
	for i := range out {
		x := (float64(i) + 0.5) * k.h
		upTo := 0.0
		if b-a > 1e-6*k.h {
			upTo = (shortfall(k.service, x-a) - shortfall(k.service, x-b)) / (b - a)
		} else {
			upTo = serviceCDF(k.service, x-a)
		}
		out[i] = math.Max(0, upTo-before)
		before = math.Max(before, upTo)
	}
	out[len(out)-1] += 1 - before
	return out
}

// direct tells whether it is less work to add services one length at a time.
func (k *agedKernel) direct(cells int) bool {
	return k.some != nil || agedOneByOne(len(k.more), cells) < agedTransform(cells+len(k.more))
}

// The work of adding so many lengths of services to so many times, one by one, or by their
// transform, in ns.
func agedOneByOne(lengths, times int) float64 { return 0.35 * float64(lengths) * float64(times) }

func agedTransform(cells int) float64 {
	n := float64(powerOfTwo(cells))
	return 3.5 * n * math.Log2(n)
}

func powerOfTwo(least int) int {
	n := 1
	for n < least {
		n *= 2
	}
	return n
}

// add is the law of a time and a service, in dst, which has room for it.
func (k *agedKernel) add(dst, times []float64) {
	last := len(times) - 1
	for last >= 0 && times[last] == 0 {
		last--
	}
	clear(dst)
	switch {
	case last < 0:
	case k.some != nil:
		for _, j := range k.some {
			floats.AddScaled(dst[j:j+last+1], k.more[j], times[:last+1])
		}
	case k.direct(last + 1):
		for i, p := range times[:last+1] {
			if p != 0 {
				floats.AddScaled(dst[i:i+len(k.more)], p, k.more)
			}
		}
	default:
		k.transform(len(dst))
		clear(k.padded)
		copy(k.padded, times[:last+1])
		k.product = k.fft.Coefficients(k.product, k.padded)
		for i, z := range k.spectre {
			k.product[i] *= z
		}
		k.fft.Sequence(k.padded, k.product)
		least := math.Inf(-1)
		if floats.Min(times[:last+1]) >= 0 { // but for rounding
			least = 0
		}
		for i := range min(len(dst), last+len(k.more)) {
			dst[i] = math.Max(least, k.padded[i]/float64(len(k.padded)))
		}
	}
}

// transform prepares for sums of so many cells, at the first time.
func (k *agedKernel) transform(cells int) {
	if k.fft != nil {
		return
	}
	n := powerOfTwo(cells)
	k.fft, k.padded = fourier.NewFFT(n), make([]float64, n)
	copy(k.padded, k.more)
	k.spectre = k.fft.Coefficients(nil, k.padded)
}

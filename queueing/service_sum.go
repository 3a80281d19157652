package queueing

import (
	"math"
	"math/cmplx"
	"sort"

	"gonum.org/v1/gonum/dsp/fourier"
)

// A ServiceSum is the law of the time that one server needs for k requests.
type ServiceSum struct {
	service Service
	k       int
	grid    []float64    // CDF at multiples of width, for few requests
	width   float64      // s
	series  []complex128 // Fourier coefficients of the density, for many
	from    float64      // s, where the series' window starts
}

const (
	sumGrid    = 1 << 15 // grid points for laws without a closed form
	sumMany    = 64      // from here on the series takes over from the grid
	sumTerms   = 4096    // of the series at most
	sumReach   = 40.0    // standard deviations that grid and window hold
	sumEpsilon = 1e-17   // coefficients below this are left out
)

// SumOf is the law of the sum of k independent service times, k >= 1. It is
// exact for exponential, gamma and deterministic services and for one service
// of any law. For fewer than 64 requests the service time is put on a grid of
// 2^15 points that keeps the mean and adds less than (1e-3 sd)^2 to the
// variance; from 64 on the CDF is the Fourier series of the transform's k-th
// power, which smooths the atoms of a measured law.
func SumOf(s Service, k int) (ServiceSum, error) {
	if err := countBetween("SumOf.k", k, 1, MaxCount); err != nil {
		return ServiceSum{}, err
	}
	if err := s.Validate(); err != nil {
		return ServiceSum{}, err
	}
	sum := ServiceSum{service: s, k: k}
	switch s.(type) {
	case Exponential, Gamma, Deterministic:
		return sum, nil
	}
	switch {
	case k >= sumMany:
		sum.expand()
	case k > 1:
		sum.convolve()
	}
	return sum, nil
}

// Mean of the sum in seconds.
func (a ServiceSum) Mean() float64 { return float64(a.k) * a.service.Mean() }

// Variance of the sum in s^2.
func (a ServiceSum) Variance() float64 {
	m := a.service.Mean()
	return float64(a.k) * a.service.SCV() * m * m
}

// CDF is P(S_1 + ... + S_k <= x).
func (a ServiceSum) CDF(x float64) float64 {
	switch s := a.service.(type) {
	case Exponential:
		below, _ := gammaTails(float64(a.k), x/s.MeanTime)
		return below
	case Gamma:
		below, _ := gammaTails(float64(a.k)*s.Shape, x*s.Shape/s.MeanTime)
		return below
	case Deterministic:
		return indicator(x >= s.Time*float64(a.k))
	}
	switch {
	case a.k == 1:
		return serviceCDF(a.service, x)
	case a.series != nil:
		return a.sumSeries(x)
	}
	return a.interpolate(x)
}

func indicator(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// serviceCDF is P(S <= x) for every law.
func serviceCDF(s Service, x float64) float64 {
	if x < 0 {
		return 0
	}
	switch s := s.(type) {
	case Exponential:
		return -math.Expm1(-x / s.MeanTime)
	case Deterministic:
		return indicator(x >= s.Time)
	case Gamma:
		below, _ := gammaTails(s.Shape, x*s.Shape/s.MeanTime)
		return below
	case Hyperexponential:
		return -s.P1*math.Expm1(-x/s.Mean1) - (1-s.P1)*math.Expm1(-x/s.Mean2)
	case Lognormal:
		return LognormalDelay{s.MeanTime, math.Sqrt(s.Variability)}.Between(0, x)
	case Empirical:
		return float64(sort.Search(len(s.times), func(i int) bool { return s.times[i] > x })) / float64(len(s.times))
	}
	return math.NaN() // no other law is in this package
}

// convolve raises the transform of the gridded service time to the k-th
// power. Tilting by exp(-theta x) keeps what wraps around the grid below
// rounding (P. Embrechts, M. Frei, Math. Methods Oper. Res. 69 (2009)).
func (a *ServiceSum) convolve() {
	a.width = (a.Mean() + sumReach*math.Sqrt(a.Variance())) / sumGrid
	mass := gridMass(a.service, a.width)
	const tilt = 20.0 / sumGrid
	seq := make([]complex128, sumGrid)
	for i, m := range mass {
		seq[i] = complex(m*math.Exp(-tilt*float64(i)), 0)
	}
	fft := fourier.NewCmplxFFT(sumGrid)
	freq := fft.Coefficients(nil, seq)
	for i, z := range freq {
		freq[i] = cmplx.Pow(z, complex(float64(a.k), 0))
	}
	seq = fft.Sequence(nil, freq)
	a.grid = make([]float64, sumGrid)
	total := 0.0
	for i, z := range seq {
		total += math.Max(0, real(z)) / sumGrid * math.Exp(tilt*float64(i))
		a.grid[i] = math.Min(total, 1)
	}
}

// gridMass shares the mass of each cell between the multiples of width on
// either side of it so that its mean is kept. The mean of a cell is the
// integral of its CDF by Simpson's rule, in the first cell on pieces that halve
// towards 0: there a gamma CDF of small shape rises like a root.
func gridMass(s Service, width float64) []float64 {
	mass := make([]float64, sumGrid)
	if e, ok := s.(Empirical); ok {
		for _, x := range e.times {
			i, f := math.Modf(x / width)
			share(mass, int(i), f, 1/float64(len(e.times)))
		}
		return mass
	}
	left := 0.0
	for i := range mass[:sumGrid-1] {
		mid, right := serviceCDF(s, (float64(i)+0.5)*width), serviceCDF(s, float64(i+1)*width)
		if p := right - left; p > 0 {
			area := (left + 4*mid + right) / 6
			if i == 0 {
				area = firstCell(s, width) / width
			}
			f := 1 - (area-left)/p
			share(mass, i, f, p)
		}
		left = right
	}
	return mass
}

// firstCell is the integral of the CDF from 0 to width.
func firstCell(s Service, width float64) float64 {
	sum, hi := 0.0, width
	for range 48 {
		lo := hi / 2
		sum += (hi - lo) / 6 * (serviceCDF(s, lo) + 4*serviceCDF(s, 0.75*hi) + serviceCDF(s, hi))
		hi = lo
	}
	return sum
}

func share(mass []float64, i int, f, p float64) {
	if i+1 < len(mass) {
		mass[i] += p * (1 - f)
		mass[i+1] += p * f
	}
}

func (a ServiceSum) interpolate(x float64) float64 {
	if x < 0 {
		return 0
	}
	i, f := math.Modf(math.Max(0, x/a.width-0.5)) // mass at i is spread over i-1/2 to i+1/2
	if int(i)+1 >= len(a.grid) {
		return a.grid[len(a.grid)-1]
	}
	return a.grid[int(i)]*(1-f) + a.grid[int(i)+1]*f
}

// expand finds the Fourier coefficients E exp(-i w_j (X - from)) of the sum's
// density over a window that holds it.
func (a *ServiceSum) expand() {
	a.width = 2 * sumReach * math.Sqrt(a.Variance())
	a.from = a.Mean() - a.width/2
	a.series = []complex128{1}
	for j := 1; j < sumTerms; j++ {
		w := 2 * math.Pi * float64(j) / a.width
		z := cmplx.Exp(complex(float64(a.k), 0)*cmplx.Log(a.service.Transform(complex(0, w))) + complex(0, w*a.from))
		a.series = append(a.series, z)
		if cmplx.Abs(z) < sumEpsilon {
			return
		}
	}
}

// sumSeries integrates the series from the window's start to x.
func (a ServiceSum) sumSeries(x float64) float64 {
	y := (x - a.from) / a.width
	switch {
	case y <= 0:
		return 0
	case y >= 1:
		return 1
	}
	sum := y
	for j, c := range a.series[1:] {
		w := 2 * math.Pi * float64(j+1)
		sum += 2 * real(c*(cmplx.Exp(complex(0, w*y))-1)/complex(0, w))
	}
	return math.Min(1, math.Max(0, sum))
}

package queueing

import (
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// gridSums answers for few services of any law from tables of the densities
// of sums of services, made by the n-th power of the gridded service time's
// transform, which it interpolates between the grid points. Tilting
// keeps what wraps around below rounding.
type gridSums struct {
	service Service
	width   float64     // s, between grid points
	density [][]float64 // of n services, from n = 1, in 1/s
}

const (
	gridPoints = 1 << 13
	gridMost   = 110  // services
	gridTilt   = 30.0 // exponent at the end of the grid
)

func newGridSums(s Service) *gridSums {
	m, scv := s.Mean(), s.SCV()
	longest := m * (atomFew + 6*math.Sqrt(atomFew*scv))
	g := &gridSums{service: s, width: longest / gridPoints}
	fft := fourier.NewFFT(2 * gridPoints)
	tilt := func(i int) float64 { return math.Exp(-gridTilt * float64(i) / (2 * gridPoints)) }
	seq := make([]float64, 2*gridPoints)
	for i, p := range gridMass(s, g.width)[:2*gridPoints] {
		seq[i] = p * tilt(i)
	}
	step := fft.Coefficients(nil, seq)
	for i := range step { // sharing mass between neighbours has convolved it with a hat
		theta := complex(gridTilt, 2*math.Pi*float64(i)) / (2 * gridPoints) / 2
		hat := cmplx.Sinh(theta) / theta
		step[i] /= hat * hat
	}
	power := make([]complex128, len(step))
	for i := range power {
		power[i] = 1
	}
	for range gridMost {
		for i, z := range step {
			power[i] *= z
		}
		row := make([]float64, gridPoints)
		for i, x := range fft.Sequence(seq, power)[:gridPoints] {
			row[i] = math.Max(0, x) / (2 * gridPoints * tilt(i) * g.width)
		}
		g.density = append(g.density, row)
	}
	return g
}

// shortest is the grid's width or, if that is more, the time below which a
// tenth of a percent of the services are.
func (g *gridSums) shortest() float64 {
	l := g.service.(Lognormal)
	return math.Max(g.width, LognormalDelay{l.MeanTime, math.Sqrt(l.Variability)}.Quantile(1e-3))
}

// reach is the longest time in the tables, in s.
func (g *gridSums) reach() float64 { return g.width * gridPoints }

func (g *gridSums) last(k, u, a float64) float64 {
	i, f := math.Modf(u / g.width)
	if int(i)+2 >= gridPoints {
		return 0
	}
	c := cubic(f)
	from := int(i) - 1
	sum := 0.0
	p := poissonProb(0, a)
	for n, extra := int(math.Max(k, 1)), 0.0; n <= gridMost; n++ {
		row := g.density[n-1]
		v := c[1]*row[from+1] + c[2]*row[from+2] + c[3]*row[from+3]
		if from >= 0 {
			v += c[0] * row[from]
		}
		sum += p / float64(n) * v
		extra++
		if p *= a / extra; p < 1e-18 && extra > a {
			break
		}
	}
	return math.Max(0, u*sum)
}

// cubic are the weights of four neighbours for a point f of the way from the
// second to the third.
func cubic(f float64) [4]float64 {
	return [4]float64{-f * (f - 1) * (f - 2) / 6, (f*f - 1) * (f - 2) / 2, -f * (f + 1) * (f - 2) / 2, f * (f*f - 1) / 6}
}

// exponent is not asked of few services.
func (g *gridSums) exponent(_, _, _ float64) float64 { return 0 }

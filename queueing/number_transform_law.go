package queueing

import (
	"fmt"
	"math"
	"math/cmplx"

	"gonum.org/v1/gonum/dsp/fourier"
)

// numberSpectrum has the transforms of the laws for moved means on a grid, of numbers
// counted from lo on, as logarithms over that of the middle one.
type numberSpectrum struct {
	*numberTransform
	fft      *fourier.FFT
	size     int
	from, lo int // the numbers at the beginning of the laws, and of what comes out
	middle   []complex128
	moved    [][][]complex128
	both     [][][]complex128
	base     float64 // what comes from sure on, beside the pools
	served   float64
}

// law is that with fixed numbers, and with the linear part alone, and what the transform
// loses of it.
func (f *numberTransform) law(n transformNodes) (full, linear law, off float64) {
	s := f.spectrum(n)
	all, some := make([]complex128, len(s.middle)), make([]complex128, len(s.middle))
	for j := range s.middle {
		var least float64
		all[j], some[j], least = s.fixed(j)
		if size := cmplx.Abs(all[j]); size < transformEnd || least < transformLeast {
			off = size
			break
		}
	}
	full, lost := s.inverse(all)
	linear, _ = s.inverse(some)
	return full, linear, off + lost
}

const (
	transformEnd   = 1e-13 // transforms beyond which there is nothing
	transformLeast = 1e-9  // those of laws that have no digits
)

// spectrum lays the grid out, wide enough for the number at begin.
func (f *numberTransform) spectrum(n transformNodes) *numberSpectrum {
	s := &numberSpectrum{numberTransform: f, served: f.Work(f.sure, f.begin)}
	hi := s.place(n)
	come := f.cfg.Arrivals.Flow(f.sure, f.begin)
	s.base = come
	for _, pool := range f.pools {
		s.base -= pool.left * pool.members
	}
	reach := transformWide*math.Sqrt(come+s.served) + 20
	s.lo = s.from + int(math.Floor(come-s.served-reach))
	last := hi + int(math.Ceil(come-s.served+reach))
	for s.size = 64; s.size < last-s.lo+1; s.size *= 2 {
	}
	if s.size > transformMost {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("the number in the lane has %d values", s.size)}})
	}
	s.fft = fourier.NewFFT(s.size)
	s.middle = s.transform(n.middle)
	for i := range n.moved {
		s.moved, s.both = append(s.moved, s.overAll(n.moved[i])), append(s.both, s.overAll(n.both[i]))
	}
	return s
}

// place finds where the laws begin, and end.
func (s *numberSpectrum) place(n transformNodes) (hi int) {
	s.from, hi = n.middle.lo, n.middle.hi()
	for i := range n.moved {
		for _, x := range append(n.both[i][:i:i], n.moved[i]...) {
			s.from, hi = min(s.from, x.lo), max(hi, x.hi())
		}
	}
	return hi
}

func (s *numberSpectrum) overAll(laws []law) (out [][]complex128) {
	for _, n := range laws {
		out = append(out, s.over(n))
	}
	return out
}

func (s *numberSpectrum) transform(n law) []complex128 {
	p := make([]float64, s.size)
	copy(p[n.lo-s.from:], n.p)
	return s.fft.Coefficients(nil, p)
}

// over is the logarithm of a law's transform over the middle one's, continuous from 0 on.
func (s *numberSpectrum) over(n law) []complex128 {
	out := s.transform(n)
	before := 0.0
	for j, x := range out {
		l := cmplx.Log(x / s.middle[j])
		turn := before - imag(l)
		before = imag(l) + 2*math.Pi*math.Round(turn/(2*math.Pi))
		out[j] = complex(real(l), before)
	}
	return out
}

// fixed is the transform of the number at begin with fixed numbers of members, also with
// its linear part alone, and the least of those that it comes from.
func (s *numberSpectrum) fixed(j int) (full, linear complex128, least float64) {
	theta := 2 * math.Pi * float64(j) / float64(s.size)
	z := cmplx.Rect(1, -theta)
	log := complex(s.base, 0)*(z-1) + complex(s.served, 0)*(1/z-1) + complex(0, -theta*float64(s.from-s.lo))
	middle := cmplx.Abs(s.middle[j])
	least = middle
	var rest beyondLinear
	for k, pool := range s.pools {
		var at []complex128
		for _, x := range s.moved[k] {
			at = append(at, x[j])
			least = math.Min(least, middle*math.Exp(real(x[j])))
		}
		powers := powersOf(at)
		slope := powers[1] / complex(pool.half, 0)
		r := 1 + complex(pool.left, 0)*(z-1) + slope
		log += complex(pool.members, 0) * (cmplx.Log(r) - slope)
		powers[1] = 0
		rest.powers = append(rest.powers, powers)
		var products []complex128
		for i, both := range s.both[k] {
			products = append(products, both[j]-s.moved[k][0][j]-s.moved[i][0][j])
		}
		rest.products = append(rest.products, products)
		rest.at = append(rest.at, pool.saddle(r))
	}
	linear = s.middle[j] * cmplx.Exp(log)
	return linear * rest.mean(s.pools, nil), linear, least
}

// saddle is the ring through the saddle point, in halves from the mean.
func (pool movedPool) saddle(r complex128) (at []complex128) {
	for _, p := range pool.ring {
		at = append(at, complex(pool.members/pool.half, 0)*(p.mean/r-1))
	}
	return at
}

// powersOf are the coefficients of the polynomial that is 0 at 0 and takes the values at
// 1 and -1, and at 2 and -2 if those are there.
func powersOf(at []complex128) []complex128 {
	odd, even := (at[0]-at[1])/2, (at[0]+at[1])/2
	if len(at) == 2 {
		return []complex128{0, odd, even}
	}
	cube, fourth := ((at[2]-at[3])/2-2*odd)/6, ((at[2]+at[3])/2-4*even)/12
	return []complex128{0, odd - cube, even - fourth, cube, fourth}
}

// beyondLinear is what there is beside the linear part, at points of each pool in halves.
type beyondLinear struct {
	powers   [][]complex128
	products [][]complex128
	at       [][]complex128
}

// mean is the weighted sum of its exponential over the points, those of the first pools
// being chosen.
func (q beyondLinear) mean(pools []movedPool, chosen []complex128) complex128 {
	k := len(chosen)
	sum := complex(0, 0)
	if k == len(pools) {
		for i, x := range chosen {
			powers := q.powers[i]
			part := complex(0, 0)
			for n := len(powers) - 1; n >= 0; n-- {
				part = part*x + powers[n]
			}
			sum += part
			for j, c := range q.products[i] {
				sum += c * x * chosen[j]
			}
		}
		return cmplx.Exp(sum)
	}
	for i, r := range pools[k].ring {
		sum += r.weight * q.mean(pools, append(chosen[:k:k], q.at[k][i]))
	}
	return sum
}

// inverse is the law of a transform, and what of it is below 0.
func (s *numberSpectrum) inverse(transform []complex128) (n law, lost float64) {
	n = law{s.lo, s.fft.Sequence(nil, transform)}
	for i, x := range n.p {
		n.p[i] = math.Max(0, x/float64(s.size))
		lost += n.p[i] - x/float64(s.size)
	}
	return n, lost
}

// lawsApart is the largest difference of two laws' distribution functions.
func lawsApart(a, b law) float64 {
	worst, sum := 0.0, 0.0
	for n := min(a.lo, b.lo); n <= max(a.hi(), b.hi()); n++ {
		if n >= a.lo && n <= a.hi() {
			sum += a.p[n-a.lo]
		}
		if n >= b.lo && n <= b.hi() {
			sum -= b.p[n-b.lo]
		}
		worst = math.Max(worst, math.Abs(sum))
	}
	return worst
}

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
	up, down [][]complex128
	both     [][][]complex128
	base     float64 // what comes from sure on, beside the pools
	served   float64
}

// law puts the law with fixed numbers together, and tells what it may be off by.
func (f *numberTransform) law(n transformNodes) (law, float64, error) {
	s, err := f.spectrum(n)
	if err != nil {
		return law{}, 0, err
	}
	full, linear := make([]complex128, len(s.middle)), make([]complex128, len(s.middle))
	off := f.unsure()
	for j := range s.middle {
		var least float64
		full[j], linear[j], least = s.fixed(j)
		if size := cmplx.Abs(full[j]); size < transformEnd || least < transformLeast {
			off += size
			break
		}
	}
	a, lost := s.inverse(full)
	b, _ := s.inverse(linear)
	change, sum := 0.0, 0.0
	for i := range a {
		sum += a[i] - b[i]
		change = math.Max(change, math.Abs(sum))
	}
	if off += lost + transformThird*change; off > transformWorst*f.asked.tolerance() {
		return law{}, 0, &UnsupportedError{DrainDensity, fmt.Sprintf("the number with fixed numbers of members may be off by %.1g", off)}
	}
	return law{s.lo, a}.without(f.asked.cut()), off + 2*f.asked.cut(), nil
}

const (
	transformEnd   = 1e-13 // transforms beyond which there is nothing
	transformLeast = 1e-9  // those of laws that have no digits
	// transformThird of what the second degree changes the third was seen to, at most: 0.04.
	transformThird = 0.1
	transformWorst = 10 // times the tolerance
)

// spectrum lays the grid out, wide enough for the number at begin.
func (f *numberTransform) spectrum(n transformNodes) (*numberSpectrum, error) {
	s := &numberSpectrum{numberTransform: f, served: f.Work(f.sure, f.begin)}
	all := append(append([]law{n.middle}, n.up...), n.down...)
	for _, row := range n.both {
		all = append(all, row...)
	}
	s.from = n.middle.lo
	hi := n.middle.hi()
	for _, x := range all {
		s.from, hi = min(s.from, x.lo), max(hi, x.hi())
	}
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
		return nil, &UnsupportedError{DrainDensity, fmt.Sprintf("the number in the lane has %d values", s.size)}
	}
	s.fft = fourier.NewFFT(s.size)
	s.middle = s.transform(n.middle)
	for i := range n.up {
		s.up, s.down = append(s.up, s.over(n.up[i])), append(s.down, s.over(n.down[i]))
		var row [][]complex128
		for _, x := range n.both[i] {
			row = append(row, s.over(x))
		}
		s.both = append(s.both, row)
	}
	return s, nil
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
	least = cmplx.Abs(s.middle[j])
	q := quadratic{}
	for k, pool := range s.pools {
		up, down := s.up[k][j], s.down[k][j]
		least = math.Min(least, cmplx.Abs(s.middle[j])*math.Exp(math.Min(real(up), real(down))))
		slope := (up - down) / complex(2*pool.half, 0)
		r := 1 + complex(pool.left, 0)*(z-1) + slope
		log += complex(pool.members, 0) * (cmplx.Log(r) - slope)
		q.square = append(q.square, (up+down)/2)
		var row []complex128
		for i := range k {
			row = append(row, s.both[k][i][j]-up-s.up[i][j])
		}
		q.product = append(q.product, row)
		var at []complex128
		for _, p := range pool.ring {
			at = append(at, complex(pool.members/pool.half, 0)*(p.mean/r-1))
		}
		q.at = append(q.at, at)
	}
	linear = s.middle[j] * cmplx.Exp(log)
	return linear * q.mean(s.pools, nil), linear, least
}

// quadratic is the part of the second degree, at points of each pool in units of half.
type quadratic struct {
	square  []complex128
	product [][]complex128
	at      [][]complex128
}

// mean is the weighted sum of its exponential over the points, those of the first pools
// being chosen.
func (q quadratic) mean(pools []movedPool, chosen []complex128) complex128 {
	k := len(chosen)
	if k == len(pools) {
		sum := complex(0, 0)
		for i, x := range chosen {
			sum += q.square[i] * x * x
			for j, c := range q.product[i] {
				sum += c * x * chosen[j]
			}
		}
		return cmplx.Exp(sum)
	}
	sum := complex(0, 0)
	for i, r := range pools[k].ring {
		sum += r.weight * q.mean(pools, append(chosen[:k:k], q.at[k][i]))
	}
	return sum
}

// inverse is the law of a transform, and what of it is below 0.
func (s *numberSpectrum) inverse(transform []complex128) (p []float64, lost float64) {
	p = s.fft.Sequence(nil, transform)
	for i, x := range p {
		p[i] = math.Max(0, x/float64(s.size))
		lost += p[i] - x/float64(s.size)
	}
	return p, lost
}

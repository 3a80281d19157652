package queueing

import (
	"math"
	"sort"
)

// serviceTable holds the densities g_n of the sums of n services, as polynomials of
// the sum over panels no wider than these are smooth, for all n that matter there.
// Averages over the number of services then take no inversions of transforms. With
// last as in [workSums], u g_n(u) = n last(n,u,0).
type serviceTable struct {
	sums   *poleSums
	most   func(u float64) int // n that may be asked for, about
	few    int                 // n that are asked for up to begin, when the table is long
	panels []tablePanel
	values int       // in all panels
	card   []float64 // of the last place
	out    []float64
	buffer []float64
}

// tablePanel holds u g_n(u) at Chebyshev points.
type tablePanel struct {
	lo, hi float64
	g      [][]float64 // g[i][n-1] at the i-th point
	below  []float64   // P(sum of n <= lo)
	cut    bool        // more n would matter
}

const (
	tableWidth  = 0.5   // panels over sigma of ln u, and over the standard deviation of a sum that is u in the mean
	tableStart  = 9.0   // sigma below the median, where the table starts
	tableEnd    = 1e-19 // of what is left out
	tableBlock  = 0.25  // numbers of services along one path over the first of them
	tableAlike  = 2.0   // and at most, over the standard deviation of their work in services
	tableShort  = 0.3   // but more of them, over those that the sum lacks
	tableLeast  = 150   // services, in which as many arrive as are counted with at least
	tableValues = 4e5   // in panels of all n, and a quarter of those in all
)

// scale is the width of a panel from u on.
func (t *serviceTable) scale(u float64) float64 {
	s := t.sums.service
	sigma := math.Sqrt(math.Log1p(s.SCV()))
	return math.Min(u*math.Expm1(tableWidth*sigma), tableWidth*math.Sqrt(s.SCV()*s.Mean()*math.Max(u, s.Mean())))
}

// covers tells whether the table goes up to u for n services.
func (t *serviceTable) covers(u float64, n int) bool {
	if t == nil {
		return false
	}
	if len(t.panels) == 0 {
		mu, sigma := t.sums.service.(Lognormal).Params()
		lo := math.Exp(mu - tableStart*sigma)
		t.add(lo, nil)
	}
	for u > t.panels[len(t.panels)-1].hi {
		if t.values > 4*tableValues || t.values > tableValues && n > t.few {
			return false
		}
		last := &t.panels[len(t.panels)-1]
		t.add(last.hi, t.belows(last, last.hi))
	}
	p := t.holds(u)
	return p == nil || n <= len(p.g[0]) || !p.cut
}

// holds is the panel that holds u, nil below the first.
func (t *serviceTable) holds(u float64) *tablePanel {
	if !(u > t.panels[0].lo) {
		return nil
	}
	return &t.panels[sort.Search(len(t.panels), func(i int) bool { return t.panels[i].hi >= u })]
}

// add a panel from lo on.
func (t *serviceTable) add(lo float64, below []float64) {
	p := tablePanel{lo: lo, hi: lo + t.scale(lo), below: below, g: make([][]float64, len(cheb16.x))}
	mean, cap := t.sums.service.Mean(), t.most(p.hi)
	if t.values > tableValues {
		cap = t.few
	}
	for n := 1; ; {
		to := min(t.block(n, p.lo), max(n, cap))
		most := 0.0
		for i, x := range cheb16.x {
			u := (p.lo+p.hi)/2 + (p.hi-p.lo)/2*x
			from := len(p.g[i])
			p.g[i] = t.sums.alike(p.g[i], n, to, u)
			for _, v := range p.g[i][from:] {
				most = math.Max(most, v)
			}
		}
		t.values += len(cheb16.x) * (to - n + 1)
		n = to + 1
		if most < tableEnd && float64(n)*mean > p.lo {
			break
		}
		if p.cut = to >= cap; p.cut {
			break
		}
	}
	if len(t.panels) > 0 && t.panels[len(t.panels)-1].cut {
		for n := len(p.below) + 1; n <= len(p.g[0]); n++ {
			p.below = append(p.below, t.sums.below(float64(n), lo, 0))
		}
	}
	t.panels = append(t.panels, p)
}

// block is the last of the numbers of services along one path, n the first: their
// mean works are no more than a few standard deviations apart, or much less than
// what a sum that is u exceeds them by.
func (t *serviceTable) block(n int, u float64) int {
	s := t.sums.service
	x := float64(n)
	return n + int(math.Max(0, math.Max(math.Min(tableBlock*x, tableAlike*math.Sqrt(x*s.SCV())), tableShort*(u/s.Mean()-x))))
}

// alike appends n last(n,u,0) for n up to to, all along one path.
func (w *poleSums) alike(dst []float64, n, to int, u float64) []float64 {
	path := w.path(float64(n), u, 0)
	path.logs = true
	first := len(dst)
	dst = append(dst, make([]float64, to-n+1)...)
	end := 0.0
	for j, small := 0, 0; j < contourTerms && small < path.patience; j++ {
		q := path.at(j)
		phase := q.phase(float64(n-1), u, 0)
		sin, cos := math.Sincos(imag(phase))
		size := math.Exp(real(phase))
		f := complex(size*cos, size*sin) * q.slope * path.turn(j, &q)
		if j == 0 {
			f /= 2
		}
		s := q.value
		re, im, x, y := real(f), imag(f), real(s), imag(s)
		size = span(f)
		for i := range dst[first:] {
			dst[first+i] += re
			re, im = re*x-im*y, re*y+im*x
		}
		size = math.Max(size, math.Abs(re)+math.Abs(im))
		if j == 0 {
			end = contourEnd * size
		}
		if small++; size > end {
			small = 0
		}
	}
	for i := range dst[first:] {
		dst[first+i] *= 2 * path.x / math.Pi * path.h * float64(n+i)
	}
	return dst
}

// density is u g_n(u) for n from first to last, or to where it vanishes.
func (t *serviceTable) density(u float64, first, last int) []float64 {
	t.out = t.out[:0]
	p := t.holds(u)
	if p == nil {
		return t.out
	}
	last = min(last, len(p.g[0]))
	if last < first {
		return t.out
	}
	if t.card == nil {
		t.card = make([]float64, len(cheb16.x))
	}
	cheb16.cardinals(t.card, (2*u-p.lo-p.hi)/(p.hi-p.lo))
	t.out = append(t.out, make([]float64, last-first+1)...)
	for i, c := range t.card {
		for n, v := range p.g[i][first-1 : last] {
			t.out[n] += c * v
		}
	}
	return t.out
}

// below is P(sum of n <= u) for n from 1 on.
func (t *serviceTable) below(u float64) []float64 {
	p := t.holds(u)
	if p == nil {
		return nil
	}
	return t.belows(p, u)
}

func (t *serviceTable) belows(p *tablePanel, u float64) []float64 {
	x := (2*u - p.lo - p.hi) / (p.hi - p.lo)
	half := (p.hi - p.lo) / 2
	dst := make([]float64, len(p.g[0]))
	copy(dst, p.below)
	for i, at := range cheb16.x {
		w := half * clenshaw(antiderivative(cheb16.coef[i]), x) / ((p.lo+p.hi)/2 + half*at)
		for n, v := range p.g[i] {
			dst[n] += w * v
		}
	}
	return dst
}

// terms are those of [countTerms.outwards].
func (t *serviceTable) terms(dst []float64, k int, u, a float64, last bool) (lo int, terms []float64) {
	first, most := max(k, 1), k
	if a >= noArrival {
		reach := tableReach * (math.Sqrt(a) + 1)
		first, most = max(first, k+int(a-reach)), k+int(a+reach)+1
	}
	g := t.density(u, first, most)
	if len(g) == 0 {
		return 0, dst
	}
	chance := 1.0
	if a >= noArrival {
		chance = poissonProb(float64(first-k), a)
	}
	for i, v := range g {
		n := first + i
		if last {
			v /= float64(n)
		} else {
			v /= u
		}
		dst = append(dst, v*chance)
		chance *= a / float64(n+1-k)
	}
	return first - k, dst
}

// mostOf is the largest number of services that count of k + A.
func mostOf(k int, a float64) int { return k + int(a+tableReach*(math.Sqrt(a)+1)) + 1 }

// tableReach is how far a Poisson number is from its mean at most, in standard
// deviations and over that.
const tableReach = 9.0

// sum is that of terms.
func (t *serviceTable) sum(k int, u, a float64, last bool) float64 {
	if u <= 0 {
		return 0
	}
	sum := 0.0
	_, t.buffer = t.terms(t.buffer[:0], k, u, a, last)
	for _, v := range t.buffer {
		sum += v
	}
	return math.Max(0, sum)
}

// chance is P((k + A)^+ services take u at most).
func (t *serviceTable) chance(k int, u, a float64) float64 {
	if u < 0 {
		return 0
	}
	below := t.below(u)
	c := point(0)
	if a >= noArrival {
		c = poissonLaw(a)
	}
	sum := 0.0
	for i, w := range c.p {
		sum += w * belowOf(below, k+c.lo+i)
	}
	return math.Min(sum, 1)
}

func belowOf(below []float64, n int) float64 {
	switch {
	case n <= 0:
		return 1
	case n > len(below):
		return 0
	}
	return below[n-1]
}

package queueing

import (
	"math"
	"reflect"
	"slices"
)

// Latest is the law of the latest of independent drain times: the product of
// their distribution functions. A region of several lanes has drained when
// its last lane has. It needs at least one law; one law is returned as it is.
// The result is exact where every part is and the lanes are independent, and
// its method is that of the parts.
func Latest(ds []Drain) Drain {
	if len(ds) == 1 {
		return ds[0]
	}
	out := Drain{Method: ds[0].Method, Quality: Exact, Reason: ds[0].Reason, Tail: ds[0].Tail}
	for _, d := range ds {
		out.Tail = min(out.Tail, d.Tail)
		if d.Quality != Exact && out.Quality == Exact {
			out.Quality, out.Reason, out.Method = d.Quality, d.Reason, d.Method
		}
		out.AbsError = math.Min(1, out.AbsError+d.AbsError)
		for _, w := range d.Warnings {
			if !slices.Contains(out.Warnings, w) {
				out.Warnings = append(out.Warnings, w)
			}
		}
	}
	m := newMaximum(ds)
	out.Distribution = m
	out.Atoms = m.atoms(out.AbsError)
	return out
}

// maximum of independent times. Moments integrate P(T > t) between knots.
type maximum struct {
	parts []Drain // each law once
	times []float64
	knots []float64
	over  []float64 // over[i]: integral of P(T > t) from knots[i] on
	never float64   // mass at +Inf
	mean  float64
	sd    float64
}

// maximumLevels are the probabilities whose quantiles part the integrals: each
// panel then holds a smooth piece of the law, also far out in both tails.
var maximumLevels = []float64{1e-15, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95,
	0.99, 0.999, 1 - 1e-4, 1 - 1e-5, 1 - 1e-6, 1 - 1e-8, 1 - 1e-10, 1 - 1e-12, 1 - 1e-14}

func newMaximum(ds []Drain) *maximum {
	m := &maximum{}
	alive := 1.0
	for _, d := range ds {
		m.add(d)
		alive *= 1 - d.Exceed(math.Inf(1))
	}
	m.never = 1 - alive
	m.place()
	m.integrate()
	return m
}

// add counts equal laws (the same value, as like lanes share) instead of
// repeating them.
func (m *maximum) add(d Drain) {
	for i, p := range m.parts {
		if reflect.ValueOf(d.Distribution).Comparable() && p.Distribution == d.Distribution {
			m.times[i]++
			return
		}
	}
	m.parts, m.times = append(m.parts, d), append(m.times, 1)
}

// place puts the knots at quantiles and atoms of every part.
func (m *maximum) place() {
	m.knots = []float64{0}
	for _, p := range m.parts {
		for _, level := range maximumLevels {
			if q := p.Quantile(level); !math.IsInf(q, 1) {
				m.knots = append(m.knots, q)
			}
		}
		for _, a := range p.Atoms {
			m.knots = append(m.knots, a.At)
		}
	}
	slices.Sort(m.knots)
	m.knots = slices.Compact(m.knots)
}

func (m *maximum) integrate() {
	n := len(m.knots)
	m.over = make([]float64, n)
	for i := n - 2; i >= 0; i-- {
		m.over[i] = m.over[i+1] + m.survival(m.knots[i], m.knots[i+1])
	}
	m.mean = m.over[0]
	if m.never > 0 {
		m.mean, m.sd = math.Inf(1), math.NaN()
		return
	}
	// Var T = 2 int_m^inf (t-m) P(T > t) dt + 2 int_0^m (m-t) P(T <= t) dt.
	v := 0.0
	for i := range m.knots[:n-1] {
		a, b := m.knots[i], m.knots[i+1]
		for _, piece := range [][2]float64{{a, min(b, max(a, m.mean))}, {max(a, min(b, m.mean)), b}} {
			v += gaussPiece(piece[0], piece[1], func(t float64) float64 {
				if t < m.mean {
					return 2 * (m.mean - t) * m.CDF(t)
				}
				return 2 * (t - m.mean) * m.Exceed(t)
			})
		}
	}
	m.sd = math.Sqrt(v)
}

func (m *maximum) survival(a, b float64) float64 { return gaussPiece(a, b, m.Exceed) }

func gaussPiece(a, b float64, f func(float64) float64) float64 {
	half, mid, sum := (b-a)/2, (a+b)/2, 0.0
	for i, x := range gauss16.x {
		sum += half * gauss16.w[i] * f(mid+half*x)
	}
	return sum
}

// Mean in seconds.
func (m *maximum) Mean() float64 { return m.mean }

// StdDev in seconds, NaN where mass is missing.
func (m *maximum) StdDev() float64 { return m.sd }

// CDF is the product of the parts'.
func (m *maximum) CDF(t float64) float64 {
	prod := 1.0
	for i, p := range m.parts {
		prod *= math.Pow(p.CDF(t), m.times[i])
	}
	return prod
}

// Exceed is 1 - prod (1 - E_i) without cancellation.
func (m *maximum) Exceed(t float64) float64 {
	sum := 0.0
	for i, p := range m.parts {
		sum += m.times[i] * math.Log1p(-p.Exceed(t))
	}
	return -math.Expm1(sum)
}

// Quantile lies between the largest of the parts' p-quantiles and the largest
// of their p^(1/n)-quantiles; n like parts attain the latter.
func (m *maximum) Quantile(p float64) float64 {
	n := 0.0
	for _, k := range m.times {
		n += k
	}
	lo, hi := 0.0, 0.0
	for i, d := range m.parts {
		lo = math.Max(lo, d.Quantile(math.Pow(p, 1/m.times[i])))
		hi = math.Max(hi, d.Quantile(math.Pow(p, 1/n)))
	}
	if len(m.parts) == 1 || math.IsInf(lo, 1) || m.CDF(lo) >= p {
		return lo
	}
	if math.IsInf(hi, 1) {
		hi = 2 * (1 + lo)
		for range 64 {
			if m.CDF(hi) >= p {
				break
			}
			hi *= 2
		}
		if m.CDF(hi) < p {
			return math.Inf(1)
		}
	}
	for hi-lo > 1e-14*hi {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if m.CDF(mid) >= p {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// MeanOver is E max(0, T - t).
func (m *maximum) MeanOver(t float64) float64 {
	if m.never > 0 {
		return math.Inf(1)
	}
	if t < 0 {
		return m.mean - t
	}
	i, _ := slices.BinarySearch(m.knots, t)
	if i == len(m.knots) {
		return 0
	}
	return m.over[i] + m.survival(t, m.knots[i])
}

// atoms are the jumps of the product at the parts' atoms.
func (m *maximum) atoms(least float64) []Atom {
	mass := map[float64][]float64{}
	for i, p := range m.parts {
		for _, a := range p.Atoms {
			if mass[a.At] == nil {
				mass[a.At] = make([]float64, len(m.parts))
			}
			mass[a.At][i] += a.Mass
		}
	}
	var all []Atom
	for at, jumps := range mass {
		before := 1.0
		for i, p := range m.parts {
			before *= math.Pow(math.Max(0, p.CDF(at)-jumps[i]), m.times[i])
		}
		if jump := m.CDF(at) - before; jump > least {
			all = append(all, Atom{at, jump})
		}
	}
	slices.SortFunc(all, func(a, b Atom) int {
		if a.At < b.At {
			return -1
		}
		return 1
	})
	return all
}

package queueing

import (
	"fmt"
	"math"
)

// Latest is the law of the latest of independent drain times: the product of
// their distribution functions. Like lanes, of the same [Distribution], are
// raised to a power. Lanes that share a finite stream are not independent;
// then the product is approximate, and it is for the caller to say so.
// Without any drain the result is the law of a drain time of 0.
func Latest(ds []Drain) Drain {
	switch len(ds) {
	case 0:
		return Drain{Distribution: newCurve(nil, []Atom{{0, 1}}, 0), Method: ClosedForm, Quality: Exact, Reason: "there is no lane"}
	case 1:
		return ds[0]
	}
	m := &latest{}
	out := ds[0]
	for _, d := range ds {
		m.add(d.Distribution)
		out.AbsError = out.AbsError + d.AbsError
		out.Warnings = append(out.Warnings[:len(out.Warnings):len(out.Warnings)], d.Warnings...)
		if d.Quality != Exact {
			out.Quality, out.Reason, out.Method = d.Quality, d.Reason, d.Method
		}
	}
	out.AbsError -= ds[0].AbsError
	out.Warnings = out.Warnings[len(ds[0].Warnings):]
	if out.Quality == Exact {
		out.Reason = fmt.Sprintf("the latest of %d independent lanes", len(ds))
	}
	out.Distribution = m
	out.Atoms = m.atoms(ds)
	return out
}

// latest holds the different laws and how many lanes have each.
type latest struct {
	laws   []Distribution
	counts []float64
}

func (m *latest) add(d Distribution) {
	for i, x := range m.laws {
		if x == d {
			m.counts[i]++
			return
		}
	}
	m.laws, m.counts = append(m.laws, d), append(m.counts, 1)
}

// Exceed is 1 - prod (1 - P(T_i > t)), by logarithms so that small ones keep
// their digits.
func (m *latest) Exceed(t float64) float64 {
	log := 0.0
	for i, d := range m.laws {
		log += m.counts[i] * math.Log1p(-d.Exceed(t))
	}
	return -math.Expm1(log)
}

func (m *latest) CDF(t float64) float64 {
	product := 1.0
	for i, d := range m.laws {
		product *= math.Pow(d.CDF(t), m.counts[i])
	}
	return product
}

// Quantile bisects between the largest quantile of a single lane and that of
// the probability which every lane must reach alone.
func (m *latest) Quantile(p float64) float64 {
	lo, hi, lanes := 0.0, 0.0, 0.0
	for _, c := range m.counts {
		lanes += c
	}
	each := -math.Expm1(math.Log(p) / lanes) // 1 - p^(1/lanes)
	for _, d := range m.laws {
		lo = math.Max(lo, d.Quantile(p))
		hi = math.Max(hi, upperQuantile(d, each))
	}
	if math.IsInf(hi, 1) && m.Exceed(1e300) > 1-p {
		return hi
	}
	short := func(t float64) bool { return m.CDF(t) < p }
	if p > 0.5 {
		short = func(t float64) bool { return m.Exceed(t) > 1-p }
	}
	if !short(lo) {
		return lo
	}
	hi = math.Min(hi, 1e300)
	for short(hi) { // rounding of the single lanes' quantiles
		hi = math.Nextafter(hi*(1+1e-12), math.Inf(1))
	}
	return bisect(lo, hi, short)
}

// upperQuantile is the least t with P(T > t) <= tail, for a tail too small for
// 1 - tail to hold it.
func upperQuantile(d Distribution, tail float64) float64 {
	return d.Quantile(math.Min(1-tail, math.Nextafter(1, 0)))
}

// MeanOver integrates the tail from t.
func (m *latest) MeanOver(t float64) float64 {
	if m.Exceed(1e300) > 0 {
		return math.Inf(1)
	}
	sum := 0.0
	m.overTail(t, func(a, b float64) { sum += m.tail(a, b, func(float64) float64 { return 1 }) })
	return sum
}

func (m *latest) Mean() float64 { return m.MeanOver(0) }

// StdDev is from E (T-c)^2 with c an early quantile, below which the tail is
// taken off.
func (m *latest) StdDev() float64 {
	if m.Exceed(1e300) > 0 {
		return math.Inf(1)
	}
	c := m.Quantile(0.5)
	above, square := 0.0, 0.0
	m.overTail(c, func(a, b float64) {
		above += m.tail(a, b, func(float64) float64 { return 1 })
		square += m.tail(a, b, func(t float64) float64 { return 2 * (t - c) })
	})
	below, squareBelow := m.underCDF(c)
	shift := above - below
	return math.Sqrt(math.Max(0, square+squareBelow-shift*shift))
}

// underCDF is E max(0, c-T) and E max(0, c-T)^2.
func (m *latest) underCDF(c float64) (first, second float64) {
	edges := m.edges(c, false)
	for i := 1; i < len(edges); i++ {
		half, mid := (edges[i]-edges[i-1])/2, (edges[i]+edges[i-1])/2
		for j, x := range gauss16.x {
			t := mid + half*x
			w := half * gauss16.w[j] * m.CDF(t)
			first += w
			second += 2 * w * (c - t)
		}
	}
	return first, second
}

func (m *latest) overTail(from float64, visit func(a, b float64)) {
	edges := m.edges(from, true)
	for i := 1; i < len(edges); i++ {
		visit(edges[i-1], edges[i])
	}
}

func (m *latest) tail(a, b float64, weight func(float64) float64) float64 {
	half, mid, sum := (b-a)/2, (a+b)/2, 0.0
	for j, x := range gauss16.x {
		t := mid + half*x
		sum += half * gauss16.w[j] * m.Exceed(t) * weight(t)
	}
	return sum
}

// edges are quantiles of the latest, dense at both ends, on one side of c.
func (m *latest) edges(c float64, above bool) []float64 {
	var all []float64
	push := func(t float64) {
		if len(all) == 0 || t > all[len(all)-1] {
			all = append(all, t)
		}
	}
	if above {
		push(c)
		for p := 1e-9; p < 0.5; p *= 2 {
			push(math.Max(c, m.Quantile(p)))
		}
		for tail := 0.5; tail > 1e-15; tail /= 2 {
			push(math.Max(c, m.Quantile(1-tail)))
		}
		return all
	}
	push(0)
	for p := 1e-14; p < 0.5; p *= 2 {
		push(math.Min(c, m.Quantile(p)))
	}
	push(c)
	return all
}

// atoms of the latest: where a lane has one, and how far the product jumps.
func (m *latest) atoms(ds []Drain) []Atom {
	var all []Atom
	for _, d := range ds {
		for _, a := range d.Atoms {
			if len(all) > 0 && a.At <= all[len(all)-1].At {
				continue
			}
			jump := m.CDF(a.At) - m.CDF(math.Nextafter(a.At, 0))
			if jump > 0 {
				all = append(all, Atom{a.At, jump})
			}
		}
	}
	return all
}

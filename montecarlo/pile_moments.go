package montecarlo

import "math"

// blockMoments are the mean and the sums of powers of the differences from it.
type blockMoments struct {
	n, mean    float64
	m2, m3, m4 float64
	endless    bool // a value is +Inf
}

func momentsOf(v Outcomes) blockMoments {
	m := blockMoments{n: float64(len(v)), endless: len(v) > 0 && math.IsInf(v.Max(), 1)}
	if len(v) == 0 || m.endless {
		return m
	}
	for _, x := range v {
		m.mean += x
	}
	m.mean /= m.n
	for _, x := range v {
		d := x - m.mean
		s := d * d
		m.m2, m.m3, m.m4 = m.m2+s, m.m3+s*d, m.m4+s*s
	}
	return m
}

// central are the mean, the sample standard deviation and the fourth moment.
func (m blockMoments) central() (mean, sd, m4 float64) {
	if m.endless {
		return math.Inf(1), math.NaN(), math.NaN()
	}
	return m.mean, math.Sqrt(m.m2 / (m.n - 1)), m.m4 / m.n
}

// with joins two parts (P. Pébay, Sandia report SAND2008-6212, section 3.1).
func (m blockMoments) with(o blockMoments) blockMoments {
	if m.n == 0 || o.n == 0 || m.endless || o.endless {
		if m.n == 0 {
			return o
		}
		return blockMoments{n: m.n + o.n, mean: m.mean, m2: m.m2, m3: m.m3, m4: m.m4, endless: m.endless || o.endless}
	}
	n, d := m.n+o.n, o.mean-m.mean
	d2 := d * d
	return blockMoments{
		n:    n,
		mean: m.mean + d*o.n/n,
		m2:   m.m2 + o.m2 + d2*m.n*o.n/n,
		m3:   m.m3 + o.m3 + d2*d*m.n*o.n*(m.n-o.n)/(n*n) + 3*d*(m.n*o.m2-o.n*m.m2)/n,
		m4: m.m4 + o.m4 + d2*d2*m.n*o.n*(m.n*m.n-m.n*o.n+o.n*o.n)/(n*n*n) +
			6*d2*(m.n*m.n*o.m2+o.n*o.n*m.m2)/(n*n) + 4*d*(m.n*o.m3-o.n*m.m3)/n,
	}
}

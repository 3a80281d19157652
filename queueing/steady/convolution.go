package steady

import "math"

// wide is a positive number m 2^e beyond the range of float64: normalisation
// constants of large networks overflow and underflow it.
type wide struct {
	m float64 // 0, or 0.5 <= m < 1
	e int
}

func newWide(x float64) wide {
	m, e := math.Frexp(x)
	return wide{m, e}
}

// The exponent field of a float64 in [0.5, 1), and where it is.
const (
	halves   = 1022
	exponent = 52
	mantissa = 1<<exponent - 1
)

// normal is x 2^e for a normal x >= 0 or 0.
func normal(x float64, e int) wide {
	b := math.Float64bits(x)
	if b == 0 {
		return wide{}
	}
	return wide{math.Float64frombits(b&mantissa | halves<<exponent), e + int(b>>exponent) - halves}
}

func (a wide) times(x float64) wide { return a.by(newWide(x)) }

func (a wide) by(b wide) wide { return normal(a.m*b.m, a.e+b.e) }

func (a wide) plus(b wide) wide {
	if a.m == 0 {
		return b
	}
	if b.m == 0 {
		return a
	}
	if a.e < b.e {
		a, b = b, a
	}
	if a.e-b.e > 60 {
		return a // not a bit of it
	}
	return normal(a.m+b.m/float64(uint64(1)<<uint(a.e-b.e)), a.e)
}

// over is the ratio as a float64.
func (a wide) over(b wide) float64 {
	if a.m == 0 {
		return 0
	}
	return math.Ldexp(a.m/b.m, a.e-b.e)
}

// rates of the station: the speeds with 1, 2, ... up to most requests there.
func (s Station) rates(most int) []float64 {
	if s.Rates != nil {
		return s.Rates[:min(len(s.Rates), most)]
	}
	r := make([]float64, min(s.Servers, most))
	for i := range r {
		r[i] = float64(i + 1)
	}
	return r
}

// work is the number of terms that convolve adds up.
func (m Closed) work() float64 {
	several, rates := 1, 0
	for _, s := range m.Stations {
		if n := len(s.rates(m.Customers)); !s.Delay && s.Visits > 0 {
			rates += n
			if n > 1 {
				several++
			}
		}
	}
	return float64(m.Customers) * float64(several) * float64(rates)
}

// convolve evaluates the normalisation constants G(0..N) (J. P. Buzen, Comm.
// ACM 16, 1973) in sums of positive terms: the load-dependent form of MVA,
// which subtracts probabilities from 1, turns negative with some tens of
// customers. The thinking comes first, since its factor is known. It gives
// what goes round with N customers and with one fewer.
func (m Closed) convolve(think float64) (now, before crowd) {
	start := make([]wide, m.Customers+1)
	start[0] = newWide(1)
	for n := 1; n <= m.Customers; n++ {
		start[n] = start[n-1].times(think / float64(n))
	}
	now.queue, before.queue = make([]float64, len(m.Stations)), make([]float64, len(m.Stations))
	if m.Customers == 0 {
		return now, before
	}
	all := m.product(start, -1)
	now.x = all[m.Customers-1].over(all[m.Customers])
	if m.Customers > 1 {
		before.x = all[m.Customers-2].over(all[m.Customers-1])
	}
	for i, s := range m.Stations {
		rates := s.rates(m.Customers)
		switch demand := s.Visits * s.MeanService; {
		case s.Delay || s.Visits == 0:
		case len(rates) == 1:
			// One speed: the arrival theorem, L(n) = D X(n) (1 + L(n-1)).
			for n := 1; n <= m.Customers; n++ {
				before.queue[i] = now.queue[i]
				now.queue[i] = demand / rates[0] * all[n-1].over(all[n]) * (1 + before.queue[i])
			}
		default:
			now.queue[i], before.queue[i] = s.numbers(m.product(start, i), all)
		}
	}
	return now, before
}

// numbers are the mean number at the station with all customers and with one
// fewer, given the constants of the network without it and with it.
func (s Station) numbers(others, all []wide) (full, before float64) {
	most := len(all) - 1
	rates, f := s.rates(most), newWide(1)
	for j := 1; j <= most; j++ {
		f = f.times(s.Visits * s.MeanService / rates[min(j, len(rates))-1])
		full += float64(j) * f.by(others[most-j]).over(all[most])
		if j < most {
			before += float64(j) * f.by(others[most-1-j]).over(all[most-1])
		}
	}
	return full, before
}

// product is the convolution of the stations' factors but that of one.
func (m Closed) product(start []wide, except int) []wide {
	g := start
	for i, s := range m.Stations {
		if i != except && !s.Delay && s.Visits > 0 {
			g = s.convolved(g)
		}
	}
	return g
}

// convolved is g convolved with f(j) = D^j / (rate(1)...rate(j)). From the
// last rate on f is geometric, so that its part of the sum is carried along.
func (s Station) convolved(g []wide) []wide {
	rates, demand := s.rates(len(g)-1), s.Visits*s.MeanService
	last := min(len(rates), len(g))
	f := []wide{newWide(1)}
	for j := 1; j <= last; j++ {
		f = append(f, f[j-1].times(demand/rates[j-1]))
	}
	ratio := demand / rates[len(rates)-1]
	h, tail := make([]wide, len(g)), wide{}
	for n := range g {
		sum := wide{}
		for j := 0; j < last && j <= n; j++ {
			sum = sum.plus(f[j].by(g[n-j]))
		}
		tail = tail.times(ratio)
		if n >= last {
			tail = tail.plus(f[last].by(g[n-last]))
		}
		h[n] = sum.plus(tail)
	}
	return h
}

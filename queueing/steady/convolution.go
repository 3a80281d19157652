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

func (a wide) times(x float64) wide {
	m, e := math.Frexp(a.m * x)
	return wide{m, a.e + e}
}

func (a wide) by(b wide) wide {
	m, e := math.Frexp(a.m * b.m)
	return wide{m, a.e + b.e + e}
}

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
	if a.e-b.e > 1074 {
		return a
	}
	m, e := math.Frexp(a.m + math.Ldexp(b.m, b.e-a.e))
	return wide{m, a.e + e}
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

func (m Closed) longestRates() int {
	longest := 1
	for _, s := range m.Stations {
		if !s.Delay {
			longest = max(longest, len(s.Rates), min(s.Servers, m.Customers))
		}
	}
	return longest
}

// convolve evaluates the normalisation constants G(0..N) (J. P. Buzen, Comm.
// ACM 16, 1973) in sums of positive terms: the load-dependent form of MVA,
// which subtracts probabilities from 1, turns negative with some tens of
// customers. The thinking comes first, since its factor is known.
func (m Closed) convolve(think float64) (throughput float64, queue []float64) {
	start := make([]wide, m.Customers+1)
	start[0] = newWide(1)
	for n := 1; n <= m.Customers; n++ {
		start[n] = start[n-1].times(think / float64(n))
	}
	queue = make([]float64, len(m.Stations))
	if m.Customers == 0 {
		return 0, queue
	}
	all := m.product(start, -1)
	full := all[m.Customers]
	for i, s := range m.Stations {
		if s.Delay || s.Visits == 0 {
			continue
		}
		others := m.product(start, i)
		rates, f := s.rates(m.Customers), newWide(1)
		for j := 1; j <= m.Customers; j++ {
			f = f.times(s.Visits * s.MeanService / rates[min(j, len(rates))-1])
			queue[i] += float64(j) * f.by(others[m.Customers-j]).over(full)
		}
	}
	return all[m.Customers-1].over(full), queue
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

package markov

import "math"

// series holds the last Taylor coefficients of a law that moves under rates
// polynomial in time. With x the share of the step that has passed, births and
// deaths L(x) B and M(x) D, and a rate q, let p(x) = exp(-q x) sum_k v_k
// (q x)^k / k!. Then v_0 = p(0) and
//
//	v_(k+1) = v_k + sum_j c_kj v_(k-j) (L_j B + M_j D) / q,
//	c_kj = k (k-1) … (k-j+1) / q^j,
//
// which is uniformisation where L and M are constant: the law at the end is
// the Poisson mixture of the v_k. There is no error of time steps beside that
// of the polynomials. The mass of each v_k is conserved; their rounding grows
// by about the exponential of the change of L and M over the step.
type series struct {
	v             [maxDegree + 2][]float64 // ring: the newest at head
	lo, hi        [maxDegree + 2]int
	head          int
	birth, death  []float64 // shapes by index
	lambda, mu    polynomial
	q             float64
	floor, roof   int
	sum           []float64
	flow          []float64
	lambdas, mues [maxDegree + 1]float64
	cut, lost     float64
}

// jump makes v_(k+1) out of the ring and adds weight times it to the sum. It
// returns the mass absorbed and false at the end of the room.
func (s *series) jump(k int, weight float64) (absorbed float64, ok bool) {
	depth := min(k, max(len(s.lambda), len(s.mu))-1)
	s.coefficients(k, depth)
	lo, hi := s.lo[s.head], s.hi[s.head]
	for j := 1; j <= depth; j++ {
		i := s.behind(j)
		lo, hi = min(lo, s.lo[i]), max(hi, s.hi[i])
	}
	lo, hi = max(lo-1, s.floor), min(hi+1, s.roof+1)
	if lo < 1 || hi >= len(s.sum) {
		return 0, false
	}
	next := s.behind(maxDegree + 1)
	clear(s.v[next][s.lo[next]:s.hi[next]])
	s.mix(lo, hi, depth)
	if len(s.mu) == 1 {
		absorbed = s.sweep(next, lo, hi, weight)
	} else {
		absorbed = s.sweepAny(next, lo, hi, depth, weight)
	}
	s.head = next
	s.lo[next], s.hi[next] = lo, hi
	s.narrow(next)
	return absorbed, true
}

func (s *series) behind(j int) int {
	return (s.head + len(s.v) - j) % len(s.v)
}

// coefficients of the last laws in the births and deaths of the next.
func (s *series) coefficients(k, depth int) {
	c := 1 / s.q
	for j := range s.lambdas {
		s.lambdas[j], s.mues[j] = 0, 0
		if j <= depth {
			if j < len(s.lambda) {
				s.lambdas[j] = c * s.lambda[j]
			}
			if j < len(s.mu) {
				s.mues[j] = c * s.mu[j]
			}
		}
		c *= float64(k-j) / s.q
	}
}

// mix puts the births of the next jump, without their shape, into flow: the
// combination of the last laws that the degree of lambda asks for.
func (s *series) mix(lo, hi, depth int) {
	n := hi - lo
	at := func(j int) []float64 { return s.v[s.behind(j)][lo:hi][:n] }
	out := s.flow[lo:hi][:n]
	v0, v1, v2, v3 := at(0), at(1), at(2), at(3)
	l0, l1, l2, l3 := s.lambdas[0], s.lambdas[1], s.lambdas[2], s.lambdas[3]
	if depth <= 3 {
		for i := range out {
			out[i] = (l0*v0[i] + l1*v1[i]) + (l2*v2[i] + l3*v3[i])
		}
		return
	}
	v4, v5, v6, v7 := at(4), at(5), at(6), at(7)
	l4, l5, l6, l7 := s.lambdas[4], s.lambdas[5], s.lambdas[6], s.lambdas[7]
	if depth <= 5 {
		for i := range out {
			out[i] = (l0*v0[i] + l1*v1[i]) + (l2*v2[i] + l3*v3[i]) + (l4*v4[i] + l5*v5[i])
		}
		return
	}
	for i := range out {
		out[i] = (l0*v0[i] + l1*v1[i]) + (l2*v2[i] + l3*v3[i]) + ((l4*v4[i] + l5*v5[i]) + (l6*v6[i] + l7*v7[i]))
	}
}

// sweep is the jump where the deaths are constant in time.
func (s *series) sweep(next, lo, hi int, weight float64) float64 {
	n := hi - lo
	v := s.v[s.head][lo : hi+1]
	flow, birth, death := s.flow[lo:hi][:n], s.birth[lo:hi][:n], s.death[lo : hi+1][:n+1]
	out, sum := s.v[next][lo:hi][:n], s.sum[lo:hi][:n]
	mu, came, cur := s.mues[0], 0.0, v[0]
	ended := mu * death[0] * cur
	absorbed := ended
	if lo > s.floor || s.floor <= 0 {
		absorbed = 0
	}
	for i := range n {
		b, after := birth[i]*flow[i], v[i+1]
		above := mu * death[i+1] * after
		out[i] = (cur - b) + (came - ended) + above
		came, ended, cur = b, above, after
	}
	if weight > 0 {
		for i, y := range out {
			sum[i] += weight * y
		}
	}
	return absorbed
}

// sweepAny is the jump for any degrees.
func (s *series) sweepAny(next, lo, hi, depth int, weight float64) float64 {
	out := s.v[next]
	copy(out[lo:hi], s.v[s.head][lo:hi])
	births, deaths := s.flow[:len(out)], s.flow[len(out):2*len(out)]
	births[lo-1], births[hi] = 0, 0
	clear(deaths[lo-1 : hi+1])
	for j := 0; j <= depth; j++ {
		v, m := s.v[s.behind(j)], s.mues[j]
		for i := lo; i < hi; i++ {
			deaths[i] += m * v[i]
		}
	}
	for i := lo; i < hi; i++ {
		births[i] *= s.birth[i]
		deaths[i] *= s.death[i]
	}
	for i := lo; i < hi; i++ {
		out[i] += births[i-1] - births[i] - deaths[i] + deaths[i+1]
		s.sum[i] += weight * out[i]
	}
	if lo == s.floor && s.floor > 0 {
		return deaths[lo]
	}
	return 0
}

// narrow drops what is too small to matter at the edges of law i.
func (s *series) narrow(i int) {
	v := s.v[i]
	for s.hi[i]-s.lo[i] > 1 && math.Abs(v[s.lo[i]]) < s.cut {
		s.lost += math.Abs(v[s.lo[i]])
		v[s.lo[i]] = 0
		s.lo[i]++
	}
	for s.hi[i]-s.lo[i] > 1 && math.Abs(v[s.hi[i]-1]) < s.cut {
		s.lost += math.Abs(v[s.hi[i]-1])
		v[s.hi[i]-1] = 0
		s.hi[i]--
	}
}

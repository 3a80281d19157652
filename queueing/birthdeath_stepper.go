package queueing

import "math"

// room is memory that one step leaves to the next.
type room struct{ past, rates [4][]float64 }

// fit makes the slice n long. What it holds is left over.
func fit(room *[]float64, n int) []float64 {
	if cap(*room) < n {
		*room = make([]float64, n, n+n/4)
	}
	return (*room)[:n]
}

// stepper sums one step's Taylor series.
type stepper struct {
	room          *room
	lo, n, absorb int
	lam           []float64 // births in the step, by powers of the share of it
	qh            float64
	small         float64   // what is left of the series when it ends, over the whole
	stay, death   []float64 // per state: (q - lam_0 - mu_n) h and mu_n h
	born          []float64 // lam_0 h, 0 where absorbed
	source        []float64
	entry, watch  int
	seen          []float64 // Taylor coefficients of the watched state
}

func (s *stepper) rates(b *birthDeath, h float64) {
	s.stay, s.death, s.born = fit(&s.room.rates[0], s.n), fit(&s.room.rates[1], s.n), fit(&s.room.rates[2], s.n)
	servers, each := b.lane.ServersAt(b.t), h/b.lane.cfg.Service.Mean()
	for i := range s.n {
		if s.lo+i <= s.absorb {
			s.stay[i], s.death[i], s.born[i] = s.qh, 0, 0
			continue
		}
		s.death[i] = float64(min(s.lo+i, servers)) * each
		s.born[i] = s.lam[0]
		s.stay[i] = s.qh - s.born[i] - s.death[i]
	}
}

// sum returns p at the end of the step.
func (s *stepper) sum(p []float64) []float64 {
	total := append([]float64(nil), p...)
	past := make([][]float64, len(s.lam)+1) // past[j] is the coefficient k-j, the last is free
	past[0] = p
	for j := 1; j < len(past); j++ {
		past[j] = fit(&s.room.past[j-1], s.n)
		clear(past[j])
	}
	for k := 0; k < taylorMost-1; k++ {
		s.look(past[0])
		next := past[len(past)-1]
		size := s.term(next, total, past, k)
		copy(past[1:], past[:len(past)-1])
		past[0] = next
		if float64(k) > s.qh && size < s.small*math.Exp(math.Min(s.qh, 700)) {
			break
		}
	}
	s.look(past[0])
	scale := math.Exp(-s.qh)
	for i := range total {
		total[i] = math.Max(total[i]*scale, 0)
	}
	return total
}

func (s *stepper) look(y []float64) {
	if s.watch >= 0 && s.watch < s.n {
		s.seen = append(s.seen, y[s.watch])
	}
}

// term writes the Taylor coefficient k+1, adds it to total and returns the
// sum of its values.
func (s *stepper) term(next, total []float64, past [][]float64, k int) float64 {
	n := s.n
	y, stay, born, death := past[0][:n], s.stay[:n], s.born[:n], s.death[:n]
	next, total = next[:n], total[:n]
	s.drift(next, past, k)
	if k < len(s.source) && s.entry >= 0 && s.entry < n {
		next[s.entry] += s.source[k]
	}
	scale, size := 1/float64(k+1), 0.0
	here, from := y[0], 0.0 // from: what comes from the state below
	for i, after := range y[1:] {
		v := (next[i] + stay[i]*here + from + death[i+1]*after) * scale
		from, here = born[i]*here, after
		next[i] = v
		total[i] += v
		size += v
	}
	v := (next[n-1] + stay[n-1]*here + from) * scale
	next[n-1] = v
	total[n-1] += v
	size += v
	return math.Abs(size)
}

// drift sets next to the births beyond those at the rate at which the step
// begins, from the states that are not absorbed.
func (s *stepper) drift(next []float64, past [][]float64, k int) {
	var c [3]float64 // of the coefficients k-1, k-2 and k-3
	for j := range min(k, len(c)) {
		c[j] = s.lam[j+1]
	}
	from := min(max(0, s.absorb+1-s.lo), s.n)
	if c == [3]float64{} {
		from = s.n
	}
	clear(next[:from])
	next = next[from:s.n]
	y1, y2, y3 := past[1][from:s.n], past[2][from:s.n], past[3][from:s.n]
	below := 0.0 // what the state below gives
	for i := range next {
		gives := c[0]*y1[i] + c[1]*y2[i] + c[2]*y3[i]
		next[i] = below - gives
		below = gives
	}
}

package markov

// diagonals hold the jumps into the states lo..hi-1 of a generator whose jumps
// are the same, but for some that are missing, from state to state, as those of a
// queue are while all servers are busy: the states' own rates out, below 0, and
// the rates of jumps that come from so many states further on.
type diagonals struct {
	lo, hi int
	ahead  []int       // from state j+ahead[i] into j
	rate   [][]float64 // rate[i][j-lo]
}

const (
	diagonalsMost  = 9  // that are kept
	diagonalsWaste = 3  // times as many as jumps, at most
	diagonalsLook  = 96 // states in the middle that show what all are like
	diagonalsBlock = 512
)

// findDiagonals looks for them around the middle. There are none, lo = hi, where
// its states have too many.
func (s *Sparse) findDiagonals() {
	s.diagonals = diagonals{ahead: []int{0}}
	d := &s.diagonals
	place := map[int]int{0: 0}
	first, last := max(0, s.n/2-diagonalsLook/2), min(s.n, s.n/2+diagonalsLook/2)
	for j := first; j < last; j++ {
		for _, i := range s.from[s.first[j]:s.first[j+1]] {
			ahead := int(i) - j
			if _, is := place[ahead]; !is {
				place[ahead] = len(d.ahead)
				d.ahead = append(d.ahead, ahead)
			}
		}
	}
	if n := len(d.ahead); n > diagonalsMost || n*(last-first) > diagonalsWaste*(last-first+s.first[last]-s.first[first]) {
		return
	}
	fits := func(j int) bool {
		for _, i := range s.from[s.first[j]:s.first[j+1]] {
			if _, is := place[int(i)-j]; !is {
				return false
			}
		}
		for _, ahead := range d.ahead {
			if j+ahead < 0 || j+ahead >= s.n {
				return false
			}
		}
		return true
	}
	d.lo = s.n / 2
	for d.lo > 0 && fits(d.lo-1) {
		d.lo--
	}
	for d.hi = s.n / 2; d.hi < s.n && fits(d.hi); {
		d.hi++
	}
	d.fill(s, place)
}

func (d *diagonals) fill(s *Sparse, place map[int]int) {
	d.rate = make([][]float64, len(d.ahead))
	for i := range d.rate {
		d.rate[i] = make([]float64, d.hi-d.lo)
	}
	for j := d.lo; j < d.hi; j++ {
		d.rate[0][j-d.lo] = -s.out[j]
		for k := s.first[j]; k < s.first[j+1]; k++ {
			d.rate[place[int(s.from[k])-j]][j-d.lo] += s.rate[k]
		}
	}
}

// flow adds to dst, for the states from..to-1, so many times what the law p gains
// there in a second.
func (s *Sparse) flow(dst, p []float64, from, to int, times float64) {
	lo, hi := max(from, s.diagonals.lo), min(to, s.diagonals.hi)
	if lo >= hi {
		lo, hi = to, to
	}
	for j := from; j < lo; j++ {
		dst[j] += times * (s.into(j, p) - s.out[j]*p[j])
	}
	for at := lo; at < hi; at += diagonalsBlock {
		s.diagonals.flow(dst, p, at, min(at+diagonalsBlock, hi), times)
	}
	for j := hi; j < to; j++ {
		dst[j] += times * (s.into(j, p) - s.out[j]*p[j])
	}
}

func (d *diagonals) flow(dst, p []float64, from, to int, times float64) {
	dst = dst[from:to]
	for i := 0; i < len(d.ahead); i += 2 {
		r, x := d.rate[i][from-d.lo:to-d.lo], p[from+d.ahead[i]:to+d.ahead[i]]
		r, x = r[:len(dst)], x[:len(dst)]
		if i+1 == len(d.ahead) {
			for j := range dst {
				dst[j] += times * (r[j] * x[j])
			}
			return
		}
		s, y := d.rate[i+1][from-d.lo:to-d.lo], p[from+d.ahead[i+1]:to+d.ahead[i+1]]
		s, y = s[:len(dst)], y[:len(dst)]
		for j := range dst {
			dst[j] += times * (r[j]*x[j] + s[j]*y[j])
		}
	}
}

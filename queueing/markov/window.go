package markov

// window holds the law of a birth-death chain on the states that matter. It
// jumps as a discrete chain and moves, widens and narrows with the mass.
type window struct {
	base   int // state of index 0
	lo, hi int // live indices are lo..hi-1
	floor  int // lowest index that may hold mass
	roof   int // highest index that may hold mass
	p      []float64
	sum    []float64 // weighted sum of the laws after each number of jumps
	up     []float64 // chance to come to index i from i-1
	stay   []float64
	down   []float64 // chance to come to index i from i+1
	flat   int       // from this index up to curb the three are constant
	curb   int
	leave  float64 // chance to be absorbed from floor
	cut    float64 // mass at an edge below which it is dropped
	lost   float64
}

// jump moves the law by one jump, adds weight times the new law to sum, and
// returns the mass absorbed below floor. It reports false when the mass comes
// to the end of the buffer.
func (w *window) jump(weight float64) (absorbed float64, ok bool) {
	lo, hi := w.lo, w.hi
	if lo == w.floor {
		absorbed = w.leave * w.p[lo]
	} else {
		lo--
	}
	if hi <= w.roof {
		hi++
	}
	if lo < 1 || hi >= len(w.p) {
		return 0, false
	}
	mid := min(max(w.flat, lo), hi)
	end := min(max(w.curb, mid), hi)
	if weight > 0 {
		before := w.general(lo, mid, 0, weight)
		before = w.constant(mid, end, before, weight)
		w.general(end, hi, before, weight)
	} else {
		before := w.generalOnly(lo, mid, 0)
		before = w.constantOnly(mid, end, before)
		w.generalOnly(end, hi, before)
	}
	w.lo, w.hi = lo, hi
	w.narrow()
	return absorbed, true
}

// narrow drops the mass at the edges that is too small to matter.
func (w *window) narrow() {
	for w.hi-w.lo > 1 && w.p[w.lo] < w.cut {
		w.lost += w.p[w.lo]
		w.p[w.lo] = 0
		w.lo++
	}
	for w.hi-w.lo > 1 && w.p[w.hi-1] < w.cut {
		w.lost += w.p[w.hi-1]
		w.p[w.hi-1] = 0
		w.hi--
	}
}

// generalOnly jumps on indices lo..hi-1; before is the old mass at lo-1. It
// returns the old mass at hi-1.
func (w *window) generalOnly(lo, hi int, before float64) float64 {
	if lo >= hi {
		return before
	}
	p := w.p[lo : hi+1]
	n := len(p) - 1
	up, stay, down := w.up[lo:lo+n], w.stay[lo:lo+n], w.down[lo:lo+n]
	cur := p[0]
	for i := range n {
		next := p[i+1]
		p[i] = before*up[i] + cur*stay[i] + next*down[i]
		before, cur = cur, next
	}
	return before
}

// constantOnly is generalOnly where the chances are those at lo throughout.
func (w *window) constantOnly(lo, hi int, before float64) float64 {
	if lo >= hi {
		return before
	}
	p := w.p[lo : hi+1]
	up, stay, down := w.up[lo], w.stay[lo], w.down[lo]
	cur := p[0]
	for i := range len(p) - 1 {
		next := p[i+1]
		p[i] = before*up + cur*stay + next*down
		before, cur = cur, next
	}
	return before
}

// general is generalOnly with the sum.
func (w *window) general(lo, hi int, before, weight float64) float64 {
	if lo >= hi {
		return before
	}
	p := w.p[lo : hi+1]
	n := len(p) - 1
	up, stay, down, sum := w.up[lo:lo+n], w.stay[lo:lo+n], w.down[lo:lo+n], w.sum[lo:lo+n]
	cur := p[0]
	for i := range n {
		next := p[i+1]
		v := before*up[i] + cur*stay[i] + next*down[i]
		p[i] = v
		sum[i] += weight * v
		before, cur = cur, next
	}
	return before
}

// constant is constantOnly with the sum.
func (w *window) constant(lo, hi int, before, weight float64) float64 {
	if lo >= hi {
		return before
	}
	p := w.p[lo : hi+1]
	n := len(p) - 1
	sum := w.sum[lo : lo+n]
	up, stay, down := w.up[lo], w.stay[lo], w.down[lo]
	cur := p[0]
	for i := range n {
		next := p[i+1]
		v := before*up + cur*stay + next*down
		p[i] = v
		sum[i] += weight * v
		before, cur = cur, next
	}
	return before
}

// chances turns the means of births and deaths during the step, by index, into
// the chances of one jump at rate q, and finds where they are constant.
func (w *window) chances(birth, death []float64, q float64) {
	n := len(birth)
	for i := range n {
		w.stay[i] = 1 - (birth[i]+death[i])/q
		w.up[i], w.down[i] = 0, 0
		if i > 0 {
			w.up[i] = birth[i-1] / q
		}
		if i < n-1 {
			w.down[i] = death[i+1] / q
		}
	}
	w.flat, w.curb = longestRun(w.up, w.stay, w.down)
}

// longestRun is the longest range of indices on which all are constant.
func longestRun(a, b, c []float64) (from, to int) {
	start := 0
	for i := 1; i <= len(a); i++ {
		if i < len(a) && a[i] == a[start] && b[i] == b[start] && c[i] == c[start] {
			continue
		}
		if i-start > to-from {
			from, to = start, i
		}
		start = i
	}
	return from, to
}

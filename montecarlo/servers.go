package montecarlo

import "math"

// servers are the instants at which each server will be free, the vector of
// J. Kiefer and J. Wolfowitz, Trans. Am. Math. Soc. 78 (1955): sorted where
// there are few, a heap where there are many. Times are kept as the bits of
// their float64, whose order is theirs for times of at least 0.
type servers struct {
	free   []uint64
	blank  []uint64 // what free is at the start
	sorted bool
	joins  []float64 // instants at which a server joins, in order
}

// fewServers is where a heap overtakes the sorted vector.
const fewServers = 24

func newServers(steps []capacityStep) servers {
	var v servers
	there := 0
	for _, s := range steps {
		for ; there < s.servers; there++ {
			v.blank = append(v.blank, math.Float64bits(s.from))
			if s.from > 0 {
				v.joins = append(v.joins, s.from)
			}
		}
	}
	v.sorted = len(v.blank) <= fewServers
	v.free = make([]uint64, len(v.blank))
	return v
}

func (v *servers) reset() { copy(v.free, v.blank) }

// first is the instant at which the next server is free.
func (v *servers) first() float64 { return math.Float64frombits(v.free[0]) }

// take gives the server that is free first work until done, which must not
// lie before first.
func (v *servers) take(done float64) {
	f, d := v.free, math.Float64bits(done)
	if !v.sorted {
		v.sift(d)
		return
	}
	// Entry i of the new vector is the middle of d and its old neighbours:
	// min(f[i+1], max(f[i], d)).
	last := len(f) - 1
	prev := f[0]
	for i := 0; i < last; i++ {
		up := f[i+1]
		f[i] = min(up, max(prev, d))
		prev = up
	}
	f[last] = max(prev, d)
}

// only gives the one server there is work until done.
func (v *servers) only(done float64) { v.free[0] = math.Float64bits(done) }

// sift replaces the root of the heap by d.
func (v *servers) sift(d uint64) {
	f := v.free
	i := 0
	for {
		child := 2*i + 1
		if child >= len(f) {
			break
		}
		if child+1 < len(f) && f[child+1] < f[child] {
			child++
		}
		if f[child] >= d {
			break
		}
		f[i] = f[child]
		i = child
	}
	f[i] = d
}

// busy is the number of servers at work at t, given that nobody waits then.
func (v *servers) busy(t float64) int {
	n, at := 0, math.Float64bits(t)
	for _, f := range v.free {
		if f > at {
			n++
		}
	}
	return n - v.toJoin(t)
}

// present is the number of servers that have joined by t.
func (v *servers) present(t float64) int { return len(v.free) - v.toJoin(t) }

func (v *servers) toJoin(t float64) int {
	i := len(v.joins)
	for i > 0 && v.joins[i-1] > t {
		i--
	}
	return len(v.joins) - i
}

package queueing

import (
	"math"
	"math/cmplx"
	"slices"
)

// follow takes one point through a step. The series of y has one term v_k for
// each power of x: (k+1) v_(k+1) = (q + h A) v_k + h sum_j lambda_j U v_(k-j), and
// as much for arrivals of groups.
func (c *circle) follow(pt *circlePoint, s circleStep) error {
	if s.source != nil {
		pt.include(c.inflow.entry)
	}
	t := c.taylor(pt, s)
	var flows []complex128
	for k := 0; k < t.most; k++ {
		flow, size := t.next(k, s)
		flows = append(flows, flow)
		if float64(k) > s.q && size+cmplx.Abs(t.drained) < t.cut {
			break
		}
	}
	c.emit(pt, s, flows)
	t.end(pt, s)
	return nil
}

// circleTaylor is a point's series in a step.
type circleTaylor struct {
	*circle
	lambda   [][]complex128 // arrivals in the step of each size, as polynomials of its share
	largest  int            // size
	terms    []window       // the last ones, the newest first
	spare    []complex128
	mixed    []complex128
	sum      []complex128
	base     int        // requests at the arrays' beginning
	lo, hi   int        // levels of sum that hold mass
	most     int        // terms
	price    float64    // of a state, over that of one with phases
	cut      float64    // of the newest term: what is left out there grows to e^q k!/q^k of itself
	drained  complex128 // its newest term
	absorbed complex128 // and their sum
}

func (c *circle) taylor(pt *circlePoint, s circleStep) *circleTaylor {
	m := c.service.Phases()
	t := &circleTaylor{circle: c, lambda: s.lambda(pt.means), largest: slices.Max(c.sizes), drained: pt.absorbed, absorbed: pt.absorbed}
	t.cut, t.price = c.cut(pt), 1
	if c.singles() {
		t.price = 0.5
	}
	t.most = mostTerms(s.q)
	down := max(0, min(t.most, pt.lo-max(c.level+1, 0))) // services lead below the window
	states := (len(pt.p)/m + t.most*t.largest + 1 + down) * m
	t.base, t.lo, t.hi = pt.lo-down, down, down+len(pt.p)/m
	depth := 1
	for _, l := range t.lambda {
		depth = max(depth, len(l))
	}
	t.terms = make([]window, depth)
	for i := range t.terms {
		t.terms[i].v = c.buffer(i, states)
	}
	t.terms[0].lo, t.terms[0].hi = t.lo, t.hi
	copy(t.terms[0].v[t.lo*m:], pt.p)
	t.sum = append([]complex128(nil), t.terms[0].v...)
	t.mixed, t.spare = c.buffer(depth, states), c.buffer(depth+1, states)
	return t
}

// mostTerms of a step are enough.
func mostTerms(q float64) int { return int(q+12*math.Sqrt(q)) + 40 }

// lambda is the arrivals in the step for the given means, as a polynomial for each
// size of groups.
func (s circleStep) lambda(means []complex128) [][]complex128 {
	sums := make([][]complex128, len(s.sizes))
	for g := range sums {
		sums[g] = make([]complex128, len(circleNodes.x))
	}
	for j, x := range s.base {
		sums[0][j] += complex(x*s.h, 0)
	}
	for i, poly := range s.pools {
		for j, x := range poly {
			sums[s.groups[i]][j] += means[i] * complex(x*s.h, 0)
		}
	}
	for g, sum := range sums {
		depth := len(sum)
		for depth > 0 && sum[depth-1] == 0 {
			depth--
		}
		sums[g] = sum[:depth]
	}
	return sums
}

// next adds term k+1 and returns what the k-th drains, and how large it is.
func (t *circleTaylor) next(k int, s circleStep) (flow complex128, size float64) {
	m := t.service.Phases()
	from, to := t.span(k)
	v := window{max(0, from-1), min(to+t.largest, len(t.sum)/m), t.spare}
	if t.singles() {
		flow = t.single(v, k, s)
	} else {
		clear(v.v[v.lo*m : v.hi*m])
		flow = t.serve(v.v, &t.terms[0], t.base, s)
		for g, size := range t.sizes {
			if t.mix(k, t.lambda[g], from, to) {
				t.arrivals(v.v, size, from, to)
			}
		}
		if k := t.top - t.base; t.top > 0 && v.hi > k+1 {
			folded(v.v[:v.hi*m], k, m)
			v.hi = k + 1
		}
	}
	if k < len(s.source) {
		at := t.inflow.entry - t.base
		v.lo, v.hi = min(v.lo, at), max(v.hi, at+1)
		v.v[at] += s.source[k]
	}
	scale := complex(1/float64(k+1), 0)
	if float64(k+1) < s.q {
		t.cut *= s.q / float64(k+1)
	}
	for i := v.lo * m; i < v.hi*m; i++ {
		v.v[i] *= scale
	}
	t.drained = (complex(s.q, 0)*t.drained + flow) * scale
	t.absorbed += t.drained
	v.narrow(m, t.cut)
	for i := v.lo * m; i < v.hi*m; i++ {
		t.sum[i] += v.v[i]
		if x := math.Abs(real(v.v[i])) + math.Abs(imag(v.v[i])); x > size {
			size = x
		}
	}
	t.lo, t.hi = min(t.lo, v.lo), max(t.hi, v.hi)
	t.work += float64((to-from)*m) * float64(len(t.terms)+2) / 4 * t.price
	old := t.terms[len(t.terms)-1]
	clear(old.v[old.lo*m : old.hi*m])
	copy(t.terms[1:], t.terms)
	t.terms[0], t.spare = v, old.v
	return flow, size
}

// span is the levels of the terms that count for term k+1, from to to-1.
func (t *circleTaylor) span(k int) (from, to int) {
	last := t.terms[:min(len(t.terms), k+1)]
	from, to = last[0].lo, last[0].hi
	for _, v := range last[1:] {
		from, to = min(from, v.lo), max(to, v.hi)
	}
	return from, to
}

// mix adds the last terms up as arrivals at the rate lambda want them, if there are
// any.
func (t *circleTaylor) mix(k int, lambda []complex128, from, to int) bool {
	if len(lambda) == 0 {
		return false
	}
	m := t.service.Phases()
	part := t.mixed[from*m : to*m]
	clear(part)
	for j, f := range lambda[:min(len(lambda), k+1)] {
		if f != 0 {
			for i, x := range t.terms[j].v[from*m : to*m] {
				part[i] += f * x
			}
		}
	}
	return true
}

// arrivals moves what has been mixed up by so many requests.
func (t *circleTaylor) arrivals(next []complex128, size, from, to int) {
	m := t.service.Phases()
	for k := from; k < to; k++ {
		for i, x := range t.mixed[k*m : (k+1)*m] {
			next[k*m+i] -= x
			switch {
			case k+size >= len(t.sum)/m:
			case t.base+k == 0:
				t.enter(next[(k+size)*m:(k+size+1)*m], size, x)
			default:
				next[(k+size)*m+i] += x
			}
		}
	}
}

// end makes the sum the point's law.
func (t *circleTaylor) end(pt *circlePoint, s circleStep) {
	m := t.service.Phases()
	shrink := complex(math.Exp(-s.q), 0)
	for i := range t.sum {
		t.sum[i] *= shrink
	}
	all := window{t.lo, t.hi, t.sum}
	all.narrow(m, t.circle.cut(pt))
	pt.absorbed = t.absorbed * shrink
	pt.lo, pt.p = t.base+all.lo, t.sum[all.lo*m:all.hi*m]
}

// cut is what may be left out of a point's law at a window's end: what is still to
// come multiplies it by up to e^((1 - Re M/N) of the members that are).
func (c *circle) cut(pt *circlePoint) float64 {
	growth := 0.0
	for i, s := range c.pools {
		growth += (1 - real(pt.means[i])) * s.Flow(c.t, 1e300) / float64(c.sizes[c.groups[i]])
	}
	for _, h := range c.held {
		growth += (1 - real(pt.means[h.pool])) * h.mean
	}
	return circleCut * math.Exp(-growth) / (1e-300 + cmplx.Abs(pt.weight))
}

// narrow leaves levels of m states out at both ends that hold next to nothing.
func (v *window) narrow(m int, cut float64) {
	for v.lo < v.hi && small(v.v[v.lo*m:(v.lo+1)*m], cut) {
		clear(v.v[v.lo*m : (v.lo+1)*m])
		v.lo++
	}
	for v.hi > v.lo && small(v.v[(v.hi-1)*m:v.hi*m], cut) {
		clear(v.v[(v.hi-1)*m : v.hi*m])
		v.hi--
	}
}

// buffer is the i-th working array, of zeros.
func (c *circle) buffer(i, states int) []complex128 {
	for len(c.buffers) <= i {
		c.buffers = append(c.buffers, nil)
	}
	if cap(c.buffers[i]) < states {
		c.buffers[i] = make([]complex128, states+states/2)
	}
	b := c.buffers[i][:states]
	clear(b)
	return b
}

// window of a term of the series: levels lo to hi-1 of v hold mass.
type window struct {
	lo, hi int
	v      []complex128
}

func small(v []complex128, cut float64) bool {
	for _, x := range v {
		if math.Abs(real(x))+math.Abs(imag(x)) >= cut {
			return false
		}
	}
	return true
}

// serve adds (q + h A) v to next and returns what is drained.
func (c *circle) serve(next []complex128, v *window, base int, s circleStep) (drained complex128) {
	m := c.service.Phases()
	for k := v.lo; k < v.hi; k++ {
		n := base + k
		here := v.v[k*m : (k+1)*m]
		busy := float64(min(n, s.servers))
		served := complex(0, 0)
		for i, x := range here {
			next[k*m+i] += complex(s.q, 0) * x
			if busy == 0 {
				continue
			}
			out := complex(busy*s.h*c.service.Exit[i], 0) * x
			next[k*m+i] -= out
			served += out
			if i < len(c.service.Rates) {
				for j, r := range c.service.Rates[i] {
					if r > 0 && j != i {
						y := complex(s.h*r, 0) * x
						next[k*m+i] -= y
						next[k*m+j] += y
					}
				}
			}
		}
		switch {
		case served == 0:
		case n-1 <= c.level:
			drained += served
		default:
			c.enter(next[(k-1)*m:k*m], n-1, served)
		}
	}
	return drained
}

// emit adds the point's density e^(-q x) sum_k flow_k x^k.
func (c *circle) emit(pt *circlePoint, s circleStep, flows []complex128) {
	for i, t := range s.traced {
		x := (t - s.from) / s.h
		f := complex(0, 0)
		for k := len(flows) - 1; k >= 0; k-- {
			f = f*complex(x, 0) + flows[k]
		}
		s.density[i] += real(pt.weight*f) * math.Exp(-s.q*x) / s.h
	}
}

package markov

import (
	"errors"
	"math"
	"slices"
)

// Walk is a chain of [Sources] on its way, as a [Run] is a birth-death
// process. It keeps to the range of state numbers that holds mass: number the
// states so that jumps are short.
type Walk struct {
	chain    Sources
	options  Options
	time     float64
	lo, hi   int       // mass is on lo..hi-1
	p        []float64 // by state
	dead     []bool    // absorbing
	deadList []int
	absorbed float64
	lost     float64
	stepErr  float64
	ring     [maxDegree + 2][]float64
	los, his [maxDegree + 2]int // where each law of the ring holds mass
	mixed    []float64
	sum      []float64
	from, to int // outside of these the ring, mixed and sum are 0
	traced   trace
	work     float64
	recent   recent  // step
	whole    *whole  // both parts of the chain in one; nil until it is needed
	fresh    float64 // the largest rate of fresh jumps from any state
}

// Start puts the chain at time t into the given law over the state numbers.
func (s Sources) Start(t float64, law Law, o Options) (*Walk, error) {
	law = trimmed(law)
	if s.Fixed == nil || s.Fresh != nil && (s.Arrivals == nil || s.Fresh.n != s.Fixed.n) {
		return nil, &FieldError{"Sources", nil, "two generators of as many states, and a rate"}
	}
	n := s.Fixed.n
	errs := []error{between("Law.First", law.First, 0, n-1), between("states of the law", law.First+len(law.P), 1, n)}
	if math.IsNaN(t) || math.IsInf(t, 0) {
		errs = append(errs, &FieldError{"time", t, "a finite number"})
	}
	for _, x := range law.P {
		errs = append(errs, nonNegative("Law.P", x))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	w := &Walk{chain: s, options: o, time: t, lo: law.First, hi: law.First + len(law.P),
		p: make([]float64, n), dead: make([]bool, n), mixed: make([]float64, n), sum: make([]float64, n)}
	copy(w.p[w.lo:], law.P)
	w.fresh = 1e-300
	if s.Fresh != nil { // of all states: a step may go to some that have more than those it begins in
		w.fresh = max(w.fresh, slices.Max(s.Fresh.out))
	}
	for i := range w.ring {
		w.ring[i] = make([]float64, n)
	}
	return w, nil
}

// Time is the present time.
func (w *Walk) Time() float64 { return w.time }

// Law is the law over the state numbers, without what has been absorbed.
func (w *Walk) Law() Law { return trimmed(Law{w.lo, w.p[w.lo:w.hi]}) }

// Absorbed is the probability that the absorbing set has been reached.
func (w *Walk) Absorbed() float64 { return w.absorbed }

// Work is the number of states times jumps that have been computed.
func (w *Walk) Work() float64 { return w.work }

// Remaining is the probability that it has not been reached.
func (w *Walk) Remaining() float64 { return Law{P: w.p[w.lo:w.hi]}.Mass() }

// Err bounds the mass that was cut off and the error of the rates.
func (w *Walk) Err() float64 { return w.lost + w.stepErr }

// Absorb makes the states for which in is true absorbing and the others not,
// and returns the mass in them.
func (w *Walk) Absorb(in func(state int) bool) (atom float64) {
	w.deadList = w.deadList[:0]
	for i := range w.dead {
		if w.dead[i] = in(i); w.dead[i] {
			w.deadList = append(w.deadList, i)
			atom += w.p[i]
			w.p[i] = 0
		}
	}
	w.absorbed += atom
	return atom
}

// Move sends all mass from each state to another: a batch that arrives.
func (w *Walk) Move(to func(state int) Law) error {
	next := make([]float64, len(w.p))
	for i := w.lo; i < w.hi; i++ {
		if w.p[i] == 0 {
			continue
		}
		l := to(i)
		for j, q := range l.P {
			if q > 0 {
				if err := between("state", l.First+j, 0, len(next)-1); err != nil {
					return err
				}
				next[l.First+j] += q * w.p[i]
			}
		}
	}
	w.lo, w.hi, w.p = 0, len(next), next
	w.narrow()
	return nil
}

// Flux is the density, in 1/s, of the time of absorption at present.
func (w *Walk) Flux() float64 {
	sum, lambda := 0.0, 0.0
	if w.chain.Fresh != nil {
		lambda = w.chain.Arrivals(w.time)
	}
	for _, j := range w.deadList {
		sum += w.chain.Fixed.into(j, w.p)
		if lambda > 0 {
			sum += lambda * w.chain.Fresh.into(j, w.p)
		}
	}
	return sum
}

// Advance moves the chain on to time t; see [Run.Advance].
func (w *Walk) Advance(t float64) error {
	if !(t >= w.time) || math.IsInf(t, 1) {
		return &FieldError{"time", t, "a finite number not before the present time"}
	}
	tolerance := w.options.tolerance() / (t - w.time)
	for steps := 0; w.time < t && w.lo < w.hi; steps++ {
		if steps >= w.options.maxSteps() {
			return &ToleranceError{w.options.tolerance(), w.Err(), "too many steps for rates that vary so fast"}
		}
		end := math.Min(t, w.chain.nextBreak(w.time))
		h, lambda, deviation := w.choose(end-w.time, tolerance/2)
		if err := w.options.stopped(); err != nil {
			return err
		}
		if err := finite("Sources.Arrivals", lambda.at(0)); err != nil {
			return err
		}
		mass := w.Remaining()
		reached := h >= end-w.time
		q, err := w.step(h, lambda, tolerance*h*mass/2)
		if err != nil {
			return err
		}
		if w.traced.wanted(w.time + h*(1+1e-12)) {
			w.traced.emit(w.time, h, q, reached && end == t, func(float64) float64 { return 1 })
		}
		w.stepErr += deviation * mass
		if !reached {
			end = w.time + h
		}
		w.time = end
	}
	w.time = t
	w.traced.quiet(t)
	return nil
}

// choose finds the longest step over which the rate is a polynomial.
func (w *Walk) choose(most, tolerance float64) (h float64, lambda polynomial, deviation float64) {
	const change, least, noise = 6, 1e-10, 2e-15
	if w.chain.Fresh == nil {
		return most, polynomial{0}, 0
	}
	fresh := w.fresh
	try := w.recent.search(most, least*most)
	for h = try.first(); ; h /= 2 {
		lambda, deviation = fit(w.chain.Arrivals, w.chain.Mean, w.time, h, 0.25*tolerance*h/fresh, noise)
		deviation *= 2 * fresh
		if try.takes(h, deviation, tolerance*h, 4*noise*fresh*lambda.size(), fresh*lambda.change() > change) {
			return h, lambda, deviation
		}
	}
}

// step moves the law by h: the series of [series], on all states in range. It
// returns the mean number of jumps. The rate of jumps is that of the states
// that hold mass; should the law come to faster ones, where the terms of the
// series could grow and cancel, the step is taken again.
func (w *Walk) step(h float64, lambda polynomial, tolerance float64) (float64, error) {
	q := 1.1 * w.fastest(h, lambda, w.lo, w.hi)
	for {
		out := w.attempt(h, lambda, q, tolerance)
		if out.err != nil {
			return q, out.err
		}
		if most := w.fastest(h, lambda, w.from, w.to); most > q {
			q = 1.1 * most
			clear(w.sum[w.from:w.to])
			continue
		}
		w.absorbed += out.absorbed
		w.lost += out.lost
		break
	}
	clear(w.p[w.lo:w.hi])
	w.p, w.sum = w.sum, w.p
	w.lo, w.hi = w.from, w.to
	w.narrow()
	return q, nil
}

// attempt sums the series into sum; p stays as it is.
func (w *Walk) attempt(h float64, lambda polynomial, q, tolerance float64) (out outcome) {
	w.wipe()
	w.traced.path = w.traced.path[:0]
	count := poissonWeights(q, cutSeries)
	tails := count.tails()
	cut := 0.25 * tolerance / float64(count.right+1)
	mass := w.Remaining()
	w.from, w.to = w.lo, w.hi
	copy(w.ring[0][w.lo:w.hi], w.p[w.lo:w.hi])
	w.los[0], w.his[0] = w.lo, w.hi
	w.add(count.at(0), 0)
	if q == 0 {
		return out
	}
	for k := range count.right {
		if k%4 == 0 { // a jump goes over all states
			if out.err = w.options.stopped(); out.err != nil {
				return out
			}
		}
		absorbed, lost := w.jump(k, h, lambda, q, cut)
		out.absorbed += absorbed * tails[max(0, k+1-count.left)]
		out.lost += lost
		weight := count.at(k + 1)
		w.add(weight, k+1)
		if float64(k) > q {
			i := (k + 1) % len(w.ring)
			if rest := weight * size(w.ring[i][w.los[i]:w.his[i]]); rest < smallTerms*mass || k == count.right-1 {
				out.lost += rest
				break
			}
		}
	}
	return out
}

// add adds weight times law k to the sum, and traces its flow.
func (w *Walk) add(weight float64, k int) {
	i := k % len(w.ring)
	v := w.ring[i]
	if len(w.traced.at) > 0 {
		w.traced.path = append(w.traced.path, w.draining(v))
	}
	if weight > 0 {
		sum := w.sum[w.los[i]:w.his[i]]
		v = v[w.los[i]:w.his[i]][:len(sum)]
		for j := range sum {
			sum[j] += weight * v[j]
		}
	}
}

// draining is the flow of the fixed part into the absorbing states, 1/s.
func (w *Walk) draining(p []float64) float64 {
	sum := 0.0
	for _, j := range w.deadList {
		sum += w.chain.Fixed.into(j, p)
	}
	return sum
}

// wipe makes the working arrays 0 again.
func (w *Walk) wipe() {
	for i := range w.ring {
		clear(w.ring[i][w.from:w.to])
	}
	clear(w.mixed[w.from:w.to])
}

// fastest is the greatest mean number of jumps in the step out of the states
// lo..hi-1.
func (w *Walk) fastest(h float64, lambda polynomial, lo, hi int) float64 {
	q := 0.0
	most := math.Max(lambda.at(0), lambda.at(1))
	for i := lo; i < hi; i++ {
		out := h * w.chain.Fixed.out[i]
		if w.chain.Fresh != nil {
			out += most * w.chain.Fresh.out[i]
		}
		q = max(q, out)
	}
	return q
}

// jump makes the next law of the ring from those before it and returns the
// mass that it absorbs and what it cuts off.
func (w *Walk) jump(k int, h float64, lambda polynomial, q, cut float64) (absorbed, lost float64) {
	size := len(w.ring)
	newest, oldest := k%size, (k+1)%size
	v, next := w.ring[newest], w.ring[oldest]
	clear(next[w.from:w.to])
	from, to := w.reach(k, len(lambda))
	w.from, w.to = min(w.from, from), max(w.to, to)
	w.work += float64(to - from)
	copy(next[from:to], v[from:to])
	if w.chain.Fresh != nil && len(lambda) > 1 {
		w.chain.Fixed.flow(next, v, from, to, h/q)
		w.chain.Fresh.flow(next, w.mix(k, lambda, q, cut), from, to, 1)
	} else {
		w.constant(lambda[0]/h).flow(next, v, from, to, h/q)
	}
	for _, j := range w.deadList {
		absorbed += next[j]
		next[j] = 0
	}
	w.los[oldest], w.his[oldest], lost = edges(next, from, to, cut)
	return absorbed, lost
}

// reach is where the next law can hold mass: a jump away from the last ones.
func (w *Walk) reach(k, depth int) (from, to int) {
	from, to = len(w.p), 0
	for j := 0; j < depth && j <= k; j++ {
		i := (k - j) % len(w.ring)
		from, to = min(from, w.los[i]), max(to, w.his[i])
	}
	band := w.chain.Fixed.band
	if w.chain.Fresh != nil {
		band = max(band, w.chain.Fresh.band)
	}
	return max(0, from-band), min(len(w.p), to+band)
}

// mixShare of what is cut off at the ends is little enough for a term of a mix to
// be left out: it moves the rates of arrivals, not mass.
const mixShare = 1e-3

// mix combines the last laws as the fresh part of the next jump asks for.
func (w *Walk) mix(k int, lambda polynomial, q, cut float64) []float64 {
	var laws [maxDegree + 2][]float64
	var shares [maxDegree + 2]float64
	n := 0
	for j, c := 0, 1/q; j <= min(k, len(lambda)-1); j++ {
		if f := c * lambda[j]; math.Abs(f) > mixShare*cut {
			laws[n], shares[n] = w.ring[(k-j)%len(w.ring)][w.from:w.to], f
			n++
		}
		c *= float64(k-j) / q
	}
	combine(w.mixed[w.from:w.to], laws[:n], shares[:n])
	return w.mixed
}

// combine makes dst the sum of laws times their shares, up to four at a time.
func combine(dst []float64, laws [][]float64, shares []float64) {
	clear(dst)
	for len(laws) > 3 {
		a, b, c, d := shares[0], shares[1], shares[2], shares[3]
		x, y, z, u := laws[0][:len(dst)], laws[1][:len(dst)], laws[2][:len(dst)], laws[3][:len(dst)]
		for i := range dst {
			dst[i] += (a*x[i] + b*y[i]) + (c*z[i] + d*u[i])
		}
		laws, shares = laws[4:], shares[4:]
	}
	for k, f := range shares {
		x := laws[k][:len(dst)]
		for i := range dst {
			dst[i] += f * x[i]
		}
	}
}

// whole is a chain at one rate of arrivals.
type whole struct {
	*Sparse
	rate float64
}

// constant is the chain at arrivals of the given rate, kept as long as it stays
// the same but for rounding.
func (w *Walk) constant(rate float64) *Sparse {
	if w.chain.Fresh == nil {
		return w.chain.Fixed
	}
	if w.whole == nil || math.Abs(rate-w.whole.rate) > 4e-16*rate {
		w.whole = &whole{w.chain.Fixed.plus(w.chain.Fresh, rate), rate}
	}
	return w.whole.Sparse
}

// edges finds where a law holds mass; what is too small to matter at its ends
// is dropped, and lost.
func edges(v []float64, lo, hi int, cut float64) (from, to int, lost float64) {
	for lo < hi && math.Abs(v[lo]) < cut {
		lost += math.Abs(v[lo])
		v[lo] = 0
		lo++
	}
	for hi > lo && math.Abs(v[hi-1]) < cut {
		lost += math.Abs(v[hi-1])
		v[hi-1] = 0
		hi--
	}
	return lo, hi, lost
}

func (w *Walk) narrow() {
	w.lo, w.hi, _ = edges(w.p, w.lo, w.hi, 1e-300)
}

package markov

import "math"

// buffers are arrays that a Run uses again and again.
type buffers struct {
	w            window
	s            series
	birth, death []float64
}

func sized(x []float64, n int) []float64 {
	if cap(x) < n {
		return make([]float64, n, n+n/4)
	}
	return x[:n]
}

// step is a time step with rates polynomial in time: lambda and mu multiply
// the shapes of births and deaths at instant shapes.
type step struct {
	lambda, mu polynomial
	shapes     float64
}

func (s step) constant() bool { return len(s.lambda) == 1 && len(s.mu) == 1 }

// outcome of one step.
type outcome struct {
	law            Law
	absorbed, lost float64
	q              float64 // mean jumps of the uniformised chain
	wide           bool    // the mass may come to more than mostRoom states
	err            error   // the context has ended
}

// mostRoom is the number of states on either side of the law that a step may take: where
// rates grow with the state, shorter steps take fewer.
const mostRoom = 1 << 22

// stopEvery is the number of jumps between looks at the context.
const stopEvery = 64

// move takes a law through a step and drops at most tolerance of its mass at
// the edges.
func (r *Run) move(law Law, st step, tolerance float64) outcome {
	if len(law.P) == 0 {
		return outcome{law: law}
	}
	pad := 32
	for {
		q, drift := r.fill(law, st, pad)
		if q == 0 {
			return outcome{law: law}
		}
		need := math.Min(q, 1.1*drift+9*math.Sqrt(q)) + 32
		if !(need <= mostRoom) {
			return outcome{law: law, q: q, wide: true}
		}
		if int(need) > 2*pad {
			pad = int(need)
			continue
		}
		var out outcome
		var ok bool
		if st.constant() {
			out, ok = r.uniformise(law, st, q, tolerance)
		} else {
			out, ok = r.expand(law, st, q, tolerance)
		}
		if ok || out.err != nil {
			out.q = q
			return out
		}
		if pad *= 2; pad > mostRoom {
			return outcome{law: law, q: q, wide: true}
		}
	}
}

// tracing tells whether the law at the state above the absorbing ones is to be
// recorded; n is the number of indices.
func (r *Run) tracing(floor, n int) bool {
	r.traced.path = r.traced.path[:0]
	return len(r.traced.at) > 0 && r.floor > 0 && floor > 0 && floor < n
}

// fill sets up the window around the law with room for pad states on each
// side; q is the greatest mean number of jumps out of a state, drift the
// greatest excess of one direction over the other.
func (r *Run) fill(law Law, st step, pad int) (q, drift float64) {
	b := &r.spare
	base := max(r.floor, law.First-pad) - 1 // one idle index below the floor
	end := law.First + len(law.P) + pad
	roof := end + 1
	if top := r.process.Top; top > 0 && top < end {
		end, roof = top+1, top
	}
	n := end - base + 1 // one idle index above
	b.birth, b.death = sized(b.birth, n), sized(b.death, n)
	r.process.shapes(st.shapes, base+1, b.birth[1:n-1], b.death[1:n-1])
	b.birth[0], b.death[0], b.birth[n-1], b.death[n-1] = 0, 0, 0, 0
	w := &b.w
	w.base, w.floor, w.roof = base, r.floor-base, roof-base
	if base == -1 {
		b.death[1] = 0
	}
	if w.roof < n {
		b.birth[w.roof] = 0
	}
	lambda, mu := math.Max(st.lambda.at(0), st.lambda.at(1)), math.Max(st.mu.at(0), st.mu.at(1))
	for i := range n {
		q = max(q, lambda*b.birth[i]+mu*b.death[i])
		drift = max(drift, math.Abs(lambda*b.birth[i]-mu*b.death[i]))
	}
	return q, drift
}

func (p Process) shapes(t float64, first int, birth, death []float64) {
	if p.Births == nil {
		for i := range birth {
			birth[i] = 1
		}
	} else {
		p.Births(t, first, birth)
	}
	p.Deaths(t, first, death)
}

// Poisson weights below this part of the largest are 0. The coefficients of a
// [series] may grow with their number, so it takes more terms, until they
// have become small.
const (
	cutWeight  = 1e-18
	cutSeries  = 1e-60
	smallTerms = 1e-17 // of the mass
)

// uniformise moves the law by the exponential of a constant generator: jumps
// of a discrete chain at the times of a Poisson process (A. Jensen, Skand.
// Aktuarietidskr. 36 (1953) 87). ok is false when the mass came to the end of
// the room that fill has set up.
func (r *Run) uniformise(law Law, st step, q, tolerance float64) (out outcome, ok bool) {
	const checkEvery = 2048
	b := &r.spare
	w := &b.w
	n := len(b.birth)
	w.p, w.sum = sized(w.p, n), sized(w.sum, n)
	w.up, w.stay, w.down = sized(w.up, n), sized(w.stay, n), sized(w.down, n)
	clear(w.p)
	clear(w.sum)
	w.lost = 0
	scale(b.birth, st.lambda[0])
	scale(b.death, st.mu[0])
	w.chances(b.birth, b.death, q)
	w.lo = law.First - w.base
	w.hi = w.lo + len(law.P)
	copy(w.p[w.lo:], law.P)
	mass := law.Mass()
	tracing := r.tracing(w.floor, n)
	if tracing {
		r.traced.path = append(r.traced.path[:0], w.p[w.floor])
	}
	count := poissonWeights(q, cutWeight)
	tails := count.tails()
	w.cut = 0.25 * tolerance / float64(count.right+1)
	w.leave = 0
	if w.floor > 0 && w.floor < n {
		w.leave = b.death[w.floor] / q
	}
	lo, hi := w.lo, w.hi
	for i := lo; i < hi; i++ {
		w.sum[i] = count.at(0) * w.p[i]
	}
	for k := 1; k <= count.right; k++ {
		if k%stopEvery == 0 {
			if err := r.options.stopped(); err != nil {
				return outcome{err: err}, false
			}
		}
		absorbed, ok := w.jump(count.at(k))
		if !ok {
			return outcome{}, false
		}
		out.absorbed += absorbed * tails[max(0, k-count.left)]
		lo, hi = min(lo, w.lo), max(hi, w.hi)
		if tracing {
			r.traced.path = append(r.traced.path, w.p[w.floor])
		}
		if k%checkEvery == 0 && r.floor == 0 {
			w.conserve(mass)
			if w.settled(tolerance/4, tails[max(0, k+1-count.left)], count.right-k) {
				break
			}
		}
	}
	out.law = trimmed(Law{w.base + lo, w.sum[lo:hi]})
	out.lost = w.lost
	return out, true
}

// expand moves the law by a [series]; ok as with uniformise.
func (r *Run) expand(law Law, st step, q, tolerance float64) (out outcome, ok bool) {
	b := &r.spare
	w, s := &b.w, &b.s
	n := len(b.birth)
	for i := range s.v {
		s.v[i] = sized(s.v[i], n+1)
		clear(s.v[i])
		s.lo[i], s.hi[i] = w.floor, w.floor
		if w.floor < 0 {
			s.lo[i], s.hi[i] = 1, 1
		}
	}
	s.sum, s.flow = sized(s.sum, n), sized(s.flow, 2*n+2)
	clear(s.sum)
	s.birth, s.death, s.lambda, s.mu, s.q = b.birth, b.death, st.lambda, st.mu, q
	s.floor, s.roof, s.head, s.lost = w.floor, w.roof, 0, 0
	lo := law.First - w.base
	hi := lo + len(law.P)
	copy(s.v[0][lo:], law.P)
	s.lo[0], s.hi[0] = lo, hi
	count := poissonWeights(q, cutSeries)
	tails := count.tails()
	s.cut = 0.25 * tolerance / float64(count.right+1)
	mass := law.Mass()
	for i := lo; i < hi; i++ {
		s.sum[i] = count.at(0) * law.P[i-lo]
	}
	tracing := r.tracing(w.floor, n)
	if tracing {
		r.traced.path = append(r.traced.path[:0], s.v[0][w.floor])
	}
	rest := 0.0 // size of the last term
	for k := range count.right {
		if k%stopEvery == 0 {
			if err := r.options.stopped(); err != nil {
				return outcome{err: err}, false
			}
		}
		absorbed, ok := s.jump(k, count.at(k+1))
		if !ok {
			return outcome{}, false
		}
		out.absorbed += absorbed * tails[max(0, k+1-count.left)]
		lo, hi = min(lo, s.lo[s.head]), max(hi, s.hi[s.head])
		if tracing {
			r.traced.path = append(r.traced.path, s.v[s.head][w.floor])
		}
		if float64(k) > q {
			rest = count.at(k+1) * size(s.v[s.head][s.lo[s.head]:s.hi[s.head]])
			if rest < smallTerms*mass {
				break
			}
		}
	}
	out.law = trimmed(Law{w.base + lo, s.sum[lo:hi]})
	out.lost = s.lost + rest
	return out, true
}

// conserve takes out the drift of the mass by rounding.
func (w *window) conserve(mass float64) {
	live := w.p[w.lo:w.hi]
	scale(live, (mass-w.lost)/Law{P: live}.Mass())
}

// settled tells whether the law is within tolerance of the stationary law of
// the window, in which case the rest of the weight goes to it: the distance
// never grows with more jumps. Comparing with the law itself is safe where
// comparing successive steps is not, since a metastable chain hardly moves.
// The law of a window is no answer where mass leaves it: that of a birth process is all
// in one state, another one after each jump.
func (w *window) settled(tolerance, weight float64, jumps int) bool {
	live := w.p[w.lo:w.hi]
	if out := live[len(live)-1]*w.up[w.hi-1] + live[0]*w.down[w.lo]; out*float64(jumps) > tolerance {
		return false
	}
	pi := make([]float64, len(live))
	pi[0] = 1
	total := 1.0
	for i := 1; i < len(pi); i++ {
		back := w.down[w.lo+i-1]
		if back == 0 {
			return false
		}
		pi[i] = pi[i-1] * (w.up[w.lo+i] / back)
		total += pi[i]
		if total > 1e250 {
			scale(pi[:i+1], 1/total)
			total = 1
		}
	}
	mass := Law{P: live}.Mass()
	scale(pi, mass/total)
	distance := 0.0
	for i, x := range live {
		distance += math.Abs(x - pi[i])
	}
	if distance > tolerance {
		return false
	}
	w.lost += distance
	for i, x := range pi {
		w.sum[w.lo+i] += weight * x
	}
	return true
}

// size is the sum of the absolute values.
func size(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Abs(x)
	}
	return sum
}

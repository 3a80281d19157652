package markov

// trace asks for the density of absorption at some instants on the way.
type trace struct {
	at   []float64 // s, increasing
	flux []float64 // 1/s, as far as it is known
	path []float64 // during a step: the flow into the absorbing set after each jump
}

// begin of a new request.
func (t *trace) begin(at []float64) {
	t.at, t.flux = at, make([]float64, 0, len(at))
}

// wanted tells whether an instant up to end is still asked for.
func (t *trace) wanted(end float64) bool {
	return len(t.flux) < len(t.at) && t.at[len(t.flux)] <= end
}

// quiet notes that nothing is absorbed up to end.
func (t *trace) quiet(end float64) {
	for t.wanted(end) {
		t.flux = append(t.flux, 0)
	}
}

// emit computes what is asked for in a step of length h from start with q mean
// jumps: the flow at the share x is the mixture of those after k jumps by the
// Poisson law of mean q x, times rate(x).
func (t *trace) emit(start, h, q float64, last bool, rate func(x float64) float64) {
	for len(t.flux) < len(t.at) {
		x := (t.at[len(t.flux)] - start) / h
		if x > 1 && !last {
			return
		}
		x = min(x, 1)
		w := poissonWeights(q*x, cutWeight*1e-12)
		sum := 0.0
		for i, p := range w.p {
			if k := w.left + i; k < len(t.path) {
				sum += p * t.path[k]
			}
		}
		t.flux = append(t.flux, max(0, sum)*rate(x))
	}
}

// Trace moves the process on to time t, as [Run.Advance] does, and returns the
// density of the time of absorption, in 1/s, at some instants on the way, in
// order and none after t. It costs hardly more than to advance.
func (r *Run) Trace(t float64, at []float64) ([]float64, error) {
	r.traced.begin(at)
	err := r.Advance(t)
	flux := r.traced.flux
	r.traced = trace{}
	return flux, err
}

// Trace moves the chain on to time t; see [Run.Trace]. The flow of the fresh
// part into the absorbing states is not in it: arrivals must not drain a chain.
func (w *Walk) Trace(t float64, at []float64) ([]float64, error) {
	w.traced.begin(at)
	err := w.Advance(t)
	flux := w.traced.flux
	w.traced = trace{}
	return flux, err
}

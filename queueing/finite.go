package queueing

import (
	"fmt"
	"math"
)

// poissonPool is a finite pool, or a lane's hashed part of it, whose number of
// members is Poisson instead of fixed: its members' delays then make a Poisson
// process. mean is that number over the pool's own.
type poissonPool struct {
	Source
	mean float64
}

func (a poissonPool) Rate(t float64) float64      { return a.mean * a.Source.Rate(t) }
func (a poissonPool) Flow(s, t float64) float64   { return a.mean * a.Source.Flow(s, t) }
func (a poissonPool) Excess(s, t float64) float64 { return a.mean * a.Source.Excess(s, t) }

func (a poissonPool) Count(s, t float64) Count {
	return Count{Poisson: a.mean * a.Source.Count(s, t).Mean()}
}

func (a poissonPool) Jumps() []Jump {
	jumps := a.Source.Jumps()
	for i := range jumps {
		jumps[i].Size = Count{Poisson: a.mean * jumps[i].Size.Mean()}
	}
	return jumps
}

// finite undoes the randomness of a pool's size. With F_N the law of the drain
// time for exactly N members and F(M) the one for a Poisson number of mean M,
// F(M) = sum over N of Pois(N; M) F_N: if F(M) is the polynomial sum c_p M^p
// then F_N = sum c_p N (N-1) … (N-p+1) (P. Jacquet, W. Szpankowski, Theor.
// Comput. Sci. 201 (1998)). F is interpolated at Chebyshev extrema, which are
// nested, so that nodes are added until the last coefficients are small.
type finite struct {
	problem
	stream  int     // the pool's index among the streams
	members float64 // N
	half    float64 // the nodes are N + half cos(pi i/n)
	solved  map[float64]*Drain
}

const (
	finiteReach = 7.0 // half over sqrt(N)
	finiteMost  = 32  // intervals between nodes
)

// members is the number of independent delays of a finite stream, 0 for other
// streams; together tells that each brings several requests.
func members(s Source) (n int, together bool) {
	if h, is := s.(Hashed); is {
		s = h.Of
	}
	if p, is := s.(Pool); is {
		n, size := p.Draws()
		return n, size > 1
	}
	return 0, false
}

// exactly solves the problem with the numbers in its finite streams fixed, one
// stream after the other, by means of solve, which takes them for Poisson.
func (p problem) exactly(solve func(problem) (Drain, error)) (Drain, error) {
	p.known = p.forgotten()
	return p.fixing(solve, 0)
}

// fixing starts with the given stream. A stream that had sent everything
// before what the lane still remembers does not matter.
func (p problem) fixing(solve func(problem) (Drain, error), from int) (Drain, error) {
	streams := p.cfg.Arrivals.streams
	for i := from; i < len(streams); i++ {
		source := streams[i].Source
		n, together := members(source)
		if n == 0 || together {
			continue
		}
		if p.known != nil && source.Flow(p.known.from, 1e300) == 0 {
			q, err := p.withMean(i, 1)
			if err != nil {
				return Drain{}, err
			}
			return q.fixing(solve, i+1)
		}
		if p.known != nil && source.Begins() < p.known.at {
			p.known = nil // what is known depends on this stream
		}
		half := math.Min(finiteReach*math.Sqrt(float64(n)), float64(n))
		f := finite{p, i, float64(n), half, map[float64]*Drain{}}
		return f.solve(func(q problem) (Drain, error) { return q.fixing(solve, i+1) })
	}
	return solve(p)
}

func (f finite) solve(next func(problem) (Drain, error)) (Drain, error) {
	for n := 2; ; n *= 2 {
		drains, err := f.nodes(n, next)
		if err != nil {
			return Drain{}, err
		}
		weights, last := f.weights(n)
		rest := lastTerms(drains, last)
		if rest < f.tolerance() || n == finiteMost {
			return mix(drains, weights, rest), nil
		}
	}
}

// nodes solves at N + half cos(pi i/n), i = 0 to n, what is not solved yet.
func (f finite) nodes(n int, next func(problem) (Drain, error)) ([]*Drain, error) {
	out := make([]*Drain, n+1)
	for i := range out {
		x := float64(i) / float64(n)
		if f.solved[x] == nil {
			q, err := f.withMean(f.stream, 1+f.half*math.Cos(math.Pi*x)/f.members)
			if err != nil {
				return nil, err
			}
			q.Tolerance = math.Max(f.tolerance()/100, 1e-12)
			d, err := next(q)
			if err != nil {
				return nil, err
			}
			f.solved[x] = &d
		}
		out[i] = f.solved[x]
	}
	return out, nil
}

// withMean is the problem with a Poisson pool of the given mean, in units of
// the pool's number, for one of its streams.
func (p problem) withMean(stream int, mean float64) (problem, error) {
	cfg := p.cfg
	streams := cfg.Arrivals.Streams()
	streams[stream].Source = poissonPool{streams[stream].Source, mean}
	a, err := NewArrivals(streams...)
	if err != nil {
		return p, fmt.Errorf("queueing: a Poisson pool: %w", err)
	}
	cfg.Arrivals = a
	p.Lane = &Lane{cfg: cfg, steps: p.steps, overload: &p.end}
	return p, nil
}

// weights of the nodes in F_N, and of the last three Chebyshev coefficients'
// contributions to it.
func (f finite) weights(n int) (w []float64, last [][]float64) {
	values := f.chebyshevValues(n)
	w = make([]float64, n+1)
	for k := range n + 1 {
		row := make([]float64, n+1)
		for i := range row {
			c := 2 / float64(n) * math.Cos(math.Pi*float64(i*k)/float64(n))
			if i == 0 || i == n {
				c /= 2
			}
			if k == 0 || k == n {
				c /= 2
			}
			row[i] = c * values[k]
			w[i] += row[i]
		}
		if k > n-2 && k >= 2 {
			last = append(last, row)
		}
	}
	return w, last
}

// chebyshevValues are what becomes of T_k((M-N)/half): with y = (M-N)/half,
// exp(theta M) becomes (1+theta)^N, hence exp(s y) the exponential of
// N (ln(1 + s/half) - s/half).
func (f finite) chebyshevValues(n int) []float64 {
	moment := make([]float64, n+1) // of y^p / p!
	moment[0] = 1
	for p := 1; p <= n; p++ {
		for k := 2; k <= p; k++ {
			l := f.members * math.Pow(f.half, -float64(k)) * float64(2*(k%2)-1)
			moment[p] += l * moment[p-k]
		}
		moment[p] /= float64(p)
	}
	before, now := make([]float64, n+1), make([]float64, n+1) // T_{k-1}, T_k in powers of y
	before[0], now[min(1, n)] = 1, 1
	out := make([]float64, n+1)
	for k := range out {
		t := before
		if k > 0 {
			t = now
		}
		factorial := 1.0
		for p, c := range t {
			if p > 0 {
				factorial *= float64(p)
			}
			out[k] += c * factorial * moment[p]
		}
		if k > 0 {
			next := make([]float64, n+1)
			for p := range next {
				next[p] = -before[p]
				if p > 0 {
					next[p] += 2 * now[p-1]
				}
			}
			before, now = now, next
		}
	}
	return out
}

// lastTerms is the largest contribution of the last coefficients to the CDF,
// at a few quantiles of the middle node's law.
func lastTerms(drains []*Drain, last [][]float64) float64 {
	middle := drains[len(drains)/2]
	rest := 0.0
	for _, p := range [...]float64{1e-3, 0.03, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.97, 0.99, 0.999} {
		t := middle.Quantile(p)
		for _, row := range last {
			sum := 0.0
			for i, c := range row {
				sum += c * drains[i].CDF(t)
			}
			rest = math.Max(rest, math.Abs(sum))
		}
	}
	return rest
}

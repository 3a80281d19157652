package fit

import (
	"math"
	"sort"

	"gonum.org/v1/gonum/diff/fd"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize"
	"gonum.org/v1/gonum/stat/distuv"
)

// The surge after an incident at t0 is a Poisson process of rate
//
//	lambda(t) = base + N g(t - t0),  t >= t0
//
// where g is the density of the delay after which each of N expected requests
// comes: exponential, g(u) = exp(-u/tau)/tau, that is a rate of amplitude
// A = N/tau that decays; uniform over a window W; or lognormal with mean m and
// coefficient of variation v. Counts n_i in intervals with fitted means mu_i
// have the log likelihood
//
//	ln L = sum n_i ln mu_i - mu_i - ln n_i!
//
// (D. R. Cox, P. A. W. Lewis, "The Statistical Analysis of Series of Events",
// Methuen 1966, 3.3). It is maximised over the logarithms of base, N and the
// law's numbers; their covariance is the inverse of the Hessian there.

// SurgeLaw names the delays' law as the scenario file does.
type SurgeLaw string

const (
	ExponentialDelay SurgeLaw = "exponential"
	UniformDelay     SurgeLaw = "uniform"
	LognormalDelay   SurgeLaw = "lognormal"
)

// Surge is the requests that an incident brought.
type Surge struct {
	Law       SurgeLaw
	Begins    float64 // s, t0
	Found     bool    // t0 was found in the data, not given
	Count     Range   // N, expected requests in all
	Amplitude Range   // requests per second at t0, of an exponential law
	Delay     Range   // s: tau, the window W, or the mean m
	CV        Range   // v of a lognormal law
}

const leastForSurge = 50

// numbers fitted, with the base.
func (s *Surge) numbers() int {
	n := 3
	if s.Law == LognormalDelay {
		n = 4
	}
	if s.Found {
		n++
	}
	return n
}

// due is the share of the delays that have ended by t.
func (s *Surge) due(t float64) float64 {
	u := t - s.Begins
	if u <= 0 {
		return 0
	}
	switch d := s.Delay.Value; s.Law {
	case UniformDelay:
		return math.Min(u/d, 1)
	case LognormalDelay:
		v := math.Log1p(s.CV.Value * s.CV.Value)
		return math.Erfc((math.Log(d/u)-v/2)/math.Sqrt(2*v)) / 2
	default:
		return -math.Expm1(-u / d)
	}
}

func (s *Surge) widen(factor float64) {
	s.Count, s.Amplitude, s.Delay, s.CV = s.Count.wider(factor), s.Amplitude.wider(factor), s.Delay.wider(factor), s.CV.wider(factor)
}

// logLikelihood of counts under a fitted mean number up to each instant, less
// the factorials, which are the same for all models of one series.
func logLikelihood(c Counts, upTo func(t float64) float64) float64 {
	sum, before := 0.0, upTo(c.Edges[0])
	for i, n := range c.N {
		now := upTo(c.Edges[i+1])
		mu := now - before
		before = now
		switch {
		case n == 0:
			sum -= mu
		case !(mu > 0):
			return math.Inf(-1)
		default:
			sum += n*math.Log(mu) - mu
		}
	}
	return sum
}

// fitSurge tries the three laws and keeps the one of the least AIC, if there is
// a surge at all: chance must not do as well as it more often than the rate of
// false alarms, by the likelihood ratio against a constant rate (S. S. Wilks,
// Ann. Math. Stat. 9, 1938). A t0 that was searched for has had many chances to
// look good: it pays for them by the logarithm of the instants tried.
func (a *Arrivals) fitSurge(c Counts, o Options) {
	var best *Arrivals
	price, constant := 0.0, a.Models[0].LogLikelihood
	begins, found := o.Incident, false
	if math.IsNaN(begins) {
		begins, found = steepest(c), true
		price = 2 * math.Log(float64(len(c.N)))
	}
	if math.IsNaN(begins) {
		return
	}
	for _, law := range []SurgeLaw{ExponentialDelay, UniformDelay, LognormalDelay} {
		m, ll, ok := surgeAt(c, law, begins, found, 0.02, 0.1, 0.4)
		if law == LognormalDelay && found { // it rises slowly, so it began before it shows
			for _, share := range []float64{0.02, 0.05, 0.1, 0.2} {
				if m2, ll2, ok2 := surgeAt(c, law, math.Max(c.Edges[0], begins-share*c.span()), found, 0.2); ok2 && (!ok || ll2 > ll) {
					m, ll, ok = m2, ll2, true
				}
			}
		}
		if !ok {
			continue
		}
		m.Counts, m.N = c, a.N
		model := Model{string(law) + " surge", ll, 2*float64(m.Surge.numbers()) - 2*ll + price, math.NaN()}
		a.Models = append(a.Models, model)
		gain := distuv.ChiSquared{K: float64(m.Surge.numbers() - 1)}.Quantile(1 - alarm)
		if 2*(ll-constant)-price > gain && (best == nil || model.AIC < best.Models[0].AIC) {
			m.Models = []Model{model}
			best = m
		}
	}
	sort.SliceStable(a.Models, func(i, j int) bool { return a.Models[i].AIC < a.Models[j].AIC })
	if best != nil {
		if found && best.Surge.Law == LognormalDelay {
			best = begunBest(c, best)
			for i := range a.Models {
				if a.Models[i].Name == best.Models[0].Name {
					a.Models[i] = best.Models[0]
				}
			}
		}
		a.Rate, a.Surge = best.Rate, best.Surge
		if a.Surge.Law == UniformDelay {
			a.bootstrapWindow(c, o)
		}
	}
}

// begunBest moves the beginning of a lognormal surge to where the likelihood
// is greatest, within a thousandth of the span: it rises from nothing, so the
// steepest rise does not show when it began.
func begunBest(c Counts, m *Arrivals) *Arrivals {
	most := logLikelihood(c, m.upTo)
	for step := c.span() / 50; step > c.span()/1000; {
		moved := false
		for _, by := range []float64{-step, step} {
			begins := math.Max(c.Edges[0], m.Surge.Begins+by)
			after := c.Edges[len(c.Edges)-1] - begins
			if next, ll, ok := surgeAt(c, LognormalDelay, begins, true, m.Surge.Delay.Value/after); ok && ll > most+1e-3 {
				next.Counts, next.N, next.Models = m.Counts, m.N, m.Models
				m, most, moved = next, ll, true
				break
			}
		}
		if !moved {
			step /= 2
		}
	}
	gain := most - m.Models[0].LogLikelihood
	m.Models = []Model{{m.Models[0].Name, most, m.Models[0].AIC - 2*gain, m.Models[0].KS}}
	return m
}

// leastGain in ln L of a window of higher rate: a surge that wins its price, 9
// and more, explains at least this much as a window, whatever its shape.
const leastGain = 3

// steepest is the edge at which a window of higher rate that explains most
// begins. NaN if none explains enough.
func steepest(c Counts) float64 {
	n := len(c.N)
	sum := make([]float64, n+1)
	for i, k := range c.N {
		sum[i+1] = sum[i] + k
	}
	best, at := float64(leastGain), math.NaN()
	for i := 0; i < n-1; i++ {
		// After the edge, several windows: a surge is short or long.
		for w := 2; i+w <= n; w *= 2 {
			n1, t1 := sum[i+w]-sum[i], c.Edges[i+w]-c.Edges[i]
			n0, t0 := sum[n]-n1, c.span()-t1
			if t0 <= 0 || n1/t1 <= n0/t0 {
				continue
			}
			ll := xlogy(n1, n1/t1) + xlogy(n0, n0/t0) - xlogy(sum[n], sum[n]/c.span())
			if ll > best {
				best, at = ll, c.Edges[i]
			}
		}
	}
	return at
}

func xlogy(n, x float64) float64 {
	if n == 0 {
		return 0
	}
	return n * math.Log(x)
}

// surgeAt maximises the likelihood of a law, starting from delays that are
// each share of the time after the beginning.
func surgeAt(c Counts, law SurgeLaw, begins float64, found bool, shares ...float64) (*Arrivals, float64, bool) {
	if law == UniformDelay {
		return uniformAt(c, begins, found)
	}
	after := c.Edges[len(c.Edges)-1] - begins
	if after <= 0 {
		return nil, 0, false
	}
	minus := func(x []float64) float64 {
		for _, v := range x {
			if math.Abs(v) > 60 {
				return math.MaxFloat64 / 1e10 * (1 + math.Abs(v))
			}
		}
		m := arrivalsOf(law, begins, found, x)
		if m.Surge.Delay.Value > 20*after || m.Surge.CV.Value > 20 {
			return math.MaxFloat64 / 1e10
		}
		return -logLikelihood(c, m.upTo)
	}
	bestAt, best := []float64(nil), math.Inf(1)
	for _, share := range shares {
		start := startOf(c, law, begins, share*after)
		r, err := optimize.Minimize(optimize.Problem{Func: minus}, start, &optimize.Settings{MajorIterations: 600,
			Converger: &optimize.FunctionConverge{Absolute: 1e-6, Iterations: 30}}, &optimize.NelderMead{})
		if r != nil && err == nil && r.F < best {
			bestAt, best = r.X, r.F
		}
	}
	if bestAt == nil {
		return nil, 0, false
	}
	m := arrivalsOf(law, begins, found, bestAt)
	se, ok := standardErrors(minus, bestAt)
	if !ok {
		return nil, 0, false
	}
	m.Rate, m.Surge.Count, m.Surge.Delay = logRange(m.Rate.Value, se[0]), logRange(m.Surge.Count.Value, se[1]), logRange(m.Surge.Delay.Value, se[2])
	if law == LognormalDelay {
		m.Surge.CV = logRange(m.Surge.CV.Value, se[3])
	} else {
		m.Surge.Amplitude = logRange(m.Surge.Amplitude.Value, se[len(se)-1])
	}
	return m, -best, true
}

// startOf guesses base, count and delay: the requests after the beginning that
// exceed the rate elsewhere.
func startOf(c Counts, law SurgeLaw, begins, delay float64) []float64 {
	inside, outside, in := 0.0, 0.0, 0.0
	for i, n := range c.N {
		if c.Edges[i] >= begins && c.Edges[i] < begins+3*delay {
			inside += n
			in += c.Edges[i+1] - c.Edges[i]
		} else {
			outside += n
		}
	}
	base := math.Max(outside, 0.5) / math.Max(c.span()-in, 1e-3*c.span())
	count := math.Max(inside-base*in, 0.05*c.total())
	x := []float64{math.Log(base), math.Log(count), math.Log(delay)}
	if law == LognormalDelay {
		x = append(x, 0)
	}
	return x
}

func arrivalsOf(law SurgeLaw, begins float64, found bool, x []float64) *Arrivals {
	s := &Surge{Law: law, Begins: begins, Found: found, Count: Range{Value: math.Exp(x[1])}, Delay: Range{Value: math.Exp(x[2])}}
	switch law {
	case LognormalDelay:
		s.CV = Range{Value: math.Exp(x[3])}
	case ExponentialDelay:
		s.Amplitude = Range{Value: math.Exp(x[1] - x[2])}
	}
	return &Arrivals{Rate: Range{Value: math.Exp(x[0])}, Surge: s}
}

// standardErrors of the logarithms by the observed information, and last that
// of ln A = ln N - ln tau. Not ok where the Hessian is not positive: the data
// do not hold the model's numbers apart.
func standardErrors(minus func([]float64) float64, x []float64) (se []float64, ok bool) {
	h := mat.NewSymDense(len(x), nil)
	fd.Hessian(h, minus, x, &fd.Settings{Formula: fd.Central, Step: 1e-3})
	var chol mat.Cholesky
	if !chol.Factorize(h) {
		return nil, false
	}
	var cov mat.SymDense
	if err := chol.InverseTo(&cov); err != nil {
		return nil, false
	}
	for i := range x {
		se = append(se, math.Sqrt(cov.At(i, i)))
	}
	return append(se, math.Sqrt(math.Max(0, cov.At(1, 1)+cov.At(2, 2)-2*cov.At(1, 2)))), true
}

package queueing

import (
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/markov"
)

// One server whose service is gamma of any shape above 1 and whose lane may be
// below its level before overload ends, is no Markov chain of finitely many
// states; with Erlang service it is. Nor is deterministic service, whose lanes are
// left to this where [problem.regular] would take too long. The law of T at a given
// instant is a smooth function of x = 1/shape, the SCV, down to x = 0: the
// service is x times a gamma variable of shape 1/x, whose transform
// (1 + x m z)^(-1/x) is analytic in x there. So T's law is interpolated, by
// Lagrange's polynomial in x, between those of Erlang services, of which two
// are followed phase by phase beyond either side if there are such, and the
// difference that the last of them makes is its error. Atoms of T that
// deterministic service spaces out evenly, where a lane may still be in its first
// busy period, are smoothed: the difference shows them.

// betweenShapes are the shapes followed, the finest set that is affordable.
var betweenShapes = [][]int{{1, 2, 3, 4, 6, 8, 12}, {1, 2, 3, 4, 6, 8}, {1, 2, 3, 4, 5}}

const (
	betweenWork  = 3e9  // states times jumps, as [problem.chainCost] has them, times phases squared: some six seconds
	betweenSpan  = 1e-9 // tolerance of each law, or
	betweenShare = 1e-2 // of that of the answer
	betweenExact = 1e-6 // difference up to which the law is taken for exact
	betweenGrid  = 400  // instants at which laws are compared
	fitMost      = 3.0  // of what two fits differ by, that is added to one of them
)

// between is the law for gamma service of shape above 1 and deterministic
// service.
func (p problem) between() (Drain, error) {
	refuse := func(why string) (Drain, error) { return Drain{}, &UnsupportedError{Chain, why} }
	x := p.cfg.Service.SCV()
	switch p.cfg.Service.(type) {
	case Gamma, Deterministic:
	default:
		return refuse("its service is neither gamma nor deterministic")
	}
	if x >= 1 {
		return refuse("its service varies more than an exponential one")
	}
	shapes := p.betweenShapes()
	if shapes == nil {
		return refuse("services of several phases would take too long to follow")
	}
	laws := make([]Drain, len(shapes))
	err := sideBySide(len(shapes), func(i int) (err error) {
		laws[i], err = p.withService(Gamma{p.cfg.Service.Mean(), float64(shapes[i])})
		return err
	})
	if err != nil {
		return Drain{}, err
	}
	at := make([]float64, len(shapes))
	for i, k := range shapes {
		at[i] = 1 / float64(k)
	}
	all := mixed(laws, lagrange(at, x))
	fewer := slices.Clone(laws)
	for range 2 {
		far := 0
		for i := range at {
			if math.Abs(at[i]-x) > math.Abs(at[far]-x) {
				far = i
			}
		}
		at, fewer = slices.Delete(at, far, far+1), slices.Delete(fewer, far, far+1)
	}
	return p.owned(all, furthest(all, mixed(fewer, lagrange(at, x)))+p.ripple(all), fmt.Sprintf("its law is interpolated between those of Erlang services of %d to %d phases, followed one by one", shapes[0], shapes[len(shapes)-1]), laws), nil
}

// ripple is half of what the first n services, which all end near multiples of
// their mean, may put on one of those, n those up to the end of overload: by
// Poisson's summation formula a density of standard deviation s ripples by
// 2 exp(-2 pi^2 s^2) of itself in numbers of services, s^2 = n SCV.
func (p problem) ripple(c *curve) float64 {
	m := p.cfg.Service.Mean()
	n := math.Max(p.begin/m, float64(p.Initial().Fixed))
	return c.peak() * m / 2 * math.Min(1, 2*math.Exp(-2*math.Pi*math.Pi*n*p.cfg.Service.SCV()))
}

// owned is the law with the error that another way of finding it shows.
func (p problem) owned(c *curve, off float64, reason string, from []Drain) Drain {
	d := Drain{Distribution: c, Method: Chain, Quality: Exact, Reason: reason, AbsError: off + math.Abs(1-c.total())}
	d.groups = true
	for _, f := range from {
		d.AbsError = math.Max(d.AbsError, f.AbsError)
		d.groups = d.groups && f.groups
	}
	if d.AbsError > betweenExact {
		d.Quality, d.rough = Approximate, d.AbsError
	}
	for _, a := range c.atoms {
		if a.Mass > d.AbsError {
			d.Atoms = append(d.Atoms, a)
		}
	}
	return d
}

// fitted is the law for services that are no chain, by two phase-type laws with
// their first three moments. To first order T's law differs by as much as the
// fourth moments do: so the difference of the two is scaled by that of the
// service's fourth moment, added if it is not far off, and called the error.
func (p problem) fitted() (Drain, error) {
	s := p.cfg.Service
	m, v := s.Mean(), s.SCV()
	third, fourth := thirdMoment(s), fourthMoment(s)
	var laws [2]Drain
	var kurt [2]float64
	least := 1
	for i := range laws {
		fit, err := markov.FitThreeMomentsFrom(least, m, m*m*(1+v), third)
		if err != nil {
			return Drain{}, &UnsupportedError{Chain, err.Error()}
		}
		least = fit.Phases()/2 + 1
		if !p.affordable(2 * fit.Phases() * fit.Phases()) {
			return Drain{}, &UnsupportedError{Chain, "services of several phases would take too long to follow"}
		}
		moments, err := fit.Moments(4)
		if err != nil {
			return Drain{}, err
		}
		kurt[i] = moments[3]
		laws[i], err = p.following(fit)
		if err != nil {
			return Drain{}, err
		}
	}
	share := 0.0
	if fourth != kurt[0] && math.Abs(kurt[1]-kurt[0]) > 1e-6*fourth {
		share = (fourth - kurt[0]) / (kurt[1] - kurt[0])
	} else if math.Abs(fourth-kurt[0]) > 1e-6*fourth {
		return Drain{}, &UnsupportedError{Chain, "there is but one law with its first three moments"}
	}
	a, b := laws[0].Distribution.(*curve), laws[1].Distribution.(*curve)
	off := furthest(a, b) * math.Max(1, math.Abs(share))
	if off > twoPhaseError {
		return Drain{}, &UnsupportedError{Chain, fmt.Sprintf("laws with the same first three moments differ by %.2g", off)}
	}
	if math.Abs(share) <= fitMost {
		a = mixed(laws[:], []float64{1 - share, share})
	}
	d := p.owned(a, off, "services of exponential phases with the same first three moments stand for those of the lane", laws[:])
	d.Quality, d.rough = Approximate, d.AbsError
	return d, nil
}

// following is the law for services of the given phases, with the numbers in
// finite streams fixed.
func (p problem) following(law markov.PhaseType) (Drain, error) {
	p, open, err := p.settled()
	if err != nil {
		return Drain{}, err
	}
	if len(open) > 0 {
		d, _, err := p.circled(open, law, circleMost/(4*circleStand))
		return d, err
	}
	d, err := followPhases(p.Lane, law, p.begin, p.betweenOptions())
	d.groups = true
	return d, err
}

// fourthMoment is E S^4.
func fourthMoment(s Service) float64 {
	m := math.Pow(s.Mean(), 4)
	switch s := s.(type) {
	case Exponential:
		return 24 * m
	case Gamma:
		return m * (1 + 1/s.Shape) * (1 + 2/s.Shape) * (1 + 3/s.Shape)
	case Deterministic:
		return m
	case Hyperexponential:
		return 24 * (s.P1*math.Pow(s.Mean1, 4) + (1-s.P1)*math.Pow(s.Mean2, 4))
	case Lognormal:
		return m * math.Pow(1+s.Variability, 6)
	}
	sum := 0.0
	each(s, func(x, w float64) { sum += w * math.Pow(x, 4) })
	return sum
}

// betweenShapes is the finest set that may be followed, nil if there is none.
func (p problem) betweenShapes() []int {
	for _, shapes := range betweenShapes {
		squares := 0
		for _, k := range shapes {
			squares += k * k
		}
		if p.affordable(squares) {
			return shapes
		}
	}
	return nil
}

// affordable tells whether chains may be followed whose phases squared add up
// so high.
func (p problem) affordable(squares int) bool {
	work := p.chainCost() * float64(squares)
	for _, st := range p.cfg.Arrivals.streams {
		if _, is := poissonOf(st.Source); is && !p.PoissonPools {
			return work*fixedPools < betweenWork
		}
	}
	return work < betweenWork
}

// withService is the law by the chain with another service of the same mean.
func (p problem) withService(s Service) (Drain, error) {
	cfg := p.cfg
	cfg.Service = s
	l := &Lane{cfg: cfg, steps: p.steps, overload: &p.end}
	return SolveChain(l, p.betweenOptions())
}

// betweenOptions are those of each law: what is wanted of all of them is far
// coarser.
func (p problem) betweenOptions() SolveOptions {
	return SolveOptions{Tolerance: math.Max(betweenSpan, p.tolerance()*betweenShare), Context: p.Context, effort: p.effort}
}

// lagrange are the weights of the values at the given points in their
// polynomial at x.
func lagrange(at []float64, x float64) []float64 {
	w := make([]float64, len(at))
	for i := range at {
		w[i] = 1
		for j := range at {
			if j != i {
				w[i] *= (x - at[j]) / (at[i] - at[j])
			}
		}
	}
	return w
}

// mixed is the sum of laws by the given weights, which add up to 1 and may be
// negative: a density below 0 by rounding becomes 0 in the curve's masses.
func mixed(laws []Drain, weights []float64) *curve {
	var edges []float64
	var atoms []Atom
	for i, d := range laws {
		c := d.Distribution.(*curve)
		for _, q := range c.panels {
			edges = append(edges, q.lo, q.hi)
		}
		for _, a := range c.atoms {
			atoms = append(atoms, Atom{a.At, a.Mass * weights[i]})
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var panels []panel
	for i := 1; i < len(edges); i++ {
		panels = append(panels, interpolated(edges[i-1], edges[i], func(t float64) (sum float64) {
			for k, d := range laws {
				sum += weights[k] * d.Distribution.(*curve).density(t)
			}
			return sum
		}))
	}
	return newCurve(panels, together(atoms), 0)
}

// together adds up atoms of one instant, in order of time.
func together(atoms []Atom) (sum []Atom) {
	slices.SortStableFunc(atoms, func(a, b Atom) int {
		switch {
		case a.At < b.At:
			return -1
		case a.At > b.At:
			return 1
		}
		return 0
	})
	for _, a := range atoms {
		if n := len(sum); n > 0 && sum[n-1].At == a.At {
			sum[n-1].Mass += a.Mass
			continue
		}
		sum = append(sum, a)
	}
	return sum
}

// furthest is the largest difference of two laws over instants spread evenly
// over their span and, from its end, by the logarithm of the time that is left.
func furthest(a, b *curve) float64 {
	lo, hi := a.span()
	hi = math.Min(hi, math.Max(a.Quantile(1-1e-7), b.Quantile(1-1e-7)))
	most := 0.0
	for i := range betweenGrid {
		t := lo + (hi-lo)*float64(i)/betweenGrid
		most = math.Max(most, math.Abs(a.CDF(t)-b.CDF(t)))
	}
	return most
}

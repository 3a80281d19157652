package queueing

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"
)

// identityPoints is the number of collocation points a panel.
const identityPoints = 16

var (
	identityNodes = newChebyshev(identityPoints)
	identityGauss = gaussRule(12)
)

// identityTerms is the largest number of terms of sums in kernels: some seconds.
const identityTerms = 2e7

// identityPanels is the largest number of panels.
const identityPanels = 160

var errPanels = &UnsupportedError{DrainIdentity, fmt.Sprintf("the first-kind identity needs more than %d panels", identityPanels)}

// IdentityDrain is the first passage from the first-kind identity
//
//	P(X(t) <= 0) = integral over (0,t] of P(A(s,t] <= D'(t-s)) dF(s)
//
// with X the backlog above the target if the servers never stop, D' the
// services that go on afresh from the passage at s (A. J. F. Siegert, Phys.
// Rev. 81 (1951), here for a walk that is skip-free downwards). It holds for
// Poisson arrivals of any rate and batches at fixed times; exponential service
// with any capacity in time, and gamma or deterministic service of one server
// that may be down at first; other laws and several servers are left to
// [SuperpositionDrain]. It is slow and sure, and shares nothing with the drain
// density.
//
// F's density is collocated at Chebyshev points of panels, halved until they
// resolve it, its tail up to [SolveOptions].Tail from the identity's
// derivative; on the lattice of deterministic service the equation is solved
// as it stands. AbsError is the mass that misses plus twice the largest
// residual between the points and an eighth of the panels' last coefficients. A
// lane that may be drained before overload ends is refused with an
// [*UnsupportedError] unless its target is the first passage.
func IdentityDrain(l *Lane, o SolveOptions) (Drain, error) {
	if !l.closedSums() {
		return SuperpositionDrain(l)
	}
	q, end, err := identityFor(l, o)
	if err != nil {
		return Drain{}, err
	}
	if q.k0 <= 0 {
		return q.atTarget(end)
	}
	d := Drain{Method: DrainIdentity, Quality: Exact, Reason: "first-kind identity by collocation"}
	if s, is := l.cfg.Service.(Deterministic); is {
		d.Reason = "first-kind identity on the lattice of service ends"
		d.Distribution, d.AbsError, err = q.onLattice(s.Time)
	} else {
		var law *curve
		if law, d.AbsError, err = q.collocate(o.tolerance()); err == nil {
			d.Distribution, d.Tail = q.further(law, o.Tail)
		}
	}
	if err != nil {
		return Drain{}, err
	}
	return d, q.checkStart(d, end, o.tolerance())
}

// closedSums tells whether the departures have a law in closed form: those of
// exponential servers, or of one whose sums of services have one.
func (l *Lane) closedSums() bool {
	switch l.cfg.Service.(type) {
	case Exponential:
		return true
	case Gamma, Deterministic:
		return l.FinalServers() == 1
	}
	return false
}

// identityFor states the problem and the end of overload.
func identityFor(l *Lane, o SolveOptions) (*identity, float64, error) {
	q, err := newIdentity(l)
	if err != nil {
		return nil, 0, err
	}
	q.check, q.spare = o.check, o.effort
	end, ok := OverloadEnd(l)
	if !ok {
		return nil, 0, ErrNever
	}
	if l.cfg.Target.FirstPassage {
		end = 0
	}
	return q, end, nil
}

// atTarget answers for lanes that start at their target.
func (q *identity) atTarget(end float64) (Drain, error) {
	if end > 0 || q.lane.Initial().Fixed > q.lane.Level(0) {
		return Drain{}, &UnsupportedError{DrainIdentity, "it may be drained before overload ends or its servers work"}
	}
	return atOnce(DrainIdentity, whyAtOnce), nil
}

// checkStart refuses laws of the first passage of which more than tol lies
// before the end of overload.
func (q *identity) checkStart(d Drain, end, tol float64) error {
	if early := d.CDF(end); end > 0 && early > tol {
		return &UnsupportedError{DrainIdentity, fmt.Sprintf("it is drained before overload ends with probability %.2g", early)}
	}
	return nil
}

// collocate solves panel by panel: the equations of one do not depend on those
// after it.
func (q *identity) collocate(tol float64) (*curve, float64, error) {
	lo, hi := q.window(math.Max(1e-14, math.Min(1e-12, tol/1000)))
	edges := q.edges(lo, hi)
	before := make([]float64, len(edges)-1) // unresolved part of the panel that was halved
	for i := range before {
		before[i] = math.Inf(1)
	}
	for {
		if len(edges)-1 > identityPanels {
			return nil, 0, errPanels
		}
		values, err := q.solve(edges)
		if err != nil {
			return nil, 0, err
		}
		ps := make([]panel, len(values))
		finer, rests := edges[:1:1], []float64(nil)
		for i, v := range values {
			a, b := edges[i], edges[i+1]
			coef := identityNodes.coefficients(v)
			ps[i] = newPanel(a, b, coef)
			rest := last(coef) * (b - a)
			if rest > tol/20 && rest < before[i]/8 { // else halving met noise
				finer, rests = append(finer, (a+b)/2), append(rests, rest)
			}
			finer, rests = append(finer, b), append(rests, rest)
		}
		if len(finer) == len(edges) {
			law := newCurve(ps, nil, 0)
			unresolved := 0.0
			for _, rest := range rests {
				unresolved += rest / 8
			}
			return law, math.Abs(law.total()-1) + 2*q.residual(edges, values) + unresolved, nil
		}
		edges, before = finer, rests
	}
}

// edges of the panels: they grow geometrically from the last jump of the
// rates, at most to an eighth of the window.
func (q *identity) edges(lo, hi float64) []float64 {
	stops := append(q.breaks(lo, hi), hi)
	from := 0.0
	if before := q.breaks(0, lo); len(before) > 0 {
		from = before[len(before)-1]
	}
	edges := []float64{lo}
	for _, stop := range stops {
		for a := edges[len(edges)-1]; a < stop; a = edges[len(edges)-1] {
			b := a + math.Min(math.Max(a-from, 1/q.fastest(a)), (hi-lo)/8)
			if stop-b < 0.3*(b-a) {
				b = stop
			}
			edges = append(edges, b)
		}
		from = stop
	}
	return edges
}

// solve returns the density at the points of each panel.
func (q *identity) solve(edges []float64) ([][]float64, error) {
	const n = identityPoints
	values := make([][]float64, 0, len(edges)-1)
	for i := range len(edges) - 1 {
		a, right := mat.NewDense(n, n, nil), mat.NewVecDense(n, nil)
		for r, x := range identityNodes.x {
			q.check()
			if q.terms > identityTerms {
				return nil, &UnsupportedError{DrainIdentity, fmt.Sprintf("the kernels of the first-kind identity need more than %.0e terms", identityTerms)}
			}
			t := (edges[i]+edges[i+1])/2 + (edges[i+1]-edges[i])/2*x
			known, row := q.row(t, edges, values)
			a.SetRow(r, row)
			right.SetVec(r, q.served(t)-known)
		}
		var v mat.VecDense
		if err := v.SolveVec(a, right); err != nil {
			return nil, fmt.Errorf("queueing: first-kind identity: %w", err)
		}
		values = append(values, v.RawVector().Data)
	}
	return values, nil
}

// row is the integral of kernel times density up to t: known over the panels
// that are solved, and its weights on the points of the next panel.
func (q *identity) row(t float64, edges []float64, values [][]float64) (known float64, weights []float64) {
	weights = make([]float64, identityPoints)
	cardinal := make([]float64, identityPoints)
	for i := 0; i < len(edges)-1 && edges[i] < t; i++ {
		a, b := edges[i], edges[i+1]
		for _, cut := range q.graded(t, a, math.Min(b, t)) {
			half, mid := (cut[1]-cut[0])/2, (cut[1]+cut[0])/2
			for j, x := range identityGauss.x {
				s := mid + half*x
				w := half * identityGauss.w[j] * q.kernel(s, t)
				identityNodes.cardinals(cardinal, (2*s-a-b)/(b-a))
				for k, c := range cardinal {
					if i < len(values) {
						known += w * c * values[i][k]
					} else {
						weights[k] += w * c
					}
				}
			}
		}
	}
	return known, weights
}

// graded cuts [a,b] at lags that grow fourfold from the time of one event: the
// kernel changes fastest at short ones.
func (q *identity) graded(t, a, b float64) [][2]float64 {
	var cuts [][2]float64
	right := b
	for lag := 0.5 / q.fastest(t); right > a; lag *= 4 {
		left := t - lag
		if left >= right {
			continue
		}
		if left-a < 0.1*(right-left) {
			left = a
		}
		cuts = append(cuts, [2]float64{left, right})
		right = left
	}
	return cuts
}

// residual is the largest failure of the equation at the ends and the middle of
// the panels.
func (q *identity) residual(edges []float64, values [][]float64) float64 {
	worst := 0.0
	for i := range values {
		for _, t := range []float64{edges[i] + 0.49*(edges[i+1]-edges[i]), edges[i+1]} {
			known, _ := q.row(t, edges[:i+2], values)
			worst = math.Max(worst, math.Abs(known-q.served(t)))
		}
	}
	return worst
}

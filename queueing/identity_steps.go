package queueing

import (
	"fmt"
	"math"
)

// maxIdentitySteps bounds the cells and lattice points of the first-kind
// identity, whose work grows with their square.
const maxIdentitySteps = 5000

// maxSteadySteps bounds the lattice points where the kernel depends on the lag
// alone, so that each of its values is found once: a second.
const maxSteadySteps = 40000

// identityPair is what a value of the kernel takes, in states times jumps of a chain.
const identityPair = 150

// IdentityMidpoint is [IdentityDrain] by the simplest rule there is: the mass
// in each of the given number of equal cells sits at its middle and the
// equation holds at the right ends. With 400 cells the CDF is good to about
// 1e-4; AbsError is its difference from half as many cells. It covers
// exponential and gamma service.
func IdentityMidpoint(l *Lane, cells int) (Drain, error) {
	if err := countBetween("IdentityMidpoint.cells", cells, 2, maxIdentitySteps); err != nil {
		return Drain{}, err
	}
	q, end, err := identityFor(l, SolveOptions{})
	if err != nil {
		return Drain{}, err
	}
	if q.k0 <= 0 {
		return q.atTarget(end)
	}
	if _, is := l.cfg.Service.(Deterministic); is {
		return Drain{}, &UnsupportedError{DrainIdentity, "deterministic service has a lattice, not cells"}
	}
	lo, hi := q.window(1e-8)
	fine, coarse := q.midpoint(lo, hi, cells), q.midpoint(lo, hi, cells/2)
	d := Drain{Distribution: fine, Method: DrainIdentity, Quality: Approximate,
		Reason: fmt.Sprintf("first-kind identity by the midpoint rule on %d cells", cells)}
	for i := range coarse.left {
		t := lo + (hi-lo)*float64(i)/float64(cells/2)
		d.AbsError = math.Max(d.AbsError, math.Abs(fine.CDF(t)-coarse.CDF(t)))
	}
	return d, q.checkStart(d, end, d.AbsError+1e-8)
}

// midpoint solves the triangular equations for the masses of the cells.
func (q *identity) midpoint(lo, hi float64, cells int) *curve {
	h := (hi - lo) / float64(cells)
	mass := make([]float64, cells)
	ps := make([]panel, cells)
	for i := range cells {
		q.check()
		t := lo + float64(i+1)*h
		rest := q.served(t)
		for j := range i {
			rest -= mass[j] * q.kernel(lo+(float64(j)+0.5)*h, t)
		}
		mass[i] = rest / q.kernel(t-h/2, t)
		ps[i] = newPanel(t-h, t, []float64{mass[i] / h})
	}
	return newCurve(ps, nil, 0)
}

// onLattice solves for the masses on the ends of services of length d, which
// start when the lane does. The kernel of a passage to itself is 1.
func (q *identity) onLattice(d float64) (*lattice, float64, error) {
	lo, hi := q.window(1e-13)
	start := q.lane.cfg.DownFor
	first := max(int((lo-start)/d)-1, q.k0)
	n := int((hi-start)/d) + 2 - first
	_, err := q.lane.constantStreams(DrainIdentity)
	steady, most := err == nil, maxIdentitySteps
	if steady {
		most = maxSteadySteps
	}
	if n > most {
		return nil, 0, &UnsupportedError{DrainIdentity, fmt.Sprintf("it has %d lattice points, at most %d are solved", n, most)}
	}
	if pairs := float64(n) * float64(n) / 2; !steady && q.spare.spend(pairs*identityPair) != nil {
		return nil, 0, &UnsupportedError{DrainIdentity, fmt.Sprintf("it takes %.0e values of the kernel, and as many again for each number in finite streams", pairs)}
	}
	at := func(i int) float64 { return start + float64(first+i)*d }
	mass := make([]float64, n)
	lags := make([]float64, 1, n) // kernel after so many services, if no instant is like another
	for i := range mass {
		q.check()
		if steady {
			mass[i] = q.served(at(i)) - lagSum(mass[:i], lags)
			lags = append(lags, q.kernel(0, float64(i+1)*d))
		} else {
			mass[i] = q.served(at(i)) - q.earlier(mass[:i], at, at(i))
		}
	}
	law := newLattice(start, d, first, mass)
	return law, math.Abs(law.left[n]-1) + 1e-13, nil
}

// lagSum sums mass times the kernel of its lag before the next point.
func lagSum(mass, kernel []float64) float64 {
	sum := 0.0
	for j, m := range mass {
		sum += m * kernel[len(mass)-j]
	}
	return sum
}

// earlier sums kernel times mass over the points before t. The kernel is 1 to
// rounding for those so much earlier that capacity has certainly caught up.
func (q *identity) earlier(mass []float64, at func(int) float64, t float64) float64 {
	sum := 0.0
	for j, m := range mass {
		s := at(j)
		if m == 0 {
			continue
		}
		served, mean := q.lane.Work(s, t), q.flow(s, t)+float64(q.arrived(s, t))
		if served-mean > 12*math.Sqrt(mean+20) {
			sum += m
		} else {
			sum += m * q.kernel(s, t)
		}
	}
	return sum
}

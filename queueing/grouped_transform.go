package queueing

import (
	"fmt"
	"math"
	"math/cmplx"
)

// groupFlow is what comes over an interval in groups of a size: their mean number
// and, in requests, the excess of their flow over that at the rate of the end.
type groupFlow struct {
	size   int
	mean   float64
	excess float64
}

// groupSums inverts the transforms of work that comes in groups,
//
//	1/(2 pi i) integral of e^(z u - sum a_g (1 - S*^r_g)) S*^(k-1) (-S*') (k + sum e_g S*^r_g) dz,
//
// a_g the mean number of groups of r_g requests, on the parabolas of [poleSums]. The
// trapezoidal rule of step h in theta is off by exp(-2 pi d/h) times what the
// integrand is at most where theta is moved by i d, up or down: on its real point
// there, whose logarithm over the saddle's is rise(d). So h is the largest that
// leaves exp(-digits) for some d on each side. A number of groups that is
// small, or groups that are large, are lattices which a step for a normal law would
// not resolve.
type groupSums struct {
	*poleSums
	points int     // taken so far
	digits float64 // of the integral, as -ln of its relative error
}

const (
	groupDigits = 37.0 // at most
	groupPoints = 12e6 // at most, two or three seconds
)

// groupShifts are the d that are tried.
var groupShifts = [...]float64{0.005, 0.01, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.85}

// newGroupSums is nil for services whose transform has other singularities than on
// the real axis.
func newGroupSums(s Service) *groupSums {
	switch s.(type) {
	case Exponential, Hyperexponential, Gamma:
		return &groupSums{poleSums: &poleSums{service: s, edge: leftEdge(s)}, digits: groupDigits}
	}
	return nil
}

// tiltedPower is s^r, as far as it matters to a search.
func tiltedPower(s float64, r int) float64 { return math.Min(math.Pow(s, float64(r)), 1e100) }

// centre is the saddle point for the services of a law, one at least, and those of
// groups.
func (w *groupSums) centre(n servicesLaw, u float64, flows []groupFlow) (c, x, bend float64) {
	return w.tilt(u, func(s float64) (mean, variance float64) {
		mean, variance = n.tilted(s)
		if mean < 1 {
			mean, variance = 1, 0
		}
		for _, g := range flows {
			n := g.mean * float64(g.size) * tiltedPower(s, g.size)
			mean, variance = mean+n, variance+n*float64(g.size)
		}
		return mean, variance
	})
}

// servicesLaw is the number of services at the start and in batches: lo, or a law from lo
// on.
type servicesLaw struct {
	lo float64
	p  []float64 // nil: certain
}

// log is ln of the sum of p s^k, given ln s.
func (n servicesLaw) log(log float64) float64 {
	if len(n.p) <= 1 {
		return n.lo * log
	}
	top := math.Inf(-1)
	for k, p := range n.p {
		if p > 0 {
			top = math.Max(top, math.Log(p)+float64(k)*log)
		}
	}
	sum := 0.0
	for k, p := range n.p {
		if p > 0 {
			sum += math.Exp(math.Log(p) + float64(k)*log - top)
		}
	}
	return n.lo*log + top + math.Log(sum)
}

// tilted are the mean and the variance of the law p s^k.
func (n servicesLaw) tilted(s float64) (mean, variance float64) {
	if len(n.p) <= 1 {
		return n.lo, 0
	}
	log := math.Log(s)
	all := servicesLaw{p: n.p}.log(log)
	for k, p := range n.p {
		if p > 0 {
			x := float64(k)
			w := math.Exp(math.Log(p) + x*log - all)
			mean, variance = mean+w*x, variance+w*x*x
		}
	}
	return n.lo + mean, variance - mean*mean
}

// height is the exponent of the integrand at a real point, n services beside those
// of groups.
func (w *groupSums) height(c float64, n servicesLaw, u float64, flows []groupFlow) float64 {
	log, _ := logTransform(w.service, c)
	sum := c*u + n.log(log)
	for _, g := range flows {
		sum += g.mean * math.Expm1(float64(g.size)*log)
	}
	return sum
}

// step of theta.
func (w *groupSums) step(c, x float64, n servicesLaw, u float64, flows []groupFlow) float64 {
	top := w.height(c, n, u, flows)
	h := math.Inf(1)
	for _, side := range [...]float64{-1, 1} {
		best := 0.0
		for _, d := range groupShifts {
			rise := w.height(x*(1+side*d)*(1+side*d)-w.edge, n, u, flows) - top
			best = math.Max(best, 2*math.Pi*d/(w.digits+math.Max(0, rise)))
		}
		h = math.Min(h, best)
	}
	return h
}

// patience is the number of small terms in a row that are an end: groups of r
// services show their number where z mean is 2 pi i/r, unless even in phase the
// integrand has vanished by then.
func (w *groupSums) patience(p *parabola, n servicesLaw, u float64, flows []groupFlow) int {
	most := patienceFew
	top := w.height(p.c, n, u, flows)
	for _, g := range flows {
		period := 2 * math.Pi / (w.service.Mean() * float64(g.size))
		if g.mean == 0 {
			continue
		}
		theta := period / (2 * p.x)
		z := complex(p.c-p.x*theta*theta, period)
		d, _, _ := w.defect(z)
		log := math.Log(cmplx.Abs(1 - d))
		there := real(z)*u + n.log(log)
		for _, o := range flows {
			there += o.mean * math.Expm1(float64(o.size)*log)
		}
		if there > top-w.digits {
			most = max(most, patienceFew+int(math.Ceil(math.Min(period/(2*p.x*p.h), contourTerms))))
		}
	}
	return most
}

// along is the path for the services of a law, of which the integrand has one fewer.
func (w *groupSums) along(all, less servicesLaw, u float64, flows []groupFlow) parabola {
	c, x, _ := w.centre(all, u, flows)
	p := parabola{sums: w.poleSums, c: c, x: x, h: w.step(c, x, less, u, flows), logs: true}
	p.patience = w.patience(&p, less, u, flows)
	return p
}

// sum is the integral for k services at the start or in batches. Without any there
// are those of a group at least, whose S*^r is taken out of the terms.
func (w *groupSums) sum(k, u float64, flows []groupFlow) float64 {
	least := k
	if k == 0 {
		for _, g := range flows {
			if r := float64(g.size); g.excess != 0 && (least == 0 || r < least) {
				least = r
			}
		}
	}
	if least == 0 {
		return 0
	}
	n, less := least-1, int(least-k)
	p := w.along(servicesLaw{lo: least}, servicesLaw{lo: n}, u, flows)
	top, sum, end, small := 0.0, 0.0, 0.0, 0
	for j := 0; j < contourTerms && small < p.patience; j++ {
		at := p.point(j)
		w.points++
		phase := at.z*complex(u, 0) + complex(n, 0)*at.log
		weight := complex(k, 0)
		size := k
		for _, g := range flows {
			phase += complex(g.mean, 0) * groupPower(&at, g.size, true)
			y := complex(g.excess, 0) * groupPower(&at, g.size-less, false)
			weight += y
			size += cmplx.Abs(y)
		}
		if j == 0 {
			top, end = real(phase), contourEnd*real(at.slope)*size
			sum = real(at.slope*weight) / 2
			continue
		}
		v := real(cmplx.Exp(phase-complex(top, 0)) * at.slope * weight * complex(1, p.h*float64(j)))
		sum += v
		if math.Abs(v) <= end {
			small++
		} else {
			small = 0
		}
	}
	if w.points > groupPoints {
		panic(stopped{&UnsupportedError{DrainDensity, fmt.Sprintf("requests come in groups, and transforms are needed at more than %.0e points", groupPoints)}})
	}
	return 2 * p.x / math.Pi * p.h * sum * math.Exp(top)
}

// groupPower is S*^r, or less 1.
func groupPower(at *pathPoint, r int, less bool) complex128 {
	var y complex128
	switch r {
	case 0:
		y = 0
	case 1:
		y = -at.defect
	default:
		y = expm1c(complex(float64(r), 0) * at.log)
	}
	if less {
		return y
	}
	return 1 + y
}

// exponent is that of Chernoff's bound for k services and those of groups that take
// u.
func (w *groupSums) exponent(k, u float64, flows []groupFlow) float64 {
	none := k == 0
	for _, g := range flows {
		none = none && g.mean == 0
	}
	if none {
		return math.Inf(1)
	}
	n := servicesLaw{lo: k}
	c, _, _ := w.centre(n, u, flows)
	return math.Max(0, -w.height(c, n, u, flows))
}

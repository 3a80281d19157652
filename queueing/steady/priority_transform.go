package steady

import (
	"math"
	"math/cmplx"

	"singlelane/queueing"
)

// classLaw is what the wait of one class of a single server takes, for any
// service laws. Let R be the transform of a class's residual service, rho its
// load, sums over the classes H above the class, U up to it and A of all. A
// delay that ends when no work of H is left is drawn out by H: z becomes the
// root eta(z), with the greatest real part, of
//
//	eta (1 - sum over H of rho R(eta)) = z
//
// (L. Takacs, Operations Research 12, 1964; H. Kesten & J. Th. Runnenburg,
// Proc. Kon. Ned. Akad. A 60, 1957; H. Takagi, Queueing Analysis 1, 1991,
// section 3.2). Their transform of the wait without interruptions,
//
//	W = (eta (1-rho) + lambda_L (1 - B_L(eta))) / (z - lambda_k (1 - B_k(eta))),
//
// is by that root, with s = 1 - R, free of differences:
//
//	1 - W = sum over A of rho s(eta) / (1 - sum over U of rho + sum over U of rho s(eta)).
//
// Where a higher class interrupts, A is U, for the classes below are not
// there, and the wait of a service S goes on with the interruptions in it:
// the factor is E exp(-(eta-z) S).
type classLaw struct {
	service []queueing.Service
	load    []float64 // of each class, those beyond saturation cut
	class   int
	resumes bool // preemptive-resume
	idle    float64
	clear   float64 // 1 - load of the classes above
}

func (m Priority) classLaw(class int) classLaw {
	l := classLaw{class: class, resumes: m.Preemptive, idle: 1 - m.load(class+1), clear: 1 - m.load(class)}
	left := 1.0
	for i, c := range m.Classes {
		if m.Preemptive && i > class {
			break
		}
		load := math.Min(c.ArrivalRate*c.MeanService, left)
		left = math.Max(0, left-load)
		l.service, l.load = append(l.service, TwoMoments(c.MeanService, c.ServiceSCV)), append(l.load, load)
	}
	return l
}

// short is the sum of rho s(z) over the first n classes.
func (l classLaw) short(n int, z complex128) complex128 {
	sum := complex128(0)
	for i, load := range l.load[:n] {
		if load > 0 {
			sum += complex(load, 0) * residualShort(l.service[i], z)
		}
	}
	return sum
}

// drawnOut is eta(z), by fixed points, which close in by the load of the
// classes above each, and the secant rule. It is the only root whose real
// part is at least that of z.
func (l classLaw) drawnOut(z complex128) complex128 {
	if l.class == 0 {
		return z
	}
	slow := func(eta complex128) complex128 { return complex(l.clear, 0) + l.short(l.class, eta) }
	last, eta := z, z/slow(z)
	off := last*slow(last) - z
	for range 200 {
		d := slow(eta)
		now := eta*d - z
		if cmplx.Abs(now) <= 1e-15*cmplx.Abs(z) {
			break
		}
		next := eta - now*(eta-last)/(now-off)
		if !(real(next) >= real(z)) || cmplx.IsInf(next) {
			next = z + eta*(1-d)
		}
		last, off = eta, now
		if cmplx.Abs(next-eta) <= 1e-15*cmplx.Abs(eta) {
			return next
		}
		eta = next
	}
	return eta
}

// late is 1 - W at z.
func (l classLaw) late(z complex128) complex128 {
	eta := l.drawnOut(z)
	late := l.short(len(l.load), eta) / (complex(l.idle, 0) + l.short(l.class+1, eta))
	if l.resumes && l.class > 0 {
		late += (1 - late) * interrupted(l.service[l.class], l.pace(eta))
	}
	return late
}

// pace is eta - z, the rate of interruptions that are felt at eta, without the
// difference, which for interruptions far shorter than a service has no digits:
// the sum over H of lambda (1 - B(eta)).
func (l classLaw) pace(eta complex128) complex128 {
	sum := complex128(0)
	for i, load := range l.load[:l.class] {
		if load > 0 {
			sum += complex(load/l.service[i].Mean(), 0) * interrupted(l.service[i], eta)
		}
	}
	return sum
}

// tail is P(wait > t) for t > 0, with the error of [Priority.ClassWaitTail]:
// what is left of the transform without the atoms is inverted, and those are
// added where they belong. An atom within roundings of t is at t.
func (l classLaw) tail(t float64) float64 {
	atoms := l.atomsNear(t)
	rest := eulerUntil(func(z complex128) float64 {
		late := l.late(z)
		for _, a := range atoms {
			late -= complex(a.mass, 0) * (1 - cmplx.Exp(-z*complex(a.at, 0)))
		}
		return real(late / z)
	}, t, 1e-10)
	for _, a := range atoms {
		if a.at > t*(1+1e-12) {
			rest += a.mass
		}
	}
	return rest
}

// waits is P(wait > 0).
func (l classLaw) waits() float64 {
	busy := 0.0
	for _, load := range l.load {
		busy += load
	}
	if !l.resumes {
		return busy
	}
	rate := 0.0
	for i, load := range l.load[:l.class] {
		rate += load / l.service[i].Mean()
	}
	return busy + l.idle*real(interrupted(l.service[l.class], complex(rate, 0)))
}

// interrupted is 1 - E exp(-x S): the chance that something of the rate x
// happens in a service.
func interrupted(s queueing.Service, x complex128) complex128 {
	if cmplx.Abs(x)*s.Mean() > 1 {
		return 1 - s.Transform(x)
	}
	return x * complex(s.Mean(), 0) * (1 - residualShort(s, x))
}

// eulerUntil is [eulerSum] with as many terms as it takes: certain services
// leave kinks in a law, around which the sum settles slowly.
func eulerUntil(transform func(z complex128) float64, t, tolerance float64) float64 {
	known := 0.0
	series := newEulerSeries(transform, t)
	for direct := 60; ; direct *= 2 {
		series = series.extend(direct)
		a, b := series.means()
		if math.Abs(a-b) <= tolerance || direct > 4000 || direct > 60 && math.Abs(b-known) <= tolerance {
			return b
		}
		known = b
	}
}

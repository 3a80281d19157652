package queueing

import "math"

const (
	poleGap = 1.5    // least distance of a contour from the pole at 0, in standard deviations
	poleFar = 0.5    // and at most, for the edge at distance 1
	poleFit = 1. / 6 // step over that distance: the trapezoidal rule is off by exp(-2 pi distance/step)
)

// below is P(k + A services take no longer than u), A Poisson of mean a, to
// absolute accuracy near rounding. It inverts
//
//	1/(2 pi i) integral of e^(z u - a (1-S*)) S*^k dz/z
//
// on the parabola of [poleSums], which passes the pole at 0 on the side of the
// saddle point: on the right the integral is the probability, on the left what
// the probability lacks to 1. Where no service is certain the chance of none is an
// atom, e^(z u - a), which on the path of some would have no digits left: it is set
// aside.
func (w *poleSums) below(k, u, a float64) float64 {
	switch {
	case k == 0 && a == 0:
		return 1
	case k == 0 && w.early(k, u):
		return math.Exp(-a)
	case w.early(k, u):
		return 0
	case w.table.covers(u, mostOf(int(k), a)):
		return w.table.chance(int(k), u, a)
	case k == 0:
		return 1 - w.beyondAside(0, u, a)
	}
	p, right := w.pathBy0(k, u, a)
	integral := p.overPole(k, u, a)
	if !right {
		integral++
	}
	return math.Min(math.Max(integral, 0), 1)
}

// pathBy0 keeps its distance from the pole at 0, on the right of it or on
// the left.
func (w *poleSums) pathBy0(k, u, a float64) (p parabola, right bool) {
	if w.paths != nil {
		return w.paths.path(w, k, u, a, 0), true
	}
	_, x, bend := w.saddle(k, u, a)
	x, h, right := w.pastPole(x, bend)
	return w.parabola(x, h, k, u, a, k+a), right
}

// pastPole moves the vertex x of the parabola, if need be, off the pole at 0 to the
// right, since on the left the work soon varies more, and returns the step that sees
// both.
func (w *poleSums) pastPole(x, bend float64) (vertex, h float64, right bool) {
	sd := 1 / (2 * x * math.Sqrt(bend))
	gap := 1 - math.Sqrt(w.edge/x)
	if least := math.Min(poleGap*sd, poleFar); math.Abs(gap) < least {
		gap = least
		x = w.edge / ((1 - gap) * (1 - gap))
	}
	return x, math.Min(math.Min(contourStep*sd, contourWide), math.Abs(gap)*poleFit), gap >= 0
}

func (p parabola) overPole(k, u, a float64) float64 {
	p.logs = k != 0
	sum := 0.0
	for j, small := 0, 0; j < contourTerms && small < p.patience; j++ {
		q := p.at(j)
		phase := q.phase(k, u, a)
		sin, cos := math.Sincos(imag(phase))
		slope := p.turn(j, &q) * reciprocal(q.z)
		size := math.Exp(real(phase))
		v := size * (cos*real(slope) - sin*imag(slope))
		if j == 0 {
			v /= 2
		}
		sum += v
		if small++; size*(math.Abs(real(slope))+math.Abs(imag(slope)))*p.x > contourEnd {
			small = 0
		}
	}
	return 2 * p.x / math.Pi * p.h * sum
}

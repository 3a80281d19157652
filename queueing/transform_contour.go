package queueing

import "math"

// parabola is the path z = c - x theta^2 + 2 i x theta of [poleSums], followed
// in steps h of theta until so many terms in a row are small as patience says.
type parabola struct {
	sums     *poleSums
	c, x, h  float64
	patience int
	logs     bool         // ln S* is asked for
	kept     *[]pathPoint // of a law whose transform takes long; nil: none
}

// pathPoint is a point of the path, with 1 - S*, its derivative and ln S*.
type pathPoint struct{ z, defect, slope, log complex128 }

// phase is the exponent z u - a (1-S*) + n ln S*.
func (q *pathPoint) phase(n, u, a float64) complex128 {
	phase := complex(real(q.z)*u-a*real(q.defect), imag(q.z)*u-a*imag(q.defect))
	if n != 0 {
		phase += complex(n, 0) * q.log
	}
	return phase
}

func (p *parabola) at(j int) pathPoint {
	if p.kept == nil {
		return p.point(j)
	}
	for i := len(*p.kept); i <= j; i++ {
		*p.kept = append(*p.kept, p.point(i))
	}
	return (*p.kept)[j]
}

func (p *parabola) point(j int) pathPoint {
	theta := p.h * float64(j)
	q := pathPoint{z: complex(p.c-p.x*theta*theta, 2*p.x*theta)}
	if m := p.sums.paths; m != nil {
		var at complex128
		q.defect, q.slope, at = m.at(q.z)
		q.log = logOf(q.defect, at)
		return q
	}
	q.defect, q.slope = p.sums.defect(q.z)
	if p.logs {
		q.log = p.sums.log(q.z, q.defect)
	}
	return q
}

// path passes the saddle point for k + A services that take u.
func (w *poleSums) path(k, u, a float64) parabola {
	if w.paths != nil {
		return w.paths.path(w, k, u, a, w.edge)
	}
	_, x, bend := w.saddle(k, u, a)
	return w.parabola(x, math.Min(contourStep/(2*x*math.Sqrt(bend)), contourWide), k+a)
}

// parabola has its focus at the edge.
func (w *poleSums) parabola(x, h, services float64) parabola {
	return parabola{sums: w, c: x - w.edge, x: x, h: h, patience: patience(w.service, services, 2*x*h)}
}

const (
	patienceFew   = 2
	patienceAlike = 0.25 // SCV below which services are alike
	patienceEnd   = 37.0 // -ln of what is too small to count
)

// patience is the number of small terms in a row, on a path that climbs by rise
// at each, that are an end. The work of few services that are alike shows their
// number: with A Poisson of mean a its transform, which has vanished on the way,
// is back at exp(-a (1-S*)) where z mean is 2 pi i.
func patience(s Service, services, rise float64) int {
	if s.SCV() >= patienceAlike || services > fewAlike(s) {
		return patienceFew
	}
	return patienceFew + int(math.Ceil(math.Min(2*math.Pi/(s.Mean()*rise), contourTerms)))
}

// fewAlike is the number of services from which on that is not seen, from |S*|
// of gamma services there; others as alike come close.
func fewAlike(s Service) float64 {
	scv := math.Min(s.SCV(), 1)
	return patienceEnd / (1 - math.Pow(1+math.Pow(2*math.Pi*scv, 2), -1/(2*scv)))
}

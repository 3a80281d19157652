package queueing

import "math"

// parabola is the path z = c - x theta^2 + 2 i x theta of [poleSums], followed
// in steps h of theta until so many terms in a row are small as patience says.
// Graded steps grow with the distance from a pole that is close to the vertex:
// they are h of v, theta = grade sinh(v).
type parabola struct {
	sums     *poleSums
	c, x, h  float64
	grade    float64 // 0: steps are even
	patience int
	logs     bool         // ln S* is asked for
	kept     *[]pathPoint // of a law whose transform takes long; nil: none
}

// pathPoint is a point of the path, with 1 - S*, its derivative, S*, which has digits
// of its own where it is small, and ln S*.
type pathPoint struct{ z, defect, slope, value, log complex128 }

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
	if p.grade > 0 {
		theta = p.grade * math.Sinh(theta)
	}
	q := pathPoint{z: complex(p.c-p.x*theta*theta, 2*p.x*theta)}
	if m := p.sums.paths; m != nil {
		q.defect, q.slope, q.value = m.at(q.z)
		q.log = logOf(q.defect, q.value)
		return q
	}
	q.defect, q.slope, q.value = p.sums.defect(q.z)
	if p.logs {
		q.log = p.sums.log(q.z, q.defect)
	}
	return q
}

// turn is what dz is at the j-th point of the path, which is q, over 2 i x h.
func (p *parabola) turn(j int, q *pathPoint) complex128 {
	if p.grade == 0 {
		return complex(1, p.h*float64(j))
	}
	theta := imag(q.z) / (2 * p.x)
	rate := math.Sqrt(p.grade*p.grade + theta*theta)
	return complex(rate, rate*theta)
}

// path passes the saddle point for k + A services that take u.
func (w *poleSums) path(k, u, a float64) parabola {
	if w.paths != nil {
		return w.paths.path(w, k, u, a, w.edge)
	}
	_, x, bend := w.saddle(k, u, a)
	return w.parabola(x, math.Min(contourStep/(2*x*math.Sqrt(bend)), contourWide), k, u, a, k+a)
}

// parabola has its focus at the edge, or left of it where else it came too close
// to poles that lie there. Then the edge is nearer than the focus, and steps are
// graded by its distance.
func (w *poleSums) parabola(x, h, k, u, a, services float64) parabola {
	p := parabola{sums: w, c: x - w.edge, x: x}
	if wide := w.wide(p.c, k, u, a); wide > x {
		p.x = wide
		h = math.Min(h, contourGraded)
		p.grade = x / wide / (1 + math.Sqrt(1-x/wide))
	}
	p.h, p.patience = h, patience(w.service, services, 2*p.x*h)
	return p
}

// wide is the least x of a parabola with its vertex at c for two phases. Without
// services of the slow one, those of the fast one, of mean m, have the saddle
// point r right of their pole at -1/m,
//
//	u = k/r + a p/(m r^2),
//
// and the integrand is larger within that distance. The path passes the pole
// at 2 sqrt(x (c+1/m)).
func (w *poleSums) wide(c, k, u, a float64) float64 {
	s, is := w.service.(Hyperexponential)
	if !is {
		return 0
	}
	m, p := s.Mean1, s.P1
	if s.Mean2 < m {
		m, p = s.Mean2, 1-s.P1
	}
	r := (k + math.Sqrt(k*k+4*u*a*p/m)) / (2 * u)
	return r * r / (4 * (c + 1/m))
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

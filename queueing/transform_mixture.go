package queueing

import "math"

// mixturePaths are the contours of [poleSums] for lognormal service. Its poles
// come close to 0. Those carry next to no weight, but a saddle point among them
// would tell of one service that is very long, and a parabola round the first
// of them is too narrow for the rest. So paths pass 0 on the right, about a
// standard deviation of the work away, at a place c out of a few, so that the
// transform along them is kept. Densities have absolute accuracy.
//
// With D = u less the tilted mean at c and V the tilted variance, the integrand
// is about exp(D (z-c) + V (z-c)^2/2) times a constant. On the path z = c - x
// theta^2 + 2 i x theta that falls by exp((D/sd + 2 x sd)^2/2) before it rises
// again, and where D is large, like exp(-D x theta^2): x is such that it has
// vanished by then, and to the left of 0 before the path comes close to the
// poles. The trapezoidal rule is off by exp(-2 pi distance/h), distance from the
// next singularity, and by exp(-y^2/(D/x + 2 V)) if pi/(x h) = D + y: what its
// period folds back.
type mixturePaths struct {
	*gammaMixture
	first float64 // s, of which no service is shorter, about
	wide  float64 // 1/s, least x of few services
	few   float64 // services whose work is far from normal
	laws  map[int]tiltedLaw
	place int // of the last path
	kept  map[[3]float64]*[]pathPoint
}

const (
	mixtureRight = 1.5  // standard deviations that c is right of 0
	mixtureRise  = 4.0  // and at most, over u less the mean: the integrand rises by exp of that
	mixtureFall  = 8.5  // (D/sd + 2 x sd), at least
	mixtureLeft  = 16.0 // x D, at least, unless D is small
	mixtureFold  = 80.0 // y^2 over D/x + 2 V
	mixtureGrid  = 4    // places in an octave
	mixtureFirst = 12.0 // sigma below the median, where the density is below exp(-70) of the largest
)

// tiltedLaw is a law tilted by exp(-c t): its first two moments and S*(c).
type tiltedLaw struct{ c, first, second, at float64 }

func newMixtureSums(s Lognormal) *poleSums {
	mu, sigma := s.Params()
	m := &mixturePaths{gammaMixture: newGammaMixture(s), laws: map[int]tiltedLaw{}, kept: map[[3]float64]*[]pathPoint{}}
	m.first = math.Exp(mu - mixtureFirst*sigma)
	m.wide, m.few = 2/(s.MeanTime*sigma*sigma), fewAlike(s)
	return &poleSums{service: s, edge: 1 / m.scale[len(m.scale)-1], paths: m}
}

// absolute tells whether densities have no digits of their own far out.
func (w *poleSums) absolute() bool { return w.paths != nil }

// early tells whether k services or, if k is no more, one do not take as little as
// u. Where they hardly do, transforms underflow.
func (w *poleSums) early(k, u float64) bool {
	if w.paths == nil {
		return u <= 0
	}
	return u <= w.paths.first*math.Max(k, 1)
}

// tilt is the law at the i-th place.
func (m *mixturePaths) tilt(i int) tiltedLaw {
	t, done := m.laws[i]
	if !done {
		t = m.tilted(math.Exp2(float64(i) / mixtureGrid))
		m.laws[i] = t
	}
	return t
}

// saddle is the law at the place next to the saddle point, or to where paths
// come closest to 0, with D and V.
func (m *mixturePaths) saddle(k, u, a float64) (at tiltedLaw, over, bend float64) {
	k = math.Max(k, 1)
	mean := m.Mean()
	second := mean * mean * (1 + m.SCV())
	sd := math.Sqrt(a*second + k*(second-mean*mean))
	least := math.Min(mixtureRight/sd, mixtureRise/math.Abs(u-(k+a)*mean))
	lowest := int(math.Floor(mixtureGrid * math.Log2(least)))
	short := func(i int) float64 { // D, which grows with i
		t := m.tilt(i)
		return u - (a*t.at+k)*t.first
	}
	i := max(m.place, lowest)
	for short(i) < 0 {
		i++
	}
	for i > lowest && short(i-1) >= 0 {
		i--
	}
	if i > lowest && -short(i-1) < short(i) {
		i--
	}
	m.place = i
	at = m.tilt(i)
	return at, short(i), a*at.at*at.second + k*(at.second-at.first*at.first)
}

// path goes round the singularities from -edge on.
func (m *mixturePaths) path(w *poleSums, k, u, a, edge float64) parabola {
	t, over, bend := m.saddle(k, u, a)
	sd := math.Sqrt(bend)
	x := math.Max((mixtureFall-over/sd)/(2*sd), mixtureLeft/math.Max(over, mixtureFall*sd))
	services := k + a*t.at // where the integrand is
	if services < m.few {
		x = math.Max(x, math.Max(m.wide, 2*t.first/(t.second-t.first*t.first)))
	}
	p := parabola{sums: w, c: t.c, x: roundPower(math.Max(t.c+w.edge, x), math.Ceil)}
	over = math.Max(over, 0)
	fold := math.Pi / (p.x * (over + math.Sqrt(mixtureFold*(over/p.x+2*bend))))
	near := (t.c + math.Min(edge, 1/m.Mean())) / p.x // left of -1/mean S* is large
	gap := 1.0
	if near < 1 {
		gap = near / (1 + math.Sqrt(1-near))
	}
	p.h = roundPower(math.Min(fold, gap*contourWide), math.Floor)
	p.patience = patience(m.Lognormal, services, 2*p.x*p.h)
	key := [3]float64{p.c, p.x, p.h}
	if m.kept[key] == nil {
		m.kept[key] = new([]pathPoint)
	}
	p.kept = m.kept[key]
	return p
}

// roundPower rounds to a power of the root of 2.
func roundPower(x float64, round func(float64) float64) float64 {
	return math.Exp2(round(2*math.Log2(x)) / 2)
}

// exponent is Chernoff's left of the mean; on the right no exponential moment
// is finite.
func (m *mixturePaths) exponent(k, u, a float64) float64 {
	if u <= 0 {
		return math.Inf(1)
	}
	if (k+a)*m.Mean() < u {
		return heavyExponent(m.Lognormal, k, u, a)
	}
	t, _, _ := m.saddle(k, u, a)
	d, _, at := m.at(complex(t.c, 0))
	return math.Max(0, a*real(d)-k*real(logOf(d, at))-t.c*u)
}

// heavyExponent is for much work of laws without exponential moments: either
// it is normal, or one service was long.
func heavyExponent(s Service, k, u, a float64) float64 {
	m := s.Mean()
	n := k + a
	over := u - n*m
	normal := over * over / (2 * n * m * m * (1 + s.SCV()))
	long := -math.Log(n * math.Max(1-serviceCDF(s, over), 1e-300))
	return math.Max(0, math.Min(normal, long))
}

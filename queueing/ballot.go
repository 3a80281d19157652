package queueing

import (
	"math"
	"slices"
)

// The Chebyshev points of a panel of the density, and of a block of its
// logarithm, which costs more to find.
const ballotPoints, logPoints = 18, 24

// blockDepth is how often a block may be halved: a law of nearly equal
// services has ripples of that length, many in a block.
const blockDepth = 7

// outside is the mass beyond the window, which leaves P(T > t) its digits down
// to 1e-12 and below.
const outside = 1e-20

var outsideExponent = -math.Log(outside)

var ballotNodes, logNodes = newChebyshev(ballotPoints), newChebyshev(logPoints)

// ballot is the law with the given log-density of the busy period of c, from
// lo to hi. reached is the mass that misses, plus what was cut off.
func (c constantLane) ballot(log func(t float64) float64, mixture *mixtureSaddle, lo, hi, tol float64) (law *curve, reached float64) {
	k := c.cumulants()
	var onset onset
	if math.Sqrt(k.Variance) >= wideLaw*k.Mean {
		allowed := logError(tol, c.instantNoise(k))
		onset.takacs = c.takacsOnset(hi, allowed)
		if mixture != nil {
			onset.power = float64(c.k0)
			onset.pieces = c.mixturePieces(mixture, math.Max(lo, leastInstant*k.Mean), hi, allowed/wideShare)
		}
	}
	ps, cut := logPanels(log, onset, lo, hi, k, c.instantNoise(k), tol)
	law = newCurve(ps, nil, 0)
	return law, math.Abs(law.total()-1) + cut + 2e-17
}

// instantNoise is [clockNoise] for a law with the cumulants k.
func (c constantLane) instantNoise(k Cumulants) float64 {
	return clockNoise * k.Mean / math.Sqrt(k.Variance)
}

// logError is what the logarithm of a density, known to noise, may be off by.
func logError(tol, noise float64) float64 { return math.Max(tol/30, math.Max(1e-13, 10*noise)) }

// clockNoise is what the rounding of an instant, which is as large as the mean,
// does to the logarithm of a density over the ratio of mean and standard
// deviation: a unit in the last place times the slope.
const clockNoise = 2e-16

// logPanels are panels from lo to hi of a density with the cumulants k, and the
// error of the CDF in cutting their series. The logarithm of the density, known
// to noise, is smoother by far than the density: it is interpolated on a few
// wide blocks, and the panels that follow the density's scale are made from
// those. Where the law is wide both follow ln t and the density of ln t: powers
// of t, from few requests near 0 and up to where the tail falls, are then
// straight lines. There onset, if any, takes the place of the first blocks.
func logPanels(log func(t float64) float64, onset onset, lo, hi float64, k Cumulants, noise, tol float64) (ps []panel, cut float64) {
	d := ballotDensity{noise: noise, tol: tol, allowed: logError(tol, noise)}
	lo = math.Max(lo, leastInstant*k.Mean)
	if sd := math.Sqrt(k.Variance); sd < wideLaw*k.Mean {
		d.narrow(log, lo, hi, sd, k.Mean)
	} else {
		d.wide(log, onset, math.Log(lo), math.Log(hi))
	}
	return d.panels, d.cut
}

// onset is the density of a wide law where it begins, if that is known.
type onset struct {
	takacs *takacsOnset
	pieces []expPiece
	power  float64 // of t, by which the density of ln t begins
}

// wideLaw is the standard deviation over the mean from which on laws are
// followed in ln t, which has not the digits that t has.
const wideLaw = 0.1

// leastInstant, over the mean, is where what comes earlier is given up.
const leastInstant = 1e-280

// ballotDensity is logPanels at work.
type ballotDensity struct {
	noise, tol, allowed float64
	panels              []panel
	cut                 float64
}

const (
	firstOctaves    = 1.5  // of ln t, in the first block
	mixtureOctaves  = 2.5  // in that after pieces of hyperexponential services
	stripOctaves    = 4.4  // in that after an onset, times 1+a: zeros of the series are pi away from the real axis of ln y
	peaklessOctaves = 1.0  // in that after peaks
	leastOctaves    = 0.1  // of any block before it is halved
	widening        = 1.7  // of the next block where one was enough
	wideShare       = 10.0 // of the error allowed, which blocks of wide laws sum up in their moments
	onsetWidening   = 2.8  // the same, of services whose onset is known
)

// wide goes in blocks of ln t as wide as they come.
func (d *ballotDensity) wide(log func(t float64) float64, begin onset, lo, hi float64) {
	density := func(x float64) float64 { return log(math.Exp(x)) + x }
	w := wideDensity{ballotDensity: d, first: firstPanel}
	a, width := lo, firstOctaves
	least, widens := leastOctaves, widening
	if n := len(begin.pieces); n > 0 {
		w.pieces = begin.pieces
		a, w.first = begin.pieces[n-1].hi, math.Max(firstPanel, powerPanel/begin.power)
		width, widens = mixtureOctaves, onsetWidening
	}
	onset := begin.takacs
	if onset != nil {
		width = math.Min(stripOctaves/(1+onset.power.shape), stripOctaves)
		least, widens = math.Min(width, least), onsetWidening
	}
	if onset != nil && onset.end > lo {
		a = onset.end
		w.first = powerPanel / (onset.power.k * onset.power.shape)
		w.pieces = append(w.pieces, expPiece{hi: a, exps: onset.exps})
	}
	if onset != nil && onset.peaksEnd > a {
		a = math.Min(onset.peaksEnd, hi)
		w.pieces = append(w.pieces, expPiece{hi: a, exps: onset.peaks.exps})
		width = peaklessOctaves
	}
	for a < hi {
		b := math.Min(hi, a+width)
		if hi-b < 0.2*(b-a) {
			b = hi
		}
		n := len(w.pieces)
		blocks := nestedBlocks{log: density, allowed: d.allowed / wideShare}
		blocks.add(a, b, blockDepth)
		for _, g := range blocks.blocks {
			w.pieces = append(w.pieces, expPiece{g.hi, g.exps, g.off})
		}
		from := a
		if len(w.pieces) > n+1 {
			from = w.pieces[len(w.pieces)-2].hi
		}
		last := w.pieces[len(w.pieces)-1]
		if width = math.Max(last.hi-from, least); len(w.pieces) == n+1 && last.off < 0.1*d.allowed {
			width *= widens
		}
		a = b
	}
	w.march(lo, hi)
}

// block is a piece of a log-density by its Chebyshev coefficients.
type block struct {
	lo, hi float64
	coef   []float64
	off    float64 // about its largest error
}

// between are points of a block, on [-1,1], that are no nodes: what ripples
// faster than the nodes can tell shows there and nowhere else.
var between = [...]float64{-0.985, 0.07}

// exps turns each time into the exponential of the block's function there.
func (g block) exps(t []float64) {
	var at [ballotPoints]float64
	x := at[:]
	if len(t) > len(at) {
		x = make([]float64, len(t))
	}
	for i, t := range t {
		x[i] = (2*t - g.lo - g.hi) / (g.hi - g.lo)
	}
	clenshaws(t, g.coef, x[:len(t)])
	for i, v := range t {
		t[i] = math.Exp(v)
	}
}

// interpolate the function at the nodes on [a,b].
func interpolate(f func(t float64) float64, nodes *chebyshev, a, b float64) []float64 {
	values := make([]float64, 0, logPoints)
	for _, x := range nodes.x {
		values = append(values, f((a+b)/2+(b-a)/2*x))
	}
	coef := make([]float64, len(nodes.x))
	nodes.write(coef, values)
	return coef
}

// valueNoise is what the rounding of the values leaves in the last coefficients,
// over the values.
const valueNoise = 4e-15

// last is the size of the last two coefficients.
func last(coef []float64) float64 {
	n := len(coef)
	return math.Abs(coef[n-1]) + math.Abs(coef[n-2])
}

// appendBlocks interpolates log on [a,b], halving it up to depth times.
func appendBlocks(bs []block, log func(t float64) float64, a, b, tol float64, depth int) []block {
	coef := interpolate(log, logNodes, a, b)
	off := last(coef)
	tol = math.Max(tol, valueNoise*math.Abs(coef[0]))
	for _, x := range between {
		if off <= tol {
			off = math.Max(off, math.Abs(clenshaw(coef, x)-log((a+b)/2+(b-a)/2*x)))
		}
	}
	if depth == 0 || off <= tol {
		return append(bs, block{a, b, coef, off})
	}
	bs = appendBlocks(bs, log, a, (a+b)/2, tol, depth-1)
	return appendBlocks(bs, log, (a+b)/2, b, tol, depth-1)
}

// panelling makes panels of a density on [a,b], with what turns coefficients
// into one.
type panelling struct {
	density  func(t []float64) // takes the place of the times that it is given
	build    func(a, b float64, coef []float64) panel
	relative float64 // error of the density that is allowed for the tails, over its mean in a panel
	ends     bool    // over the lesser of its ends instead
}

// positiveOff is a density over the last coefficients of its series from which on what
// they leave out does not take it below 0.
const positiveOff = 10.0

// add interpolates the density on [a,b], halving it up to depth times until the
// error of its mass is below tol and that of the density as allowed. cut is the
// error that is left.
func (d panelling) add(ps []panel, a, b, tol float64, depth int) (all []panel, cut float64) {
	values := make([]float64, ballotPoints, 2*ballotPoints)
	for i, x := range ballotNodes.x {
		values[i] = (a+b)/2 + (b-a)/2*x
	}
	d.density(values)
	coef := values[ballotPoints : 2*ballotPoints]
	ballotNodes.write(coef, values)
	rest, size := last(coef), coef[0]
	if d.ends {
		size = math.Min(values[0], values[ballotPoints-1])
	}
	if depth == 0 || rest*(b-a) <= tol && rest <= d.relative*size {
		p := d.build(a, b, coef)
		p.positive = positiveOff*rest < slices.Min(values)
		return append(ps, p), rest * (b - a)
	}
	ps, left := d.add(ps, a, (a+b)/2, tol/2, depth-1)
	ps, right := d.add(ps, (a+b)/2, b, tol/2, depth-1)
	return ps, left + right
}

// kendall is the log-density of the busy period with exponential service,
// k0/t times the probability that departures less arrivals up to t are k0
// (D. G. Kendall, J. R. Statist. Soc. B 19 (1957), eq. 25).
func (c constantLane) kendall() func(t float64) float64 {
	k, mu := float64(c.k0), 1/c.service.Mean()
	drift := mu - c.rate
	early := c.takacsPower(Gamma{1 / mu, 1})
	return func(t float64) float64 {
		d, a := mu*t, c.rate*t
		if k*k+4*d*a < debyeFrom*debyeFrom {
			log, _ := early.at(t, math.Inf(1))
			return log
		}
		return math.Log(k/t) + lnSkellamMass(k, d, a, k-drift*t)
	}
}

// takacs is the log-density of the busy period with gamma service,
//
//	ln sum over n >= k0 of (k0/n) g_n(t) pois(n-k0; lam t),
//
// g_n the density of n services (L. Takács, Introduction to the Theory of
// Queues, Oxford 1962, section 1.3, theorem 3). The summand is close to a
// Gaussian in n around its mode; where it is wide only every h-th term is
// taken, which by Poisson's summation formula leaves a relative error of
// 2 exp(-2 pi^2 sigma^2 / h^2), here tol/100.
func (c constantLane) takacs(s Gamma, tol float64) func(t float64) float64 {
	power, saddle, sum := c.takacsPower(s), c.takacsSaddle(s), c.takacsSum(s, tol)
	return func(t float64) float64 {
		if log, ok := power.at(t, powerFast); ok {
			return log
		}
		if log, ok := saddle.log(t); ok {
			return log
		}
		if log, ok := power.at(t, powerMost); ok {
			return log
		}
		return sum(t)
	}
}

// fewSummands is the number of arrivals of the largest summand from which on the
// first are nothing.
const fewSummands = 150

// takacsSum is takacs by its sum.
func (c constantLane) takacsSum(s Gamma, tol float64) func(t float64) float64 {
	k := float64(c.k0)
	stride := math.Sqrt(math.Log(200/tol) / (2 * math.Pi * math.Pi))
	few := &takacsTerms{lane: c, service: s}
	arrived := -1.0 // at the last mode, for one second
	return func(t float64) float64 {
		lam, x := c.rate*t, t*s.Shape/s.MeanTime
		if lam == 0 {
			return few.log(0, t)
		}
		n, sigma := c.mode(s, t, lam, x, arrived*t)
		arrived = (n - k) / t
		if n-k <= fewSummands { // the first may count
			return few.sum(int(n-k), t)
		}
		h := math.Max(1, math.Floor(sigma/stride))
		return smoothSum(k, s.Shape, lam, x, n, h) + math.Log(k*h*math.Sqrt(s.Shape)/(2*math.Pi*t))
	}
}

// smoothSum is the logarithm of the sum of the products of Poisson and gamma
// masses over n, without the factors that takacs adds, for many arrivals: with
// Stirling's series the summand is an exponential and a root.
func smoothSum(k, shape, lam, x, n, h float64) float64 {
	exponent := func(n float64) float64 {
		a, b := n-k, n*shape
		return -a*excessOfLog(lam/a-1) - b*excessOfLog(x/b-1) - stirlingSeries(a) - stirlingSeries(b)
	}
	peak := exponent(n)
	sum := 1 / math.Sqrt(n*(n-k))
	for _, step := range []float64{h, -h} {
		for j := 1.0; n+j*step-k > 20; j++ { // the step may be less than rounding of n
			i := n + j*step
			v := math.Exp(exponent(i)-peak) / math.Sqrt(i*(i-k))
			sum += v
			if v <= 1e-15*sum {
				break
			}
		}
	}
	return peak + math.Log(sum)
}

// mode is near the n of the largest summand, where the derivative of its
// logarithm, shape ln(x / (n shape)) + ln(lam / (n-k)), is 0, with its width.
// near is a guess of the arrivals, or negative.
func (c constantLane) mode(s Gamma, t, lam, x, near float64) (n, sigma float64) {
	k := float64(c.k0)
	if near < 0 {
		near = t/s.MeanTime - k // as many ends as there may be
	}
	a := math.Max(near, math.Min(lam, 1))
	for range 30 {
		slope := s.Shape*math.Log(x/((k+a)*s.Shape)) + math.Log(lam/a)
		bend := s.Shape/(k+a) + 1/a
		step := slope / bend
		a = math.Max(a+step, a/8)
		if step*step*bend < 0.04 {
			break
		}
	}
	return k + math.Floor(a), 1 / math.Sqrt(s.Shape/(k+a)+1/(a+1))
}

// lnGammaMass is the logarithm of x times the gamma density of the given
// shape and scale 1, x^shape e^-x / Gamma(shape).
func lnGammaMass(shape, x float64) float64 {
	if shape < 20 {
		lg, _ := math.Lgamma(shape)
		return shape*math.Log(x) - x - lg
	}
	return math.Log(shape/(2*math.Pi))/2 - shape*excessOfLog(x/shape-1) - stirlingSeries(shape)
}

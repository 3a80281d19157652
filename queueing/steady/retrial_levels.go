package steady

import (
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/integrate/quad"
)

// orbitLaw is what the chain of a lane and its orbit has in the long run.
type orbitLaw struct {
	lane  []float64 // law of the number in the lane
	orbit float64   // mean number in the orbit
	empty float64   // chance that both are empty
}

// orbitLevels solves that chain orbit by orbit, from the fullest down (level
// reduction: D. P. Gaver, P. A. Jacobs & G. Latouche, Adv. Appl. Probab. 16,
// 1984). The orbit i grows from a full lane alone, so all that a level has to
// know of those above it is g, the law of the lane when the orbit first
// comes back to i from (i+1, K). With x(n) the time that the lane holds n while
// the orbit is at i and has not been below, per time with K,
//
//	x(n) (lambda + n' mu + i theta) = lambda x(n-1) + (n+1)' mu x(n+1) + lambda g(n),  n < K,
//
// n' = min(n, c), and what goes down, i theta x(n) to n+1, is the g of the
// level below. Each level costs 2 K steps, and nothing is subtracted in them.
// The levels are tied by the cut between them,
//
//	i theta sum over n < K of p(i,n) = lambda p(i-1, K),
//
// where, by the balance of the states below K, the sum of i theta x(n) is
//
//	c mu + lambda (sum over n < K of g(n) - x(K-1)),
//
// which next to saturation keeps the digits that count: its distance from
// lambda, as a sum of c mu - lambda and small terms.
type orbitLevels struct {
	lambda, mu, theta, spare float64
	c, k                     int
	g                        []float64 // of the level passed next
	x, out, in               []float64 // x is in units of e^-ln
	ln                       float64
	rise                     float64 // ln p(i,K) / p(i-1,K)
	near                     float64 // x(K-1)
}

func (m Retrial) levels() *orbitLevels {
	room := func() []float64 { return make([]float64, m.Limit+1) }
	return &orbitLevels{
		lambda: m.ArrivalRate, mu: m.ServiceRate, theta: 1 / m.RetryDelay,
		spare: spare(m.ArrivalRate, m.ServiceRate, float64(m.Servers)), c: m.Servers, k: m.Limit,
		g: room(), x: room(), out: room(), in: room(),
	}
}

// restart forgets the levels above: whoever comes back finds the lane full.
func (l *orbitLevels) restart() {
	clear(l.g)
	l.g[l.k] = 1
}

// pass solves level i, given g of the level above, and leaves the g of i for
// the one below.
func (l *orbitLevels) pass(i float64) {
	retry := i * l.theta
	busy := func(n int) float64 { return float64(min(n, l.c)) * l.mu }
	astray := 0.0    // g below K
	on, in := 0., 0. // share of the state below that goes on up, and its inflow
	for n := range l.k {
		astray += l.g[n]
		l.out[n] = retry // and, of those that go down to a state already dealt with, who does not come back
		if n > 0 {
			l.out[n] = retry + busy(n)*l.out[n-1]/(l.lambda+l.out[n-1])
		}
		in = l.lambda*l.g[n] + on*in
		l.in[n] = in
		on = l.lambda / (l.lambda + l.out[n])
	}
	scale, sum := 1.0, 0.0
	l.x[l.k], l.ln = 1, 0
	for n := l.k - 1; n >= 0; n-- {
		leave := l.lambda + l.out[n]
		if by := l.x[n+1]; by > 1 && busy(n+1)/leave*by > 1e150 { // a lane that is hardly ever full
			for j := n + 1; j <= l.k; j++ {
				l.x[j] /= by
			}
			scale, sum, l.ln = scale/by, sum/by, l.ln+math.Log(by)
		}
		l.x[n] = (l.in[n]*scale + busy(n+1)*l.x[n+1]) / leave
		sum += l.x[n]
		if n == l.k-1 {
			l.near = l.x[n]
		}
	}
	ahead := l.spare + l.lambda*(astray-l.near)
	if math.Abs(ahead) < l.lambda/2 {
		l.rise = -math.Log1p(ahead / l.lambda)
	} else {
		l.rise = math.Log(l.lambda) - math.Log(retry) - math.Log(sum) - l.ln
	}
	l.g[0] = 0
	for n := range l.k {
		l.g[n+1] = l.x[n] / sum
	}
}

// at solves level i alone, from as far above as it takes to forget that
// nothing is known there.
func (l *orbitLevels) at(i float64) {
	near, low := math.Inf(1), 0.0
	for above := 8; above <= 1<<16; above *= 2 {
		l.restart()
		for j := above; j >= 0; j-- {
			l.pass(i + float64(j))
		}
		if math.Abs(l.near-near) <= 1e-14*near && math.Abs(l.x[0]-low) <= 1e-13*low {
			return
		}
		near, low = l.near, l.x[0]
	}
}

// orbitSums adds up levels, relative to e^(ln-lost): lost is what roundings took
// from ln (W. Kahan, Comm. ACM 8, 1965), which a million shifts would show.
type orbitSums struct {
	lane          []float64
	all, orbit, w float64 // w is the weight of the first level added
	begun         bool
	ln, lost      float64
}

// shift makes the sums relative to what lies e^rise below.
func (s *orbitSums) shift(rise float64) {
	rise -= s.lost
	ln := s.ln + rise
	s.ln, s.lost = ln, (ln-s.ln)-rise
}

// add a level of these times, which weigh factor e^ln.
func (s *orbitSums) add(ln, factor float64, times []float64, level float64) {
	if ln > s.ln {
		s.scale(math.Exp(s.ln - ln - s.lost))
		s.ln, s.lost = ln, 0
	}
	factor *= math.Exp(ln - s.ln + s.lost)
	sum := 0.0
	for n, x := range times {
		s.lane[n] += factor * x
		sum += factor * x
	}
	if !s.begun { // all may be 0 later on too, beside a level that outweighs it by more than numbers can
		s.w, s.begun = sum, true
	}
	s.all, s.orbit = s.all+sum, s.orbit+level*sum
}

func (s *orbitSums) scale(by float64) {
	for n := range s.lane {
		s.lane[n] *= by
	}
	s.all, s.orbit, s.w = s.all*by, s.orbit*by, s.w*by
}

const (
	// singleLevels is how many levels are solved one by one where there are more:
	// beyond them sums are integrals with a relative error below 1e-11.
	singleLevels = 1 << 16
	// maxRetrialWork bounds the levels solved times the places of the lane.
	maxRetrialWork = 1e9
)

// nobody is an offered load whose square is too small for a number.
const nobody = 1e-200

// solve finds the law. The orbit falls off like i^(alpha) rho^i, alpha being
// lambda/theta for a single place, so the levels that count are known well
// enough beforehand, and the last one's share tells whether they were.
func (m Retrial) solve() (orbitLaw, error) {
	left := slack(m.ArrivalRate, m.ServiceRate, float64(m.Servers))
	if a := m.ArrivalRate / m.ServiceRate; a < nobody {
		lane := make([]float64, m.Limit+1)
		lane[0], lane[1] = 1, a
		return orbitLaw{lane, 0, 1}, nil
	}
	mean := m.slowOrbit()
	spread := math.Sqrt(mean / left)
	count := 64 + 45/left + mean + 14*spread
	l := m.levels()
	places := float64(m.Limit + 1)
	for {
		s := orbitSums{lane: make([]float64, m.Limit+1), ln: math.Inf(-1)}
		lowest := mean - 20*spread // below it nothing counts
		far := count > singleLevels
		if work := math.Min(count, singleLevels) * places; work > maxRetrialWork {
			return orbitLaw{}, fmt.Errorf("%w: a lane of %d places and its orbit at load %.6g take some %.2g steps, want at most %.2g",
				ErrTooLarge, m.Limit, 1-left, work, maxRetrialWork)
		}
		if far && lowest > singleLevels && mean*left > 1e4 {
			return l.manyAlone(s, math.Floor(lowest))
		}
		if far {
			if err := l.many(&s, singleLevels); err != nil {
				return orbitLaw{}, err
			}
			l.at(singleLevels + 1)
		} else {
			l.restart()
		}
		for i := math.Min(math.Ceil(count), singleLevels); ; i-- {
			l.pass(i)
			s.add(l.ln, 1, l.x, i)
			if i == 0 {
				break
			}
			s.shift(l.rise)
		}
		if far || s.w <= 1e-17*left*s.all {
			return orbitLaw{s.normal(), s.orbit / s.all, l.x[0] * math.Exp(l.ln-s.ln+s.lost) / s.all}, nil
		}
		count *= 2
	}
}

// normal is the law of the lane.
func (s *orbitSums) normal() []float64 {
	for n := range s.lane {
		s.lane[n] /= s.all
	}
	return s.lane
}

// manyAlone is the law where the levels up to first hold nothing of weight.
func (l *orbitLevels) manyAlone(s orbitSums, first float64) (orbitLaw, error) {
	err := l.many(&s, first)
	if err == nil && s.w > 1e-15*s.all {
		err = fmt.Errorf("%w: where the orbit of some %.2g begins is not found", ErrTooLarge, first)
	}
	return orbitLaw{s.normal(), s.orbit / s.all, 0}, err
}

// maxOrbitPanels bounds the integrals over far levels.
const maxOrbitPanels = 20_000

// orbitPanel is a rule of Gauss on (0, 1): its nodes, its weights, and for each
// node the weights of the integral up to it, exact where the rule's polynomial
// is.
type orbitPanel struct {
	node, weight []float64
	upTo         [][]float64
}

var farPanel = sync.OnceValue(func() orbitPanel {
	const points = 16
	p := orbitPanel{make([]float64, points), make([]float64, points), make([][]float64, points)}
	quad.Legendre{}.FixedLocations(p.node, p.weight, 0, 1)
	slices.Reverse(p.node) // upwards; the weights are symmetric
	for j, end := range p.node {
		p.upTo[j] = make([]float64, points)
		for k := range p.upTo[j] {
			p.upTo[j][k] = quad.Fixed(func(y float64) float64 {
				basis := 1.0
				for i, x := range p.node {
					if i != k {
						basis *= (y - x) / (p.node[k] - x)
					}
				}
				return basis
			}, 0, end, points, quad.Legendre{}, 0)
		}
	}
	return p
})

// many adds the levels above first, relative to the weight of (first, K): with
// r(i) the rise into level i, by the midpoint rule of Euler and Maclaurin, as
// the integral from first+1/2 on of
//
//	x(i) exp(r(i)/2 + integral of r from first+1/2 to i),
//
// over panels in which the weight changes by a few powers of e. What the rule
// leaves out is of the order r' = alpha/i^2.
func (l *orbitLevels) many(s *orbitSums, first float64) error {
	rule := farPanel()
	rises, lns, times := make([]float64, len(rule.node)), make([]float64, len(rule.node)), make([][]float64, len(rule.node))
	from, ln, most := first+0.5, 0.0, 0.0
	l.at(1.001 * from)
	later := l.rise
	l.at(from)
	rise, slope := l.rise, math.Abs(later-l.rise)/(0.001*from)
	for range maxOrbitPanels {
		width := math.Min(from/4, math.Min(3/math.Abs(rise), 2/math.Sqrt(slope)))
		for j, node := range rule.node {
			l.at(from + width*node)
			rises[j], lns[j], times[j] = l.rise, l.ln, append(times[j][:0], l.x...)
		}
		for j, node := range rule.node {
			s.add(ln+lns[j]+width*floats.Dot(rule.upTo[j], rises)+rises[j]/2, width*rule.weight[j], times[j], from+width*node)
		}
		ln += width * floats.Dot(rule.weight, rises)
		end := len(rises) - 1
		slope = math.Abs(rises[end]-rises[end-1]) / (width * (rule.node[end] - rule.node[end-1]))
		from, rise = from+width, rises[end]
		if most = math.Max(most, ln); rise < 0 && ln < most-50 {
			return nil
		}
	}
	return fmt.Errorf("%w: an orbit that begins at %.3g has no end within reach", ErrTooLarge, first)
}

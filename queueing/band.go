package queueing

import (
	"math"
	"slices"
)

// band is the last way to a law of T, for whatever lane with [Mechanisms] but retries that no
// other way covers: the mean path of all that waits, and how far chance moves the instant at
// which it has drained. Large systems follow their mean path, and their deviations from it are
// normal and add up along it (A. Mandelbaum, W. A. Massey, M. I. Reiman, Queueing Systems 30
// (1998) 149). Let T(x) be the instant at which the path has drained if the noise in slices of
// time is x: of the arrivals that the throttle holds back, of the others, of the services, each
// of covariance C and with g the slope of T at 0. To the first order T changes by g'x, of
// variance g'C g, and noise that does so is along d = C g / sqrt(g'C g) where it is likeliest
// (A. M. Hasofer, N. C. Lind, J. Eng. Mech. Div. ASCE 100 (1974) 111). So T(z1 d1 + z2 d2 + z3 d3),
// with independent standard normal z, has the right law where T is linear, and follows it far
// from there: where now the tokens and now the servers take longer. Its moments are found by
// Gauss-Hermite quadrature. A source of noise to which T is indifferent at first is taken
// along C 1, in which all comes sooner, or later.
//
// The law of T is the inverse Gaussian with those moments, whose third cumulant has 3 Var^2/E T
// more, for what chance does after T(0); what would lie before the end of overload is
// there. Nothing bounds its error, which is stated as 1.
//
//   - The variance of arrivals between any two instants is that of the streams, so that the
//     slices of a finite pool have the covariance that they have. Services have SCV times as
//     much as there are.
//   - Until idle, the mean path goes to where servers idle; the rest is the passage of an
//     M(t)/M/c queue to 0.
type band struct {
	problem
	grid   *bandGrid
	ends   []int // of the grid, of slices
	chancy bool  // whether the lane drops requests as its mean path drains, which chance ends sooner

	of     func(passed) float64  // the instant whose law is found; nil: when the path has drained
	enters func(t, many float64) // is told what comes into the lane without noise; may be nil
	lets   func(t, many float64) // is told what the throttle lets through that is not too old; may be nil
}

const (
	bandSlices = 32
	bandSooner = 4    // times fewer where many laws are found
	bandWide   = 8.0  // standard deviations below the mean, and a half more above
	bandPieces = 16   // of a standard deviation
	bandSkew   = 2.0  // at most
	bandLeast  = 1e-9 // of the time, a standard deviation that is none

	// SCV of services, beside other mechanisms and at all, from which on mean paths were seen to
	// drain long after the lane, or before.
	bandWild, bandWildest = 6.0, 10.0
)

const bandWhy = "the mean path of what waits, and what chance makes of its end; nothing bounds its error"

// byBand is a law for whatever serves in order of arrival.
func (p problem) byBand() (d Drain, err error) {
	defer catch(&err)
	m := p.cfg.Mechanisms
	if m.Retries != nil || m.MaxAge > 0 && m.Discipline != FIFO {
		return Drain{}, &UnsupportedError{Diffusion, "it is not served in order of arrival, or there are retries"}
	}
	if scv := p.cfg.Service.SCV(); scv > bandWildest || scv > bandWild && len(m.Names()) > 1 {
		return Drain{}, &UnsupportedError{Diffusion, "its services vary too much for a mean path"}
	}
	grid, err := p.newBandGrid()
	if err != nil {
		return Drain{}, err
	}
	b := &band{problem: p, grid: grid}
	mid, err := b.passage(nil)
	if err != nil {
		return Drain{}, err
	}
	if b.chancy {
		return Drain{}, &UnsupportedError{Diffusion, "chance drains a lane that drops requests before its mean path does"}
	}
	mean, variance, third := b.moments(mid.at)
	more, spread := b.rest(mid)
	return b.law(mean+more, variance+spread, third), nil
}

// moments of the instant whose law is found, up to which noise matters.
func (b *band) moments(upTo float64) (mean, variance, third float64) {
	b.slice(upTo)
	var along []*bandNoise
	for _, columns := range b.noises() {
		if d := b.likeliest(columns); d != nil {
			along = append(along, d)
		}
	}
	var of bandMoments
	b.integrate(&of, along, nil, 1)
	return of.cumulants()
}

// likeliest is the noise of one source that is likeliest to change T, given the columns of a
// factor of its covariance; nil without any.
func (b *band) likeliest(columns []*bandNoise) *bandNoise {
	along, all := b.noNoise(), b.noNoise()
	square, whole := 0.0, 0.0
	for _, x := range columns {
		up, err := b.passage(x)
		down, err2 := b.passage(x.times(-1))
		if err == nil && err2 == nil {
			slope := (b.when(up) - b.when(down)) / 2
			along, square = along.plus(x.times(slope)), square+slope*slope
		}
		sum := x.sum()
		all, whole = all.plus(x.times(sum)), whole+sum*sum
	}
	switch {
	case square > 0:
		return along.times(1 / math.Sqrt(square))
	case whole > 0:
		return all.times(1 / math.Sqrt(whole))
	}
	return nil
}

// when is the instant of a path that noise moves.
func (b *band) when(t passed) float64 {
	if b.of != nil {
		return b.of(t)
	}
	return t.at
}

// instant is that whose law is found.
func (b *band) instant(t passed) float64 {
	at := b.when(t)
	if b.of != nil || b.cfg.Target.Idle { // from where what is left takes its time
		at = math.Max(at, b.begin)
	}
	return at
}

// bandMoments are sums of powers of T, over some instant, by their weights.
type bandMoments struct{ weight, about, first, second, third float64 }

func (m *bandMoments) add(t, weight float64) {
	if m.weight == 0 {
		m.about = t
	}
	x := t - m.about
	m.weight += weight
	m.first += weight * x
	m.second += weight * x * x
	m.third += weight * x * x * x
}

func (m *bandMoments) cumulants() (mean, variance, third float64) {
	a, b, c := m.first/m.weight, m.second/m.weight, m.third/m.weight
	return m.about + a, math.Max(0, b-a*a), c - 3*a*b + 2*a*a*a
}

// integrate adds the moments over standard normal numbers, of as many sources as there are. The
// five nodes of the quadrature are the roots of x^5 - 10 x^3 + 15 x (M. Abramowitz, I. A. Stegun,
// Handbook of Mathematical Functions, 25.4.46).
func (b *band) integrate(m *bandMoments, along []*bandNoise, x *bandNoise, weight float64) {
	if len(along) == 0 {
		if t, err := b.passage(x); err == nil { // else the path with so much noise does not drain
			m.add(b.instant(t), weight)
		}
		return
	}
	if x == nil {
		x = b.noNoise()
	}
	root := math.Sqrt(10)
	b.integrate(m, along[1:], x, weight*8/15)
	for _, sign := range []float64{1, -1} {
		at, share := math.Sqrt(5+sign*root), (7-sign*2*root)/60
		b.integrate(m, along[1:], x.plus(along[0].times(at)), weight*share)
		b.integrate(m, along[1:], x.plus(along[0].times(-at)), weight*share)
	}
}

// law is the inverse Gaussian with three cumulants, no earlier than overload ends.
func (b *band) law(mean, variance, third float64) Drain {
	d := Drain{Method: Diffusion, Quality: Approximate, AbsError: 1, rough: 1, Reason: bandWhy}
	sd := math.Sqrt(variance)
	if !(sd > bandLeast*mean) {
		d.Method = Fluid
		d.Reason = "the mean path alone: nothing varies that matters to it"
		d.Atoms = []Atom{{math.Max(mean, b.begin), 1}}
		d.Distribution = newCurve(nil, d.Atoms, 0)
		return d
	}
	skew := third/(sd*sd*sd) + 3*sd/math.Max(mean, sd)
	g, err := newSkewed(mean, sd, math.Max(-bandSkew, math.Min(bandSkew, skew))*sd*sd*sd)
	if err != nil {
		d.Atoms = []Atom{{math.Max(mean, b.begin), 1}}
		d.Distribution = newCurve(nil, d.Atoms, 0)
		return d
	}
	if early := g.CDF(b.begin); early > 0 {
		d.Atoms = append(d.Atoms, Atom{b.begin, early})
	}
	var panels []panel
	lo := math.Max(b.begin, mean-bandWide*sd)
	for i := range int(bandWide * 2.5 * bandPieces) {
		hi := mean + (float64(i+1)/bandPieces-bandWide)*sd
		if hi <= lo {
			continue
		}
		if mass := g.Exceed(lo) - g.Exceed(hi); mass > 0 {
			panels = append(panels, newPanel(lo, hi, []float64{mass / (hi - lo)}))
		}
		lo = hi
	}
	if left := g.Exceed(lo); left > 0 {
		panels = append(panels, exponentialTail(lo, left, 1/sd)...)
	}
	d.Distribution = newCurve(panels, d.Atoms, 0)
	return d
}

// slice cuts the time up to an instant into parts of about as much noise each.
func (b *band) slice(to float64) {
	g := b.grid
	sum := []float64{0}
	last := 0
	for k := range g.steps {
		if last = k; g.steps[k].from >= to {
			break
		}
		sum = append(sum, sum[k]+g.steps[k].free+g.steps[k].held+b.cfg.Service.SCV()*float64(g.steps[k].servers)*(g.steps[k].to-g.steps[k].from)/b.cfg.Service.Mean())
	}
	parts := bandSlices
	if b.soon {
		parts /= bandSooner
	}
	for i := 1; i <= parts; i++ {
		want := sum[len(sum)-1] * float64(i) / float64(parts)
		k, _ := slices.BinarySearch(sum, want)
		if k = min(k, last+1); k > 0 && (len(b.ends) == 0 || k > b.ends[len(b.ends)-1]) {
			b.ends = append(b.ends, k)
		}
	}
}

// noises are, for each source, the columns of a factor of its covariance.
func (b *band) noises() (all [3][]*bandNoise) {
	n := len(b.ends)
	for i, of := range []Arrivals{b.grid.free, b.grid.held} {
		for _, column := range choleskyColumns(b.covariance(of)) {
			x := b.noNoise()
			x.of[i] = column
			all[i] = append(all[i], x)
		}
	}
	scv := b.cfg.Service.SCV()
	for i := range n {
		from, to := b.between(i)
		if v := scv * b.Work(from, to); v > 0 {
			x := b.noNoise()
			x.of[2][i] = math.Sqrt(v)
			all[2] = append(all[2], x)
		}
	}
	return all
}

// between are the ends of a slice.
func (b *band) between(i int) (from, to float64) {
	if i > 0 {
		from = b.grid.steps[b.ends[i-1]-1].to
	}
	return from, b.grid.steps[b.ends[i]-1].to
}

// covariance of the numbers that come in the slices, from the variances of what comes between
// any two of their ends.
func (b *band) covariance(a Arrivals) [][]float64 {
	n := len(b.ends)
	variance := make([][]float64, n+1) // of what comes in slices i to j-1
	for i := range variance {
		variance[i] = make([]float64, n+1)
		for j := i + 1; j <= n; j++ {
			from, _ := b.between(i)
			_, to := b.between(j - 1)
			variance[i][j] = a.Count(from, to).Variance()
			if from == 0 && i == 0 {
				for _, jump := range a.jumps {
					if jump.At == 0 {
						variance[i][j] += jump.Size.Variance()
					}
				}
			}
		}
	}
	c := make([][]float64, n)
	for i := range c {
		c[i] = make([]float64, n)
	}
	for i := range n {
		for j := i; j < n; j++ {
			x := variance[i][i+1]
			if j > i {
				x = (variance[i][j+1] + variance[i+1][j] - variance[i][j] - variance[i+1][j+1]) / 2
			}
			c[i][j], c[j][i] = x, x
		}
	}
	return c
}

// choleskyColumns are those of the factor of a covariance, but for those that are 0.
func choleskyColumns(c [][]float64) (columns [][]float64) {
	n := len(c)
	for k := range n {
		if !(c[k][k] > 0) {
			continue
		}
		root := math.Sqrt(c[k][k])
		column := make([]float64, n)
		for i := k; i < n; i++ {
			column[i] = c[i][k] / root
		}
		for i := k; i < n; i++ {
			for j := k; j < n; j++ {
				c[i][j] -= column[i] * column[j]
			}
		}
		for i := k + 1; i < n; i++ { // rounding
			if c[i][i] < 1e-12*root*root {
				c[i][i] = math.Max(0, c[i][i])
			}
		}
		columns = append(columns, column)
	}
	return columns
}

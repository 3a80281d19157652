package queueing

import (
	"math"
	"slices"
)

// band is the last way to a law of T, for whatever lane with [Mechanisms] but retries that no
// other way covers: the mean path of all that waits, and how far chance moves the instant at
// which it has drained. Large systems follow their mean path, and their deviations from it are
// normal and add up along it (A. Mandelbaum, W. A. Massey, M. I. Reiman, Queueing Systems 30
// (1998) 149). With T(x) the instant at which the path has drained if the noise of arrivals and
// of services, slice of time by slice of time, is x, of covariance L L', the columns l of L give
//
//	E T  = T(0) + sum of [T(l) + T(-l) - 2 T(0)]/2,
//	Var T = sum of [T(l) - T(-l)]^2/4 + [T(l) + T(-l) - 2 T(0)]^2/2,
//
// which is right to the second order whatever the factor L (H. Cramér, Mathematical Methods of
// Statistics, Princeton 1946, section 27.7; S. J. Julier, J. K. Uhlmann, Proc. IEEE 92 (2004)
// 401). The law is the inverse Gaussian with that mean and variance, and what would lie before
// the end of overload is there. Nothing bounds its error, which is stated as 1.
//
//   - The variance of arrivals between any two instants is that of the streams, so that the
//     slices of a finite pool have the covariance that they have. Services have SCV times as
//     much as there are.
//   - Until idle, the mean path goes to where servers idle; the rest is the passage of an
//     M/M/c queue.
//   - What a lane that is mostly idle holds by chance as the throttle lets go is added.
type band struct {
	problem
	grid *bandGrid
	ends []int // of the grid, of slices
}

const (
	bandSlices = 32
	bandWide   = 8.0  // standard deviations below the mean, and a half more above
	bandPieces = 16   // of a standard deviation
	bandSkew   = 2.0  // at most
	bandLeast  = 1e-9 // of the time, a standard deviation that is none
)

const bandWhy = "the mean path of what waits, and what chance makes of its end to the second order"

// byBand is a law for whatever serves in order of arrival.
func (p problem) byBand() (d Drain, err error) {
	defer catch(&err)
	m := p.cfg.Mechanisms
	if m.Retries != nil || m.MaxAge > 0 && m.Discipline != FIFO {
		return Drain{}, &UnsupportedError{Diffusion, "it is not served in order of arrival, or there are retries"}
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
	b.slice(mid.at)
	mean, variance := mid.at, 0.0
	for _, x := range b.noises() {
		up, errUp := b.passage(x)
		down, errDown := b.passage(x.times(-1))
		if errUp != nil || errDown != nil { // the path with so much noise does not drain
			continue
		}
		rise, bend := (up.at-down.at)/2, (up.at+down.at-2*mid.at)/2
		mean += bend
		variance += rise*rise + 2*bend*bend
	}
	more, spread := b.rest(mid)
	return b.law(mean+more, variance+spread), nil
}

// times is the noise times a factor.
func (x *bandNoise) times(by float64) *bandNoise {
	scaled := func(a []float64) (out []float64) {
		for _, v := range a {
			out = append(out, by*v)
		}
		return out
	}
	return &bandNoise{x.ends, scaled(x.free), scaled(x.held), scaled(x.served)}
}

// law is the inverse Gaussian with a mean and a variance, no earlier than overload ends.
func (b *band) law(mean, variance float64) Drain {
	d := Drain{Method: Diffusion, Quality: Approximate, AbsError: 1, rough: 1, Reason: bandWhy}
	sd := math.Sqrt(variance)
	if !(sd > bandLeast*mean) {
		d.Method = Fluid
		d.Reason = "the mean path alone: nothing varies that matters to it"
		d.Atoms = []Atom{{math.Max(mean, b.begin), 1}}
		d.Distribution = newCurve(nil, d.Atoms, 0)
		return d
	}
	skew := math.Min(bandSkew, 3*sd/math.Max(mean, sd))
	g, err := newSkewed(mean, sd, skew*sd*sd*sd)
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
	for i := 1; i <= bandSlices; i++ {
		want := sum[len(sum)-1] * float64(i) / bandSlices
		k, _ := slices.BinarySearch(sum, want)
		if k = min(k, last+1); k > 0 && (len(b.ends) == 0 || k > b.ends[len(b.ends)-1]) {
			b.ends = append(b.ends, k)
		}
	}
}

// noises are the columns of a factor of the covariance of all noise.
func (b *band) noises() (all []*bandNoise) {
	n := len(b.ends)
	if n == 0 {
		return nil
	}
	for i, of := range []Arrivals{b.grid.free, b.grid.held} {
		for _, column := range choleskyColumns(b.covariance(of)) {
			x := &bandNoise{ends: b.ends}
			if i == 0 {
				x.free = column
			} else {
				x.held = column
			}
			all = append(all, x)
		}
	}
	scv := b.cfg.Service.SCV()
	for i := range b.ends {
		from, to := b.between(i)
		if v := scv * b.Work(from, to); v > 0 {
			x := &bandNoise{ends: b.ends, served: make([]float64, n)}
			x.served[i] = math.Sqrt(v)
			all = append(all, x)
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

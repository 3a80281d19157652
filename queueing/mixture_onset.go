package queueing

import "math"

// mixtureOnset is the density of [busyMixture] from where it begins to a few of the short
// services: t^(k-1) times an entire function, whose logarithm is followed over t. In ln t,
// where nothing happens over most of the window, it would take many blocks.
type mixtureOnset struct {
	k    float64
	lo   float64 // s
	end  float64 // ln t
	list []block // of ln(f(t) / t^(k-1)) over t
}

const (
	onsetServices = 2.0  // short ones of each request, and of one more, up to the end
	onsetLeast    = 20.0 // end over the beginning of the window
)

// mixtureOnset of the logarithm of a density, from lo on, to allowed; nil where
// the window begins late.
func (c constantLane) mixtureOnset(s Hyperexponential, log func(t float64) float64, lo, hi, allowed float64) *mixtureOnset {
	k := float64(c.k0)
	end := math.Min(hi, onsetServices*(k+1)*math.Min(s.Mean1, s.Mean2))
	if end < onsetLeast*lo {
		return nil
	}
	n := nestedBlocks{allowed: allowed, even: true, log: func(t float64) float64 { return log(t) - (k-1)*math.Log(t) }}
	n.add(lo, end, blockDepth)
	return &mixtureOnset{k: k, lo: lo, end: math.Log(end), list: n.blocks}
}

// pieces are the densities of ln t of the blocks.
func (o *mixtureOnset) pieces() []expPiece {
	ps := make([]expPiece, len(o.list))
	for i, g := range o.list {
		ps[i] = expPiece{math.Log(g.hi), func(x []float64) { o.exps(g, x) }, g.off}
	}
	ps[len(ps)-1].hi = o.end
	return ps
}

func (o *mixtureOnset) exps(g block, x []float64) {
	var at, sum [ballotPoints]float64
	u, sums := at[:len(x)], sum[:len(x)]
	for i, x := range x {
		u[i] = (2*math.Exp(x) - g.lo - g.hi) / (g.hi - g.lo)
	}
	clenshaws(sums, g.coef, u)
	for i, v := range x {
		x[i] = math.Exp(o.k*v + sums[i])
	}
}

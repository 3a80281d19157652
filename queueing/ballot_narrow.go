package queueing

import "math"

// narrow goes in one block if it can. Where the window is not short the logarithm is
// followed over that of the instant over the window's middle, which has the digits that
// the instant has, as the density has a singularity at 0.
func (d *ballotDensity) narrow(log func(t float64) float64, lo, hi, sd, mean float64) {
	step := math.Inf(1)
	if sd < mean {
		step = 2 * sd
	}
	if hi < shortWindow*lo {
		blocks := nestedBlocks{log: log, allowed: d.allowed}
		blocks.add(lo, hi, blockDepth)
		for _, g := range blocks.blocks {
			d.add(g.lo, g.hi, g.exps, g.off, step)
		}
		return
	}
	mid := math.Sqrt(lo) * math.Sqrt(hi)
	blocks := nestedBlocks{allowed: d.allowed, log: func(u float64) float64 {
		t := mid * math.Exp(u)
		return log(t) + math.Log(t)
	}}
	blocks.add(math.Log(lo/mid), math.Log(hi/mid), blockDepth)
	for i, g := range blocks.blocks {
		to := mid * math.Exp(g.hi)
		if i == len(blocks.blocks)-1 {
			to = hi
		}
		d.add(lo, to, octaveBlock{g, mid}.exps, g.off, step)
		lo = to
	}
}

// shortWindow is the last instant over the first up to which ln f is followed over time.
const shortWindow = 1.25

// octaveBlock is a block of ln(t f(t)) over u = ln(t/mid).
type octaveBlock struct {
	block
	mid float64
}

// exps turns each time into the density there.
func (g octaveBlock) exps(t []float64) {
	var at [ballotPoints]float64
	u := at[:len(t)]
	for i, t := range t {
		u[i] = math.Log(t / g.mid)
	}
	g.block.exps(u)
	for i := range t {
		t[i] = u[i] / t[i]
	}
}

// add makes panels of a block from lo to hi, at most step wide at first.
func (d *ballotDensity) add(lo, hi float64, exps func(t []float64), off, step float64) {
	p := panelling{density: exps, build: newPanel, relative: math.Max(1e-8, 30*d.noise)}
	n := math.Max(1, math.Ceil((hi-lo)/step))
	for i := range int(n) {
		from, to := lo+(hi-lo)*float64(i)/n, lo+(hi-lo)*float64(i+1)/n
		before := len(d.panels)
		var left float64
		d.panels, left = p.add(d.panels, from, to, math.Max(d.tol/20, d.noise), 9)
		if d.cut += left; off > d.allowed { // it could not be halved further, or has little mass
			for _, q := range d.panels[before:] {
				d.cut += math.Min(1, off) * math.Abs(q.mass)
			}
		}
	}
}

package queueing

import "math"

// takacsPower is the density of [takacsSaddle] as a series in powers of the
// time: with n = k + j and x = r t it is the first summand,
// x^(ak) e^(-x - lam t) / (t Gamma(ak)), times the sum over j of
//
//	k/n Gamma(ak)/Gamma(an) (x^a lam t)^j / j!.
//
// All terms are positive, and each is the one before it times a number that
// depends on j alone. The logarithm of the largest is below x + lam t.
type takacsPower struct {
	k, shape, rate, lam float64
	first               float64   // ln Gamma(ak)
	ratios              []float64 // of the terms j+1 and j, but for x^a lam t
	log                 float64   // ln Gamma(an) of the last n
}

const (
	powerFast = 200.0 // x + lam t up to which the series is the fastest way
	powerMost = 600.0 // up to which it holds
	powerEnd  = 1e-17 // the last term over the sum
)

func (c constantLane) takacsPower(s Gamma) *takacsPower {
	p := &takacsPower{k: float64(c.k0), shape: s.Shape, rate: s.Shape / s.MeanTime, lam: c.rate}
	p.first, _ = math.Lgamma(p.k * p.shape)
	p.log, p.ratios = p.first, make([]float64, 0, 64)
	return p
}

// at is ln f(t), and whether t is early enough.
func (p *takacsPower) at(t, most float64) (float64, bool) {
	x, lam := p.rate*t, p.lam*t
	if x+lam > most {
		return 0, false
	}
	y, log := 0.0, math.Log(x)
	if lam > 0 {
		y = math.Exp(p.shape*log) * lam
	}
	if math.IsInf(y, 0) {
		return 0, false
	}
	mass := p.k*p.shape*log - x - p.first
	if p.k*p.shape >= 20 {
		mass = lnGammaMass(p.k*p.shape, x)
	}
	return mass - lam + math.Log(p.series(y)/t), true
}

// series is the sum over j, in y = x^a lam t.
func (p *takacsPower) series(y float64) float64 {
	sum, term := 1.0, 1.0
	for j := 0; term > powerEnd*sum; j++ {
		if j == len(p.ratios) {
			p.grow()
		}
		term *= y * p.ratios[j]
		sum += term
	}
	return sum
}

// grow adds a ratio.
func (p *takacsPower) grow() {
	j := float64(len(p.ratios))
	n := p.k + j
	next, _ := math.Lgamma((n + 1) * p.shape)
	p.ratios = append(p.ratios, n/(n+1)/(j+1)*math.Exp(p.log-next))
	p.log = next
}

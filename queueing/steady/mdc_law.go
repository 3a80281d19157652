package steady

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
)

// delayLaw is the law of the number waiting in M/D/c and so of the wait.
// By Spitzer's identity the number left waiting, (Q-c)^+, is compound Poisson
// with jump rates
//
//	b_m = sum over n of P(N(na) = nc + m) / n,   m = 1, 2, ...
//
// and Panjer's recursion r_k = (1/k) sum of m b_m r_(k-m) gives its law from
// positive terms alone. Far out it is geometric with the ratio 1/z0, z0 > 1
// the real root of z^c = e^(a(z-1)).
type delayLaw struct {
	a, c, service float64
	left          float64 // 1 - rho
	never         bool    // saturated: nobody ever starts
	fall          float64 // 1/z0
	drop          float64 // ln z0
	short         float64 // 1 - fall
	r             []float64
	beyond        []float64 // P((Q-c)^+ >= k)
}

// maxQueueStates bounds the recursion, whose cost is quadratic.
const maxQueueStates = 1 << 15

// delayLaws holds the last law.
var delayLaws recent[MDc, *delayLaw]

func newDelayLaw(m MDc) (*delayLaw, error) { return delayLaws.ask(m, MDc.delayLaw) }

func (m MDc) delayLaw() (*delayLaw, error) {
	d := &delayLaw{a: m.ArrivalRate / m.ServiceRate, c: float64(m.Servers), service: 1 / m.ServiceRate}
	d.left = slack(m.ArrivalRate, m.ServiceRate, d.c)
	if d.left <= 0 || d.a == 0 {
		d.never = d.left <= 0
		d.r, d.beyond = []float64{1}, []float64{1}
		return d, nil
	}
	v := decayRoot(d.left)
	d.fall, d.drop, d.short = 1/(1+v), math.Log1p(v), v/(1+v)
	return d, d.recurse()
}

// decayRoot is the v > 0 with ln(1+v) = rho v, from ln(1+v) - v + slack v.
func decayRoot(left float64) float64 {
	g := func(v float64) float64 { return log1pMinus(v) + left*v }
	hi := 2 * left
	for g(hi) > 0 {
		hi *= 2
	}
	for range 100 {
		next := hi - g(hi)/(left-hi/(1+hi))
		if !(next < hi) {
			break
		}
		hi = next
	}
	return hi
}

func (d *delayLaw) recurse() error {
	d.r = []float64{1} // scaled below
	jumps := jumpRates{law: d}
	rates := []float64{0}                     // m b_m
	back := make([]float64, maxQueueStates+1) // r, backwards from the end
	back[maxQueueStates] = d.r[0]
	settled := 0
	for k := 1; settled < 8; k++ {
		if k > maxQueueStates {
			return fmt.Errorf("%w: the wait of M/D/c with %g servers takes more than %d states", ErrTooLarge, d.c, maxQueueStates)
		}
		rates = append(rates, float64(k)*jumps.at(k))
		next := floats.Dot(rates[1:], back[maxQueueStates-k+1:]) / float64(k)
		d.r, back[maxQueueStates-k] = append(d.r, next), next
		was := d.r[k-1] * d.fall
		if math.Abs(d.r[k]-was) <= 1e-14*d.r[k] {
			settled++
		} else {
			settled = 0
		}
	}
	d.beyond = make([]float64, len(d.r))
	tail := d.r[len(d.r)-1] / d.short
	for k := len(d.r) - 1; k >= 0; k-- {
		if k < len(d.r)-1 {
			tail += d.r[k]
		}
		d.beyond[k] = tail
	}
	// They add up to 1.
	for k, all := 0, d.beyond[0]; k < len(d.r); k++ {
		d.r[k], d.beyond[k] = d.r[k]/all, d.beyond[k]/all
	}
	return nil
}

// jumpRate is b_m: 300 terms, and the rest by the formula of Euler and
// Maclaurin with the integral taken on a logarithmic scale, since close to
// saturation the sum would need 1/(1-rho)^2 terms.
func (d *delayLaw) jumpRate(m float64) float64 {
	const direct = 300.0
	f := func(n float64) float64 { return math.Exp(logPoisson(n*d.c+m, n*d.a)) / n }
	sum := 0.0
	for n := 1.0; n <= direct; n++ {
		sum += f(n)
	}
	rate := -d.c * log1pMinus(-d.left)
	end := math.Log((60 + 8*m*d.left) / rate)
	rest := 0.0
	for y := math.Log(direct); y < end; y += 0.25 {
		part, _ := panel(y, y+0.25, func(y float64) float64 { n := math.Exp(y); return n * f(n) })
		rest += part
	}
	if rest == 0 {
		return sum
	}
	slope := (f(direct-2) - 8*f(direct-1) + 8*f(direct+1) - f(direct+2)) / 12
	bend := (f(direct+2) - 2*f(direct+1) + 2*f(direct-1) - f(direct-2)) / 2
	return sum + rest - f(direct)/2 - slope/12 + bend/720
}

// queue is P((Q-c)^+ = k).
func (d *delayLaw) queue(k int) float64 {
	if last := len(d.r) - 1; k > last {
		return d.r[last] * math.Exp(-d.drop*float64(k-last))
	}
	return d.r[k]
}

// waiting is P((Q-c)^+ >= k).
func (d *delayLaw) waiting(k int) float64 {
	if k <= 0 {
		return 1
	}
	if last := len(d.r) - 1; k > last {
		return d.beyond[last] * math.Exp(-d.drop*float64(k-last))
	}
	return d.beyond[k]
}

// reach is the number beyond which the terms of the sum in tail, Poisson
// weights of mean x z0, no longer count.
func (d *delayLaw) reach(x float64) float64 {
	rise := x / d.fall
	return rise + 12*math.Sqrt(rise) + 60
}

// tail is P(wait > t). A request waits no longer than t = kD - u, 0 < u <= D,
// if those left waiting a time u before it came and the arrivals since are
// fewer than kc: by t each server has begun k services (Franx 2001).
func (d *delayLaw) tail(t float64) (float64, error) {
	switch {
	case d.never:
		return 1, nil
	case d.a == 0:
		return 0, nil
	}
	whole := math.Floor(t / d.service)
	x := d.a * (whole + 1 - t/d.service) // mean arrivals in u
	goal := (whole + 1) * d.c
	// Once only the geometric part counts, each D more multiplies by z0^-c.
	if rounds := math.Ceil((float64(len(d.r)) + d.reach(x)) / d.c); whole+1 > rounds+1 {
		near, err := d.tail((rounds + t/d.service - whole) * d.service)
		return near * math.Exp(-d.drop*d.c*(whole-rounds)), err
	}
	need := int(goal)
	sum := 0.0
	// The terms rise up to j = x at least: those e^-70 below it are left out.
	for j := int(math.Max(0, x-12*math.Sqrt(x)-60)); j < need; j++ {
		p := poissonState(float64(j), x, 0) * d.waiting(need-j)
		sum += p
		if float64(j) > x/d.fall && p <= 1e-18*sum {
			return sum, nil // the terms rise up to x z0 and fall from there
		}
	}
	return math.Min(1, sum+gammaLower(goal, x)), nil
}

package steady

import "math"

// phasesAhead is P(more than i phases ahead), i = 0, 1, ..., of a phase that
// comes in a batch at a server at load rho = 1 - left which serves one after
// the other: those it finds and those of its batch that go first. The batch is
// of k or, where the mean k is not whole, of the two whole sizes next to it.
// With p(n) the probability of n phases there
//
//	P(n ahead) = (p(n) + p(n-1) + ... + p(n-k+1)) / k,  p(n+1) = rho P(n ahead),
//
// the second by the balance across the cut above n: sums of positive terms. A
// fraction f of k adds f p(n-[k]) to them, f being the share of the larger
// size. From the last i on the probabilities fall like e^(-decay i).
func phasesAhead(k, rho, left float64) (beyond []float64, decay float64) {
	decay = phasesDecay(k, rho, left)
	fall := math.Exp(-decay)
	whole, fraction := int(k), k-math.Floor(k)
	p, ahead := []float64{left}, []float64{}
	for settled := 0; settled < whole+9 && len(p) < 1_000_000; {
		next, from := 0.0, len(p)-whole
		if from > 0 {
			next = fraction * p[from-1]
		}
		for _, x := range p[max(0, from):] {
			next += x
		}
		next /= k
		if next == 0 { // nothing arrives, or the states underflow
			decay = math.Inf(1)
			break
		}
		settled++
		if n := len(ahead); n == 0 || math.Abs(next/ahead[n-1]-fall) > 1e-13*fall {
			settled = 0
		}
		ahead, p = append(ahead, next), append(p, rho*next)
	}
	// From the far end, where they are geometric, back.
	beyond = make([]float64, len(ahead))
	sum := ahead[len(ahead)-1] / math.Expm1(decay)
	for i := len(ahead) - 1; i >= 0; i-- {
		beyond[i] = sum
		sum += ahead[i]
	}
	if found := beyond[0]; found > 0 { // close to saturation the far end has lost digits
		waits := (k - left) / k
		for i := range beyond {
			beyond[i] *= waits / found
		}
	}
	return beyond, decay
}

// phasesDecay is the y > 0 at which p(n) = e^(-y n) balances:
//
//	rho (E e^(X y) - 1) / k = 1 - e^-y,
//
// X being the size of the batch, k or the two whole numbers next to it. Both
// sides are taken less their slope at 0, which all but cancels near saturation.
func phasesDecay(k, rho, left float64) float64 {
	curve := func(x float64) float64 {
		if math.Abs(x) <= 0.05 {
			return expm1Minus(x)
		}
		return math.Expm1(x) - x
	}
	if rho == 0 {
		return math.Inf(1)
	}
	low, fraction := math.Floor(k), k-math.Floor(k)
	return bisect(0, (math.Log(k)-math.Log(rho)+2)/k, func(y float64) bool {
		sizes := (1-fraction)*curve(low*y) + fraction*curve((low+1)*y)
		return rho*sizes/k+curve(-y) < left*y
	})
}

// phasesTail is P(n phases of the rate take longer than t) for a random n of
// which beyond[i] is P(n > i), falling by e^-decay from the last on. With z the
// mean number of phases served in t it is the sum over i of pois(i; z) P(n > i).
func phasesTail(rate float64, beyond []float64, decay float64) func(t float64) (float64, error) {
	last := len(beyond) - 1
	return func(t float64) (float64, error) {
		z := rate * t
		if z == 0 {
			return beyond[0], nil
		}
		tail := 0.0
		for i, p := range beyond[:last] {
			tail += math.Exp(logPoisson(float64(i), z)) * p
		}
		if beyond[last] == 0 {
			return tail, nil
		}
		// The rest is a Poisson tail of mean z e^-decay, tilted.
		far := 1.0
		if last > 0 {
			far = gammaLower(float64(last), z*math.Exp(-decay))
		}
		return tail + beyond[last]*math.Exp(z*math.Expm1(-decay)+float64(last)*decay)*far, nil
	}
}

package montecarlo

import "math"

// poisson with the given mean >= 0: by inversion below 10, else by the
// transformed rejection PTRS of W. Hörmann, Insurance: Mathematics and
// Economics 12 (1993).
func (g *generator) poisson(mean float64) int {
	if mean < 10 {
		return g.poissonSmall(mean)
	}
	b := 0.931 + 2.53*math.Sqrt(mean)
	a := -0.059 + 0.02483*b
	vr := 0.9277 - 3.6224/(b-2)
	for {
		u := g.uniform() - 0.5
		v := g.uniform()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + mean + 0.43)
		if us >= 0.07 && v <= vr {
			return int(k)
		}
		if k < 0 || (us < 0.013 && v > us) {
			continue
		}
		alpha := 1.1239 + 1.1328/(b-3.4)
		if v*alpha/(a/(us*us)+b) <= massPoisson(k, mean) {
			return int(k)
		}
	}
}

func (g *generator) poissonSmall(mean float64) int {
	if mean <= 0 {
		return 0
	}
	p := math.Exp(-mean)
	u := g.uniform()
	k := 0
	for u > p {
		u -= p
		k++
		p *= mean / float64(k)
		if p < 1e-300 { // beyond the last bit of u
			return k
		}
	}
	return k
}

// massPoisson is P(Poisson(mean) = k) in the deviance form of C. Loader, Fast
// and Accurate Computation of Binomial Probabilities (2000), which does not
// cancel for large means.
func massPoisson(k, mean float64) float64 {
	if k == 0 {
		return math.Exp(-mean)
	}
	return math.Exp(-stirlingTail(k)-deviance(k, mean)) / math.Sqrt(2*math.Pi*k)
}

// deviance is k ln(k/m) + m - k, near k = m by Loader's series in
// (k-m)/(k+m).
func deviance(k, m float64) float64 {
	d, s := k-m, k+m
	if math.Abs(d) > 0.1*s {
		return k*math.Log(k/m) - d
	}
	v := d / s
	sum, term := d*v, 2*k*v
	v *= v
	for _, odd := range oneOverOdd {
		term *= v
		more := sum + term*odd
		if more == sum {
			break
		}
		sum = more
	}
	return sum
}

var oneOverOdd = func() (c [12]float64) {
	for j := range c {
		c[j] = 1 / float64(2*j+3)
	}
	return c
}()

var stirlingSmall = func() (s [16]float64) {
	for k := 1; k < len(s); k++ {
		x := float64(k)
		lg, _ := math.Lgamma(x + 1)
		s[k] = lg - (x+0.5)*math.Log(x) + x - 0.5*math.Log(2*math.Pi)
	}
	return s
}()

// stirlingTail is ln k! minus Stirling's formula, for k >= 1.
func stirlingTail(k float64) float64 {
	if k < float64(len(stirlingSmall)) {
		return stirlingSmall[int(k)]
	}
	k2 := k * k
	return (1.0/12 - (1.0/360-(1.0/1260-1.0/1680/k2)/k2)/k2) / k
}

// binomial counts successes in n trials: by inversion where few are expected,
// else by the transformed rejection BTRS of W. Hörmann, J. Statist. Comput.
// Simul. 46 (1993).
func (g *generator) binomial(n int, p float64) int {
	switch {
	case n <= 0 || p <= 0:
		return 0
	case p >= 1:
		return n
	case p > 0.5:
		return n - g.binomial(n, 1-p)
	case float64(n)*p < 10:
		return g.binomialSmall(n, p)
	}
	m := float64(n)
	spq := math.Sqrt(m * p * (1 - p))
	b := 1.15 + 2.53*spq
	a := -0.0873 + 0.0248*b + 0.01*p
	vr := 0.92 - 4.2/b
	for {
		u := g.uniform() - 0.5
		v := g.uniform()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + m*p + 0.5)
		if k < 0 || k > m {
			continue
		}
		if us >= 0.07 && v <= vr {
			return int(k)
		}
		alpha := (2.83 + 5.1/b) * spq
		mode := math.Floor((m + 1) * p)
		if v*alpha/(a/(us*us)+b) <= binomialOverMode(k, mode, m, p) {
			return int(k)
		}
	}
}

// nearMode is up to how far from the mode the mass is found step by step.
const nearMode = 24

// binomialOverMode is P(Bin(n,p) = k) over that of its mode.
func binomialOverMode(k, mode, n, p float64) float64 {
	if math.Abs(k-mode) > nearMode || n > 1e9 {
		return math.Exp(logBinomial(k, n, p) - logBinomial(mode, n, p))
	}
	top, bottom, odds := 1.0, 1.0, p/(1-p)
	for i := mode + 1; i <= k; i++ {
		top *= (n - i + 1) * odds
		bottom *= i
	}
	for i := mode; i > k; i-- {
		top *= i
		bottom *= (n - i + 1) * odds
	}
	return top / bottom
}

// binomialSmall walks up the distribution function, for n p < 10.
func (g *generator) binomialSmall(n int, p float64) int {
	odds := p / (1 - p)
	prob := math.Exp(float64(n) * math.Log1p(-p))
	u := g.uniform()
	k := 0
	for u > prob && k < n {
		u -= prob
		k++
		prob *= odds * float64(n-k+1) / float64(k)
		if prob < 1e-300 {
			return k
		}
	}
	return k
}

// logBinomial is ln P(Bin(n,p) = k), Loader's form.
func logBinomial(k, n, p float64) float64 {
	switch k {
	case 0:
		return n * math.Log1p(-p)
	case n:
		return n * math.Log(p)
	}
	return stirlingTail(n) - stirlingTail(k) - stirlingTail(n-k) -
		deviance(k, n*p) - deviance(n-k, n*(1-p)) -
		0.5*math.Log(2*math.Pi*k*(n-k)/n)
}

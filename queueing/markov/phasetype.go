package markov

import (
	"errors"
	"fmt"
	"math"
)

// PhaseType is the law of the time in which a chain on the phases 0..m-1,
// started by Initial, leaves for good: from phase i to j at rate Rates[i][j],
// out at rate Exit[i] (M. F. Neuts, Matrix-Geometric Solutions in Stochastic
// Models, Johns Hopkins 1981, chapter 2).
type PhaseType struct {
	Initial []float64   // sums to 1
	Rates   [][]float64 // 1/s; the diagonal is disregarded; nil rows are 0
	Exit    []float64   // 1/s
}

// Phases is the number of phases.
func (p PhaseType) Phases() int { return len(p.Initial) }

// Validate reports every fault.
func (p PhaseType) Validate() error {
	m := len(p.Initial)
	errs := []error{between("PhaseType.Initial", m, 1, 100_000), between("PhaseType.Exit", len(p.Exit), m, m),
		between("PhaseType.Rates", len(p.Rates), m, m)}
	sum := 0.0
	for i, a := range p.Initial {
		errs = append(errs, nonNegative(fmt.Sprintf("PhaseType.Initial[%d]", i), a))
		sum += a
	}
	if math.Abs(sum-1) > 1e-9 {
		errs = append(errs, &FieldError{"sum of PhaseType.Initial", sum, "1"})
	}
	for i, x := range p.Exit {
		errs = append(errs, nonNegative(fmt.Sprintf("PhaseType.Exit[%d]", i), x))
	}
	for i, row := range p.Rates {
		if row != nil && len(row) != m {
			errs = append(errs, between(fmt.Sprintf("PhaseType.Rates[%d]", i), len(row), m, m))
		}
		for j, x := range row {
			if j != i {
				errs = append(errs, nonNegative(fmt.Sprintf("PhaseType.Rates[%d][%d]", i, j), x))
			}
		}
	}
	return errors.Join(errs...)
}

// each lists the jumps between different phases.
func (p PhaseType) each(visit func(i, j int, rate float64)) {
	for i, row := range p.Rates {
		for j, r := range row {
			if j != i && r > 0 {
				visit(i, j, r)
			}
		}
	}
}

// Moments are E T and E T^2, …, up to the given order, by elimination without
// subtraction: the k-th solves -Q x_k = k x_(k-1).
func (p PhaseType) Moments(order int) ([]float64, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m := p.Phases()
	b, err := NewBanded(m, m-1)
	if err != nil {
		return nil, err
	}
	var errs []error
	p.each(func(i, j int, r float64) { errs = append(errs, b.Add(i, j, r)) })
	for i, x := range p.Exit {
		errs = append(errs, b.Add(i, -1, x))
	}
	f, err := b.factor()
	if err = errors.Join(append(errs, err)...); err != nil {
		return nil, err
	}
	x := make([]float64, m)
	for i := range x {
		x[i] = 1
	}
	out := make([]float64, order)
	for k := range out {
		scale(x, float64(k+1))
		x = f.solve(x)
		for i, a := range p.Initial {
			out[k] += a * x[i]
		}
	}
	return out, nil
}

// Erlang is the sum of k exponential phases, mean in seconds in all.
func Erlang(mean float64, k int) PhaseType {
	return erlangs([]float64{1}, []float64{mean}, []int{k})
}

// erlangs is the mixture of Erlang laws with the given chances, means and
// numbers of phases.
func erlangs(chance, mean []float64, phases []int) PhaseType {
	var p PhaseType
	total := 0
	for _, k := range phases {
		total += k
	}
	for b, k := range phases {
		rate := float64(k) / mean[b]
		for i := range k {
			at := len(p.Initial)
			row, start, exit := make([]float64, total), 0.0, 0.0
			if i == 0 {
				start = chance[b]
			}
			if i == k-1 {
				exit = rate
			} else {
				row[at+1] = rate
			}
			p.Initial, p.Rates, p.Exit = append(p.Initial, start), append(p.Rates, row), append(p.Exit, exit)
		}
	}
	return p
}

// maxPhases of a fit.
const maxPhases = 2000

// FitTwoMoments is a phase-type law with the given mean in seconds and squared
// coefficient of variation: exponential at 1, hyperexponential with balanced
// means above, and below a mixture of Erlang laws of k-1 and k phases of one
// rate, k the least number with 1/k <= scv (H. C. Tijms, A First Course in
// Stochastic Models, Wiley 2003, appendix B). An scv below 1/2000 is refused.
func FitTwoMoments(mean, scv float64) (PhaseType, error) {
	if err := errors.Join(positive("mean", mean), positive("scv", scv)); err != nil {
		return PhaseType{}, err
	}
	switch {
	case scv == 1:
		return Erlang(mean, 1), nil
	case scv > 1:
		p := (1 + math.Sqrt((scv-1)/(scv+1))) / 2
		return erlangs([]float64{p, 1 - p}, []float64{mean / (2 * p), mean / (2 * (1 - p))}, []int{1, 1}), nil
	}
	k := math.Ceil(1/scv - 1e-9)
	if k > maxPhases {
		return PhaseType{}, &FieldError{"scv", scv, fmt.Sprintf("at least 1/%d", maxPhases)}
	}
	if math.Abs(k*scv-1) < 1e-9 {
		return Erlang(mean, int(k)), nil
	}
	p := (k*scv - math.Sqrt(k*(1+scv)-k*k*scv)) / (1 + scv)
	phase := mean / (k - p)
	return erlangs([]float64{p, 1 - p}, []float64{(k - 1) * phase, k * phase}, []int{int(k) - 1, int(k)}), nil
}

// FitThreeMoments is a mixture of two Erlang laws of n phases each with the
// given first three moments, in s, s^2 and s^3, for the least n that can
// (M. A. Johnson, M. R. Taaffe, Commun. Statist. Stoch. Models 5 (1989) 711).
// An Erlang law of n phases, each of mean x, has moments n x, n(n+1) x^2,
// n(n+1)(n+2) x^3; so x must have a law on two points with the moments divided
// by those factors, which exists if m2/m1^2 > 1 + 1/n and
// m1 m3 / m2^2 > (n+2)/(n+1). The moments of every positive random variable
// that is not constant can be had, up to the bound of 1000 phases each.
func FitThreeMoments(m1, m2, m3 float64) (PhaseType, error) {
	return FitThreeMomentsFrom(1, m1, m2, m3)
}

// FitThreeMomentsFrom is [FitThreeMoments] by laws of at least so many phases
// each: laws with the same three moments, and others beyond.
func FitThreeMomentsFrom(phases int, m1, m2, m3 float64) (PhaseType, error) {
	if err := errors.Join(positive("first moment", m1), positive("second moment", m2), positive("third moment", m3)); err != nil {
		return PhaseType{}, err
	}
	square, cube := m2/m1/m1, m1/m2*m3/m2
	if !(square > 1) || !(cube > 1) {
		return PhaseType{}, &FieldError{"moments", []float64{m1, m2, m3}, "m2 > m1^2 and m1 m3 > m2^2, as for any law that is not constant"}
	}
	const least = 1e-9 // by which the two conditions must be met
	n := math.Max(math.Max(1, float64(phases)), math.Max(math.Floor(1/(square-1)), math.Floor((2-cube)/(cube-1))))
	var a, b float64 // second and third moment of x, with its mean as the unit
	for ; ; n++ {
		if n > maxPhases/2 {
			return PhaseType{}, &FieldError{"moments", []float64{m1, m2, m3}, fmt.Sprintf("a law that needs no more than %d phases", maxPhases)}
		}
		a = square * n / (n + 1)
		b = cube * square * square * n * n / ((n + 1) * (n + 2))
		if math.Abs(a-1) < least && math.Abs(b-1) < least {
			return Erlang(m1, int(n)), nil
		}
		if a > 1+least && b > a*a*(1+least) {
			break
		}
	}
	large, small, p := twoPoints(a, b)
	return erlangs([]float64{p, 1 - p}, []float64{m1 * large, m1 * small}, []int{int(n), int(n)}), nil
}

// twoPoints is the law on two points with mean 1, second moment a and third
// moment b: the points and the chance p of the larger. They lie up above 1 and
// down below it, where up*down is the variance and up-down the third central
// moment over the variance. With a just above 1, points and chance taken from
// a and b themselves would lose as many digits as a-1 has lost.
func twoPoints(a, b float64) (large, small, p float64) {
	v := a - 1
	skew := (b - 3*a + 2) / v
	apart := math.Hypot(skew, 2*math.Sqrt(v))
	up := (apart + math.Abs(skew)) / 2
	down := v / up
	if skew < 0 {
		up, down = down, up
	}
	large, small = 1+up, 1-down
	if down > 0.5 {
		small = (b - a*a) / v / large
	}
	return large, small, down / apart
}

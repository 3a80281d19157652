package steady

import "math"

// A Slope is how a model answers to its arrival rate.
type Slope struct {
	L, W           float64 // dL/dlambda in s, dW/dlambda in s^2; +Inf when saturated
	ElasticL       float64 // d ln L / d ln lambda: per cent for one per cent
	ElasticW       float64 // d ln W / d ln lambda
	ElasticWq      float64 // d ln Wq / d ln lambda, 0 when nobody waits
	ElasticBlocked float64 // d ln PBlock / d ln lambda, 0 when nobody is refused
}

// LoadSlope differentiates the measures of any model by its arrival rate:
// central differences of shrinking step, extrapolated to step 0 (Ridders,
// Accurate computation of F'(x), 1982). Relative error about 1e-9 where the
// model is smooth; the exact slopes of single formulas are beside them.
func LoadSlope(m Loaded) (Slope, error) {
	x := m.Offered()
	now, err := m.Measures()
	if err != nil {
		return Slope{}, err
	}
	inf := math.Inf(1)
	if now.Status == Saturated || x == 0 {
		return Slope{L: inf, W: inf, ElasticL: inf, ElasticW: inf, ElasticWq: inf}, nil
	}
	around, err := aroundRate(m, x, 0.05*math.Min(x, now.Sustainable-x))
	if err != nil {
		return Slope{}, err
	}
	out := Slope{
		L: around.slope(func(k Measures) float64 { return k.L }),
		W: around.slope(func(k Measures) float64 { return k.W }),
	}
	out.ElasticL, out.ElasticW = out.L*x/now.L, out.W*x/now.W
	if now.Wq > 0 {
		out.ElasticWq = x * around.slope(func(k Measures) float64 { return math.Log(k.Wq) })
	}
	if now.PBlock > 0 {
		out.ElasticBlocked = x * around.slope(func(k Measures) float64 { return math.Log(k.PBlock) })
	}
	return out, nil
}

const (
	slopeRows   = 10
	slopeShrink = 1.6
)

// surroundings are the measures at a rate plus and minus shrinking steps.
type surroundings struct {
	step   float64
	hi, lo [slopeRows]Measures
}

func aroundRate(m Loaded, x, step float64) (surroundings, error) {
	s := surroundings{step: step}
	for i := range slopeRows {
		var err1, err2 error
		s.hi[i], err1 = m.AtRate(x + step).Measures()
		s.lo[i], err2 = m.AtRate(x - step).Measures()
		if err := firstError(err1, err2); err != nil {
			return s, err
		}
		step /= slopeShrink
	}
	return s, nil
}

// slope is the derivative of f by Neville's extrapolation of the central
// differences: of all it forms, the one whose neighbours agree best.
func (s *surroundings) slope(f func(Measures) float64) float64 {
	var table [slopeRows][slopeRows]float64
	best, out, step := math.Inf(1), 0.0, s.step
	for i := range slopeRows {
		table[0][i] = (f(s.hi[i]) - f(s.lo[i])) / (2 * step)
		factor := slopeShrink * slopeShrink
		for j := 1; j <= i; j++ {
			table[j][i] = (table[j-1][i]*factor - table[j-1][i-1]) / (factor - 1)
			factor *= slopeShrink * slopeShrink
			off := math.Max(math.Abs(table[j][i]-table[j-1][i]), math.Abs(table[j][i]-table[j-1][i-1]))
			if off <= best {
				best, out = off, table[j][i]
			}
		}
		step /= slopeShrink
	}
	return out
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

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
	step := 0.05 * math.Min(x, now.Sustainable-x)
	slope := func(f func(Measures) float64) float64 {
		d, fault := ridders(func(y float64) (float64, error) {
			at, err := m.AtRate(y).Measures()
			return f(at), err
		}, x, step)
		if fault != nil {
			err = fault
		}
		return d
	}
	out := Slope{
		L: slope(func(k Measures) float64 { return k.L }),
		W: slope(func(k Measures) float64 { return k.W }),
	}
	out.ElasticL, out.ElasticW = out.L*x/now.L, out.W*x/now.W
	if now.Wq > 0 {
		out.ElasticWq = x * slope(func(k Measures) float64 { return math.Log(k.Wq) })
	}
	if now.PBlock > 0 {
		out.ElasticBlocked = x * slope(func(k Measures) float64 { return math.Log(k.PBlock) })
	}
	return out, err
}

// ridders is f'(x) by Neville extrapolation of central differences.
func ridders(f func(float64) (float64, error), x, h float64) (float64, error) {
	const rows, shrink = 10, 1.6
	var table [rows][rows]float64
	best, fault := math.Inf(1), error(nil)
	out := 0.0
	for i := range rows {
		hi, err1 := f(x + h)
		lo, err2 := f(x - h)
		if err1 != nil || err2 != nil {
			return 0, firstError(err1, err2)
		}
		table[0][i] = (hi - lo) / (2 * h)
		factor := shrink * shrink
		for j := 1; j <= i; j++ {
			table[j][i] = (table[j-1][i]*factor - table[j-1][i-1]) / (factor - 1)
			factor *= shrink * shrink
			err := math.Max(math.Abs(table[j][i]-table[j-1][i]), math.Abs(table[j][i]-table[j-1][i-1]))
			if err <= best {
				best, out = err, table[j][i]
			}
		}
		h /= shrink
	}
	return out, fault
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

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

// LoadSlope differentiates the measures of any model by its arrival rate, by
// central differences of shrinking step, extrapolated to step 0 (Ridders,
// Accurate computation of F'(x), 1982). A model may change within a share of
// 1/Limit of its rate, so the first step is tried at ever smaller scales until
// the extrapolation settles. Relative error about 1e-9 where the measures have
// that many digits; the exact slopes of single formulas are beside them.
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
	if left := now.Sustainable - x; left < math.Exp2(slopeRows+6)*ulp(x) {
		// No float64 lies near enough; L, W and Wq go like 1/left there.
		return Slope{L: now.L / left, W: now.W / left, ElasticL: x / left, ElasticW: x / left, ElasticWq: x / left}, nil
	}
	asked := []derivative{{of: func(k Measures) float64 { return k.L }}, {of: func(k Measures) float64 { return k.W }}}
	if now.Wq > 0 {
		asked = append(asked, derivative{of: func(k Measures) float64 { return math.Log(k.Wq) }})
	}
	if now.PBlock > 0 {
		asked = append(asked, derivative{of: func(k Measures) float64 { return math.Log(k.PBlock) }})
	}
	if err := differentiate(m, now, asked); err != nil {
		return Slope{}, err
	}
	out := Slope{L: asked[0].value, W: asked[1].value}
	if now.W > 0 { // not a network that none of its stations serves
		out.ElasticL, out.ElasticW = out.L*x/now.L, out.W*x/now.W
	}
	if now.Wq > 0 {
		out.ElasticWq = x * asked[2].value
	}
	if now.PBlock > 0 {
		out.ElasticBlocked = x * asked[len(asked)-1].value
	}
	return out, nil
}

const (
	slopeRows    = 8
	slopeSettled = 1e-9 // relative
	slopeUsable  = 1e-5 // good enough to stop at when smaller steps bring nothing

	retrialRows = 4 // of a chain that takes long, and is smooth down to its saturation
)

// derivative is that of one measure, with the relative error it seems to have.
type derivative struct {
	of         func(Measures) float64
	value, off float64
}

// differentiate fills in the derivatives at the model's rate. Steps are
// powers of two, so that the rates around it are exact.
func differentiate(m Loaded, now Measures, asked []derivative) error {
	x := m.Offered()
	for i := range asked {
		asked[i].off = math.Inf(1)
	}
	step := math.Exp2(math.Floor(math.Log2(0.1 * math.Min(x, now.Sustainable-x))))
	least := 4 * ulp(x) * math.Exp2(slopeRows)
	rows, settled := slopeRows, slopeSettled
	if _, costly := m.(Retrial); costly {
		rows, settled = retrialRows, slopeUsable
	}
	for last := math.Inf(1); ; {
		around, err := aroundRate(m, x, step, rows)
		if err != nil {
			return err
		}
		worst := 0.0
		for i := range asked {
			around.improve(&asked[i], asked[i].of(now)/x)
			worst = math.Max(worst, asked[i].off)
		}
		step /= 32
		if worst <= settled || step < least || worst <= slopeUsable && worst >= last {
			return nil
		}
		last = worst
	}
}

// ulp is the distance to the next larger float64.
func ulp(x float64) float64 { return math.Nextafter(x, math.Inf(1)) - x }

// surroundings are the measures at a rate plus and minus halving steps.
type surroundings struct {
	step   float64
	rows   int
	hi, lo [slopeRows]Measures
}

func aroundRate(m Loaded, x, step float64, rows int) (surroundings, error) {
	s := surroundings{step: step, rows: rows}
	for i := range rows {
		var err1, err2 error
		s.hi[i], err1 = m.AtRate(x + step).Measures()
		s.lo[i], err2 = m.AtRate(x - step).Measures()
		if err := firstError(err1, err2); err != nil {
			return s, err
		}
		step /= 2
	}
	return s, nil
}

// improve extrapolates the central differences by Neville's scheme and takes,
// of all it forms, the one whose neighbours agree best, unless the derivative
// is known better. Against unit, a value of the derivative, what is tiny is 0;
// a measure that underflows on one side has no slope at that scale.
func (s *surroundings) improve(d *derivative, unit float64) {
	var table [slopeRows][slopeRows]float64
	step := s.step
	for i := range s.rows {
		table[0][i] = (d.of(s.hi[i]) - d.of(s.lo[i])) / (2 * step)
		factor := 4.0
		for j := 1; j <= i; j++ {
			at := (table[j-1][i]*factor - table[j-1][i-1]) / (factor - 1)
			table[j][i] = at
			factor *= 4
			off := math.Max(math.Abs(at-table[j-1][i]), math.Abs(at-table[j-1][i-1]))
			if off /= math.Max(math.Abs(at), 1e-6*math.Abs(unit)); off < d.off {
				d.value, d.off = at, off
			}
		}
		step /= 2
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

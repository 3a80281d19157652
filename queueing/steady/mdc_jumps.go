package steady

import "math"

// jumpRates are the b_m of a [delayLaw] for m = 1, 2, ... in turn. At many
// servers thousands of them count and vary slowly: beyond the first ones,
// ln b_m is interpolated over [m, m + m/8] between Chebyshev nodes
// (J.-P. Berrut & L. N. Trefethen, SIAM Review 46, 2004), where the values
// between the nodes bear it out.
type jumpRates struct {
	law    *delayLaw
	from   int // of the interval, up to until
	until  int
	direct bool // no interpolation there
	nodes  [jumpNodes]float64
	values [jumpNodes]float64
}

const (
	jumpNodes  = 14
	firstJumps = 128
	jumpClose  = 1e-13 // of 1 + |ln b|, about what rounding n a costs jumpRate at 10^6 servers
	leastLog   = -650  // below that b_m underflows or nearly so
)

func (j *jumpRates) at(m int) float64 {
	if m < firstJumps {
		return j.law.jumpRate(float64(m))
	}
	if m >= j.until {
		j.interval(m)
	}
	if j.direct {
		return j.law.jumpRate(float64(m))
	}
	return math.Exp(j.between(float64(m)))
}

// interval prepares the interval that begins at m.
func (j *jumpRates) interval(m int) {
	j.from, j.until, j.direct = m, m+m/8, false
	lo, hi := float64(m), float64(m+m/8)
	for i := range j.nodes {
		j.nodes[i] = (lo+hi)/2 - (hi-lo)/2*math.Cos(math.Pi*float64(i)/(jumpNodes-1))
		j.values[i] = math.Log(j.law.jumpRate(j.nodes[i]))
		if j.values[i] < leastLog {
			j.direct = true
			return
		}
	}
	for _, share := range []float64{0.03, 0.29, 0.61, 0.97} {
		x := lo + share*(hi-lo)
		exact := math.Log(j.law.jumpRate(x))
		if math.Abs(j.between(x)-exact) > jumpClose*(1+math.Abs(exact)) {
			j.direct = true
			return
		}
	}
}

// between is the barycentric formula.
func (j *jumpRates) between(x float64) float64 {
	over, under, sign := 0.0, 0.0, 1.0
	for i, node := range j.nodes {
		if x == node {
			return j.values[i]
		}
		w := sign / (x - node)
		if i == 0 || i == jumpNodes-1 {
			w /= 2
		}
		over, under, sign = over+w*j.values[i], under+w, -sign
	}
	return over / under
}

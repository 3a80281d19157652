package steady

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// HalfinWhitt is the limit of Erlang's C for many servers c = a + beta
// sqrt(a): the delay probability
//
//	1 / (1 + beta Phi(beta)/phi(beta)),  beta > 0
//
// (S. Halfin & W. Whitt, Operations Research 29, 1981, eq. 1.1); 1 for
// beta <= 0.
func HalfinWhitt(beta float64) float64 {
	if beta <= 0 {
		return 1
	}
	return 1 / (1 + beta/normalHazard(-beta))
}

// normalHazard is phi(x) / (1 - Phi(x)); at -beta it is phi/Phi(beta).
func normalHazard(x float64) float64 {
	tail := 0.5 * math.Erfc(x/math.Sqrt2)
	if tail == 0 { // beyond x = 38 by its continued fraction's first terms
		return x + 1/x - 2/(x*x*x)
	}
	return distuv.UnitNormal.Prob(x) / tail
}

// SquareRoot is the staffing of the square-root rule: the beta with
// HalfinWhitt(beta) = p and the servers ceil(a + beta sqrt(a)) (A. K. Erlang
// 1924; S. Borst, A. Mandelbaum & M. Reiman, Operations Research 52, 2004).
type SquareRoot struct {
	Beta    float64
	Servers int
}

// SquareRootServers staffs for the offered load, positive, so that about the
// share p, 0 < p < 1, of the requests waits. Within a server or so of the
// exact [ErlangCServers] at any load. Out of range: the zero value.
func SquareRootServers(load, p float64) SquareRoot {
	if !(load > 0 && load < MaxServers/2 && p > 0 && p < 1) {
		return SquareRoot{}
	}
	beta := bisect(0, 40, func(b float64) bool { return HalfinWhitt(b) > p })
	return SquareRoot{beta, int(math.Ceil(load + beta*math.Sqrt(load)))}
}

// Garnett is the limit of Erlang A's delay probability for many servers
// c = a + beta sqrt(a), for any real beta and ratio = theta/mu > 0:
//
//	1 / (1 + sqrt(ratio) h(beta/sqrt(ratio)) / h(-beta))
//
// with h the hazard of the normal law (Garnett, Mandelbaum & Reiman 2002,
// theorem 1). NaN for a ratio out of range.
func Garnett(beta, ratio float64) float64 {
	if !(ratio > 0) {
		return math.NaN()
	}
	root := math.Sqrt(ratio)
	return 1 / (1 + root*normalHazard(beta/root)/normalHazard(-beta))
}

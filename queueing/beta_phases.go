package queueing

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"singlelane/queueing/markov"
)

// A gamma variable of shape f below 1 is a mixture of exponential ones: X times an
// exponential variable of mean 1 where X has the beta law of f and 1-f (L.
// Devroye, Non-Uniform Random Variate Generation, Springer 1986, IX.3.2). So
// gamma service of any shape k + f, k whole, is k exponential phases after a
// mixture, and the points and weights of Gauss's quadrature for that beta law
// give phases with as many moments as there are numbers to choose. They converge
// to T's law as their count grows, the faster the larger k.
//
// The beta law's orthogonal polynomials are Jacobi's with parameters -f and f-1,
// whose recurrence in 2X - 1 has the coefficients (W. Gautschi, Orthogonal
// Polynomials, Oxford 2004, table 1.1)
//
//	a_0 = 2f-1, a_n = -(2f-1)/(4n^2-1), b_1 = 2f(1-f), b_n = (n-f)(n+f-1)/(2n-1)^2,
//
// and the nodes are the eigenvalues of the matrix with a on the diagonal and the
// roots of b beside it, the weights the squares of the eigenvectors' first
// components (G. H. Golub, J. H. Welsch, Math. Comp. 23 (1969)). Where there are
// other phases a node is put at 0 (Radau; Gautschi, section 3.1.4): no phase at
// all, and the rates of the others are lower.

// betaRule is the quadrature of n points, in order, one of them at 0 if asked for.
func betaRule(f float64, n int, radau bool) (x, w []float64) {
	a, b := make([]float64, n), make([]float64, n)
	for i := range n {
		k := float64(i)
		switch i {
		case 0:
			a[0] = 2*f - 1
		case 1:
			a[1], b[1] = -(2*f-1)/3, 2*f*(1-f)
		default:
			a[i], b[i] = -(2*f-1)/(4*k*k-1), (k-f)*(k+f-1)/((2*k-1)*(2*k-1))
		}
	}
	if radau {
		before, now := 0.0, 1.0 // monic polynomials at -1
		for i := range n - 1 {
			before, now = now, (-1-a[i])*now-b[i]*before
		}
		a[n-1] = -1
		if n > 1 {
			a[n-1] -= b[n-1] * before / now
		}
	}
	m := mat.NewSymDense(n, nil)
	for i := range n {
		m.SetSym(i, i, a[i])
		if i > 0 {
			m.SetSym(i-1, i, math.Sqrt(b[i]))
		}
	}
	var e mat.EigenSym
	if !e.Factorize(m, true) {
		return nil, nil
	}
	var v mat.Dense
	e.VectorsTo(&v)
	for i, t := range e.Values(nil) {
		x = append(x, math.Max(0, (1+t)/2))
		w = append(w, v.At(0, i)*v.At(0, i))
	}
	if radau {
		x[0] = 0
	}
	return x, w
}

// gammaPhases are phases that stand for gamma service, with n points for the part
// that is no whole phase.
func gammaPhases(g Gamma, n int) (markov.PhaseType, error) {
	k := int(math.Floor(g.Shape))
	f := g.Shape - float64(k)
	rate := g.Shape / g.MeanTime
	x, w := betaRule(f, n, k > 0)
	if x == nil {
		return markov.PhaseType{}, fmt.Errorf("queueing: no quadrature of %d points for a beta law of %g", n, f)
	}
	if k > 0 {
		x = x[1:]
	}
	law := markov.PhaseType{}
	m := len(x) + k
	law.Initial, law.Exit, law.Rates = make([]float64, m), make([]float64, m), make([][]float64, m)
	for i := range x {
		law.Rates[i] = make([]float64, m)
		if k == 0 {
			law.Initial[i], law.Exit[i] = w[i], rate/x[i]
			continue
		}
		law.Initial[i], law.Rates[i][len(x)] = w[i+1], rate/x[i]
	}
	for i := len(x); i < m; i++ {
		law.Rates[i] = make([]float64, m)
		if i+1 < m {
			law.Rates[i][i+1] = rate
		} else {
			law.Exit[i] = rate
		}
	}
	if k > 0 {
		law.Initial[len(x)] = w[0]
	}
	return law, nil
}

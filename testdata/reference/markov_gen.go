//go:build ignore

// This program writes markov.csv: absorption times and transient laws of
// Markov chains with 400 bits. Absorption times come from ordinary Gaussian
// elimination, with the subtractions that lose every digit of a float64;
// transient laws from the Taylor series of the exponential. Neither shares a
// way with the package that is held against them.
//
//	go run markov_gen.go > markov.csv
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"math/big"
	"os"
)

const bits = 400

type num = *big.Float

func of(x float64) num { return new(big.Float).SetPrec(bits).SetFloat64(x) }
func add(a, b num) num { return new(big.Float).SetPrec(bits).Add(a, b) }
func sub(a, b num) num { return new(big.Float).SetPrec(bits).Sub(a, b) }
func mul(a, b num) num { return new(big.Float).SetPrec(bits).Mul(a, b) }
func div(a, b num) num { return new(big.Float).SetPrec(bits).Quo(a, b) }

// exp by its series after halving the argument 32 times.
func exp(x num) num {
	y := new(big.Float).SetPrec(bits+64).SetMantExp(x, -32)
	sum, term := new(big.Float).SetPrec(bits+64).SetInt64(1), new(big.Float).SetPrec(bits+64).SetInt64(1)
	for k := int64(1); k < 60; k++ {
		term.Mul(term, y)
		term.Quo(term, new(big.Float).SetInt64(k))
		sum.Add(sum, term)
	}
	for range 32 {
		sum.Mul(sum, sum)
	}
	return new(big.Float).SetPrec(bits).Set(sum)
}

// system is -Q on the transient states, in bands.
type system struct {
	n, band int
	a       [][]num
}

func newSystem(n, band int) *system {
	s := &system{n, band, make([][]num, n)}
	for i := range s.a {
		s.a[i] = make([]num, 2*band+1)
		for j := range s.a[i] {
			s.a[i][j] = of(0)
		}
	}
	return s
}

func (s *system) at(i, j int) *num { return &s.a[i][j-i+s.band] }

// jump adds a rate; a target outside is absorption.
func (s *system) jump(i, j int, rate num) {
	*s.at(i, i) = add(*s.at(i, i), rate)
	if j >= 0 && j < s.n {
		*s.at(i, j) = sub(*s.at(i, j), rate)
	}
}

// eliminate brings the system to upper triangular form and returns a solver.
func (s *system) eliminate() func(b []num) []num {
	factor := make([][]num, s.n)
	for k := range s.n {
		factor[k] = make([]num, s.band+1)
		for i := k + 1; i <= min(s.n-1, k+s.band); i++ {
			f := div(*s.at(i, k), *s.at(k, k))
			factor[k][i-k] = f
			if f.Sign() == 0 {
				continue
			}
			for j := k; j <= min(s.n-1, k+s.band); j++ {
				*s.at(i, j) = sub(*s.at(i, j), mul(f, *s.at(k, j)))
			}
		}
	}
	return func(b []num) []num {
		x := append([]num(nil), b...)
		for k := range s.n {
			for i := k + 1; i <= min(s.n-1, k+s.band); i++ {
				x[i] = sub(x[i], mul(factor[k][i-k], x[k]))
			}
		}
		for k := s.n - 1; k >= 0; k-- {
			for j := k + 1; j <= min(s.n-1, k+s.band); j++ {
				x[k] = sub(x[k], mul(*s.at(k, j), x[j]))
			}
			x[k] = div(x[k], *s.at(k, k))
		}
		return x
	}
}

// moments are the mean and standard deviation of the absorption time.
func (s *system) moments(from int) (mean, sd num) {
	solve := s.eliminate()
	ones := make([]num, s.n)
	for i := range ones {
		ones[i] = of(1)
	}
	m := solve(ones)
	two := solve(m)
	variance := sub(mul(of(2), two[from]), mul(m[from], m[from]))
	return m[from], new(big.Float).SetPrec(bits).Sqrt(variance)
}

var out = csv.NewWriter(os.Stdout)

func row(chain, inputs, measure string, value num, source string) {
	if err := out.Write([]string{chain, inputs, measure, value.Text('g', 25), source}); err != nil {
		log.Fatal(err)
	}
}

// late is P(Erlang(q+1, mu) > tau) for q = 0, 1, …, a Poisson sum.
func late(limit int, x num) []num {
	term := div(of(1), exp(x))
	sum := of(0)
	var p []num
	for q := range limit {
		sum = add(sum, term)
		p = append(p, sum)
		term = mul(term, div(x, of(float64(q+1))))
	}
	return p
}

// orbit is the escape of a lane with one server at 10/s, 9.5/s fresh
// requests, a time-out of 3 s and 4 retries: from full lane and orbit until
// the lane is empty, or lane and orbit are.
func orbit(limit, size int, both bool) (mean, sd num) {
	lam, mu := of(9.5), of(10)
	retry, quit := of(4.0/15), of(1.0/15)
	p := late(limit, of(30))
	index := func(q, o int) int { return (q-1)*(size+1) + o } // q = 0 is absorbing
	n := limit * (size + 1)
	if both { // q = 0 with o > 0 stays
		n += size
		index = func(q, o int) int { return q*(size+1) + o - 1 }
	}
	s := newSystem(n, size+2)
	for q := 0; q <= limit; q++ {
		for o := 0; o <= size; o++ {
			if q == 0 && (!both || o == 0) {
				continue
			}
			i := index(q, o)
			theta := mul(retry, of(float64(o)))
			if q < limit {
				stay := sub(of(1), p[q])
				if o < size {
					s.jump(i, index(q+1, o+1), mul(lam, p[q]))
					s.jump(i, index(q+1, o), mul(lam, stay))
				} else {
					s.jump(i, index(q+1, o), lam)
				}
				s.jump(i, index(q+1, o), mul(theta, p[q]))
				if o > 0 {
					s.jump(i, index(q+1, o-1), mul(theta, stay))
				}
			} else if o > 0 { // refused retries leave
				s.jump(i, index(q, o-1), theta)
			}
			if o > 0 {
				to := index(q, o-1)
				if q == 0 && o == 1 {
					to = -1
				}
				s.jump(i, to, mul(quit, of(float64(o))))
			}
			if q == 1 && (!both || o == 0) {
				s.jump(i, -1, mu)
			} else if q > 0 {
				s.jump(i, index(q-1, o), mu)
			}
		}
	}
	return s.moments(index(limit, size))
}

// busy is the time in which M/M/1/K empties from n.
func busy(lam, mu float64, limit, n int) (mean, sd num) {
	s := newSystem(limit, 1)
	for i := range limit {
		s.jump(i, i-1, of(mu))
		if i < limit-1 {
			s.jump(i, i+1, of(lam))
		}
	}
	return s.moments(n - 1)
}

// law is that of M/M/c/K at t from n: the Taylor series of exp(Qt).
func law(lam, mu float64, c, limit, n int, t float64) []num {
	v := make([]num, limit+1)
	for i := range v {
		v[i] = of(0)
	}
	v[n] = of(1)
	sum := append([]num(nil), v...)
	for k := 1; k < 3000; k++ {
		next := make([]num, limit+1)
		for i := range next {
			flow := of(0)
			if i > 0 {
				flow = add(flow, mul(of(lam), v[i-1]))
			}
			if i < limit {
				flow = add(flow, mul(of(mu*float64(min(i+1, c))), v[i+1]))
				flow = sub(flow, mul(of(lam), v[i]))
			}
			flow = sub(flow, mul(of(mu*float64(min(i, c))), v[i]))
			next[i] = div(mul(flow, of(t)), of(float64(k)))
			sum[i] = add(sum[i], next[i])
		}
		v = next
	}
	return sum
}

func main() {
	if err := out.Write([]string{"chain", "inputs", "measure", "value", "source"}); err != nil {
		log.Fatal(err)
	}
	const gauss = "derived: Gaussian elimination, 400 bits"
	for _, k := range [][2]int{{50, 20}, {100, 20}, {199, 20}, {200, 20}} {
		inputs := fmt.Sprintf("limit=%d size=%d", k[0], k[1])
		mean, sd := orbit(k[0], k[1], false)
		row("orbit-escape", inputs, "mean_s", mean, gauss)
		row("orbit-escape", inputs, "sd_s", sd, gauss)
		mean, sd = orbit(k[0], k[1], true)
		row("orbit-drain", inputs, "mean_s", mean, gauss)
		row("orbit-drain", inputs, "sd_s", sd, gauss)
	}
	for _, b := range []struct {
		lam, mu  float64
		limit, n int
	}{{0.99, 1, 3000, 100}, {0.5, 1, 3000, 2000}, {2, 1, 100, 1}, {4, 10, 1200, 1000}} {
		mean, sd := busy(b.lam, b.mu, b.limit, b.n)
		inputs := fmt.Sprintf("lam=%g mu=%g limit=%d n=%d", b.lam, b.mu, b.limit, b.n)
		row("busy", inputs, "mean_s", mean, gauss)
		row("busy", inputs, "sd_s", sd, gauss)
	}
	for _, t := range []float64{0.1, 1, 8, 15} {
		for i, p := range law(3, 1, 4, 30, 20, t) {
			row("law", fmt.Sprintf("lam=3 mu=1 c=4 limit=30 n=20 t=%g state=%d", t, i), "p", p, "derived: Taylor series of the exponential, 400 bits")
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		log.Fatal(err)
	}
}

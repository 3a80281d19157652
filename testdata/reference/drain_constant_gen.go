//go:build ignore

// This program writes drain_constant.csv: drain times at constant rates with
// 300 bits. Exponential and Erlang service are walks over phases, stepped by a
// Poisson process of rate arrivals + phases completed, whose first passage
// after m steps has the ballot probability (k/m) C(m,a) p^a q^(m-a); the CDF
// at t is the sum of those times the chance of m steps by t. Deterministic
// service is the law of Borel and Tanner. Every term is positive. Capacity is
// 10/s throughout and one server drains until idle.
//
//	go run drain_constant_gen.go > drain_constant.csv
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"math/big"
	"os"
)

const bits = 300

type num = *big.Float

func of(x float64) num { return new(big.Float).SetPrec(bits).SetFloat64(x) }
func add(a, b num) num { return new(big.Float).SetPrec(bits).Add(a, b) }
func sub(a, b num) num { return new(big.Float).SetPrec(bits).Sub(a, b) }
func mul(a, b num) num { return new(big.Float).SetPrec(bits).Mul(a, b) }
func div(a, b num) num { return new(big.Float).SetPrec(bits).Quo(a, b) }

// exp by its series after halving the argument 64 times.
func exp(x num) num {
	y := new(big.Float).SetPrec(bits+128).SetMantExp(x, -64)
	sum, term := new(big.Float).SetPrec(bits+128).SetInt64(1), new(big.Float).SetPrec(bits+128).SetInt64(1)
	for k := int64(1); k < 40; k++ {
		term.Mul(term, y)
		term.Quo(term, new(big.Float).SetInt64(k))
		sum.Add(sum, term)
	}
	for range 64 {
		sum.Mul(sum, sum)
	}
	return new(big.Float).SetPrec(bits).Set(sum)
}

func power(x num, n int) num {
	out := of(1)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			out = mul(out, x)
		}
		x = mul(x, x)
	}
	return out
}

const capacity = 10.0

// erlang is P(T <= t) from n0 with the given phases a service.
func erlang(phases, n0 int, arrivals, t float64) num {
	k := phases * n0
	rate := add(of(arrivals), mul(of(float64(phases)), of(capacity)))
	p := div(of(arrivals), rate)
	q := sub(of(1), p)
	x := mul(rate, of(t))
	// more[m] = P(at least m steps by t), from the far end
	mean, _ := x.Float64()
	last := int(mean+60*sqrt(mean)) + 400
	prob := make([]num, last+1)
	prob[0] = exp(new(big.Float).SetPrec(bits).Neg(x))
	for m := 1; m <= last; m++ {
		prob[m] = div(mul(prob[m-1], x), of(float64(m)))
	}
	for m := last - 1; m >= 0; m-- {
		prob[m] = add(prob[m], prob[m+1])
	}
	// C(m,a) p^a q^(m-a) with m = k + (phases+1) a, from the one before
	sum, c := of(0), power(q, k)
	for a := 0; ; a++ {
		m := k + (phases+1)*a
		if m > last {
			return sum
		}
		sum = add(sum, mul(mul(div(of(float64(k)), of(float64(m))), c), prob[m]))
		// to C(m+phases+1, a+1): multiply by (m+1)...(m+phases+1) / ((a+1) (m-a+1)...(m-a+phases))
		c = div(mul(mul(c, p), power(q, phases)), of(float64(a+1)))
		for i := 1; i <= phases+1; i++ {
			c = mul(c, of(float64(m+i)))
		}
		for i := 1; i <= phases; i++ {
			c = div(c, of(float64(m-a+i)))
		}
	}
}

func sqrt(x float64) float64 {
	f, _ := new(big.Float).Sqrt(big.NewFloat(x)).Float64()
	return f
}

// deterministic is P(N <= last) for the number N of services.
func deterministic(n0 int, arrivals float64, last int) num {
	rho := div(of(arrivals), of(capacity))
	sum := of(0)
	for n := n0; n <= last; n++ {
		mean := mul(rho, of(float64(n)))
		p := exp(new(big.Float).SetPrec(bits).Neg(mean))
		for j := 1; j <= n-n0; j++ {
			p = div(mul(p, mean), of(float64(j)))
		}
		sum = add(sum, mul(div(of(float64(n0)), of(float64(n))), p))
	}
	return sum
}

func main() {
	w := csv.NewWriter(os.Stdout)
	write := func(row ...string) {
		if err := w.Write(row); err != nil {
			log.Fatal(err)
		}
	}
	write("service", "backlog", "arrivals", "at_s", "cdf", "exceed", "source")
	row := func(service string, n0 int, arrivals, at float64, cdf num, source string) {
		write(service, fmt.Sprint(n0), fmt.Sprint(arrivals), fmt.Sprint(at), cdf.Text('g', 25),
			sub(of(1), cdf).Text('g', 25), source)
	}
	for _, c := range []struct {
		n0       int
		arrivals float64
		at       []float64
	}{
		{1, 4, []float64{0.01, 0.1, 1, 10, 20}},
		{30, 9, []float64{10, 25, 60, 200, 500}},
		{1000, 4, []float64{130, 150, 166, 179.8909, 186.202417, 200, 230}},
	} {
		for _, at := range c.at {
			row("exponential", c.n0, c.arrivals, at, erlang(1, c.n0, c.arrivals, at), "derived: ballot sum over steps, 300 bits")
			row("erlang-4", c.n0, c.arrivals, at, erlang(4, c.n0, c.arrivals, at), "derived: ballot sum over phases, 300 bits")
		}
	}
	for _, c := range []struct {
		n0       int
		arrivals float64
		last     []int
	}{{1, 4, []int{1, 2, 10, 100}}, {30, 9, []int{100, 300, 900, 2500}}, {1000, 4, []int{1500, 1660, 1769, 1770, 1900, 2100}}} {
		for _, n := range c.last {
			row("deterministic", c.n0, c.arrivals, float64(n)/capacity, deterministic(c.n0, c.arrivals, n), "derived: Borel-Tanner sum, 300 bits")
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		log.Fatal(err)
	}
}

//go:build ignore

// This program writes steady_derived.csv: measures of queues in steady state,
// derived with 400 bits from the balance equations of their Markov chains.
// It shares no formula with the package it is held against: chains with one
// way up and down are multiplied out state by state, others are eliminated
// without subtraction (Grassmann, Taksar & Heyman 1985). Inputs are the exact
// values of the float64 that their decimals round to.
//
//	go run steady_gen.go > steady_derived.csv
package main

import (
	"encoding/csv"
	"fmt"
	"log"
	"math/big"
	"os"
	"strconv"
	"strings"
)

const bits = 400

type num = *big.Float

func zero() num           { return new(big.Float).SetPrec(bits) }
func of(x float64) num    { return zero().SetFloat64(x) }
func add(a, b num) num    { return zero().Add(a, b) }
func sub(a, b num) num    { return zero().Sub(a, b) }
func mul(a, b num) num    { return zero().Mul(a, b) }
func div(a, b num) num    { return zero().Quo(a, b) }
func count(n int) num     { return zero().SetInt64(int64(n)) }
func less(a, b num) bool  { return a.Cmp(b) < 0 }
func tiny(a, of num) bool { return a.Sign() == 0 || a.MantExp(nil) < of.MantExp(nil)-bits }
func parse(s string) num  { x, err := strconv.ParseFloat(s, 64); check(err); return of(x) }
func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// exp is e^x by halving the argument and the power series.
func exp(x num) num {
	n := 0
	y := zero().Copy(x)
	for y.MantExp(nil) > -20 && y.Sign() != 0 {
		y.Quo(y, of(2))
		n++
	}
	sum, term := of(1), of(1)
	for k := 1; !tiny(term, sum) || k < 3; k++ {
		term = div(mul(term, y), count(k))
		sum = add(sum, term)
		if k > 200 {
			break
		}
	}
	for range n {
		sum = mul(sum, sum)
	}
	return sum
}

var out *csv.Writer

func row(model, inputs, measure string, value num, how string) {
	check(out.Write([]string{model, inputs, measure, value.Text('g', 20), "1e-10", how}))
}

// inputs is "key=value ..." with the values as numbers.
func inputs(text string) map[string]num {
	in := map[string]num{}
	for _, pair := range strings.Fields(text) {
		k, v, _ := strings.Cut(pair, "=")
		in[k] = parse(v)
	}
	return in
}

func whole(x num) int { n, _ := x.Int64(); return int(n) }

// chain is a birth-death chain; with last < 0 it is summed until its terms
// no longer count.
type chain struct {
	birth, death func(n int) num
	last         int
}

// sums are totals over the states, by weights f.
func (c chain) sums(fs ...func(n int) num) []num {
	total, w := zero(), of(1)
	sums := make([]num, len(fs))
	for i := range sums {
		sums[i] = zero()
	}
	falling := false
	for n := 0; ; n++ {
		total = add(total, w)
		for i, f := range fs {
			if x := f(n); x.Sign() != 0 {
				sums[i] = add(sums[i], mul(w, x))
			}
		}
		if n == c.last {
			break
		}
		next := div(mul(w, c.birth(n)), c.death(n+1))
		falling = less(next, w)
		if c.last < 0 && falling && tiny(w, total) {
			break
		}
		w = next
	}
	for i := range sums {
		sums[i] = div(sums[i], total)
	}
	return sums
}

func is(cond func(n int) bool) func(int) num {
	one, none := of(1), zero()
	return func(n int) num {
		if cond(n) {
			return one
		}
		return none
	}
}

// gth is the stationary law of a chain with rates q[i][j], j within band.
func gth(n, band int, rate func(i, j int) num) []num {
	q := make([]map[int]num, n)
	for i := range q {
		q[i] = map[int]num{}
		for j := max(0, i-band); j <= min(n-1, i+band); j++ {
			if r := rate(i, j); i != j && r != nil && r.Sign() > 0 {
				q[i][j] = r
			}
		}
	}
	leave := make([]num, n)
	for k := n - 1; k > 0; k-- {
		leave[k] = zero()
		for j := max(0, k-band); j < k; j++ {
			if r := q[k][j]; r != nil {
				leave[k] = add(leave[k], r)
			}
		}
		for i := max(0, k-band); i < k; i++ {
			up := q[i][k]
			if up == nil {
				continue
			}
			share := div(up, leave[k])
			for j := max(0, k-band); j < k; j++ {
				if r := q[k][j]; r != nil && i != j {
					if q[i][j] == nil {
						q[i][j] = zero()
					}
					q[i][j] = add(q[i][j], mul(share, r))
				}
			}
		}
	}
	p, total := make([]num, n), of(1)
	p[0] = of(1)
	for k := 1; k < n; k++ {
		p[k] = zero()
		for i := max(0, k-band); i < k; i++ {
			if r := q[i][k]; r != nil {
				p[k] = add(p[k], mul(p[i], r))
			}
		}
		p[k] = div(p[k], leave[k])
		total = add(total, p[k])
	}
	for k := range p {
		p[k] = div(p[k], total)
	}
	return p
}

// mmc sums the states up to c one by one and the geometric rest at once.
func mmc(model, text string) {
	in := inputs(text)
	lam, mu, c := in["arrivals"], in["service-rate"], 1
	if in["servers"] != nil {
		c = whole(in["servers"])
	}
	a := div(lam, mu)
	sum, w := zero(), of(1) // weights of 0..c-1
	for n := range c {
		sum = add(sum, w)
		w = div(mul(w, a), count(n+1))
	}
	left := sub(of(1), div(a, count(c)))
	rest := div(w, left) // weights of c, c+1, ...
	total := add(sum, rest)
	wait := div(rest, total)
	wq := div(wait, sub(mul(count(c), mu), lam))
	how := "derived: states multiplied out, 400 bits"
	row(model, text, "p0", div(of(1), total), how)
	row(model, text, "p_wait", wait, how)
	row(model, text, "wq_s", wq, how)
	row(model, text, "w_s", add(wq, div(of(1), mu)), how)
	row(model, text, "lq", mul(lam, wq), how)
	row(model, text, "l", add(a, mul(lam, wq)), how)
	if t := in["wait"]; t != nil {
		row(model, text, "p_wait_over", mul(wait, exp(mul(sub(lam, mul(count(c), mu)), t))), how)
	}
}

func mmck(model, text string) {
	in := inputs(text)
	lam, mu, c := in["arrivals"], in["service-rate"], whole(in["servers"])
	limit := c
	if in["limit"] != nil {
		limit = whole(in["limit"])
	}
	k := chain{func(int) num { return lam }, func(n int) num { return mul(count(min(n, c)), mu) }, limit}
	s := k.sums(is(func(n int) bool { return n == 0 }), is(func(n int) bool { return n == limit }),
		is(func(n int) bool { return n >= c && n < limit }), count, func(n int) num { return count(max(0, n-c)) },
		is(func(n int) bool { return n < limit }))
	how := "derived: states multiplied out, 400 bits"
	through := mul(lam, s[5])
	row(model, text, "p0", s[0], how)
	row(model, text, "p_block", s[1], how)
	row(model, text, "l", s[3], how)
	row(model, text, "throughput_per_s", through, how)
	if model == "erlang-b" {
		return
	}
	row(model, text, "p_wait", div(s[2], s[5]), how)
	row(model, text, "lq", s[4], how)
	row(model, text, "wq_s", div(s[4], through), how)
}

func erlangA(text string) {
	in := inputs(text)
	lam, mu, c := in["arrivals"], in["service-rate"], whole(in["servers"])
	theta := div(of(1), in["patience"])
	k := chain{func(int) num { return lam }, func(n int) num {
		return add(mul(count(min(n, c)), mu), mul(count(max(0, n-c)), theta))
	}, -1}
	weights := []func(int) num{is(func(n int) bool { return n == 0 }), is(func(n int) bool { return n >= c }), count,
		func(n int) num { return count(max(0, n-c)) }}
	t := in["wait"]
	if t != nil {
		// The offered wait behind j others is -ln(Beta(s, j+1))/theta: its tail
		// is y^s times the sum over i <= j of (s)_i/i! (1-y)^i, y = e^-theta t.
		s, y := mul(mul(count(c), mu), in["patience"]), exp(mul(of(-1), mul(theta, t)))
		first, partial, term := exp(mul(of(-1), mul(mul(count(c), mu), t))), zero(), of(1)
		weights = append(weights, func(n int) num {
			if n < c {
				return zero()
			}
			if j := n - c; j > 0 {
				term = div(mul(mul(term, add(s, count(j-1))), sub(of(1), y)), count(j))
			}
			partial = add(partial, term)
			return mul(mul(first, partial), y)
		})
	}
	x := k.sums(weights...)
	how := "derived: states multiplied out, 400 bits"
	row("erlang-a", text, "p0", x[0], how)
	row("erlang-a", text, "p_wait", x[1], how)
	row("erlang-a", text, "l", x[2], how)
	row("erlang-a", text, "lq", x[3], how)
	row("erlang-a", text, "p_abandon", div(mul(theta, x[3]), lam), how)
	if t != nil {
		row("erlang-a", text, "p_wait_over", x[4], how)
	}
}

func repair(text string) {
	in := inputs(text)
	lam, mu, c, all := in["arrivals"], in["service-rate"], whole(in["servers"]), whole(in["sources"])
	k := chain{func(n int) num { return mul(count(all-n), lam) }, func(n int) num { return mul(count(min(n, c)), mu) }, all}
	s := k.sums(is(func(n int) bool { return n == 0 }), count, func(n int) num { return count(max(0, n-c)) },
		func(n int) num { return mul(count(all-n), lam) })
	how := "derived: states multiplied out, 400 bits"
	row("repair", text, "p0", s[0], how)
	row("repair", text, "l", s[1], how)
	row("repair", text, "lq", s[2], how)
	row("repair", text, "throughput_per_s", s[3], how)
	row("repair", text, "w_s", div(s[1], s[3]), how)
}

// mdc eliminates the chain of the number present seen every service time.
func mdc(model, text string, states int) {
	in := inputs(text)
	lam, mu, c := in["arrivals"], in["service-rate"], 1
	if in["servers"] != nil {
		c = whole(in["servers"])
	}
	a := div(lam, mu)
	pois := make([]num, states+1)
	pois[0] = exp(mul(of(-1), a))
	for n := 1; n <= states; n++ {
		pois[n] = div(mul(pois[n-1], a), count(n))
	}
	p := gth(states, states, func(i, j int) num {
		if n := j - max(0, i-c); n >= 0 {
			return pois[n]
		}
		return nil
	})
	l, lq, ready := zero(), zero(), zero()
	for n, x := range p {
		l = add(l, mul(count(n), x))
		lq = add(lq, mul(count(max(0, n-c)), x))
		if n < c {
			ready = add(ready, x)
		}
	}
	how := "derived: embedded chain eliminated, 400 bits"
	row(model, text, "p0", p[0], how)
	row(model, text, "p_wait", sub(of(1), ready), how)
	row(model, text, "l", l, how)
	row(model, text, "lq", lq, how)
	row(model, text, "wq_s", div(lq, lam), how)
}

// md1Wait is Erlang's alternating sum, which 400 bits can stand.
func md1Wait(text string) {
	in := inputs(text)
	lam, d, t := in["arrivals"], div(of(1), in["service-rate"]), in["wait"]
	sum := zero()
	for k := 0; ; k++ {
		gap := sub(mul(count(k), d), t)
		if gap.Sign() > 0 {
			break
		}
		x := mul(lam, gap)
		term := exp(mul(of(-1), x))
		for i := 1; i <= k; i++ {
			term = div(mul(term, x), count(i))
		}
		sum = add(sum, term)
	}
	below := mul(sub(of(1), mul(lam, d)), sum)
	row("md1", text, "p_wait_over", sub(of(1), below), "derived: Erlang's alternating sum, 400 bits")
}

// phases is M/E_k/1 as a chain of phases, each request bringing k.
func phases(text string, k, states int) {
	in := inputs(text)
	lam, rate := in["arrivals"], mul(in["service-rate"], count(k))
	p := gth(states, k, func(i, j int) num {
		switch {
		case j == i+k || j == states-1 && i+k > j:
			return lam
		case j == i-1:
			return rate
		}
		return nil
	})
	// A request waits for the phases that it finds.
	mean := zero()
	tail := zero()
	t := in["wait"]
	var served, sum num
	if t != nil {
		served = exp(mul(of(-1), mul(rate, t)))
		sum = zero()
	}
	for n, x := range p {
		mean = add(mean, mul(count(n), x))
		if t != nil && n > 0 {
			sum = add(sum, served) // P(fewer than n phases end in t)
			served = div(mul(served, mul(rate, t)), count(n))
			tail = add(tail, mul(x, sum))
		}
	}
	how := "derived: chain of phases eliminated, 400 bits"
	wq := div(mean, rate)
	row("mg1", text, "p0", p[0], how)
	row("mg1", text, "wq_s", wq, how)
	row("mg1", text, "lq", mul(lam, wq), how)
	if t != nil {
		row("mg1", text, "p_wait_over", tail, how)
	}
}

// batch is M^X/M/1 with batches of k.
func batch(text string, states int) {
	in := inputs(text)
	lam, mu, k := in["arrivals"], in["service-rate"], whole(in["batch-mean"])
	p := gth(states, k, func(i, j int) num {
		switch {
		case j == i+k || j == states-1 && i+k > j:
			return lam
		case j == i-1:
			return mu
		}
		return nil
	})
	l := zero()
	for n, x := range p {
		l = add(l, mul(count(n), x))
	}
	how := "derived: chain eliminated, 400 bits"
	row("batch", text, "p0", p[0], how)
	row("batch", text, "l", l, how)
	row("batch", text, "w_s", div(l, mul(lam, count(k))), how)
}

// retrial eliminates the chain of lane and orbit.
func retrial(text string, orbit int) {
	in := inputs(text)
	lam, mu, c, limit := in["arrivals"], in["service-rate"], whole(in["servers"]), whole(in["limit"])
	nu := div(of(1), in["retry-delay"])
	n := (limit + 1) * (orbit + 1)
	p := gth(n, limit+1, func(i, j int) num {
		o, q := i/(limit+1), i%(limit+1)
		o2, q2 := j/(limit+1), j%(limit+1)
		switch {
		case o2 == o && q2 == q+1, o2 == o+1 && q2 == q && q == limit:
			return lam
		case o2 == o && q2 == q-1:
			return mul(count(min(q, c)), mu)
		case o2 == o-1 && q2 == q+1:
			return mul(count(o), nu)
		}
		return nil
	})
	full, waiting, mean := zero(), zero(), zero()
	for i, x := range p {
		o, q := i/(limit+1), i%(limit+1)
		mean = add(mean, mul(count(o), x))
		waiting = add(waiting, mul(count(max(0, q-c)), x))
		if q == limit {
			full = add(full, x)
		}
	}
	how := "derived: chain of lane and orbit eliminated, 400 bits"
	row("retrial", text, "p0", p[0], how)
	row("retrial", text, "p_block", full, how)
	row("retrial", text, "orbit", mean, how)
	row("retrial", text, "lq", add(mean, waiting), how)
}

// mva multiplies out every way to place the customers.
func mva(text string, demands []string, servers []int) {
	in := inputs(text)
	n, think := whole(in["customers"]), in["think"]
	all := text
	for i, d := range demands {
		all += fmt.Sprintf(" station=%s:%d", d, servers[i])
	}
	// factor is f(j) of a station: its demand over its speed, j times.
	factor := func(k, j int) num {
		f := of(1)
		for i := 1; i <= j; i++ {
			f = div(mul(f, parse(demands[k])), count(min(i, servers[k])))
		}
		return f
	}
	sums := func(customers int) (total num, queue []num) {
		total, queue = zero(), make([]num, len(demands))
		for k := range queue {
			queue[k] = zero()
		}
		at := make([]int, len(demands))
		var place func(k, left int, w num)
		place = func(k, left int, w num) {
			if k == len(demands) {
				for i := 1; i <= left; i++ {
					w = div(mul(w, think), count(i))
				}
				total = add(total, w)
				for i := range queue {
					queue[i] = add(queue[i], mul(w, count(at[i])))
				}
				return
			}
			for j := 0; j <= left; j++ {
				at[k] = j
				place(k+1, left-j, mul(w, factor(k, j)))
			}
		}
		place(0, customers, of(1))
		return total, queue
	}
	g, queue := sums(n)
	before, _ := sums(n - 1)
	x := div(before, g)
	how := "derived: every state of the network added up, 400 bits"
	row("mva", all, "throughput_per_s", x, how)
	row("mva", all, "w_s", sub(div(count(n), x), think), how)
	for k := range demands {
		row("mva", all, fmt.Sprintf("l of station %d", k+1), div(queue[k], g), how)
	}
}

func main() {
	out = csv.NewWriter(os.Stdout)
	check(out.Write([]string{"model", "inputs", "measure", "value", "tolerance", "source"}))
	for _, text := range []string{"arrivals=0.5 service-rate=1", "arrivals=9 service-rate=10 wait=1", "arrivals=0.999999999 service-rate=1", "arrivals=1e-12 service-rate=1"} {
		mmc("mm1", text)
	}
	for _, text := range []string{
		"arrivals=9 service-rate=4 servers=3 wait=1", "arrivals=1.8 service-rate=1 servers=2", "arrivals=90 service-rate=1 servers=100 wait=0.1",
		"arrivals=1e-12 service-rate=1 servers=5", "arrivals=9000 service-rate=1 servers=10000", "arrivals=9999.999 service-rate=1 servers=10000",
		"arrivals=999000 service-rate=1 servers=1000000 wait=0.001", "arrivals=999999.999 service-rate=1 servers=1000000", "arrivals=7.999999992 service-rate=1 servers=8",
	} {
		mmc("mmc", text)
	}
	for _, text := range []string{
		"arrivals=9 service-rate=4 servers=3 limit=7", "arrivals=12 service-rate=4 servers=3 limit=7", "arrivals=20 service-rate=4 servers=3 limit=7",
		"arrivals=0.8 service-rate=1 servers=1 limit=1", "arrivals=0.8 service-rate=1 servers=1 limit=10", "arrivals=1 service-rate=1 servers=1 limit=1000",
		"arrivals=1.000001 service-rate=1 servers=1 limit=1000", "arrivals=0.99 service-rate=1 servers=1 limit=100000", "arrivals=101 service-rate=1 servers=100 limit=300",
		"arrivals=1e-12 service-rate=1 servers=2 limit=4", "arrivals=1000 service-rate=1 servers=2 limit=50", "arrivals=0.9999999 service-rate=1 servers=1 limit=1000000",
	} {
		mmck("mmck", text)
	}
	for _, text := range []string{
		"arrivals=18 service-rate=1 servers=25", "arrivals=1e-12 service-rate=1 servers=3", "arrivals=100 service-rate=1 servers=5", "arrivals=10000 service-rate=1 servers=10000",
		"arrivals=900000 service-rate=1 servers=1000000", "arrivals=1000001 service-rate=1 servers=1000000", "arrivals=1 service-rate=1 servers=60",
	} {
		mmck("erlang-b", text)
	}
	for _, text := range []string{
		"arrivals=9 service-rate=4 servers=3 patience=0.5 wait=0.2", "arrivals=20 service-rate=4 servers=3 patience=0.5 wait=0.2", "arrivals=100 service-rate=1 servers=100 patience=2 wait=0.1",
		"arrivals=12 service-rate=4 servers=3 patience=1e-9", "arrivals=11 service-rate=4 servers=3 patience=1e9 wait=1", "arrivals=120 service-rate=1 servers=100 patience=100 wait=15",
		"arrivals=1e-12 service-rate=1 servers=2 patience=1", "arrivals=1000 service-rate=1 servers=1 patience=0.01", "arrivals=100 service-rate=1 servers=100 patience=10000 wait=20",
		"arrivals=99.9 service-rate=1 servers=100 patience=1e6 wait=20", "arrivals=1000 service-rate=1 servers=1000 patience=1 wait=0.05", "arrivals=0.7 service-rate=1 servers=1 patience=3 wait=30",
	} {
		erlangA(text)
	}
	for _, text := range []string{
		"arrivals=0.1 service-rate=1 servers=2 sources=10", "arrivals=1 service-rate=1 servers=1 sources=1", "arrivals=0.01 service-rate=1 servers=5 sources=1000",
		"arrivals=5 service-rate=1 servers=3 sources=20", "arrivals=1e-12 service-rate=1 servers=1 sources=5", "arrivals=0.05 service-rate=2 servers=100 sources=100000",
	} {
		repair(text)
	}
	mdc("md1", "arrivals=0.5 service-rate=1", 120)
	mdc("md1", "arrivals=0.9 service-rate=1", 400)
	mdc("mdc", "arrivals=1.8 service-rate=1 servers=2", 400)
	mdc("mdc", "arrivals=9 service-rate=4 servers=3", 200)
	mdc("mdc", "arrivals=2 service-rate=1 servers=10", 80)
	mdc("mdc", "arrivals=19 service-rate=1 servers=20", 700)
	mdc("mdc", "arrivals=0.01 service-rate=1 servers=3", 40)
	for _, text := range []string{"arrivals=0.5 service-rate=1 wait=0.5", "arrivals=0.5 service-rate=1 wait=1.5", "arrivals=0.9 service-rate=1 wait=10.25", "arrivals=0.9 service-rate=1 wait=60", "arrivals=0.2 service-rate=1 wait=15.5"} {
		md1Wait(text)
	}
	phases("arrivals=0.8 service-rate=1 service-scv=0.5 wait=2", 2, 1500)
	phases("arrivals=0.5 service-rate=1 service-scv=0.25 wait=3", 4, 1000)
	phases("arrivals=0.9 service-rate=1 service-scv=0.125 wait=20", 8, 8000)
	batch("arrivals=0.2 service-rate=1 batch-mean=3", 1500)
	batch("arrivals=3 service-rate=10 batch-mean=3", 4000)
	batch("arrivals=0.01 service-rate=1 batch-mean=20", 1500)
	retrial("arrivals=0.5 service-rate=1 servers=1 limit=1 retry-delay=1", 250)
	retrial("arrivals=5 service-rate=4 servers=2 limit=4 retry-delay=10", 350)
	retrial("arrivals=1 service-rate=1 servers=2 limit=2 retry-delay=0.1", 250)
	retrial("arrivals=7 service-rate=1 servers=10 limit=10 retry-delay=3", 300)
	mva("customers=3 think=15", []string{"0.605", "2.1", "1.35"}, []int{1, 1, 1})
	mva("customers=10 think=0", []string{"0.2", "0.3"}, []int{1, 1})
	mva("customers=12 think=5", []string{"0.1", "0.4", "0.25"}, []int{1, 2, 1})
	mva("customers=20 think=1", []string{"1", "0.3"}, []int{8, 1})
	out.Flush()
	check(out.Error())
}

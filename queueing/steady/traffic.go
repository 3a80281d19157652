package steady

import (
	"fmt"

	"singlelane/queueing"
)

// Visits solves the traffic equations v = entry + v routing: how often a
// request that enters at station i with probability entry[i], and goes from
// i to j with probability routing[i][j], visits each station (J. R. Jackson,
// Operations Research 5, 1957). What is missing of a row to 1 leaves. The
// elimination subtracts nothing (Grassmann, Taksar & Heyman, Operations
// Research 33, 1985), so rarely visited stations keep their digits. It errs
// when a visitor could never leave.
func Visits(entry []float64, routing [][]float64) ([]float64, error) {
	n := len(entry)
	p, leave, err := routes(entry, routing)
	if err != nil {
		return nil, err
	}
	v := make([]float64, n)
	copy(v, entry)
	out := make([]float64, n) // ways out of each station but to itself and those eliminated
	for k := n - 1; k >= 0; k-- {
		out[k] = leave[k]
		for j := range k {
			out[k] += p[k][j]
		}
		if out[k] == 0 {
			return nil, fmt.Errorf("steady: a request at station %d never leaves the network", k)
		}
		for i := range k {
			share := p[i][k] / out[k]
			for j := range k {
				p[i][j] += share * p[k][j]
			}
			leave[i] += share * leave[k]
		}
		for j := range k {
			v[j] += v[k] / out[k] * p[k][j]
		}
	}
	for k := range n {
		for i := range k {
			v[k] += v[i] * p[i][k]
		}
		v[k] /= out[k]
	}
	return v, nil
}

// routes checks and copies the routing and finds what leaves each station.
func routes(entry []float64, routing [][]float64) (p [][]float64, leave []float64, err error) {
	n := len(entry)
	if len(routing) != n {
		return nil, nil, &queueing.FieldError{Field: "routing", Got: len(routing), Want: fmt.Sprintf("%d rows, one a station", n)}
	}
	p, leave = make([][]float64, n), make([]float64, n)
	for i, row := range routing {
		if len(row) != n {
			return nil, nil, &queueing.FieldError{Field: fmt.Sprintf("routing[%d]", i), Got: len(row), Want: fmt.Sprintf("%d probabilities", n)}
		}
		sum := 0.0
		for j, x := range row {
			if err := share(fmt.Sprintf("routing[%d][%d]", i, j), x); err != nil {
				return nil, nil, err
			}
			sum += x
		}
		if sum > 1+1e-12 {
			return nil, nil, &queueing.FieldError{Field: fmt.Sprintf("routing[%d]", i), Got: sum, Want: "probabilities that add up to at most 1"}
		}
		if err := nonNegative(fmt.Sprintf("entry[%d]", i), entry[i]); err != nil {
			return nil, nil, err
		}
		p[i] = append(p[i], row...)
		if sum < 1-1e-15 {
			leave[i] = 1 - sum
		}
	}
	return p, leave, nil
}

package skellam

import "math"

// hankel holds a_k(1) (-1)^k, the coefficients of Hankel's expansion
//
//	I_1(x) e^-x sqrt(2 pi x) = sum over k of (-1)^k a_k(1) x^-k,
//	a_k(nu) = (4 nu^2 - 1) (4 nu^2 - 9) … (4 nu^2 - (2k-1)^2) / (k! 8^k)
//
// (NIST Digital Library of Mathematical Functions, 10.17.1 and 10.40.1). The error is
// less than the first term left out, once those alternate no more ((10.40.10) with nu = 1).
var hankel = hankelTerms(12)

// hankelEnough[k] is the x from which the terms up to k suffice.
var hankelEnough = func() []float64 {
	from := make([]float64, len(hankel)-1)
	for k := range from {
		from[k] = math.Pow(math.Abs(hankel[k+1])/hankelRest, 1/float64(k+1))
	}
	return from
}()

const (
	hankelFrom = 30    // x from which the expansion is used
	hankelRest = 1e-13 // what it leaves out
	oneLeast   = 700   // -ln of what is taken for 0
)

func hankelTerms(last int) []float64 {
	c := []float64{1}
	for k := 1; k <= last; k++ {
		odd := float64(2*k - 1)
		c = append(c, -c[k-1]*(4-odd*odd)/(8*float64(k)))
	}
	return c
}

// One is Prob(1, b, a) for kernels that are integrated many times: in a fifth of the
// time. With x = 2 sqrt(ab) it is
//
//	e^-(sqrt(b) - sqrt(a))^2 sqrt(b/a) I_1(x) e^-x.
//
// The relative error is about 1e-13 and the rounding of b - a, as far as the exponent
// has it: 1e-15 of the larger mean times |b-a| over the means.
func One(b, a float64) float64 {
	rb, ra := math.Sqrt(b), math.Sqrt(a)
	x := 2 * ra * rb
	if !(x >= hankelFrom) {
		return Prob(1, b, a)
	}
	off := (b - a) / (ra + rb)
	if off *= off; off > oneLeast {
		return 0
	}
	k := 2
	for k < len(hankelEnough)-1 && x < hankelEnough[k] {
		k++
	}
	y, sum := 1/x, 0.0
	for ; k >= 0; k-- {
		sum = sum*y + hankel[k]
	}
	return math.Exp(-off) * rb * sum / (ra * math.Sqrt(2*math.Pi*x))
}

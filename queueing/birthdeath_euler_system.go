package queueing

import "math"

// eulerSystem is 1 - h Q for the numbers from lo on; what falls below them is lost.
//
// Where all servers are busy its rows are alike, and go on above the last number, where
// nothing was: with births b, deaths d and g the smaller root of d g^2 - (1+b+d) g + b = 0
// the solution falls by g from there on, and the rows are those of the product of two
// matrices of two diagonals each,
//
//	s_i = r_i + q s_(i+1), x_i = w s_i + g x_(i-1), q = d w, g = b w, w = 1/(1+b+d - d g)
//
// (a Wiener-Hopf factorisation). That takes no division, and several numbers of either
// recurrence can be under way at a time.
type eulerSystem struct {
	lo, servers int
	each        float64   // rate at which one server serves
	held, given []float64 // by elimination: a number's own probability, and the factor of the next one's
}

// solve replaces p by the solution, for birth = h lam and each = h mu. All terms are
// positive.
func (s *eulerSystem) solve(p []float64, birth, each float64) {
	idle := min(max(0, s.servers-s.lo), len(p))
	deaths := each * float64(s.servers)
	one := 2 / (1 + birth + deaths + math.Sqrt((birth-deaths)*(birth-deaths)+1+2*(birth+deaths)))
	busy, before := p[idle:], 0.0
	fallFrom(busy, deaths*one)
	if idle > 0 {
		var down, mass float64
		if len(busy) > 0 {
			down, mass = deaths*birth*one, deaths*one*busy[0]
		}
		s.inwards(p[:idle], birth, each, down, mass)
		before = p[idle-1]
	}
	riseFrom(busy, one, birth*one, before)
}

// fallFrom replaces r by s_i = r_i + q s_(i+1), from the last, which is r's own.
func fallFrom(r []float64, q float64) {
	q2 := q * q
	q3, q4 := q2*q, q2*q2
	above, i := 0.0, len(r)
	for ; i >= 4; i -= 4 {
		four := r[i-4 : i : i]
		a := four[3]
		b := four[2] + q*a
		c := four[1] + q*b
		d := four[0] + q*c
		four[3], four[2], four[1] = a+q*above, b+q2*above, c+q3*above
		above = d + q4*above
		four[0] = above
	}
	for i--; i >= 0; i-- {
		above = r[i] + q*above
		r[i] = above
	}
}

// riseFrom replaces s by x_i = w s_i + g x_(i-1), from the value before the first.
func riseFrom(s []float64, w, g, before float64) {
	g2 := g * g
	g3, g4 := g2*g, g2*g2
	i := 0
	for ; i+4 <= len(s); i += 4 {
		four := s[i : i+4 : i+4]
		a := w * four[0]
		b := w*four[1] + g*a
		c := w*four[2] + g*b
		d := w*four[3] + g*c
		four[0], four[1], four[2] = a+g*before, b+g2*before, c+g3*before
		before = d + g4*before
		four[3] = before
	}
	for ; i < len(s); i++ {
		before = w*s[i] + g*before
		s[i] = before
	}
}

// inwards solves for numbers of which each has as many servers at work, down and downMass
// being what comes from above by factor and mass. Elimination goes inwards from both ends
// at once, which takes half as long as from one.
func (s *eulerSystem) inwards(p []float64, birth, each, down, downMass float64) {
	n := len(p)
	held, given := s.held[:n], s.given[:n]
	low, high := 0, n-1
	lowDeaths, highDeaths := each*float64(s.lo), each*float64(s.lo+n-1)
	var up, upMass float64 // what comes from below
	for low < high-1 {
		next := each * float64(s.lo+low+1)
		one, other := 1/(1+birth+lowDeaths-up), 1/(1+birth+highDeaths-down)
		held[low], given[low] = (p[low]+upMass)*one, next*one
		held[high], given[high] = (p[high]+downMass)*other, birth*other
		up, upMass = birth*given[low], birth*held[low]
		down, downMass = highDeaths*given[high], highDeaths*held[high]
		low, high = low+1, high-1
		lowDeaths, highDeaths = next, each*float64(s.lo+high)
	}
	var x, y float64
	if low < high { // two are left
		a, c := 1+birth+lowDeaths-up, 1+birth+highDeaths-down
		f, g := p[low]+upMass, p[high]+downMass
		det := a*c - birth*highDeaths
		x, y = (f*c+highDeaths*g)/det, (a*g+birth*f)/det
	} else {
		x = (p[low] + upMass + downMass) / (1 + birth + lowDeaths - up - down)
		y = x
	}
	p[low], p[high] = x, y
	for low, high = low-1, high+1; low >= 0; low, high = low-1, high+1 {
		x, y = held[low]+given[low]*x, held[high]+given[high]*y
		p[low], p[high] = x, y
	}
}

package markov

import (
	"errors"
	"math"
)

// Advance moves the process on to time t. Between breaks the rates are
// replaced by polynomials in time of degree up to seven, each step as long as
// that keeps twice the integral of the deviation, which bounds the error of
// the law, in proportion to the tolerance; under the polynomials the law moves
// without further error. As long as the law stays clear of every state where
// the shapes of the rates change, it is instead moved in one go by a Poisson
// number of births less one of deaths. A [ToleranceError] says when that takes too many
// steps.
func (r *Run) Advance(t float64) error {
	if !(t >= r.time) || math.IsInf(t, 1) {
		return &FieldError{"time", t, "a finite number not before the present time"}
	}
	tolerance := r.options.tolerance() / (t - r.time)
	for steps := 0; r.time < t && len(r.law.P) > 0; steps++ {
		if steps >= r.options.maxSteps() {
			return &ToleranceError{r.options.tolerance(), r.Err(), "too many steps for rates that vary so fast"}
		}
		end := math.Min(t, r.process.nextBreak(r.time))
		if r.glide(end, tolerance) {
			continue
		}
		if err := r.options.stopped(); err != nil {
			return err
		}
		h, st, deviation := r.choose(end-r.time, tolerance/2)
		if err := errors.Join(finite("Process.Arrivals", st.lambda.at(0)), finite("Process.Speed", st.mu.at(0))); err != nil {
			return err
		}
		mass := r.law.Mass()
		out := r.move(r.law, st, tolerance*h*mass/2)
		for most := h; out.wide; out = r.move(r.law, st, tolerance*h*mass/2) {
			if most /= 2; most < narrowest*(end-r.time) {
				return &ToleranceError{r.options.tolerance(), r.Err(), "rates grow so fast with the state that no step is short enough"}
			}
			h, st, deviation = r.choose(most, tolerance/2)
		}
		if out.err != nil {
			return out.err
		}
		reached := h >= end-r.time
		r.law = out.law
		r.absorbed += out.absorbed
		r.lost += out.lost
		r.stepErr += deviation * mass
		if r.traced.wanted(r.time + h*(1+1e-12)) {
			r.emit(h, st, out.q, reached && end == t)
		}
		if !reached {
			end = r.time + h
		}
		r.time = end
	}
	r.time = t
	r.traced.quiet(t)
	return nil
}

// narrowest is the shortest step over the time to go.
const narrowest = 1e-12

// emit traces the density of absorption through a step.
func (r *Run) emit(h float64, st step, q float64, last bool) {
	var death [1]float64
	if r.floor > 0 {
		r.process.Deaths(st.shapes, r.floor, death[:])
	}
	r.traced.emit(r.time, h, q, last, func(x float64) float64 { return death[0] * st.mu.at(x) / h })
}

// choose finds the longest step up to most whose rates are a polynomial to
// within tolerance per second; deviation bounds the error for a mass of 1.
func (r *Run) choose(most, tolerance float64) (h float64, st step, deviation float64) {
	const (
		change = 6     // mean jumps by which the rates may change over a step
		least  = 1e-10 // of the time to go: shorter steps are taken as they are
		noise  = 2e-15 // relative rounding of rates and polynomials
	)
	births, deaths := r.largest()
	try := r.recent.search(most, least*most)
	for h = try.first(); ; h /= 2 {
		st = step{shapes: r.process.middle(r.time)}
		allowed := 0.25 * tolerance * h
		var dl, dm float64
		st.lambda, dl = fit(r.process.Arrivals, r.process.Mean, r.time, h, allowed/math.Max(births, 1e-300), noise)
		if r.process.Speed == nil {
			st.mu = polynomial{h}
		} else {
			st.mu, dm = fit(r.process.Speed, nil, r.time, h, allowed/math.Max(deaths, 1e-300), noise)
		}
		deviation = 2 * (dl*births + dm*deaths)
		varies := births*st.lambda.change() + deaths*st.mu.change()
		rounding := 4 * noise * (births*st.lambda.size() + deaths*st.mu.size())
		if try.takes(h, deviation, tolerance*h, rounding, varies > change) {
			return h, st, deviation
		}
	}
}

// change bounds how far the polynomial moves away from its value at 0.
func (p polynomial) change() float64 {
	sum := 0.0
	for _, c := range p[1:] {
		sum += math.Abs(c)
	}
	return sum
}

// largest are the largest shapes of births and deaths near the law.
func (r *Run) largest() (births, deaths float64) {
	first := max(0, r.law.First-1)
	b, d := make([]float64, len(r.law.P)+2), make([]float64, len(r.law.P)+2)
	r.process.shapes(r.process.middle(r.time), first, b, d)
	for i := range b {
		births, deaths = max(births, b[i]), max(deaths, d[i])
	}
	return births, deaths
}

// size bounds the polynomial over the step.
func (p polynomial) size() float64 { return math.Abs(p[0]) + p.change() }

// finite accepts a mean number of jumps that is negative by rounding only.
func finite(field string, x float64) error {
	if x > -1e-9 && !math.IsInf(x, 1) {
		return nil
	}
	return &FieldError{field, x, "a finite rate of at least 0"}
}

package queueing

import "math"

// knownMoments is a law whose mean and standard deviation are known apart from
// its distribution function.
type knownMoments struct {
	Distribution
	mean, sd float64 // s
}

// Mean in seconds.
func (k knownMoments) Mean() float64 { return k.mean }

// StdDev in seconds.
func (k knownMoments) StdDev() float64 { return k.sd }

// withCumulants gives an exact law of constant rates its exact mean and
// standard deviation ([DrainCumulants]). An error bound on the distribution
// function does not bound them where the tail is long: one request at a load
// of 0.9999 has a standard deviation of 141 times its mean, most of it from
// times that one storm in a million takes.
func (d Drain) withCumulants(l *Lane) Drain {
	if d.Quality != Exact || d.Method == Chain {
		return d
	}
	k, err := DrainCumulants(l)
	if err != nil || k.Mean == 0 {
		return d
	}
	d.Distribution = knownMoments{d.Distribution, k.Mean, math.Sqrt(k.Variance)}
	return d
}

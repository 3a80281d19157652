package steady

import (
	"errors"
	"math"
)

// Zones is a k-out-of-n system: Count zones, of which Needed have to be up.
// Each is down for the share Unavailability of the time, independently but
// for common causes, which take down every zone at once and make up the share
// CommonCause of a zone's unavailability (beta factor; K. N. Fleming 1975).
type Zones struct {
	Count          int     // n, 1 to MaxServers
	Needed         int     // k, 0 to Count
	Unavailability float64 // of one zone, 0 to 1
	CommonCause    float64 // 0 to 1
}

// Validate reports every field out of its range.
func (z Zones) Validate() error {
	return errors.Join(countBetween("Zones.Count", z.Count, 1, MaxServers), countBetween("Zones.Needed", z.Needed, 0, z.Count),
		share("Zones.Unavailability", z.Unavailability), share("Zones.CommonCause", z.CommonCause))
}

// Unavailable is the share of the time in which fewer than Needed zones are
// up, to full relative precision however small it is (R. E. Barlow & F.
// Proschan, Statistical Theory of Reliability, 1975, chapter 1).
func (z Zones) Unavailable() (float64, error) {
	if err := z.Validate(); err != nil {
		return 0, err
	}
	if z.Needed == 0 {
		return 0, nil
	}
	common := z.CommonCause * z.Unavailability
	if common == 1 {
		return 1, nil
	}
	alone := (z.Unavailability - common) / (1 - common) // while there is no common cause
	down := binomialTail(z.Count, z.Count-z.Needed+1, alone)
	return common + (1-common)*down, nil
}

// Nines is -log10 of the unavailability: 3 for 99.9 %; +Inf for 0.
func (z Zones) Nines() (float64, error) {
	u, err := z.Unavailable()
	return -math.Log10(u), err
}

// binomialTail is P(X >= least) for X binomial (n, p): from its largest term
// outward.
func binomialTail(n, least int, p float64) float64 {
	switch {
	case p == 0:
		return 0
	case p == 1:
		return 1
	}
	log := func(k int) float64 { return logBinomial(n, k, p) }
	return math.Min(1, logConcaveSum(least, n, log))
}

// logBinomial is ln P(X = k) by the deviance form (Loader 2000).
func logBinomial(n, k int, p float64) float64 {
	a, b, c := float64(n), float64(k), float64(n-k)
	switch {
	case k == 0:
		return a * math.Log1p(-p)
	case k == n:
		return a * math.Log(p)
	}
	return logPoisson(b, a*p) + logPoisson(c, a*(1-p)) - logPoisson(a, a)
}

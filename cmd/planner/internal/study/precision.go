package study

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"singlelane/montecarlo"
)

// Precision asks for as many storms as one number of the drain time needs. The
// zero value asks for nothing.
type Precision struct {
	Relative float64 // half the interval over the value, between 0 and 1
	Of       string  // "p99", "p50" and so on, or "breach"; "": "p99"
}

var quantileName = regexp.MustCompile(`^p(0?[1-9]|[1-9][0-9]|9[0-9]{2,6})$`)

// quantile is the p of a name: p5 and p50 are per cent, p999 and p9999 go on
// beyond p99.
func (p Precision) quantile() (float64, bool) {
	if p.Of == "" {
		return 0.99, true
	}
	if !quantileName.MatchString(p.Of) {
		return 0, false
	}
	digits := strings.TrimPrefix(p.Of, "p")
	if len(digits) == 1 {
		digits = "0" + digits
	}
	x, err := strconv.ParseFloat("0."+digits, 64)
	return x, err == nil
}

// Valid tells whether the number named exists.
func (p Precision) Valid() bool {
	_, ok := p.quantile()
	return ok || p.Of == string(Breach)
}

// Idle tells whether it means nothing to studies that simulate only what theory
// does not answer, since the method never simulates.
func (p Precision) Idle(m Method) bool {
	return p.Relative > 0 && (m == Exact || m.theoryAlone())
}

const (
	// mostPrecise storms are drawn for a precision at the most: fewer where they
	// are drawn request by request, preciseRequests in all, but not fewer than are
	// drawn unasked.
	mostPrecise     = 10_000_000
	preciseRequests = 1e9
)

// of puts the precision asked for to a simulation of drain times, where the
// objective is to drain within so many seconds and a storm brings so many requests.
func (p Precision) of(m montecarlo.Options, within, requests float64) montecarlo.Options {
	if p.Relative == 0 {
		return m
	}
	m.Precision = p.plain(within, requests)
	m.Replications = 0 // as many as it takes
	return m
}

// plain is the precision asked of storms that are drawn as they come.
func (p Precision) plain(within, requests float64) montecarlo.Precision {
	q, ok := p.quantile()
	if !(requests >= 1) {
		requests = 1
	}
	m := montecarlo.Precision{Relative: p.Relative, Quantile: q, Most: mostPrecise,
		OneByOne: int(min(mostPrecise, max(defaultReplications, preciseRequests/requests)))}
	if !ok {
		m.Quantile, m.Beyond = 0, math.Max(within, math.SmallestNonzeroFloat64)
	}
	return m
}

// in is the number meant, of a law that was drawn.
func (p Precision) in(l *Law) montecarlo.Estimate {
	if q, ok := p.quantile(); ok {
		return l.Sample.Quantile(q)
	}
	return l.Breach
}

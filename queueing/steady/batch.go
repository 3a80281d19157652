package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing"
)

// BatchMM1 is M^X/M/1: batches of X requests arrive in a Poisson stream at
// one exponential server (Gross et al. 2008, section 3.1). ArrivalRate is
// that of the batches. The means depend on X by its mean and SCV alone;
// the states need its law, which is known where the SCV says that X is one
// whole number or the two next to its mean (the least SCV that can be) or is
// geometric (SCV 1 - 1/mean).
type BatchMM1 struct {
	ArrivalRate float64 // batches/s, at least 0
	ServiceRate float64 // requests/s, positive
	BatchMean   float64 // at least 1
	BatchSCV    float64 // at least that of the nearest whole sizes
}

func (m BatchMM1) Validate() error {
	err := errors.Join(nonNegative("BatchMM1.ArrivalRate", m.ArrivalRate), positive("BatchMM1.ServiceRate", m.ServiceRate),
		nonNegative("BatchMM1.BatchSCV", m.BatchSCV))
	if !(m.BatchMean >= 1) || math.IsInf(m.BatchMean, 1) {
		return errors.Join(err, &queueing.FieldError{Field: "BatchMM1.BatchMean", Got: m.BatchMean, Want: "a finite number of at least 1"})
	}
	if least := LeastBatchSCV(m.BatchMean); m.BatchSCV < least*(1-1e-9) {
		return errors.Join(err, &queueing.FieldError{Field: "BatchMM1.BatchSCV", Got: m.BatchSCV,
			Want: fmt.Sprintf("at least %.4g: whole sizes with a mean of %g vary that much", least, m.BatchMean)})
	}
	return err
}

// LeastBatchSCV is the smallest SCV of a whole number with this mean: f (1-f) / mean^2, with f
// the fraction of the mean.
func LeastBatchSCV(mean float64) float64 {
	f := mean - math.Floor(mean)
	return f * (1 - f) / (mean * mean)
}

// Measures with L = rho (1 + E[X^2]/E[X]) / (2 (1-rho)) (Gross et al. 2008,
// eq. 3.3). Waits are of single requests; a request waits unless it is the
// first of a batch that finds the server idle. Sustainable is in batches/s.
func (m BatchMM1) Measures() (Measures, error) {
	if err := m.Validate(); err != nil {
		return Measures{}, err
	}
	b, flow, left := m.BatchMean, m.ArrivalRate*m.BatchMean, m.slack()
	if left <= 0 {
		out := saturated(flow, m.ServiceRate, 1)
		out.Sustainable /= b
		return out, nil
	}
	rho := flow / m.ServiceRate
	// E[X^2]/E[X] = b (1+SCV); W = L/flow.
	w := (1 + b*(1+m.BatchSCV)) / (2 * m.ServiceRate * left)
	l := flow * w
	// Lq = L - rho, written without the difference.
	wq := (b*(1+m.BatchSCV) - 1 + 2*rho) / (2 * m.ServiceRate * left)
	return Measures{
		Sustainable: m.ServiceRate / b, Rho: rho, Busy: rho, P0: left, PWait: (b - 1 + rho) / b,
		L: l, Lq: flow * wq, W: w, Wq: wq, Throughput: flow,
	}, nil
}

// slack is 1 - rho, rounded as the function slack does, without rounding the
// flow of requests first.
func (m BatchMM1) slack() float64 {
	left := math.FMA(-m.ArrivalRate, m.BatchMean, m.ServiceRate)
	if math.Abs(left) <= queueing.Decimals*m.ServiceRate {
		return 0
	}
	return left / m.ServiceRate
}

func (m BatchMM1) Offered() float64           { return m.ArrivalRate }
func (m BatchMM1) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

// beyond is P(X > k), where the law of X is known.
func (m BatchMM1) beyond() (func(k int) float64, error) {
	geometric := 1 - 1/m.BatchMean
	switch {
	case m.Even():
		return func(k int) float64 { return math.Max(0, math.Min(1, m.BatchMean-float64(k))) }, nil
	case m.geometric():
		return func(k int) float64 { return math.Pow(geometric, float64(k)) }, nil
	}
	return nil, fmt.Errorf("steady: the states of M^X/M/1 need the law of the batch: SCV %.6g (as even as whole sizes can be) or %.6g (geometric), got %g",
		LeastBatchSCV(m.BatchMean), geometric, m.BatchSCV)
}

// States by the balance across the cut above n,
//
//	mu p(n+1) = lambda (p(n) P(X>0) + p(n-1) P(X>1) + ... + p(0) P(X>n)),
//
// a sum of positive terms.
func (m BatchMM1) States(upto int) ([]float64, error) {
	if err := errors.Join(m.Validate(), countBetween("upto", upto, 0, 100_000)); err != nil {
		return nil, err
	}
	beyond, err := m.beyond()
	p := make([]float64, upto+1)
	left := m.slack()
	if err != nil || left <= 0 {
		return p, err
	}
	p[0] = left
	tails := make([]float64, upto+1)
	for k := range tails {
		tails[k] = beyond(k)
	}
	for n := range upto {
		for k := 0; k <= n && tails[k] > 0; k++ {
			p[n+1] += p[n-k] * tails[k]
		}
		p[n+1] *= m.ArrivalRate / m.ServiceRate
	}
	return p, nil
}

package steady

import (
	"errors"
	"fmt"
	"math"
)

// LargestEvenBatch bounds the mean of the batches, other than geometric ones,
// whose waits are known.
const LargestEvenBatch = 1000

// HasWaitLaw tells whether the law of the wait is known: that of geometric
// batches, and of those as even as whole sizes can be, of a mean of up to 1000.
func (m BatchMM1) HasWaitLaw() bool {
	return m.geometric() || m.Even() && m.BatchMean <= LargestEvenBatch
}

func (m BatchMM1) geometric() bool { return math.Abs(m.BatchSCV-(1-1/m.BatchMean)) <= 1e-9 }

// Even tells whether batches are as even as whole sizes can be: of one size, or
// of two next to each other.
func (m BatchMM1) Even() bool { return math.Abs(m.BatchSCV-LeastBatchSCV(m.BatchMean)) <= 1e-9 }

// waitTail is the law of the wait of any request, first come first served. It
// finds N requests there and is behind J of its own batch, P(J=j) =
// P(X>j)/E[X], since it is any of them alike (Gross et al. 2008, section 3.1);
// N + J services of rate mu come before its own. Of geometric batches N + J is
// geometric, beyond 0, and the wait exponential,
//
//	P(wait > t) = PWait e^(-mu (1-rho) t / E[X]).
func (m BatchMM1) waitTail() (func(t float64) (float64, error), error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	flow := m.ArrivalRate * m.BatchMean
	left := m.slack()
	switch {
	case left <= 0:
		return func(float64) (float64, error) { return 1, nil }, nil
	case m.geometric():
		waits, rate := (m.BatchMean-1+flow/m.ServiceRate)/m.BatchMean, m.ServiceRate*left/m.BatchMean
		return func(t float64) (float64, error) { return waits * math.Exp(-rate*t), nil }, nil
	case m.HasWaitLaw(): // of even batches
		beyond, decay := phasesAhead(m.BatchMean, flow/m.ServiceRate, left)
		return phasesTail(m.ServiceRate, beyond, decay), nil
	}
	return nil, fmt.Errorf("steady: the waits of M^X/M/1 need the law of the batch: SCV %.6g (as even as whole sizes can be, of a mean of up to %d) or %.6g (geometric), got mean %g with SCV %g",
		LeastBatchSCV(m.BatchMean), LargestEvenBatch, 1-1/m.BatchMean, m.BatchMean, m.BatchSCV)
}

// WaitTail is P(wait > t) of a request, exact where [BatchMM1.HasWaitLaw]; it
// errs elsewhere. 1 when saturated.
func (m BatchMM1) WaitTail(t float64) (float64, error) {
	if err := nonNegative("t", t); err != nil {
		return 0, err
	}
	tail, err := m.waitTail()
	if err != nil {
		return 0, err
	}
	return tail(t)
}

// WaitQuantile is the smallest t in s with P(wait <= t) >= p, 0 <= p < 1;
// +Inf when saturated. It errs where the law is not known.
func (m BatchMM1) WaitQuantile(p float64) (float64, error) {
	if err := errors.Join(m.Validate(), level(p)); err != nil {
		return 0, err
	}
	if m.slack() <= 0 {
		return math.Inf(1), nil
	}
	tail, err := m.waitTail()
	if err != nil {
		return 0, err
	}
	return tailQuantile(tail, 1-p, 1/m.ServiceRate)
}

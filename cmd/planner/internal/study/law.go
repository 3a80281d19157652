package study

import (
	"context"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// theoryLaw reads the figures off a law that is known.
func theoryLaw(d queueing.Drain, o Objective) *Law {
	l := &Law{
		Method: d.Method, Quality: d.Quality, Reason: d.Reason,
		Mean: plain(d.Mean()), SD: plain(d.StdDev()),
		P5: plain(d.Quantile(0.05)), P50: plain(d.Quantile(0.5)), P90: plain(d.Quantile(0.9)),
		P99: plain(d.Quantile(0.99)), P999: plain(d.Quantile(0.999)),
		Late:     plain(d.Quantile(o.Confidence)),
		Breach:   plain(d.Exceed(o.Within) + 0), // -0 becomes 0
		CVaR99:   plain(queueing.CVaR(d, 0.99)),
		AbsError: d.AbsError, Theory: &d,
	}
	l.AtMost = l.Bound(o.Within)
	return l
}

// sampleLaw estimates the figures from simulated drain times.
func sampleLaw(s *montecarlo.Sample, o Objective) *Law {
	return &Law{
		Method: s.Method, Quality: queueing.Simulated, Reason: s.Reason, N: s.N(),
		Mean: s.Mean(), SD: s.StdDev(),
		P5: s.Quantile(0.05), P50: s.Quantile(0.5), P90: s.Quantile(0.9), P99: s.Quantile(0.99), P999: s.Quantile(0.999),
		Late:   s.Quantile(o.Confidence),
		Breach: s.Exceed(o.Within), CVaR99: s.CVaR(0.99),
		Sample: s, Precision: s.Precision,
	}
}

// fewDigits is the accuracy of a small chance, relative to itself, below which
// only a bound on it is told.
const fewDigits = 0.1

// Bound is an upper bound on P(T > t) where theory leaves that chance too few
// digits to be told by itself, 0 elsewhere.
func (l *Law) Bound(t float64) float64 {
	d := l.Theory
	if d == nil || !(t > d.Tail) {
		return 0
	}
	if p := d.Exceed(t); p*fewDigits < d.AbsError {
		return p + d.AbsError
	}
	return 0
}

// leastGain is the gain from which a control variate is worth a line.
const leastGain = 1.2

// control sharpens the mean of a sample that came to its end where the
// martingale of its lane is known and pays. It tells whether ctx ended in the
// meantime.
func (l *Law) control(ctx context.Context, lanes []*queueing.Lane) error {
	if len(lanes) != 1 {
		return nil
	}
	if c, ok := montecarlo.ControlledMean(ctx, lanes[0], l.Sample); ok && c.Gain >= leastGain {
		l.Control = &c
	}
	return ctx.Err()
}

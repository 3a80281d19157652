package queueing

import (
	"fmt"
	"math"
)

// The march of a density adds up, at every instant, what each stretch between two
// jumps of a rate that is still remembered says: that is the number of jumps times
// those within its memory, some hundred microseconds each. Chains do not mind
// jumps. So a lane of phases whose arrivals, measured second by second, jump hundreds of
// times before it has drained is followed state by state.
const (
	piecesLeast = 1e4   // jumps times jumps remembered from which on the chain is asked
	piecesWork  = 1.2e4 // states times jumps of a chain that take as long as one of them
)

// The most jumps times jumps remembered that a march takes, about a minute: every one
// takes some 4,000 values of the kernel where it is rough after a jump, and hundreds
// where services are exponential.
const (
	piecesExponential = 5e5
	piecesGamma       = 1e4
	piecesTransform   = 2.5e3
)

// tooManyPieces refuses a lane whose rates jump so often that its density would take
// minutes.
func (p problem) tooManyPieces() error {
	most := piecesTransform
	switch p.cfg.Service.(type) {
	case Exponential:
		most = piecesExponential
	case Gamma:
		most = piecesGamma
	case Deterministic:
		return nil
	}
	all, remembered := p.jumpsRemembered()
	if p.Method != Auto || all*remembered <= most {
		return nil
	}
	return &UnsupportedError{DrainDensity, fmt.Sprintf("rates jump some %.0f times before it has drained, and it remembers %.0f of them: too many", all, remembered)}
}

// jumpsRemembered are the jumps of the lane's rates until all but 1e-12 of its drain
// times have passed, and how many of them the density remembers. Both go by the
// slowest mode of M/M/1, whose rate is (sqrt(c) - sqrt(lambda))^2 (P. M. Morse, J. Oper.
// Res. Soc. Am. 3, 1955), and slower as services vary.
func (p problem) jumpsRemembered() (all, remembered float64) {
	c, lam := p.FinalCapacity(), p.cfg.Arrivals.LongRun()
	gap := math.Sqrt(c) - math.Sqrt(lam)
	memory := -math.Log(1e-12) / (gap * gap) * (1 + p.cfg.Service.SCV()) / 2
	end := p.busyEnd() + memory
	all = float64(len(p.cfg.Arrivals.Breaks(0, end)))
	return all, all * math.Min(1, memory/end)
}

// busyEnd is about when what has come, by then and on average, has been served by
// servers that never rest: [problem.fluidEnd] takes seconds where rates jump that often.
func (p problem) busyEnd() float64 {
	n, end := p.Initial().Mean(), math.Max(p.begin, 1/p.FinalCapacity())
	for range 500 {
		if n+p.cfg.Arrivals.Mean(0, end) <= p.Work(0, end) {
			break
		}
		end *= 1.2
	}
	return end
}

// busyCost estimates what the chain takes, by busyEnd.
func (p problem) busyCost() float64 {
	end := p.busyEnd()
	return costOf(p.cfg.Arrivals.Mean(0, end)+p.Work(0, end), 0) + p.tailCost()
}

// byPieces is the chain of a lane whose rates jump so often that the chain is sooner
// than the density.
func (p problem) byPieces() (Drain, error) {
	all, remembered := p.jumpsRemembered()
	pairs := all * remembered
	if pairs < piecesLeast || p.busyCost() > piecesWork*pairs {
		return Drain{}, &UnsupportedError{Chain, "the density is sooner"}
	}
	d, err := p.byChain()
	if err != nil {
		return Drain{}, err
	}
	if d.AbsError > p.tolerance() {
		return Drain{}, refusedFor(Chain, d.AbsError)
	}
	d.Reason = fmt.Sprintf("rates jump some %.0f times before it has drained: %s", all, d.Reason)
	return d, nil
}

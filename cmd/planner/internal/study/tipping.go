package study

import (
	"fmt"
	"math"

	"singlelane/queueing"
)

// Tipping is the fluid rule about the lane of a design that tips first: while
// fresh requests stay below the capacity and their attempts, all failing, do
// not, a backlog above Backlog keeps itself up.
type Tipping struct {
	queueing.TippingPoint
	Lane     string
	Possible bool // a stuck state exists
	Retries  bool // made by retries, else by slow-down alone
}

// tippingOf is the rule for a design with retries or slow-down, nil for others.
func tippingOf(lanes []*queueing.Lane) *Tipping {
	var first *Tipping
	for _, l := range lanes {
		m := l.Config().Mechanisms
		if m.Retries == nil && m.SlowDown == nil {
			continue
		}
		p, possible := queueing.Tipping(l)
		if t := (&Tipping{p, l.Name(), possible, m.Retries != nil}); first == nil || t.Backlog < first.Backlog {
			first = t
		}
	}
	return first
}

// feedback says what the simulated storms that had not drained by the horizon
// came to, and whether the design is metastable: whether P(stuck) is known to
// be above 0.
func (a *Answer) feedback() {
	s := a.Simulated
	if s == nil || s.Sample == nil || s.Sample.Verdicts.N() == 0 {
		return
	}
	v := s.Sample.Verdicts
	a.Verdicts, a.NotDrained, a.Stuck = v, v.NotDrained(), v.StuckShare()
	if !v.Metastable() {
		return
	}
	a.Status = Metastable
	a.StatusReason = stuckOf(v.Stuck, v.N()) + " overloaded " + a.Tipping.by(v.Stuck)
}

// stuckOf is the subject and its verb: so many storms of n stay.
func stuckOf(stuck, n int) string {
	switch {
	case n == 1:
		return "the only storm stays"
	case stuck == 1:
		return fmt.Sprintf("1 of %d storms stays", n)
	}
	return fmt.Sprintf("%d of %d storms stay", stuck, n)
}

// by says what keeps so many storms overloaded.
func (t *Tipping) by(storms int) string {
	switch {
	case (t == nil || t.Retries) && storms == 1:
		return "by its own retries"
	case t == nil || t.Retries:
		return "by their own retries"
	}
	return "since the lane slows down"
}

// tippingBacklog is the backlog above which the design stays overloaded, +Inf
// where it heals from any.
func (a *Answer) tippingBacklog() float64 {
	if a.Tipping == nil {
		return math.Inf(1)
	}
	return a.Tipping.Backlog
}

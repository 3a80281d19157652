package queueing

import "fmt"

const (
	foreseenFrom  = 0.1 // of what may be spent, from which on it is foreseen
	foreseenMost  = 1.5 // times what is left, that is foreseen and still tried
	foreseenParts = 8   // into which a way without panels is cut
)

// expect notes about how many jumps it takes until the mean path has drained, from
// where the chain is.
func (r *chainRecord) expect(l *Lane, begin float64) {
	from := r.chain.Time()
	r.jumps = func(t float64) float64 { return l.cfg.Arrivals.Flow(from, t) + l.Work(from, t) }
	_, end := problem{Lane: l, begin: begin}.fluidEnd()
	r.due = r.jumps(end)
}

// spend takes from the effort what the chain has done since.
func (r *chainRecord) spend() error {
	work := r.chain.Work()
	err := r.effort.spend(work - r.spent)
	r.spent = work
	return err
}

// foreseen refuses a chain once what is left will not do, by what its jumps have
// taken so far: those up to where the mean path has drained are not all, and as
// the law spreads each takes more states.
func (r *chainRecord) foreseen() error {
	if r.jumps == nil {
		return nil
	}
	left, done := r.effort.left(), r.jumps(r.chain.Time())
	if r.spent < foreseenFrom*(left+r.spent) || done >= r.due {
		return nil
	}
	if ahead := r.spent * (r.due/done - 1); ahead > foreseenMost*left {
		return &UnsupportedError{Chain, fmt.Sprintf("following it would take %.0e states times jumps", r.spent+ahead)}
	}
	return nil
}

// advance goes on to an instant up to which nothing is absorbed.
func (r *chainRecord) advance(to float64) error {
	from := r.chain.Time()
	for i := range foreseenParts {
		t := to
		if i+1 < foreseenParts {
			t = from + (to-from)*float64(i+1)/foreseenParts
		}
		if err := r.chain.Advance(t); err != nil {
			return err
		}
		if err := r.spend(); err != nil {
			return err
		}
		if err := r.foreseen(); err != nil {
			return err
		}
	}
	return nil
}

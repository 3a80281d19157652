package queueing

import (
	"reflect"
	"slices"
	"sync"
)

// Shared keeps what solves of lanes have in common, so that it is worked out
// once: the law of the number in the lane when its last stream begins. Of
// lanes that differ only in what comes later, such as in the pace of that
// stream, all reach the same. What is found does not depend on whether it was
// kept. The zero value is empty; it may be used by several goroutines.
type Shared struct {
	mu     sync.Mutex
	kept   []*reached
	solved []*followed
}

// followed is the law that complex means have found for a lane from an instant on, at
// which the law of the number is known and does not depend on streams of before.
type followed struct {
	question followedLane

	mu   sync.Mutex // held by whoever works it out
	done bool
	d    Drain
}

type followedLane struct {
	lane      Config // without a name, and without streams that have sent everything
	start     start
	begin     float64
	tolerance float64
	deep      bool
}

// followedMost bounds the laws that are kept; the oldest go first.
const followedMost = 64

// circled is what find finds, once for lanes that are the same after what is known of
// them.
func (s *Shared) circled(p problem, find func() (Drain, error)) (Drain, error) {
	if p.known == nil {
		return find()
	}
	lane := p.cfg
	lane.Name = ""
	var err error
	if lane.Arrivals, err = NewArrivals(lane.Arrivals.goingOn(p.known.from)...); err != nil {
		return Drain{}, err
	}
	f := s.followed(followedLane{lane: lane, start: *p.known, begin: p.begin, tolerance: p.tolerance(), deep: p.deep})
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.done {
		d, err := find()
		if err != nil {
			return Drain{}, err
		}
		f.d, f.done = d, true
	}
	return f.d, nil
}

// followed is what is kept under the question, or will be.
func (s *Shared) followed(q followedLane) *followed {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.solved {
		if k.question.begin == q.begin && k.question.tolerance == q.tolerance && reflect.DeepEqual(k.question, q) {
			return k
		}
	}
	if len(s.solved) == followedMost {
		s.solved = slices.Delete(s.solved, 0, followedMost/4)
	}
	f := &followed{question: q}
	s.solved = append(s.solved, f)
	return f
}

// reached is the law of the number in a lane at an instant.
type reached struct {
	lane Config // without a name, and without streams that come later
	at   float64
	cut  float64

	mu   sync.Mutex // held by whoever works it out
	done bool
	n    law
	off  float64 // what it may be off by
}

// sharedMost bounds the laws that are kept; the oldest go first.
const sharedMost = 512

// of is what is kept under the question, or will be.
func (s *Shared) of(lane Config, at, cut float64) *reached {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.kept {
		if k.at == at && k.cut == cut && reflect.DeepEqual(k.lane, lane) {
			return k
		}
	}
	if len(s.kept) == sharedMost {
		s.kept = slices.Delete(s.kept, 0, sharedMost/4)
	}
	r := &reached{lane: lane, at: at, cut: cut}
	s.kept = append(s.kept, r)
	return r
}

// law is what find finds, which is called once unless it fails; whoever asks
// meanwhile waits.
func (r *reached) law(find func() (law, float64, error)) (law, float64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.done {
		n, off, err := find()
		if err != nil {
			return law{}, 0, err
		}
		r.n, r.off, r.done = n, off, true
	}
	return law{r.n.lo, slices.Clone(r.n.p)}, r.off, nil
}

// lastBegins is the instant on the way to begin at which the last stream
// begins, 0 if all begin at 0.
func (p problem) lastBegins() float64 {
	last := 0.0
	for _, s := range p.cfg.Arrivals.streams {
		if t := s.Source.Begins(); t <= p.begin {
			last = max(last, t)
		}
	}
	return last
}

// before is the problem of the number in the lane at t: only with the streams
// that send something until then.
func (p problem) before(t float64) (problem, error) {
	var streams []Stream
	for _, s := range p.cfg.Arrivals.streams {
		early := func(j Jump) bool { return j.At <= t }
		if s.Source.Begins() < t || slices.ContainsFunc(s.Source.Jumps(), early) {
			streams = append(streams, s)
		}
	}
	cfg := p.cfg
	cfg.Name = ""
	var err error
	cfg.Arrivals, err = NewArrivals(streams...)
	p.Lane, p.begin = &Lane{cfg: cfg, steps: p.steps, overload: &p.end}, t
	return p, err
}

// together goes to the instant at which the last stream begins, or takes the
// law there from a lane that is the same until then.
func (p problem) together(b *birthDeath) error {
	at := p.lastBegins()
	if at <= b.t {
		return nil
	}
	q, err := p.before(at)
	if err != nil {
		return err
	}
	n, _, err := p.Shared.of(q.cfg, at, b.cut).law(func() (law, float64, error) {
		early := *b
		for early.lane = q.Lane; early.t < at; {
			if err := q.approach(&early); err != nil {
				return law{}, 0, err
			}
		}
		return early.now, 0, nil
	})
	if err != nil {
		return err
	}
	b.t, b.now = at, n
	return nil
}

// goingOn are the streams that send something after an instant.
func (a Arrivals) goingOn(from float64) (streams []Stream) {
	for _, st := range a.streams {
		if st.Source.Flow(from, 1e300) > 0 {
			streams = append(streams, st)
		}
	}
	return streams
}

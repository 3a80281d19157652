package queueing

import (
	"cmp"
	"slices"
)

// steppedPool is a [poissonPool] whose held batches are part of its flow, which they
// make rise in steps: of a Poisson number of members, what was due before is a Poisson
// number too, and independent of what comes after. Arrivals in an interval are then
// Poisson whether steps lie in it or not, and so the source and the kernel of
// [transformPassage], [gammaPassage] and [groupedPassage], of [idleChance] and
// [setAside] hold over steps as they are, with no average over the laws of batches:
// what they take of the arrivals in (s,t] is their number, and their rate at t.
type steppedPool struct {
	poissonPool
	held []heldStep
}

// heldStep is the mean number of requests that a stream lets go at an instant.
type heldStep struct{ at, mean float64 }

// Flow includes the steps in (s,t].
func (a steppedPool) Flow(s, t float64) float64 { return a.poissonPool.Flow(s, t) + a.between(s, t) }

// Excess includes the steps in (s,t].
func (a steppedPool) Excess(s, t float64) float64 {
	return a.poissonPool.Excess(s, t) + a.between(s, t)
}

func (a steppedPool) between(s, t float64) float64 {
	sum := 0.0
	for _, x := range a.held {
		if x.at > s && x.at <= t {
			sum += x.mean
		}
	}
	return sum
}

// Jumps are none.
func (a steppedPool) Jumps() []Jump { return nil }

// Split is not asked of the arrivals of one lane.
func (a steppedPool) Split(n, k int) Source { return a.poissonPool.Split(n, k) }

// poissonOf is the Poisson pool that a source is, with steps or without.
func poissonOf(s Source) (poissonPool, bool) {
	switch s := s.(type) {
	case poissonPool:
		return s, true
	case steppedPool:
		return s.poissonPool, true
	}
	return poissonPool{}, false
}

// stepped is the problem with the held batches of Poisson pools as steps, of those
// whose requests come one by one, or of all.
func (p problem) stepped(groups bool) (problem, error) {
	for i, st := range p.cfg.Arrivals.streams {
		a, is := st.Source.(poissonPool)
		if !is {
			continue
		}
		if _, size := members(a.Source); size > 1 && !groups {
			continue
		}
		s := steppedPool{poissonPool: a}
		for _, j := range a.Jumps() {
			s.held = append(s.held, heldStep{j.At, j.Size.Mean()})
		}
		if len(s.held) == 0 {
			continue
		}
		var err error
		if p, err = p.with(i, s); err != nil {
			return p, err
		}
	}
	return p, nil
}

// withSteps adds to batches the steps of all streams in (lo,hi], as batches of Poisson
// numbers, in order of time.
func (a Arrivals) withSteps(jumps []Jump, lo, hi float64) []Jump {
	all := slices.Clone(jumps)
	for _, st := range a.streams {
		s, is := st.Source.(steppedPool)
		if !is {
			continue
		}
		for _, x := range s.held {
			if x.at > lo && x.at <= hi {
				all = append(all, Jump{x.at, Count{Poisson: x.mean}})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Jump) int { return cmp.Compare(a.At, b.At) })
	return all
}

// none is the probability that the count is 0.
func (c Count) none() float64 {
	p, _ := c.law().upTo(0)
	return p
}

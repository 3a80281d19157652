package study

import (
	"errors"
	"math"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"singlelane/queueing"
)

// drainByTheory is the law of the latest lane's drain time, and the position
// of the lane that binds: the one with the latest P99. Lanes that are alike
// are solved once.
func drainByTheory(lanes []*queueing.Lane, o queueing.SolveOptions) (law queueing.Drain, binds int, err error) {
	laws, err := solveLanes(lanes, o)
	if err != nil {
		return law, 0, err
	}
	latest := math.Inf(-1)
	for i, d := range laws {
		if q := d.Quantile(0.99); q > latest {
			latest, binds = q, i
		}
	}
	if len(laws) == 1 {
		return laws[0], 0, nil
	}
	law = queueing.Latest(laws)
	if dependent(lanes) {
		const shared = "lanes that share a finite pool or batch at random are taken as independent"
		if law.Quality == queueing.Exact {
			law.Reason = shared
		} else {
			law.Reason = shared + "; " + law.Reason
		}
		law.Quality, law.AbsError = queueing.Approximate, 1 // nothing bounds it
	}
	return law, binds, nil
}

// solutions keeps the laws that theory has found, for studies that ask again
// about the same lanes: with more storms, or where what varies does not touch
// them. It is used by several goroutines at a time.
type solutions struct {
	mu    sync.Mutex
	known []*solution
}

type solution struct {
	lanes   []*queueing.Lane
	options queueing.SolveOptions
	once    sync.Once
	law     queueing.Drain
	binds   int
	err     error
}

// solutionsMost bounds the laws that are kept; the oldest go first.
const solutionsMost = 256

// drain is drainByTheory, once for lanes that are the same. Without solutions
// nothing is kept.
func (s *solutions) drain(lanes []*queueing.Lane, o queueing.SolveOptions) (queueing.Drain, int, error) {
	if s == nil {
		return drainByTheory(lanes, o)
	}
	one := s.of(lanes, o)
	one.once.Do(func() { one.law, one.binds, one.err = drainByTheory(lanes, o) })
	return one.law, one.binds, one.err
}

// of is what is kept about the lanes, or will be.
func (s *solutions) of(lanes []*queueing.Lane, o queueing.SolveOptions) *solution {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, k := range s.known {
		if k.answers(lanes, o) {
			return k
		}
	}
	if len(s.known) == solutionsMost {
		s.known = slices.Delete(s.known, 0, solutionsMost/4)
	}
	one := &solution{lanes: lanes, options: o}
	s.known = append(s.known, one)
	return one
}

// answers tells whether it is the same question.
func (k *solution) answers(lanes []*queueing.Lane, o queueing.SolveOptions) bool {
	if k.options.Method != o.Method || k.options.Tolerance != o.Tolerance || k.options.PoissonPools != o.PoissonPools {
		return false
	}
	return slices.EqualFunc(k.lanes, lanes, func(a, b *queueing.Lane) bool {
		return a == b || reflect.DeepEqual(a.Config(), b.Config())
	})
}

// solveLanes solves unlike lanes side by side.
func solveLanes(lanes []*queueing.Lane, o queueing.SolveOptions) ([]queueing.Drain, error) {
	groups := queueing.Alike(lanes, o)
	laws, errs := make([]queueing.Drain, len(lanes)), make([]error, len(groups))
	var work sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for g, group := range groups {
		work.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			var like []*queueing.Lane
			for _, i := range group {
				like = append(like, lanes[i])
			}
			solved, err := queueing.SolveAlike(like, o)
			errs[g] = err
			for n := range solved {
				laws[group[n]] = solved[n]
			}
		})
	}
	work.Wait()
	for _, err := range errs { // the first lane's, whatever ended first
		if err != nil {
			return nil, err
		}
	}
	return laws, nil
}

// reason is why theory does not cover a lane, for a sentence.
func reason(err error) string {
	var u *queueing.UnsupportedError
	if errors.As(err, &u) {
		return u.Reason
	}
	return err.Error()
}

// atomAt is P(T = t).
func atomAt(d queueing.Drain, t float64) float64 {
	mass := 0.0
	for _, a := range d.Atoms {
		if a.At == t {
			mass += a.Mass
		}
	}
	return mass
}

// dependent tells whether the lanes divide a finite source among them at
// random: what one gets the others do not.
func dependent(lanes []*queueing.Lane) bool {
	for _, l := range lanes {
		for _, s := range l.Arrivals().Streams() {
			if _, hashed := s.Source.(queueing.Hashed); hashed {
				return len(lanes) > 1
			}
		}
	}
	return false
}

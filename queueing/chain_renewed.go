package queueing

import (
	"errors"

	"singlelane/queueing/markov"
)

// renewedWalk is a chain whose states and generator are others once servers
// join: a walk for each number of servers, one after the other.
type renewedWalk struct {
	*markov.Walk
	lane    *Lane
	top     int // requests at which the chain is cut
	servers int // of the present generator
	dead    func(state int) bool
	gone    float64 // absorbed under generators before
	err     float64
	work    float64
	edge    edgeWatch
	options markov.Options
	failed  error
}

func (m *renewedWalk) Absorbed() float64 { return m.gone + m.Walk.Absorbed() }
func (m *renewedWalk) Err() float64      { return m.err + m.Walk.Err() }
func (m *renewedWalk) Work() float64     { return m.work + m.Walk.Work() }

// leave keeps the account of the present generator.
func (m *renewedWalk) leave() { m.gone, m.err, m.work = m.Absorbed(), m.Err(), m.Work() }

// enter goes on with another generator from a law over its states.
func (m *renewedWalk) enter(s markov.Sources, law markov.Law) error {
	w, err := s.Start(m.Walk.Time(), law, m.options)
	if err == nil {
		m.Walk = w
		m.Walk.Absorb(m.dead)
	}
	return err
}

func (m *renewedWalk) advance(t float64) error {
	return errors.Join(m.Walk.Advance(t), m.edge.check(m.Walk.Law()))
}

func (m *renewedWalk) trace(t float64, at []float64) ([]float64, error) {
	density, err := m.Walk.Trace(t, at)
	return density, errors.Join(err, m.edge.check(m.Walk.Law()))
}

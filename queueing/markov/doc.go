// Package markov answers queueing questions by continuous-time Markov chains:
// the law at a given time, the time until an absorbing set is reached, and the
// law in the long run. It knows nothing of lanes: its chains are rates.
//
// The retrial queue M/M/c/K with an orbit is [Retrial] (orbit without bound)
// and [Orbit] (finite, also for time-outs).
package markov

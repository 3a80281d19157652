// Package markov answers queueing questions by continuous-time Markov chains:
// the law at a given time, the time until an absorbing set is reached, and the
// law in the long run. It knows nothing of lanes: its chains are rates.
//
// A birth-death [Process] with rates that vary in time is followed by a [Run]:
//
//	p := markov.Queue(arrivals, servers, serviceRate, 0, breaks)
//	r, err := p.Start(0, markov.Point(1000), markov.Options{})
//	err = r.Advance(3600)   // law of n(3600): r.Law()
//	atom := r.Absorb(level) // from now on n <= level is absorbing
//	err = r.Advance(4000)   // r.Absorbed(), r.Remaining(), r.Flux()
//
// Run.Add lets a batch arrive, Run.Trace gives the density of absorption at
// many instants at once. Any other chain whose arrivals vary in time is a
// [Sources], followed by a [Walk]: the M_t/PH/1 queue is [PhaseQueue], and
// [FitTwoMoments] and [FitThreeMoments] make its service law. A chain with constant rates is a [Banded]
// generator: [Banded.Stationary] and [Banded.Absorption] never subtract.
//
// The retrial queue M/M/c/K with an orbit is [Retrial] (orbit without bound)
// and [Orbit] (finite, also for time-outs).
//
// # Notation
//
//	symbol  Go name             unit  meaning
//	Q       Banded              1/s   generator; rows sum to minus the exit rate
//	q       -                   1/s   uniformisation rate, at least every rate out of a state
//	t       Run.Time            s     time
//	p(t)    Run.Law             -     law at t, a row: p' = p Q
//	v_k     -                   -     law after k jumps
//	L, M    polynomial          -     births and deaths in a step, polynomials of its elapsed share
//	T       Absorption          s     time until the absorbing set is reached
//
// # Accuracy
//
// Laws are sums of products of probabilities, so small ones keep their relative
// accuracy down to what is cut off at the edges of the window, which is at most
// the tolerance times the mass that is left.
//
// # References
//
//   - A. Jensen, Markoff chains as an aid in the study of Markoff processes,
//     Skand. Aktuarietidskr. 36 (1953).
//   - B. L. Fox, P. W. Glynn, Computing Poisson probabilities, Commun. ACM 31 (1988).
//   - W. K. Grassmann, M. I. Taksar, D. P. Heyman, Regenerative analysis and
//     steady state distributions for Markov chains, Oper. Res. 33 (1985).
//   - A. S. Alfa, J. Xue, Q. Ye, Accurate computation of the smallest
//     eigenvalue of a diagonally dominant M-matrix, Math. Comp. 71 (2002).
//   - G. Falin, J. Templeton, Retrial Queues, Chapman & Hall 1997.
//   - M. F. Neuts, Matrix-Geometric Solutions in Stochastic Models, Johns
//     Hopkins 1981.
package markov

// Package steady answers for the lane before the storm and after it: queues
// in steady state, one model a file.
//
// A model is a plain struct of rates, counts and laws. Its Measures method
// gives what the textbooks give (see [Measures]); [Loaded] models answer how
// they change with the load and the largest rate that still meets a [Goal],
// [Staffed] ones the fewest servers that do, [Waiter] ones the law of the
// wait, [Stater] ones the probabilities of their states. A model that is
// offered more than it can serve is not an error: its status is [Saturated],
// its queue infinite, and Sustainable says how much it could take.
//
// # Notation
//
//	symbol   Go name            unit   meaning
//	lambda   ArrivalRate        1/s    rate of arrivals
//	mu       ServiceRate        1/s    rate of one busy server
//	c        Servers            -      parallel servers
//	a        lambda/mu          erlang offered load
//	rho      Measures.Rho       -      offered load of a server, a/c
//	K        Limit              -      most requests in the system
//	B, C     ErlangB, ErlangC   -      loss and delay probability
//	theta    1/Patience         1/s    rate at which a waiting request gives up
//	L, Lq    Measures.L, .Lq    -      mean number in the system, waiting
//	W, Wq    Measures.W, .Wq    s      mean sojourn, mean wait
//	SCV      ServiceSCV         -      squared coefficient of variation
//
// # Numerical care
//
// Probabilities are formed from one Poisson probability by its deviance
// (Loader) and from series of positive terms, so that a million servers, a
// load of 1 - 1e-9 or a state of probability 1e-800 lose no digits; where a
// probability is too small for a float64 its logarithm is there.
//
// # References
//
//   - A. K. Erlang (1917), in E. Brockmeyer, H. L. Halstrøm, A. Jensen, The
//     Life and Works of A. K. Erlang, Copenhagen 1948.
//   - L. Kleinrock, Queueing Systems I and II, Wiley 1975, 1976.
//   - D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, Fundamentals of
//     Queueing Theory, 4th ed., Wiley 2008.
//   - G. Bolch, S. Greiner, H. de Meer, K. S. Trivedi, Queueing Networks and
//     Markov Chains, 2nd ed., Wiley 2006.
//   - H. C. Tijms, A First Course in Stochastic Models, Wiley 2003.
//   - E. D. Lazowska, J. Zahorjan, G. S. Graham, K. C. Sevcik, Quantitative
//     System Performance, Prentice-Hall 1984.
//   - C. Loader, Fast and accurate computation of binomial probabilities, 2000.
package steady

// Package queueing states the problem of a recovery lane and answers it with
// mathematics: how long a backlog takes to drain, as a distribution.
//
// A [Lane] is one queue with parallel servers. Requests come from streams (a
// steady rate, a decaying surge, a batch, a finite pool of relaunches, a
// measured trace); the lane serves them in the order of their arrival. The
// drain time T is the first instant, not before the end of overload t*, at
// which the lane has fallen to its target level. Overload is the normal case
// here and never an error: a lane that cannot drain has that for its answer.
//
// # Notation
//
//	symbol    Go name              unit        meaning
//	t         t                    s           time since the start of the incident
//	n(t)      -                    requests    backlog: waiting or in service
//	c(t)      Lane.ServersAt       servers     servers that work at t
//	S         Service              s           service time of one request
//	SCV       Service.SCV          -           squared coefficient of variation of S
//	lam(t)    Arrivals.Rate        requests/s  intensity of the arrivals, jumps excluded
//	Lam(s,t)  Arrivals.Flow        requests    mean arrivals in (s,t], jumps excluded
//	mu(t)     Lane.Capacity        requests/s  c(t) / E[S], 0 while the lane is down
//	M(s,t)    Lane.Work            requests    integral of mu over (s,t]
//	t*        OverloadEnd          s           end of overload
//	L         Lane.Level           requests    the target: drained means n <= L
//	T         Drain                s           drain time
//
// # Assumptions
//
// Streams are independent of each other and of the services; services are
// independent and alike. At an instant at which a batch arrives and a service
// ends, the batch comes first. Times are in seconds and rates in requests per
// second throughout; nothing here prints.
//
// # References
//
//   - L. Takács, Introduction to the Theory of Queues, Oxford 1962.
//   - D. G. Kendall, Some problems in the theory of dams, J. R. Statist. Soc. B 19 (1957).
//   - A. J. F. Siegert, On the first passage time probability problem, Phys. Rev. 81 (1951).
//   - L. Kleinrock, Queueing Systems I, Wiley 1975.
package queueing

// Package montecarlo answers the problem of package queueing by chance: it
// draws the incident many times over and reports what it saw, each number
// with its interval, its confidence and the number of replications.
//
// [Drains] gives the drain time alone, by leaps where they are exact: a few
// tens of random draws a replication however many requests there are.
// [FollowPaths] simulates request by request and gives all the rest: peaks,
// waits, bands, what became of the requests of each stream. It uses the
// recursion of Kiefer and Wolfowitz for lanes that serve in order of arrival
// and nothing else, and an event engine for lanes with mechanisms.
//
// # Random numbers
//
// Every source of chance has a stream of its own, keyed by the seed, its name,
// the lane and the replication. Results are the same bytes for any number of
// workers; designs share their numbers, and a stream that is added leaves the
// others alone.
//
// # Mechanisms
//
// What each means here, for a single lane; all may be combined. An attempt is
// one copy of a request sent by its client. Each request belongs to one lane
// for ever, its retries too.
//
// Discipline. A server that falls free takes a waiting attempt: the one that
// came first (FIFO), the one that came last (LIFO), or of the lowest priority
// number the one that came first (urgent-first). No service is interrupted.
// What the backlog of t = 0 holds has priority 5.
//
// Queue limit. An attempt that reaches the lane when all servers are busy and
// the limit is waiting is refused. Its client knows at once.
//
// Maximum age. An attempt whose turn has come and that was sent longer ago
// than the maximum age is dropped, which takes no time. Its client is not told:
// one that retries does so at its timeout.
//
// Throttle. Attempts of the chosen streams pass a gate before the lane, in
// order, each taking a token from a bucket that refills steadily and is full
// at first, and only while no more than MaxWaiting wait in the lane. What is
// held back counts as waiting and its age runs. Without named streams the
// throttle holds the finite pools.
//
// Slow-down. A service that begins with w still waiting in the lane, those
// held back or in backoff not counted, takes 1 + (Factor-1) min(1, w/At) times
// as long.
//
// Retries. The client of an attempt that is not answered within the timeout,
// counted from its sending to the end of its service, or that is refused,
// sends another after a backoff that doubles with each attempt; it is uniform
// over (0,b) with full jitter and over (b/2,b) with equal jitter. After its
// last attempt the client gives up. The copy left behind is stale: it keeps
// its place and takes its service, and the answer is lost, unless the server
// drops stale copies when their turn comes, which takes no time. A service
// that has begun is never broken off. Clients of streams that do not retry,
// and the backlog of t = 0, never time out.
//
// Retry budget. By share: a retry is made only while the retries of the lane
// are at most that share of its first attempts. By tokens: each retry takes a
// token from a bucket that is full at first and refills steadily. A client
// that may not retry gives up.
//
// Down and scale-out. No service begins before the lane is up; servers that
// join begin service at once.
//
// # Drained
//
// Requests held back and in backoff count as waiting, and stale copies too. A
// lane has drained at the first instant, not before t*, at which no more wait
// than the target allows, or, until idle, nothing at all is left.
//
// # Waits
//
// A request waits from its first attempt until the service begins that answers
// it, backoffs and earlier attempts included, and sojourns until that service
// ends. The waits and sojourns of a stream are of the requests that were
// answered. The longest wait is that of any request: one that is refused for
// good, aged out or given up has waited until then, and one that is left when
// the replication ends until that end, at least. The time over the level is
// that during which more wait than when the lane has drained, from the start
// to the end: the level of its [queueing.Target] is the one threshold,
// so that it bounds the drain time and another can be had by another target.
//
// In time is a request answered within the timeout of being first sent, or at
// all where its client does not time out.
//
// A stream's last request is done when the last of its answers is given; where
// one is left, or none is answered, that is never, +Inf. Likewise for 99 in 100.
//
// # Fates
//
// Each request ends in one of these ways: served (answered in time, or at all
// where its client does not time out), refused, aged out, given up, by what
// became of its last attempt; or it is left when the replication ends. They
// always add up to those that arrived.
package montecarlo

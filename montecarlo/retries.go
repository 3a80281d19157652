package montecarlo

import "singlelane/queueing"

// clients is what the clients of a lane do about attempts that fail.
type clients struct {
	on       bool
	timeout  float64
	attempts int
	backoff  float64
	jitter   queueing.Jitter
	dropped  bool // the server drops stale copies
	budget   budget
	random   generator
	key      streamKey
	due      ring   // timeouts of all attempts that are awaited, or were
	asleep   timers // requests in backoff
}

// budget bounds the retries of a lane.
type budget struct {
	share          float64
	first, retried int
	bounded        bool // by tokens
	tokens         bucket
}

func newClients(r *queueing.Retries, key streamKey) clients {
	if r == nil {
		return clients{}
	}
	c := clients{on: true, timeout: r.Timeout, attempts: r.MaxAttempts, backoff: r.Backoff, jitter: r.Jitter, dropped: r.DropStale, key: key}
	c.budget.share = r.Budget.Share
	if r.Budget.Tokens > 0 {
		c.budget.bounded = true
		c.budget.tokens = bucket{rate: r.Budget.Refill, burst: r.Budget.Tokens}
	}
	return c
}

func (c *clients) reset(replication int) {
	c.due.reset()
	c.asleep.reset()
	c.random.start(c.key, replication)
	c.budget.first, c.budget.retried = 0, 0
	c.budget.tokens.reset()
}

// allows tells whether a retry may be made at t, and books it.
func (b *budget) allows(t float64) bool {
	if b.share > 0 && float64(b.retried+1) > b.share*float64(b.first) {
		return false
	}
	if b.bounded && !b.tokens.take(t) {
		return false
	}
	b.retried++
	return true
}

// maxDoublings keeps the backoff finite.
const maxDoublings = 60

// sleep is the backoff after the given attempt in seconds.
func (c *clients) sleep(try int) float64 {
	b := c.backoff * float64(uint64(1)<<min(try-1, maxDoublings))
	switch c.jitter {
	case queueing.FullJitter:
		return b * c.random.uniform()
	case queueing.EqualJitter:
		return b * (1 + c.random.uniform()) / 2
	}
	return b
}

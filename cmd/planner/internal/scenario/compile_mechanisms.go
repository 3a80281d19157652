package scenario

import (
	"slices"

	"singlelane/queueing"
)

// mechanisms compiles what the lanes do beyond serving in order of arrival.
func (c *compiler) mechanisms() queueing.Mechanisms {
	s := c.s
	m := queueing.Mechanisms{
		Discipline: map[string]queueing.Discipline{"fifo": queueing.FIFO, "lifo": queueing.LIFO, "urgent-first": queueing.UrgentFirst}[s.word("control_plane.discipline", "fifo")],
		Limited:    s.has("control_plane.queue_limit"),
		QueueLimit: s.n("control_plane.queue_limit", 0),
		MaxAge:     s.x("control_plane.max_age", 0),
		Throttle:   c.throttle(),
		Retries:    c.retries(),
	}
	if s.has("control_plane.slow_down") {
		m.SlowDown = &queueing.SlowDown{At: s.n("control_plane.slow_down.at", 1), Factor: s.x("control_plane.slow_down.factor", 1)}
	}
	return m
}

func (c *compiler) throttle() *queueing.Throttle {
	const p = "control_plane.throttle"
	s := c.s
	if !s.has(p) || !c.sound(p) {
		return nil
	}
	if s.has(p+".burst") && !s.has(p+".rate") {
		c.fault(p+".burst", "needs a rate", "allowed with rate", "")
	}
	t := &queueing.Throttle{PerSecond: s.x(p+".rate", 0), Streams: c.throttled(p), MaxWaiting: s.n(p+".max_waiting", 0)}
	if t.PerSecond > 0 {
		t.Burst = s.x(p+".burst", 1)
	}
	return t
}

// throttled lists the streams before the bucket: those named, else the pools.
func (c *compiler) throttled(p string) []string {
	if v, ok := c.s.at[p+".streams"]; ok {
		for _, name := range v.list {
			if !slices.Contains(c.s.streams, name) {
				c.fault(p+".streams", "there is no stream "+quoted(name), "allowed is "+orList(c.s.streams), didYouMean(name, c.s.streams))
			}
		}
		return slices.Clone(v.list)
	}
	var pools []string
	for _, st := range c.out.Streams {
		if st.Form == Pool {
			pools = append(pools, st.Name)
		}
	}
	if len(pools) == 0 && len(c.out.Streams) == len(c.s.streams) {
		c.fault(p, "holds no stream back, since there is no pool", "allowed is streams: [names]", "")
	}
	return pools
}

func (c *compiler) retries() *queueing.Retries {
	const p = "retries"
	s := c.s
	if !s.has(p) || !c.sound(p) || !s.has(p+".timeout") {
		return nil
	}
	return &queueing.Retries{
		Timeout:     s.x(p+".timeout", 0),
		MaxAttempts: s.n(p+".max_attempts", 3),
		Backoff:     s.x(p+".backoff", 1),
		Jitter:      map[string]queueing.Jitter{"none": queueing.NoJitter, "equal": queueing.EqualJitter, "full": queueing.FullJitter}[s.word(p+".jitter", "none")],
		DropStale:   s.on(p+".drop_stale", false),
		Budget:      c.budget(),
	}
}

func (c *compiler) budget() queueing.RetryBudget {
	const p = "retries.budget"
	s := c.s
	switch tokens := present(s, p, "tokens", "refill"); {
	case !s.has(p):
	case s.has(p+".share") && len(tokens) > 0:
		c.fault(p+"."+tokens[0], "is there beside share", "allowed is share, or tokens and refill", "")
	case len(tokens) == 1 && tokens[0] == "tokens":
		c.fault(p+".refill", "is missing: the budget would never refill", "allowed is "+retriesKeys.child("budget").child("refill").bounds(), "")
	case len(tokens) == 1:
		c.fault(p+".tokens", "is missing", "allowed is "+retriesKeys.child("budget").child("tokens").bounds(), "")
	}
	return queueing.RetryBudget{Share: s.x(p+".share", 0), Tokens: s.x(p+".tokens", 0), Refill: s.x(p+".refill", 0)}
}

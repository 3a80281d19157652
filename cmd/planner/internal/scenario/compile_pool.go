package scenario

import (
	"math"

	"singlelane/queueing"
)

// pool compiles a finite pool.
func (c *compiler) pool(p string) (queueing.Source, int) {
	s := c.s
	pool := queueing.Pool{
		Requests: s.n(p+".requests", 1), Together: s.on(p+".together", false),
		Start: s.x(p+".start", 0), Held: s.on(p+".held", false),
	}
	n, ok := c.instances(p)
	total := float64(n) * float64(pool.Requests)
	if total > maxCount {
		c.fault(p, "sends "+formatNumber(total)+" requests", "allowed are "+formatNumber(maxCount), "", c.keysOf(p, Pool)...)
		ok = false
	}
	pool.Instances = n
	if pool.Delay = c.delay(p, total); !ok || pool.Delay == nil {
		return nil, 0
	}
	if n == 0 {
		pool.Start, pool.Held = 0, false
	}
	return pool, pool.Total()
}

// instances counts the pool; ok is false if that cannot be told.
func (c *compiler) instances(p string) (n int, ok bool) {
	s := c.s
	if s.has(p+".of") && s.has(p+".count") {
		c.fault(p+".count", "is there beside of", "allowed is one of the two", "", p+".of")
		return 0, false
	}
	part := s.x(p+".share", 1)
	if !s.has(p + ".of") {
		return int(math.Round(float64(s.n(p+".count", 0)) * part)), true
	}
	switch {
	case !s.has("region"):
		c.fault(p+".of", "nothing is lost without a region", "allowed with region.zones and region.fleet", "add region: {zones: …, fleet: …}, or give a count")
		return 0, false
	case !c.sound("region"):
		return 0, false
	case !s.has("region.fleet"):
		c.fault("region.fleet", "is missing, and "+quoted(p)+" is of: lost", "allowed is "+regionKeys.child("fleet").bounds(), "", p+".of")
		return 0, false
	}
	return c.relaunched(part), c.out.Region.Zones > 0
}

// delay compiles the law of a pool's delays; total is the number of requests.
func (c *compiler) delay(p string, total float64) queueing.Delay {
	s, law := c.s, c.s.word(p+".delay", "exponential")
	for _, name := range unfitting(s, p, law) {
		c.fault(join(p, name), "does not go with delay: "+law, "allowed is "+delayNeeds[law], "", p+".delay")
		return nil
	}
	if law == "uniform" {
		if !s.has(p + ".window") {
			c.fault(p+".window", "is missing", "allowed is "+streamsKeys.child("window").bounds(), "", p+".delay")
			return nil
		}
		return queueing.UniformDelay{Window: s.x(p+".window", 0)}
	}
	mean, ok := c.meanDelay(p, total)
	if law == "lognormal" && !s.has(p+".delay_cv") {
		c.fault(p+".delay_cv", "is missing", "allowed is "+streamsKeys.child("delay_cv").bounds(), "", p+".delay")
		ok = false
	}
	switch {
	case !ok:
		return nil
	case law == "lognormal":
		return queueing.LognormalDelay{MeanDelay: mean, CV: s.x(p+".delay_cv", 0)}
	}
	return queueing.ExponentialDelay{MeanDelay: mean}
}

var delayNeeds = map[string]string{
	"exponential": "mean_delay or rate",
	"uniform":     "window",
	"lognormal":   "mean_delay or rate, and delay_cv",
}

// meanDelay is mean_delay, or the requests over the initial rate. A pool that
// sends nothing may have any.
func (c *compiler) meanDelay(p string, total float64) (float64, bool) {
	s := c.s
	switch pair := present(s, p, "mean_delay", "rate"); {
	case len(pair) == 0:
		c.fault(p, "does not say how fast its requests come", "allowed is mean_delay or rate", "")
		return 0, false
	case len(pair) == 2:
		c.fault(p+"."+c.later(p, pair), "is there beside "+c.earlier(p, pair), "allowed is one of the two", "")
		return 0, false
	case pair[0] == "mean_delay":
		return s.x(p+".mean_delay", 0), true
	}
	r := s.x(p+".rate", 0)
	mean := total / r
	switch {
	case r == 0:
		c.fault(p+".rate", "a pool whose rate is 0 never sends", "allowed is a rate above 0/s", "")
		return 0, false
	case total == 0:
		return 1, true
	case mean > maxSeconds:
		c.fault(p+".rate", "makes a mean delay of "+formatNumber(mean)+"s", "allowed is "+streamsKeys.child("mean_delay").bounds(), "", c.keysOf(p, Pool)...)
		return 0, false
	}
	return mean, true
}

// later and earlier of two siblings, by their place.
func (c *compiler) later(p string, pair []string) string {
	a, b := c.s.nearest(join(p, pair[0])).at, c.s.nearest(join(p, pair[1])).at
	if a.Line > b.Line || a.Line == b.Line && a.Column > b.Column {
		return pair[0]
	}
	return pair[1]
}

func (c *compiler) earlier(p string, pair []string) string {
	if c.later(p, pair) == pair[0] {
		return pair[1]
	}
	return pair[0]
}

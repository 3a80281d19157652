package scenario

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"singlelane/queueing"
)

// forms lists the keys that go with each form of a stream, those of any form
// left out.
var forms = map[Form][]string{
	Steady: {"rate"},
	Surge:  {"rate", "decay"},
	Batch:  {"count", "at"},
	Spaced: {"count", "at", "over"},
	Pool:   {"count", "of", "share", "requests", "together", "delay", "mean_delay", "rate", "delay_cv", "window", "start", "held"},
	Trace:  {"trace", "repeat"},
}

var anyForm = []string{"urgent", "priority", "retries"}

// streams compiles every stream, in the order of the file.
func (c *compiler) streams() []queueing.Stream {
	all := make([]queueing.Stream, 0, len(c.s.streams))
	for _, name := range c.s.streams {
		p := "streams." + name
		if !c.sound(p) {
			continue
		}
		form := c.form(p)
		if form == "" || !c.fits(p, form) {
			continue
		}
		source, requests := c.source(p, form)
		urgent := c.s.on(p+".urgent", false)
		priority := c.priority(p, urgent)
		if source == nil {
			continue
		}
		all = append(all, queueing.Stream{Name: name, Source: source, Priority: priority, Retries: c.s.on(p+".retries", true)})
		c.out.Streams = append(c.out.Streams, Stream{name, form, urgent, priority, requests})
		if form == Pool {
			c.out.PoolRequests += requests
		}
	}
	return all
}

// form tells which form a stream has, by the keys it gives.
func (c *compiler) form(p string) Form {
	has := func(name string) bool { return c.s.has(join(p, name)) }
	switch {
	case has("trace"):
		return Trace
	case has("of"):
		return Pool
	case has("count") && has("over"):
		return Spaced
	case has("count") && has("at"):
		return Batch
	case has("count") && (has("mean_delay") || has("rate") || has("delay") || has("window")):
		return Pool
	case has("count"):
		c.fault(p, "does not say when its requests come", "allowed is at (a batch), at and over (a spread) or mean_delay (a pool)", "")
	case has("rate") && has("decay"):
		return Surge
	case has("rate"):
		return Steady
	}
	return "" // told as a section that lacks what it needs, or just now
}

// fits tells the keys that do not go with the form and those it lacks.
func (c *compiler) fits(p string, form Form) bool {
	before := len(c.faults)
	for _, k := range streamsKeys.keys {
		if path := join(p, k.name); c.s.has(path) && !slices.Contains(forms[form], k.name) && !slices.Contains(anyForm, k.name) {
			c.fault(path, "does not go with a "+string(form)+" stream", "allowed there is "+strings.Join(append(slices.Clone(forms[form]), anyForm...), ", "), "", c.keysOf(p, form)...)
		}
	}
	if form == Spaced && !c.s.has(p+".at") {
		c.fault(p, "does not say when it begins", "allowed is at: 0s or later", "")
	}
	return len(c.faults) == before
}

// keysOf lists the paths of the keys that go with a form.
func (c *compiler) keysOf(p string, form Form) []string {
	all := make([]string, len(forms[form]))
	for i, name := range forms[form] {
		all[i] = join(p, name)
	}
	return all
}

func (c *compiler) priority(p string, urgent bool) int {
	if !urgent {
		return c.s.n(p+".priority", 5)
	}
	if n := c.s.n(p+".priority", 0); n != 0 {
		c.fault(p+".priority", fmt.Sprintf("is %d though the stream is urgent", n), "allowed is 0, or urgent: false", "", p+".urgent")
	}
	return 0
}

// source compiles one stream; requests is how many it sends in all, of the
// finite forms. A form that sends nothing begins at 0, since it never begins.
func (c *compiler) source(p string, form Form) (source queueing.Source, requests int) {
	s := c.s
	switch form {
	case Steady:
		return queueing.Steady{PerSecond: s.x(p+".rate", 0)}, 0
	case Surge:
		return queueing.Surge{Initial: s.x(p+".rate", 0), Decay: s.x(p+".decay", 0)}, 0
	case Trace:
		return c.trace(p), 0
	case Pool:
		return c.pool(p)
	}
	n, at := s.n(p+".count", 0), s.x(p+".at", 0)
	if n == 0 {
		at = 0
	}
	if form == Batch {
		return queueing.Batch{Size: n, At: at}, n
	}
	return queueing.Spread(n, at, s.x(p+".over", 0)), n
}

func (c *compiler) trace(p string) queueing.Source {
	f := c.s.at[p+".trace"].source
	if !c.s.on(p+".repeat", false) {
		return f.trace
	}
	t, err := queueing.NewTrace(f.edges, f.counts, true)
	if err != nil {
		c.fault(p+".repeat", "the trace begins at "+formatSeconds(f.edges[0]), "allowed is a trace that begins at 0 if it repeats", "", p+".trace")
		return nil
	}
	return t
}

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

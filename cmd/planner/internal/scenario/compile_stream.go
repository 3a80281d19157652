package scenario

import (
	"fmt"
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

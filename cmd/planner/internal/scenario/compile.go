package scenario

import (
	"strings"

	"singlelane/queueing"
)

// compiler turns settings into a Design. It tells every fault that several
// keys make together; what rests on a key that is faulty itself is left out.
type compiler struct {
	s      *settings
	faults Faults
	bad    []string // paths of faulty settings
	out    Design
}

func newCompiler(s *settings, name string) *compiler {
	c := &compiler{s: s, out: Design{Name: name}}
	for p, v := range s.at {
		if v.bad {
			c.bad = append(c.bad, p)
		}
	}
	return c
}

// fault tells what is wrong with a key, at the place of the latest of the
// layers that set it or one of the others that it clashes with.
func (c *compiler) fault(path, problem, allowed, hint string, others ...string) {
	last := c.s.nearest(path)
	for _, other := range others {
		if v, ok := c.s.at[other]; ok && v.layer > last.layer {
			last = v
		}
	}
	c.faults = append(c.faults, Fault{last.at, path, problem, allowed, hint})
}

// sound tells whether nothing at or below the path is faulty.
func (c *compiler) sound(path string) bool {
	for _, p := range c.bad {
		if p == path || strings.HasPrefix(p, path+".") {
			return false
		}
	}
	return true
}

// compile builds the design; without faults it is complete.
func (c *compiler) compile() Design {
	c.required(root, "")
	c.region()
	streams := c.streams()
	cfg := queueing.Config{Target: c.target()}
	cfg.Service = c.service()
	cfg.DownFor = c.s.x("control_plane.down_for", 0)
	cfg.ScaleOut = c.joins()
	cfg.Mechanisms = c.mechanisms()
	servers := c.layout()
	c.out.YearGiven, c.out.CostGiven = c.s.has("year"), c.s.has("cost")
	c.out.Year = Year{c.s.x("year.zone_failures", 0), c.s.x("year.common_cause", 0), c.s.x("year.region_events", 0)}
	c.out.Cost = Cost{c.s.x("cost.server_hour", 0), c.s.x("cost.instance_hour", 0), c.s.x("cost.breach_minute", 0)}
	c.clashes()
	if len(c.faults) == 0 && len(c.bad) == 0 {
		c.lanes(cfg, streams, servers)
	}
	return c.out
}

// required tells the keys that are missing from the sections that are there.
func (c *compiler) required(k *key, path string) {
	for _, child := range k.keys {
		p := join(path, child.name)
		switch {
		case !c.s.has(p):
			if child.required {
				c.fault(p, "is missing", child.allowed(), "")
			}
		case !c.sound(p) && c.s.at[p].bad:
		case child.kind == section:
			c.needs(child, p)
			c.required(child, p)
		case child.kind == named:
			for _, name := range c.s.streams {
				c.needs(child, join(p, name))
			}
		case child.kind == list:
			for _, entry := range c.s.entries(p) {
				c.required(child, entry)
			}
		}
	}
}

// needs tells that a section has none of the keys of which it needs one.
func (c *compiler) needs(k *key, p string) {
	if len(k.needs) == 0 || len(present(c.s, p, k.needs...)) > 0 || !c.sound(p) {
		return
	}
	c.fault(p, "has none of "+strings.Join(k.needs, ", "), "allowed is "+orList(k.needs), "")
}

func (c *compiler) target() queueing.Target {
	return queueing.Target{
		Waiting:      c.s.n("drained.at", 0),
		Idle:         c.s.word("drained.until", "no-wait") == "idle",
		FirstPassage: c.s.on("drained.first_passage", false),
	}
}

func (c *compiler) joins() []queueing.Join {
	var all []queueing.Join
	for _, entry := range c.s.entries("control_plane.scale_out") {
		all = append(all, queueing.Join{After: c.s.x(entry+".after", 0), Servers: c.s.n(entry+".servers", 0)})
	}
	return all
}

// clashes tells keys of different sections that do not go together.
func (c *compiler) clashes() {
	const horizon, within = "simulation.horizon", "objective.drain_within"
	if c.s.has(horizon) && c.s.x(horizon, maxSeconds) < c.s.x(within, 0) {
		c.fault(horizon, "ends before the objective", "allowed is "+within+" or more", "", within)
	}
	if c.s.has("drained.at") && c.s.x("drained.at", 0) > 0 && c.s.word("drained.until", "") == "idle" {
		c.fault("drained.at", "does not go with until: idle", "allowed is one of the two", "", "drained.until")
	}
	c.yearly()
}

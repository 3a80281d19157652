package scenario

import (
	"fmt"
	"strings"

	"singlelane/queueing"
)

// layout decides how many lanes there are and returns the servers of each,
// nil with a fault.
func (c *compiler) layout() []int {
	s := c.s
	const lanes = "control_plane.lanes"
	if !s.has("control_plane") || !c.sound(lanes) {
		return nil
	}
	now, before := 1, 1 // lanes after and before the failure
	switch word := s.word(lanes, "shared"); word {
	case "shared":
		c.out.LaneKind = Shared
	case "per-zone":
		c.out.LaneKind = PerZone
		if !s.has("region") {
			c.fault(lanes, "per-zone needs a region", "allowed with region.zones", "")
			return nil
		}
		now, before = c.out.Region.Surviving, c.out.Region.Zones
	default:
		c.out.LaneKind = Hashed
		now = s.n(lanes, 1)
		before = now
	}
	return c.servers(now, before)
}

// servers deals the servers over the lanes. Zones fail from the last one.
func (c *compiler) servers(now, before int) []int {
	s := c.s
	const each, total = "control_plane.servers", "control_plane.total_servers"
	if !c.sound(each) || !c.sound(total) {
		return nil
	}
	switch pair := present(s, "control_plane", "servers", "total_servers"); {
	case len(pair) == 2:
		c.fault("control_plane."+c.later("control_plane", pair), "is there beside "+c.earlier("control_plane", pair), "allowed is one of the two", "")
		return nil
	case len(pair) == 0:
		return nil // told as a section that lacks what it needs
	case s.has(total) && s.n(total, 0) < before:
		c.fault(total, fmt.Sprintf("%d servers do not reach for %d lanes", s.n(total, 0), before), "allowed is at least one server a lane", "", "control_plane.lanes", "region.zones")
		return nil
	}
	if parts := now * len(s.streams); parts > maxParts {
		c.fault("control_plane.lanes", fmt.Sprintf("%d lanes of %d streams are too many", now, len(s.streams)),
			fmt.Sprintf("allowed are %d streams of lanes in all", maxParts), "", "region.zones")
		return nil
	}
	c.out.Standing = s.n(each, 0)*before + s.n(total, 0)
	all := make([]int, now)
	for i := range all {
		all[i] = s.n(each, 0)
		if s.has(total) {
			all[i] = s.n(total, 0) / before
			if i < s.n(total, 0)%before {
				all[i]++
			}
		}
		c.out.Servers += all[i]
	}
	return all
}

// lanes builds the lanes of the design.
func (c *compiler) lanes(cfg queueing.Config, streams []queueing.Stream, servers []int) {
	c.out.Lanes = make([]*queueing.Lane, len(servers))
	for i := range servers {
		cfg.Name, cfg.Servers = c.laneName(i), servers[i]
		if i == 0 || c.out.LaneKind == PerZone {
			arrivals, err := queueing.NewArrivals(c.part(streams, len(servers), i)...)
			if err != nil {
				c.refused("streams", err)
				return
			}
			cfg.Arrivals = arrivals
		}
		lane, err := queueing.NewLane(cfg)
		if err != nil {
			c.refused("control_plane", err)
			return
		}
		c.out.Lanes[i] = lane
	}
}

// refused tells what the library found wrong and the checks here did not.
func (c *compiler) refused(path string, err error) {
	c.fault(path, clean(strings.ReplaceAll(err.Error(), "\n", "; ")), "", "")
}

func (c *compiler) laneName(i int) string {
	switch c.out.LaneKind {
	case PerZone:
		return fmt.Sprintf("zone %d", i+1)
	case Hashed:
		return fmt.Sprintf("lane %d", i+1)
	}
	return "shared"
}

// part is what lane i of n sees of the streams.
func (c *compiler) part(streams []queueing.Stream, n, i int) []queueing.Stream {
	all := make([]queueing.Stream, len(streams))
	for j, s := range streams {
		all[j] = s
		switch {
		case c.out.LaneKind == Hashed && n > 1:
			all[j].Source = queueing.Hash(s.Source, n)
		case c.out.LaneKind == PerZone && n > 1:
			all[j].Source = s.Source.Split(n, i)
		}
	}
	return all
}

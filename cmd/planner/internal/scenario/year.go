package scenario

import (
	"fmt"
	"math"
	"strconv"

	"singlelane/queueing"
)

// CommonZones is how many zones an event of common cause takes: the zone that
// fails and one further.
const CommonZones = 2

// Failing is the what-if in which so many zones fail at once, and whether any
// survives. A file that states itself what the failure of its zones loses
// (region.lost) loses of it in proportion: each zone that fails takes
// region.lost / region.failed_zones of the fleet.
func (d Design) Failing(zones int) (sets []Setting, survives bool) {
	r := d.Region
	if zones >= r.Zones {
		return nil, false
	}
	sets = []Setting{{Key: "region.failed_zones", Value: strconv.Itoa(zones), From: "year:"}}
	if !r.LostGiven {
		return sets, true
	}
	lost := Setting{Key: "region.lost", Value: "none", From: "year:"}
	if r.Failed > 0 {
		share := math.Min(1, r.LostShare*float64(zones)/float64(r.Failed))
		lost.Value = strconv.FormatFloat(share, 'g', -1, 64)
	}
	return append(sets, lost), true
}

// ZoneEvents are the failures a second of one zone alone and of two together.
// The rate y.ZoneFailures of one zone includes those of common cause, a share
// y.CommonCause of them, each of which counts for two zones.
func (y Year) ZoneEvents(zones int) (single, common float64) {
	all := float64(zones) * y.ZoneFailures
	return all * (1 - y.CommonCause), all * y.CommonCause / CommonZones
}

// yearly tells a year with more failures than can be added up.
func (c *compiler) yearly() {
	const failures, events = "year.zone_failures", "year.region_events"
	if c.s.has(failures) && !c.s.has("region") {
		c.fault(failures, "needs a region", "allowed with region.zones", "")
	}
	single, common := c.out.Year.ZoneEvents(c.out.Region.Zones)
	if n := (single + common + c.out.Year.RegionEvents) * secondsPerYear; n > queueing.MostEvents {
		key := failures
		if !c.s.has(failures) {
			key = events
		}
		c.fault(key, fmt.Sprintf("makes %.4g events a year in all", n), fmt.Sprintf("allowed are %d", queueing.MostEvents), "", "region.zones", events)
	}
}

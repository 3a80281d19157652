package scenario

import (
	"fmt"
	"math"
)

// region does the arithmetic of zones of the package comment.
func (c *compiler) region() {
	s, r := c.s, &c.out.Region
	if !s.has("region") || !c.sound("region") || !s.has("region.zones") {
		return
	}
	r.Zones, r.Failed = s.n("region.zones", 0), s.n("region.failed_zones", 1)
	if r.Failed >= r.Zones {
		c.fault("region.failed_zones", fmt.Sprintf("%d of %d zones fail", r.Failed, r.Zones),
			"allowed is fewer than region.zones: nothing survives otherwise", "", "region.zones")
		*r = Region{}
		return
	}
	r.Surviving = r.Zones - r.Failed
	r.Fleet, r.Headroom = s.n("region.fleet", 0), s.x("region.headroom", 0)
	share := float64(r.Failed) / float64(r.Zones)
	if r.LostGiven = s.has("region.lost"); r.LostGiven {
		share = s.x("region.lost", 0)
	}
	r.LostShare = share
	if r.Failed == 0 && share > 0 {
		c.fault("region.lost", "something is lost though no zone fails", "allowed is 0% with failed_zones: 0", "", "region.failed_zones")
	}
	surviving := float64(r.Surviving) / float64(r.Zones)
	lost := float64(r.Fleet) * share
	c.out.Lost = int(math.Round(lost))
	r.Spare = r.Headroom * float64(r.Fleet) * surviving
	r.Standing = r.Headroom * float64(r.Fleet)
	r.HeadroomNeeded = share / surviving
	r.Cover = 1
	if r.StaticallyStable = r.Headroom >= r.HeadroomNeeded*(1-rounding); !r.StaticallyStable {
		r.Cover = r.Headroom / r.HeadroomNeeded
	}
}

// rounding is how far a share written to be just enough may fall short.
const rounding = 1e-12

// relaunched is the number of instances in a pool of lost ones.
func (c *compiler) relaunched(share float64) int {
	r := c.out.Region
	lost := float64(r.Fleet) * r.HeadroomNeeded * float64(r.Surviving) / float64(max(r.Zones, 1))
	return int(math.Round(lost * (1 - r.Cover) * share))
}

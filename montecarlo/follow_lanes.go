package montecarlo

// lanesApart is the most lanes of which each is told apart from the others.
const lanesApart = 64

// LanePaths is what one lane showed, one value a replication.
type LanePaths struct {
	Name   string
	Peak   Outcomes // requests in it, the most at any time
	Waited Outcomes // request-seconds, the area under the number waiting
	Over   Outcomes // s during which more waited than when it has drained
}

// laneColumns keeps what one lane showed, a slot for each replication.
type laneColumns struct{ peak, waited, over Outcomes }

func (c *laneColumns) all() []*Outcomes { return []*Outcomes{&c.peak, &c.waited, &c.over} }

func (c *laneColumns) keep(i int, r *record) {
	c.peak[i], c.waited[i], c.over[i] = r.peak, r.waited, r.over
}

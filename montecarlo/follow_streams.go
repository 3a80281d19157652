package montecarlo

import (
	"math"
	"slices"
)

// streamColumns keeps what one stream showed, a slot for each replication.
type streamColumns struct {
	mean, sojourn, max, longest, last, nearly  Outcomes
	inTime, refused, agedOut, givenUp, attempt Outcomes
	fates                                      []Fates
}

func newStreamColumns(n int) streamColumns {
	c := streamColumns{fates: make([]Fates, n)}
	for _, v := range c.all() {
		*v = make(Outcomes, n)
	}
	return c
}

func (c *streamColumns) all() []*Outcomes {
	return []*Outcomes{&c.mean, &c.sojourn, &c.max, &c.longest, &c.last, &c.nearly, &c.inTime, &c.refused, &c.agedOut, &c.givenUp, &c.attempt}
}

// keep stores one replication. Shares of no requests are NaN, and left out
// later.
func (c *streamColumns) keep(i int, r *streamRecord) {
	served, all := float64(r.n), float64(r.arrived)
	c.mean[i], c.sojourn[i], c.max[i] = r.sum/served, r.sojourn/served, r.max
	c.longest[i] = r.longest
	c.last[i], c.nearly[i] = r.last, r.nearly
	c.inTime[i], c.attempt[i] = float64(r.inTime)/all, float64(r.attempts)/all
	c.refused[i], c.agedOut[i], c.givenUp[i] = float64(r.lost[refused])/all, float64(r.lost[agedOut])/all, float64(r.lost[givenUp])/all
	c.fates[i] = Fates{Arrived: int64(r.arrived), Attempts: int64(r.attempts), Served: int64(r.n), InTime: int64(r.inTime),
		Refused: int64(r.lost[refused]), AgedOut: int64(r.lost[agedOut]), GivenUp: int64(r.lost[givenUp]), Left: int64(r.left())}
}

// paths sorts the columns of the first n replications.
func (c *streamColumns) paths(st stream, waits, sojourns *Waits, n int) StreamPaths {
	for _, v := range c.all() {
		*v = (*v)[:n]
		slices.Sort(*v)
		for len(*v) > 0 && math.IsNaN((*v)[0]) { // NaN sorts first
			*v = (*v)[1:]
		}
	}
	s := StreamPaths{Name: st.name, Requests: waits.N(), MeanWait: c.mean, MeanSojourn: c.sojourn, MaxWait: c.max, LongestWait: c.longest, Wait: waits, Sojourn: sojourns,
		InTime: c.inTime, Refused: c.refused, AgedOut: c.agedOut, GivenUp: c.givenUp, Attempts: c.attempt}
	if st.finite {
		s.LastDone, s.NearlyDone = c.last, c.nearly
	}
	for _, f := range c.fates[:n] {
		s.Fates.add(f)
	}
	return s
}

func (f *Fates) add(g Fates) {
	f.Arrived += g.Arrived
	f.Attempts += g.Attempts
	f.Served += g.Served
	f.InTime += g.InTime
	f.Refused += g.Refused
	f.AgedOut += g.AgedOut
	f.GivenUp += g.GivenUp
	f.Left += g.Left
}

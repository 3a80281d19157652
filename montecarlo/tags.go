package montecarlo

import "math"

// tags follow, for the times of the grid, the first request that arrives from
// then on: its wait is what a request that arrives then waits. One that is
// never served waits for ever.
type tags struct {
	end  []int // of the run of times that a tagged request stands for
	lo   int   // the first time that none stands for
	open int   // tagged requests whose fate is not known
}

func (g *tags) reset() { g.lo, g.open = 0, 0 }

// give tags a request for all times before hi that have none.
func (g *tags) give(hi int, wait []float64) int32 {
	tag := g.lo
	for i := tag; i < hi; i++ {
		wait[i] = math.Inf(1)
	}
	g.end[tag] = hi
	g.lo = hi
	g.open++
	return int32(tag)
}

// show fills in the wait of a tagged request.
func (g *tags) show(tag int32, x float64, wait []float64) {
	for i := int(tag); i < g.end[tag]; i++ {
		wait[i] = x
	}
	g.open--
}

// snapshots records the backlog at the times of the grid before now.
func (e *events) snapshots(now float64) {
	for ; e.gridDone < len(e.grid) && e.grid[e.gridDone] < now; e.gridDone++ {
		e.rec.backlog[e.gridDone] = float64(e.waiting() + e.busy)
	}
}

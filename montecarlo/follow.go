package montecarlo

import (
	"context"
	"errors"
	"math"
	"slices"

	"singlelane/queueing"
)

// FollowPaths simulates the region request by request and gives all that
// leaps cannot tell beside the drain times. On cancellation it returns what was
// finished together with the context's error. A [*ConservationError] says that
// the simulation itself is at fault.
func FollowPaths(ctx context.Context, lanes []*queueing.Lane, o PathOptions) (*Paths, error) {
	options, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := checkGrid(o.Grid); err != nil {
		return nil, err
	}
	c, err := newCollector(lanes, options, o.Grid)
	if err != nil {
		return nil, err
	}
	crew := &staff{make: func() worker { return c.worker(ctx) }}
	n, err := inSpans(options.Memory, pathsKind, 0, options.Replications, func(first, last int) int {
		defer crew.rest()
		replicate(ctx, options, first, last, crew.hire)
		return c.gather(first)
	}, c.writeSpan, c.readSpan)
	if err = errors.Join(err, c.faults.err); err != nil {
		return nil, err
	}
	c.kept.restore(c)
	return c.paths(n), ctx.Err()
}

func checkGrid(grid []float64) error {
	for i, t := range grid {
		if !(t >= 0) || math.IsInf(t, 1) || i > 0 && t <= grid[i-1] {
			return &OptionError{"Grid", t, "finite times of at least 0 that increase"}
		}
	}
	return nil
}

// collector keeps what the replications showed, by columns: a slot for each
// replication, so that workers never meet.
type collector struct {
	lanes   []*queueing.Lane
	options Options
	method  queueing.Method
	reason  string
	grid    []float64
	streams []stream // of all lanes, each name once
	places  [][]int  // of each lane's streams among them
	weights []float64

	drain, firstClear, completed, lastDone Outcomes
	peak, longest, urgent, waited          Outcomes
	useful                                 Outcomes
	verdicts                               []Verdict
	backlog, wait                          []Outcomes // by time of the grid
	columns                                []streamColumns
	each                                   []laneColumns // of each lane; nil where there are many
	faults                                 faults

	pool   *pool    // of what is being simulated
	waits  []*Waits // by stream, then the sojourns
	events int64
	kept   pooled // of spans that a memory holds
}

func newCollector(lanes []*queueing.Lane, o Options, grid []float64) (*collector, error) {
	p, err := newPlan(lanes, o.Seed)
	if err != nil {
		return nil, err
	}
	c := &collector{lanes: lanes, options: o, grid: grid}
	if c.method, c.reason, err = chooseToFollow(lanes, o.Method); err != nil {
		return nil, err
	}
	at := map[string]int{}
	for i, lp := range p.lanes {
		var place []int
		for _, st := range lp.streams {
			k, seen := at[st.name]
			if !seen {
				k = len(c.streams)
				at[st.name] = k
				c.streams = append(c.streams, st)
			}
			place = append(place, k)
		}
		c.places = append(c.places, place)
		c.weights = append(c.weights, lanes[i].Arrivals().Mean(0, o.Horizon)+float64(lanes[i].Config().Backlog))
	}
	c.allocate()
	return c, nil
}

// scalars are the columns with one number a replication.
func (c *collector) scalars() []*Outcomes {
	return []*Outcomes{&c.useful, &c.drain, &c.firstClear, &c.completed, &c.lastDone, &c.peak, &c.longest, &c.urgent, &c.waited}
}

func (c *collector) allocate() {
	n := c.options.Replications
	column := func() Outcomes { return make(Outcomes, n) }
	c.verdicts = make([]Verdict, n)
	for _, v := range c.scalars() {
		*v = column()
	}
	for range c.grid {
		c.backlog, c.wait = append(c.backlog, column()), append(c.wait, column())
	}
	for range c.streams {
		c.columns = append(c.columns, newStreamColumns(n))
		c.waits = append(c.waits, newWaits(), newWaits())
	}
	c.pool = newPool(len(c.waits))
	if len(c.lanes) <= lanesApart {
		for range c.lanes {
			c.each = append(c.each, laneColumns{column(), column(), column()})
		}
	}
}

// worker compiles the region for one goroutine.
func (c *collector) worker(ctx context.Context) worker {
	p, _ := newPlan(c.lanes, c.options.Seed) // has compiled before
	region := newRecord(len(c.streams), len(c.grid))
	var engines []engine
	for _, lp := range p.lanes {
		engines = append(engines, newEngine(ctx, lp, c.options.Horizon, c.grid, c.options.Method))
	}
	var choice generator
	key := keyOf(c.options.Seed, "\x00lane", 0)
	return func(replication int) {
		p.start(replication)
		choice.start(key, replication)
		region.clear()
		region.drain, region.firstClear = 0, 0
		for i, e := range engines {
			rec := e.replicate(replication)
			if ctx.Err() != nil {
				return
			}
			c.faults.note(replication, rec.fault)
			region.meet(rec, c.places[i])
			if c.each != nil {
				c.each[i].keep(replication, rec)
			}
		}
		for i := range c.grid {
			region.wait[i] = engines[c.pick(&choice)].shown().wait[i]
		}
		c.keep(replication, region)
		c.pool.add(replication, engines, c.placeOf)
	}
}

// newEngine is the fastest engine that covers the lane, unless events are
// insisted on.
func newEngine(ctx context.Context, lp *lanePlan, horizon float64, grid []float64, insist queueing.Method) engine {
	if lp.lane.Plain() && insist != queueing.Events {
		return newFCFS(ctx, lp, horizon, true, grid)
	}
	return newEvents(ctx, lp, horizon, grid)
}

// engine simulates a lane request by request.
type engine interface {
	replicate(replication int) *record
	shown() *record
	singleWaits() []*Waits
}

// pick draws a lane with the probability of its share of the traffic.
func (c *collector) pick(g *generator) int {
	if len(c.weights) == 1 {
		return 0
	}
	sum := 0.0
	for _, w := range c.weights {
		sum += w
	}
	u := g.uniform() * sum
	for i, w := range c.weights {
		if u -= w; u < 0 {
			return i
		}
	}
	return len(c.weights) - 1
}

// keep stores the region's record in the replication's slots.
func (c *collector) keep(i int, r *record) {
	c.drain[i], c.firstClear[i], c.completed[i], c.lastDone[i] = r.drain, r.firstClear, r.completed, r.lastDone
	c.peak[i], c.longest[i], c.urgent[i], c.waited[i] = r.peak, r.longest, r.urgent, r.waited
	for j := range c.grid {
		c.backlog[j][i], c.wait[j][i] = r.backlog[j], r.wait[j]
	}
	c.verdicts[i], c.useful[i] = r.verdict, 1
	if r.work > 0 {
		c.useful[i] = 1 - r.wasted/r.work
	}
	for j := range r.streams {
		c.columns[j].keep(i, &r.streams[j])
	}
}

// placeOf is the place in the pool of the k-th count of waits of a lane: those
// of its streams, then their sojourns.
func (c *collector) placeOf(lane, k int) int {
	place := c.places[lane]
	if k < len(place) {
		return place[k]
	}
	return len(c.streams) + place[k-len(place)]
}

// gather adds up what was pooled from the replication first on, up to the
// first one that is not finished, and gives the number of replications.
func (c *collector) gather(first int) int {
	r := c.pool.prefix(first)
	if r == nil {
		return 0
	}
	c.events += r.events
	for i, w := range r.waits {
		c.waits[i].merge(w)
	}
	return r.last - r.first
}

// paths sorts the columns of the first n replications.
func (c *collector) paths(n int) *Paths {
	sort := func(v Outcomes) Outcomes {
		v = v[:n]
		slices.Sort(v)
		return v
	}
	p := &Paths{Method: c.method, Reason: c.reason,
		Drain: sort(c.drain), FirstClear: sort(c.firstClear), Completed: sort(c.completed), LastDone: sort(c.lastDone),
		Peak: sort(c.peak), LongestWait: sort(c.longest), Waited: sort(c.waited), Useful: sort(c.useful),
		Backlog: &Bands{Grid: c.grid}, Wait: &Bands{Grid: c.grid}, Events: c.events}
	for _, v := range c.verdicts[:n] {
		p.Verdicts.count(v)
	}
	for i := range c.grid {
		p.Backlog.values = append(p.Backlog.values, sort(c.backlog[i]))
		p.Wait.values = append(p.Wait.values, sort(c.wait[i]))
	}
	for i, l := range c.each {
		p.Lanes = append(p.Lanes, LanePaths{c.lanes[i].Name(), sort(l.peak), sort(l.waited), sort(l.over)})
	}
	for i, st := range c.streams {
		if st.priority == 0 {
			p.UrgentWait = sort(c.urgent)
		}
		if st.name != "" {
			p.Streams = append(p.Streams, c.columns[i].paths(st, c.waits[i], c.waits[i+len(c.streams)], n))
		}
	}
	return p
}

func (v *Verdicts) count(x Verdict) {
	switch x {
	case Drained:
		v.Drained++
	case Draining:
		v.Draining++
	case Undecided:
		v.Undecided++
	default:
		v.Stuck++
	}
}

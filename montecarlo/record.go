package montecarlo

import "math"

// record is what one replication of one lane, or of the region, showed.
type record struct {
	drain, firstClear   float64 // s, +Inf: not by the horizon
	completed, lastDone float64 // s
	peak                float64 // requests
	longest, urgent     float64 // s
	waited              float64 // request-seconds
	streams             []streamRecord
	backlog, wait       []float64 // on the grid
}

// streamRecord is one stream's part in a record.
type streamRecord struct {
	n              int
	sum, max, last float64 // s: of the waits, the longest, the last service end
}

func newRecord(streams, grid int) *record {
	return &record{streams: make([]streamRecord, streams), backlog: make([]float64, grid), wait: make([]float64, grid)}
}

// clear makes the record ready for the next replication.
func (r *record) clear() {
	streams, backlog, wait := r.streams, r.backlog, r.wait
	clear(streams)
	clear(backlog)
	clear(wait)
	*r = record{drain: math.Inf(1), firstClear: math.Inf(1), streams: streams, backlog: backlog, wait: wait}
}

// sum puts together what the streams waited.
func (r *record) sum(streams []stream) {
	for i, s := range r.streams {
		r.waited += s.sum
		r.longest = max(r.longest, s.max)
		if streams[i].priority == 0 {
			r.urgent = max(r.urgent, s.max)
		}
	}
}

// meet adds a lane's record to the region's: the latest time and the largest
// size count, waits and backlogs add up. Streams are matched by place.
func (r *record) meet(lane *record, place []int) {
	r.drain = max(r.drain, lane.drain)
	r.firstClear = max(r.firstClear, lane.firstClear)
	r.completed = max(r.completed, lane.completed)
	r.lastDone = max(r.lastDone, lane.lastDone)
	r.peak = max(r.peak, lane.peak)
	r.longest = max(r.longest, lane.longest)
	r.urgent = max(r.urgent, lane.urgent)
	r.waited += lane.waited
	for i, s := range lane.streams {
		t := &r.streams[place[i]]
		t.n += s.n
		t.sum += s.sum
		t.max = max(t.max, s.max)
		t.last = max(t.last, s.last)
	}
	for i, x := range lane.backlog {
		r.backlog[i] += x
	}
}

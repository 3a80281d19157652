package montecarlo

import "math"

// record is what one replication of one lane, or of the region, showed.
type record struct {
	drain, firstClear   float64 // s, +Inf: not by the horizon
	completed, lastDone float64 // s
	peak                float64 // requests
	longest, urgent     float64 // s
	waited              float64 // request-seconds
	over                float64 // s with more waiting than the lane's target allows
	work, wasted        float64 // s of service, all and for nothing
	events              int
	most                int // requests, the peak while it is counted
	verdict             Verdict
	fault               error // requests that were lost or made up
	streams             []streamRecord
	backlog, wait       []float64 // on the grid
}

// streamRecord is one stream's part in a record.
type streamRecord struct {
	arrived, attempts int
	n, inTime         int // served, and of them in time
	lost              [fates]int
	most              int     // requests of a finite stream
	sum, max          float64 // s: of the waits of those served
	longest           float64 // s: the longest wait of any, served or not
	sojourn           float64 // s: the sum, from the first attempt to the answer
	last, nearly      float64 // s: when the last, and 99 in 100, were done; +Inf: never
}

// left is the number of requests whose fate is open.
func (s *streamRecord) left() int {
	n := s.arrived - s.n
	for _, k := range s.lost {
		n -= k
	}
	return n
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

// sum puts together the longest waits of the streams.
func (r *record) sum(streams []stream) {
	for i, s := range r.streams {
		r.longest = max(r.longest, s.longest)
		if streams[i].priority == 0 {
			r.urgent = max(r.urgent, s.longest)
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
	r.over = max(r.over, lane.over)
	r.work += lane.work
	r.wasted += lane.wasted
	r.events += lane.events
	r.verdict = max(r.verdict, lane.verdict)
	for i := range lane.streams {
		r.streams[place[i]].meet(&lane.streams[i])
	}
	for i, x := range lane.backlog {
		r.backlog[i] += x
	}
}

func (s *streamRecord) meet(lane *streamRecord) {
	s.arrived += lane.arrived
	s.attempts += lane.attempts
	s.n += lane.n
	s.inTime += lane.inTime
	for i, k := range lane.lost {
		s.lost[i] += k
	}
	s.sum += lane.sum
	s.sojourn += lane.sojourn
	s.max = max(s.max, lane.max)
	s.longest = max(s.longest, lane.longest)
	s.last = max(s.last, lane.last)
	s.nearly = max(s.nearly, lane.nearly)
}

// ended sets when the requests of a finite stream were done. What has not been
// settled by the end of the replication never is.
func (s *streamRecord) ended() {
	if s.most == 0 {
		return
	}
	if s.left() > 0 || s.arrived < s.most || s.n == 0 {
		s.last = math.Inf(1)
	}
	if s.n < nearlyAll(s.most) {
		s.nearly = math.Inf(1)
	}
}

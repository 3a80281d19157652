package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// A feed draws the arrivals of one stream at one lane one by one, in order of
// time. Each is also [endless] or [finite], for those who leap over intervals.
type feed interface {
	// reset starts a replication at 0, with total draws for a finite feed.
	reset(total int)
	// begin forgets the arrival that is pending and goes on from t.
	begin(t float64)
	// next is the instant of the arrival after the last one, +Inf if there is
	// none. It remains pending until the following next, which counts it.
	next(g *generator) float64
	// took counts the pending arrival and all that come at its instant.
	took(g *generator) int
	// twin is a copy; become takes the state of another of its kind.
	twin() feed
	become(other feed)
}

// endless feeds are Poisson processes.
type endless interface {
	// flow is the mean number of arrivals in (s,t].
	flow(s, t float64) float64
}

// finite feeds know how many are left.
type finite interface {
	// count draws the number of arrivals in (s,t], with those at 0 for s = t =
	// 0, and takes them from what is left. s must not lie before the last
	// instant seen.
	count(g *generator, s, t float64) int
}

const unlimited = math.MaxInt

// stream is a feed with what belongs to it.
type stream struct {
	name     string
	feed     feed
	steady   *steadyFeed // the feed if it is one, else nil
	key      streamKey
	total    int  // draws in a replication unless hashed
	size     int  // requests that come with each draw
	finite   bool // an incident stream: a batch or a pool
	hashed   bool
	lanes    int // among which a hashed stream is dealt
	priority int
	retries  bool
}

// newStream compiles a stream; reason says why it cannot be simulated.
func newStream(s queueing.Stream) (st stream, reason string) {
	st = stream{name: s.Name, priority: s.Priority, retries: s.Retries, size: 1, total: unlimited}
	source := s.Source
	for h, ok := source.(queueing.Hashed); ok; h, ok = source.(queueing.Hashed) {
		if st.lanes == 0 {
			st.lanes = 1
		}
		st.hashed, st.lanes, source = true, st.lanes*h.Lanes, h.Of
	}
	switch a := source.(type) {
	case queueing.Steady:
		st.feed = &steadyFeed{rate: a.PerSecond}
	case queueing.Surge:
		st.feed = newSurgeFeed(a.Initial, a.Decay)
	case queueing.Trace:
		st.feed = newTraceFeed(a)
	case queueing.Recorded:
		st.feed, st.total, st.finite = newRecordedFeed(a), a.Total(), true
	case queueing.Batch:
		st.feed, st.total, st.finite = &batchFeed{at: a.At}, a.Size, true
	case queueing.Pool:
		var n int
		n, st.size = a.Draws()
		st.feed, st.total, st.finite = newPoolFeed(a), n, true
	default:
		return st, "arrivals of an unknown kind in stream " + s.Name
	}
	if st.silent() {
		st.feed, st.total = &batchFeed{}, 0
	}
	st.steady, _ = st.feed.(*steadyFeed)
	return st, ""
}

// silent tells whether the rate is 0 for ever.
func (st *stream) silent() bool {
	switch f := st.feed.(type) {
	case *steadyFeed:
		return f.rate == 0
	case *surgeFeed:
		return f.initial == 0
	}
	return false
}

// steadyFeed is a Poisson process of constant rate.
type steadyFeed struct{ rate, at float64 }

func (f *steadyFeed) reset(int)       { f.at = 0 }
func (f *steadyFeed) begin(t float64) { f.at = t }

func (f *steadyFeed) next(g *generator) float64 {
	f.at += g.exponential() / f.rate
	return f.at
}

func (f *steadyFeed) took(*generator) int { return 1 }

func (f *steadyFeed) flow(s, t float64) float64 { return f.rate * (t - s) }

// batchFeed is requests that all arrive at one instant.
type batchFeed struct {
	at     float64
	rest   int
	opened bool // a pending arrival has been drawn
}

func (f *batchFeed) reset(total int) { f.rest, f.opened = total, false }
func (f *batchFeed) begin(float64)   { f.opened = false }

func (f *batchFeed) next(*generator) float64 {
	if f.opened {
		f.rest--
	}
	f.opened = f.rest > 0
	if !f.opened {
		return math.Inf(1)
	}
	return f.at
}

func (f *batchFeed) count(_ *generator, s, t float64) int {
	if f.at <= s && f.at > 0 || f.at > t {
		return 0
	}
	return f.took(nil)
}

func (f *batchFeed) took(*generator) int {
	n := f.rest
	f.rest, f.opened = 0, false
	return n
}

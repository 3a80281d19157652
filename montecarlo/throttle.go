package montecarlo

import (
	"math"

	"singlelane/queueing"
)

// bucket is a token bucket, full at first.
type bucket struct {
	rate, burst float64 // tokens per second, tokens
	tokens      float64
	at          float64 // s, when tokens was right
}

func (b *bucket) reset() { b.tokens, b.at = b.burst, 0 }

func (b *bucket) fill(t float64) {
	b.tokens = min(b.burst, b.tokens+b.rate*(t-b.at))
	b.at = t
}

// tokenSlack forgives the rounding of an instant that was computed as that of
// a whole token.
const tokenSlack = 1e-9

// take takes a token if there is one at t.
func (b *bucket) take(t float64) bool {
	b.fill(t)
	if b.tokens < 1-tokenSlack {
		return false
	}
	b.tokens = max(0, b.tokens-1)
	return true
}

// ready is the instant at which there is a whole token.
func (b *bucket) ready() float64 {
	if b.tokens >= 1-tokenSlack {
		return b.at
	}
	return b.at + (1-b.tokens)/b.rate
}

// gate holds back the attempts of the throttled streams.
type gate struct {
	on      bool
	tokens  bucket
	bounded bool // by tokens
	most    int  // lets through while no more than so many wait; < 0: always
	streams []bool
	held    list
	n       int
}

func newGate(t *queueing.Throttle, streams []stream) gate {
	g := gate{most: -1, streams: make([]bool, len(streams))}
	if t == nil {
		return g
	}
	g.on = true
	if g.bounded = t.PerSecond > 0; g.bounded {
		g.tokens = bucket{rate: t.PerSecond, burst: max(1, t.Burst)}
	}
	if t.MaxWaiting > 0 {
		g.most = t.MaxWaiting
	}
	named := map[string]bool{}
	for _, name := range t.Streams {
		named[name] = true
	}
	for i, s := range streams {
		_, pool := s.feed.(*poolFeed)
		g.streams[i] = s.name != "" && (named[s.name] || len(named) == 0 && pool)
	}
	return g
}

func (g *gate) reset() {
	g.tokens.reset()
	g.held.reset()
	g.n = 0
}

// passes tells whether an attempt may go through at t with so many waiting in
// the lane, and takes its token.
func (g *gate) passes(t float64, waiting int) bool {
	if g.most >= 0 && waiting > g.most {
		return false
	}
	return !g.bounded || g.tokens.take(t)
}

// opens is the instant at which the next token lets something through, +Inf
// if nothing is held or the length of the queue forbids it.
func (g *gate) opens(waiting int) float64 {
	if g.n == 0 || !g.bounded || g.most >= 0 && waiting > g.most {
		return math.Inf(1)
	}
	return g.tokens.ready()
}

package queueing

import "math"

// bandLoss is what a throttle with both a rate and a length lets through while many are held,
// which is less than either has it: tokens are lost while the bucket is full and the lane is,
// too, and the lane may run dry after. While requests are held either the lane is at its length
// or there are no tokens: the number in the lane up to its length, then the tokens, are one
// number. It rises by one with each token, if the bucket is not full, and each request that
// needs none, and falls by one with each service. As a birth-and-death process whose jumps have
// the mean and the variance that these have, none that of the tokens (see rungWalk), it comes
// to its stationary law within the time of some services.
type bandLoss struct {
	known map[[3]int]float64
}

const (
	bandStates = 4000  // at most, beyond which the losses are nothing
	bandEqual  = 500.0 // parts of a rate that are told apart
	bandBeyond = 200   // numbers above the length, of those who need no tokens
)

// rate is at which the throttle lets through while so many come a second who need no tokens,
// and so many would be served.
func (b *bandLoss) rate(t *Throttle, free, capacity, scv float64, servers int) float64 {
	length := servers + t.MaxWaiting + 1
	full := length + int(math.Max(1, math.Round(t.Burst)))
	if t.MaxWaiting == 0 || full > bandStates || !(capacity > 0) || free >= capacity {
		return t.PerSecond
	}
	asked := [3]int{int(math.Round(bandEqual * free / capacity)), int(math.Round(bandEqual * math.Log(capacity/t.PerSecond))), servers}
	if r, is := b.known[asked]; is {
		return r
	}
	if b.known == nil {
		b.known = map[[3]int]float64{}
	}
	c := t.PerSecond * math.Exp(float64(asked[1])/bandEqual)
	r := t.PerSecond * saturated(length, full, servers, float64(asked[0])/bandEqual*c, t.PerSecond, c, scv)
	b.known[asked] = r
	return r
}

// saturated is the share of tokens that are not lost.
func saturated(length, full, servers int, free, tokens, capacity, scv float64) float64 {
	jumps := func(n int) (up, down float64) {
		busy, v := capacity, scv
		if n < servers {
			busy, v = capacity*float64(n)/float64(servers), 1
		}
		up, down = free+busy*(v-1)/2, busy*(v+1)/2
		if n < full {
			up, down = up+tokens/2, down-tokens/2
		}
		if n == 0 || down < 0 { // the mean stays
			up, down = up-down, 0
		}
		return math.Max(up, 1e-9*capacity), math.Max(down, 1e-9*capacity)
	}
	p, kept, lost := 1.0, 0.0, 0.0
	for n := range full + bandBeyond {
		if n < full {
			kept += p
		} else {
			lost += p
		}
		up, _ := jumps(n)
		_, down := jumps(n + 1)
		if p *= up / down; p > 1e200 {
			p, kept, lost = p*1e-200, kept*1e-200, lost*1e-200
		}
	}
	return kept / (kept + lost)
}

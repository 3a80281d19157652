package queueing

import "math"

// bandPath is the mean path of a lane with [Mechanisms]. In a step a requests come into the lane
// and b could be served by all servers. Of n in the lane there are then n + a - b if all are
// busy, and as many as in an infinite server system if some idle; since no more are served than
// either has it, it is the larger number. The throttle lets pass the least of what is held, the
// tokens there are, and the room that its length leaves; the queue limit turns away what is
// beyond it. A server's turn drops what is too old from the head of the line.
type bandPath struct {
	*bandGrid
	noise   *bandNoise
	slice   int
	busy    float64 // servers
	line    float64 // who waits in the lane
	held    float64 // by the throttle
	tokens  float64
	servers int
	began   beginnings // of the servers
	queue   bandParts  // who waits in the lane, in order; with a largest age
	outside bandParts  // and who is held
	dropped float64    // s, when one of the lane was last turned away or too old
	bound   float64    // s, when the throttle last held one back
	freed   float64    // s, the same between steps
	enters  func(t, many float64)
	lets    func(t, many float64)
}

// passed is where a path has drained.
type passed struct {
	at float64 // s
	n  float64 // in the lane, then or as overload ends

	freed float64 // s, when the throttle last held one back
}

// bandTurns are steps within one, for servers that slow down.
const bandTurns = 64

// bandDrop is a share of the lane that counts as dropped in a step.
const bandDrop = 1e-6

// bandLast is the latest time, in s, that is looked at.
const bandLast = 1e15

// passage follows the path with some noise, nil for none, to the instant at which it has
// drained; where it has as overload ends, to when it had, before that.
func (b *band) passage(x *bandNoise) (passed, error) {
	w := &bandPath{bandGrid: b.grid, noise: x, dropped: -1, bound: -1, began: beginnings{law: b.grid.renewals}}
	if x == nil {
		w.enters, w.lets = b.enters, b.lets
		defer func() { b.chancy = w.dropped > w.bound }()
	}
	if t := w.cfg.Mechanisms.Throttle; t != nil {
		w.tokens = math.Max(1, t.Burst)
	}
	w.line = float64(w.cfg.Backlog)
	w.settle(w.ServersAt(0))
	last := passed{n: w.line + w.busy}
	was, falls := 1.0, 0.0 // a second
	for k := 0; ; k++ {
		step, err := w.step(k)
		switch {
		case err != nil:
			return passed{}, err
		case step.to == step.from:
		case step.from == 0 && w.over(step.servers) <= 0:
			was = w.over(step.servers)
			last.n = w.line + w.busy
		}
		switch {
		case step.from >= b.begin && was <= 0 && step.to > step.from:
			last.n, last.freed = w.line+w.busy, w.freed
			return last, nil
		case step.to > bandLast:
			return passed{}, &UnsupportedError{Fluid, "the mean path does not fall to the level"}
		}
		w.turn(k, step)
		over := w.over(step.servers)
		if over <= 0 && was > 0 && step.to > 0 {
			last = passed{step.to, w.line + w.busy, w.freed}
			if span := step.to - step.from; span > 0 { // there are no fewer than none
				falls = math.Max(falls, (was-over)/span)
				last.at = step.from + math.Min(span, was/falls)
			}
			if last.at > b.begin {
				return last, nil
			}
		}
		if span := step.to - step.from; span > 0 {
			falls = (was - over) / span
		}
		was = over
	}
}

// over is how many more wait than may; until idle, how many there are beyond the servers.
func (w *bandPath) over(servers int) float64 {
	if w.cfg.Target.Idle {
		return w.held + w.line + w.busy - float64(max(servers, 1))
	}
	return w.held + w.line - float64(w.cfg.Target.Waiting)
}

// settle lets free servers begin at 0.
func (w *bandPath) settle(servers int) {
	n := w.line + w.busy
	w.busy = math.Min(n, float64(servers))
	w.line = n - w.busy
	w.joined(servers)
	if servers > 0 {
		w.began.begin(0, w.busy/float64(servers))
	}
	if w.cfg.Mechanisms.MaxAge > 0 && w.line > 0 && len(w.queue.all) == 0 {
		w.queue.push(bandPart{many: w.line})
	}
}

// joined notes that so many servers are there now.
func (w *bandPath) joined(servers int) {
	if servers != w.servers && servers > 0 {
		w.began.shrink(float64(w.servers) / float64(servers))
	}
	w.servers = servers
}

// turn goes on by a step.
func (w *bandPath) turn(k int, step bandStep) {
	span := step.to - step.from
	free, held, served := step.free, step.held, 0.0
	if x := w.noise; x != nil {
		for w.slice < len(x.ends) && x.ends[w.slice] <= k {
			w.slice++
		}
		if i := w.slice; i < len(x.ends) {
			share := w.share(i, k)
			free, held, served = free+share*x.of[0][i], held+share*x.of[1][i], share*x.of[2][i]
		}
	}
	parts := 1.0
	if s := w.cfg.Mechanisms.SlowDown; s != nil && span > 0 {
		could := float64(step.servers) * span / w.cfg.Service.Mean()
		most := math.Abs(free) + math.Min(math.Abs(held)+w.held, w.mostPass(span, could+float64(step.servers))) + could
		parts = math.Min(bandTurns, math.Ceil(most/(float64(s.At)/bandAge)))
		parts = math.Max(1, parts)
	}
	for i := range int(parts) {
		at := step.from + span*float64(i+1)/parts
		w.move(at, span/parts, free/parts, held/parts, served/parts, step.servers)
	}
}

// mostPass is as many as the throttle can let through in a time, in which so many can leave.
func (w *bandPath) mostPass(span, leave float64) float64 {
	most := math.Inf(1)
	if t := w.cfg.Mechanisms.Throttle; t != nil {
		if t.PerSecond > 0 {
			most = w.tokens + t.PerSecond*span
		}
		if t.MaxWaiting > 0 {
			most = math.Min(most, w.roomFor()+leave)
		}
	}
	return most
}

// share of the noise of a slice that falls into its k-th step: as of the time, or, where the
// slice is an instant, all.
func (w *bandPath) share(i, k int) float64 {
	first := 0
	if i > 0 {
		first = w.noise.ends[i-1]
	}
	last := w.noise.ends[i] - 1
	if all := w.steps[last].to - w.steps[first].from; all > 0 {
		return (w.steps[k].to - w.steps[k].from) / all
	}
	return 1 / float64(last-first+1)
}

// move goes on by a time up to t, in which so many come, and more are served.
func (w *bandPath) move(t, span, free, held, more float64, servers int) {
	m, c := w.cfg.Mechanisms, float64(servers)
	mean := w.cfg.Service.Mean()
	w.joined(servers)
	could, speed := 0.0, 1.0
	if c > 0 && span > 0 {
		speed = w.speed(c, t-span, t)
		could = math.Max(0, c*span/mean/w.slowed()*speed+more)
	}
	n := w.busy + w.line
	free = math.Max(free, -n)
	had := w.held
	w.held = math.Max(0, w.held+held)
	share := 1.0
	if m.MaxAge > 0 && could > 0 {
		share = w.passStale(t, span)
	}
	pass := w.passes(share*w.tokensIn(span, free, could, servers), c+w.roomFor()-(n+free-could))
	came := free + pass
	next := n + came - could
	if x := span / mean * speed; x > 0 && c > 0 {
		next = math.Max(next, n*math.Exp(-x)-came*math.Expm1(-x)/x)
	}
	gone := math.Max(0, n+came-next)
	kept := next
	if m.Limited {
		kept = math.Min(next, c+float64(m.QueueLimit))
	}
	was := w.busy
	if m.MaxAge > 0 {
		w.age(t, bandComers{free, held, pass}, next-kept, gone, c, kept)
	} else {
		w.busy = math.Min(kept, c)
		w.line = kept - w.busy
	}
	if next-w.busy-w.line > bandDrop*next {
		w.dropped = t
	}
	if w.enters != nil {
		w.enters(t, came-math.Max(0, next-kept))
	}
	if w.lets != nil && m.MaxAge == 0 {
		w.lets(t, pass)
	}
	switch {
	case w.held >= 1:
		w.bound, w.freed = t, t
	case had >= 1:
		w.freed = t - span*(1-w.held)/(had-w.held)
	}
	if c > 0 {
		w.began.begin(t, (w.busy-was)/c)
	}
}

// speed of busy servers over a time, of those that have begun together as rungLane has it, over
// that in equilibrium.
func (w *bandPath) speed(servers, from, to float64) float64 {
	if len(w.began.from) == 0 || servers < 2 {
		return 1
	}
	ahead, _ := w.began.moves(from, to)
	return 1 + (1-1/servers)*w.cfg.Service.Mean()/(to-from)*ahead
}

// slowed is by how much services take longer that begin now.
func (w *bandPath) slowed() float64 {
	s := w.cfg.Mechanisms.SlowDown
	if s == nil {
		return 1
	}
	return 1 + (s.Factor-1)*math.Min(1, w.line/float64(s.At))
}

// roomFor is how many may wait in the lane as the throttle still lets one pass, and that one.
func (w *bandPath) roomFor() float64 {
	if t := w.cfg.Mechanisms.Throttle; t != nil && t.MaxWaiting > 0 {
		return float64(t.MaxWaiting + 1)
	}
	return math.Inf(1)
}

// tokensIn are those that come within a time.
func (w *bandPath) tokensIn(span, free, could float64, servers int) float64 {
	t := w.cfg.Mechanisms.Throttle
	if t == nil || span == 0 {
		return 0
	}
	if t.MaxWaiting == 0 || t.PerSecond == 0 || w.held <= t.PerSecond*span {
		return t.PerSecond * span
	}
	return span * w.loss.rate(t, free/span, could/span, w.cfg.Service.SCV(), servers)
}

// passes lets through what the throttle may with so many more tokens, and some room.
func (w *bandPath) passes(more, room float64) float64 {
	t := w.cfg.Mechanisms.Throttle
	pass := math.Max(0, math.Min(w.held, room))
	if t != nil && t.PerSecond > 0 {
		tokens := w.tokens + more
		pass = math.Min(pass, tokens)
		w.tokens = math.Min(math.Max(1, t.Burst), tokens-pass)
	}
	w.held -= pass
	return pass
}

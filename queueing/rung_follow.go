package queueing

import (
	"fmt"
	"math"
)

// follow moves the law to the instant `to`, at or before which nothing breaks.
func (w *rungLane) follow(to float64) error {
	if w.left() <= w.rest() {
		w.t = to
		return nil
	}
	end := math.Min(to, w.horizon(to))
	w.disperse(end)
	for tries := 0; w.t < to && w.left() > w.rest(); tries++ {
		w.check()
		if tries%rungLook == 0 {
			if t := w.clear(to, end); tries == 0 || t-w.t > rungLook*w.length {
				if w.leap(t); w.t >= to {
					break
				}
				w.climb(end)
			}
		}
		if w.steps++; w.left() > w.rest() && (w.steps > rungSteps || w.t > tailMost) {
			return &UnsupportedError{Diffusion, fmt.Sprintf("%.3g of the mass had not drained after %d steps", w.left(), rungSteps)}
		}
		if err := w.advance(to); err != nil {
			return err
		}
	}
	if !w.cfg.Mechanisms.Limited && w.ages == nil { // which has its place at the highest rung
		w.edge = math.Max(w.edge, w.p[len(w.p)-1])
	}
	return nil
}

// horizon is when the mean path has drained, a little later than `from`, if
// there is no instant before which all must be followed.
func (w *rungLane) horizon(to float64) float64 {
	if !math.IsInf(to, 1) {
		return to
	}
	_, end := w.slowest.fluidEnd()
	return math.Max(end, w.t+10*w.cfg.Service.Mean())
}

// clear is the latest instant up to which the law stays far above where
// servers idle and where it is drained. The rates are smooth up to `to`.
func (w *rungLane) clear(to, end float64) float64 {
	least := math.Max(float64(w.servers), w.level)
	if !w.Plain() && w.servers > 0 {
		return w.t
	}
	if w.servers == 0 && w.level < 0 {
		return to
	}
	lo, _ := w.above().ends(rungEdge)
	far := func(t float64) bool {
		mean, variance := w.moves(w.t, t)
		return lo+mean-rungSides*math.Sqrt(variance) > least
	}
	const parts = 64
	last := w.t
	for i := 1.0; i <= parts; i++ {
		t := w.t + (end-w.t)*i*i/(parts*parts)
		if i == parts {
			t = end
		}
		if !far(t) {
			return last
		}
		last = t
	}
	return last
}

// above is the law of what is not absorbed.
func (w *rungLane) above() cloud {
	if w.level < 0 {
		return w.cloud
	}
	return cloud{w.at[1:], w.p[1:]}
}

// leap adds a normal number in one step.
func (w *rungLane) leap(t float64) {
	if t <= w.t {
		return
	}
	defer w.bound()
	mean, variance := w.moves(w.t, t)
	c := w.above().plus(normalCloud(mean, variance))
	if w.level >= 0 {
		c = cloud{append(rungs{w.level}, c.at...), append([]float64{0}, c.p...)}
	}
	w.cloud, w.t = c, t
}

// climb lays the rungs for what comes up to end.
func (w *rungLane) climb(end float64) {
	bottom, base := math.Max(w.level, 0), math.Max(float64(w.servers), w.level)
	_, hi := w.above().ends(rungEdge)
	top, ratio := math.Max(hi, base), math.Inf(1)
	const parts = 24
	var mean, sd [parts + 1]float64
	for i := range mean {
		t := w.t + (end-w.t)*float64(i*i)/(parts*parts)
		m, v := w.moves(w.t, t)
		mean[i], sd[i] = m, v
		if w.pace != nil {
			mean[i] = w.cfg.Arrivals.Flow(w.t, t) - w.slowest.Work(w.t, t)
		}
		lam, could := w.cfg.Arrivals.Rate(t), float64(w.servers)/w.cfg.Service.Mean()
		speed, more := w.ends(t, t+w.cfg.Service.Mean())
		served := speed * could
		if spread := w.dispersion*lam + w.cfg.Service.SCV()*served + more*could; lam != served {
			ratio = math.Min(ratio, spread/math.Abs(lam-served))
		}
	}
	rise := 0.0
	for j := range mean {
		for i := range j {
			rise = math.Max(rise, mean[j]-mean[i]+rungSides*math.Sqrt(math.Max(sd[j]-sd[i], 0)))
		}
	}
	if c, lam := w.slowest.Capacity(end), w.cfg.Arrivals.Rate(end); c > lam { // a stationary law's tail
		rise += 12 * (1 + w.dispersion*lam + w.cfg.Service.SCV()*c) / (c - lam)
	}
	r := newRungs(bottom, base, top+rise+20, 0.8*ratio, 0.8*ratio)
	w.cloud = w.over(r.upTo(w.room()))
	w.absorbing = w.level >= 0
	if w.absorbing { // what the rungs have moved below the level is at it
		w.lost(w.p[0])
		w.p[0] = 0
	}
	w.jumps(w.servers, w.cfg.Service, w.dispersion)
	w.length = 0.1 / (w.cfg.Arrivals.Rate(w.t) + w.FinalCapacity())
}

// advance makes a step, of a length that keeps its error small, and notes the
// density of what it absorbs.
func (w *rungLane) advance(to float64) error {
	lam := func(s, t float64) float64 { return w.cfg.Arrivals.Flow(w.t+s, w.t+t) / (t - s) }
	ends := func(s, t float64) (speed, spread float64) { return w.ends(w.t+s, w.t+t) }
	h, mass := math.Min(w.length, to-w.t), w.left()
	if w.ages != nil {
		h = math.Min(h, w.ages.step(w.t))
	}
	reach := w.reach(h)
	lo, hi := w.window(reach)
	if err := w.effort.spend(6 * float64(hi-lo+1)); err != nil {
		return err
	}
	p, absorbed, off := w.step(h, lo, hi, lam, ends)
	allowed := rungStep * mass
	if w.ages != nil { // the bound moves at each step
		allowed *= rungAgeError
	}
	w.length = h * math.Min(4, math.Max(0.2, 0.8*math.Cbrt(allowed/math.Max(off, 1e-300))))
	if off > allowed && h > 1e-12*w.t && w.length < h {
		return nil
	}
	before, idle := w.flow(w.t), w.idle()
	w.p = p
	from := w.t
	if w.t += h; h == to-from {
		w.t = to
	}
	if !w.absorbing { // who takes what comes begins now
		w.begun(idle - w.idle())
	}
	w.filled()
	if w.absorbing {
		w.panels = append(w.panels, flowPanel(from, w.t, before, w.flow(w.t), absorbed))
	}
	w.tooOld()
	return nil
}

// reach is how far the number may move in a time h, whatever it is.
func (w *rungLane) reach(h float64) float64 {
	speed, _ := w.ends(w.t, w.t+h)
	mean := math.Max(w.cfg.Arrivals.Flow(w.t, w.t+h), speed*float64(w.servers)*h/w.cfg.Service.Mean())
	return mean + 9*math.Sqrt(math.Max(1, math.Max(w.dispersion, w.cfg.Service.SCV()))*mean) + 20
}

// flow is the rate at which mass is absorbed.
func (w *rungLane) flow(t float64) float64 {
	if !w.absorbing {
		return 0
	}
	speed, spread := w.ends(t, t+1e-6*w.cfg.Service.Mean())
	_, down := w.rates(1, 1, w.cfg.Arrivals.Rate(t), speed, spread)
	return down[1] * w.p[1]
}

// flowPanel is the parabola with the density at both ends and the mass, or a
// constant where that would be negative somewhere.
func flowPanel(lo, hi, first, last, mass float64) panel {
	mean := mass / (hi - lo)
	bend := 0.75 * ((first+last)/2 - mean)
	p := newPanel(lo, hi, []float64{(first+last)/2 - bend, (last - first) / 2, bend})
	for i := range 9 {
		if clenshaw(p.coef, float64(i)/4-1) < 0 {
			return newPanel(lo, hi, []float64{mean})
		}
	}
	return p
}

// drain is the law of what was absorbed. What is left goes at the last rate.
func (w *rungLane) drain() Drain {
	if mass, flow := w.left(), 0.0; mass > 0 && w.absorbing {
		if flow = w.flow(w.t); flow > 0 {
			w.panels = append(w.panels, exponentialTail(w.t, mass, flow/mass)...)
		}
	}
	d := Drain{Distribution: newCurve(w.panels, w.atoms, 0), Method: Diffusion, Quality: Approximate,
		Reason: "the number in the lane as a diffusion with its mean path and variance, servers that idle included"}
	d.rough = w.inStep(d, w.rungError())
	d.AbsError = math.Min(1, d.rough+math.Abs(1-d.Distribution.(*curve).total())+w.edge)
	for _, a := range w.atoms {
		if a.Mass > d.AbsError-d.rough {
			d.Atoms = append(d.Atoms, a)
		}
	}
	return d
}

package queueing

import (
	"math"
)

// rungWalk is the number in a lane as a chain over rungs, whose jumps to the
// rungs next to it have the mean and the variance per second that the number
// has (H. J. Kushner, P. G. Dupuis, Numerical Methods for Stochastic Control
// Problems in Continuous Time, Springer 1992, section 4.3): with distances h-
// and h+, drift b and variance a they are
//
//	up (a + b h-) / (h+ (h- + h+)),    down (a - b h+) / (h- (h- + h+)).
//
// At one request apart and a = lam + mu, b = lam - mu that is the chain of
// exponential servers itself. Where rungs are too far apart for the drift the
// negative one is 0, and the variance is larger than it should be.
//
// Time goes on by the implicit Euler method, extrapolated from 1, 2 and 3 steps
// to the third order (P. Deuflhard, SIAM Rev. 27 (1985) 505), which takes any
// step once the fast modes are gone: a drain of 10^30 s is 10^2 steps away. No
// difference is taken in a step, so that rates that small have digits.
type rungWalk struct {
	cloud
	absorbing bool                          // at the lowest rung
	busy      int                           // the first rung at which all servers are busy
	pace      func(waiting float64) float64 // of the services while so many wait; nil: 1
	up, down  [3][]float64
	next      [2][]float64 // rates of the present step
	pivot     []float64
	laws      [3][]float64
}

// jumps sets the rates of the rungs. Those of arrivals are per request per
// second, times their dispersion; those of services have unit speed.
func (w *rungWalk) jumps(servers int, service Service, dispersion float64) {
	n := len(w.at)
	for k := range w.up {
		w.up[k], w.down[k] = make([]float64, n), make([]float64, n)
	}
	w.next = [2][]float64{make([]float64, n), make([]float64, n)}
	w.pivot = make([]float64, n)
	for k := range w.laws {
		w.laws[k] = make([]float64, n)
	}
	w.busy = n
	for i, x := range w.at {
		scv, ends := service.SCV(), float64(servers)/service.Mean()
		if x < float64(servers) {
			scv, ends = 1, x/service.Mean()
		} else {
			w.busy = min(w.busy, i)
			ends *= w.paceOf(x - float64(servers))
		}
		below, above := math.Inf(1), math.Inf(1)
		if i > 0 {
			below = x - w.at[i-1]
		}
		if i < n-1 {
			above = w.at[i+1] - x
		}
		switch {
		case i == 0 && n > 1:
			w.up[0][i] = 1 / above
		case i == n-1:
			w.down[1][i] = ends / below
		default:
			w.up[2][i], w.down[2][i] = ends/(above*(below+above)), ends/(below*(below+above))
			w.up[0][i], w.up[1][i] = (dispersion+below)/(above*(below+above)), ends*(scv-below)/(above*(below+above))
			w.down[0][i], w.down[1][i] = (dispersion-above)/(below*(below+above)), ends*(scv+above)/(below*(below+above))
		}
	}
}

func (w *rungWalk) paceOf(waiting float64) float64 {
	if w.pace == nil {
		return 1
	}
	return w.pace(waiting)
}

// rates of the rungs from lo to hi at an arrival rate and a speed of busy
// servers, of which each service has so much variance beyond the SCV.
func (w *rungWalk) rates(lo, hi int, lam, speed, spread float64) (up, down []float64) {
	up, down = w.next[0], w.next[1]
	for i := lo; i <= hi; i++ {
		s, v := 1.0, 0.0
		if i >= w.busy {
			s, v = speed, spread
		}
		u, d := lam*w.up[0][i]+s*w.up[1][i]+v*w.up[2][i], lam*w.down[0][i]+s*w.down[1][i]+v*w.down[2][i]
		if (u < 0 || d < 0) && i > 0 && i < len(up)-1 { // the drift stays
			ratio := (w.at[i+1] - w.at[i]) / (w.at[i] - w.at[i-1])
			u, d = math.Max(u, 0)-math.Min(d, 0)/ratio, math.Max(d, 0)-math.Min(u, 0)*ratio
		}
		up[i], down[i] = u, d
	}
	return up, down
}

// euler takes one implicit step of the rungs from lo to hi, in place, and
// returns what is absorbed: elimination from the top, without differences (as
// W. K. Grassmann, M. I. Taksar, D. P. Heyman, Oper. Res. 33 (1985) do it).
func (w *rungWalk) euler(p []float64, lo, hi int, h float64, up, down []float64) (absorbed float64) {
	stays := 1.0 // pivot less what goes down
	w.pivot[hi] = 1 + h*down[hi]
	for i := hi - 1; i >= lo; i-- {
		share := h / w.pivot[i+1]
		p[i] += share * down[i+1] * p[i+1]
		stays = 1 + share*up[i]*stays
		w.pivot[i] = stays + h*down[i]
	}
	if lo > 1 || !w.absorbing { // nothing leaves the window
		w.pivot[lo] = stays
	}
	p[lo] /= w.pivot[lo]
	for i := lo + 1; i <= hi; i++ {
		p[i] = (p[i] + h*up[i-1]*p[i-1]) / w.pivot[i]
	}
	if w.absorbing && lo == 1 {
		absorbed = h * down[1] * p[1]
	}
	return absorbed
}

// step is the law after h and what is absorbed by then, and how far the second
// order is from the third. lam is the mean arrival rate, ends are the speed of busy
// servers and their further variance, over parts of the step. Only the rungs from lo to hi move.
func (w *rungWalk) step(h float64, lo, hi int, lam func(from, to float64) float64, ends func(from, to float64) (speed, spread float64)) (p []float64, absorbed, off float64) {
	laws := w.laws
	var gone [3]float64
	for k := range laws {
		copy(laws[k][lo:hi+1], w.p[lo:hi+1])
		part := h / float64(k+1)
		for j := range k + 1 {
			from, to := part*float64(j), part*float64(j+1)
			speed, spread := ends(from, to)
			up, down := w.rates(lo, hi, lam(from, to), speed, spread)
			gone[k] += w.euler(laws[k], lo, hi, part, up, down)
		}
	}
	p = append(p, w.p...)
	for i := lo; i <= hi; i++ {
		third, second := 0.5*laws[0][i]-4*laws[1][i]+4.5*laws[2][i], 3*laws[2][i]-2*laws[1][i]
		off += math.Abs(third - second)
		p[i] = math.Max(third, 0)
	}
	return p, math.Max(0.5*gone[0]-4*gone[1]+4.5*gone[2], 0), off
}

// rungDust is a mass whose moves are not followed.
const rungDust = 1e-14

// window of rungs that the law reaches.
func (w *rungWalk) window(reach float64) (lo, hi int) {
	first := 0
	if w.absorbing {
		first = 1
	}
	last := len(w.p) - 1
	for lo = first; lo < last && w.p[lo] < rungDust; lo++ {
	}
	for hi = last; hi > lo && w.p[hi] < rungDust; hi-- {
	}
	low, high := w.at[lo]-reach, w.at[hi]+reach
	for lo > first && w.at[lo] > low {
		lo--
	}
	for hi < last && w.at[hi] < high {
		hi++
	}
	return lo, hi
}

package steady

import (
	"errors"
	"math"
)

// ErrUnreachable says that no number of servers, or no arrival rate, meets a
// goal.
var ErrUnreachable = errors.New("steady: no value in the allowed range meets the goal")

// ErrTooLarge says that a model is too large, or too close to saturation, to
// be solved in a reasonable time.
var ErrTooLarge = errors.New("steady: too large")

// A Goal tells whether a model is good enough. Goals have to be monotone:
// met by more servers, or less load, once met.
type Goal func(Model) (bool, error)

// MeanWait is the goal that the mean wait is at most t seconds. One of 0 is
// met where nobody can wait, not where the wait is too short for a number.
func MeanWait(t float64) Goal {
	return func(m Model) (bool, error) {
		x, err := m.Measures()
		if t == 0 && !neverWaits(m) {
			return false, err
		}
		return x.Status == Stable && x.Wq <= t, err
	}
}

// neverWaits tells whether nobody can wait: there is no queue, a place to be
// served for all who can be there, or no chance in it.
func neverWaits(m Model) bool {
	switch m := m.(type) {
	case MMcc, MMInf, PS:
		return true
	case MMcK:
		return m.Limit <= m.Servers
	case Repair:
		return m.Sources <= m.Servers
	case GGc:
		return m.ArrivalSCV == 0 && m.ServiceSCV == 0
	}
	return false
}

// MeanSojourn is the goal that the mean time in the system is at most t
// seconds.
func MeanSojourn(t float64) Goal {
	return func(m Model) (bool, error) {
		x, err := m.Measures()
		return x.Status == Stable && x.W <= t, err
	}
}

// WaitWithin is the goal that at least the share p of the requests waits no
// longer than t seconds. The model has to be a [Waiter].
func WaitWithin(t, p float64) Goal {
	return func(m Model) (bool, error) {
		w, ok := m.(Waiter)
		if !ok {
			return false, errors.New("steady: the model has no law of the wait")
		}
		if _, slow := m.(MDc); slow && t > 0 { // its law costs less than its measures
			tail, err := w.WaitTail(t)
			return tail <= 1-p, err
		}
		x, err := m.Measures()
		if err != nil || x.Status == Saturated {
			return false, err
		}
		if _, multi := m.(Priority); !multi && x.PWait <= 1-p {
			return true, nil // few enough wait at all, and that is quickly known
		}
		tail, err := w.WaitTail(t)
		return tail <= 1-p, err
	}
}

// AtOnce is the goal that at least the share p of the requests neither waits
// nor is refused.
func AtOnce(p float64) Goal {
	return func(m Model) (bool, error) {
		x, err := m.Measures()
		held := x.PWait*(1-x.PBlock) + x.PBlock
		return x.Status == Stable && held <= 1-p, err
	}
}

// Blocking is the goal that at most the share p of the requests is refused.
func Blocking(p float64) Goal {
	return func(m Model) (bool, error) {
		x, err := m.Measures()
		return x.Status == Stable && x.PBlock <= p, err
	}
}

// Losing is the goal that at most the share p of the requests is lost: refused,
// or given up while waiting.
func Losing(p float64) Goal {
	return func(m Model) (bool, error) {
		x, err := m.Measures()
		return x.Status == Stable && x.PBlock+x.PAbandon <= p, err
	}
}

// Both is the goal that every one of the goals is met.
func Both(goals ...Goal) Goal {
	return func(m Model) (bool, error) {
		for _, goal := range goals {
			if ok, err := goal(m); !ok || err != nil {
				return false, err
			}
		}
		return true, nil
	}
}

// FewestServers is the least number of servers, from 1 to MaxServers, at
// which the model meets the goal. It errs with [ErrUnreachable] when none
// does.
func FewestServers(m Staffed, goal Goal) (int, error) {
	var fault error
	meets := func(c int) bool {
		if c > MaxServers {
			return true // ends the search
		}
		ok, err := goal(m.AtServers(c))
		if err != nil {
			fault = err
		}
		return ok || err != nil
	}
	c := firstCount(1, meets)
	if fault != nil {
		return 0, fault
	}
	if c > MaxServers {
		return 0, ErrUnreachable
	}
	return c, nil
}

// largestSearched is the rate, in 1/s, up to which a search goes.
const largestSearched = 1e150

// LargestRate is the largest arrival rate, in 1/s, at which the model meets
// the goal, to a relative precision of 1e-13; +Inf when every rate does. It
// errs with [ErrUnreachable] when not even the smallest does.
func LargestRate(m Loaded, goal Goal) (float64, error) {
	var fault error
	meets := func(rate float64) bool {
		if fault != nil {
			return false
		}
		ok, err := goal(m.AtRate(rate))
		if err != nil {
			fault = err
		}
		return ok && err == nil
	}
	lo := 1e-300
	switch {
	case meets(lo):
	case fault != nil:
		return 0, fault
	default:
		return 0, ErrUnreachable
	}
	hi := 1.0
	for meets(hi) {
		lo, hi = hi, hi*16
		if hi > largestSearched {
			return math.Inf(1), nil
		}
	}
	rate := bisect(lo, hi, meets)
	return rate, fault
}

// firstCount is the least n from lo on at which ok turns true: by doubling
// the step, then by halving. Beyond 2 MaxServers it gives up and returns a
// larger number.
func firstCount(lo int, ok func(int) bool) int {
	if ok(lo) {
		return lo
	}
	step := 1
	for !ok(min(lo+step, 2*MaxServers)) {
		if lo+step >= 2*MaxServers {
			return 2*MaxServers + 1
		}
		lo += step
		step *= 2
	}
	hi := min(lo+step, 2*MaxServers)
	for hi-lo > 1 {
		mid := lo + (hi-lo)/2
		if ok(mid) {
			hi = mid
		} else {
			lo = mid
		}
	}
	return hi
}

// bisect finds where below turns from true at lo to false at hi, to the last
// bits: by the geometric mean while the ends are far apart.
func bisect(lo, hi float64, below func(float64) bool) float64 {
	for i := 0; i < 2100; i++ {
		mid := lo + (hi-lo)/2
		if lo > 0 && hi > 4*lo {
			mid = math.Sqrt(lo) * math.Sqrt(hi)
		}
		if mid <= lo || mid >= hi || hi-lo <= 1e-15*hi {
			return mid
		}
		if below(mid) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + (hi-lo)/2
}

// tailQuantile is the smallest t >= 0 at which the decreasing tail is at most
// q > 0, given a time scale to start from: the root of ln tail - ln q, by
// false position with the Illinois rule (Dowell & Jarratt, BIT 11, 1971) and
// a bisection whenever that gains less than half.
func tailQuantile(tail func(float64) (float64, error), q, scale float64) (float64, error) {
	return tailQuantileWithin(tail, q, scale, 1e-15)
}

// tailQuantileWithin is that to a relative error, for tails that are dear or
// have not that many digits.
func tailQuantileWithin(tail func(float64) (float64, error), q, scale, within float64) (float64, error) {
	var fault error
	excess := func(t float64) float64 {
		p, err := tail(t)
		if err != nil {
			fault = err
		}
		return math.Max(math.Log(p)-math.Log(q), -1e4)
	}
	lo, atLo := 0.0, excess(0)
	if !(atLo > 0) || fault != nil {
		return 0, fault
	}
	hi, atHi := scale, excess(scale)
	for atHi > 0 && hi < 1e300 && fault == nil {
		lo, atLo = hi, atHi
		hi *= 2
		atHi = excess(hi)
	}
	kept := 0 // the end that stayed last time: -1 low, 1 high; 2: bisect next
	for range 200 {
		width := hi - lo
		if width <= within*hi || fault != nil {
			break
		}
		t := lo + width*atLo/(atLo-atHi)
		if kept == 2 || !(atLo > atHi) { // false position gained too little, or both ends are at the root to the last digit
			t = lo + width/2
		}
		t = math.Min(math.Max(t, lo+1e-16*hi), hi-1e-16*hi)
		y := excess(t)
		switch {
		case y > 0 && kept == 1:
			lo, atLo, atHi = t, y, atHi/2
		case y > 0:
			lo, atLo, kept = t, y, 1
		case kept == -1:
			hi, atHi, atLo = t, y, atLo/2
		default:
			hi, atHi, kept = t, y, -1
		}
		if hi-lo > width/2 && kept != 2 && width > 1e-6*hi {
			kept = 2
		}
	}
	return hi, fault
}

package study

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// SizeOptions say which values a key may be given.
type SizeOptions struct {
	Lo, Hi float64 // SI units; Hi is 0 where it is to be found by doubling
	Whole  bool
	Pace   Pace // whether the key paces a finite pool: what it sends must begin service in time too
	Limit  float64
	// Compile makes the case, of one design, for a value.
	Compile func(x float64) (Case, error)
}

// Pace says which way a key paces a finite pool. A faster pace drains later, a
// slower one completes later: with every request at one pace or slower drained
// in time, the fastest such pace is the one that completes soonest, so that
// both are met there or nowhere.
type Pace int

// The ways of a pace.
const (
	NoPace Pace = iota
	Delay       // the smaller the faster
	Rate        // the greater the faster
)

// Trial is one value that was tried.
type Trial struct {
	Value     float64
	Breach    montecarlo.Estimate // P(T > D)
	Meets     bool
	Never     bool
	Completed *Figure             // s, of a pace
	TooLate   montecarlo.Estimate // P(the last request begins service after D), of a pace
	Answer    Answer
}

// Sized is the value that just meets the objective.
type Sized struct {
	Found    bool
	Best     Trial  // meets the objective; where not Found the one that comes nearest
	Missed   *Trial // one step short; nil where every value meets
	Greatest bool   // Best is the greatest value that meets it, not the least
	Stopped  bool   // the search was broken off: there are trials and no answer
	Monotone bool   // the objective is met on one side of Best only, as far as was tried
	Trials   []Trial
	Reason   string // why nothing was found
}

// decided tells whether the verdict is sure.
func (t *Trial) decided() bool { return t.Never || t.Answer.Decided }

// Decided tells whether the verdicts at the answer and one step short are sure.
func (s *Sized) Decided() bool {
	return s.Best.decided() && (s.Missed == nil || s.Missed.decided())
}

// Open is from where to where, about the answer, the verdict is not sure.
func (s *Sized) Open() (from, to float64, some bool) {
	if s.Decided() {
		return 0, 0, false
	}
	at := func(x float64) int {
		return slices.IndexFunc(s.Trials, func(t Trial) bool { return t.Value == x })
	}
	first := at(s.Best.Value)
	if s.Best.decided() {
		first = at(s.Missed.Value)
	}
	last := first
	for first > 0 && !s.Trials[first-1].decided() {
		first--
	}
	for last < len(s.Trials)-1 && !s.Trials[last+1].decided() {
		last++
	}
	return s.Trials[first].Value, s.Trials[last].Value, true
}

// ErrNoRange says that no value allowed by the key compiles.
var ErrNoRange = errors.New("no value of the key makes a sound scenario")

// steps of the search for a value that is not whole: the answer is right to
// 1/1000 of itself.
const sizeTolerance = 1e-3

// Size finds the least, or the greatest, value that meets the objective by
// bisection, exactly where the value is whole. Monotony is not taken on trust:
// the values between are probed too. When ctx ends, the values tried by then are
// returned with a *StoppedError.
func Size(ctx context.Context, s SizeOptions, o Options) (*Sized, error) {
	o.Method, o.coarse, o.shared = o.Method.orAuto(), true, &queueing.Shared{}
	z := &sizer{SizeOptions: s, ctx: ctx, options: o, seen: map[float64]*Trial{}}
	lo, hi, err := z.bracket()
	if err != nil {
		return z.broken(err)
	}
	z.outer = [2]float64{lo, hi}
	if z.at(lo).Meets == z.at(hi).Meets {
		lo, hi = z.scan(lo, hi)
	} else {
		z.all(z.between(lo, hi)...)
	}
	for z.err == nil && z.at(lo).Meets != z.at(hi).Meets && z.apart(lo, hi) {
		if mid := z.middle(lo, hi); z.at(mid).Meets == z.at(lo).Meets {
			lo = mid
		} else {
			hi = mid
		}
	}
	if z.err == nil && z.Whole && !z.monotone() && z.outer[1]-z.outer[0] < fewWhole {
		lo, hi = z.every()
	}
	if z.err != nil {
		return z.broken(z.err)
	}
	sized, err := z.result(lo, hi)
	if err != nil {
		return z.broken(err)
	}
	return sized, sized.guarded()
}

// broken is what a search knows that ended by an error.
func (z *sizer) broken(err error) (*Sized, error) {
	if !errors.Is(err, context.Canceled) {
		return nil, err
	}
	s := &Sized{Stopped: true, Monotone: true, Reason: "it was interrupted", Trials: z.trials()}
	if len(s.Trials) == 0 {
		return nil, stopped(err, "no value was tried to the end")
	}
	s.Best = s.nearest()
	if broken := s.guarded(); broken != nil {
		return nil, broken
	}
	tried := "one value was tried"
	if n := len(s.Trials); n > 1 {
		tried = fmt.Sprintf("%d values were tried", n)
	}
	return s, stopped(err, tried+", and the search is not finished")
}

// trials are the values tried so far, in their order.
func (z *sizer) trials() []Trial {
	var all []Trial
	for _, t := range z.seen {
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b Trial) int { return compareFloats(a.Value, b.Value) })
	return all
}

type sizer struct {
	SizeOptions
	ctx     context.Context
	options Options
	seen    map[float64]*Trial
	outer   [2]float64 // the whole range
	err     error
}

// at tries a value once. After an error it answers with an empty trial.
func (z *sizer) at(x float64) *Trial {
	z.all(x)
	if t := z.seen[x]; t != nil {
		return t
	}
	return &Trial{Value: x}
}

// all tries several values side by side.
func (z *sizer) all(values ...float64) {
	if z.err != nil {
		return
	}
	var fresh []float64
	for _, x := range values {
		if z.seen[x] == nil && !slices.Contains(fresh, x) {
			fresh = append(fresh, x)
		}
	}
	trials := make([]*Trial, len(fresh))
	position := len(z.seen)
	z.err = inParallel(z.ctx, len(fresh), z.options.Workers, func(i int) error {
		a, err := z.answer(fresh[i], position+i)
		if err != nil {
			return err // there may be no law to read a chance from
		}
		trials[i] = &Trial{Value: fresh[i], Answer: a, Breach: Breach.Of(&a), Never: a.Status == Never, Meets: a.MeetsObjective}
		return nil
	})
	for i, x := range fresh {
		if trials[i] != nil { // else it failed, or another did before
			z.seen[x] = trials[i]
		}
	}
}

// answer is kept under the value; the same values are tried in the same order
// whoever asks.
func (z *sizer) answer(x float64, position int) (Answer, error) {
	c, err := z.Compile(x)
	if err == nil {
		err = supported(c.Designs)
	}
	if err != nil {
		return Answer{}, err
	}
	o := z.options
	o.Ledger = nil // what is kept is the whole answer
	return keptAnswer(z.options.Ledger, fmt.Sprintf("value/%v", x), position, c.Designs[0].Name, func() (Answer, error) {
		a, err := quick(z.ctx, c.Designs[0], c, o)
		if err == nil && !a.Decided && a.Drain.sharp() { // a coarse law is too coarse so near
			o.coarse = false
			a, err = quick(z.ctx, c.Designs[0], c, o)
		}
		return a, err
	})
}

// bracket is the range to search. Without an upper end it doubles until the
// verdict changes; a lower end that makes no sound scenario is raised.
func (z *sizer) bracket() (lo, hi float64, err error) {
	lo, hi = z.Lo, z.Hi
	if hi > 0 {
		z.all(append([]float64{lo, hi}, z.between(lo, hi)...)...)
		return lo, hi, z.err
	}
	for tries := 0; ; tries++ {
		if z.at(lo); z.err == nil {
			break
		}
		if tries == 8 {
			return 0, 0, z.err
		}
		z.err = nil
		lo++
	}
	before := lo
	for hi = lo + 1; hi < z.Limit && z.at(hi).Meets == z.at(lo).Meets && z.err == nil; hi *= 2 {
		before = hi
	}
	return before, math.Min(hi, z.Limit), z.err
}

const probes = 3

// between are a few values inside the range, tried only to see that the
// objective is met on one side.
func (z *sizer) between(lo, hi float64) []float64 {
	var inside []float64
	for i := 1; i <= probes; i++ {
		if x := z.round(lo + (hi-lo)*float64(i)/(probes+1)); x > lo && x < hi {
			inside = append(inside, x)
		}
	}
	return inside
}

// scan looks for a change of verdict where both ends have the same one.
func (z *sizer) scan(lo, hi float64) (float64, float64) {
	const points = 12
	last := lo
	for i := 1; i <= points; i++ {
		x := z.round(lo + (hi-lo)*float64(i)/points)
		if z.at(x).Meets != z.at(last).Meets {
			return last, x
		}
		last = x
	}
	return lo, hi
}

// fewWhole are so few whole numbers that, where the metric turns out not to be
// monotone, every one of them is tried.
const fewWhole = 100

// every tries all whole numbers of the range: the ends are the least value that
// meets the objective and the one below, or, where the lowest value does, the
// greatest and the one above.
func (z *sizer) every() (lo, hi float64) {
	var all []float64
	for x := z.outer[0]; x <= z.outer[1]; x++ {
		all = append(all, x)
	}
	z.all(all...)
	meets := func(x float64) bool { return z.at(x).Meets }
	if i := slices.IndexFunc(all, meets); i > 0 {
		return all[i-1], all[i]
	}
	last := len(all) - 1
	for last > 0 && !meets(all[last]) {
		last--
	}
	return all[last], all[min(last+1, len(all)-1)]
}

// monotone tells whether the verdict changes once at most, as far as was tried.
func (z *sizer) monotone() bool {
	trials, changes := z.trials(), 0
	for i := 1; i < len(trials); i++ {
		if trials[i].Meets != trials[i-1].Meets {
			changes++
		}
	}
	return changes <= 1
}

func (z *sizer) round(x float64) float64 {
	if z.Whole {
		return math.Round(x)
	}
	return x
}

func (z *sizer) apart(lo, hi float64) bool {
	if z.Whole {
		return hi-lo > 1
	}
	return hi-lo > sizeTolerance*math.Abs(hi)
}

// middle halves a range of whole numbers, or of numbers, by their ratio where
// they are positive and far apart.
func (z *sizer) middle(lo, hi float64) float64 {
	switch {
	case z.Whole:
		return math.Floor((lo + hi) / 2)
	case lo > 0 && hi > 4*lo:
		return math.Sqrt(lo * hi)
	}
	return (lo + hi) / 2
}

func (z *sizer) result(lo, hi float64) (*Sized, error) {
	s := &Sized{Monotone: z.monotone(), Trials: z.trials()}
	a, b := z.at(lo), z.at(hi)
	switch {
	case a.Meets && !b.Meets:
		s.Found, s.Best, s.Missed, s.Greatest = true, *a, b, true
	case b.Meets && !a.Meets:
		s.Found, s.Best, s.Missed = true, *b, a
	case a.Meets: // every value tried does: the fastest pace, or the end with the greater risk, is the answer
		s.Found, s.Best = true, *a
		if z.Pace == Rate || z.Pace == NoPace && b.Breach.Value > a.Breach.Value {
			s.Best, s.Greatest = *b, true
		}
	default:
		s.Best = s.nearest()
		s.Reason = "no value in the range meets the objective"
		if !z.Whole || z.outer[1]-z.outer[0] >= float64(len(s.Trials)) {
			s.Reason += fmt.Sprintf(", as far as the %d tried tell", len(s.Trials))
		}
	}
	if s.Found && z.Pace != NoPace {
		return s, z.checkPace(s)
	}
	return s, nil
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// nearest is the trial with the least risk, of several the one that drains
// soonest.
func (s *Sized) nearest() Trial {
	best := s.Trials[0]
	for _, t := range s.Trials[1:] {
		late, earliest := P99.Of(&t.Answer).Value, P99.Of(&best.Answer).Value
		if t.Breach.Value < best.Breach.Value || t.Breach.Value == best.Breach.Value && late < earliest {
			best = t
		}
	}
	return best
}

// checkPace asks whether, at the pace found, the last request begins its
// service in time: a slower pace drains sooner but completes later.
func (z *sizer) checkPace(s *Sized) error {
	c, err := z.Compile(s.Best.Value)
	if err != nil {
		return err
	}
	late, completed, err := lateCompletion(z.ctx, c.Designs[0], c, z.options)
	if err != nil {
		return err
	}
	s.Best.TooLate, s.Best.Completed = late, completed
	if late.Value > c.Objective.Risk() {
		s.Found = false
		s.Reason = "the lane drains in time at this pace, but the last request begins its service too late"
	}
	return nil
}

// lateCompletion is P(the last incident request begins service after D).
func lateCompletion(ctx context.Context, d Design, c Case, o Options) (montecarlo.Estimate, *Figure, error) {
	p, err := montecarlo.FollowPaths(ctx, d.Lanes, montecarlo.PathOptions{
		Options: o.options(min(followed, o.Replications), c.Horizon, &meter{}), Grid: []float64{0}})
	if err != nil {
		return montecarlo.Estimate{}, nil, err
	}
	return p.Completed.Exceed(c.Objective.Within), figure(p.Completed), nil
}

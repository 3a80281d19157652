package study

import (
	"context"
	"errors"
	"fmt"
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Comparison holds designs against each other.
//
// Where theory is exact for both designs of a pair the difference is known.
// Else the designs are drawn under the same seed, so that they share their
// random numbers, and the difference is estimated from the pairs (see
// [montecarlo.QuantileDifference] and its neighbours).
//
// The number of storms is doubled, from 1000 up to what was asked for, until
// it is decided which design is best; or, where a precision is asked for, until
// the number meant is as precise of every design that is simulated, whether the
// best is decided sooner, then, or not. Every look may err, so each takes its
// share of the error: intervals have 95 % at whichever look it ends.
type Comparison struct {
	Result               // the designs, at the last look
	Metric      Metric   // by which the best is chosen
	Metrics     []Metric // that are compared
	Looks       int      // that there may be
	Pairs       []Versus
	Best        Best
	Dominated   []Domination // of each design
	FrontierBy  string       // what a design's expense is: "cost" or "hardware"
	Cheapest    int          // of those that meet the objective, -1 if none does or there are no prices
	Needed      int          // storms with which all differences are bounded; 0 if they are
	Undecidable string       // why no number of storms decides it; empty if one may
}

// Versus is the difference of two designs, B less A, in each of the metrics.
type Versus struct {
	A, B        int
	Differences []Difference
}

// Difference of a metric. Value is NaN where both are infinite or unknown.
type Difference struct {
	montecarlo.Difference
	Quality queueing.Quality // exact, approximate or simulated
}

// Best says which design has the least of the metric, and how sure that is.
type Best struct {
	Design int
	Tied   []int // designs that are known to be as good
	// Confidence that no other design is better than Design. A wrong choice
	// passes the test of each other design against it with at most the p-value
	// of its own comparison, so their sum bounds the error (Bonferroni; J. C.
	// Hsu, Multiple Comparisons, Chapman & Hall 1996, section 4.1, for why
	// the comparisons with the best are enough), times the looks taken at
	// most.
	Confidence float64
	Decided    bool  // Confidence is 95 % or more
	Exact      bool  // theory is exact for all
	Open       []int // designs that may be better, in order of doubt
}

const (
	firstLook     = 1000
	enoughToClaim = montecarlo.Confidence
)

// ErrOneDesign says that there is nothing to compare.
var ErrOneDesign = errors.New("a comparison takes at least two designs")

// Compare holds the designs against each other, and finds the best by the
// metric. Of the metrics those are compared that the case has what they need
// for. When ctx ends, what the last finished look knows is returned with a
// *StoppedError; nil if there was none.
func Compare(ctx context.Context, c Case, metric Metric, o Options) (*Comparison, error) {
	o.Method, o.comparing, o.solved = o.Method.orAuto(), true, &solutions{}
	if o.Replications == 0 {
		o.Replications = defaultReplications
	}
	if len(c.Designs) < 2 {
		return nil, ErrOneDesign
	}
	if err := errors.Join(supported(c.Designs), given(c.Designs, metric)); err != nil {
		return nil, err
	}
	k := &Comparison{Metric: metric, Metrics: []Metric{P50, P99, Breach}}
	for _, m := range []Metric{BreachesPerYear, YearlyCost} {
		if given(c.Designs, m) == nil {
			k.Metrics = append(k.Metrics, m)
		}
	}
	most := o.Replications
	if o.Precision.Relative > 0 {
		most = mostCompared
	}
	looks := looksUpTo(most)
	if o.sharing() {
		looks = looks[len(looks)-1:]
	} else if o.Ledger == nil && len(looks) > 1 {
		o.Ledger = newNotebook()
	}
	k.Looks = len(looks)
	for i, n := range looks {
		n = min(n, most) // a precision may allow fewer of storms like these
		one := o
		one.Replications, one.Precision = n, o.rarely()
		if o.Progress != nil {
			o.Progress(i, len(looks))
		}
		switch err := k.look(ctx, c, one); {
		case errors.Is(err, context.Canceled) && i > 0 && !o.sharing():
			k.Interrupted = true
			k.frontier(c.Designs)
			if broken := k.guarded(); broken != nil {
				return nil, broken
			}
			return k, stopped(err, fmt.Sprintf("the designs were compared on %d storms each, and not yet on %d", looks[i-1], n))
		case err != nil:
			return nil, err
		}
		enough := k.Best.Decided || k.Undecidable != ""
		if o.Precision.Relative > 0 {
			enough, most = k.precise(c, o)
		}
		if enough {
			break
		}
	}
	k.frontier(c.Designs)
	return k, k.guarded()
}

// mostCompared storms of each design are drawn for a precision at the most: all
// designs' are held at once.
const mostCompared = 1_000_000

// precise judges how far what was to be precise is, of every design that was
// simulated, and tells whether no more storms are to be drawn for it, of how many
// at the most.
func (k *Comparison) precise(c Case, o Options) (enough bool, most int) {
	enough, most = true, mostCompared
	for i := range k.Designs {
		a := &k.Designs[i]
		if a.Simulated == nil || o.plainly().Relative == 0 {
			continue
		}
		p := o.Precision.plain(c.Objective.Within, a.requests(c.Designs[i], c.Objective))
		p.Most, p.OneByOne = mostCompared, min(p.OneByOne, mostCompared)
		p = p.By(a.Simulated.Method)
		e := o.Precision.in(a.Simulated)
		a.Simulated.Precision = p.Judge(e)
		a.Drain.Precision = a.Simulated.Precision
		enough, most = enough && p.More(e) == e.N, min(most, p.Most)
	}
	return enough, most
}

// looksUpTo are the numbers of storms after which it is looked whether enough
// are drawn.
func looksUpTo(most int) []int {
	var all []int
	for n := firstLook; n < most; n *= 2 {
		all = append(all, n)
	}
	return append(all, most)
}

// look answers the designs with the given number of storms and compares them.
func (k *Comparison) look(ctx context.Context, c Case, o Options) error {
	now := Result{Name: c.Name, Objective: c.Objective, Seed: o.Seed, Warnings: c.Warnings, Replications: o.Replications,
		Designs: make([]Answer, len(c.Designs))}
	errs, done := make([]error, len(c.Designs)), make([]bool, len(c.Designs))
	err := inParallel(ctx, len(c.Designs), o.Workers, func(i int) error {
		one := o
		one.Workers, one.Progress, one.spans = 1, nil, spans{"compare/", i}
		now.Designs[i], errs[i] = ask(ctx, c.Designs[i], c, one, k.Metrics...)
		if isElsewhere(errs[i]) {
			return nil
		}
		done[i] = errs[i] == nil
		return errs[i]
	})
	if err != nil {
		return stopped(err, fmt.Sprintf("nothing was compared yet; %s on %d storms each", finishedOf(c.names(), done), o.Replications))
	}
	for _, err := range errs {
		if err != nil {
			return ErrElsewhere
		}
	}
	k.Result = now
	k.compare()
	return nil
}

// compare fills in the pairs and the best.
func (k *Comparison) compare() {
	confidence := 1 - (1-montecarlo.Confidence)/float64(k.Looks)
	k.Pairs = k.between(k.Metrics, confidence)
	k.Needed = k.storms(confidence)
	k.choose(confidence)
}

// Between holds every two designs of a finished result against each other in
// the metrics, which must not be those of a year; each interval has 95 % by
// itself. Simulated designs are compared storm by storm, as [Compare] does: it
// is nil where their storms were not kept, see Options.Paired.
func (r *Result) Between(metrics ...Metric) []Versus {
	for i := range r.Designs {
		a := &r.Designs[i]
		if a.Status != Never && a.Judged().Theory == nil && (a.Judged().Sample == nil || a.Judged().Sample.Paired == nil) {
			return nil
		}
	}
	return r.between(metrics, montecarlo.Confidence)
}

func (r *Result) between(metrics []Metric, confidence float64) []Versus {
	var all []Versus
	for i := range r.Designs {
		for j := i + 1; j < len(r.Designs); j++ {
			p := Versus{A: i, B: j}
			for _, m := range metrics {
				p.Differences = append(p.Differences, difference(&r.Designs[i], &r.Designs[j], m, r.Objective, confidence))
			}
			all = append(all, p)
		}
	}
	return all
}

// storms is how many would bound every difference that is open.
func (k *Comparison) storms(confidence float64) int {
	most := 0
	for _, p := range k.Pairs {
		for i, d := range p.Differences {
			open := math.IsInf(d.Lo, 0) || math.IsInf(d.Hi, 0)
			if need := montecarlo.EnoughForQuantiles(k.Metrics[i].level(), confidence); open && !math.IsInf(d.Value, 0) && d.N < need {
				most = max(most, need)
			}
		}
	}
	return most
}

// choose finds the best design and what is sure about it.
func (k *Comparison) choose(confidence float64) {
	best := 0
	for i := range k.Designs {
		if k.Metric.Of(&k.Designs[i]).Value < k.Metric.Of(&k.Designs[best]).Value {
			best = i
		}
	}
	b := Best{Design: best, Exact: true}
	doubt := map[int]float64{}
	k.Undecidable = ""
	sum := 0.0
	for i := range k.Designs {
		if i == best {
			continue
		}
		d := difference(&k.Designs[best], &k.Designs[i], k.Metric, k.Objective, confidence)
		switch {
		case math.IsNaN(d.Value) || d.Quality == queueing.Exact && d.Value == 0:
			b.Tied = append(b.Tied, i)
			continue
		case d.Quality == queueing.Approximate:
			k.Undecidable = "theory is only approximate by the method asked for"
		}
		b.Exact = b.Exact && d.Quality == queueing.Exact
		p := d.More
		if d.Quality == queueing.Simulated {
			p = math.Min(1, p*float64(k.Looks))
		}
		if doubt[i] = p; p > (1-enoughToClaim)/float64(len(k.Designs)-1) {
			b.Open = append(b.Open, i)
		}
		sum += p
	}
	b.Confidence = math.Max(0, 1-sum)
	b.Decided = b.Confidence >= enoughToClaim && k.Undecidable == ""
	if b.Decided {
		b.Open = nil
	}
	k.Best = b
}

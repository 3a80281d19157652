package study

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Input is a number that is not known but for its law.
type Input struct {
	Key                           string
	Unit                          string  // "s", "/s" or empty
	Low, Middle, High             float64 // its 5 % and 95 % quantiles, and what it is taken for; SI units
	LowText, MiddleText, HighText string  // the same as they stand in the file
	Draw                          func(uniform float64) (text string)
}

// Unknown is one design with what is not known of it.
type Unknown struct {
	Inputs []Input
	// Compile makes the case, of this design, from a text for each input.
	Compile func(texts []string) (Case, error)
}

// Sensitivity tells chance, the storm's own, from ignorance, not knowing the
// inputs.
type Sensitivity struct {
	Name      string
	Objective Objective
	Horizon   float64 // s, of simulated storms
	Seed      uint64
	Designs   []DesignSensitivity

	Interrupted bool // Designs are those that were finished by then
}

// DesignSensitivity is the answer for one design.
type DesignSensitivity struct {
	Design    string
	Inputs    []Input
	Middle    Answer // with all inputs at their middle: chance alone
	Bars      []Bar  // one an input, in their order
	Ignorance        // no draws of a tornado alone
	First     int    // position of the input to measure first
	Decides   Metric // what First explains the most of, or alone moves most: Breach, or P99 where that does not vary
	Worst     *Law   // of Middle and all ends that were simulated, the law whose number asked for is known the least precisely; nil: none
}

// Bar is how far the answer moves when one input goes from its low to its high
// end and the others stay at their middle.
type Bar struct {
	P99, Breach [2]montecarlo.Estimate // at the low end, at the high end
}

// NoInputsError says that a design has no uncertain number.
type NoInputsError struct{ Design string }

func (e *NoInputsError) Error() string {
	return "design \"" + e.Design + "\" has no uncertain number"
}

// Sense answers each design. What the inputs are drawn as has the same random
// numbers for all designs. When ctx ends, the designs finished by then are returned
// with a *StoppedError; nil if there are none.
func Sense(ctx context.Context, unknowns []Unknown, o Options) (*Sensitivity, error) {
	o.Method, o.coarse, o.shared = o.Method.orAuto(), true, &queueing.Shared{}
	o.counted = &counted{report: o.Progress}
	s := &Sensitivity{Seed: o.Seed}
	for i, u := range unknowns {
		c, err := u.Compile(u.middle())
		if err != nil {
			return nil, err
		}
		if i == 0 {
			s.Name, s.Objective, s.Horizon = c.Name, c.Objective, c.Horizon
		}
		s.Designs = append(s.Designs, DesignSensitivity{Design: c.Designs[0].Name, Inputs: u.Inputs})
		if err := errors.Join(supported(c.Designs), u.ends(func(texts []string) error {
			_, err := u.Compile(texts)
			return err
		})); err != nil {
			return nil, err
		}
		if len(u.Inputs) == 0 {
			return nil, &NoInputsError{c.Designs[0].Name}
		}
	}
	for i, u := range unknowns {
		err := s.Designs[i].answer(ctx, u, o)
		if errors.Is(err, context.Canceled) {
			return s.until(i, o.counted, err)
		}
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// until is what was finished before one of the designs was broken off.
func (s *Sensitivity) until(broken int, answers *counted, err error) (*Sensitivity, error) {
	names, done := make([]string, len(s.Designs)), make([]bool, len(s.Designs))
	for i, d := range s.Designs {
		names[i], done[i] = d.Design, i < broken
	}
	text := fmt.Sprintf("%s; %d answers to values of the inputs were found", finishedOf(names, done), answers.done.Load())
	if s.Designs, s.Interrupted = s.Designs[:broken], true; broken == 0 {
		s = nil
	}
	return s, stopped(err, text)
}

func (u Unknown) middle() []string {
	texts := make([]string, len(u.Inputs))
	for i, in := range u.Inputs {
		texts[i] = in.MiddleText
	}
	return texts
}

// end has one input at its low (0) or high (1) end.
func (u Unknown) end(input, side int) []string {
	texts := u.middle()
	texts[input] = []string{u.Inputs[input].LowText, u.Inputs[input].HighText}[side]
	return texts
}

// ends visits both ends of every input and returns the first fault.
func (u Unknown) ends(visit func(texts []string) error) error {
	for i := range u.Inputs {
		for side := range 2 {
			if err := visit(u.end(i, side)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *DesignSensitivity) answer(ctx context.Context, u Unknown, o Options) error {
	if err := d.tornado(ctx, u, o); err != nil {
		return err
	}
	c, err := u.Compile(u.middle())
	if err != nil {
		return err
	}
	if o.Tornado {
		d.alone()
		return d.guarded()
	}
	if d.Ignorance, err = u.ignorance(ctx, d.simulatedRequests(c), o); err != nil {
		return err
	}
	d.Decides = P99
	if d.Varies {
		d.Decides = Breach
	}
	for i, x := range d.Of(d.Decides) {
		if x.Total.Value > d.Of(d.Decides)[d.First].Total.Value {
			d.First = i
		}
	}
	return d.guarded()
}

// Drawn tells whether all inputs were drawn together too.
func (d *DesignSensitivity) Drawn() bool { return d.Draws > 0 }

// alone takes for first the input that by itself moves the answer most.
func (d *DesignSensitivity) alone() {
	d.Decides = P99
	for _, b := range d.Bars {
		if b.Swing(Breach) > leastSwing {
			d.Decides = Breach
		}
	}
	for i, b := range d.Bars {
		first := d.Bars[d.First]
		if c := cmp.Compare(b.Swing(d.Decides), first.Swing(d.Decides)); c > 0 || c == 0 && b.Swing(P99) > first.Swing(P99) {
			d.First = i
		}
	}
}

// tornado answers the middle and both ends of every input.
func (d *DesignSensitivity) tornado(ctx context.Context, u Unknown, o Options) error {
	n := len(u.Inputs)
	answers := make([]Answer, 2*n+1)
	o.counted.expect(len(answers))
	err := inParallel(ctx, len(answers), o.Workers, func(i int) error {
		texts := u.middle()
		if i < 2*n {
			texts = u.end(i/2, i%2)
		}
		var err error
		answers[i], err = u.at(ctx, texts, o)
		o.counted.one()
		return err
	})
	if err != nil {
		return err
	}
	d.Middle = answers[2*n]
	for i := range answers {
		d.leastPrecise(answers[i].Drain)
	}
	for i := range n {
		bar := Bar{}
		for side := range 2 {
			a := &answers[2*i+side]
			bar.P99[side], bar.Breach[side] = P99.Of(a), Breach.Of(a)
		}
		d.Bars = append(d.Bars, bar)
	}
	return nil
}

// leastPrecise notes a law where what was to be precise is known less precisely
// than of those before it.
func (d *DesignSensitivity) leastPrecise(l *Law) {
	if l == nil || !l.Precision.Asked {
		return
	}
	if d.Worst == nil || d.Worst.Precision.Met && !l.Precision.Met || l.Precision.Met == d.Worst.Precision.Met && l.Precision.Relative > d.Worst.Precision.Relative {
		d.Worst = l
	}
}

// simulatedRequests is what a storm brings in the middle, if that had to be
// simulated; else 0.
func (d *DesignSensitivity) simulatedRequests(c Case) float64 {
	if d.Middle.Drain == nil || d.Middle.Drain.Quality != queueing.Simulated {
		return 0
	}
	return d.Middle.requests(c.Designs[0], c.Objective)
}

// at answers the design for one text an input. The answer is kept under the
// design, the texts and how roughly theory may answer.
func (u Unknown) at(ctx context.Context, texts []string, o Options) (Answer, error) {
	c, err := u.Compile(texts)
	if err != nil {
		return Answer{}, err
	}
	ledger := o.Ledger
	o.Workers, o.Progress, o.Ledger = 1, nil, nil
	name := fmt.Sprintf("inputs/%s/%x", c.Designs[0].Name, sha256.Sum256(fmt.Appendf(nil, "%v %q", o.rough, texts)))
	return keptAnswer(ledger, name, 0, c.Designs[0].Name, func() (Answer, error) { return quick(ctx, c.Designs[0], c, o) })
}

// Swing is how far the metric, P99 or Breach, moves over the input's range;
// +Inf where it never drains at one end.
func (b Bar) Swing(m Metric) float64 {
	ends := b.P99
	if m == Breach {
		ends = b.Breach
	}
	if math.IsInf(ends[0].Value, 1) && math.IsInf(ends[1].Value, 1) {
		return 0
	}
	return math.Abs(ends[1].Value - ends[0].Value)
}

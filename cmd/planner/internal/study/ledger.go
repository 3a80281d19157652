package study

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"math/rand/v2"

	"singlelane/montecarlo"
)

// Ledger keeps the finished blocks of a study, so that one that was
// interrupted goes on where it stopped, and so that several processes can
// each do a part. A block has a name that tells which of the study it is;
// what a study answers does not depend on whether its blocks were done now or
// loaded. A Ledger is used by several goroutines at a time.
type Ledger interface {
	Load(block string) (data []byte, ok bool)
	Store(block string, data []byte) error
	// Mine tells whether this process does the block at that position among
	// all; with Sharing false it does every block.
	Mine(position int) bool
	// Sharing tells whether other processes do some of the blocks.
	Sharing() bool
}

// ErrElsewhere says that this process has done its part of a study and that
// the rest is left to others: there is no answer yet.
var ErrElsewhere = errors.New("a part of the study is left to other processes")

// sharing tells whether only a part of the blocks is done here.
func (o Options) sharing() bool { return o.Ledger != nil && o.Ledger.Sharing() }

// spanMemory keeps the spans of one simulation in a ledger, under names that
// begin with prefix. Spans are dealt in the order in which they are asked for.
type spanMemory struct {
	ledger   Ledger
	prefix   string
	position *int
	all      bool // this process does what the ledger lacks, whoever it is dealt to
}

// memory for a simulation, nil without a ledger.
func (o Options) memory(position *int, prefix string, all bool) montecarlo.Memory {
	if o.Ledger == nil {
		return nil
	}
	return &spanMemory{o.Ledger, prefix, position, all}
}

func (m *spanMemory) name(s montecarlo.Span) string {
	return fmt.Sprintf("%s/%s/%d-%d", m.prefix, s.Kind, s.First, s.Last)
}

func (m *spanMemory) Recall(s montecarlo.Span) ([]byte, bool) {
	*m.position++
	return m.ledger.Load(m.name(s))
}

func (m *spanMemory) Keep(s montecarlo.Span, data []byte) error {
	return m.ledger.Store(m.name(s), data)
}

func (m *spanMemory) Mine(montecarlo.Span) bool {
	return m.all || m.ledger.Mine(*m.position)
}

// dealt is the position at which each of n blocks is dealt to processes:
// shuffled, since neighbours take alike long and a process that is dealt
// every k-th of a table may get its slowest column.
func dealt(n int) []int {
	return rand.New(rand.NewPCG(uint64(n), 0)).Perm(n)
}

// KeptError says that what a ledger holds of a block is not what was stored.
type KeptError struct {
	Block string
	Err   error
}

func (e *KeptError) Error() string { return fmt.Sprintf("block %s as kept: %s", e.Block, e.Err) }
func (e *KeptError) Unwrap() error { return e.Err }

// MaxAnswer is the most bytes that a kept answer has, and that gob takes to
// describe answers: some ten times what they take. A few bytes may claim to be
// an element that takes hundreds in memory, so that what is longer is refused
// before it is decoded.
const MaxAnswer = 1 << 16

// keptAnswers are the answers of one block, one a design: loaded, or computed
// and stored, without what only charts need. It returns ErrElsewhere for a
// block that is left to another process. Those that were loaded are held
// against the laws of answers again.
func keptAnswers(l Ledger, name string, position int, designs []string, compute func() ([]Answer, error)) ([]Answer, error) {
	if l != nil {
		if data, ok := l.Load(name); ok {
			answers, err := decodeAnswers(data, designs)
			if err != nil {
				return nil, &KeptError{name, err}
			}
			for i := range answers {
				if err := answers[i].guarded(); err != nil {
					return nil, err
				}
			}
			return answers, nil
		}
		if !l.Mine(position) {
			return nil, ErrElsewhere
		}
	}
	answers, err := compute()
	for i := range answers {
		answers[i].forget()
	}
	if l == nil || err != nil {
		return answers, err
	}
	data, err := encodeAnswers(answers)
	if err != nil {
		return nil, fmt.Errorf("block %s: %w", name, err)
	}
	return answers, l.Store(name, data)
}

// keptAnswer is keptAnswers of one design.
func keptAnswer(l Ledger, name string, position int, design string, compute func() (Answer, error)) (Answer, error) {
	all, err := keptAnswers(l, name, position, []string{design}, func() ([]Answer, error) {
		a, err := compute()
		return []Answer{a}, err
	})
	if len(all) == 0 {
		return Answer{}, err
	}
	return all[0], err
}

func encodeAnswers(answers []Answer) ([]byte, error) {
	var b bytes.Buffer
	out := gob.NewEncoder(&b)
	for i := range answers {
		if err := out.Encode(answers[i]); err != nil {
			return nil, err
		}
	}
	if most := MaxAnswer * (1 + len(answers)); b.Len() > most {
		return nil, fmt.Errorf("%d answers take %d bytes, more than %d", len(answers), b.Len(), most)
	}
	return b.Bytes(), nil
}

func decodeAnswers(data []byte, designs []string) ([]Answer, error) {
	if most := MaxAnswer * (1 + len(designs)); len(data) > most {
		return nil, fmt.Errorf("%d bytes, more than the %d that %d answers may take", len(data), most, len(designs))
	}
	rest := bytes.NewReader(data)
	in := gob.NewDecoder(rest)
	answers := make([]Answer, len(designs))
	for i := range answers {
		if err := in.Decode(&answers[i]); err != nil {
			return nil, err
		}
		if err := answers[i].keepable(designs[i]); err != nil {
			return nil, err
		}
		answers[i].forget()
	}
	if rest.Len() > 0 {
		return nil, errors.New("more than its answers")
	}
	return answers, nil
}

// keepable refuses an answer that no study keeps: of another design, without a
// law where it drains, or with what quick answers lack.
func (a *Answer) keepable(design string) error {
	drains := a.Status == Drains
	plain := a.Ignorance == nil && a.Agreement == nil && a.Curves == nil &&
		len(a.Streams)+len(a.LanePaths)+len(a.Curve)+len(a.Steps)+len(a.Tail)+len(a.TailSteps)+len(a.Pairs) == 0
	switch {
	case a.Name != design:
		return fmt.Errorf("an answer of the design %q, not of %q", a.Name, design)
	case !drains && a.Status != Never && a.Status != Metastable:
		return fmt.Errorf("the status %q, which no design has", a.Status)
	case drains && a.Drain == nil || !plain:
		return fmt.Errorf("design %q: not what its answer holds", design)
	}
	return nil
}

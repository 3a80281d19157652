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

// block is the value of one block: loaded, or computed and stored. It returns
// ErrElsewhere for a block that is left to another process.
func block[T any](l Ledger, name string, position int, compute func() (T, error)) (T, error) {
	var v T
	if l == nil {
		return compute()
	}
	if data, ok := l.Load(name); ok {
		if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&v); err != nil {
			return v, &KeptError{name, err}
		}
		return v, nil
	}
	if !l.Mine(position) {
		return v, ErrElsewhere
	}
	v, err := compute()
	if err != nil {
		return v, err
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(v); err != nil {
		return v, fmt.Errorf("block %s: %w", name, err)
	}
	return v, l.Store(name, b.Bytes())
}

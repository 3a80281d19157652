package markov

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Banded is a generator on the states 0..n-1 whose jumps reach at most Band
// states up or down, with an exit rate from each state to an absorbing set
// outside. Its storage is n (2 Band + 1) numbers. The diagonal is implied:
// minus the sum of the row and the exit.
type Banded struct {
	n, band int
	rate    []float64 // row i holds i-band..i+band
	exit    []float64
}

// MaxStates bounds the size of the chains that are stored here.
const MaxStates = 100_000_000

// NewBanded is a generator of n states without any jump yet.
func NewBanded(n, band int) (*Banded, error) {
	if err := errors.Join(between("states", n, 1, MaxStates), between("band", band, 0, max(n-1, 0))); err != nil {
		return nil, err
	}
	if float64(n)*float64(2*band+1) > MaxStates {
		return nil, &FieldError{"states times band", n * (2*band + 1), fmt.Sprintf("at most %d", MaxStates)}
	}
	return &Banded{n, band, make([]float64, n*(2*band+1)), make([]float64, n)}, nil
}

// BirthDeath is the chain on 0..len(birth)-1 that goes from i to i+1 at rate
// birth[i] and to i-1 at rate death[i]. A positive death[0] or a positive
// last birth rate leaves for the absorbing set.
func BirthDeath(birth, death []float64) (*Banded, error) {
	n := len(birth)
	if len(death) != n {
		return nil, &FieldError{"death rates", len(death), fmt.Sprintf("as many as birth rates, %d", n)}
	}
	b, err := NewBanded(n, min(1, max(n-1, 0)))
	if err != nil {
		return nil, err
	}
	var errs []error
	for i := range birth {
		errs = append(errs, b.Add(i, i+1, birth[i]), b.Add(i, i-1, death[i]))
	}
	return b, errors.Join(errs...)
}

// States is the number of states.
func (b *Banded) States() int { return b.n }

// Band is the longest jump.
func (b *Banded) Band() int { return b.band }

func (b *Banded) at(i, j int) int { return i*(2*b.band+1) + j - i + b.band }

// Rate of the jump from i to j, 0 outside of the band.
func (b *Banded) Rate(i, j int) float64 {
	if i < 0 || i >= b.n || j < 0 || j >= b.n || j-i > b.band || i-j > b.band {
		return 0
	}
	return b.rate[b.at(i, j)]
}

// Exit is the rate of absorption from i.
func (b *Banded) Exit(i int) float64 { return b.exit[i] }

// Add adds to the rate from i to j. A target outside of 0..n-1 is the
// absorbing set.
func (b *Banded) Add(i, j int, rate float64) error {
	if err := nonNegative(fmt.Sprintf("rate from %d to %d", i, j), rate); err != nil {
		return err
	}
	switch {
	case rate == 0:
		return nil
	case i < 0 || i >= b.n:
		return between("state", i, 0, b.n-1)
	case j < 0 || j >= b.n:
		b.exit[i] += rate
	case i == j:
		return &FieldError{"target of a jump", j, "another state"}
	case j-i > b.band || i-j > b.band:
		return between("length of a jump", max(j-i, i-j), 1, b.band)
	default:
		b.rate[b.at(i, j)] += rate
	}
	return nil
}

// Absorb makes state i part of the absorbing set: every jump to it becomes an
// exit, and it is left at once if the chain starts there.
func (b *Banded) Absorb(states ...int) {
	for _, s := range states {
		for i := max(0, s-b.band); i <= min(b.n-1, s+b.band); i++ {
			if i == s {
				continue
			}
			b.exit[i] += b.rate[b.at(i, s)]
			b.rate[b.at(i, s)] = 0
		}
		for j := max(0, s-b.band); j <= min(b.n-1, s+b.band); j++ {
			b.rate[b.at(s, j)] = 0
		}
		b.exit[s] = math.Inf(1)
	}
}

// absorbed tells whether state i was made part of the absorbing set.
func (b *Banded) absorbed(i int) bool { return math.IsInf(b.exit[i], 1) }

// Clone is a copy that can be changed on its own.
func (b *Banded) Clone() *Banded {
	return &Banded{b.n, b.band, slices.Clone(b.rate), slices.Clone(b.exit)}
}

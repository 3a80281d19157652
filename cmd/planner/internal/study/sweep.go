package study

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"singlelane/queueing"
)

// Axis is a key and the values that it takes, as numbers in SI units (NaN for
// words) and as they stand in the file.
type Axis struct {
	Key    string
	Unit   string // "s", "/s" or empty
	Share  bool
	Whole  bool // of whole numbers
	Values []float64
	Texts  []string
}

// Cell is one combination of the axes' values.
type Cell struct {
	At      []int    // position on each axis
	Answers []Answer // of each design; nil while not done
}

// Sweep is the answer of every design in every cell, the last axis running
// fastest.
type Sweep struct {
	Name         string
	Objective    Objective
	Seed         uint64
	Replications int // where simulated
	Metric       Metric
	Axes         []Axis
	Designs      []string
	Cells        []Cell
	Done         int // cells
	Warnings     []string
}

// MaxCells is how many cells times designs a sweep may have.
const MaxCells = 200_000

// SizeError says that a sweep has too many cells.
type SizeError struct{ Cells float64 }

func (e *SizeError) Error() string {
	return fmt.Sprintf("the sweep has %.6g cells, at most %d are allowed", e.Cells, MaxCells)
}

// Vary answers all designs in every cell. Compile makes the case of a cell
// from one text for each axis; it is called for all cells before any work, so
// that a fault anywhere comes first. When ctx ends, the cells finished by then
// are returned with its error.
func Vary(ctx context.Context, axes []Axis, metric Metric, compile func(texts []string) (Case, error), o Options) (*Sweep, error) {
	o.Method, o.coarse = o.Method.orAuto(), true
	o.solved, o.shared = &solutions{}, &queueing.Shared{}
	s := &Sweep{Seed: o.Seed, Replications: o.Replications, Metric: metric, Axes: axes}
	if err := s.place(); err != nil {
		return nil, err
	}
	for i := range s.Cells {
		c, err := compile(s.texts(i))
		if err == nil {
			err = errors.Join(supported(c.Designs), given(c.Designs, metric))
		}
		if err != nil {
			return nil, err
		}
		if i == 0 {
			s.begin(c)
		}
	}
	if n := float64(len(s.Cells)) * float64(len(s.Designs)); n > MaxCells {
		return nil, &SizeError{n}
	}
	err := s.answer(ctx, compile, o)
	for i := range s.Cells {
		if s.Cells[i].Answers != nil {
			s.Done++
		}
	}
	return s, stopped(err, Numbered(s.Done, len(s.Cells), "cell", "finished"))
}

// place lays out the cells.
func (s *Sweep) place() error {
	n := 1.0
	for _, a := range s.Axes {
		n *= float64(len(a.Values))
	}
	if n > MaxCells {
		return &SizeError{n}
	}
	s.Cells = make([]Cell, int(n))
	for i := range s.Cells {
		at, rest := make([]int, len(s.Axes)), i
		for k := len(s.Axes) - 1; k >= 0; k-- {
			at[k], rest = rest%len(s.Axes[k].Values), rest/len(s.Axes[k].Values)
		}
		s.Cells[i].At = at
	}
	return nil
}

func (s *Sweep) begin(c Case) {
	s.Name, s.Objective, s.Warnings = c.Name, c.Objective, c.Warnings
	for _, d := range c.Designs {
		s.Designs = append(s.Designs, d.Name)
	}
}

func (s *Sweep) texts(i int) []string {
	texts := make([]string, len(s.Axes))
	for k, a := range s.Axes {
		texts[k] = a.Texts[s.Cells[i].At[k]]
	}
	return texts
}

// answer works on several cells at a time, each with one worker: what a cell
// answers does not depend on the others.
func (s *Sweep) answer(ctx context.Context, compile func([]string) (Case, error), o Options) error {
	var done atomic.Int64
	var elsewhere atomic.Bool
	deal := dealt(len(s.Cells))
	err := inParallel(ctx, len(s.Cells), o.Workers, func(i int) error {
		answers, err := s.kept(ctx, i, deal[i], compile, o)
		switch {
		case isElsewhere(err):
			elsewhere.Store(true)
			return nil
		case err != nil:
			return err
		}
		s.Cells[i].Answers = answers
		if n := int(done.Add(1)); o.Progress != nil {
			o.Progress(n, len(s.Cells))
		}
		return nil
	})
	if err == nil && elsewhere.Load() {
		return ErrElsewhere
	}
	return err
}

// wholeCells is the number of cells from which on a sweep is divided by cells
// alone. Of fewer, those that are simulated are divided further.
const wholeCells = 200

// kept is one cell with the ledger: as one block, or, where it is simulated
// and cells are few, as spans of its storms.
func (s *Sweep) kept(ctx context.Context, i, position int, compile func([]string) (Case, error), o Options) ([]Answer, error) {
	name := fmt.Sprintf("cell/%d", i)
	if o.Ledger != nil && len(s.Cells) < wholeCells && !s.Metric.follows() && !s.Metric.yearly() {
		c, err := compile(s.texts(i))
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(c.Designs, o.covered) {
			o.spans = spans{name + "/", position}
			return s.cell(ctx, c, o)
		}
	}
	return keptAnswers(o.Ledger, name, position, s.Designs, func() ([]Answer, error) {
		c, err := compile(s.texts(i))
		if err != nil {
			return nil, err
		}
		o.Ledger = nil
		return s.cell(ctx, c, o)
	})
}

// cell answers every design of one cell; the error is ErrElsewhere if some are
// left to other processes.
func (s *Sweep) cell(ctx context.Context, c Case, o Options) ([]Answer, error) {
	o.Workers, o.Progress = 1, nil
	answers := make([]Answer, len(c.Designs))
	var elsewhere error
	for k, d := range c.Designs {
		var err error
		switch answers[k], err = ask(ctx, d, c, o, s.Metric); {
		case isElsewhere(err):
			elsewhere = ErrElsewhere
		case err != nil:
			return nil, err
		}
		answers[k].forget()
	}
	return answers, elsewhere
}

// inParallel calls work for 0 to n-1 on the given number of goroutines (0:
// one a processor) and returns the error of the lowest number that failed.
// After an error, or when ctx ends, no more are begun.
func inParallel(ctx context.Context, n, workers int, work func(i int) error) error {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	errs := make([]error, n)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if errs[i] = work(i); errs[i] != nil {
					stop(errs[i])
				}
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

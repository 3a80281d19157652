package shard

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// MaxParts is how many parts a study can be divided into.
const MaxParts = 100_000

// Spec is which part of how many: Index from 1 to Count.
type Spec struct{ Index, Count int }

// ParseSpec reads "3/8", or "auto" with the environment of a Slurm array, a
// Kubernetes Indexed Job or an AWS Batch array job. Source is where auto found
// it, else empty.
func ParseSpec(text string, environment func(string) (string, bool)) (s Spec, source string, err error) {
	if text == "auto" {
		return automatic(environment)
	}
	index, count, ok := strings.Cut(text, "/")
	if !ok {
		return s, "", fmt.Errorf("%q is not I/N, as in 1/8, or auto", text)
	}
	var errs [2]error
	s.Index, errs[0] = strconv.Atoi(index)
	s.Count, errs[1] = strconv.Atoi(count)
	if err := errors.Join(errs[:]...); err != nil {
		return s, "", fmt.Errorf("%q is not I/N with two whole numbers, as in 1/8", text)
	}
	return s, "", s.check(text)
}

func (s Spec) check(text string) error {
	switch {
	case s.Count < 1 || s.Count > MaxParts:
		return fmt.Errorf("%s: a study is divided into 1 to %d parts, not %d", text, MaxParts, s.Count)
	case s.Index < 1 || s.Index > s.Count:
		return fmt.Errorf("%s: there is no part %d, parts go from 1 to %d", text, s.Index, s.Count)
	}
	return nil
}

// scheduler is how one kind of array job numbers its tasks.
type scheduler struct {
	name         string
	index, count string // environment variables
	first        string // of the first index; empty: 0
	last         string // of the last index, which tells gaps where it is set
}

var schedulers = []scheduler{
	{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX"},
	{"Kubernetes", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", "", ""},
	{"AWS Batch", "AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE", "", ""},
}

func automatic(environment func(string) (string, bool)) (Spec, string, error) {
	var known []string
	for _, k := range schedulers {
		known = append(known, k.index)
		if _, ok := environment(k.index); ok {
			s, err := k.read(environment)
			return s, fmt.Sprintf("%s (%s)", k.name, k.index), err
		}
	}
	return Spec{}, "", fmt.Errorf("auto finds none of %s in the environment", strings.Join(known, ", "))
}

func (k scheduler) read(environment func(string) (string, bool)) (Spec, error) {
	number := func(name string) (int, error) {
		text, ok := environment(name)
		if !ok {
			return 0, fmt.Errorf("auto: %s is set but %s is not", k.index, name)
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0, fmt.Errorf("auto: %s is %q, not a whole number", name, text)
		}
		return n, nil
	}
	index, err := number(k.index)
	if err != nil {
		return Spec{}, err
	}
	count, err := number(k.count)
	if err != nil {
		return Spec{}, err
	}
	first := 0
	if k.first != "" {
		if first, err = number(k.first); err != nil {
			return Spec{}, err
		}
	}
	if _, ok := environment(k.last); ok {
		last, err := number(k.last)
		if err != nil {
			return Spec{}, err
		}
		if last-first+1 != count {
			return Spec{}, fmt.Errorf("auto: the array has %d tasks from %d to %d, it must have no gaps", count, first, last)
		}
	}
	s := Spec{index - first + 1, count}
	return s, s.check("auto")
}

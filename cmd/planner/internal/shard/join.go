package shard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// Join puts the parts of a study together: its inputs, and a book with every
// block. It refuses, with a [*Refusal] for each fault, files that are not
// parts or are damaged, parts of different studies, and parts that are
// missing; of a part that comes several times a good copy is taken, once.
func Join(paths []string) (*Book, []Input, error) {
	j := joiner{have: map[int]string{}}
	bad := map[int][]error{} // by the number of the part, 0 where it is not known
	for _, path := range paths {
		if i, err := j.add(path); err != nil {
			bad[i] = append(bad[i], err)
		}
	}
	var faults []error
	for _, i := range slices.Sorted(maps.Keys(bad)) {
		if _, good := j.have[i]; !good {
			faults = append(faults, bad[i]...)
		}
	}
	if len(faults) == 0 {
		faults = append(faults, j.missing())
	}
	if err := errors.Join(faults...); err != nil {
		return nil, nil, err
	}
	if sum, err := hashInputs(j.files); err != nil || sum != j.book.header.Input {
		return nil, nil, &Refusal{j.have[1], "the scenario that it holds is not the one it names", "make part 1 again"}
	}
	j.book.joined = true
	return j.book, j.files, nil
}

type joiner struct {
	book  *Book
	files []Input
	have  map[int]string // path by number of the part
	held  int            // bytes of files and blocks
}

// add reads one part and gives its number, 0 where it is not known.
func (j *joiner) add(path string) (part int, err error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to is empty, not waited for
	if err != nil {
		return 0, &Refusal{path, "it cannot be read: " + err.Error(), ""}
	}
	defer func() { _ = f.Close() }() // only read from
	in := bufio.NewReader(f)
	h, _, err := readHeader(in)
	if err != nil {
		return 0, &Refusal{path, err.Error(), "planner run, sweep or compare with --shard I/N writes a part"}
	}
	if h.Of == 0 {
		return 0, &Refusal{path, "it is a checkpoint, not a part", "give it to --checkpoint of the same command"}
	}
	if h.Of < 1 || h.Of > MaxParts || h.Shard < 1 || h.Shard > h.Of {
		return 0, &Refusal{path, fmt.Sprintf("it says that it is part %d of %d, allowed are parts 1 to at most %d", h.Shard, h.Of, MaxParts), again}
	}
	if j.book == nil {
		j.book = New(h)
	}
	if why := j.book.header.differs(h); why != "" {
		return 0, &Refusal{path, "it is a part of another study: " + why, "all parts must be of one command and one version"}
	}
	if !slices.Equal(h.Show, j.book.header.Show) {
		return 0, &Refusal{path, fmt.Sprintf("it was asked to be shown with %q, the others with %q", h.Show, j.book.header.Show), "all parts must be of one command"}
	}
	if _, twice := j.have[h.Shard]; twice {
		return h.Shard, nil
	}
	if err := j.read(path, h.Shard, in); err != nil {
		return h.Shard, err
	}
	j.have[h.Shard] = path
	return h.Shard, nil
}

// read takes what the part holds once all of it is known to be whole.
func (j *joiner) read(path string, part int, in *bufio.Reader) error {
	c := newContents(part)
	held := j.held
	for n := 1; ; n++ {
		rec, err := readRecord(in)
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, errDamaged):
			return &Refusal{path, fmt.Sprintf("it is damaged or cut after %d records", n), again}
		case err != nil:
			return &Refusal{path, "it cannot be read: " + err.Error(), ""}
		}
		if held += rec.cost(); held > MaxStudy {
			return tooLarge(path)
		}
		if rec.kind != kindEnd {
			if why := c.take(rec); why != "" {
				return &Refusal{path, why, again}
			}
			continue
		}
		if why := c.end(rec, n); why != "" {
			return &Refusal{path, why, again}
		}
		if _, err := in.ReadByte(); !errors.Is(err, io.EOF) {
			return &Refusal{path, "it goes on after its end", "give each part by itself, as it was written"}
		}
		j.held, j.files = held, append(j.files, c.files...)
		maps.Copy(j.book.blocks, c.blocks)
		return nil
	}
}

const again = "make this part again"

func tooLarge(path string) error {
	return &Refusal{path, fmt.Sprintf("what it holds is more than %d bytes", MaxStudy), "ask for fewer cells or replications at a time"}
}

// missing says which parts are.
func (j *joiner) missing() error {
	of := j.book.header.Of
	var gaps []string
	for i := 1; i <= of; i++ {
		if _, ok := j.have[i]; ok {
			continue
		}
		from := i
		for i+1 <= of && j.have[i+1] == "" {
			i++
		}
		if gap := strconv.Itoa(from); i > from {
			gaps = append(gaps, gap+" to "+strconv.Itoa(i))
		} else {
			gaps = append(gaps, gap)
		}
	}
	if len(gaps) == 0 {
		return nil
	}
	return &Refusal{"planner merge", fmt.Sprintf("%d of %d parts are missing: %s", of-len(j.have), of, strings.Join(gaps, ", ")),
		"run the same command with --shard for each of them"}
}

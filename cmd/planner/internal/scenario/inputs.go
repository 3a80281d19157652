package scenario

import (
	"fmt"
	"io"
	"path/filepath"
	"slices"
)

// Input is a file that a scenario was read from: the scenario itself, by the
// last part of its path, or a data file as the scenario names it.
type Input struct {
	Name string
	Data []byte
}

// Inputs are the scenario file and the data files that were read for it so
// far, as they are on the disk now.
func (f *File) Inputs() ([]Input, error) {
	data, err := readFile(f.path)
	if err != nil {
		return nil, err
	}
	all := []Input{{filepath.Base(f.path), data}}
	for _, name := range f.data.names() {
		data, err := f.data.bytes(name)
		if err != nil {
			return nil, fmt.Errorf("reading %s again: %w", name, err)
		}
		all = append(all, Input{name, data})
	}
	return all, nil
}

// names of the data files that have been asked for, in order.
func (l *library) names() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	var names []string
	for id := range l.kept {
		names = append(names, id.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (l *library) bytes(name string) ([]byte, error) {
	f, err := l.inside(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	return io.ReadAll(io.LimitReader(f, maxDataBytes))
}

package scenario

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"singlelane/queueing"
)

// dataFile is a trace or a list of service times, read once.
type dataFile struct {
	trace   queueing.Trace // starts with repeat unset
	edges   []float64
	counts  []float64
	service queueing.Empirical
}

// library reads data files inside one folder and keeps them, since every
// what-if names the same ones. It is safe for concurrent use.
type library struct {
	folder  string
	outside bool // files outside the folder are allowed too
	mu      sync.Mutex
	kept    map[dataID]kept
}

// dataID is a data file and what it is read as.
type dataID struct {
	name  string
	times bool // service times, not a trace
}

type kept struct {
	file *dataFile
	err  error
}

// load reads the file called name for the key at path: service times where
// the path ends in data, else a trace. A fault is a *complaint.
func (l *library) load(name, path string) (*dataFile, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	read := readTrace
	id := dataID{name, strings.HasSuffix(path, ".data")}
	if id.times {
		read = readTimes
	}
	if k, ok := l.kept[id]; ok {
		return k.file, k.err
	}
	f, err := l.open(name, read)
	if l.kept == nil {
		l.kept = map[dataID]kept{}
	}
	l.kept[id] = kept{f, err}
	return f, err
}

func (l *library) open(name string, read func(io.Reader) (*dataFile, error)) (*dataFile, error) {
	file, err := l.inside(name)
	var c *complaint
	switch {
	case errors.As(err, &c):
		return nil, c
	case err != nil:
		return nil, l.explain(name, err)
	}
	defer func() { _ = file.Close() }() // only read from
	f, err := read(io.LimitReader(file, maxDataBytes))
	if errors.As(err, &c) {
		return nil, &complaint{quoted(name) + ": " + c.problem, c.hint}
	}
	return f, err
}

// inside opens a file of the folder; the root refuses paths and symbolic
// links that lead out of it.
func (l *library) inside(name string) (*os.File, error) {
	if l.outside {
		if !filepath.IsAbs(name) {
			name = filepath.Join(l.folder, name)
		}
		info, err := os.Stat(name)
		if err == nil {
			err = ordinary(name, info)
		}
		if err != nil {
			return nil, err
		}
		return os.Open(name)
	}
	if !filepath.IsLocal(name) {
		return nil, errOutside
	}
	root, err := os.OpenRoot(l.folder)
	if err != nil {
		return nil, err
	}
	defer func() { _ = root.Close() }() // the opened file outlives it
	info, err := root.Stat(name)
	if err == nil {
		err = ordinary(name, info)
	}
	if err != nil {
		return nil, err
	}
	return root.Open(name)
}

// ordinary refuses what would block, never end, or be too much.
func ordinary(name string, info fs.FileInfo) error {
	switch {
	case !info.Mode().IsRegular():
		return &complaint{quoted(name) + " is not a regular file", ""}
	case info.Size() > maxDataBytes:
		return &complaint{fmt.Sprintf("%s has %d bytes, more than %d", quoted(name), info.Size(), maxDataBytes), ""}
	}
	return nil
}

var errOutside = errors.New("outside the scenario's folder")

func (l *library) explain(name string, err error) *complaint {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return &complaint{quoted(name) + " does not exist", "the name is relative to the scenario's folder"}
	case errors.Is(err, errOutside), errors.As(err, &p) && strings.Contains(p.Err.Error(), "escapes"):
		return &complaint{quoted(name) + " is outside the scenario's folder", "--allow-outside permits it"}
	case errors.As(err, &p):
		return &complaint{quoted(name) + " cannot be read: " + clean(p.Err.Error()), ""}
	}
	return &complaint{quoted(name) + " cannot be read: " + clean(err.Error()), ""}
}

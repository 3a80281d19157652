package scenario

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
	kept    map[string]kept
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
	if strings.HasSuffix(path, ".data") {
		read = readTimes
	}
	id := fmt.Sprint(strings.HasSuffix(path, ".data"), name)
	if k, ok := l.kept[id]; ok {
		return k.file, k.err
	}
	f, err := l.open(name, read)
	if l.kept == nil {
		l.kept = map[string]kept{}
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

// rows calls each for every row of a CSV file but a heading and comments
// (lines that begin with #).
func rows(r io.Reader, columns int, each func(line int, fields []string) error) error {
	c := csv.NewReader(r)
	c.Comment, c.FieldsPerRecord, c.TrimLeadingSpace, c.ReuseRecord = '#', columns, true, true
	for n := 0; ; n++ {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var p *csv.ParseError
		switch {
		case errors.As(err, &p):
			return &complaint{fmt.Sprintf("line %d: %s", p.Line, clean(p.Err.Error())), ""}
		case err != nil:
			return &complaint{clean(err.Error()), ""}
		case n > maxDataRows:
			return &complaint{fmt.Sprintf("has more than %d rows", maxDataRows), ""}
		}
		line, _ := c.FieldPos(0)
		if _, err := parseSeconds(fields[0]); n == 0 && err != nil {
			continue // the heading
		}
		if err := each(line, fields); err != nil {
			return err
		}
	}
}

// parseSeconds reads a duration, or a bare number of seconds as measuring
// tools write them.
func parseSeconds(text string) (float64, error) {
	if x, err := parseNumber(text); err == nil {
		return x, nil
	}
	return parseDuration(text)
}

// readTrace reads rows of: start of the interval, count. An interval ends
// where the next begins. A last row without a count is the end of the last
// interval, which is otherwise as long as the one before it.
func readTrace(r io.Reader) (*dataFile, error) {
	f := &dataFile{}
	ended := false
	err := rows(r, 2, func(line int, fields []string) error {
		if ended {
			return atLine(line, &complaint{"follows a row without a count, which is the end", ""})
		}
		at, err := f.startOf(fields[0])
		f.edges = append(f.edges, at)
		if ended = strings.TrimSpace(fields[1]) == ""; ended || err != nil {
			return atLine(line, err)
		}
		n, err := parseNumber(strings.TrimSpace(fields[1]))
		if err == nil && !(n >= 0 && n <= maxCount) {
			err = &complaint{quoted(fields[1]) + " is not a count from 0 on", ""}
		}
		f.counts = append(f.counts, n)
		return atLine(line, err)
	})
	if err != nil {
		return nil, err
	}
	last := len(f.edges) - 1
	if last < 1 {
		return nil, &complaint{"has fewer than two rows of time and count", ""}
	}
	if !ended {
		f.edges = append(f.edges, 2*f.edges[last]-f.edges[last-1])
	}
	f.trace, err = queueing.NewTrace(f.edges, f.counts, false)
	if err != nil {
		return nil, &complaint{clean(err.Error()), ""}
	}
	return f, nil
}

// startOf reads the next start of an interval.
func (f *dataFile) startOf(text string) (float64, error) {
	at, err := parseSeconds(strings.TrimSpace(text))
	switch last := len(f.edges) - 1; {
	case err != nil:
		return 0, err
	case !(at >= 0 && at <= maxSeconds):
		return 0, &complaint{quoted(text) + " is not a time from 0 on", ""}
	case last >= 0 && at <= f.edges[last]:
		return 0, &complaint{"the times do not increase", ""}
	}
	return at, nil
}

// readTimes reads rows of one service time.
func readTimes(r io.Reader) (*dataFile, error) {
	var times []float64
	err := rows(r, 1, func(line int, fields []string) error {
		x, err := parseSeconds(strings.TrimSpace(fields[0]))
		if err == nil && !(x > 0 && x <= maxSeconds) {
			err = &complaint{quoted(fields[0]) + " is not a service time above 0", ""}
		}
		times = append(times, x)
		return atLine(line, err)
	})
	if err != nil {
		return nil, err
	}
	s, err := queueing.NewEmpirical(slices.Clip(times))
	if err != nil {
		return nil, &complaint{"has no service times", ""}
	}
	return &dataFile{service: s}, nil
}

func atLine(line int, err error) error {
	var c *complaint
	if errors.As(err, &c) {
		return &complaint{fmt.Sprintf("line %d: %s", line, c.problem), c.hint}
	}
	return err
}

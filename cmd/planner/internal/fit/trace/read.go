package trace

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
)

// Options of [Read]. The zero value guesses all.
type Options struct {
	Columns    Columns
	Unit       string // of durations whose column names none: s (default), ms, us, ns
	MixedZones bool   // dates may be in different time zones
	Interval   bool   // a completed or arrivals column counts per interval, never since the beginning
	MaxRows    int    // 0: 50 million
}

const (
	mostRows  = 50_000_000
	mostBytes = 16 << 30 // after unpacking
)

// ReadFile reads the trace in a file; "-" is stdin.
// Reading ends with the context's error when that is done.
func ReadFile(ctx context.Context, path string, stdin io.Reader, o Options) (*Trace, error) {
	if path == "-" {
		piped, end := interruptible(ctx, stdin)
		defer end()
		return Read("stdin", &stoppable{ctx, piped}, o)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, faulty(path, 0, "", "", "does not exist")
	case err != nil:
		return nil, faulty(path, 0, "", "", "cannot be read: %v", err)
	case info.IsDir():
		return nil, faulty(path, 0, "", "name one file", "is a folder")
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe that nobody writes to is empty, not waited for
	if err != nil {
		return nil, faulty(path, 0, "", "", "cannot be read: %v", err)
	}
	defer func() { _ = f.Close() }() // only read from
	if !info.Mode().IsRegular() {
		piped, end := interruptible(ctx, f)
		defer end()
		return Read(path, &stoppable{ctx, piped}, o)
	}
	return Read(path, &stoppable{ctx, f}, o)
}

// stoppable reads until the context is done.
type stoppable struct {
	ctx context.Context
	r   io.Reader
}

func (s *stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}

// interruptible reads on the side, so that waiting for input that does not come
// ends with the context. end releases what it holds.
func interruptible(ctx context.Context, r io.Reader) (out io.Reader, end func()) {
	out, in := io.Pipe()
	keep := context.AfterFunc(ctx, func() { _ = in.CloseWithError(ctx.Err()) }) // never fails
	go func() {
		_, err := io.Copy(in, r)
		_ = in.CloseWithError(err) // never fails; nil is the end of the input
	}()
	return out, func() {
		keep()
		_ = in.Close() // never fails
	}
}

func stopped(err error) bool {
	return errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// Read reads a trace, whose format shows in its first bytes. The error is of
// type [*Faults] when the data are to blame.
func Read(name string, r io.Reader, o Options) (*Trace, error) {
	if o.MaxRows == 0 {
		o.MaxRows = mostRows
	}
	unit := int64(1e9)
	if o.Unit != "" {
		var err error
		if unit, err = unitNamed(o.Unit); err != nil {
			return nil, err
		}
	}
	in := bufio.NewReaderSize(r, 1<<16)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if stopped(err) {
			return nil, err
		}
		if err != nil {
			return nil, faulty(name, 0, "", "", "begins like a gzip file but is none: %v", err)
		}
		in = bufio.NewReaderSize(&bounded{r: z, left: mostBytes}, 1<<16)
	}
	skipMark(in)
	head, _ := in.Peek(4096)
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		if _, err := in.Peek(1); err != nil && !errors.Is(err, io.EOF) {
			return nil, unreadable(name, 1, err)
		}
		if len(head) < 4096 {
			return nil, faulty(name, 0, "", "", "is empty")
		}
	case bytes.ContainsRune(head, 0):
		return nil, faulty(name, 0, "", "a table is CSV or TSV, plain or gzipped", "is not text")
	case isPrometheus(head):
		return readPrometheus(name, in, o)
	case isSWF(name, head):
		return readSWF(name, in, o)
	}
	return readTable(name, in, o, unit)
}

// skipMark drops a byte order mark.
func skipMark(in *bufio.Reader) {
	if head, _ := in.Peek(3); bytes.Equal(head, []byte{0xef, 0xbb, 0xbf}) {
		_, _ = in.Discard(3) // they are buffered
	}
}

// bounded fails where a packed file does not end.
type bounded struct {
	r    io.Reader
	left int64
}

var errEndless = fmt.Errorf("unpacks to more than %d GB", mostBytes>>30)

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n, errEndless
	}
	return n, err
}

// unreadable says where reading stopped, and that the file was cut off if it
// was.
func unreadable(name string, line int, err error) error {
	switch {
	case stopped(err):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return faulty(name, line, "", "fetch the file again", "the gzip data end here: the file was cut off")
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, gzip.ErrHeader):
		return faulty(name, line, "", "fetch the file again", "the gzip data are damaged: %v", err)
	}
	return faulty(name, line, "", "", "cannot be read on: %s", strings.TrimPrefix(err.Error(), "gzip: "))
}

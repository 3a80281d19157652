package shard

import (
	"bytes"
	"compress/flate"
	"errors"
	"io"
	"sync"
)

// Compressors have tables that are costly to make, for blocks that are small.
var (
	deflaters sync.Pool // of *flate.Writer
	inflaters sync.Pool // of io.ReadCloser that is a flate.Resetter
)

// deflate compresses the data.
func deflate(b *bytes.Buffer, data []byte) error {
	w, ok := deflaters.Get().(*flate.Writer)
	if !ok {
		var err error
		if w, err = flate.NewWriter(b, flate.BestSpeed); err != nil {
			return err
		}
	}
	defer deflaters.Put(w)
	w.Reset(b)
	if _, err := w.Write(data); err != nil {
		return err
	}
	return w.Close()
}

var errTooLong = errors.New("it decompresses to more than is allowed")

// inflate writes what the data decompresses to, at most so many bytes of it.
func inflate(w io.Writer, data []byte, limit int) (size int, err error) {
	in := bytes.NewReader(data)
	r, ok := inflaters.Get().(io.Reader)
	if !ok {
		r = flate.NewReader(in)
	} else if err := r.(flate.Resetter).Reset(in, nil); err != nil {
		return 0, err
	}
	defer inflaters.Put(r)
	n, err := io.Copy(w, io.LimitReader(r, int64(limit)))
	if err != nil {
		return int(n), err
	}
	if more, err := io.CopyN(io.Discard, r, 1); more > 0 {
		return int(n), errTooLong
	} else if !errors.Is(err, io.EOF) {
		return int(n), err
	}
	return int(n), nil
}

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
	deflaters = map[int]*sync.Pool{flate.BestSpeed: {}, flate.NoCompression: {}} // of *flate.Writer, by level
	inflaters sync.Pool                                                          // of io.ReadCloser that is a flate.Resetter
)

// The digits of numbers that were drawn do not get shorter, and trying costs
// more time than all else that is done to keep them: what a sample from the
// middle of longer data says is taken for the rest.
const (
	sampled = 2 << 10 // bytes
	worth   = 0.75    // of its length is what a sample must come down to
)

// deflate compresses the data where that is worth its time.
func deflate(b *bytes.Buffer, data []byte) error {
	if len(data) <= 2*sampled {
		return deflateAt(flate.BestSpeed, b, data)
	}
	var sample bytes.Buffer
	middle := len(data)/2 - sampled/2
	if err := deflateAt(flate.BestSpeed, &sample, data[middle:middle+sampled]); err != nil {
		return err
	}
	if float64(sample.Len()) > worth*sampled {
		return deflateAt(flate.NoCompression, b, data)
	}
	return deflateAt(flate.BestSpeed, b, data)
}

// storeAsIs makes a stream of the data as it is.
func storeAsIs(b *bytes.Buffer, data []byte) error { return deflateAt(flate.NoCompression, b, data) }

func deflateAt(level int, b *bytes.Buffer, data []byte) error {
	w, ok := deflaters[level].Get().(*flate.Writer)
	if !ok {
		var err error
		if w, err = flate.NewWriter(b, level); err != nil {
			return err
		}
	}
	defer deflaters[level].Put(w)
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

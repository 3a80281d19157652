package shard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"sync"
)

const magic = "planner blocks 1\n"

// The kinds of record.
const (
	kindHeader = 'H'
	kindFile   = 'F'
	kindBlock  = 'B'
	kindEnd    = 'E'
)

// The limits of files of blocks, in bytes. A few bytes may decompress to a
// thousand times as many, so that records are kept as they are in the file:
// what they would decompress to is counted, without memory for it, when they
// are read, and only one that is asked for is decompressed.
const (
	MaxHeader = 1 << 20 // of what a file says of itself
	MaxFile   = 1 << 28 // of a file of the study
	MaxBlock  = 1 << 26 // of a block
	MaxStudy  = 1 << 31 // of all files and blocks of a study
	maxName   = 1 << 12
)

// most is how many bytes a record of that kind may hold.
func most(kind byte) int {
	switch kind {
	case kindFile:
		return MaxFile
	case kindBlock:
		return MaxBlock
	}
	return MaxHeader
}

// record is one entry of a file of blocks that is to be written.
type record struct {
	kind byte
	name string
	data []byte
}

// packed is a record as a file holds it.
type packed struct {
	kind byte
	name string
	all  []byte // with its length and checksum
	skip int    // bytes before the compressed data
	size int    // of the data
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that a record is not as it was written.
var errDamaged = errors.New("damaged")

// buffers are what records grow in.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// encode is the record as bytes, its data by the one way of writing it or the
// other.
func (r record) encode(press func(*bytes.Buffer, []byte) error) (packed, error) {
	if len(r.data) > most(r.kind) {
		return packed{}, fmt.Errorf("shard: %s has %d bytes, at most %d are kept", r.name, len(r.data), most(r.kind))
	}
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	b.Write(make([]byte, 8))
	b.WriteByte(r.kind)
	b.Write(binary.AppendUvarint(nil, uint64(len(r.name))))
	b.WriteString(r.name)
	skip := b.Len()
	if err := press(b, r.data); err != nil {
		return packed{}, err
	}
	out := bytes.Clone(b.Bytes())
	binary.LittleEndian.PutUint32(out, uint32(len(out)-8))
	binary.LittleEndian.PutUint32(out[4:], checksum(out[:4], out[8:]))
	return packed{r.kind, r.name, out, skip, len(r.data)}, nil
}

func checksum(length, body []byte) uint32 {
	return crc32.Update(crc32.Checksum(length, castagnoli), castagnoli, body)
}

// cost is what the record counts for in the limit of a study.
func (p packed) cost() int { return max(p.size, len(p.all)) }

// data is what the record holds.
func (p packed) data() ([]byte, error) {
	b := bytes.NewBuffer(make([]byte, 0, p.size))
	_, err := inflate(b, p.all[p.skip:], p.size)
	return b.Bytes(), err
}

// readRecord reads the next record: io.EOF where the input ends between two,
// errDamaged where it is not whole.
func readRecord(r io.Reader) (packed, error) {
	var head [9]byte // the kind says how long the rest may be
	switch _, err := io.ReadFull(r, head[:]); {
	case errors.Is(err, io.EOF):
		return packed{}, io.EOF
	case err != nil:
		return packed{}, damaged(err)
	}
	n := int(binary.LittleEndian.Uint32(head[:4]))
	if limit := most(head[8]); n < 2 || n > limit+limit/1000+2*maxName { // what cannot be compressed grows a little
		return packed{}, errDamaged
	}
	// A wrong length may claim more than there is: memory is taken as bytes come.
	all := bytes.NewBuffer(bytes.Clone(head[:]))
	if _, err := io.CopyN(all, r, int64(n-1)); err != nil {
		return packed{}, damaged(err)
	}
	b := all.Bytes()
	if checksum(b[:4], b[8:]) != binary.LittleEndian.Uint32(b[4:8]) {
		return packed{}, errDamaged
	}
	return decode(bytes.Clone(b))
}

// damaged tells an input that ends too soon from one that cannot be read.
func damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errDamaged
	}
	return err
}

// decode finds out what a record is whose checksum holds.
func decode(all []byte) (packed, error) {
	body := all[8:]
	length, used := binary.Uvarint(body[1:])
	if used <= 0 || length > maxName || int(length) > len(body)-1-used {
		return packed{}, errDamaged
	}
	p := packed{kind: body[0], name: string(body[1+used : 1+used+int(length)]), all: all, skip: 8 + 1 + used + int(length)}
	var err error
	if p.size, err = inflate(io.Discard, all[p.skip:], most(p.kind)); err != nil {
		return packed{}, errDamaged
	}
	return p, nil
}

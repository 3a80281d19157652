package shard

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

const magic = "planner blocks 1\n"

// The kinds of record.
const (
	kindHeader = 'H'
	kindFile   = 'F'
	kindBlock  = 'B'
	kindEnd    = 'E'
)

// The limits of files of blocks, in bytes, checked before memory is taken: a
// few bytes may decompress to a thousand times as many.
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

// record is one entry of a file of blocks.
type record struct {
	kind byte
	name string
	data []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errDamaged says that a record is not as it was written.
var errDamaged = errors.New("damaged")

// encode is the record as bytes.
func (r record) encode() ([]byte, error) {
	if len(r.data) > most(r.kind) {
		return nil, fmt.Errorf("shard: %s has %d bytes, at most %d are kept", r.name, len(r.data), most(r.kind))
	}
	var b bytes.Buffer
	b.Write(make([]byte, 8))
	b.WriteByte(r.kind)
	b.Write(binary.AppendUvarint(nil, uint64(len(r.name))))
	b.WriteString(r.name)
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(r.data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	out := b.Bytes()
	binary.LittleEndian.PutUint32(out, uint32(len(out)-8))
	binary.LittleEndian.PutUint32(out[4:], checksum(out[:4], out[8:]))
	return out, nil
}

func checksum(length, body []byte) uint32 {
	return crc32.Update(crc32.Checksum(length, castagnoli), castagnoli, body)
}

// readRecord reads the next record: io.EOF where the input ends between two,
// errDamaged where it is not whole.
func readRecord(r io.Reader) (rec record, size int64, err error) {
	var head [8]byte
	switch _, err := io.ReadFull(r, head[:]); {
	case errors.Is(err, io.EOF):
		return rec, 0, io.EOF
	case err != nil:
		return rec, 0, damaged(err)
	}
	n := binary.LittleEndian.Uint32(head[:4])
	if n > 2*MaxFile { // what cannot be compressed grows a little
		return rec, 0, errDamaged
	}
	// A wrong length may claim more than there is: memory is taken as bytes come.
	var body bytes.Buffer
	switch got, err := io.CopyN(&body, r, int64(n)); {
	case err != nil:
		return rec, 0, damaged(err)
	case got != int64(n) || checksum(head[:4], body.Bytes()) != binary.LittleEndian.Uint32(head[4:]):
		return rec, 0, errDamaged
	}
	rec, err = decodeBody(body.Bytes())
	return rec, 8 + int64(n), err
}

// damaged tells an input that ends too soon from one that cannot be read.
func damaged(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errDamaged
	}
	return err
}

func decodeBody(body []byte) (record, error) {
	if len(body) < 2 {
		return record{}, errDamaged
	}
	length, used := binary.Uvarint(body[1:])
	if used <= 0 || length > maxName || int(length) > len(body)-1-used {
		return record{}, errDamaged
	}
	rest := body[1+used:]
	limit := most(body[0])
	data, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(rest[length:])), int64(limit)+1))
	if err != nil || len(data) > limit {
		return record{}, errDamaged
	}
	return record{body[0], string(rest[:length]), data}, nil
}

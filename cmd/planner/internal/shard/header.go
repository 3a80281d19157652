package shard

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"slices"
)

// Header says which study the blocks of a file belong to.
type Header struct {
	Version string   `json:"version"` // of the tool
	Command string   `json:"command"`
	Args    []string `json:"args"`            // the flags that change the numbers, with their values
	Show    []string `json:"show,omitempty"`  // the flags that change only how they are shown
	Input   string   `json:"input"`           // SHA-256 of the scenario and of its data files
	Seed    uint64   `json:"seed"`            // of the random numbers
	Shard   int      `json:"shard,omitempty"` // which part this is, from 1; 0: the whole
	Of      int      `json:"of,omitempty"`    // of how many
}

// File is an input of a study: the scenario, or a data file that it names
// relative to its own folder.
type File struct {
	Name string
	Data []byte
}

// Hash is the SHA-256 of the files, their names included.
func Hash(files []File) string {
	h := sha256.New()
	for _, f := range files {
		apart(h, len(f.Name))
		h.Write([]byte(f.Name))
		apart(h, len(f.Data))
		h.Write(f.Data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// apart sets off what comes next by its length.
func apart(h hash.Hash, length int) {
	h.Write(binary.LittleEndian.AppendUint64(nil, uint64(length)))
}

// Input is a [File] as a part holds it: it is decompressed only as it is
// written.
type Input struct{ packed packed }

// Name is relative to the folder of the scenario, and stays in it.
func (i Input) Name() string { return i.packed.name }

// WriteTo writes the file.
func (i Input) WriteTo(w io.Writer) (int64, error) {
	n, err := inflate(w, i.packed.all[i.packed.skip:], i.packed.size)
	return int64(n), err
}

// hashInputs is [Hash] of files as a part holds them.
func hashInputs(inputs []Input) (string, error) {
	h := sha256.New()
	for _, i := range inputs {
		apart(h, len(i.Name()))
		h.Write([]byte(i.Name()))
		apart(h, i.packed.size)
		if _, err := i.WriteTo(h); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// differs is what tells h from another study's header, empty if nothing does.
// The number of the part is not looked at.
func (h Header) differs(other Header) string {
	switch {
	case h.Version != other.Version:
		return fmt.Sprintf("it is by planner %s, not %s", other.Version, h.Version)
	case h.Command != other.Command:
		return fmt.Sprintf("it is of planner %s, not of planner %s", other.Command, h.Command)
	case h.Input != other.Input:
		return "it is of another scenario file, or its data files have changed"
	case h.Seed != other.Seed:
		return fmt.Sprintf("it has seed %d, not %d", other.Seed, h.Seed)
	case !slices.Equal(h.Args, other.Args):
		return fmt.Sprintf("it was asked %q, not %q", other.Args, h.Args)
	case h.Of != other.Of:
		return fmt.Sprintf("it is a part of %d, not of %d", other.Of, h.Of)
	}
	return ""
}

func (h Header) record() (record, error) {
	data, err := json.Marshal(h)
	return record{kindHeader, "", data}, err
}

// readHeader reads the beginning of a file of blocks, and says how long it is.
func readHeader(r io.Reader) (h Header, size int64, err error) {
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(r, start); err != nil || string(start) != magic {
		return h, 0, errNotBlocks
	}
	rec, err := readRecord(r)
	if err != nil || rec.kind != kindHeader {
		return h, 0, errNotBlocks
	}
	data, err := rec.data()
	if err != nil || json.Unmarshal(data, &h) != nil {
		return h, 0, errNotBlocks
	}
	return h, int64(len(rec.all) + len(magic)), nil
}

var errNotBlocks = fmt.Errorf("it does not begin as a part or a checkpoint of planner does")

// begin is the beginning of a file of blocks.
func (h Header) begin() ([]byte, error) {
	rec, err := h.record()
	if err != nil {
		return nil, err
	}
	p, err := rec.encode(deflate)
	return append([]byte(magic), p.all...), err
}

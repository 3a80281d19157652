package shard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/google/renameio/v2"
)

// Refusal says why a part or a checkpoint cannot be used.
type Refusal struct {
	Path, Why, Hint string
}

func (e *Refusal) Error() string { return e.Path + ": " + e.Why }

// OpenCheckpoint opens the checkpoint of the study. Where there is no file one
// is begun when the first block is finished. Notes say in words what was found there. A file of another
// study, or one that another process writes to, is refused with a [*Refusal].
func OpenCheckpoint(path string, h Header) (b *Book, notes []string, err error) {
	b = New(h)
	b.path = path
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return b, nil, nil
	}
	f, err := openLocked(path)
	if err != nil {
		return nil, nil, err
	}
	if notes, err = b.resume(path, f); err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	b.file = f
	return b, notes, nil
}

// create begins the checkpoint's file, whole with its header.
func (b *Book) create() error {
	start, err := b.header.begin()
	if err != nil {
		return err
	}
	if err := renameio.WriteFile(b.path, start, 0o644); err != nil {
		return fmt.Errorf("beginning the checkpoint: %w", err)
	}
	b.file, err = openLocked(b.path)
	return err
}

// openLocked opens the file for this process alone.
func openLocked(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("opening the checkpoint: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, &Refusal{path, "it is not a regular file", "name a file that planner can write"}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		return nil, fmt.Errorf("opening the checkpoint: %w", err)
	}
	free, err := lock(f)
	if err == nil && !free {
		err = &Refusal{path, "another process is writing to it", "wait for it, or name another --checkpoint"}
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// resume reads what is finished and cuts off what is damaged.
func (b *Book) resume(path string, f *os.File) (notes []string, err error) {
	in := bufio.NewReader(f)
	h, good, err := readHeader(in)
	if err != nil {
		return nil, &Refusal{path, err.Error(), "name another --checkpoint, or remove this file"}
	}
	why := b.header.differs(h)
	if why == "" && h.Shard != b.header.Shard {
		why = fmt.Sprintf("it is part %d, not %d", h.Shard, b.header.Shard)
	}
	if why != "" {
		return nil, &Refusal{path, "it is the checkpoint of another study: " + why, "name another --checkpoint, or remove this file"}
	}
	for {
		rec, size, err := readRecord(in)
		switch {
		case errors.Is(err, io.EOF):
			if len(b.blocks) > 0 {
				notes = append(notes, fmt.Sprintf("the checkpoint holds %d finished blocks", len(b.blocks)))
			}
			return notes, nil
		case errors.Is(err, errDamaged):
			info, err := f.Stat()
			if err != nil {
				return nil, fmt.Errorf("reading the checkpoint: %w", err)
			}
			notes = append(notes, fmt.Sprintf("the checkpoint is damaged from byte %d on: %d bytes are dropped, what they held is computed again; %d finished blocks are kept",
				good, info.Size()-good, len(b.blocks)))
			return notes, f.Truncate(good)
		case err != nil:
			return nil, fmt.Errorf("reading the checkpoint: %w", err)
		}
		good += size
		if rec.kind == kindBlock {
			b.blocks[rec.name] = rec.data
		}
	}
}

package shard

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
)

// Refusal says why a part or a checkpoint cannot be used.
type Refusal struct {
	Path, Why, Hint string
}

func (e *Refusal) Error() string { return e.Path + ": " + e.Why }

// OpenCheckpoint opens the checkpoint of the study. Where there is no file one
// is begun when the first block is finished. Notes say in words what was found
// there. A file of another study, or one that another process writes to, is
// refused with a [*Refusal].
func OpenCheckpoint(path string, h Header) (b *Book, notes []string, err error) {
	b = New(h)
	b.path = path
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return b, nil, canBegin(path)
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
	f, err := renameio.NewPendingFile(b.path, renameio.WithPermissions(0o644))
	if err != nil {
		return b.cannotBegin(err)
	}
	_, err = f.Write(start)
	if err == nil {
		err = f.Sync()
	}
	if err == nil { // a link, unlike a name, is not given where there is one already
		err = os.Link(f.Name(), b.path)
	}
	if err = errors.Join(err, f.Cleanup()); errors.Is(err, fs.ErrExist) {
		return busy(b.path)
	} else if err != nil {
		return b.cannotBegin(err)
	}
	b.file, err = openLocked(b.path)
	return err
}

// cannotBegin names the checkpoint, not the file beside it that it begins as.
func (b *Book) cannotBegin(err error) error {
	return fmt.Errorf("beginning the checkpoint %s: %w", b.path, reason(err))
}

// reason is why a file could not be worked with, without the name that it had.
func reason(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}

func busy(path string) error {
	return &Refusal{path, "another process is writing to it", "wait for it, or name another --checkpoint"}
}

// canBegin refuses a place in which no checkpoint can be made, before there is
// anything to keep.
func canBegin(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".planner-")
	if err == nil {
		err = errors.Join(f.Close(), os.Remove(f.Name()))
	}
	if err != nil {
		return &Refusal{path, "no checkpoint can be made there: " + reason(err).Error(), "name a file in a folder that planner can write to"}
	}
	return nil
}

// openLocked opens the file for this process alone.
func openLocked(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &Refusal{path, "it is a symbolic link that leads nowhere", "name the file itself, or mend the link"}
	}
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
		err = busy(path)
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
	held := 0
	for {
		rec, err := readRecord(in)
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
		if rec.kind != kindBlock {
			return nil, &Refusal{path, fmt.Sprintf("it holds a record of kind %q after its header, which no checkpoint does", rec.kind), "name another --checkpoint, or remove this file"}
		}
		if held += rec.cost(); held > MaxStudy {
			return nil, tooLarge(path)
		}
		good += int64(len(rec.all))
		b.blocks[rec.name] = rec
	}
}

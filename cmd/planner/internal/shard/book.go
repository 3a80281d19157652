package shard

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Book holds the finished blocks of one study, or of a part of it. Its methods
// may be called by several goroutines.
type Book struct {
	header Header
	joined bool // put together from parts: there is nothing left to do

	mu     sync.Mutex
	blocks map[string]packed
	path   string   // of the checkpoint; empty: blocks are in memory alone
	file   *os.File // the checkpoint; nil before there is one
	synced time.Time

	syncing sync.WaitGroup // a sync of the checkpoint is under way
	busy    bool           // one is
	failed  error          // what the last one ended with
}

// New is a book in memory, without blocks.
func New(h Header) *Book { return &Book{header: h, blocks: map[string]packed{}} }

// Header says which study the book is of.
func (b *Book) Header() Header { return b.header }

// Load is a block that is finished.
func (b *Book) Load(name string) ([]byte, bool) {
	b.mu.Lock()
	p, ok := b.blocks[name]
	b.mu.Unlock()
	if !ok {
		return nil, false
	}
	data, err := p.data()
	return data, err == nil // it has decompressed before; else it is work to be done
}

// syncEvery is how long a finished block may be on its way to the disk. The
// end of the process alone loses none.
const syncEvery = 200 * time.Millisecond

// Store adds a finished block.
func (b *Book) Store(name string, data []byte) error {
	if len(name) > maxName {
		return fmt.Errorf("shard: the name of a block has %d bytes, more than %d", len(name), maxName)
	}
	out, err := record{kindBlock, name, data}.encode(b.press())
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.blocks[name] = out
	if b.path == "" {
		return nil
	}
	if b.file == nil {
		if err := b.create(); err != nil {
			return err
		}
	}
	if _, err := b.file.Write(out.all); err != nil {
		return fmt.Errorf("shard: writing the checkpoint: %w", err)
	}
	return b.sync()
}

// press is how a block is written: parts travel, and are to be short; a
// checkpoint stays where it is, and is to cost no time.
func (b *Book) press() func(*bytes.Buffer, []byte) error {
	if b.path != "" && b.header.Of == 0 {
		return storeAsIs
	}
	return deflate
}

// sync has the disk take what was written, beside the work that goes on; what
// it ended with is told by the next one.
func (b *Book) sync() error {
	if b.failed != nil || b.busy || time.Since(b.synced) < syncEvery {
		return b.failed
	}
	b.synced, b.busy = time.Now(), true
	file := b.file
	b.syncing.Go(func() {
		err := file.Sync()
		b.mu.Lock()
		defer b.mu.Unlock()
		b.busy = false
		if err != nil {
			b.failed = fmt.Errorf("shard: writing the checkpoint: %w", err)
		}
	})
	return nil
}

// Mine tells whether the block at the position, counted from any number, is
// for this process.
func (b *Book) Mine(position int) bool {
	return !b.joined && (b.header.Of == 0 || position%b.header.Of == b.header.Shard-1)
}

// Sharing tells whether other processes do some of the blocks.
func (b *Book) Sharing() bool { return b.header.Of > 0 && !b.joined }

// Close makes sure that what was stored in a checkpoint is on the disk.
func (b *Book) Close() error {
	b.syncing.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return nil
	}
	err := b.failed
	for _, end := range []func() error{b.file.Sync, b.file.Close} {
		if e := end(); err == nil && e != nil {
			err = fmt.Errorf("shard: writing the checkpoint: %w", e)
		}
	}
	b.file = nil
	return err
}

// WritePart writes the book as a part: the same bytes for the same blocks.
// The files are the study's inputs, which go into part 1.
func (b *Book) WritePart(w io.Writer, files []File) error {
	out := bufio.NewWriter(w)
	start, err := b.header.begin()
	if err != nil {
		return err
	}
	if _, err := out.Write(start); err != nil {
		return err
	}
	written := 1
	put := func(p packed, err error) error {
		if err == nil {
			_, err = out.Write(p.all)
		}
		written++
		return err
	}
	if b.header.Shard == 1 {
		for _, f := range files {
			if err := put(record{kindFile, f.Name, f.Data}.encode(deflate)); err != nil {
				return err
			}
		}
	}
	for _, name := range b.names() {
		if err := put(b.blocks[name], nil); err != nil {
			return err
		}
	}
	if err := put(record{kindEnd, "", []byte(strconv.Itoa(written))}.encode(deflate)); err != nil {
		return err
	}
	return out.Flush()
}

func (b *Book) names() []string {
	names := make([]string, 0, len(b.blocks))
	for name := range b.blocks {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

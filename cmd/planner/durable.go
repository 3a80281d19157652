package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/shard"
	"singlelane/cmd/planner/internal/study"
)

func checkpointFlag() cli.Flag {
	return &cli.PathFlag{Name: "checkpoint", Usage: "keep finished work in `FILE`, and go on from what it holds"}
}

func shardFlag() cli.Flag {
	return &cli.StringFlag{Name: "shard", Usage: "do part `I/N` of the work and write it to stdout for planner merge; auto asks the scheduler of an array job"}
}

// durable is how a long command keeps finished work: in a checkpoint, or as
// its part of work that several processes divide. The zero value keeps
// nothing.
type durable struct {
	checkpoint string
	spec       shard.Spec // the zero value: all of it
	header     shard.Header
	files      []shard.File
	book       *shard.Book
}

func newDurable(c *cli.Context) (durable, error) {
	d := durable{checkpoint: c.Path("checkpoint"), header: headerOf(c)}
	if !c.IsSet("shard") {
		return d, nil
	}
	var source string
	var err error
	if d.spec, source, err = shard.ParseSpec(c.String("shard"), os.LookupEnv); err != nil {
		return d, usageErrorf("as in --shard 1/8 to --shard 8/8, then planner merge", "--shard: %s", err)
	}
	for _, flag := range append([]string{"charts", "precision"}, chartingFlags...) {
		if c.IsSet(flag) {
			return d, usageErrorf(divided[flag], "--%s does not go with --shard", flag)
		}
	}
	if source != "" && !c.Bool("quiet") {
		note(c.App.ErrWriter, fmt.Sprintf("part %d of %d, by %s", d.spec.Index, d.spec.Count, source))
	}
	d.header.Shard, d.header.Of = d.spec.Index, d.spec.Count
	return d, nil
}

// divided is what to do instead of giving a flag to one part.
var divided = map[string]string{
	"charts":    "give it to planner merge",
	"format":    "give it to planner merge",
	"theme":     "give it to planner merge",
	"size":      "give it to planner merge",
	"force":     "give it to planner merge",
	"precision": "a divided run needs a number of --replications that is known from the start",
}

// Flags that say nothing of the numbers: how they are shown, and how the work
// is done.
var (
	shownFlags   = []string{"json", "csv", "wide"}
	workingFlags = []string{"workers", "quiet", "checkpoint", "shard", "charts", "format", "theme", "size", "force", "allow-outside", "output", "adr", "stamp"}
)

// headerOf says what the command was asked, flag by flag as the command
// declares them, so that their order on the command line means nothing.
func headerOf(c *cli.Context) shard.Header {
	h := shard.Header{Version: build(), Command: c.Command.Name, Seed: c.Uint64("seed"), Args: []string{}}
	for _, f := range c.Command.Flags {
		name := f.Names()[0]
		if !c.IsSet(name) || slices.Contains(workingFlags, name) {
			continue
		}
		values := []string{fmt.Sprint(c.Value(name))}
		if _, many := f.(*cli.StringSliceFlag); many {
			values = c.StringSlice(name)
		}
		for _, v := range values {
			if text := "--" + name + "=" + v; slices.Contains(shownFlags, name) {
				h.Show = append(h.Show, text)
			} else {
				h.Args = append(h.Args, text)
			}
		}
	}
	return h
}

// begin opens what the command's finished work is kept in. It comes after the
// file and all what-ifs have been read, and before any work.
func (d *durable) begin(ctx context.Context, o output, f *scenario.File) error {
	if b, ok := ctx.Value(joinedKey{}).(*shard.Book); ok {
		d.book = b
		return nil
	}
	if d.checkpoint == "" && d.spec.Count == 0 {
		return nil
	}
	if d.spec.Count > 0 && isTerminal(o.stdout) {
		return usageErrorf("as in planner run FILE --shard 1/8 > part-1", "a part is not for a terminal: send stdout to a file")
	}
	data, err := f.DataFiles()
	if err != nil {
		return err
	}
	d.files = []shard.File{{Name: filepath.Base(f.Path()), Data: f.Text()}}
	for _, in := range data {
		if d.spec.Count > 0 && !in.Local {
			return usageErrorf("put it beside the scenario", "%s is outside the scenario's folder, so that it cannot go into a part", in.Name)
		}
		d.files = append(d.files, shard.File{Name: in.Name, Data: in.Bytes})
	}
	d.header.Input = shard.Hash(d.files)
	if d.checkpoint == "" {
		d.book = shard.New(d.header)
		return nil
	}
	book, notes, err := shard.OpenCheckpoint(d.checkpoint, d.header)
	for _, text := range notes {
		o.note(text)
	}
	d.book = book
	return err
}

// ledger is nil where nothing is kept.
func (d *durable) ledger() study.Ledger {
	if d.book == nil {
		return nil
	}
	return d.book
}

// end closes what begin opened, given how the work ended, and writes the part
// if there is one. More is false where there is no answer to print.
func (d *durable) end(o output, err error) (more bool, _ error) {
	if d.book == nil {
		return err == nil, err
	}
	sharing := d.book.Sharing()
	if elsewhere := errors.Is(err, study.ErrElsewhere); elsewhere && sharing {
		err = nil
	} else if elsewhere {
		err = &shard.Refusal{Path: "planner merge", Why: "the parts do not hold all of the work, though none is missing", Hint: "make the parts again"}
	}
	if err = errors.Join(err, d.book.Close()); err != nil || !sharing {
		return err == nil, err
	}
	return false, answer(o.stdout, func(w io.Writer) error { return d.book.WritePart(w, d.files) })
}

// joinedKey is under which the context of a command holds the book that was
// put together from parts.
type joinedKey struct{}

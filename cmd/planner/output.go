package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/google/renameio/v2"
)

// outputFile is a file to be written.
type outputFile struct {
	path string
	data []byte
}

// refuseExisting fails, before any work is done, when one of the files is
// there already and force is not set.
func refuseExisting(force bool, paths ...string) error {
	for _, p := range paths {
		_, err := os.Lstat(p)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case errors.Is(err, syscall.ENOTDIR):
			return usageErrorf("name a folder, or one that is yet to be made", "%s cannot be written: a file stands where its folder would be", p)
		case err != nil:
			return fmt.Errorf("looking for an earlier %s: %w", p, err)
		case !force:
			return usageErrorf("--force overwrites it", "%s exists already", p)
		}
	}
	return nil
}

// writeFiles writes all of the files or none: each goes to a temporary file
// beside its place, and only when all are complete are they renamed. Missing
// directories are made.
func writeFiles(force bool, files ...outputFile) (err error) {
	paths := make([]string, len(files))
	for i, f := range files {
		paths[i] = f.path
	}
	if err := refuseExisting(force, paths...); err != nil {
		return err
	}
	for _, p := range paths {
		if there, err := os.Lstat(p); err == nil && there.IsDir() {
			return usageErrorf("name a file", "%s is a folder", p)
		}
	}
	var pending []*renameio.PendingFile
	made := missingFolders(files)
	defer func() {
		if err != nil {
			defer removeEmpty(made)
		}
		for _, p := range pending {
			err = errors.Join(err, p.Cleanup()) // does nothing once renamed
		}
	}()
	for _, f := range files {
		p, err := writePending(f)
		if err != nil {
			return fmt.Errorf("writing %s: %w", f.path, err)
		}
		pending = append(pending, p)
	}
	for i, p := range pending {
		if err := p.CloseAtomicallyReplace(); err != nil {
			return fmt.Errorf("writing %s: %w", files[i].path, err)
		}
	}
	return nil
}

// missingFolders are those of the files' folders that are not there yet.
func missingFolders(files []outputFile) []string {
	var all []string
	for _, f := range files {
		dir := filepath.Dir(f.path)
		if _, err := os.Lstat(dir); errors.Is(err, fs.ErrNotExist) && !slices.Contains(all, dir) {
			all = append(all, dir)
		}
	}
	return all
}

// removeEmpty removes folders that were made for nothing; what is in use stays.
func removeEmpty(folders []string) {
	for _, dir := range folders {
		_ = os.Remove(dir) // one that is not empty or not there is left as it is
	}
}

// writeFolder writes files, named by their paths in it, into a folder. A new
// folder appears whole or not at all: it is filled beside its place and then
// renamed. In a folder that is there already each file is replaced.
func writeFolder(dir string, files []outputFile) error {
	dir = filepath.Clean(dir)
	if _, err := os.Lstat(dir); err == nil {
		return writeFiles(true, within(dir, files)...)
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	temporary, err := os.MkdirTemp(parent, "."+filepath.Base(dir)+"-")
	if err != nil {
		return fmt.Errorf("writing %s: %w", dir, err)
	}
	err = writeFiles(false, within(temporary, files)...)
	if err == nil {
		err = os.Chmod(temporary, 0o755)
	}
	if err == nil {
		err = os.Rename(temporary, dir)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("writing %s: %w", dir, err), os.RemoveAll(temporary))
	}
	return nil
}

// within puts files into a folder.
func within(dir string, files []outputFile) []outputFile {
	all := make([]outputFile, len(files))
	for i, f := range files {
		all[i] = outputFile{filepath.Join(dir, filepath.FromSlash(f.path)), f.data}
	}
	return all
}

func writePending(f outputFile) (*renameio.PendingFile, error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o755); err != nil {
		return nil, err
	}
	p, err := renameio.NewPendingFile(f.path, renameio.WithPermissions(0o644))
	if err != nil {
		return nil, err
	}
	if _, err := p.Write(f.data); err != nil {
		return nil, errors.Join(err, p.Cleanup())
	}
	return p, nil
}

// answer writes what render prints to stdout in one piece, so that a command
// which fails half-way has printed nothing.
func answer(stdout io.Writer, render func(io.Writer) error) error {
	var b bytes.Buffer
	if err := render(&b); err != nil {
		return err
	}
	if _, err := stdout.Write(b.Bytes()); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

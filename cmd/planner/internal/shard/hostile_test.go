package shard

import (
	"bytes"
	"compress/flate"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A few bytes that decompress to more than a record may hold are damage.
func TestRecordsAreBounded(t *testing.T) {
	for kind, most := range map[byte]int{kindHeader: MaxHeader, kindEnd: MaxHeader, kindBlock: MaxBlock} {
		for extra, want := range map[int]error{0: nil, 1: errDamaged} {
			var b bytes.Buffer
			b.Write([]byte{kind, 0})
			w, err := flate.NewWriter(&b, flate.BestSpeed)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(make([]byte, most+extra)); err != nil {
				t.Fatal(err)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			if _, err := decodeBody(b.Bytes()); !errors.Is(err, want) {
				t.Errorf("%c of %d bytes: %v, want %v", kind, most+extra, err, want)
			}
			if _, err := (record{kind, "", make([]byte, most+extra)}).encode(); (err == nil) != (want == nil) {
				t.Errorf("%c of %d bytes is written: %v", kind, most+extra, err)
			}
		}
	}
}

func TestStudiesAreBounded(t *testing.T) {
	j := joiner{have: map[int]string{}, held: MaxStudy}
	_, err := j.add(writePart(t, header(1, 1), inputs, map[string]string{"a": "1"}))
	var r *Refusal
	if !errors.As(err, &r) || !strings.Contains(err.Error(), "2147483648") {
		t.Errorf("got %v, want the limit named", err)
	}
}

// A damaged copy does no harm beside a good one, in either order; bytes after
// the end do.
func TestJoinTakesTheGoodCopy(t *testing.T) {
	good := writePart(t, header(1, 1), inputs, map[string]string{"a": "1", "b": "2"})
	data, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	write := func(data []byte) string {
		path := filepath.Join(t.TempDir(), "copy")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	flipped := slices.Clone(data)
	flipped[len(flipped)-20] ^= 4
	bad, long := write(flipped), write(append(slices.Clone(data), data...))
	for _, order := range [][]string{{bad, good}, {good, bad}, {long, good}} {
		b, files, err := Join(order)
		if err != nil || len(files) != len(inputs) || len(b.blocks) != 2 {
			t.Errorf("%v: %v, %d files", order, err, len(files))
		}
	}
	for _, path := range []string{bad, long} {
		var r *Refusal
		if _, _, err := Join([]string{path}); !errors.As(err, &r) {
			t.Errorf("%s: %v, want a refusal", path, err)
		}
	}
}

// Two processes that both find no checkpoint do not both write one.
func TestCheckpointHasOneOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kept")
	var books [2]*Book
	for i := range books {
		var err error
		if books[i], _, err = OpenCheckpoint(path, header(0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if err := books[0].Store("a", []byte("1")); err != nil {
		t.Fatal(err)
	}
	var r *Refusal
	if err := books[1].Store("b", []byte("2")); !errors.As(err, &r) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("the second: %v, want a refusal", err)
	}
	if err := books[0].Close(); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	hidden, err2 := filepath.Glob(filepath.Join(filepath.Dir(path), ".*"))
	if err != nil || err2 != nil || len(left) != 1 || len(hidden) != 0 {
		t.Errorf("there is %v and %v", left, hidden)
	}
}

// A place where nothing can be made is told before there is work to keep.
func TestCheckpointPlaces(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "none"), link); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none", "kept"): "no checkpoint can be made there",
		link:                               "leads nowhere",
		dir:                                "not a regular file",
	} {
		_, _, err := OpenCheckpoint(path, header(0, 0))
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

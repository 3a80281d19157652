package shard

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// forged is a record whose checksum holds, of the data compressed as it is.
func forged(t testing.TB, kind byte, name string, data []byte) []byte {
	t.Helper()
	b := bytes.NewBuffer(make([]byte, 8))
	b.WriteByte(kind)
	b.Write(binary.AppendUvarint(nil, uint64(len(name))))
	b.WriteString(name)
	if err := deflate(b, data); err != nil {
		t.Fatal(err)
	}
	return sealed(b.Bytes())
}

// sealed is a record with its length and its checksum.
func sealed(out []byte) []byte {
	binary.LittleEndian.PutUint32(out, uint32(len(out)-8))
	binary.LittleEndian.PutUint32(out[4:], checksum(out[:4], out[8:]))
	return out
}

// A few bytes that decompress to more than a record may hold are damage.
func TestRecordsAreBounded(t *testing.T) {
	for kind, most := range map[byte]int{kindHeader: MaxHeader, kindEnd: MaxHeader, kindBlock: MaxBlock} {
		for extra, want := range map[int]error{0: nil, 1: errDamaged} {
			data := make([]byte, most+extra)
			if _, err := readRecord(bytes.NewReader(forged(t, kind, "", data))); !errors.Is(err, want) {
				t.Errorf("%c of %d bytes: %v, want %v", kind, most+extra, err, want)
			}
			if _, err := (record{kind, "", data}).encode(deflate); (err == nil) != (want == nil) {
				t.Errorf("%c of %d bytes is written: %v", kind, most+extra, err)
			}
		}
	}
}

// What a part or a checkpoint could decompress to takes no memory until it is
// asked for: forty blocks that make 2.5 GB of 2.4 MB are refused, five that are
// within the limit are kept, and neither takes a fiftieth of that.
func TestBlocksAreKeptCompressed(t *testing.T) {
	const size = 60 << 20
	block := forged(t, kindBlock, name(0), make([]byte, size))
	start, err := header(1, 1).begin()
	if err != nil {
		t.Fatal(err)
	}
	out := bytes.NewBuffer(start)
	for _, f := range inputs {
		out.Write(forged(t, kindFile, f.Name, f.Data))
	}
	path := filepath.Join(t.TempDir(), "part")
	for blocks, refused := range map[int]bool{40: true, 5: false} {
		data := bytes.Clone(out.Bytes())
		for i := range blocks {
			data = append(data, sealed(bytes.Replace(block, []byte(name(0)), []byte(name(i)), 1))...)
		}
		data = append(data, forged(t, kindEnd, "", []byte(strconv.Itoa(1+len(inputs)+blocks)))...)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := Join([]string{path})
		runtime.ReadMemStats(&after)
		if (err != nil) != refused || refused && !strings.Contains(err.Error(), "2147483648") {
			t.Errorf("%d blocks: %v", blocks, err)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > uint64(blocks*size/50) {
			t.Errorf("%d blocks of %d bytes take %d bytes of memory", blocks, size, taken)
		}
	}
}

// Records come in one order, and files stay in the scenario's folder.
func TestPartsHaveOneForm(t *testing.T) {
	h, err := header(1, 1).record()
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string) record { return record{kindFile, name, []byte("x")} }
	head, first, block := h, file("storm.yaml"), record{kindBlock, "a", []byte("1")}
	for want, records := range map[string][]record{
		"two headers":               {head, first, head, block},
		"after its blocks":          {head, first, block, file("b")},
		"unknown kind 'Z'":          {head, first, {'Z', "", nil}},
		"two files named \"b\"":     {head, first, file("b"), file("b")},
		"\"b\", or one and a":       {head, first, file("b"), file("./b")},
		"its file \"b\" too":        {head, first, file("b"), file("b/c")},
		"\"d\", or one and":         {head, first, file("d/c"), file("d")},
		"block \"a\" twice":         {head, first, block, block},
		"no scenario before":        {head, block},
		"holds no scenario":         {head},
		"\"../x\" leads out":        {head, file("../x")},
		"\"x/../../y\" leads out":   {head, first, file("x/../../y")},
		"\"/etc/x\" leads out":      {head, file("/etc/x")},
		"whose name is \"\"":        {head, file("")},
		"whose name is \".\"":       {head, file(".")},
		"whose name is \"x/..\"":    {head, file("x/..")},
		"whose name is \"x/\"":      {head, file("x/")},
		"whose name is \"a\\x00b\"": {head, file("a\x00b")},
		"has 256 bytes":             {head, file("x/" + strings.Repeat("y", 256))},
		"does not begin":            {first, head, block},
	} {
		data := []byte(magic)
		for _, r := range append(records, record{kindEnd, "", []byte(strconv.Itoa(len(records)))}) {
			data = append(data, forged(t, r.kind, r.name, r.data)...)
		}
		path := filepath.Join(t.TempDir(), "part")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		var r *Refusal
		if _, _, err := Join([]string{path}); !errors.As(err, &r) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want a refusal with %q", err, want)
		}
	}
	second := writePart(t, header(2, 2), nil, nil)
	data, err := os.ReadFile(second)
	if err != nil {
		t.Fatal(err)
	}
	end := len(forged(t, kindEnd, "", []byte("1")))
	data = append(data[:len(data)-end], forged(t, kindFile, "b", nil)...)
	if err := os.WriteFile(second, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Join([]string{second}); err == nil || !strings.Contains(err.Error(), "only part 1 holds files") {
		t.Errorf("a file in part 2: %v", err)
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
		if !errors.As(err, &r) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), ".planner-") {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
	gone := filepath.Join(dir, "gone")
	if err := os.Mkdir(gone, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(gone, "kept")
	b, _, err := OpenCheckpoint(path, header(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if err := b.Store("a", []byte("1")); err == nil || err.Error() != "beginning the checkpoint "+path+": no such file or directory" {
		t.Errorf("a folder that has gone: %v", err)
	}
}

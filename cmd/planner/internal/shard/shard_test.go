package shard

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var inputs = []File{{"storm.yaml", []byte("name: a storm\n")}, {"traces/a.csv", []byte("1,2\n")}}

func header(shard, of int) Header {
	return Header{Version: "1", Command: "run", Args: []string{"--design=a"}, Input: Hash(inputs), Seed: 7, Shard: shard, Of: of}
}

// writePart writes a part with the given blocks and gives its path.
func writePart(t testing.TB, h Header, files []File, blocks map[string]string) string {
	t.Helper()
	b := New(h)
	for name, data := range blocks {
		if err := b.Store(name, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := b.WritePart(&out, files); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), fmt.Sprintf("part-%d", h.Shard))
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestJoinPutsPartsTogether(t *testing.T) {
	parts := []string{writePart(t, header(2, 2), inputs, map[string]string{"c": "3"}),
		writePart(t, header(1, 2), inputs, map[string]string{"a": "1", "b": strings.Repeat("2", 1e5)})}
	b, files, err := Join([]string{parts[0], parts[1], parts[0]})
	if err != nil {
		t.Fatal(err)
	}
	var trace bytes.Buffer
	if len(files) != 2 || files[0].Name() != "storm.yaml" {
		t.Fatalf("inputs %v", files)
	}
	if _, err := files[1].WriteTo(&trace); err != nil || trace.String() != "1,2\n" {
		t.Errorf("the trace is %q, %v", trace.String(), err)
	}
	if data, ok := b.Load("b"); !ok || len(data) != 1e5 {
		t.Errorf("block b has %d bytes", len(data))
	}
	if b.Mine(0) || b.Mine(1) || b.Sharing() {
		t.Error("a joined book takes work")
	}
}

func TestPartsHaveTheSameBytes(t *testing.T) {
	blocks := map[string]string{}
	for i := range 50 {
		blocks[fmt.Sprint(i)] = strings.Repeat("x", i)
	}
	one, err := os.ReadFile(writePart(t, header(1, 2), inputs, blocks))
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(writePart(t, header(1, 2), inputs, maps.Clone(blocks)))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) {
		t.Error("the same blocks make different parts")
	}
}

func TestJoinRefuses(t *testing.T) {
	with := func(change func(*Header)) string {
		h := header(2, 2)
		change(&h)
		return writePart(t, h, nil, nil)
	}
	first := writePart(t, header(1, 2), inputs, map[string]string{"a": "1"})
	file := func(data string) string {
		path := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, err := os.ReadFile(writePart(t, header(2, 2), nil, map[string]string{"b": "2"}))
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(whole)
	flipped[len(flipped)-20] ^= 4
	for _, c := range []struct {
		name string
		path string
		want string
	}{
		{"version", with(func(h *Header) { h.Version = "2" }), "by planner 2"},
		{"command", with(func(h *Header) { h.Command = "sweep" }), "planner sweep"},
		{"scenario", with(func(h *Header) { h.Input = "0" }), "another scenario"},
		{"seed", with(func(h *Header) { h.Seed = 8 }), "seed 8"},
		{"flags", with(func(h *Header) { h.Args = nil }), "was asked"},
		{"form", with(func(h *Header) { h.Show = []string{"--json=true"} }), "be shown"},
		{"number of parts", with(func(h *Header) { h.Of = 3 }), "a part of 3"},
		{"too many parts", with(func(h *Header) { h.Of = 1_000_000_000 }), "at most 100000"},
		{"beyond the last part", with(func(h *Header) { h.Shard = 3 }), "part 3 of 2"},
		{"no part", with(func(h *Header) { h.Shard = 0 }), "part 0 of 2"},
		{"negative", with(func(h *Header) { h.Shard, h.Of = -1, -1 }), "part -1 of -1"},
		{"checkpoint", with(func(h *Header) { h.Shard, h.Of = 0, 0 }), "a checkpoint"},
		{"another file", file("name: x\n"), "does not begin"},
		{"empty file", file(""), "does not begin"},
		{"no file", filepath.Join(t.TempDir(), "none"), "cannot be read"},
		{"cut between records", file(string(whole[:len(whole)-14])), "cut"},
		{"one bit", file(string(flipped)), "damaged"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Join([]string{first, c.path})
			var r *Refusal
			if !errors.As(err, &r) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want a refusal with %q", err, c.want)
			}
		})
	}
}

func TestJoinNamesWhatIsMissing(t *testing.T) {
	_, _, err := Join([]string{writePart(t, header(3, 9), nil, nil), writePart(t, header(7, 9), nil, nil)})
	if err == nil || !strings.Contains(err.Error(), "7 of 9 parts are missing: 1 to 2, 4 to 6, 8 to 9") {
		t.Errorf("error %v", err)
	}
}

func TestJoinRefusesAnotherScenarioInside(t *testing.T) {
	forged := []File{{"storm.yaml", []byte("name: another\n")}}
	if _, _, err := Join([]string{writePart(t, header(1, 1), forged, nil)}); err == nil || !strings.Contains(err.Error(), "is not the one it names") {
		t.Errorf("error %v", err)
	}
}

// TestCheckpointSurvivesAnyCut cuts a checkpoint at random places, and flips
// bits of it: what is read back is always a beginning of what was stored, and
// storing goes on from there.
func TestCheckpointSurvivesAnyCut(t *testing.T) {
	g := rand.New(rand.NewPCG(1, 2))
	path := filepath.Join(t.TempDir(), "checkpoint")
	stored := store(t, path, 0, 40)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start, err := header(0, 0).begin()
	if err != nil {
		t.Fatal(err)
	}
	for trial := range 100 {
		harmed := slices.Clone(whole)
		at := len(start) + g.IntN(len(whole)-len(start))
		if trial%2 == 0 {
			harmed = harmed[:at]
		} else {
			harmed[at] ^= 1 << g.IntN(8)
		}
		if err := os.WriteFile(path, harmed, 0o644); err != nil {
			t.Fatal(err)
		}
		b, _, err := OpenCheckpoint(path, header(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		kept := len(b.blocks)
		for i := range kept {
			if data, ok := b.Load(name(i)); !ok || string(data) != stored[name(i)] {
				t.Fatalf("trial %d: block %d of %d is %q", trial, i, kept, data)
			}
		}
		if kept == 40 {
			t.Fatalf("trial %d: harm at byte %d of %d was not seen", trial, at, len(whole))
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		store(t, path, kept, 40)
		if again, err := os.ReadFile(path); err != nil || !bytes.Equal(again, whole) {
			t.Fatalf("trial %d: going on gives another file (%v)", trial, err)
		}
	}
}

func name(i int) string { return fmt.Sprintf("block/%03d", i) }

// store puts the blocks from first to last-1 into the checkpoint.
func store(t *testing.T, path string, first, last int) map[string]string {
	t.Helper()
	b, _, err := OpenCheckpoint(path, header(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for i := first; i < last; i++ {
		all[name(i)] = strings.Repeat(fmt.Sprint(i, ","), i)
		if err := b.Store(name(i), []byte(all[name(i)])); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCheckpointRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint")
	store(t, path, 0, 3)
	other := header(0, 0)
	other.Seed = 9
	var r *Refusal
	if _, _, err := OpenCheckpoint(path, other); !errors.As(err, &r) || !strings.Contains(err.Error(), "seed 7, not 9") {
		t.Errorf("another seed: error %v", err)
	}
	if _, _, err := OpenCheckpoint(t.TempDir(), header(0, 0)); !errors.As(err, &r) {
		t.Errorf("a folder: error %v", err)
	}
	first, _, err := OpenCheckpoint(path, header(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := OpenCheckpoint(path, header(0, 0)); !errors.As(err, &r) || !strings.Contains(err.Error(), "another process") {
		t.Errorf("twice at a time: error %v", err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestParseSpec(t *testing.T) {
	env := func(pairs ...string) func(string) (string, bool) {
		return func(name string) (string, bool) {
			for i := 0; i < len(pairs); i += 2 {
				if pairs[i] == name {
					return pairs[i+1], true
				}
			}
			return "", false
		}
	}
	slurm := []string{"SLURM_ARRAY_TASK_ID", "7", "SLURM_ARRAY_TASK_COUNT", "4", "SLURM_ARRAY_TASK_MIN", "5", "SLURM_ARRAY_TASK_MAX", "8"}
	for _, c := range []struct {
		text string
		env  []string
		want Spec
		err  string
	}{
		{"1/1", nil, Spec{1, 1}, ""},
		{"8/8", nil, Spec{8, 8}, ""},
		{"0/8", nil, Spec{}, "no part 0"},
		{"9/8", nil, Spec{}, "no part 9"},
		{"1/0", nil, Spec{}, "1 to 100000 parts"},
		{"1/1000000", nil, Spec{}, "not 1000000"},
		{"1", nil, Spec{}, "not I/N"},
		{"a/b", nil, Spec{}, "two whole numbers"},
		{"auto", nil, Spec{}, "finds none"},
		{"auto", slurm, Spec{3, 4}, ""},
		{"auto", slurm[:6], Spec{3, 4}, ""}, // what the last one is need not be told
		{"auto", append([]string{"SLURM_ARRAY_TASK_MAX", "11"}, slurm...), Spec{}, "no gaps"},
		{"auto", []string{"JOB_COMPLETION_INDEX", "0", "JOB_COMPLETIONS", "3"}, Spec{1, 3}, ""},
		{"auto", []string{"JOB_COMPLETION_INDEX", "0"}, Spec{}, "JOB_COMPLETIONS is not"},
		{"auto", []string{"AWS_BATCH_JOB_ARRAY_INDEX", "2", "AWS_BATCH_JOB_ARRAY_SIZE", "3"}, Spec{3, 3}, ""},
		{"auto", []string{"AWS_BATCH_JOB_ARRAY_INDEX", "x", "AWS_BATCH_JOB_ARRAY_SIZE", "3"}, Spec{}, "not a whole number"},
	} {
		got, _, err := ParseSpec(c.text, env(c.env...))
		switch {
		case c.err == "" && (err != nil || got != c.want):
			t.Errorf("%s with %v: %v, %v; want %v", c.text, c.env, got, err, c.want)
		case c.err != "" && (err == nil || !strings.Contains(err.Error(), c.err)):
			t.Errorf("%s with %v: error %v, want %q", c.text, c.env, err, c.err)
		}
	}
}

// FuzzJoin reads any bytes as a part: an error or a book, never a panic, and
// never more memory than the bytes ask for.
func FuzzJoin(f *testing.F) {
	whole, err := os.ReadFile(writePart(f, header(1, 1), inputs, map[string]string{"a": "1", "b": "22"}))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add([]byte(magic))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "part")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		b, files, err := Join([]string{path})
		if err != nil {
			return
		}
		var plain []File
		for _, in := range files {
			var text bytes.Buffer
			if _, err := in.WriteTo(&text); err != nil {
				t.Fatal(err)
			}
			plain = append(plain, File{in.Name(), text.Bytes()})
		}
		if Hash(plain) != b.header.Input {
			t.Error("joined with another scenario inside")
		}
	})
}

// FuzzCheckpoint opens any bytes as a checkpoint; what remains of them must
// open without complaint.
func FuzzCheckpoint(f *testing.F) {
	start, err := header(0, 0).begin()
	if err != nil {
		f.Fatal(err)
	}
	block, err := record{kindBlock, "a", []byte("1")}.encode(deflate)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(append(slices.Clone(start), block.all...))
	f.Add(append(slices.Clone(start), block.all[:9]...))
	f.Add(start)
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "checkpoint")
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		b, _, err := OpenCheckpoint(path, header(0, 0))
		if err != nil {
			return
		}
		if err := b.Close(); err != nil {
			t.Fatal(err)
		}
		again, notes, err := OpenCheckpoint(path, header(0, 0))
		if err != nil || len(notes) > 0 && strings.Contains(notes[0], "damaged") {
			t.Fatalf("what was mended is refused: %v, %v", err, notes)
		}
		if err := again.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

// BenchmarkJoin1000 puts a thousand parts together.
func BenchmarkJoin1000(b *testing.B) {
	var paths []string
	for i := 1; i <= 1000; i++ {
		paths = append(paths, writePart(b, header(i, 1000), inputs, map[string]string{name(i): strings.Repeat("0123456789", 1000)}))
	}
	for b.Loop() {
		if _, _, err := Join(paths); err != nil {
			b.Fatal(err)
		}
	}
}

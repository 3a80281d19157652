//go:build unix

package scenario

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestLimitsAreRefusedBeforeMemoryIsTaken(t *testing.T) {
	padding := strings.Repeat("# padding\n", maxFileBytes/10+1)
	streams := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "  s%d: {rate: 1/s}\n", i)
		}
		return strings.Replace(small, "streams:\n", "streams:\n"+b.String(), 1)
	}
	nested := strings.Replace(small, "region.headroom: 25%", "region.headroom: "+strings.Repeat("[", 5000)+strings.Repeat("]", 5000), 1)
	wide := "name: x\nstreams: {" + strings.Repeat("a,", maxFileBytes/8) + "}\n"
	for _, c := range []struct{ name, text, want string }{
		{"file size", small + padding, "has more than 1048576 bytes, allowed is a smaller scenario file"},
		{"streams", streams(maxStreams + 1), "has 205 entries, allowed is at most 200"},
		{"nesting", nested, "nested more than 20 levels deep"},
		{"width", wide, "is there twice"},
		{"lanes in all", "region: {zones: 9000}\n" + strings.Replace(strings.Replace(streams(maxStreams-4), "region: {zones: 5, failed_zones: 1, fleet: 40000}\n", "", 1),
			"relaunches:      {of: lost, share: 60%, requests: 2, mean_delay: 40m, start: 66m}", "more: {rate: 1/s}", 1), "8999 lanes of 200 streams are too many"},
		{"long name", strings.Replace(small, "scale-up bug", strings.Repeat("x", maxNameRunes+1), 1), "has more than 100 characters"},
		{"lanes", strings.Replace(small, "servers: 8", "servers: 8\n  lanes: 10001", 1), "allowed is shared, per-zone or a whole number from 1 to 10000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := loadText(t, c.text)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %.300v, want %q", err, c.want)
			}
			var faults Faults
			if errors.As(err, &faults); len(faults) > maxFaults+1 {
				t.Errorf("%d faults are listed", len(faults))
			}
			if took := after.TotalAlloc - before.TotalAlloc; took > 1<<30 {
				t.Errorf("allocated %d MB in all", took>>20)
			}
		})
	}
}

// measured is a scenario whose one stream is a trace.
const measured = "name: x\nstreams: {a: {trace: %s}}\ncontrol_plane: {servers: 1, service: {mean: 1s}}\nobjective: {drain_within: 1h, confidence: 0.9}\n"

func TestDataFilesStayInside(t *testing.T) {
	top := t.TempDir()
	inside := filepath.Join(top, "inside")
	good := []byte("start,count\n0,5\n60,5\n")
	for _, err := range []error{
		os.Mkdir(inside, 0o700),
		os.Mkdir(filepath.Join(inside, "sub"), 0o700),
		os.WriteFile(filepath.Join(top, "out.csv"), good, 0o600),
		os.WriteFile(filepath.Join(inside, "in.csv"), good, 0o600),
		os.WriteFile(filepath.Join(inside, "sub", "deep.csv"), good, 0o600),
		os.Symlink("../out.csv", filepath.Join(inside, "out-link.csv")),
		os.Symlink(top, filepath.Join(inside, "up")),
		os.Symlink("in.csv", filepath.Join(inside, "in-link.csv")),
		os.Symlink("loop.csv", filepath.Join(inside, "loop.csv")),
		syscall.Mkfifo(filepath.Join(inside, "pipe.csv"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	scenario := filepath.Join(inside, "s.yaml")
	for _, c := range []struct {
		trace           string
		inside, outside string // what is complained of; empty: nothing
	}{
		{"in.csv", "", ""},
		{"sub/deep.csv", "", ""},
		{"sub/../in.csv", "", ""},
		{"in-link.csv", "", ""},
		{"../out.csv", "is outside the scenario's folder", ""},
		{filepath.Join(top, "out.csv"), "is outside the scenario's folder", ""},
		{"out-link.csv", "is outside the scenario's folder", ""},
		{"up/out.csv", "is outside the scenario's folder", ""},
		{"sub/../../out.csv", "is outside the scenario's folder", ""},
		{"/dev/zero", "is outside the scenario's folder", "is not a regular file"},
		{"pipe.csv", "is not a regular file", "is not a regular file"},
		{"sub", "is not a regular file", "is not a regular file"},
		{"loop.csv", "cannot be read", "cannot be read"},
		{"none.csv", "does not exist", "does not exist"},
	} {
		if err := os.WriteFile(scenario, fmt.Appendf(nil, measured, c.trace), 0o600); err != nil {
			t.Fatal(err)
		}
		for want, o := range map[*string]Options{&c.inside: {}, &c.outside: {AllowOutside: true}} {
			_, err := LoadWith(scenario, o)
			if *want == "" && err != nil || *want != "" && (err == nil || !strings.Contains(err.Error(), *want)) {
				t.Errorf("%s with %+v: got %v, want %q", c.trace, o, err, *want)
			}
		}
	}
}

func TestTracesAndServiceTimesAreRead(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"even.csv":   "start,count\n0,60\n60,120\n",
		"units.csv":  "# measured\n0s,60\n1m,120\n3m,\n",
		"repeat.csv": "0,60\n60,0\n",
		"times.csv":  "seconds\n1\n500ms\n1.5\n",
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	load := func(stream, service string) Design {
		t.Helper()
		text := strings.Replace(strings.Replace(measured, "{trace: %s}", stream, 1), "{mean: 1s}", service, 1)
		path := filepath.Join(folder, "s.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(nil, "")
		if err != nil {
			t.Fatal(err)
		}
		return s.Designs[0]
	}
	for _, c := range []struct {
		stream     string
		at, rate   float64
		mean, over float64 // requests up to over
	}{
		{"{trace: even.csv}", 119, 2, 180, 1e4},
		{"{trace: units.csv}", 119, 1, 180, 1e4},
		{"{trace: repeat.csv, repeat: true}", 130, 1, 600, 1200},
	} {
		a := load(c.stream, "{mean: 1s}").Lanes[0].Arrivals()
		if a.Rate(c.at) != c.rate || math.Abs(a.Mean(0, c.over)-c.mean) > 1e-9 {
			t.Errorf("%s: rate %v, mean %v, want %v, %v", c.stream, a.Rate(c.at), a.Mean(0, c.over), c.rate, c.mean)
		}
	}
	s := load("{rate: 1/s}", "{law: empirical, data: times.csv}").Lanes[0].Service()
	if math.Abs(s.Mean()-1) > 1e-12 || math.Abs(s.SCV()-1.0/6) > 1e-12 {
		t.Errorf("service times: mean %v, scv %v, want 1, 1/6", s.Mean(), s.SCV())
	}
}

func TestMessagesAreHarmless(t *testing.T) {
	for _, text := range []string{
		strings.Replace(small, "scale-up bug", `"\e]0;owned\a"`, 1),
		strings.Replace(small, "servers: 8", `"ser\e[2Jvers": 8`, 1),
		strings.Replace(small, "mean: 900ms", `mean: "9\u202e00ms"`, 1),
		strings.Replace(small, "region.headroom: 25%", `"region.\rheadroom": 25%`, 1),
		strings.Replace(small, "lanes: per-zone", `lanes: "per\nzone"`, 1),
		strings.Replace(small, "of: lost", `trace: "\e[31m.csv"`, 1),
		strings.Replace(small, "servers: 8", "servers: !\x1bx 8", 1),
	} {
		_, err := loadText(t, text)
		harmless(t, err)
	}
}

func TestCompilingAtTheSameTime(t *testing.T) {
	f, err := Load(filepath.Join(shippedFolder, "github-2018-webhooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 20 {
				s, err := f.Compile([]Setting{{Key: "control_plane.servers", Value: fmt.Sprint(100 + 20*i + j)}}, "")
				if err != nil || s.Designs[1].Servers != 100+20*i+j {
					t.Errorf("%v, %v", s, err)
				}
			}
		})
	}
	all.Wait()
}

func TestNumbersAreWrittenAsTheyAreRead(t *testing.T) {
	for _, k := range []key{{kind: duration}, {kind: rate}, {kind: share}, {kind: count}, {kind: number}} {
		for _, x := range []float64{0, 1, 0.1, 1.0 / 3, 60, 90, 3600, 86400, 5400, 0.07, 1e-9, 123456.789, 2.5e9, 1e12} {
			if k.kind == count {
				x = math.Round(x)
			}
			got, err := k.parse(k.format(x))
			if err != nil || got != x {
				t.Errorf("kind %d: %v is written %s and read %v, %v", k.kind, x, k.format(x), got, err)
			}
		}
	}
}

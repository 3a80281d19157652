package scenario

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sane fails when a compiled scenario holds what no solver could use.
func sane(t *testing.T, s *Scenario) {
	t.Helper()
	if !(s.Objective.Within > 0) || !(s.Objective.Confidence > 0 && s.Objective.Confidence < 1) || s.Horizon < s.Objective.Within {
		t.Fatalf("objective %+v, horizon %v", s.Objective, s.Horizon)
	}
	for _, d := range s.Designs {
		if len(d.Lanes) == 0 {
			t.Fatalf("%q has no lanes", d.Name)
		}
		for _, l := range d.Lanes {
			for _, x := range []float64{l.Capacity(1), l.FinalCapacity(), l.Initial().Mean(), l.Arrivals().Mean(0, 1e6), l.Arrivals().LongRun(), l.Arrivals().Begins()} {
				if !(x >= 0) || math.IsInf(x, 0) {
					t.Fatalf("%q, %q: %v", d.Name, l.Name(), x)
				}
			}
		}
	}
}

// harmless fails when a message could do more than be read.
func harmless(t *testing.T, err error) {
	t.Helper()
	var faults Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("got %v, want faults", err)
	}
	for _, f := range faults {
		for _, text := range []string{f.Error(), f.Hint} {
			if strings.IndexFunc(text, unprintable) >= 0 {
				t.Fatalf("%q holds what cannot be printed", text)
			}
		}
		if len(f.Error()) > 100_000 {
			t.Fatalf("a message of %d bytes", len(f.Error()))
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(Starter))
	f.Add([]byte("streams: &s {a: {rate: 1/s}, b: *s}\ndesigns: {x: {streams.a: *s, region.zones: {low: 1, likely: 2, high: 3}}}\n"))
	f.Add([]byte("name: x\nretries: {timeout: 1s, budget: {share: 10%}}\ncontrol_plane: {service: {law: empirical, data: ../x}}\n"))
	for _, name := range []string{"alias-of-itself", "second-document", "merge-key", "not-utf8"} {
		text, err := os.ReadFile(filepath.Join(shippedFolder, "bad", name+".yaml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		file, err := parse("fuzz.yaml", text, &library{folder: folder})
		if err != nil {
			harmless(t, err)
			return
		}
		s, err := file.Compile(nil, "")
		if err != nil {
			t.Fatalf("loads but does not compile: %v", err)
		}
		sane(t, s)
	})
}

func FuzzSet(f *testing.F) {
	for _, c := range whatIfCases {
		f.Add(c.key, c.value)
	}
	f.Add("control_plane.scale_out.0.after", "1h")
	f.Add("streams.new.rate", "{low: 1/s, likely: 2/s, high: 3/s}")
	f.Add("streams.relaunches.trace", "/etc/passwd")
	f.Add("region.headroom", "none")
	path := filepath.Join(f.TempDir(), "s.yaml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		f.Fatal(err)
	}
	file, err := Load(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, key, value string) {
		s, err := file.Compile([]Setting{{Key: key, Value: value}}, "")
		if err != nil {
			harmless(t, err)
			return
		}
		sane(t, s)
	})
}

func FuzzTrace(f *testing.F) {
	f.Add("start,count\n0,12\n60,10\n120,\n")
	f.Add("# x\n0s,1e3\n1m,2\n")
	f.Add("0.5\n1.5\n\"2\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		d, err := readTrace(strings.NewReader(text))
		var c *complaint
		switch {
		case err == nil && !(d.trace.Flow(0, d.trace.Ends()) >= 0):
			t.Fatalf("flow %v", d.trace.Flow(0, d.trace.Ends()))
		case err != nil && !errors.As(err, &c):
			t.Fatalf("%T: %v", err, err)
		}
		if d, err := readTimes(strings.NewReader(text)); err == nil && !(d.service.Mean() > 0) {
			t.Fatalf("mean %v", d.service.Mean())
		}
	})
}

// FuzzVary reads what --vary and --between name: within the limits, in order,
// and numbers all.
func FuzzVary(f *testing.F) {
	for _, spec := range []string{"2..6", "10m..2h:8", "0.5/s..20/s:12:log", "1,2,4", "0..1e18", "1..2:99999999999", "shared,per-zone", "1e-320..1:5:log"} {
		f.Add("control_plane.servers", spec)
		f.Add("streams.relaunches.mean_delay", spec)
		f.Add("streams.baseline.rate", spec)
	}
	path := filepath.Join(f.TempDir(), "s.yaml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		f.Fatal(err)
	}
	file, err := Load(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, key, spec string) {
		a, err := file.Axis(key, spec)
		if err != nil {
			harmless(t, err)
		} else if len(a.Values) != len(a.Texts) || len(a.Values) < 1 || len(a.Values) > max(maxPoints, strings.Count(spec, ",")+1) {
			t.Fatalf("%d values, %d texts", len(a.Values), len(a.Texts))
		}
		n, err := file.Numeric(key, "--for")
		if err != nil {
			harmless(t, err)
			return
		}
		lo, hi, err := n.Range("--between", spec)
		if err != nil {
			harmless(t, err)
		} else if !(lo < hi) || lo < n.Lo || hi > n.Hi {
			t.Fatalf("from %v to %v, allowed are %v to %v", lo, hi, n.Lo, n.Hi)
		}
	})
}

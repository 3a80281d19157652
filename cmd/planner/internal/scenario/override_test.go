package scenario

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// lanesOf is all that a design says, for comparison: the lanes' descriptions
// and the facts, without the names of designs and overrides.
func lanesOf(d Design) any {
	var lanes []any
	for _, l := range d.Lanes {
		lanes = append(lanes, l.Config())
	}
	d.Lanes, d.Name, d.Overrides = nil, "", nil
	return []any{lanes, d}
}

// whatIfCases are keys, values, and how the file reads with them.
var whatIfCases = []struct{ key, value, old, new string }{
	{"control_plane.servers", "12", "servers: 8", "servers: 12"},
	{"control_plane.total_servers", "12", "servers: 8", "total_servers: 12"},
	{"control_plane.lanes", "3", "servers: 8", "lanes: 3\n  servers: 8"},
	{"control_plane.lanes", "per-zone", "servers: 8", "lanes: per-zone\n  servers: 8"},
	{"control_plane.service.mean", "1200ms", "900ms", "1200ms"},
	{"control_plane.service", "{mean: 1s, law: gamma, scv: 2}", "{mean: 900ms}", "{mean: 1s, law: gamma, scv: 2}"},
	{"control_plane.service.law", "deterministic", "{mean: 900ms}", "{mean: 900ms, law: deterministic}"},
	{"control_plane.queue_limit", "100", "servers: 8", "queue_limit: 100\n  servers: 8"},
	{"control_plane.scale_out", "[{after: 1h, servers: 4}]", "servers: 8", "servers: 8\n  scale_out: [{after: 1h, servers: 4}]"},
	{"control_plane.throttle.max_waiting", "50", "servers: 8", "servers: 8\n  throttle: {max_waiting: 50}"},
	{"streams.relaunches.mean_delay", "2h", "mean_delay: 40m", "mean_delay: 2h"},
	{"streams.relaunches.rate", "3/s", "mean_delay: 40m", "rate: 3/s"},
	{"streams.relaunches.count", "500", "of: lost", "count: 500"},
	{"streams.relaunches.held", "true", "start: 66m", "start: 66m, held: true"},
	{"streams.traffic shifts.count", "1..3000", "count: 900", "count: 1..3000"},
	{"streams.relaunches.share", "{low: 0.1, likely: 50%, high: 0.9}", "share: 60%", "share: {low: 0.1, likely: 50%, high: 0.9}"},
	{"streams.baseline", "{rate: 5/s, decay: 5m}", "{rate: 4/s}", "{rate: 5/s, decay: 5m}"},
	{"streams.scale-up bug", "none", "  scale-up bug:    {count: 2500, at: 10m, over: 10m}\n", ""},
	{"region.headroom", "10%", "fleet: 40000", "fleet: 40000, headroom: 10%"},
	{"region", "{zones: 3, fleet: 100}", "{zones: 5, failed_zones: 1, fleet: 40000}", "{zones: 3, fleet: 100}"},
	{"drained.until", "idle", "objective:", "drained: {until: idle}\nobjective:"},
	{"retries", "{timeout: 5s, max_attempts: 2}", "objective:", "retries: {timeout: 5s, max_attempts: 2}\nobjective:"},
	{"control_plane", "{total_servers: 9, service: {mean: 1s}}", "  servers: 8\n  service: {mean: 900ms}\n", "  total_servers: 9\n  service: {mean: 1s}\n"},
	{"streams", "{a: {rate: 1/s}}", small[strings.Index(small, "streams:"):strings.Index(small, "control_plane:")], "streams: {a: {rate: 1/s}}\n"},
	{"year.zone_failures", "0.4/yr", "objective:", "year: {zone_failures: 0.4/yr}\nobjective:"},
}

// A what-if, a design's override and the edited file compile to the same.
func TestThreeWaysToSayOneThing(t *testing.T) {
	base := small[:strings.Index(small, "designs:")]
	for _, c := range whatIfCases {
		t.Run(c.key, func(t *testing.T) {
			edited := strings.Replace(base, c.old, c.new, 1)
			if edited == base {
				t.Fatalf("%q is not in the file", c.old)
			}
			want := lanesOf(compiled(t, edited, "").Designs[0])
			overridden := base + fmt.Sprintf("designs:\n  other:\n    %s: %s\n", c.key, c.value)
			if got := lanesOf(compiled(t, overridden, "other").Designs[0]); !reflect.DeepEqual(got, want) {
				t.Errorf("design: got %+v\nwant %+v", got, want)
			}
			if got := lanesOf(compiled(t, base, "", Setting{Key: c.key, Value: c.value}).Designs[0]); !reflect.DeepEqual(got, want) {
				t.Errorf("--set: got %+v\nwant %+v", got, want)
			}
		})
	}
}

func TestReplacingASectionForgetsItsLists(t *testing.T) {
	text := strings.Replace(small, "  servers: 8\n", "  servers: 8\n  scale_out: [{after: 1h, servers: 4}, {after: 2h, servers: 4}]\n", 1)
	for key, value := range map[string]string{
		"control_plane":           "{servers: 8, service: {mean: 900ms}}",
		"control_plane.scale_out": "none",
	} {
		if got := compiled(t, text, "shared lane", Setting{Key: key, Value: value}).Designs[0].Lanes[0].FinalServers(); got != 8 {
			t.Errorf("%s=%s: %d servers in the end, want 8", key, value, got)
		}
	}
	shorter := Setting{Key: "control_plane.scale_out", Value: "[{after: 1h, servers: 4}]"}
	if got := compiled(t, text, "shared lane", shorter).Designs[0].Lanes[0].FinalServers(); got != 12 {
		t.Errorf("%d servers in the end, want 12", got)
	}
}

func TestWhatIfsWinOverDesignsInTheirOrder(t *testing.T) {
	s := compiled(t, small, "lane per zone", Setting{Key: "control_plane.servers", Value: "7"})
	if got := s.Designs[0].Servers; got != 28 {
		t.Errorf("got %d servers, want 7 in each of 4 lanes", got)
	}
	s = compiled(t, small, "lane per zone", Setting{Key: "control_plane.servers", Value: "7"}, Setting{Key: "control_plane.total_servers", Value: "11"})
	if got := s.Designs[0].Servers; got != 9 { // 3, 2, 2, 2 and the dead zone's 2
		t.Errorf("got %d servers, want the 11 less the dead zone's 2", got)
	}
}

func TestChangingTheLawDropsWhatDoesNotFit(t *testing.T) {
	text := strings.Replace(small, "{mean: 900ms}", "{mean: 900ms, law: gamma, scv: 2}", 1)
	law := Setting{Key: "control_plane.service.law", Value: "deterministic"}
	if got := compiled(t, text, "", law).Designs[0].Lanes[0].Service().SCV(); got != 0 {
		t.Errorf("deterministic: scv %v, want 0", got)
	}
	law.Value = "lognormal"
	if got := compiled(t, text, "", law).Designs[0].Lanes[0].Service().SCV(); got != 2 {
		t.Errorf("lognormal: scv %v, want the gamma law's 2 to stay", got)
	}
	delay := Setting{Key: "streams.relaunches", Value: "{of: lost, delay: uniform, window: 1h}"}
	if got := compiled(t, small, "", delay).Designs[0].Lanes[0].Arrivals().Breaks(0, 1e6); len(got) == 0 || got[len(got)-1] != 3600 {
		t.Errorf("uniform delay: breaks %v, want the window's end", got)
	}
}

func TestFaultsOfWhatIfsNameTheFlag(t *testing.T) {
	f, err := loadText(t, small)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ key, value, want string }{
		{"control_plane.servers", "0", "--set control_plane.servers=0: control_plane.servers: 0 is out of range"},
		{"control_plane.serverz", "1", "did you mean servers?"},
		{"servers", "1", "did you mean control_plane.servers"},
		{"streams.relaunch.share", "1", "did you mean relaunches?"},
		{"streams.a.b.c", "1", "unknown key"},
		{"designs.shared lane", "{}", "cannot be set"},
		{"control_plane.service.mean", "{low: 1s}", "a triangle has three numbers"},
		{"control_plane.service", "{mean: 1s", "not YAML"},
		{"control_plane.scale_out.0.servers", "3", "there is no such entry"},
		{"region.failed_zones", "5", "--set region.failed_zones=5: region.failed_zones: 5 of 5 zones fail"},
		{"region.zones", "1", "--set region.zones=1: region.failed_zones: 1 of 1 zones fail"},
		{"control_plane", "none", "allowed is a mapping"},
		{"name", "a\x1b[31mb", "cannot be printed"},
		{"", "1", "unknown key"},
	} {
		_, err := f.Compile([]Setting{{Key: c.key, Value: c.value}}, "")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s=%s: got %v, want %q", c.key, c.value, err, c.want)
		}
		if err != nil && strings.ContainsRune(err.Error(), '\x1b') {
			t.Errorf("%s=%s: the message holds an escape sequence", c.key, c.value)
		}
	}
	if _, err := f.Compile(nil, "lane per zon"); err == nil || !strings.Contains(err.Error(), "did you mean lane per zone?") {
		t.Errorf("unknown design: got %v", err)
	}
}

func TestRangesAreTakenAtTheirMiddleAndSaid(t *testing.T) {
	text := strings.NewReplacer("count: 900", "count: 400..900", "share: 60%", "share: {low: 50%, likely: 60%, high: 90%}", "rate: 4/s", "rate: 0/s..8/s").Replace(small)
	s := compiled(t, text, "shared lane")
	want := []Uncertain{
		{"streams.baseline.rate", "", Spread{NormalLaw, 0, 0, 8}, 4, "4/s"},
		{"streams.relaunches.share", "", Spread{TriangleLaw, 0.5, 0.6, 0.9}, 0.6, "60%"},
		{"streams.traffic shifts.count", "", Spread{LognormalLaw, 400, 0, 900}, 600, "600"},
	}
	if !reflect.DeepEqual(s.Uncertain, want) {
		t.Errorf("got %+v\nwant %+v", s.Uncertain, want)
	}
	if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "streams.traffic shifts.count = 600") {
		t.Errorf("warnings: %q", s.Warnings)
	}
	if got := s.Designs[0].Lanes[0].Initial().Fixed; got != 600 {
		t.Errorf("the lane starts with %d, want 600", got)
	}
	// A draw is set like any other value.
	s = compiled(t, text, "shared lane", Setting{Key: "streams.traffic shifts.count", Value: "700"})
	if len(s.Uncertain) != 2 || s.Designs[0].Lanes[0].Initial().Fixed != 700 {
		t.Errorf("after a draw: %d uncertain, %d at the start", len(s.Uncertain), s.Designs[0].Lanes[0].Initial().Fixed)
	}
}

// The arithmetic of zones, by hand.
func TestZonesToLanes(t *testing.T) {
	text := strings.Replace(small[:strings.Index(small, "designs:")], "fleet: 40000", "fleet: 40000, headroom: 10%", 1)
	r := compiled(t, text, "").Designs[0]
	// lost 8000, spare 0.1 x 32000 = 3200, cover 0.4, pool 8000 x 0.6 x 0.6 = 2880
	if r.Lost != 8000 || r.Region.Spare != 3200 || math.Abs(r.Region.Cover-0.4) > 1e-12 || r.PoolRequests != 5760 || r.Region.HeadroomNeeded != 0.25 {
		t.Errorf("got %+v, lost %d, pool requests %d", r.Region, r.Lost, r.PoolRequests)
	}
	for _, c := range []struct {
		sets  string
		lost  int
		lanes []int
	}{
		{"control_plane.lanes=per-zone;control_plane.total_servers=42", 8000, []int{9, 9, 8, 8}},
		{"control_plane.total_servers=42", 8000, []int{42}},
		{"control_plane.lanes=4;control_plane.total_servers=42", 8000, []int{11, 11, 10, 10}},
		{"region.failed_zones=0", 0, []int{8}},
		{"region.lost=7%", 2800, []int{8}},
		{"region.zones=4;region.failed_zones=2;control_plane.lanes=per-zone", 20000, []int{8, 8}},
	} {
		var sets []Setting
		for _, s := range strings.Split(c.sets, ";") {
			key, value, _ := strings.Cut(s, "=")
			sets = append(sets, Setting{Key: key, Value: value})
		}
		d := compiled(t, text, "", sets...).Designs[0]
		var lanes []int
		for _, l := range d.Lanes {
			lanes = append(lanes, l.FinalServers())
		}
		sum := 0
		for _, n := range lanes {
			sum += n
		}
		if d.Lost != c.lost || d.Servers != sum || !reflect.DeepEqual(lanes, c.lanes) {
			t.Errorf("%s: lost %d, servers %d in lanes %v, want %d, %v", c.sets, d.Lost, d.Servers, lanes, c.lost, c.lanes)
		}
	}
}

// What a lane receives does not depend on how the control plane is cut.
func TestLanesTogetherReceiveEverything(t *testing.T) {
	for _, file := range append(shippedFiles(t), starterFile(t)) {
		f, err := Load(file)
		if err != nil {
			t.Fatal(err)
		}
		whole := map[string]float64{}
		for _, lanes := range []string{"shared", "per-zone", "7"} {
			s, err := f.Compile([]Setting{{Key: "control_plane.lanes", Value: lanes}, {Key: "control_plane.servers", Value: "3"}}, "")
			if err != nil {
				if lanes == "per-zone" && strings.Contains(err.Error(), "needs a region") {
					continue
				}
				t.Fatal(err)
			}
			for _, d := range s.Designs {
				sum := 0.0
				for _, l := range d.Lanes {
					sum += l.Initial().Mean() + l.Arrivals().Mean(0, 1e5)
				}
				if w, ok := whole[d.Name]; ok && math.Abs(sum-w) > 1e-9*w {
					t.Errorf("%s, %s, lanes %s: %v requests, %v in the shared lane", filepath.Base(file), d.Name, lanes, sum, w)
				}
				whole[d.Name] = sum
			}
		}
	}
}

func starterFile(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "starter.yaml")
	if err := os.WriteFile(path, []byte(Starter), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func BenchmarkCompile(b *testing.B) {
	path := filepath.Join(b.TempDir(), "s.yaml")
	if err := os.WriteFile(path, []byte(small), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := Load(path)
	if err != nil {
		b.Fatal(err)
	}
	sets := []Setting{{Key: "streams.relaunches.mean_delay", Value: "17m"}, {Key: "region.zones", Value: "6"}}
	for b.Loop() {
		if _, err := f.Compile(sets, ""); err != nil {
			b.Fatal(err)
		}
	}
}

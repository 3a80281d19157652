package scenario

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

const small = `name: us-east-1, 29 June 2012
region: {zones: 5, failed_zones: 1, fleet: 40000}
streams:
  baseline:        {rate: 4/s}
  traffic shifts:  {count: 900, at: 0s, urgent: true}
  scale-up bug:    {count: 2500, at: 10m, over: 10m}
  relaunches:      {of: lost, share: 60%, requests: 2, mean_delay: 40m, start: 66m}
control_plane:
  servers: 8
  service: {mean: 900ms}
objective: {drain_within: 4h, confidence: 99%}
designs:
  shared lane: {}
  lane per zone: {control_plane.lanes: per-zone, control_plane.servers: 2}
  static stability: {region.headroom: 25%}
`

// loadText loads a scenario given as text.
func loadText(t testing.TB, text string) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path)
}

func compiled(t testing.TB, text, design string, sets ...Setting) *Scenario {
	t.Helper()
	f, err := loadText(t, text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(sets, design)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSmallScenarioCompiles(t *testing.T) {
	s := compiled(t, small, "")
	if s.Name != "us-east-1, 29 June 2012" || s.Objective != (Objective{4 * 3600, 0.99}) || s.Horizon != 86400 {
		t.Errorf("got name %q, objective %v, horizon %v", s.Name, s.Objective, s.Horizon)
	}
	if len(s.Designs) != 3 {
		t.Fatalf("got %d designs, want 3", len(s.Designs))
	}
	shared, zones, stable := s.Designs[0], s.Designs[1], s.Designs[2]
	if shared.Lost != 8000 || shared.PoolRequests != 9600 || shared.Servers != 8 || len(shared.Lanes) != 1 {
		t.Errorf("shared lane: got lost %d, pool requests %d, servers %d, lanes %d", shared.Lost, shared.PoolRequests, shared.Servers, len(shared.Lanes))
	}
	if len(zones.Lanes) != 4 || zones.Servers != 8 || zones.LaneKind != PerZone {
		t.Errorf("lane per zone: got %d lanes, %d servers, %s", len(zones.Lanes), zones.Servers, zones.LaneKind)
	}
	if !stable.Region.StaticallyStable || stable.PoolRequests != 0 || stable.Region.Cover != 1 {
		t.Errorf("static stability: got %+v, pool requests %d", stable.Region, stable.PoolRequests)
	}
	lane := shared.Lanes[0]
	if got, want := lane.Arrivals().Rate(66*60), 4+9600.0/2400; math.Abs(got-want) > 1e-12 {
		t.Errorf("rate at 66 min: got %v, want %v", got, want)
	}
	if got := lane.Initial(); got.Fixed != 900 {
		t.Errorf("at 0: got %v, want 900 requests", got)
	}
	if got := lane.Capacity(0); math.Abs(got-8/0.9) > 1e-12 {
		t.Errorf("capacity: got %v, want %v", got, 8/0.9)
	}
	const day = 86400
	total := 0.0
	for _, l := range zones.Lanes {
		total += float64(l.Initial().Fixed) + l.Arrivals().Mean(0, day)
	}
	if want := 900 + lane.Arrivals().Mean(0, day); math.Abs(total-want) > 1e-6 {
		t.Errorf("lanes together receive %v in a day, the shared lane %v", total, want)
	}
}

package scenario

import (
	"math"
	"path/filepath"
	"testing"

	"singlelane/queueing"
)

const shippedFolder = "../../../../testdata/scenarios"

// shipped compiles one of the scenarios that come with the program.
func shipped(t testing.TB, name string, sets ...Setting) *Scenario {
	t.Helper()
	f, err := Load(filepath.Join(shippedFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(sets, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// fluidDrain is the first time from begin on at which the mean-field backlog
// of the latest lane is gone, in steps of one second. Service slows with the
// backlog where the lane says so; throttles and retries are left out.
func fluidDrain(d Design, begin, horizon float64) float64 {
	latest := 0.0
	for _, l := range d.Lanes {
		latest = max(latest, fluidLane(l, begin, horizon))
	}
	return latest
}

func fluidLane(l *queueing.Lane, begin, horizon float64) float64 {
	n := l.Initial().Mean()
	for t := 0.0; t < horizon; t++ {
		if t >= begin && n <= 0 {
			return t
		}
		n = max(0, n+l.Arrivals().Mean(t, t+1)-l.Work(t, t+1)/slowed(l, n))
	}
	return math.Inf(1)
}

// slowed is the factor on the service time with n in the lane.
func slowed(l *queueing.Lane, n float64) float64 {
	s := l.Config().Mechanisms.SlowDown
	if s == nil {
		return 1
	}
	waiting := max(0, n-float64(l.FinalServers()))
	return 1 + (s.Factor-1)*min(1, waiting/float64(s.At))
}

func designNamed(t testing.TB, s *Scenario, name string) Design {
	t.Helper()
	for _, d := range s.Designs {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("there is no design %q", name)
	return Design{}
}

// within says whether got is want to a relative tolerance.
func within(got, want, tolerance float64) bool { return math.Abs(got-want) <= tolerance*want }

// The published minutes are rounded to a minute, the fluid path to a second.
func TestShippedScenariosReproducePublishedSums(t *testing.T) {
	for _, c := range []struct {
		file, design string
		minutes      float64 // from the start of the file's clock
	}{
		{"github-2018-webhooks.yaml", "constant arrivals", 1046 + 378},
		{"github-2018-webhooks.yaml", "daytime arrivals", 1046 + 378},
		{"autoscaling-2015.yaml", "as it was", 222},
		{"autoscaling-2015.yaml", "half as much again", 118},
		{"autoscaling-2015.yaml", "twice the capacity", 80},
		{"autoscaling-2015.yaml", "three times the capacity", 49},
		{"autoscaling-2015.yaml", "half the queue pruned", 111},
		{"autoscaling-2015.yaml", "five partitions", 80},
		{"launch-leases-2025.yaml", "throttle by queue length", 74},
		{"mfa-2018.yaml", "as it was", 20 + 179},
		{"mfa-2018.yaml", "no slow-down", 20 + 20},
		{"builders-library.yaml", "one-hour stop", 120},
		{"builders-library.yaml", "ten times capacity", 300},
	} {
		d := designNamed(t, shipped(t, c.file), c.design)
		begin := 0.0
		for _, l := range d.Lanes {
			begin = max(begin, l.Arrivals().Begins(), l.Config().DownFor)
		}
		got := fluidDrain(d, begin+1, 2e5) / 60
		if !within(got, c.minutes, 0.01) {
			t.Errorf("%s, %s: drains in %.1f min, published %.0f", c.file, c.design, got, c.minutes)
		}
	}
}

func TestShippedLoadsAreThoseImplied(t *testing.T) {
	for _, c := range []struct {
		file, design string
		at, load     float64
	}{
		{"github-2018-webhooks.yaml", "constant arrivals", 70000, 0.27},
		{"github-2018-webhooks.yaml", "daytime arrivals", 70000, 0.42},
		{"autoscaling-2015.yaml", "as it was", 60, 222.0 / 513},
		{"builders-library.yaml", "one-hour stop", 3601, 0.5},
	} {
		l := designNamed(t, shipped(t, c.file), c.design).Lanes[0]
		if got := l.Arrivals().Rate(c.at) / l.Capacity(c.at); !within(got, c.load, 0.02) {
			t.Errorf("%s, %s: load %.3f, implied %.3f", c.file, c.design, got, c.load)
		}
	}
}

func TestStaticStabilityOfThreeZones(t *testing.T) {
	s := shipped(t, "builders-library.yaml")
	d := designNamed(t, s, "one-hour stop")
	if !within(d.Region.HeadroomNeeded, 0.5, 1e-12) || !d.Region.StaticallyStable || d.PoolRequests != 0 {
		t.Errorf("half of spare in two of three zones: got %+v, %d requests", d.Region, d.PoolRequests)
	}
	if d := designNamed(t, s, "no headroom"); d.PoolRequests != 1000 || d.Region.StaticallyStable {
		t.Errorf("without headroom: got %+v, %d requests, want the lost third", d.Region, d.PoolRequests)
	}
}

// The study of 2012 tells its story already by the fluid path: what was there
// misses three hours, cutting it by zone does not help, and either capacity,
// headroom or a sixth zone does.
func TestStudyOf2012TellsItsStory(t *testing.T) {
	s := shipped(t, "us-east-1-2012.yaml")
	drains := map[string]float64{}
	for _, d := range s.Designs {
		begin := 0.0
		for _, l := range d.Lanes {
			begin = max(begin, l.Arrivals().Begins())
		}
		drains[d.Name] = fluidDrain(d, begin+1, s.Horizon)
		t.Logf("%-18s lost %d, pool %d, drained at %.0f min", d.Name, d.Lost, d.PoolRequests, drains[d.Name]/60)
	}
	for _, name := range []string{"shared lane", "lane per zone"} {
		if got := drains[name]; !(got > 1.05*s.Objective.Within && got < 2*s.Objective.Within) {
			t.Errorf("%s drains in %.0f min, want a clear miss that ends", name, got/60)
		}
	}
	for _, name := range []string{"twice the servers", "static stability", "six zones"} {
		if got := drains[name]; !(got < 0.9*s.Objective.Within) {
			t.Errorf("%s drains in %.0f min, want well within the objective", name, got/60)
		}
	}
}

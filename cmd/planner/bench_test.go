package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
)

// What-if studies by theory, on the 2012 file. Divide by the cores: user time
// is what is asked for, ns/op is wall time.
//
//	go test ./cmd/planner -run '^$' -bench Study -benchtime 1x -cpuprofile cpu.out

// Target: 280 cells in 5 s on two cores.
func BenchmarkStudySweepLanePerZone(b *testing.B) {
	benchStudy(b, "sweep", "--design", "lane per zone", "--vary", "streams.relaunches.mean_delay=20m..80m:40", "--vary", "region.zones=2..8")
}

// Target: the same for one lane of all servers.
func BenchmarkStudySweepSharedLane(b *testing.B) {
	benchStudy(b, "sweep", "--design", "shared lane", "--vary", "streams.relaunches.mean_delay=20m..80m:40", "--vary", "region.zones=2..8")
}

// What-if grids of 50 by 10 on the 2012 file, of inputs that change what comes before the
// last stream begins (the service) and that do not (its delay). Target: 5 s on two cores.
func BenchmarkStudyGrid(b *testing.B) {
	for _, design := range [][2]string{{"shared lane", "control_plane.servers=7..16"}, {"lane per zone", "region.zones=3..12"}} {
		for _, input := range []string{"control_plane.service.mean=2s..3s:50", "streams.relaunches.mean_delay=20m..80m:50"} {
			key, _, _ := strings.Cut(input, "=")
			b.Run(design[0]+" by "+key, func(b *testing.B) {
				benchStudy(b, "sweep", "--design", design[0], "--vary", design[1], "--vary", input)
			})
		}
	}
}

// Target: 1 s.
func BenchmarkStudySize(b *testing.B) {
	benchStudy(b, "size", "--design", "shared lane", "--for", "control_plane.servers", "--between", "8..40")
}

// Target: 10 s over 10 inputs.
func BenchmarkStudyTornado(b *testing.B) {
	benchStudyOf(b, "us-east-1-2012-unknowns.yaml", "sensitivity", "--tornado")
}

// The same over 8 inputs, with the Sobol indices.
func BenchmarkStudySensitivity(b *testing.B) {
	benchStudy(b, "sensitivity", "--design", "shared lane")
}

func benchStudy(b *testing.B, command string, flags ...string) {
	benchStudyOf(b, "us-east-1-2012.yaml", command, flags...)
}

func benchStudyOf(b *testing.B, scenario, command string, flags ...string) {
	file := filepath.Join("..", "..", "testdata", "scenarios", scenario)
	args := append([]string{"planner", command, file, "--json"}, flags...)
	for b.Loop() {
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), args, &stdout, &stderr); code != exitDone {
			b.Fatalf("%s: exit code %d\n%s", strings.Join(args, " "), code, stderr.String())
		}
	}
}

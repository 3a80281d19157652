package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/shard"
	"singlelane/cmd/planner/internal/study"
	"singlelane/queueing"
	"singlelane/queueing/markov"
	"singlelane/queueing/steady"
)

// docs/limits.md states the limits that the program has, and no others.
func TestLimitsAreAsDocumented(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "limits.md"))
	if err != nil {
		t.Fatal(err)
	}
	limits := scenario.Limits()
	for what, n := range map[string]int{
		"requests of a backlog, a fleet or a pool": queueing.MaxCount, "servers; sources and customers of planner queue": queueing.MaxServers,
		"cells times designs of a sweep": study.MaxCells, "--replications": mostReplications, "drain times of all designs together": mostDrains, "--replications of planner replay": study.MaxReplayed, "parts of a divided study": shard.MaxParts,
		"value tried by size without --between": sizeLimit, "rows of planner queue --vary": maxQueueRows, "lanes of planner drain": drainMostLane,
		"requests in the system, --limit of planner queue": steady.MaxLimit, "servers, and requests in the system, of planner queue retrial": steady.MaxRetrial, "numbers of its chain with --orbit-limit: (limit + 1) (orbit limit + 1) (twice the smaller + 5)": steady.MaxOrbitChain, "services of the lane within its --timeout": steady.MaxTimedOut,
		"--states of planner queue": maxQueueStates, "states of a chain that is solved": markov.MaxStates,
		"bytes of what a part or a checkpoint says of itself": shard.MaxHeader, "bytes of a file in a part": shard.MaxFile,
		"bytes of a block of a part or a checkpoint": shard.MaxBlock, "bytes of a design's answer in such a block": study.MaxAnswer, "bytes of all files and blocks of a divided study or a checkpoint": shard.MaxStudy,
	} {
		limits[what] = n
	}
	for what, n := range limits {
		if row := fmt.Sprintf("| %s | %s |\n", grouped(n), what); !strings.Contains(string(text), row) {
			t.Errorf("docs/limits.md lacks the row %s", row)
		}
	}
	if rows := strings.Count(string(text), "\n| "); rows != len(limits)+2 { // the head and its rule
		t.Errorf("docs/limits.md has %d rows, the program %d limits", rows-2, len(limits))
	}
}

// grouped writes thousands apart.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// What is absurd is refused at once, with the number and its limit.
func TestAbsurdSizesAreRefused(t *testing.T) {
	file := filepath.Join("..", "..", "testdata", "scenarios", "us-east-1-2012.yaml")
	for args, want := range map[string][2]string{
		"sweep FILE --vary control_plane.servers=1..1e6":                                              {"1000000 points", "100000"},
		"sweep FILE --vary year.zone_failures=1/yr..2/yr:40000 --vary control_plane.servers=1..40000": {"1.6e+09 cells", "200000"},
		"run FILE --replications 1000000000000":                                                       {"1000000000000", "100000000"},
		"compare FILE --replications 100000000":                                                       {"100000000", "200000000"},
		"size FILE --design X --for region.fleet --between 0..1e18":                                   {"1e18", "1000000000000"},
		"run FILE --set region.fleet=1e18":                                                            {"1e18", "1000000000000"},
		"queue mmck --arrivals 1/s --service-mean 1s --limit 2000000000":                              {"2000000000", "1000000000"},
		"queue mmc --arrivals 1/s --service-mean 1s --servers 1000000000000":                          {"1000000000000", "10000000"},
		"queue mm1 --service-rate 1/s --vary arrivals=0.1/s..0.9/s:1000000":                           {"1000000 points", "100000"},
		"drain --backlog 1e18 --arrivals 4/s --service-rate 10/s":                                     {"1e18", "1000000000000"},
		"drain --backlog 9 --arrivals 4/s --service-rate 10/s --lanes 10000000":                       {"10000000", "100000"},
		"run FILE --shard 1/1000000":                                                                  {"1000000", "100000"},
		"run /dev/zero":                                                                               {"/dev/zero", "1048576 bytes"},
	} {
		words := strings.Fields("planner " + args)
		for i, w := range words {
			switch w {
			case "FILE":
				words[i] = file
			case "X":
				words[i] = "lane per zone"
			}
		}
		var stdout, stderr strings.Builder
		code := run(t.Context(), words, &stdout, &stderr)
		if code != exitUsage || stdout.Len() > 0 || !strings.Contains(stderr.String(), want[0]) || !strings.Contains(stderr.String(), want[1]) {
			t.Errorf("%s: exit code %d, stdout %q, stderr %q, want %q", args, code, stdout.String(), stderr.String(), want)
		}
	}
}

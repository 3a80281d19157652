//go:build integration

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"
)

// The storm that the server is told of: base and surge, in requests a second,
// served at a capacity, sampled every 15 s.
const (
	promBase, promAmplitude, promTau = 4.0, 12.0, 600.0
	promCapacity, promSamples        = 8.0, 480
	promReset, promGap               = 200, 300 // sample at which a counter starts again, and at which three are missing
	promGapLength                    = 30       // samples: longer than a server looks back
)

// openMetrics writes two instances' counters and the depth. What each sample
// adds is Poisson; the counter of instance a is reset once.
func openMetrics(start time.Time, g *rand.Rand) string {
	var arrivals, done, depth strings.Builder
	arrivals.WriteString("# TYPE jobs_arrived counter\n")
	done.WriteString("# TYPE jobs_done counter\n")
	depth.WriteString("# TYPE jobs_depth gauge\n")
	a, b, served, waiting := 1000.0, 50.0, 7.0, 0.0
	for i := range promSamples {
		if i > 0 {
			lo, hi := 15*float64(i-1), 15*float64(i)
			mean := promBase*15 + promAmplitude*promTau*(math.Exp(-lo/promTau)-math.Exp(-hi/promTau))
			n := distuv.Poisson{Lambda: mean, Src: g}.Rand()
			ofA := distuv.Binomial{N: math.Max(n, 1), P: 0.6, Src: g}.Rand()
			if n == 0 {
				ofA = 0
			}
			if i == promReset {
				a = 0
			}
			a, b = a+ofA, b+n-ofA
			d := math.Min(waiting+n, distuv.Poisson{Lambda: promCapacity * 15, Src: g}.Rand())
			served, waiting = served+d, waiting+n-d
		}
		if i >= promGap && i < promGap+promGapLength {
			continue
		}
		at := start.Add(time.Duration(i) * 15 * time.Second).Unix()
		fmt.Fprintf(&arrivals, "jobs_arrived_total{instance=\"a\"} %.0f %d\njobs_arrived_total{instance=\"b\"} %.0f %d\n", a, at, b, at)
		fmt.Fprintf(&done, "jobs_done_total %.0f %d\n", served, at)
		fmt.Fprintf(&depth, "jobs_depth %.0f %d\n", waiting, at)
	}
	return arrivals.String() + done.String() + depth.String() + "# EOF\n"
}

// serve starts Debian's prometheus on loopback with the samples in its store.
func serve(t *testing.T, samples string) (address string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"samples": samples, "prometheus.yml": "global: {scrape_interval: 1h}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	store := filepath.Join(dir, "store")
	if out, err := exec.CommandContext(t.Context(), "promtool", "tsdb", "create-blocks-from", "openmetrics", filepath.Join(dir, "samples"), store).CombinedOutput(); err != nil {
		t.Fatalf("promtool: %v\n%s", err, out)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c := exec.Command("prometheus", "--config.file="+filepath.Join(dir, "prometheus.yml"), "--storage.tsdb.path="+store,
		"--web.listen-address="+address, "--storage.tsdb.retention.time=10y")
	c.Stdout, c.Stderr = &log, &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		_ = c.Wait() // it was interrupted
	})
	for range 300 {
		if r, err := http.Get("http://" + address + "/-/ready"); err == nil {
			ready := r.StatusCode == http.StatusOK
			if err := r.Body.Close(); err != nil {
				t.Fatal(err)
			}
			if ready {
				return "http://" + address
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("prometheus is not ready after 30 s:\n%s", log.String())
	return ""
}

// TestIntegrationFitAsksPrometheus fits what a real server holds: counters of
// two instances, one of them reset, and a gap; and the same from the server's
// own answer in a file. A true value beyond five standard errors has a chance
// of 6e-7; the reset loses what came within one of 480 intervals.
func TestIntegrationFitAsksPrometheus(t *testing.T) {
	start := time.Date(2012, 6, 29, 20, 0, 0, 0, time.UTC)
	url := serve(t, openMetrics(start, rand.New(rand.NewPCG(16, 1))))
	end := start.Add((promSamples - 1) * 15 * time.Second)
	ask := []string{"planner", "fit", "--prometheus", url, "--since", start.Format(time.RFC3339), "--until", end.Format(time.RFC3339), "--step", "15s",
		"--arrivals-query", "jobs_arrived_total", "--completions-query", "jobs_done_total", "--depth-query", "jobs_depth", "--incident", "0s", "--servers", "4", "--json"}
	live, notes := fitted(t, ask)
	if !strings.Contains(notes, "1 resets of a counter") || !strings.Contains(notes, "gaps in the series: 1;") {
		t.Errorf("notes: %s", notes)
	}
	for name, c := range map[string]struct {
		value, want float64
		ci          [2]float64
	}{
		"base":     {live.Arrivals.Rate, promBase, live.Arrivals.CI.Rate},
		"surge":    {live.Arrivals.Surge.Amplitude, promAmplitude, live.Arrivals.Surge.CI.Amplitude},
		"decay":    {live.Arrivals.Surge.Delay, promTau, live.Arrivals.Surge.CI.Delay},
		"capacity": {live.Service.Mean, 4 / promCapacity, live.Service.CI.Mean},
	} {
		if se := (c.ci[1] - c.ci[0]) / (2 * 1.645); math.Abs(c.value-c.want) > 5*se || !(se > 0) {
			t.Errorf("%s is %v %v, want %v", name, c.value, c.ci, c.want)
		}
	}
	if live.Arrivals.Surge.Law != "exponential" || live.Format != "prometheus" || live.Origin != "2012-06-29T20:00:00Z" {
		t.Errorf("%+v", live)
	}
	fromFile, _ := fitted(t, []string{"planner", "fit", answersOf(t, url, start, end), "--incident", "0s", "--servers", "4", "--json"})
	fromFile.Source, live.Source = "", ""
	if fromFile != live {
		t.Errorf("from a file: %+v\nlive: %+v", fromFile, live)
	}
	for _, c := range []struct{ query, want string }{
		{"nothing_of_the_kind", "there is no series in that range"}, {"sum(", "parse error"}, {"rate(jobs_done_total[1m])", "it is not a counter"},
	} {
		bad := []string{"planner", "fit", "--prometheus", url, "--since", start.Format(time.RFC3339), "--until", end.Format(time.RFC3339), "--completions-query", c.query}
		var stdout, stderr bytes.Buffer
		if code := run(context.Background(), bad, &stdout, &stderr); code != exitUsage || !strings.Contains(stderr.String(), c.want) || stdout.Len() > 0 {
			t.Errorf("%s: exit %d, %s", c.query, code, stderr.String())
		}
	}
}

// promFit is the part of the answer that is looked at.
type promFit struct {
	Source, Format, Origin string
	Arrivals               struct {
		Rate float64 `json:"rate_per_s"`
		CI   struct {
			Rate [2]float64 `json:"rate_per_s"`
		}
		Surge struct {
			Law       string
			Amplitude float64 `json:"amplitude_per_s"`
			Delay     float64 `json:"delay_s"`
			CI        struct {
				Amplitude [2]float64 `json:"amplitude_per_s"`
				Delay     [2]float64 `json:"delay_s"`
			}
		}
	}
	Service struct {
		Mean float64 `json:"mean_s"`
		CI   struct {
			Mean [2]float64 `json:"mean_s"`
		}
	}
}

func fitted(t *testing.T, args []string) (f promFit, notes string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(context.Background(), args, &stdout, &stderr); code != exitDone {
		t.Fatalf("%v: exit %d\n%s", args, code, stderr.String())
	}
	if err := json.Unmarshal(stdout.Bytes(), &f); err != nil {
		t.Fatal(err)
	}
	return f, stderr.String()
}

// answersOf keeps what the server answers to the three queries in one file.
func answersOf(t *testing.T, url string, start, end time.Time) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "answers.json")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, query := range []string{"jobs_arrived_total", "jobs_done_total", "jobs_depth"} {
		r, err := http.Get(fmt.Sprintf("%s/api/v1/query_range?query=%s&start=%d&end=%d&step=15", url, query, start.Unix(), end.Unix()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := file.ReadFrom(r.Body); err != nil {
			t.Fatal(err)
		}
		if err := r.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

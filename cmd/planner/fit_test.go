package main

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"singlelane/cmd/planner/internal/fit"
	"singlelane/cmd/planner/internal/fit/trace"
	"singlelane/cmd/planner/internal/report"
	"singlelane/cmd/planner/internal/scenario"
)

// around is a range of a tenth to both sides.
func around(x float64) fit.Range { return fit.Range{Value: x, Lo: x / 1.1, Hi: x * 1.1} }

// TestFragmentsAreScenarios pastes the fragment of every law of services and
// of surges, at sizes from the least to the greatest, below a name and an
// objective: it must compile, and to the numbers that were fitted.
func TestFragmentsAreScenarios(t *testing.T) {
	surges := []*fit.Surge{nil,
		{Law: fit.ExponentialDelay, Count: around(2400), Amplitude: around(8), Delay: around(300)},
		{Law: fit.UniformDelay, Count: around(900), Delay: around(7000)},
		{Law: fit.LognormalDelay, Count: around(3), Delay: around(0.02), CV: around(0.6)},
	}
	laws := map[fit.Law]fit.Range{fit.Deterministic: {Value: 0, Lo: math.NaN(), Hi: math.NaN()}, fit.Exponential: {Value: 1, Lo: math.NaN(), Hi: math.NaN()},
		fit.Erlang: around(1.0 / 7), fit.Gamma: around(0.3), fit.Lognormal: around(4), fit.Hyperexponential: {Value: 1.2, Lo: 1.01, Hi: 1.5}, fit.Capacity: around(0.9)}
	for law, scv := range laws {
		for i, s := range surges {
			for _, size := range []float64{1e-4, 1, 1e6} {
				f := &fit.Fit{Trace: &trace.Trace{Name: "log\n- x: y", Format: trace.Table, Origin: time.Unix(1341000000, 0).UTC(), Rows: 5}, Span: 900, Usage: 0.5, Balance: around(1),
					Arrivals: &fit.Arrivals{N: 1000, Rate: around(4 * size), Surge: s, Models: []fit.Model{{Name: "constant"}}, Dispersion: 1},
					Service:  &fit.Service{N: 1000, Law: law, Mean: around(0.9 * size), SCV: scv, Laws: []fit.Model{{Name: string(law)}}, P: 0.5},
					Servers:  &fit.Servers{Count: 8, Reason: "given"}, Lane: &fit.Lane{Times: []float64{0}, In: []float64{17}},
					Warnings: []string{"a doubt: \x1b[31mred"}}
				var b bytes.Buffer
				b.WriteString("name: what was measured\nobjective: {drain_within: 1h, confidence: 99%}\n")
				if err := (report.Fit{Fit: f, Version: version}).YAML(&b); err != nil {
					t.Fatal(err)
				}
				path := filepath.Join(t.TempDir(), "scenario.yaml")
				if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
					t.Fatal(err)
				}
				whole, err := scenario.Load(path)
				if err != nil {
					t.Fatalf("%s, surge %d, size %g: %v\n%s", law, i, size, err, b.String())
				}
				compiled, err := whole.Compile(nil, "")
				if err != nil {
					t.Fatal(err)
				}
				lane := compiled.Designs[0].Lanes[0]
				for name, c := range map[string][2]float64{"mean": {lane.Service().Mean(), 0.9 * size}, "rate": {lane.Arrivals().LongRun(), 4 * size},
					"SCV": {lane.Service().SCV(), scv.Value}, "backlog": {lane.Initial().Mean(), 17}} {
					slack := 1e-3
					if law == fit.Hyperexponential && name == "SCV" {
						slack = 0.05 // the middle of a range that is not even
					}
					if math.Abs(c[0]-c[1]) > slack*c[1] {
						t.Errorf("%s, surge %d: %s is %v, fitted %v\n%s", law, i, name, c[0], c[1], b.String())
					}
				}
				if n := len(compiled.Designs[0].Streams); n != 2 && s == nil || n != 3 && s != nil {
					t.Errorf("%d streams", n)
				}
			}
		}
	}
}

package study

import (
	"math"
	"reflect"
	"testing"

	"gonum.org/v1/gonum/mathext"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// A comparison goes on to the first look at which the number asked for is as
// precise of every design, whether the best is decided before that or not.
func TestCompareToAPrecision(t *testing.T) {
	c := rivals(t, 9, 20, 60)
	p := Precision{Relative: 0.01, Of: "p90"}
	k := comparison(t, c, P99, Options{Method: Simulate, Precision: p})
	half := func(a *Answer) float64 {
		e := a.Simulated.P90
		return (e.Hi - e.Lo) / 2 / e.Value
	}
	for i := range k.Designs {
		a := &k.Designs[i]
		if got := a.Drain.Precision; !got.Met || got.Relative != half(a) || !(got.Relative <= 0.01) || a.Simulated.N != k.Replications {
			t.Errorf("%s: %+v, half width %g of %d storms", a.Name, got, half(a), a.Simulated.N)
		}
	}
	before := comparison(t, c, P99, Options{Method: Simulate, Replications: k.Replications / 2})
	if !before.Best.Decided || before.Replications != firstLook || k.Replications <= firstLook {
		t.Fatalf("decided %t by %d storms, precise by %d", before.Best.Decided, before.Replications, k.Replications)
	}
	less := comparison(t, c, P99, Options{Method: Simulate, Precision: Precision{Relative: math.Max(half(&k.Designs[0]), half(&k.Designs[1])), Of: "p90"}})
	if less.Replications != k.Replications {
		t.Errorf("what %d storms reach took %d", k.Replications, less.Replications)
	}
}

// What no number of storms that is allowed would reach, and what would take too
// many requests one by one, ends a comparison and is said.
func TestCompareToAPrecisionOutOfReach(t *testing.T) {
	k := comparison(t, rivals(t, 1e4, 20, 60), P99, Options{Method: Simulate, Precision: Precision{Relative: 0.1, Of: "breach"}})
	if got := k.Designs[0].Drain.Precision; got.Met || got.Most != mostCompared || k.Replications > 16_000 {
		t.Errorf("%+v after %d storms", got, k.Replications)
	}
	c := rivals(t, 9, 20, 60)
	k = comparison(t, c, P99, Options{Method: Exact, Precision: Precision{Relative: 0.1}})
	if k.Designs[0].Drain.Precision.Asked || k.Replications != firstLook {
		t.Errorf("theory: %+v after %d storms", k.Designs[0].Drain.Precision, k.Replications)
	}
	for requests, want := range map[float64]int{math.NaN(): mostPrecise, 0: mostPrecise, 1e4: 100_000, 1e9: defaultReplications} {
		if got := (Precision{Relative: 0.1}).plain(9, requests).OneByOne; got != want {
			t.Errorf("storms of %g requests: %d, want %d", requests, got, want)
		}
	}
}

// A replay goes on until the quantile is precise: of n requests at once at one
// exponential server, where none waits any more after n-1 services, it is that
// of a gamma law. The interval covers it but for one in a million.
func TestReplayToAPrecision(t *testing.T) {
	const n, mean = 50, 2.0
	at, err := queueing.NewRecordedInstants(make([]float64, n))
	if err != nil {
		t.Fatal(err)
	}
	r := Replay{Arrivals: at, Span: 1, Measured: Series{Times: []float64{0, 1}}, Within: 110}
	d := Design{Name: "base", Lanes: []*queueing.Lane{plainLane(t, queueing.Exponential{MeanTime: mean}, 1)}}
	relative := 0.04
	if testing.Short() {
		relative = 0.08
	}
	for of, want := range map[string]float64{"p90": mean * mathext.GammaIncRegCompInv(n-1, 0.1), "breach": mathext.GammaIncRegComp(n-1, 110/mean)} {
		got, err := r.Run(t.Context(), d, Options{Seed: 2, Precision: Precision{Relative: relative, Of: of}})
		if err != nil {
			t.Fatal(err)
		}
		e := got.Precise
		half := (e.Hi - e.Lo) / 2
		if !got.Precision.Met || got.Precision.Relative != half/e.Value || !(half <= relative*e.Value) || e.N != got.N || got.N < firstLook || got.Drain.N != got.N {
			t.Errorf("%s: %+v, %+v of %d", of, got.Precision, e, got.N)
		}
		if math.Abs(e.Value-want) > 4.9/1.96*math.Max(e.Hi-e.Value, e.Value-e.Lo) {
			t.Errorf("%s: %+v, want %g", of, e, want)
		}
	}
	plain, err := r.Run(t.Context(), d, Options{Seed: 2})
	if err != nil || plain.N != followed || plain.Precision.Asked {
		t.Errorf("%v: %d runs without a precision asked for, %+v", err, plain.N, plain.Precision)
	}
}

// Of a study of inputs the middle and all ends are as precise as asked, and the
// least precise is told; what is drawn of the inputs is what it is without.
func TestSensitivityToAPrecision(t *testing.T) {
	u := unknownBacklog(t, false)
	s, err := Sense(t.Context(), []Unknown{u}, Options{Method: Simulate, Replications: 100, Draws: 100, Precision: Precision{Relative: 0.005, Of: "p50"}})
	if err != nil {
		t.Fatal(err)
	}
	d, worst := s.Designs[0], 0.0
	for _, text := range []string{u.Inputs[0].LowText, u.Inputs[0].MiddleText, u.Inputs[0].HighText} {
		c, err := u.Compile([]string{text})
		if err != nil {
			t.Fatal(err)
		}
		s, err := montecarlo.Drains(t.Context(), c.Designs[0].Lanes, montecarlo.Options{Precision: montecarlo.Precision{Relative: 0.005, Quantile: 0.5}})
		if err != nil {
			t.Fatal(err)
		}
		e := s.Quantile(0.5)
		worst = math.Max(worst, (e.Hi-e.Lo)/2/e.Value)
	}
	if got := d.Worst.Precision; !got.Met || got.Relative != worst || d.Worst.N < firstLook {
		t.Errorf("%+v of %d storms, want %g", got, d.Worst.N, worst)
	}
	plain, err := Sense(t.Context(), []Unknown{u}, Options{Method: Simulate, Replications: 100, Draws: 100})
	if err != nil {
		t.Fatal(err)
	}
	if plain.Designs[0].Worst != nil || !reflect.DeepEqual(plain.Designs[0].Ignorance, d.Ignorance) {
		t.Errorf("%+v with and %+v without a precision", d.Ignorance, plain.Designs[0].Ignorance)
	}
	for _, precision := range []Precision{{}, {Relative: 0.001}} {
		all, err := DrawInputs(t.Context(), []Unknown{u}, Options{Method: Simulate, Precision: precision})
		if err != nil {
			t.Fatal(err)
		}
		if precision.Relative == 0 {
			d.Ignorance = *all[0]
		} else if !reflect.DeepEqual(*all[0], d.Ignorance) {
			t.Errorf("%+v with and %+v without a precision", *all[0], d.Ignorance)
		}
	}
}

// A quantile's name is read as people say it: p5 is not p50, and there is no p100.
func TestQuantileNames(t *testing.T) {
	for of, want := range map[string]float64{"": 0.99, "p5": 0.05, "p05": 0.05, "p50": 0.5, "p99": 0.99, "p995": 0.995, "p999": 0.999, "p9999": 0.9999} {
		if got, ok := (Precision{Of: of}).quantile(); !ok || got != want {
			t.Errorf("%q is %g, %t; want %g", of, got, ok, want)
		}
	}
	for _, of := range []string{"p", "p0", "p00", "p100", "p101", "p1e", "p9.5", "99", "p-1", "p99999999999", "P99", "mean"} {
		if (Precision{Of: of}).Valid() {
			t.Errorf("%q is taken for a quantile", of)
		}
	}
}

package montecarlo

import (
	"context"
	"errors"
	"math"
	"testing"

	"singlelane/queueing"
)

func TestPrecisionIsReached(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	for _, p := range []Precision{{Relative: 0.001}, {Relative: 0.0005, Quantile: 0.5}, {Relative: 0.05, Beyond: 530}} {
		s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Seed: 4, Precision: p})
		if err != nil {
			t.Fatal(err)
		}
		e := s.Quantile(0.5)
		switch {
		case p.Beyond > 0:
			e = s.Exceed(p.Beyond)
		case p.Quantile == 0:
			e = s.Quantile(0.99)
		}
		if got := (e.Hi - e.Lo) / 2 / e.Value; !(got <= p.Relative) || !s.Precision.Met || s.Precision.Relative != got {
			t.Errorf("%+v: relative half width %g of %+v after %d replications", p, got, s.Precision, s.N())
		}
		if s.N() > 400_000 {
			t.Errorf("%+v took %d replications", p, s.N())
		}
	}
}

// What cannot be had within the allowance is reported as not met.
func TestPrecisionOutOfReach(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Precision: Precision{Relative: 0.1, Beyond: 900, Most: 3000}})
	if err != nil {
		t.Fatal(err)
	}
	if s.N() != 3000 || s.Precision.Met || !math.IsInf(s.Precision.Relative, 1) {
		t.Errorf("%d replications, %+v", s.N(), s.Precision)
	}
	for _, p := range []Precision{{Relative: -1}, {Relative: 2}, {Relative: 0.1, Quantile: 1}, {Relative: math.NaN()}, {Relative: 0.1, Most: 5},
		{Relative: 0.1, OneByOne: 5}, {Relative: 0.1, Most: 2000, OneByOne: 3000}} {
		_, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Precision: p})
		if want := new(OptionError); !errors.As(err, &want) {
			t.Errorf("%+v: %v, want an option error", p, err)
		}
	}
}

// What no number of replications allowed would reach is given up once that is
// seen, and not after all of them: no late drain in n leaves a chance of up to
// 1 - 0.025^(1/n), which takes (z/r)^2 (1-q)/q of them.
func TestPrecisionOutOfReachIsGivenUpSoon(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	for _, p := range []Precision{{Relative: 0.3, Beyond: 900, Most: 400_000}, {Relative: 0.01, Beyond: 900}} {
		s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Precision: p})
		if err != nil {
			t.Fatal(err)
		}
		most := float64(p.By(queueing.Leaps).Most)
		chance := -math.Expm1(math.Log(0.025) / float64(s.N()))
		if took := math.Pow(1.959964/p.Relative, 2) * (1 - chance) / chance; s.Precision.Met || !(took > most) || s.N() > 8*precisionTried {
			t.Errorf("%+v: %+v after %d replications, and at least %.0f would do", p, s.Precision, s.N(), took)
		}
	}
}

// What the estimate leaves within reach is gone on with.
func TestPrecisionWithinReachIsNotGivenUp(t *testing.T) {
	p := Precision{Relative: 0.1, Beyond: 1}.By(queueing.Leaps)
	for k := range 100 { // cases in 10,000; (z/0.1)^2 (1-q)/q = 10^7 at q = 3.8e-5
		e := Proportion(k, precisionTried)
		if goesOn := p.More(e) > e.N; goesOn != (e.Hi > 3.84e-5) {
			t.Errorf("%d cases, at most %g: goes on %t", k, e.Hi, goesOn)
		}
	}
	q := Precision{Relative: 0.001}.By(queueing.Leaps)
	for half, goesOn := range map[float64]bool{math.Inf(1): true, 0.063: true, 0.0635: false} { // 10,000 (0.06325/0.001)^2 / 4 = 10^7
		e := Estimate{Value: 10, Lo: 10 - 10*half, Hi: 10 + 10*half, N: precisionTried}
		if half > 1 { // too few for an interval on one side
			e.Lo = 0
		}
		if (q.More(e) > e.N) != goesOn {
			t.Errorf("half width %g: next %d", half, q.More(e))
		}
	}
}

// A law of one value is known, 0 and infinity among them.
func TestPrecisionOfOneValue(t *testing.T) {
	empty, err := queueing.NewLane(queueing.Config{Name: "empty", Servers: 1, Service: queueing.Exponential{MeanTime: 1}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := Drains(context.Background(), []*queueing.Lane{empty}, Options{Precision: Precision{Relative: 0.01}})
	if err != nil || !s.Precision.Met || s.N() != precisionFirst || s.Quantile(0.99).Value != 0 {
		t.Errorf("%v: %+v after %d replications", err, s.Precision, s.N())
	}
	never := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	s, err = Drains(context.Background(), []*queueing.Lane{never}, Options{Horizon: 1, Precision: Precision{Relative: 0.01}})
	if err != nil || s.Precision.Met || !s.Precision.Endless || s.N() > 8*precisionTried {
		t.Errorf("%v: %+v after %d replications", err, s.Precision, s.N())
	}
}

// What is drawn request by request has a bound of its own.
func TestPrecisionOneByOne(t *testing.T) {
	l := surge(t, queueing.Exponential{MeanTime: 0.1}, 1, idle)
	p := Precision{Relative: 0.0001, Most: 5000, OneByOne: 1500}
	if testing.Short() {
		p.Most, p.OneByOne = 2000, 1100
	}
	for m, want := range map[queueing.Method]int{queueing.Leaps: p.Most, queueing.Recursion: p.OneByOne} {
		s, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Method: m, Precision: p})
		if err != nil {
			t.Fatal(m, err)
		}
		if s.Precision.Met || s.N() != want || s.Precision.Most != want {
			t.Errorf("%s: %+v after %d replications, want %d", m, s.Precision, s.N(), want)
		}
	}
}

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
	for _, p := range []Precision{{Relative: -1}, {Relative: 2}, {Relative: 0.1, Quantile: 1}, {Relative: math.NaN()}, {Relative: 0.1, Most: 5}} {
		_, err := Drains(context.Background(), []*queueing.Lane{l}, Options{Precision: p})
		if want := new(OptionError); !errors.As(err, &want) {
			t.Errorf("%+v: %v, want an option error", p, err)
		}
	}
}

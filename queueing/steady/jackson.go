package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing"
)

// Station is one station of a network of queues.
type Station struct {
	Name        string
	MeanService float64   // s of one visit, positive
	Servers     int       // 1 to MaxServers; ignored with Delay or Rates
	Visits      float64   // mean visits of one request, at least 0
	Delay       bool      // nobody waits here: as many servers as requests
	Rates       []float64 // closed networks: speed with 1, 2, ... requests there, the last stays; nil: min(n, Servers)
}

func (s Station) validate(at string) error {
	err := errors.Join(positive(at+"MeanService", s.MeanService), nonNegative(at+"Visits", s.Visits))
	if !s.Delay && s.Rates == nil {
		err = errors.Join(err, countBetween(at+"Servers", s.Servers, 1, MaxServers))
	}
	for i, r := range s.Rates {
		err = errors.Join(err, positive(fmt.Sprintf("%sRates[%d]", at, i), r))
	}
	return err
}

func validateStations(model string, stations []Station) error {
	if len(stations) == 0 {
		return &queueing.FieldError{Field: model + ".Stations", Got: 0, Want: "at least one station"}
	}
	errs := make([]error, 0, len(stations))
	for i, s := range stations {
		errs = append(errs, s.validate(fmt.Sprintf("%s.Stations[%d].", model, i)))
	}
	return errors.Join(errs...)
}

// StationMeasures are those of one station; W and Wq are of one visit,
// Throughput counts visits.
type StationMeasures struct {
	Name string
	Measures
}

// Jackson is an open network of M/M/c stations (J. R. Jackson, Management
// Science 10, 1963): each station behaves like an M/M/c of its own. Visits
// come from [Visits] where a routing is known.
type Jackson struct {
	ArrivalRate float64 // requests/s that enter the network, at least 0
	Stations    []Station
}

// Validate reports every field out of its range.
func (m Jackson) Validate() error {
	err := errors.Join(nonNegative("Jackson.ArrivalRate", m.ArrivalRate), validateStations("Jackson", m.Stations))
	for i, s := range m.Stations {
		if s.Rates != nil {
			err = errors.Join(err, &queueing.FieldError{Field: fmt.Sprintf("Jackson.Stations[%d].Rates", i), Got: s.Rates,
				Want: "none: open stations have servers"})
		}
	}
	return err
}

// sustainable is the largest arrival rate that the station can take.
func (s Station) sustainable() float64 {
	if s.Delay || s.Visits == 0 {
		return math.Inf(1)
	}
	return float64(s.Servers) / (s.Visits * s.MeanService)
}

// Bottleneck is the index of the station that saturates first, -1 if none
// ever does.
func (m Jackson) Bottleneck() int {
	at, least := -1, math.Inf(1)
	for i, s := range m.Stations {
		if x := s.sustainable(); x < least {
			at, least = i, x
		}
	}
	return at
}

// PerStation gives each station's measures. With a saturated station the
// flow behind it is what it lets through, which the product form does not
// cover; the others are then given for the full rate.
func (m Jackson) PerStation() ([]StationMeasures, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	out := make([]StationMeasures, len(m.Stations))
	for i, s := range m.Stations {
		rate, mu := m.ArrivalRate*s.Visits, 1/s.MeanService
		var one Model = MMc{rate, mu, s.Servers}
		if s.Delay {
			one = MMInf{rate, mu}
		}
		x, err := one.Measures()
		if err != nil {
			return nil, err
		}
		x.Sustainable = s.sustainable()
		out[i] = StationMeasures{s.Name, x}
	}
	return out, nil
}

// StationWaitQuantile is the smallest t in s with P(wait <= t) >= p of one
// visit to station i, first come first served: an arrival, whether from outside or
// from another station, finds the station's own law (Sevcik & Mitrani, J. ACM
// 28, 1981), so that it waits as in an M/M/c. 0 at a delay, +Inf when the
// station is saturated.
func (m Jackson) StationWaitQuantile(i int, p float64) (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("i", i, 0, len(m.Stations)-1)); err != nil {
		return 0, err
	}
	s := m.Stations[i]
	if s.Delay {
		return 0, level(p)
	}
	return MMc{m.ArrivalRate * s.Visits, 1 / s.MeanService, s.Servers}.WaitQuantile(p)
}

// StationWaitTail is P(wait > t) of one visit to station i: see
// [Jackson.StationWaitQuantile]. 0 at a delay, 1 when the station is saturated.
func (m Jackson) StationWaitTail(i int, t float64) (float64, error) {
	if err := errors.Join(m.Validate(), countBetween("i", i, 0, len(m.Stations)-1), nonNegative("t", t)); err != nil {
		return 0, err
	}
	s := m.Stations[i]
	if s.Delay {
		return 0, nil
	}
	return MMc{m.ArrivalRate * s.Visits, 1 / s.MeanService, s.Servers}.WaitTail(t)
}

// Measures of a request's way through the network: W is its mean time in it,
// Wq what it waits in all, Rho the load of the bottleneck, P0 the probability
// that the network is empty. PWait is not set.
func (m Jackson) Measures() (Measures, error) {
	stations, err := m.PerStation()
	if err != nil {
		return Measures{}, err
	}
	out := Measures{Sustainable: math.Inf(1), P0: 1, Throughput: m.ArrivalRate}
	for i, s := range stations {
		out.L, out.Lq, out.Busy = out.L+s.L, out.Lq+s.Lq, out.Busy+s.Busy
		out.Rho = math.Max(out.Rho, s.Rho)
		out.P0 *= s.P0
		if v := m.Stations[i].Visits; v > 0 {
			out.W, out.Wq = out.W+v*s.W, out.Wq+v*s.Wq
		}
		out.Sustainable = math.Min(out.Sustainable, s.Sustainable)
		if s.Status == Saturated {
			out.Status = Saturated
		}
	}
	if out.Status == Saturated {
		out.Throughput = out.Sustainable
	}
	return out, nil
}

// Offered is the arrival rate, 1/s.
func (m Jackson) Offered() float64 { return m.ArrivalRate }

// AtRate is the same queue at another arrival rate, 1/s.
func (m Jackson) AtRate(rate float64) Loaded { m.ArrivalRate = rate; return m }

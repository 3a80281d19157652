package fit

import (
	"math"

	"singlelane/queueing"
)

// Model is the mean path of the fitted lane from t = 0 of the scenario on, to
// be held against what was measured: times in s from the trace's first instant.
// It is empty where the fit lacks a part.
func (f *Fit) Model() (times, in []float64) {
	if f.Arrivals == nil || f.Service == nil || f.Servers == nil || f.Lane == nil {
		return nil, nil
	}
	streams := []queueing.Stream{{Name: "baseline", Source: queueing.Steady{PerSecond: f.Arrivals.Rate.Value}}}
	if s := f.Arrivals.Surge; s != nil {
		streams = append(streams, queueing.Stream{Name: "surge", Source: s.queueing()})
	}
	a, err := queueing.NewArrivals(streams...)
	if err != nil {
		return nil, nil
	}
	l, err := queueing.NewLane(queueing.Config{Name: "fitted", Backlog: int(f.Backlog()), Arrivals: a, Service: f.Service.Queueing(), Servers: f.Servers.Count})
	if err != nil {
		return nil, nil
	}
	for _, t := range f.Lane.Times {
		if t >= f.Incident {
			times, in = append(times, t-f.Incident), append(in, 0)
		}
	}
	copy(in, queueing.FluidPath(l, times))
	for i := range times {
		times[i] += f.Incident
	}
	return times, in
}

// queueing is the surge as a stream of a lane, from its beginning on.
func (s *Surge) queueing() queueing.Source {
	n := int(math.Max(1, math.Round(math.Min(s.Count.Value, queueing.MaxCount))))
	switch s.Law {
	case UniformDelay:
		return queueing.Spread(n, 0, s.Delay.Value)
	case LognormalDelay:
		return queueing.Pool{Instances: n, Requests: 1, Delay: queueing.LognormalDelay{MeanDelay: s.Delay.Value, CV: s.CV.Value}}
	}
	return queueing.Surge{Initial: s.Amplitude.Value, Decay: s.Delay.Value}
}

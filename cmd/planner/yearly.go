package main

import (
	"slices"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/cmd/planner/internal/study"
)

// events are what a design has to recover from in a year; nil where the file
// does not say. One zone alone and two by common cause fail as the what-if of
// [scenario.Design.Failing]; region events are the file as written.
func events(f *scenario.File, sets []scenario.Setting, d scenario.Design) ([]study.Event, error) {
	if !d.YearGiven {
		return nil, nil
	}
	all := []study.Event{}
	single, common := d.Year.ZoneEvents(d.Region.Zones)
	for _, kind := range []struct {
		name      string
		zones     int
		perSecond float64
	}{{"one zone fails", 1, single}, {"two zones fail", scenario.CommonZones, common}} {
		if kind.perSecond == 0 {
			continue
		}
		e := study.Event{Name: kind.name, PerYear: kind.perSecond * study.SecondsPerYear, Own: kind.zones == d.Region.Failed, Next: next(d, kind.zones)}
		if more, survives := d.Failing(kind.zones); survives && !e.Own {
			s, err := f.Compile(append(slices.Clone(sets), more...), d.Name)
			if err != nil {
				return nil, err
			}
			e.Lanes = s.Designs[0].Lanes
		}
		all = append(all, e)
	}
	if r := d.Year.RegionEvents; r > 0 {
		all = append(all, study.Event{Name: "region event", PerYear: r * study.SecondsPerYear, Own: true, Next: next(d, d.Region.Failed)})
	}
	return all, nil
}

// next is the rate per second of further failures when so many zones are down:
// those of each zone that is up, those of common cause that take at least one
// of them (the pair is any two of the zones alike), and region events.
func next(d scenario.Design, down int) float64 {
	z := float64(d.Region.Zones)
	single, common := d.Year.ZoneEvents(d.Region.Zones)
	sum := d.Year.RegionEvents
	if z > 0 {
		sum += single * (z - float64(down)) / z
	}
	if z > 1 {
		sum += common * (1 - float64(down*(down-1))/(z*(z-1)))
	}
	return sum
}

// prices are what the design costs; nil where the file does not say.
func prices(d scenario.Design) *study.Prices {
	if !d.CostGiven {
		return nil
	}
	return &study.Prices{ServerHour: d.Cost.ServerHour, InstanceHour: d.Cost.InstanceHour, BreachMinute: d.Cost.BreachMinute}
}

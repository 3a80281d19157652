package report

import (
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

type yearJSON struct {
	Breaches     number               `json:"breaches"`
	Any          number               `json:"p_any"`
	MinutesOver  number               `json:"minutes_over"`
	Recovery     recoveryJSON         `json:"recovery_minutes"`
	Second       number               `json:"p_second_failure"`
	Availability number               `json:"availability"`
	Nines        number               `json:"nines"`  // of the availability, 3 for 99.9 %
	Status       string               `json:"status"` // "recovers", or "never" where an event may have no end
	Reason       string               `json:"status_reason"`
	Events       number               `json:"events"`
	Kinds        []yearKindJSON       `json:"kinds"`
	CI           *map[string]interval `json:"ci,omitempty"`
}

type recoveryJSON struct {
	Mean number `json:"mean"`
	P50  number `json:"p50"`
	P95  number `json:"p95"`
	P99  number `json:"p99"`
}

type yearKindJSON struct {
	Name         string       `json:"name"`
	PerYear      number       `json:"per_year"`
	Status       study.Status `json:"status"`
	StatusReason string       `json:"status_reason"`
	Breach       number       `json:"breach"`
	Second       number       `json:"p_second_failure"`
	P50          number       `json:"p50_s"`
	P99          number       `json:"p99_s"`
	Method       string       `json:"method"`
	Quality      string       `json:"quality"`
	N            int          `json:"n,omitempty"`
}

func yearOf(y *study.Year) *yearJSON {
	if y == nil {
		return nil
	}
	minutes := func(e montecarlo.Estimate) number { return number(e.Value / 60) }
	j := &yearJSON{Breaches: number(y.Breaches.Value), Any: number(y.Any.Value), MinutesOver: minutes(y.Over),
		Recovery: recoveryJSON{minutes(y.Recovery), minutes(y.P50), minutes(y.P95), minutes(y.P99)},
		Second:   number(y.Second.Value), Availability: number(y.Available.Value), Nines: number(y.Nines()), Status: "recovers", Reason: y.Reason,
		Events: number(y.Events), Kinds: []yearKindJSON{}}
	for i := range y.Kinds {
		k := &y.Kinds[i]
		one := yearKindJSON{Name: k.Name, PerYear: number(k.PerYear), Status: k.Status, StatusReason: k.StatusReason,
			Breach: number(k.Breach.Value), Second: number(k.Second.Value), P50: number(math.Inf(1)), P99: number(math.Inf(1))}
		if l := k.Law; l != nil {
			one.P50, one.P99 = number(l.P50.Value), number(l.P99.Value)
			one.Method, one.Quality, one.N = string(l.Method), string(l.Quality), l.N
		}
		j.Kinds = append(j.Kinds, one)
	}
	if endless := endlessKinds(y); endless != "" {
		j.Status, j.Reason = "never", endless
	}
	if y.Breaches.N > 0 {
		over, p50, p95, p99 := scaledInterval(y.Over, 60), scaledInterval(y.P50, 60), scaledInterval(y.P95, 60), scaledInterval(y.P99, 60)
		j.CI = &map[string]interval{"breaches": intervalOf(y.Breaches), "p_any": intervalOf(y.Any), "minutes_over": over,
			"recovery_minutes_p50": p50, "recovery_minutes_p95": p95, "recovery_minutes_p99": p99}
	}
	return j
}

func scaledInterval(e montecarlo.Estimate, per float64) interval {
	return interval{number(e.Lo / per), number(e.Hi / per)}
}

// endlessKinds says which events have a recovery that never ends, and why.
func endlessKinds(y *study.Year) string {
	var all []string
	for i := range y.Kinds {
		if k := &y.Kinds[i]; k.Status == study.Never {
			all = append(all, fmt.Sprintf("%s: %s", k.Name, k.StatusReason))
		}
	}
	return strings.Join(all, "; ")
}

type costJSON struct {
	Total     number    `json:"total"`
	P95       number    `json:"p95"`
	Servers   number    `json:"servers"`
	Instances number    `json:"headroom_instances"`
	Breaches  number    `json:"breach_minutes"`
	Reason    string    `json:"reason,omitempty"`
	CI        *interval `json:"total_ci,omitempty"`
	P95CI     *interval `json:"p95_ci,omitempty"`
}

func costOf(c *study.Cost) *costJSON {
	if c == nil {
		return nil
	}
	j := &costJSON{Total: number(c.Total.Value), P95: number(c.P95.Value), Servers: number(c.Servers), Instances: number(c.Instances),
		Breaches: number(c.Breaches.Value), Reason: c.Reason}
	if c.NoYear {
		j.Reason = noYear
	}
	if c.Total.N > 0 {
		total, p95 := intervalOf(c.Total), intervalOf(c.P95)
		j.CI, j.P95CI = &total, &p95
	}
	return j
}

const noYear = "minutes beyond the objective are left out: the file has no year:"

// writeYear shows what a year brings, a line a design.
func writeYear(b *strings.Builder, r *study.Result) error {
	any := false
	t := &table{}
	t.add("", "breaches", "P(any),", "over,", "recovery,", "", "", "second", "available,")
	t.add("", "a year", "%", "min", "P50, min", "P95", "P99", "failure, %", "%")
	for i := range r.Designs {
		a := &r.Designs[i]
		y := a.Year
		if y == nil {
			continue
		}
		any = true
		in := func(e montecarlo.Estimate) string { return unit{"min", 60, 1}.in(e.Value) }
		t.add("  "+a.Name, estimated(y.Breaches, threeDigits), percentCell(y.Any.Value), in(y.Over), in(y.P50), in(y.P95), in(y.P99),
			percentCell(y.Second.Value), available(y))
	}
	if !any {
		return nil
	}
	b.WriteString("\nthe year\n")
	return t.write(b)
}

// threeDigits is enough of a number that stands beside its interval.
func threeDigits(x float64) string { return fmt.Sprintf("%.3g", x) }

// estimated shows a number with its interval if it has one.
func estimated(e montecarlo.Estimate, show func(float64) string) string {
	if e.N == 0 {
		return show(e.Value)
	}
	return fmt.Sprintf("%s [%s, %s]", show(e.Value), show(e.Lo), show(e.Hi))
}

// available shows the availability with all its nines and two digits more.
func available(y *study.Year) string {
	down := 1 - y.Available.Value
	switch {
	case math.IsNaN(down):
		return "never back"
	case down < 1e-12:
		return "100"
	}
	return fmt.Sprintf("%.*f", max(0, int(math.Ceil(-math.Log10(down)))-1), 100*y.Available.Value)
}

// writeCost shows what the designs cost.
func writeCost(b *strings.Builder, r *study.Result) error {
	any, note := false, ""
	t := &table{}
	t.add("", "servers", "headroom", "breaches", "total", "P95")
	for i := range r.Designs {
		a := &r.Designs[i]
		c := a.Cost
		if c == nil {
			continue
		}
		any = true
		if c.NoYear {
			note = "  " + noYear + "\n"
		}
		t.add("  "+a.Name, significant(c.Servers), significant(c.Instances), significant(c.Breaches.Value), estimated(c.Total, significant), significant(c.P95.Value))
	}
	if !any {
		return nil
	}
	b.WriteString("\ncost a year\n")
	err := t.write(b)
	b.WriteString(note)
	return err
}

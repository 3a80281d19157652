package report

import (
	"encoding/json"
	"fmt"
	"io"
	"math"

	"singlelane/cmd/planner/internal/study"
	"singlelane/montecarlo"
)

// number is a float64 that is null where it is infinite or unknown.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(x), 0) || math.IsNaN(float64(x)) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(x))
}

type interval [2]number

func intervalOf(e montecarlo.Estimate) interval { return interval{number(e.Lo), number(e.Hi)} }

type objectiveJSON struct {
	Within     number `json:"drain_within_s"`
	Confidence number `json:"confidence"`
}

type runJSON struct {
	Scenario  string        `json:"scenario"`
	Seed      uint64        `json:"seed"`
	Version   string        `json:"version"`
	Objective objectiveJSON `json:"objective"`
	Designs   []designJSON  `json:"designs"`
	Warnings  []string      `json:"warnings"`

	Interrupted bool `json:"interrupted,omitempty"` // what was finished by then
}

type designJSON struct {
	Name               string           `json:"name"`
	Status             study.Status     `json:"status"`
	StatusReason       string           `json:"status_reason"`
	BindingLane        string           `json:"binding_lane"`
	LargestSustainable number           `json:"largest_sustainable_rate_per_s"`
	Lanes              int              `json:"lanes"`
	Lost               int              `json:"lost"`
	PoolRequests       int              `json:"pool_requests"`
	OverloadEnds       number           `json:"overload_ends_s"`
	FirstClear         number           `json:"first_clear_s"`
	Completed          *figureJSON      `json:"completed_s"`
	AtOverloadEnd      number           `json:"p_at_overload_end"`
	Drain              *lawJSON         `json:"drain"`
	Simulated          *lawJSON         `json:"simulated"`
	Peak               *figureJSON      `json:"peak_backlog"`
	LongestWait        *figureJSON      `json:"longest_wait_s"`
	WaitedHours        *figureJSON      `json:"waited_hours"`
	Stuck              number           `json:"p_stuck"`
	Streams            []streamJSON     `json:"streams"`
	LanePaths          []lanePathsJSON  `json:"lane_paths,omitempty"`
	MeetsObjective     bool             `json:"meets_objective"`
	Decided            bool             `json:"decided"`
	Year               *yearJSON        `json:"year,omitempty"`
	Cost               *costJSON        `json:"cost,omitempty"`
	Stability          *stabilityJSON   `json:"static_stability,omitempty"`
	Agreement          *agreementJSON   `json:"agreement,omitempty"`
	FirstClearFigure   *figureJSON      `json:"first_clear,omitempty"`
	UrgentWait         *figureJSON      `json:"urgent_wait_s,omitempty"`
	Useful             *figureJSON      `json:"useful_service_share,omitempty"`
	StuckInterval      *interval        `json:"p_stuck_ci,omitempty"`
	NotDrained         number           `json:"p_not_drained"`
	NotDrainedCI       *interval        `json:"p_not_drained_ci,omitempty"`
	Verdicts           *verdictsJSON    `json:"verdicts,omitempty"`
	Tipping            *tippingJSON     `json:"tipping,omitempty"`
	Uncertainty        *uncertaintyJSON `json:"uncertainty,omitempty"`
	Warnings           []string         `json:"warnings"`
}

type lawJSON struct {
	Method  string  `json:"method"`
	Quality string  `json:"quality"`
	Reason  string  `json:"reason"`
	Mean    number  `json:"mean_s"`
	SD      number  `json:"sd_s"`
	P50     number  `json:"p50_s"`
	P90     number  `json:"p90_s"`
	P99     number  `json:"p99_s"`
	P999    number  `json:"p999_s"`
	Breach  number  `json:"breach"`
	AtMost  *number `json:"breach_at_most,omitempty"` // where theory leaves breach no digits
	CVaR99  number  `json:"cvar99_s"`
	N       int     `json:"n,omitempty"`
	CI      *ciJSON `json:"ci,omitempty"`
	Error   *number `json:"abs_error,omitempty"` // of chances by theory; none where it is below rounding

	Rare      []rareJSON     `json:"rare,omitempty"`
	Precision *precisionJSON `json:"precision,omitempty"`
	Control   *controlJSON   `json:"mean_by_control,omitempty"`
}

type ciJSON struct {
	Confidence number   `json:"confidence"`
	Mean       interval `json:"mean_s"`
	SD         interval `json:"sd_s"`
	P50        interval `json:"p50_s"`
	P90        interval `json:"p90_s"`
	P99        interval `json:"p99_s"`
	P999       interval `json:"p999_s"`
	Breach     interval `json:"breach"`
	CVaR99     interval `json:"cvar99_s"`
}

type figureJSON struct {
	Mean number       `json:"mean"`
	P50  number       `json:"p50"`
	P99  number       `json:"p99"`
	Max  number       `json:"max"`
	N    int          `json:"n"`
	CI   figureCIJSON `json:"ci"`
}

type figureCIJSON struct {
	Mean interval `json:"mean"`
}

type streamJSON struct {
	Name     string      `json:"name"`
	Wait     *figureJSON `json:"wait_s"`
	LastDone *figureJSON `json:"last_done_s"`
	InTime   number      `json:"in_time"`
	Refused  number      `json:"refused"`
	AgedOut  number      `json:"aged_out"`
	GivenUp  number      `json:"given_up"`
	Attempts number      `json:"attempts"`
	Left     number      `json:"left"`
	Sojourn  *figureJSON `json:"sojourn_s"`
	Longest  *figureJSON `json:"longest_wait_s"`
	Nearly   *figureJSON `json:"nearly_done_s"`
	Served   number      `json:"served"` // share of all requests, late ones too
	Counts   countsJSON  `json:"counts"`
}

// countsJSON are the requests of all storms that were followed: arrived is the
// sum of served, refused, aged_out, given_up and left.
type countsJSON struct {
	Arrived  int64 `json:"arrived"`
	Served   int64 `json:"served"`
	InTime   int64 `json:"in_time"`
	Refused  int64 `json:"refused"`
	AgedOut  int64 `json:"aged_out"`
	GivenUp  int64 `json:"given_up"`
	Left     int64 `json:"left"`
	Attempts int64 `json:"attempts"`
}

func countsOf(f montecarlo.Fates) countsJSON {
	return countsJSON{f.Arrived, f.Served, f.InTime, f.Refused, f.AgedOut, f.GivenUp, f.Left, f.Attempts}
}

type lanePathsJSON struct {
	Name   string      `json:"name"`
	Peak   *figureJSON `json:"peak_backlog"`
	Waited *figureJSON `json:"waited_hours"`
	Over   *figureJSON `json:"over_level_s"`
}

type stabilityJSON struct {
	Headroom number `json:"headroom"`
	Needed   number `json:"headroom_needed"`
	Cover    number `json:"cover"`
	Stable   bool   `json:"stable"`
	PerPoint number `json:"requests_spared_per_percent"`
}

type agreementJSON struct {
	Agrees   *bool  `json:"agrees"` // null where theory is approximate
	Distance number `json:"largest_difference"`
	Bound    number `json:"explained_by_chance"`
	P50      number `json:"p50_relative_difference"`
	P99      number `json:"p99_relative_difference"`
}

// JSON writes the result of a run as one document.
func JSON(w io.Writer, r *study.Result, version string) error {
	return writeJSON(w, documentOf(r, version))
}

func documentOf(r *study.Result, version string) runJSON {
	doc := runJSON{
		Scenario: r.Name, Seed: r.Seed, Version: version,
		Objective: objectiveJSON{number(r.Objective.Within), number(r.Objective.Confidence)},
		Designs:   []designJSON{}, Interrupted: r.Interrupted, Warnings: list(r.Warnings),
	}
	for i := range r.Designs {
		doc.Designs = append(doc.Designs, designOf(&r.Designs[i]))
	}
	return doc
}

func writeJSON(w io.Writer, doc any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

// list is never null in a document.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

func designOf(a *study.Answer) designJSON {
	d := designJSON{
		Name: a.Name, Status: a.Status, StatusReason: a.StatusReason, BindingLane: a.BindingLane,
		LargestSustainable: number(a.LargestSustainable), Lanes: a.Lanes, Lost: a.Lost, PoolRequests: a.PoolRequests,
		OverloadEnds: number(a.OverloadEnds), FirstClear: number(math.NaN()), AtOverloadEnd: number(a.AtOverloadEnd),
		Completed: figureOf(a.Completed, 1), Drain: lawOf(a.Drain), Simulated: lawOf(a.Simulated),
		Peak: figureOf(a.Peak, 1), LongestWait: figureOf(a.LongestWait, 1), WaitedHours: figureOf(a.Waited, 3600),
		Stuck: number(math.NaN()), Streams: []streamJSON{},
		MeetsObjective: a.MeetsObjective, Decided: a.Decided, Warnings: list(a.Warnings),
	}
	if a.Ignorance != nil {
		u := uncertaintyOf(a.Ignorance)
		d.Uncertainty = &u
	}
	d.Year, d.Cost = yearOf(a.Year), costOf(a.Cost)
	d.Tipping, d.NotDrained = tippingOf(a.Tipping), number(math.NaN())
	d.UrgentWait, d.Useful = figureOf(a.Urgent, 1), figureOf(a.Useful, 1)
	if a.Stuck.N > 0 {
		ci := intervalOf(a.Stuck)
		d.Stuck, d.StuckInterval = number(a.Stuck.Value), &ci
		late := intervalOf(a.NotDrained)
		d.NotDrained, d.NotDrainedCI = number(a.NotDrained.Value), &late
		d.Verdicts = &verdictsJSON{a.Verdicts.Drained, a.Verdicts.Draining, a.Verdicts.Undecided, a.Verdicts.Stuck}
	}
	if a.FirstClear != nil {
		d.FirstClear, d.FirstClearFigure = number(a.FirstClear.P50.Value), figureOf(a.FirstClear, 1)
	}
	for i := range a.Streams {
		s := &a.Streams[i]
		d.Streams = append(d.Streams, streamJSON{s.Name, figureOf(&s.Wait, 1), figureOf(s.LastDone, 1), number(s.InTime.Value),
			number(s.Refused.Value), number(s.AgedOut.Value), number(s.GivenUp.Value), number(s.Attempts.Value),
			number(s.Left), figureOf(&s.Sojourn, 1), figureOf(s.Longest, 1), figureOf(s.Nearly, 1),
			number(float64(s.Fates.Served) / float64(s.Fates.Arrived)), countsOf(s.Fates)})
	}
	for _, l := range a.LanePaths {
		d.LanePaths = append(d.LanePaths, lanePathsJSON{l.Name, figureOf(l.Peak, 1), figureOf(l.Waited, 3600), figureOf(l.Over, 1)})
	}
	d.Stability = stabilityOf(a.Stability)
	if g := a.Agreement; g != nil {
		d.Agreement = &agreementJSON{nil, number(g.Distance), number(math.NaN()), number(g.P50), number(g.P99)}
		if g.Exact {
			d.Agreement.Agrees, d.Agreement.Bound = &g.Agrees, number(g.Bound)
		}
	}
	return d
}

func stabilityOf(s *study.Stability) *stabilityJSON {
	if s == nil {
		return nil
	}
	return &stabilityJSON{number(s.Headroom), number(s.Needed), number(s.Cover), s.Stable, number(s.PerPoint)}
}

func lawOf(l *study.Law) *lawJSON {
	if l == nil {
		return nil
	}
	j := &lawJSON{
		Method: string(l.Method), Quality: string(l.Quality), Reason: l.Reason,
		Mean: number(l.Mean.Value), SD: number(l.SD.Value), P50: number(l.P50.Value), P90: number(l.P90.Value),
		P99: number(l.P99.Value), P999: number(l.P999.Value), Breach: number(l.Breach.Value), CVaR99: number(l.CVaR99.Value), N: l.N,
		Rare: rareOf(l.Rare), Precision: precisionOf(l.Precision), Control: controlOf(l.Control),
	}
	if l.N == 0 && l.AbsError > 0 {
		x := number(l.AbsError)
		j.Error = &x
	}
	if l.AtMost > 0 {
		x := number(l.AtMost)
		j.AtMost = &x
	}
	if l.N > 0 {
		j.CI = &ciJSON{number(montecarlo.Confidence), intervalOf(l.Mean), intervalOf(l.SD), intervalOf(l.P50), intervalOf(l.P90),
			intervalOf(l.P99), intervalOf(l.P999), intervalOf(l.Breach), intervalOf(l.CVaR99)}
	}
	return j
}

// figureOf shows a figure in another unit, so many of its own.
func figureOf(f *study.Figure, per float64) *figureJSON {
	if f == nil {
		return nil
	}
	return &figureJSON{number(f.Mean.Value / per), number(f.P50.Value / per), number(f.P99.Value / per), number(f.Max / per), f.N,
		figureCIJSON{interval{number(f.Mean.Lo / per), number(f.Mean.Hi / per)}}}
}

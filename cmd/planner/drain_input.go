package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/urfave/cli/v2"

	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing"
)

const (
	drainMostRate = 1e12 // 1/s
	drainMostTime = 1e12 // s
	drainMostLane = 100_000
)

// drainKey is one value that describes the lane.
type drainKey struct {
	name     string
	quantity scenario.Quantity
	usage    string
}

var drainKeys = []drainKey{
	{"backlog", scenario.Whole(0, queueing.MaxCount), "`N` requests in each lane at the start (default 0)"},
	{"arrivals", scenario.Rate(0, drainMostRate), "steady `RATE` of arrivals at each lane, as 4/s or 300/min (default none)"},
	{"surge", scenario.Rate(0, drainMostRate), "`RATE` that comes on top at the start and decays"},
	{"surge-decay", scenario.Duration(1/drainMostRate, drainMostTime), "`TIME` in which the surge falls by a factor e"},
	{"servers", scenario.Whole(1, queueing.MaxServers), "parallel servers of each lane, `N` (default 1)"},
	{"service-rate", scenario.Rate(1/drainMostTime, drainMostRate), "`RATE` at which one busy server serves; or --service-mean"},
	{"service-mean", scenario.Duration(1/drainMostRate, drainMostTime), "mean `TIME` of one service, as 100ms"},
	{"service-scv", scenario.Number(0, 1e6), "squared coefficient of variation of the service time, `SCV`"},
	{"limit", scenario.Whole(1, 1_000_000), "most requests in a lane, waiting or in service, `K`; others are refused"},
	{"retry-delay", scenario.Duration(1/drainMostRate, drainMostTime), "mean `TIME` after which a refused request tries again, from an orbit (needs --limit)"},
	{"orbit", scenario.Whole(0, 1_000_000), "`N` requests in the orbit of each lane at the start (needs --retry-delay)"},
	{"within", scenario.Duration(1/drainMostRate, drainMostTime), "adds the chance that it takes longer than `TIME`"},
	{"lanes", scenario.Whole(1, drainMostLane), "`N` lanes like this one, and the latest counts (default 1)"},
	{"horizon", scenario.Duration(1/drainMostRate, drainMostTime), "`TIME` after which a simulation gives up (default 1d)"},
}

func drainInputFlags() []cli.Flag {
	var flags []cli.Flag
	for _, k := range drainKeys {
		flags = append(flags, &cli.StringFlag{Name: k.name, Usage: k.usage})
	}
	return append(flags,
		&cli.StringFlag{Name: "service-law", Value: "exponential", Usage: "`LAW` of the service time: " + strings.Join(drainLaws, ", ")},
		&cli.StringFlag{Name: "until", DefaultText: "no-wait; idle with --retry-delay", Usage: "`LEVEL`: no-wait (no request waits), idle (none is there either), or the number that may wait"},
		&cli.BoolFlag{Name: "first-passage", DisableDefaultText: true, Usage: "the first time at the level, even if overload is still to come"},
		&cli.StringFlag{Name: "at", Usage: "`TIMES` at which the distribution is wanted, as 100s,200s (default: some across it)"},
	)
}

var drainLaws = []string{"exponential", "deterministic", "erlang", "gamma", "hyperexponential", "lognormal"}

// drainReader reads the flags into a lane and notes all that is wrong.
type drainReader struct {
	c      *cli.Context
	faults scenario.Faults
}

func (r *drainReader) fault(flag, problem, allowed, hint string) {
	r.faults = append(r.faults, scenario.Fault{Place: flagPlace(flag), Problem: problem, Allowed: allowed, Hint: hint})
}

// value of a flag in SI units, or otherwise where it is not given or wrong.
func (r *drainReader) value(name string, otherwise float64) float64 {
	if !r.c.IsSet(name) {
		return otherwise
	}
	for _, k := range drainKeys {
		if k.name != name {
			continue
		}
		x, fault := k.quantity.Read(r.c.String(name), flagPlace(name), "")
		if fault != nil {
			r.faults = append(r.faults, *fault)
			return otherwise
		}
		return x
	}
	return otherwise
}

func (r *drainReader) count(name string, otherwise int) int {
	return int(r.value(name, float64(otherwise)))
}

// together refuses a flag that means nothing without another.
func (r *drainReader) together(flag, other, hint string) {
	if r.c.IsSet(flag) && !r.c.IsSet(other) {
		r.fault(flag, "means nothing without --"+other, "", hint)
	}
}

// service law from its mean or rate, law and SCV.
func (r *drainReader) service() queueing.Service {
	rate, mean := r.value("service-rate", 0), r.value("service-mean", 0)
	switch {
	case r.c.IsSet("service-rate") && r.c.IsSet("service-mean"):
		r.fault("service-mean", "is the same thing as --service-rate", "", "give one of them")
	case !r.c.IsSet("service-rate") && !r.c.IsSet("service-mean"):
		r.fault("service-mean", "is missing", "a duration, or --service-rate, a rate", "add --service-mean 100ms, say")
	case r.c.IsSet("service-rate") && rate > 0:
		mean = 1 / rate
	}
	if mean == 0 {
		mean = 1 // a fault was noted
	}
	return r.serviceLaw(r.c.String("service-law"), mean)
}

func (r *drainReader) serviceLaw(law string, mean float64) queueing.Service {
	scv := r.value("service-scv", math.NaN())
	given := r.c.IsSet("service-scv")
	need := func(ok bool, allowed string) {
		switch {
		case !given:
			r.fault("service-scv", "is missing", "for --service-law "+law+" it is "+allowed, "")
		case !ok && !math.IsNaN(scv):
			r.fault("service-scv", fmt.Sprintf("%g does not fit --service-law %s", scv, law), "allowed is "+allowed, "")
		}
	}
	fixed := func(want float64) {
		if given && scv != want && !math.IsNaN(scv) {
			r.fault("service-scv", fmt.Sprintf("%g does not fit --service-law %s", scv, law), fmt.Sprintf("which has %g", want), "name a law beside it, such as gamma or hyperexponential")
		}
	}
	switch law {
	case "exponential":
		fixed(1)
		return queueing.Exponential{MeanTime: mean}
	case "deterministic":
		fixed(0)
		return queueing.Deterministic{Time: mean}
	case "erlang":
		k := math.Round(1 / scv)
		need(k >= 1 && k <= 1e6 && math.Abs(1/scv-k) <= 2e-3*k, "1/k with k whole, such as 0.5 or 0.25")
		return queueing.Gamma{MeanTime: mean, Shape: k}
	case "gamma":
		need(scv >= 1e-6, "1e-6 or more")
		return queueing.Gamma{MeanTime: mean, Shape: 1 / scv}
	case "hyperexponential":
		need(scv >= 1, "1 or more")
		return queueing.BalancedHyperexponential(mean, scv)
	case "lognormal":
		need(scv >= 1e-6, "1e-6 or more")
		return queueing.Lognormal{MeanTime: mean, Variability: scv}
	}
	r.fault("service-law", fmt.Sprintf("unknown law %q", law), "allowed are "+strings.Join(drainLaws, ", "), scenario.DidYouMean(law, drainLaws))
	return queueing.Exponential{MeanTime: mean}
}

// target level; a lane with an orbit has drained when both are empty.
func (r *drainReader) target() queueing.Target {
	t := queueing.Target{FirstPassage: r.c.Bool("first-passage")}
	switch text := r.c.String("until"); {
	case text == "idle", text == "" && r.c.IsSet("retry-delay"):
		t.Idle = true
	case text == "" || text == "no-wait":
	default:
		x, fault := scenario.Whole(0, queueing.MaxCount).Read(text, flagPlace("until"), "")
		if fault != nil {
			fault.Allowed, fault.Hint = "allowed are no-wait, idle, and the number that may wait, from 0", ""
			r.faults = append(r.faults, *fault)
		}
		t.Waiting = int(x)
	}
	return t
}

func (r *drainReader) streams() []queueing.Stream {
	var all []queueing.Stream
	if rate := r.value("arrivals", 0); rate > 0 {
		all = append(all, queueing.Stream{Name: "arrivals", Source: queueing.Steady{PerSecond: rate}})
	}
	r.together("surge", "surge-decay", "add --surge-decay 5m, say; a surge that does not decay belongs to --arrivals")
	r.together("surge-decay", "surge", "")
	surge, decay := r.value("surge", 0), r.value("surge-decay", 0)
	if surge > 0 && decay > 0 {
		all = append(all, queueing.Stream{Name: "surge", Source: queueing.Surge{Initial: surge, Decay: decay}})
	}
	return all
}

// config of a lane, with the bound of --limit.
func (r *drainReader) config() queueing.Config {
	c := queueing.Config{Backlog: r.count("backlog", 0), Servers: r.count("servers", 1), Service: r.service(), Target: r.target()}
	if r.c.IsSet("limit") {
		limit := r.count("limit", math.MaxInt32)
		if limit < c.Servers {
			r.fault("limit", fmt.Sprintf("%d in the lane is less than its servers, %d", limit, c.Servers), "", "it counts those in service too")
		}
		if c.Backlog > limit {
			r.fault("backlog", fmt.Sprintf("%d does not fit into a lane of at most %d", c.Backlog, limit), "", "those beyond it may wait in an orbit: --retry-delay 10s --orbit N")
		}
		c.Mechanisms = queueing.Mechanisms{Limited: true, QueueLimit: max(0, limit-c.Servers)}
	}
	return c
}

func (r *drainReader) orbit() *queueing.RetryOrbit {
	r.together("retry-delay", "limit", "only a lane with a limit refuses requests")
	r.together("orbit", "retry-delay", "add --retry-delay 10s, say")
	if !r.c.IsSet("retry-delay") {
		return nil
	}
	return &queueing.RetryOrbit{Waiting: r.count("orbit", 0), MeanDelay: r.value("retry-delay", 1)}
}

// times of --at.
func (r *drainReader) times() []float64 {
	text := r.c.String("at")
	if text == "" {
		return nil
	}
	var all []float64
	for _, part := range strings.Split(text, ",") {
		x, fault := scenario.Duration(0, drainMostTime).Read(strings.TrimSpace(part), flagPlace("at"), "")
		if fault != nil {
			r.faults = append(r.faults, *fault)
			continue
		}
		all = append(all, x)
	}
	return all
}

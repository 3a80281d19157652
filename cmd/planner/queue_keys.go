package main

import (
	"singlelane/cmd/planner/internal/scenario"
	"singlelane/queueing/steady"

	"github.com/urfave/cli/v2"
)

// queueKey is one input of the steady-state calculators: a flag, and under
// the same name, with _ for -, a key of the file.
type queueKey struct {
	name     string
	quantity scenario.Quantity
	words    []string // allowed instead of a quantity
	usage    string
}

const (
	queueMostRate = 1e12
	queueMostTime = 1e12
)

// queueKeys is every input that holds one value, in the order of the help.
var queueKeys = []queueKey{
	{"arrivals", scenario.Rate(0, queueMostRate), nil, "arrival `RATE`, as 9/s or 300/min; of batches for batch, of one source that is up for repair"},
	{"service-rate", scenario.Rate(0, queueMostRate).Above(), nil, "`RATE` at which one busy server serves; or --service-mean"},
	{"service-mean", scenario.Duration(0, queueMostTime).Above(), nil, "mean `TIME` of one service, as 250ms"},
	{"service-scv", scenario.Number(0, 1e6), nil, "squared coefficient of variation of the service, `SCV` (default 1)"},
	{"arrival-scv", scenario.Number(0, 1e6), nil, "squared coefficient of variation between arrivals, `SCV` (default 1)"},
	{"servers", scenario.Whole(1, steady.MaxServers), nil, "parallel servers, `N` (default 1 where that makes sense)"},
	{"limit", scenario.Whole(0, steady.MaxLimit), nil, "most requests in the system, `K`"},
	{"sources", scenario.Whole(1, steady.MaxServers), nil, "finite sources, `N`"},
	{"patience", scenario.Duration(0, queueMostTime).Above(), nil, "mean `TIME` after which a waiting request gives up"},
	{"retry-delay", scenario.Duration(0, queueMostTime).Above(), nil, "mean `TIME` until a refused or timed-out request tries again (default with --timeout: as long)"},
	{"orbit-limit", scenario.Whole(0, steady.MaxRetrial), nil, "bounds the orbit of retrial, `N` clients; adds tipping load, escape and drain times"},
	{"timeout", scenario.Duration(0, queueMostTime).Above(), nil, "`TIME` after which the client of a request tries again, while the request stays in the lane (needs --orbit-limit)"},
	{"retries", scenario.Number(0, 1e9), nil, "mean `NUMBER` of retries before a client gives up (default: it never does; needs --orbit-limit)"},
	{"refused", scenario.Quantity{}, []string{"retry", "lost"}, "what becomes of requests that find the lane full, `WORD` retry (default) or lost (needs --orbit-limit)"},
	{"batch-mean", scenario.Number(1, 1e9), nil, "mean `SIZE` of a batch"},
	{"batch-scv", scenario.Number(0, 1e6), nil, "squared coefficient of variation of the batch size, `SCV` (default: as even as whole sizes can be)"},
	{"approximation", scenario.Quantity{}, append(approximationNames(), multiMethodNames()...), "formula for ggc, `NAME`: klb (default of one server), whitt (of several), allen-cunneen or kingman (an upper bound); for mva with classes: exact, linearizer (default where exact is too large) or schweitzer"},
	{"customers", scenario.Whole(0, steady.MaxServers), nil, "customers of a closed network, `N`"},
	{"think", scenario.Duration(0, queueMostTime), nil, "mean `TIME` a customer thinks between rounds (default 0s)"},
	{"zones", scenario.Whole(1, steady.MaxServers), nil, "zones there are, `N`"},
	{"needed", scenario.Whole(1, steady.MaxServers), nil, "zones that have to be up, `K`"},
	{"unavailability", scenario.Share(0, 1), nil, "`SHARE` of the time that one zone is down, as 0.1%"},
	{"common-cause", scenario.Share(0, 1), nil, "`SHARE` of it in which all zones are down at once (default 0%)"},
	{"wait", scenario.Duration(0, queueMostTime), nil, "adds P(wait > `TIME`)"},
	{"sojourn", scenario.Duration(0, queueMostTime), nil, "adds P(time in the system > `TIME`) (ps, mm1, mmc, erlang-c)"},
	{"target-wait", scenario.Duration(0, queueMostTime), nil, "fewest servers, and largest arrival rate, for a mean wait of at most `TIME`; with --target-level for that share to wait no longer"},
	{"target-sojourn", scenario.Duration(0, queueMostTime).Above(), nil, "fewest servers, and largest arrival rate, for a mean time in the system of at most `TIME`; for mva the most customers whose rounds take no longer"},
	{"target-throughput", scenario.Rate(0, queueMostRate).Above(), nil, "for mva the fewest customers that make rounds at the `RATE`"},
	{"target-level", scenario.Share(0, 1).Above().Below(), nil, "fewest servers, and largest arrival rate, for the `SHARE`, as 80%, to wait no longer than --target-wait, or not to wait or be refused at all; for zones the fewest with this availability"},
	{"target-loss", scenario.Share(0, 1).Above(), nil, "fewest servers, and largest arrival rate, for at most the `SHARE`, as 1%, to be refused or give up"},
	{"states", scenario.Whole(0, maxQueueStates), nil, "adds the probabilities of 0 to `N` requests"},
}

func approximationNames() []string {
	var names []string
	for _, a := range steady.Approximations() {
		names = append(names, string(a))
	}
	return names
}

func multiMethodNames() []string {
	var names []string
	for _, m := range steady.MultiMethods() {
		names = append(names, string(m))
	}
	return names
}

func queueKeyNamed(name string) *queueKey {
	for i := range queueKeys {
		if queueKeys[i].name == name {
			return &queueKeys[i]
		}
	}
	return nil
}

// The keys of a class and of a station. Each model reads those it knows.
var queuePartKeys = map[string][]queueKey{
	"class": {
		{"arrivals", scenario.Rate(0, queueMostRate), nil, ""},
		{"service-mean", scenario.Duration(0, queueMostTime).Above(), nil, ""},
		{"service-rate", scenario.Rate(0, queueMostRate).Above(), nil, ""},
		{"service-scv", scenario.Number(0, 1e6), nil, ""},
		{"customers", scenario.Whole(0, steady.MaxServers), nil, ""},
		{"think", scenario.Duration(0, queueMostTime), nil, ""},
	},
	"station": {
		{"service-mean", scenario.Duration(0, queueMostTime).Above(), nil, ""},
		{"service-rate", scenario.Rate(0, queueMostRate).Above(), nil, ""},
		{"servers", scenario.Whole(1, steady.MaxServers), []string{"inf"}, ""},
		{"visits", scenario.Number(0, 1e9), nil, ""},
		{"speeds", scenario.Number(0, 1e9).Above(), nil, ""},
	},
}

// perClass are the station's keys that may differ by class: visits.web=3.
var perClass = []string{"service-mean", "service-rate", "visits"}

// queueFlags are the keys as flags, and the switches and lists beside them.
func queueFlags() []cli.Flag {
	var flags []cli.Flag
	for _, k := range queueKeys {
		flags = append(flags, &cli.StringFlag{Name: k.name, Usage: k.usage})
	}
	return append(flags,
		&cli.BoolFlag{Name: "preemptive", Usage: "a higher class interrupts a lower one's service, which resumes later"},
		&cli.StringSliceFlag{Name: "class", Usage: "a class, highest priority first, by its `KEYS` name=…,arrivals=…,service-mean=…,service-scv=… (mva: name=…,customers=…,think=…); may be repeated"},
		&cli.StringSliceFlag{Name: "station", Usage: "a station by its `KEYS` name=…,service-mean=…,servers=…,visits=… (servers=inf: a delay; speeds=1:1.8:2.5 with 1, 2, 3 and more there; with classes visits.CLASS=… and service-mean.CLASS=…); may be repeated"},
		&cli.StringSliceFlag{Name: "vary", Usage: "one row for each value of a flag, `FLAG=SPEC`, the SPEC 1..8, 1/s..9/s:12, 1/s..9/s:12:log or a list 1,2,4; a class's or station's as class.NAME.arrivals"},
	)
}

package scenario

// root is the description of the whole file: the one place that knows every
// key's name, kind, range, default and meaning.
var root = &key{kind: section, doc: "A recovery-lane scenario: the region, what hits it, its control plane and the designs to compare.", keys: []*key{
	{name: "name", kind: text, required: true, fixed: true, doc: "What the scenario is about."},
	regionKeys, streamsKeys, controlPlaneKeys, retriesKeys,
	{name: "objective", kind: section, required: true, fixed: true, doc: "The region is to have drained in time, with this probability.", keys: []*key{
		{name: "drain_within", kind: duration, required: true, certain: true, lo: minSeconds, hi: maxSeconds, doc: "Time D by which it should have drained."},
		{name: "confidence", kind: share, required: true, certain: true, lo: 0, above: true, hi: 1, below: true, doc: "Probability p asked for: P(T <= D) >= p."},
	}},
	{name: "drained", kind: section, doc: "When a lane counts as drained.", keys: []*key{
		{name: "at", kind: count, def: "0", certain: true, lo: 0, hi: maxCount, doc: "So many requests may wait, per lane."},
		{name: "until", kind: choice, def: "no-wait", words: []string{"no-wait", "idle"}, doc: "Until no request waits, or until none is waiting or in service."},
		{name: "first_passage", kind: truth, def: "false", doc: "The first time at the level, even if overload is still to come."},
	}},
	{name: "simulation", kind: section, fixed: true, doc: "Bounds of the simulation.", keys: []*key{
		{name: "horizon", kind: duration, def: "24h", certain: true, lo: minSeconds, hi: maxSeconds, doc: "A replication that has not drained by then is 'not drained'. At least the objective; if that is a day or more, twice it."},
	}},
	{name: "year", kind: section, doc: "How often such incidents happen.", keys: []*key{
		{name: "zone_failures", kind: rate, def: "0/yr", lo: 0, hi: maxPerSecond, doc: "Failures of one zone, per zone."},
		{name: "common_cause", kind: share, def: "0%", lo: 0, hi: 1, doc: "Share of the zone failures that take one further zone."},
		{name: "region_events", kind: rate, def: "0/yr", lo: 0, hi: maxPerSecond, doc: "Events that run the file as written."},
	}},
	{name: "cost", kind: section, doc: "Prices, in one currency.", keys: []*key{
		{name: "server_hour", kind: number, def: "0", lo: 0, hi: maxMoney, doc: "One control-plane server for one hour."},
		{name: "instance_hour", kind: number, def: "0", lo: 0, hi: maxMoney, doc: "One spare instance for one hour."},
		{name: "breach_minute", kind: number, def: "0", lo: 0, hi: maxMoney, doc: "One minute of draining beyond the objective."},
	}},
	{name: "designs", kind: override, most: maxDesigns, doc: "Named variants: the file with some keys, given by dotted path, set to other values. Without designs there is one, base."},
}}

var regionKeys = &key{name: "region", kind: section, doc: "The region and what it loses.", keys: []*key{
	{name: "zones", kind: count, required: true, lo: 1, hi: maxLanes, doc: "Zones Z."},
	{name: "failed_zones", kind: count, def: "1", lo: 0, hi: maxLanes, doc: "Failed zones F, fewer than Z. With 0 nothing is lost."},
	{name: "fleet", kind: count, lo: 0, hi: maxCount, doc: "Instances N, spread evenly over the zones."},
	{name: "lost", kind: share, lo: 0, hi: 1, doc: "Share of the fleet that is lost, where it is not F/Z."},
	{name: "headroom", kind: share, def: "0%", lo: 0, hi: 100, doc: "Spare capacity standing ready in the surviving zones, share of their normal load."},
}}

var streamsKeys = &key{name: "streams", kind: named, required: true, most: maxStreams, needs: []string{"rate", "count", "of", "trace"}, doc: "Sources of requests. One of: {rate} steady Poisson; {rate, decay} Poisson surge; {count, at} a batch; {count, at, over} spread evenly at random; {count or of: lost, a delay} a finite pool; {trace} measured counts.", keys: []*key{
	{name: "rate", kind: rate, lo: 0, hi: maxPerSecond, displaces: []string{"mean_delay"}, doc: "Poisson arrivals; of a pool its initial rate, mean_delay = requests in the pool / rate."},
	{name: "decay", kind: duration, lo: minSeconds, hi: maxSeconds, doc: "The rate falls as exp(-t/decay)."},
	{name: "count", kind: count, lo: 0, hi: maxCount, displaces: []string{"of"}, doc: "Requests of a batch or a spread, instances of a pool."},
	{name: "at", kind: duration, lo: 0, hi: maxSeconds, doc: "When the batch arrives or the spread begins."},
	{name: "over", kind: duration, lo: minSeconds, hi: maxSeconds, doc: "The requests come at independent uniform times within this window."},
	{name: "of", kind: choice, words: []string{"lost"}, displaces: []string{"count"}, doc: "The pool is the instances lost and not covered by headroom."},
	{name: "share", kind: share, def: "100%", lo: 0, hi: 1, doc: "Share of the pool that sends requests."},
	{name: "requests", kind: count, def: "1", lo: 1, hi: 1e6, doc: "Requests that each instance of the pool sends."},
	{name: "together", kind: truth, def: "false", doc: "An instance's requests come at once."},
	{name: "delay", kind: choice, def: "exponential", words: []string{"exponential", "uniform", "lognormal"}, doc: "Law of the delay of a pool's requests."},
	{name: "mean_delay", kind: duration, lo: minSeconds, hi: maxSeconds, displaces: []string{"rate"}, doc: "Mean delay of an exponential or lognormal law."},
	{name: "delay_cv", kind: number, lo: 0, above: true, hi: 1000, doc: "Standard deviation / mean of a lognormal delay."},
	{name: "window", kind: duration, lo: minSeconds, hi: maxSeconds, doc: "Window of a uniform delay."},
	{name: "start", kind: duration, def: "0s", lo: 0, hi: maxSeconds, doc: "A pool's delays count from here."},
	{name: "held", kind: truth, def: "false", doc: "Delays count from 0, and what is due before start arrives together at start."},
	{name: "trace", kind: dataName, doc: "CSV file of counts per interval: start of the interval, count. Taken as the means of a Poisson process."},
	{name: "repeat", kind: truth, def: "false", doc: "The trace starts again after its last row."},
	{name: "urgent", kind: truth, def: "false", doc: "Priority 0; reported apart."},
	{name: "priority", kind: count, def: "5", certain: true, lo: 0, hi: 9, doc: "Order of service under urgent-first, 0 first."},
	{name: "retries", kind: truth, def: "true", doc: "Whether its clients retry."},
}}

var controlPlaneKeys = &key{name: "control_plane", kind: section, required: true, needs: []string{"servers", "total_servers"}, doc: "The lanes that process the requests.", keys: []*key{
	{name: "lanes", kind: count, def: "shared", certain: true, words: []string{"shared", "per-zone"}, lo: 1, hi: maxLanes, doc: "One lane for the region, one for each surviving zone, or so many that each request goes to one at random."},
	{name: "servers", kind: count, lo: 1, hi: maxServers, displaces: []string{"total_servers"}, doc: "Servers of each lane."},
	{name: "total_servers", kind: count, lo: 1, hi: maxServers, displaces: []string{"servers"}, doc: "Servers in all, split over the lanes there were before the failure, the remainder to the first; a dead zone's go with it."},
	serviceKeys,
	{name: "down_for", kind: duration, def: "0s", lo: 0, hi: maxSeconds, doc: "Nothing is served until then; requests queue."},
	{name: "scale_out", kind: list, optional: true, most: maxJoins, doc: "Servers added per lane to those there.", keys: []*key{
		{name: "after", kind: duration, required: true, lo: 0, hi: maxSeconds, doc: "When they join."},
		{name: "servers", kind: count, required: true, lo: 1, hi: maxServers, doc: "How many join each lane."},
	}},
	{name: "discipline", kind: choice, def: "fifo", words: []string{"fifo", "lifo", "urgent-first"}, doc: "Order in which waiting requests are served."},
	{name: "queue_limit", kind: count, optional: true, def: "none", lo: 0, hi: maxCount, doc: "Requests beyond that many waiting are refused."},
	{name: "max_age", kind: duration, optional: true, def: "none", lo: minSeconds, hi: maxSeconds, doc: "Older requests are dropped at the head."},
	{name: "throttle", kind: section, optional: true, needs: []string{"rate", "max_waiting"}, doc: "Token bucket before the lane; with max_waiting it lets nothing through while more wait in the lane.", keys: []*key{
		{name: "rate", kind: rate, lo: 0, above: true, hi: maxPerSecond, doc: "Tokens, per lane."},
		{name: "burst", kind: count, def: "1", lo: 1, hi: maxCount, doc: "Tokens that the bucket holds, full at first."},
		{name: "streams", kind: texts, doc: "Streams held back (default: the pools)."},
		{name: "max_waiting", kind: count, lo: 1, hi: maxCount, doc: "Nothing passes while more requests wait in the lane."},
	}},
	{name: "slow_down", kind: section, optional: true, doc: "Service slows as the queue grows.", keys: []*key{
		{name: "at", kind: count, required: true, lo: 1, hi: maxCount, doc: "So many waiting slow the service by the whole factor."},
		{name: "factor", kind: number, required: true, lo: 1, hi: maxMultiplier, doc: "Service time is multiplied by up to this."},
	}},
}}

var serviceKeys = &key{name: "service", kind: section, required: true, doc: "Law of one request's service time.", keys: []*key{
	{name: "mean", kind: duration, lo: minSeconds, hi: maxSeconds, doc: "Mean service time."},
	{name: "law", kind: choice, def: "exponential", words: []string{"exponential", "deterministic", "erlang", "gamma", "hyperexponential", "lognormal", "empirical"}, doc: "Law of the service time; hyperexponential has balanced means."},
	{name: "scv", kind: number, lo: 0, hi: maxMultiplier, doc: "Squared coefficient of variation, variance / mean^2; 1/scv is whole for an erlang law."},
	{name: "data", kind: dataName, doc: "CSV file of measured service times, for the empirical law."},
}}

var retriesKeys = &key{name: "retries", kind: section, optional: true, doc: "What clients do whose attempt was refused or not answered in time.", keys: []*key{
	{name: "timeout", kind: duration, required: true, lo: minSeconds, hi: maxSeconds, doc: "Of one attempt, waiting and service together."},
	{name: "max_attempts", kind: count, def: "3", certain: true, lo: 1, hi: 1000, doc: "Attempts in all, the first one included."},
	{name: "backoff", kind: duration, def: "1s", lo: 0, hi: maxSeconds, doc: "Before the second attempt; doubles each time."},
	{name: "jitter", kind: choice, def: "none", words: []string{"none", "equal", "full"}, doc: "How the backoff b is randomised: b, uniform over b/2 to b, uniform over 0 to b."},
	{name: "drop_stale", kind: truth, def: "false", doc: "The server discards timed-out copies at no cost; else they take their service."},
	{name: "budget", kind: section, optional: true, needs: []string{"share", "tokens", "refill"}, doc: "Bound on retries: a share of the first attempts, or a bucket of tokens.", keys: []*key{
		{name: "share", kind: share, lo: 0, above: true, hi: 1, displaces: []string{"tokens", "refill"}, doc: "Retries per first attempt; without any, set max_attempts to 1."},
		{name: "tokens", kind: count, lo: 1, hi: maxCount, displaces: []string{"share"}, doc: "Tokens that the bucket holds, full at first."},
		{name: "refill", kind: rate, lo: 0, above: true, hi: maxPerSecond, displaces: []string{"share"}, doc: "Tokens that come back."},
	}},
}}

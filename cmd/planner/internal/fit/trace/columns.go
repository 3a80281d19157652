package trace

import (
	"fmt"
	"sort"
	"strings"
)

// Role is what a column holds.
type Role string

// The roles. A request has instants (arrival, start, end) or durations (wait,
// service) between them; a series has a time and what was seen then.
const (
	Arrival   Role = "arrival"
	Start     Role = "start"
	End       Role = "end"
	Wait      Role = "wait"
	Service   Role = "service"
	Time      Role = "time"
	Depth     Role = "depth"
	Completed Role = "completed"
	Arrivals  Role = "arrivals"
)

// Roles lists them all.
func Roles() []Role {
	return []Role{Arrival, Start, End, Wait, Service, Time, Depth, Completed, Arrivals}
}

// Columns names the columns, or series, of each role. Roles left out are
// guessed by name unless any is given.
type Columns map[Role]string

// guesses are the names that a column of each role goes by, without units and
// punctuation, the likeliest first.
var guesses = map[Role][]string{
	Arrival:   {"arrival", "arrivaltime", "arrived", "arrivedat", "submit", "submitted", "submittime", "submittedat", "enqueued", "enqueuedat", "queued", "queuedat", "created", "createdat", "received", "receivedat"},
	Start:     {"start", "starttime", "started", "startedat", "begin", "begintime", "began", "dequeued", "dequeuedat", "servicestart"},
	End:       {"end", "endtime", "ended", "endedat", "finish", "finishtime", "finished", "finishedat", "completedat", "completiontime", "doneat", "stop", "stopped", "stoppedat"},
	Wait:      {"wait", "waittime", "waited", "waiting", "queuetime", "queueing", "delay"},
	Service:   {"service", "servicetime", "processing", "processingtime", "duration", "elapsed", "runtime", "execution", "executiontime", "busy"},
	Time:      {"time", "timestamp", "ts", "t", "date", "datetime", "at"},
	Depth:     {"depth", "queuedepth", "backlog", "queuelength", "queuesize", "inqueue", "inflight", "pending", "outstanding"},
	Completed: {"completed", "completions", "processed", "served", "done", "departures", "completedtotal", "processedtotal"},
	Arrivals:  {"arrivals", "count", "requests", "arrivalstotal", "requeststotal", "submissions", "enqueues"},
}

// suffixes of a name that say its unit, in ns.
var suffixes = map[string]int64{
	"s": 1e9, "sec": 1e9, "secs": 1e9, "seconds": 1e9, "ms": 1e6, "msec": 1e6, "millis": 1e6, "milliseconds": 1e6,
	"us": 1e3, "micros": 1e3, "microseconds": 1e3, "ns": 1, "nanos": 1, "nanoseconds": 1,
}

// plainName is a column's name in small letters and digits, and the unit that
// it ends in, 0 for none.
func plainName(name string) (plain string, unit int64) {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	if n := len(words) - 1; n > 0 && suffixes[words[n]] != 0 {
		unit, words = suffixes[words[n]], words[:n]
	}
	return strings.Join(words, ""), unit
}

// column is one that is read.
type column struct {
	index int
	name  string
	unit  int64 // ns of a duration
	there bool  // false: no column has the role
}

// heading finds the columns of a table.
type heading struct {
	names  []string
	byRole map[Role]column
	notes  []string
}

// find assigns the columns. unit is of durations whose name has none.
func (h *heading) find(asked Columns, unit int64) error {
	h.byRole = map[Role]column{}
	if len(asked) > 0 {
		return h.named(asked, unit)
	}
	for _, role := range Roles() {
		for _, guess := range guesses[role] {
			if i := h.index(guess); i >= 0 {
				h.take(role, i, unit)
				break
			}
		}
	}
	if len(h.byRole) == 0 {
		return fmt.Errorf("no column is known by its name among %s", h.list())
	}
	var said []string
	for role, c := range h.byRole {
		said = append(said, fmt.Sprintf("%s as %s", clean(c.name), role))
	}
	sort.Strings(said)
	h.notes = append(h.notes, "columns taken: "+strings.Join(said, ", "))
	return nil
}

func (h *heading) named(asked Columns, unit int64) error {
	for role, name := range asked {
		found := -1
		for i, n := range h.names {
			if n == name {
				found = i
			}
		}
		if found < 0 {
			return fmt.Errorf("there is no column %s for %s, only %s", clean(name), role, h.list())
		}
		h.take(role, found, unit)
	}
	return nil
}

// twice is a name that a taken column shares with another, empty for none.
func (h *heading) twice() string {
	for i, n := range h.names {
		for _, c := range h.byRole {
			if c.name == n && c.index != i {
				return n
			}
		}
	}
	return ""
}

func (h *heading) take(role Role, i int, unit int64) {
	if _, own := plainName(h.names[i]); own != 0 {
		unit = own
	}
	h.byRole[role] = column{i, h.names[i], unit, true}
}

// column of a role; not there where none has it.
func (h *heading) column(role Role) column { return h.byRole[role] }

// index of the column whose plain name it is, -1 for none.
func (h *heading) index(plain string) int {
	for i, n := range h.names {
		if p, _ := plainName(n); p == plain {
			return i
		}
	}
	return -1
}

func (h *heading) list() string {
	shown := make([]string, 0, len(h.names))
	for i, n := range h.names {
		if i == 12 {
			shown = append(shown, "…")
			break
		}
		shown = append(shown, clean(n))
	}
	return strings.Join(shown, ", ")
}

func (h *heading) has(roles ...Role) bool {
	for _, r := range roles {
		if _, ok := h.byRole[r]; !ok {
			return false
		}
	}
	return true
}

// isSeries tells a series from requests: it has a time, and a depth or counts.
func (h *heading) isSeries() bool {
	return h.has(Time) && (h.has(Depth) || h.has(Arrivals) || h.has(Completed)) && !h.has(Arrival) && !h.has(Start)
}

// check says what is lacking.
func (h *heading) check() (problem, hint string) {
	if h.has(Start, Arrivals) && !h.has(Arrival) && !h.has(End) && !h.has(Service) {
		h.byRole[Time] = h.byRole[Start] // the start of an interval and its count
		delete(h.byRole, Start)
	}
	if h.isSeries() {
		return "", ""
	}
	if h.has(Time) && !h.has(Arrival) && !h.has(Start) {
		h.byRole[Arrival] = h.byRole[Time] // a bare time is when a request came
	}
	if !h.has(Arrival) && !h.has(Start) {
		return "neither the arrival nor the start of a request is among the columns " + h.list(),
			"name them by --arrival, --start, --end, --wait, --service, or --time and --depth of a series"
	}
	return "", ""
}

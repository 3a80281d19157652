package report

import (
	"fmt"
	"math"
	"strings"

	"singlelane/cmd/planner/internal/study"
)

type tippingJSON struct {
	Lane     string `json:"lane"`
	Possible bool   `json:"stuck_state_exists"`
	Backlog  number `json:"tipping_backlog"`
	Fresh    number `json:"fresh_rate_per_s"`
	Capacity number `json:"capacity_per_s"`
	Offered  number `json:"attempts_when_all_fail_per_s"`
	Attempts int    `json:"max_attempts"`
}

type verdictsJSON struct {
	Drained   int `json:"drained"`
	Draining  int `json:"draining"`
	Undecided int `json:"undecided"`
	Stuck     int `json:"stuck"`
}

func tippingOf(t *study.Tipping) *tippingJSON {
	if t == nil {
		return nil
	}
	return &tippingJSON{t.Lane, t.Possible, number(t.Backlog), number(t.Fresh), number(t.Capacity), number(t.Offered), t.Attempts}
}

// writeFeedback says, of a design that may keep itself overloaded, how many
// storms had not drained by the horizon, how many of them are stuck, and what
// the fluid rule has to say.
func writeFeedback(b *strings.Builder, a *study.Answer) {
	if a.Tipping == nil {
		return
	}
	if v := a.Verdicts; v.N() > 0 {
		fmt.Fprintf(b, "  P(not drained by the horizon) = %s; ", chance(a.NotDrained))
		if v.Stuck+v.Undecided == 0 {
			fmt.Fprintf(b, "none of %s is stuck: below %s\n", counted(v.N(), "storm"), percent(math.Min(1, 3/float64(v.N()))))
		} else {
			fmt.Fprintf(b, "P(stuck) = %s\n", chance(a.Stuck))
		}
	}
	b.WriteString("  " + tippingWords(a.Tipping) + "\n")
}

// tippingWords is the fluid rule in words.
func tippingWords(t *study.Tipping) string {
	fresh, capacity, offered := significant(t.Fresh), significant(t.Capacity), significant(t.Offered)
	switch {
	case t.Possible && t.Retries:
		return fmt.Sprintf("fluid rule: fresh %s/s < capacity %s/s < attempts %s/s, so a backlog above about %s stays", fresh, capacity, offered, significant(math.Round(t.Backlog)))
	case t.Possible:
		return fmt.Sprintf("fluid rule: fresh %s/s > %s/s when slowed down, so a backlog above about %s stays", fresh, capacity, significant(math.Round(t.Backlog)))
	case t.Backlog == 0:
		return fmt.Sprintf("fluid rule: fresh %s/s alone reach the capacity of %s/s", fresh, capacity)
	case t.Retries && t.Offered > t.Capacity:
		return "fluid rule: attempts are answered in time however long the overload, so it heals from any backlog"
	case t.Retries:
		return fmt.Sprintf("fluid rule: attempts %s/s < capacity %s/s when all fail, so it heals from any backlog", offered, capacity)
	case t.Fresh >= t.Capacity:
		return fmt.Sprintf("fluid rule: fresh %s/s > %s/s when slowed down, which the queue limit prevents: it heals", fresh, capacity)
	}
	return fmt.Sprintf("fluid rule: fresh %s/s < %s/s when slowed down, so it heals from any backlog", fresh, capacity)
}

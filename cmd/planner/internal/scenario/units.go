package scenario

import (
	"math"
	"strconv"
	"strings"
)

// A year is 365.25 days.
const (
	secondsPerDay  = 86400.0
	secondsPerYear = 365.25 * secondsPerDay
)

// durationUnits are those of Go and the day, in seconds, longest name first
// where one begins with another.
var durationUnits = []struct {
	name    string
	seconds float64
}{
	{"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"μs", 1e-6}, {"ms", 1e-3},
	{"s", 1}, {"m", 60}, {"h", 3600}, {"d", secondsPerDay},
}

var rateUnits = map[string]float64{"s": 1, "min": 60, "h": 3600, "d": secondsPerDay, "yr": secondsPerYear}

// complaint is why a text is not a value: what is wrong and what to type.
type complaint struct{ problem, hint string }

func (c *complaint) Error() string { return c.problem }

// parseDuration reads 800ms, 2h30m or 1d, in seconds.
func parseDuration(text string) (float64, error) {
	rest := strings.TrimLeft(text, "+-")
	sum := 0.0
	for first := true; rest != "" || first; first = false {
		n := numberLength(rest)
		x, err := strconv.ParseFloat(rest[:n], 64)
		if n == 0 || err != nil {
			return 0, &complaint{quoted(text) + " is not a duration", "write it as 800ms, 2h30m or 1d"}
		}
		if rest = rest[n:]; rest == "" {
			return 0, &complaint{quoted(text) + " has no unit", "write " + text + "s, " + text + "m or " + text + "h"}
		}
		unit := durationUnit(rest)
		if unit == "" {
			return 0, &complaint{quoted(text) + " has an unknown unit", "units are ns, us, ms, s, m, h and d, as in 2h30m"}
		}
		sum += x * unitSeconds(unit)
		rest = rest[len(unit):]
	}
	if strings.HasPrefix(text, "-") {
		sum = -sum
	}
	return sum, nil
}

func durationUnit(text string) string {
	for _, u := range durationUnits {
		after, ok := strings.CutPrefix(text, u.name)
		if ok && (after == "" || isDigit(after[0]) || after[0] == '.') {
			return u.name
		}
	}
	return ""
}

func unitSeconds(name string) float64 {
	for _, u := range durationUnits {
		if u.name == name {
			return u.seconds
		}
	}
	return math.NaN()
}

// numberLength is how much of text is an unsigned decimal number, its
// exponent included when it is complete.
func numberLength(text string) int {
	i := 0
	for i < len(text) && (isDigit(text[i]) || text[i] == '.') {
		i++
	}
	if i == 0 || i == len(text) || text[i] != 'e' && text[i] != 'E' {
		return i
	}
	j := i + 1
	if j < len(text) && (text[j] == '+' || text[j] == '-') {
		j++
	}
	if j == len(text) || !isDigit(text[j]) {
		return i
	}
	for j < len(text) && isDigit(text[j]) {
		j++
	}
	return j
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// parseRate reads 12/s, 300/min, 4/h or 0.4/yr, per second.
func parseRate(text string) (float64, error) {
	number, unit, ok := strings.Cut(text, "/")
	x, err := parseNumber(strings.TrimSpace(number))
	switch {
	case err != nil:
		return 0, &complaint{quoted(text) + " is not a rate", "write it as 12/s, 300/min, 4/h or 0.4/yr"}
	case !ok:
		return 0, &complaint{quoted(text) + " has no unit", "write " + text + "/s, " + text + "/min or " + text + "/h"}
	}
	seconds, ok := rateUnits[strings.TrimSpace(unit)]
	if !ok {
		return 0, &complaint{quoted(text) + " has an unknown unit", "units are /s, /min, /h, /d and /yr"}
	}
	return x / seconds, nil
}

// parseShare reads 70% or 0.7.
func parseShare(text string) (float64, error) {
	number, percent := strings.CutSuffix(text, "%")
	x, err := parseNumber(strings.TrimSpace(number))
	if err != nil {
		return 0, &complaint{quoted(text) + " is not a share", "write it as 70% or 0.7"}
	}
	if percent {
		x /= 100
	}
	return x, nil
}

// parseNumber reads a plain decimal number. Words such as inf and nan, and
// hexadecimal, are not numbers here.
func parseNumber(text string) (float64, error) {
	digits := strings.TrimLeft(text, "+-")
	if len(text)-len(digits) > 1 || digits == "" || numberLength(digits) != len(digits) {
		return 0, &complaint{quoted(text) + " is not a number", "write a decimal number such as 12 or 0.5"}
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, &complaint{quoted(text) + " is not a number this program can hold", ""}
	}
	return x, nil
}

// quoted is text from the input as it appears in a message.
func quoted(text string) string {
	if text == "" {
		return `""`
	}
	return clean(text)
}

// formatSeconds writes a duration so that parseDuration reads the same value
// back: in the largest unit that divides it, in nanoseconds if it is a few, else in
// seconds.
func formatSeconds(s float64) string {
	for _, u := range []struct {
		name    string
		seconds float64
	}{{"d", secondsPerDay}, {"h", 3600}, {"m", 60}} {
		if n := s / u.seconds; n >= 1 && n == math.Trunc(n) && n*u.seconds == s {
			return formatNumber(n) + u.name
		}
	}
	if n := math.Round(s / 1e-9); n >= 1 && n < 1000 && n*1e-9 == s {
		return formatNumber(n) + "ns"
	}
	return formatNumber(s) + "s"
}

// formatRate writes a rate so that it reads back the same: rare events in a
// unit in which their number is not tiny, where that can be exact.
func formatRate(x float64) string {
	if x > 0 && x < 1/secondsPerDay {
		for _, unit := range []string{"yr", "d", "h"} {
			n := x * rateUnits[unit]
			for _, n := range []float64{n, math.Nextafter(n, 0), math.Nextafter(n, 1)} {
				if n/rateUnits[unit] == x {
					return formatNumber(n) + "/" + unit
				}
			}
		}
	}
	return formatNumber(x) + "/s"
}

// formatNumber is the shortest decimal that reads back as x.
func formatNumber(x float64) string {
	if math.Abs(x) < 1e15 && x == math.Trunc(x) {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

func formatShare(x float64) string {
	if p, err := strconv.ParseFloat(strconv.FormatFloat(x*100, 'g', 15, 64), 64); err == nil && p/100 == x {
		return formatNumber(p) + "%"
	}
	return formatNumber(x)
}

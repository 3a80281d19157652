package trace

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// complaint is why a cell is not what its column holds.
type complaint struct{ problem, hint string }

func (c *complaint) Error() string { return c.problem }

// clock reads the instants of one file. The first decides how all are
// written: as dates, or as numbers of one unit.
type clock struct {
	decided bool
	dates   bool
	zone    int   // s east of UTC of the first date; noZone without
	mixed   bool  // other zones are allowed
	unit    int64 // ns of a number
	name    string
	last    lastDate
}

const noZone = math.MaxInt

// maxStamp is in the year 2096, and maxSpan is 31 years: sums and differences
// of some such stay within 64 bits.
const (
	maxStamp = 4e18
	maxSpan  = 1e18
)

// epoch units, told apart by size: any date since 1973 in milliseconds is
// beyond what seconds reach in the year 5138.
var epochUnits = []struct {
	above float64
	unit  int64
	name  string
}{
	{1e17, 1, "Unix nanoseconds"}, {1e14, 1e3, "Unix microseconds"},
	{1e11, 1e6, "Unix milliseconds"}, {1e8, 1e9, "Unix seconds"}, {0, 1e9, "seconds"},
}

// localLayouts are dates that name no zone.
var localLayouts = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// read is an instant in ns since 1970, or since the log's own zero.
func (c *clock) read(text string) (int64, error) {
	if isDate(text) {
		return c.date(text)
	}
	x, ns, err := number(text)
	if err != nil {
		d, noDuration := time.ParseDuration(text) // 17h26m from the log's own zero
		if noDuration != nil {
			return 0, err
		}
		x, ns = d.Seconds(), int64(d)
	}
	if !c.decided {
		c.decided = true
		for _, u := range epochUnits {
			if math.Abs(x) >= u.above {
				c.unit, c.name = u.unit, u.name
				break
			}
		}
	}
	if c.dates {
		return 0, &complaint{clean(text) + " is a number, the instants before it are dates", "write all instants the same way"}
	}
	scaled := x * float64(c.unit)
	if !(math.Abs(scaled) < maxStamp) {
		return 0, &complaint{clean(text) + " is not an instant: it lies beyond the year 2096", "instants before it are in units of " + time.Duration(c.unit).String()}
	}
	return times(x, ns, c.unit), nil
}

// times is x units in ns, exactly where x is whole.
func times(x float64, ns, unit int64) int64 {
	switch {
	case unit == 1e9 && ns != notDecimal:
		return ns
	case x == math.Trunc(x) && math.Abs(x) < 1<<53:
		return int64(x) * unit
	}
	return int64(math.Round(x * float64(unit)))
}

// isDate tells a date from a number by its first dash within.
func isDate(s string) bool { return len(s) > 7 && s[4] == '-' && s[7] == '-' }

func (c *clock) date(text string) (int64, error) {
	if at, ok := c.last.read(text); ok {
		return at, nil
	}
	t, zone, err := parseDate(text)
	if err != nil {
		return 0, &complaint{clean(text) + " is not a date", "write it as 2012-06-29T20:04:00Z (RFC 3339)"}
	}
	if y := t.Year(); y < 1850 || y > 2095 {
		return 0, &complaint{clean(text) + " is not within the years 1850 to 2095", ""}
	}
	switch {
	case !c.decided:
		c.decided, c.dates, c.zone = true, true, zone
	case !c.dates:
		return 0, &complaint{clean(text) + " is a date, the instants before it are numbers", "write all instants the same way"}
	case zone != c.zone && (zone == noZone || c.zone == noZone):
		return 0, &complaint{clean(text) + " and the dates before it: only some name their time zone", "give every date its zone, such as Z or +02:00"}
	case zone != c.zone && !c.mixed:
		return 0, &complaint{clean(text) + " is in another time zone than the dates before it", "if each date names its own zone rightly, --mixed-zones takes them as they are"}
	}
	c.last.keep(text, t)
	return t.UnixNano(), nil
}

func parseDate(text string) (t time.Time, zone int, err error) {
	if t, err = time.Parse(time.RFC3339, text); err == nil {
		_, zone = t.Zone()
		return t, zone, nil
	}
	if len(text) > 10 && text[10] == ' ' {
		if t, err = time.Parse(time.RFC3339, text[:10]+"T"+text[11:]); err == nil {
			_, zone = t.Zone()
			return t, zone, nil
		}
	}
	for _, layout := range localLayouts {
		if t, err = time.Parse(layout, text); err == nil {
			return t, noZone, nil
		}
	}
	return t, 0, err
}

// words says how the instants were written.
func (c *clock) words() string {
	switch {
	case !c.decided:
		return ""
	case c.dates && c.zone == noZone:
		return "dates without a zone, taken as UTC"
	case c.dates:
		return "dates"
	}
	return c.name
}

// notDecimal marks a number that is not plain digits with a point.
const notDecimal = math.MinInt64

// number reads a decimal number, and it times 1e9 as a whole number where it
// is plain digits with at most nine after the point: exactly.
func number(text string) (x float64, ns int64, err error) {
	if whole, ok := nanos(text); ok {
		return float64(whole) / 1e9, whole, nil
	}
	x, err = strconv.ParseFloat(text, 64)
	var bad *strconv.NumError
	switch {
	case errors.As(err, &bad) && errors.Is(bad.Err, strconv.ErrRange):
		return 0, 0, &complaint{clean(text) + " is too large", ""}
	case err != nil || strings.ContainsAny(text, "xXpP_"):
		return 0, 0, &complaint{clean(text) + " is not a number", ""}
	case math.IsNaN(x) || math.IsInf(x, 0):
		return 0, 0, &complaint{clean(text) + " is not a finite number", "leave out rows that were not measured"}
	}
	return x, notDecimal, nil
}

// nanos reads plain digits as whole nanoseconds.
func nanos(s string) (int64, bool) {
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	if len(s) == 0 || len(s) > 20 {
		return 0, false
	}
	v, places, digits := int64(0), -1, 0 // places after the point, -1 before it
	for i := 0; i < len(s); i++ {
		switch d := s[i]; {
		case d >= '0' && d <= '9' && v <= (math.MaxInt64-9)/10:
			v = v*10 + int64(d-'0')
			digits++
			if places >= 0 {
				places++
			}
		case d == '.' && places < 0:
			places = 0
		default:
			return 0, false
		}
	}
	if digits == 0 || places > 9 {
		return 0, false
	}
	for places = max(places, 0); places < 9; places++ {
		if v > math.MaxInt64/10 {
			return 0, false
		}
		v *= 10
	}
	if negative {
		v = -v
	}
	return v, true
}

// span reads a duration: a number in the unit, or with a unit of its own as
// in 800ms.
func span(text string, unit int64) (int64, error) {
	x, ns, err := number(text)
	if err != nil {
		d, derr := time.ParseDuration(text)
		if derr != nil {
			return 0, err
		}
		ns, unit = int64(d), 1e9
		x = d.Seconds()
	}
	switch {
	case x < 0:
		return 0, &complaint{clean(text) + " is a negative duration", ""}
	case !(x*float64(unit) < maxSpan):
		return 0, &complaint{clean(text) + " is longer than 31 years", ""}
	}
	return times(x, ns, unit), nil
}

// finest is the largest power of ten, from so on down, that divides ns.
func finest(so, ns int64) int64 {
	for so > 1 && ns%so != 0 {
		so /= 10
	}
	return so
}

func unitNamed(name string) (int64, error) {
	units := map[string]int64{"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1}
	if u, ok := units[name]; ok {
		return u, nil
	}
	return 0, fmt.Errorf("unit %q, want s, ms, us or ns", name)
}

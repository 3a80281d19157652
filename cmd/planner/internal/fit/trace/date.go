package trace

import (
	"strings"
	"time"
)

// lastDate is the day and the zone of the date before. The dates of a log
// share theirs in long runs, and what differs is a clock's digits: reading
// those alone is several times as fast as reading the whole date again.
type lastDate struct {
	day, zone string // 2012-06-29T and Z, as written
	midnight  int64  // ns since 1970
}

const (
	dayLength   = len("2012-06-29T")
	clockLength = len("20:04:00")
)

// keep remembers a date that was read as t.
func (l *lastDate) keep(text string, t time.Time) {
	ns, zone, ok := timeOfDay(text)
	if !ok {
		*l = lastDate{}
		return
	}
	l.day, l.zone = strings.Clone(text[:dayLength]), strings.Clone(zone)
	l.midnight = t.UnixNano() - ns
}

// read is a date of the same day and zone; false for any other.
func (l *lastDate) read(text string) (at int64, ok bool) {
	if l.day == "" || !strings.HasPrefix(text, l.day) {
		return 0, false
	}
	ns, zone, ok := timeOfDay(text)
	return l.midnight + ns, ok && zone == l.zone
}

// timeOfDay reads what follows the day, 20:04:00.125Z, in ns, and gives the
// zone. It is false for what is not plainly so, which is left to package time.
func timeOfDay(text string) (ns int64, zone string, ok bool) {
	if len(text) < dayLength+clockLength {
		return 0, "", false
	}
	s := text[dayLength:]
	h, m, sec := twoDigits(s), twoDigits(s[3:]), twoDigits(s[6:])
	if s[2] != ':' || s[5] != ':' || uint(h) > 23 || uint(m) > 59 || uint(sec) > 59 {
		return 0, "", false
	}
	ns, s = int64(h*3600+m*60+sec)*1e9, s[clockLength:]
	if s == "" || s[0] != '.' {
		return ns, s, true
	}
	i := 1
	for place := int64(1e8); i < len(s) && s[i] >= '0' && s[i] <= '9'; i++ {
		ns += int64(s[i]-'0') * place // beyond the ninth digit place is 0
		place /= 10
	}
	return ns, s[i:], i > 1
}

// twoDigits is the number in the first two bytes, -1 for none.
func twoDigits(s string) int {
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}

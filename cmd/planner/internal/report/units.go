package report

import (
	"math"
	"strconv"
	"strings"

	"singlelane/plots"
)

// unit is what the times of a column are shown in.
type unit struct {
	name     string
	seconds  float64
	decimals int
}

var units = []unit{{"ms", 1e-3, 0}, {"s", 1, 0}, {"min", 60, 0}, {"h", 3600, 0}, {"d", 86400, 0}}

// unitFor is the unit in which the largest finite time of a column has one to
// three digits before the point.
func unitFor(seconds ...float64) unit {
	largest := 0.0
	for _, s := range seconds {
		if !math.IsInf(s, 0) && !math.IsNaN(s) {
			largest = math.Max(largest, math.Abs(s))
		}
	}
	u := units[4]
	switch {
	case largest == 0 || largest >= 1 && largest < 300:
		u = units[1]
	case largest < 1:
		u = units[0]
	case largest < 15*3600:
		u = units[2]
	case largest < 15*86400:
		u = units[3]
	}
	if x := largest / u.seconds; x > 0 {
		u.decimals = min(max(3-int(math.Floor(math.Log10(x))), 1), 3)
	}
	return u
}

// in shows a time in the unit. All times of a column have the same number of
// decimals, so that the largest has four digits.
func (u unit) in(seconds float64) string {
	x := seconds / u.seconds
	if math.IsNaN(x) || math.IsInf(x, 0) || math.Abs(x) >= 9999.5 {
		return significant(x)
	}
	return strconv.FormatFloat(x, 'f', u.decimals, 64)
}

// significant shows a number to four digits, without zeros at its end, and
// large ones rounded to a whole number with their thousands apart.
func significant(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x), math.IsInf(x, -1): // not known, or not from below
		return "-"
	case math.IsInf(x, 1):
		return "never"
	case x == 0:
		return "0"
	case a >= 999.95:
		return thousands(x)
	case math.Abs(x-math.Round(x)) < 1e-9*a:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 1e-4:
		digits := 3 - int(math.Floor(math.Log10(a)))
		return strings.TrimRight(strings.TrimRight(strconv.FormatFloat(x, 'f', digits, 64), "0"), ".")
	}
	return strconv.FormatFloat(x, 'g', 2, 64)
}

// thousands shows a number rounded to a whole one, as 12,345.
func thousands(x float64) string {
	if math.Abs(x) >= 1e15 {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	text := strconv.FormatFloat(math.Abs(x), 'f', 0, 64)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if x < 0 {
		return "-" + text
	}
	return text
}

// leastPercent is the smallest probability shown in per cent; below it is one in
// so many, as on the charts.
const leastPercent = 1e-6

// percent shows a share or a probability in per cent. All that tables and
// sentences say of one goes through here or through percentCell.
func percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return "-"
	case share > 0 && share < leastPercent:
		return plots.Percent(share)
	}
	return significant(100*share) + " %"
}

// percentCell is percent where a heading has the sign, or the number before does.
func percentCell(share float64) string { return strings.TrimSuffix(percent(share), " %") }

// roughly shows a share in per cent to two digits.
func roughly(share float64) string {
	if share < leastPercent {
		return percent(share)
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(100*share, 'g', 2, 64), 64)
	if err != nil {
		return percent(share)
	}
	return significant(rounded) + " %"
}

// Duration says a time as people do: 3 h 10 min, 2 min 5 s, 800 ms. From a
// minute up it is that of the charts, so that a number reads the same in both.
// Below, tables keep the digits that charts have no room for.
func Duration(seconds float64) string {
	switch {
	case seconds < 0:
		return "-" + Duration(-seconds)
	case seconds == 0:
		return "0 s"
	case seconds < 0.9995:
		return significant(1000*seconds) + " ms"
	case seconds < 59.95:
		return strings.TrimSuffix(strconv.FormatFloat(seconds, 'f', 1, 64), ".0") + " s"
	}
	return plots.Duration(seconds)
}

// counted is a number of things with its noun, which takes an s unless there is
// one of them.
func counted(n int, noun string) string { return countedAs(thousands(float64(n)), noun) }

// countedAs is counted for a number that is shown otherwise.
func countedAs(shown, noun string) string {
	if shown == "1" {
		return shown + " " + noun
	}
	return shown + " " + noun + "s"
}

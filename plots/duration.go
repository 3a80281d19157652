package plots

import (
	"math"
	"strconv"
	"strings"
)

// Time units in seconds; a year is 365.25 days.
const (
	minute = 60.0
	hour   = 60 * minute
	day    = 24 * hour
	year   = 365.25 * day
)

// Duration writes seconds as a person would: "3 h 10 min", "42 s", "800 ms",
// "2 d 4 h"; +Inf is "never". Two units at most, to the nearest of the smaller.
// The spaces within are not to be broken at.
func Duration(s float64) string {
	switch {
	case math.IsInf(s, 1):
		return "never"
	case math.IsNaN(s):
		return "unknown"
	case s < 0:
		return "−" + Duration(-s)
	case s == 0:
		return "0 s"
	case s < 0.0009995:
		return significant(s*1e6) + " µs"
	case s < 0.9995:
		return significant(s*1e3) + " ms"
	case s < 9.95:
		return significant(s) + " s"
	case s < 59.5:
		return strconv.Itoa(int(math.Round(s))) + " s"
	case s < 59.5*minute:
		return twoUnits(s, minute, "min", 1, "s")
	case s < 47.5*hour:
		return twoUnits(s, hour, "h", minute, "min")
	case s < year:
		return twoUnits(s, day, "d", hour, "h")
	default:
		return Count(s/year) + " yr"
	}
}

// twoUnits writes s in whole large units and the rest in small ones.
func twoUnits(s, large float64, largeName string, small float64, smallName string) string {
	n := math.Round(s / small)
	per := large / small
	whole, rest := math.Floor(n/per), math.Mod(n, per)
	out := strconv.Itoa(int(whole)) + " " + largeName
	if rest > 0 {
		out += " " + strconv.Itoa(int(rest)) + " " + smallName
	}
	return out
}

// significant writes x in three figures without trailing zeros.
func significant(x float64) string {
	if x == 0 || math.IsInf(x, 0) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(x))))
	if digits < 0 || digits > 12 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	out := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Contains(out, ".") {
		out = strings.TrimRight(strings.TrimRight(out, "0"), ".")
	}
	return out
}

// Count writes a number of things: whole with separated thousands up to a
// million, three figures with a million's or billion's letter beyond, three
// figures below a hundred.
func Count(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsInf(x, 0):
		return "∞"
	case a < 100:
		return significant(x)
	case a < 999_999.5:
		return thousands(int64(math.Round(x)))
	case a < 999.5e6:
		return significant(x/1e6) + " M"
	case a < 999.5e9:
		return significant(x/1e9) + " G"
	default:
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
}

// thousands separates a whole number's thousands by commas.
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// leastPercent is the smallest probability written in per cent.
const leastPercent = 1e-6

// Percent writes a probability with two or three figures of the smaller of it
// and its complement: "4.2 %", "99 %", "99.95 %", "over 99.9999 %", and as one in
// so many when it is too small for a percentage: "1 in 3.1 million".
func Percent(p float64) string {
	switch {
	case p == 0 || p >= leastPercent && p <= 0.9:
		return significant(100*p+0) + " %" // never -0
	case p < leastPercent:
		return "1 in " + odds(p)
	}
	if p >= 1 {
		return "100 %"
	}
	places := 1 - int(math.Floor(math.Log10(100*(1-p))))
	if places > 6 {
		return "over 99.9999 %"
	}
	out := strconv.FormatFloat(100*p, 'f', max(places, 1), 64)
	return strings.TrimRight(strings.TrimRight(out, "0"), ".") + " %"
}

// odds writes 1/p for a p below a millionth, also where that is beyond what a
// number can hold.
func odds(p float64) string {
	exponent := -math.Log2(p) * math.Ln2 / math.Ln10 // Log10 of a subnormal number is wrong on some machines
	switch {
	case exponent < 9-1e-9:
		return twoFigures(1/p/1e6) + " million"
	case exponent < 12-1e-9:
		return twoFigures(1/p/1e9) + " billion"
	}
	whole := math.Floor(exponent + 1e-9)
	mantissa := math.Round(math.Pow(10, exponent-whole))
	if mantissa == 10 {
		mantissa, whole = 1, whole+1
	}
	power := "10" + superscript(int(whole))
	if mantissa == 1 {
		return power
	}
	return strconv.Itoa(int(mantissa)) + "·" + power
}

func twoFigures(x float64) string {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 2, 64), 64)
	if err != nil {
		return significant(x)
	}
	return significant(rounded)
}

// superscript writes a whole number of at least 0 raised.
func superscript(n int) string {
	return strings.Map(func(r rune) rune { return []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")[r-'0'] }, strconv.Itoa(n))
}

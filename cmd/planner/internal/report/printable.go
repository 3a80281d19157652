package report

import (
	"strconv"
	"strings"
	"unicode"
)

// Printable is the text with all that could steer a terminal, hide or turn
// text around written as escapes: control characters, of both sets of ISO
// 6429, the marks that set the direction of text, characters without width,
// and bytes that are no UTF-8. Names in scenario files hold none; names of
// files and the words of a command line may.
func Printable(text string) string {
	if strings.IndexFunc(text, unprintable) < 0 {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case !unprintable(r):
			b.WriteRune(r)
		case r == unicode.ReplacementChar:
			b.WriteString(strconv.QuoteToASCII(text[i : i+1])[1:5])
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	return b.String()
}

func unprintable(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsPrint(r) }

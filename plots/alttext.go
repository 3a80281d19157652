package plots

import "strings"

// opening starts an alternative text: the finding, then what is drawn.
func opening(f Frame, what string) string {
	return strings.TrimLeft(sentence(f.Title)+" "+sentence(what), " ")
}

// sentence joins the parts that say something by semicolons and ends them with
// a full stop.
func sentence(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p = strings.TrimRight(oneLine(p), ". "); p != "" {
			said = append(said, p)
		}
	}
	if len(said) == 0 {
		return ""
	}
	return strings.Join(said, "; ") + "."
}

// markerWords names the markers and their times.
func markerWords(ms []Marker) string {
	words := mapped(ms, func(m Marker) string {
		word := oneLine(m.Label)
		if word == "" {
			_, word = newStyle(Theme{}).markerLook(m.Kind)
		}
		return word + " " + Duration(m.At)
	})
	return strings.Join(words, ", ")
}

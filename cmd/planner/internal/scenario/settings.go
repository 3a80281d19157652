package scenario

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// value is what a setting holds, by the kind of its key.
type value struct {
	x      float64   // a number, SI units; the middle of a range
	word   string    // a word, a text or a path; empty for a number
	on     bool      // a flag
	list   []string  // names
	spread *Spread   // the range it came from, nil for a fixed number
	source *dataFile // the contents of a data file
}

// setting is a value and where it came from.
type setting struct {
	value
	at    Place
	layer int  // 0: the file; 1: a design; 2 and on: settings from outside
	bad   bool // faulty: told already, not to be used
}

// settings are the decoded values by dotted path. Sections, and each entry of
// streams and of lists, have a setting of their own that says they are there.
type settings struct {
	at      map[string]setting
	streams []string       // names in the order of the file
	lengths map[string]int // entries of lists
}

func newSettings() *settings {
	return &settings{at: map[string]setting{}, lengths: map[string]int{}}
}

func (s *settings) clone() *settings {
	return &settings{maps.Clone(s.at), slices.Clone(s.streams), maps.Clone(s.lengths)}
}

func (s *settings) has(path string) bool {
	_, ok := s.at[path]
	return ok
}

// remove forgets a path and everything below it.
func (s *settings) remove(path string) {
	s.clear(path)
	if name, ok := strings.CutPrefix(path, "streams."); ok {
		if i := slices.Index(s.streams, name); i >= 0 {
			s.streams = slices.Delete(s.streams, i, i+1)
		}
	}
}

// clear forgets the values at a path and below, but not the place of a stream
// among the others.
func (s *settings) clear(path string) {
	below := path + "."
	for p := range s.at {
		if p == path || strings.HasPrefix(p, below) {
			delete(s.at, p)
		}
	}
	for p := range s.lengths {
		if p == path || strings.HasPrefix(p, below) {
			delete(s.lengths, p)
		}
	}
	if path == "streams" {
		s.streams = nil
	}
}

// setBelow is the first path, in the order of the alphabet, below this one that
// the layer has set; empty if there is none.
func (s *settings) setBelow(path string, layer int) string {
	below, found := path+".", ""
	for p, v := range s.at {
		if v.layer == layer && strings.HasPrefix(p, below) && (found == "" || p < found) {
			found = p
		}
	}
	return found
}

func (s *settings) x(path string, otherwise float64) float64 {
	if v, ok := s.at[path]; ok && !v.bad {
		return v.x
	}
	return otherwise
}

func (s *settings) n(path string, otherwise int) int {
	return int(s.x(path, float64(otherwise)))
}

func (s *settings) on(path string, otherwise bool) bool {
	if v, ok := s.at[path]; ok && !v.bad {
		return v.on
	}
	return otherwise
}

func (s *settings) word(path, otherwise string) string {
	if v, ok := s.at[path]; ok && !v.bad {
		return v.word
	}
	return otherwise
}

// nearest is the setting at the path, or of the nearest section above it.
func (s *settings) nearest(path string) setting {
	for {
		if v, ok := s.at[path]; ok {
			return v
		}
		dot := strings.LastIndexByte(path, '.')
		if dot < 0 {
			return s.at[""]
		}
		path = path[:dot]
	}
}

// entries lists the paths of a list's entries.
func (s *settings) entries(path string) []string {
	all := make([]string, s.lengths[path])
	for i := range all {
		all[i] = join(path, strconv.Itoa(i))
	}
	return all
}

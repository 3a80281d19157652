package queueing

import (
	"fmt"
	"strings"
)

// grouped says in words which pools send several requests together, which the
// methods here take for requests that come one by one; "" for none.
func (l *Lane) grouped() string {
	var names []string
	for _, st := range l.cfg.Arrivals.streams {
		if n, together := members(st.Source); together && n > 0 {
			names = append(names, fmt.Sprintf("%q", st.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("the requests that an instance of %s sends together are taken to come one by one, at Poisson instants", strings.Join(names, ", "))
}

// qualify marks a result as approximate where that was done.
func (p problem) qualify(d Drain) Drain {
	if why := p.grouped(); why != "" && d.Quality == Exact {
		d.Quality, d.Reason = Approximate, why
	}
	return d
}

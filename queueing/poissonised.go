package queueing

import (
	"fmt"
	"math"
	"strings"
)

// poissonised says in words which finite streams a method that knows Poisson
// arrivals only has taken for Poisson ones, "" for none. A stream that has
// sent everything or nothing by then is known either way.
func (l *Lane) poissonised(until float64) string {
	var names []string
	for _, st := range l.cfg.Arrivals.streams {
		source := st.Source
		if h, is := source.(Hashed); is {
			source = h.Of
		}
		pool, is := source.(Pool)
		if is && pool.Start < until && pool.Total() > 0 {
			names = append(names, fmt.Sprintf("%q", st.Name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf("the finite %s is taken for a Poisson stream, whose count varies more", strings.Join(names, ", "))
}

// qualify marks a result as approximate where finite streams were taken for
// Poisson ones.
func (p problem) qualify(d Drain) Drain {
	if d.Quality != Exact {
		return d
	}
	if why := p.poissonised(math.Max(p.begin, d.Quantile(1-1e-9))); why != "" {
		d.Quality, d.Reason = Approximate, why
	}
	return d
}

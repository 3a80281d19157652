package queueing

import (
	"fmt"
	"math"
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

// qualify marks a result as approximate where that was done. A normal law whose
// standard deviation is wrong by a factor f is off by (f-1) / (pi sqrt(e)) * 1.9
// < 0.25 (f-1); the factor is that of the standard deviations of the requests
// that have come and gone by the median.
func (p problem) qualify(d Drain) Drain {
	why := p.grouped()
	if why == "" {
		return d
	}
	t := d.Quantile(0.5)
	variance, extra := p.Work(0, t)*p.cfg.Service.SCV(), 0.0
	for _, st := range p.cfg.Arrivals.streams {
		c := st.Source.Count(0, t)
		variance += c.Variance()
		if _, together := members(st.Source); together {
			extra += c.Variance() - c.Mean()
		}
	}
	taken := math.Max(variance-extra, 0.1*variance)
	d.AbsError = math.Min(1, d.AbsError+groupedError+math.Abs(math.Sqrt(variance/taken)-1)/2)
	if d.Quality == Exact {
		d.Quality, d.Reason = Approximate, why
	}
	return d
}

// groupedError is what the shape of the law is off by at least.
const groupedError = 0.02

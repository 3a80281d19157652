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
		if n, size := members(st.Source); size > 1 && n > 0 {
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
// that have come and gone by the median, and that of numbers taken for Poisson.
func (p problem) qualify(d Drain) Drain {
	why := p.grouped()
	if why == "" || d.groups {
		return d
	}
	t := d.Quantile(0.5)
	variance, extra, numbers := p.Work(0, t)*p.cfg.Service.SCV(), 0.0, 0.0
	for i, st := range p.cfg.Arrivals.streams {
		c := st.Source.Count(0, t)
		variance += c.Variance()
		if n, size := members(st.Source); size > 1 && n > 0 {
			extra += c.Variance() - c.Mean()
			numbers += p.numberSpread(i, 0, t)
		}
	}
	d.AbsError = math.Min(1, d.AbsError+groupedError)
	if variance > 0 { // not at 0
		taken := math.Max(variance-extra, 0.1*variance)
		d.AbsError = math.Min(1, d.AbsError+math.Abs(math.Sqrt(variance/taken)-1)/2+(math.Sqrt(1+numbers/variance)-1)/2)
	}
	if d.Quality == Exact {
		d.Quality, d.Reason = Approximate, why
	}
	return d
}

// groupedError is what the shape of the law is off by at least.
const groupedError = 0.02

// single lists the streams of open whose requests come one by one.
func (p problem) single(open []int) (rest []int) {
	for _, i := range open {
		if _, size := members(p.cfg.Arrivals.streams[i].Source); size == 1 {
			rest = append(rest, i)
		}
	}
	return rest
}

// largestGroup is the most requests that a pool's instances send at once, 1 at
// least.
func (l *Lane) largestGroup() int {
	most := 1
	for _, st := range l.cfg.Arrivals.streams {
		source := st.Source
		if h, is := source.(heldBack); is {
			source = h.poissonPool
		}
		if a, is := poissonOf(source); is {
			source = a.Source
		}
		if n, size := members(source); n > 0 {
			most = max(most, size)
		}
	}
	return most
}

// inGroups solves the problem where streams send several requests at once: exactly,
// or with service phases that stand for those of the lane, if that is less far off
// than to take the requests for single ones.
func (p problem) inGroups(open []int) (Drain, error) {
	if p.fewest(open) > fewAtMost { // which take the chain long
		if d, err := p.groupsOfGamma(); !unsupported(err) {
			return d, err
		}
		if d, err := p.idleAfterBusy(open); !unsupported(err) {
			return d, err
		}
	}
	if d, err := p.severalSizes(open); !unsupported(err) {
		return d, err
	}
	d, err := p.numbered(open, problem.groupedDensity)
	if err == nil && d.AbsError < groupedError {
		d.groups = true
		return d, nil
	}
	if err != nil && !unsupported(err) {
		return d, err
	}
	if d, err = p.whileBusy(); !unsupported(err) {
		return d, err
	}
	if _, phased := phases(p.cfg.Service); phased && p.FinalServers() > 1 {
		if d, err = p.around(open, 1); !unsupported(err) {
			return d.owningUp(fixedWhat), err
		}
	}
	if _, is := phases(p.cfg.Service); is { // though phases are faster followed
		q := p
		q.Method = DrainDensity
		if d, err = q.byVolterra(); !unsupported(err) {
			return d, err
		}
	}
	if _, is := phases(p.cfg.Service); !is && p.Method == Auto {
		if d, err = p.nearCircle(); err == nil && d.AbsError < groupedError || err != nil && !unsupported(err) {
			return d, err
		}
	}
	return Drain{}, &UnsupportedError{DrainDensity, "no exact way covers what comes in groups"}
}

// severalSizes solves for groups of several sizes: by the chain where that takes little.
func (p problem) severalSizes(open []int) (Drain, error) {
	if _, alike := p.groupOf(open); alike {
		return Drain{}, &UnsupportedError{DrainDensity, "its finite streams are alike"}
	}
	ways := []func() (Drain, error){
		func() (Drain, error) { return p.fewOnCircle(open, soonShare) },
		func() (Drain, error) { return p.sizesWhileBusy(open) },
		func() (Drain, error) { return p.bySizes(true) },
		func() (Drain, error) { return p.fewOnCircle(open, 1) },
		func() (Drain, error) { return p.idleAfterBusy(open) },
		func() (Drain, error) { return p.bySizes(false) },
	}
	for _, way := range ways {
		if d, err := way(); !unsupported(err) {
			return d, err
		}
	}
	return Drain{}, &UnsupportedError{DrainDensity, "following groups of several sizes takes too long"}
}

// soonShare is what the circle may take of its effort where other ways are to be tried.
const soonShare = 1. / 8

// bySizes is [problem.byVolterra] for one server, though phases be faster followed; soon
// if that does not take long.
func (p problem) bySizes(soon bool) (Drain, error) {
	if p.FinalServers() > 1 || p.Method != Auto && p.Method != DrainDensity {
		return Drain{}, &UnsupportedError{DrainDensity, "it has several servers, or another method was asked for"}
	}
	return p.once(fmt.Sprint("by sizes ", soon), func() (Drain, error) {
		p.Method, p.soon = DrainDensity, soon
		return p.asOneServer().byVolterra()
	})
}

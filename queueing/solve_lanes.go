package queueing

import (
	"errors"
	"math"
	"reflect"
	"slices"
)

// Alike groups the positions of lanes whose drain laws come from one solve:
// lanes that differ only in name, or by a few members of their finite pools as
// when a count is dealt out that does not divide. If overload then ends at other
// times the laws differ by more than a surface can tell, but not by more than
// Poisson counts do.
func Alike(lanes []*Lane, o SolveOptions) [][]int {
	apart := 1e-9
	if o.PoissonPools {
		apart = 0.01
	}
	var groups [][]int
next:
	for i, l := range lanes {
		for g := range groups {
			if nearlyAlike(lanes[groups[g][0]], l, apart) {
				groups[g] = append(groups[g], i)
				continue next
			}
		}
		groups = append(groups, []int{i})
	}
	return groups
}

// SolveAlike is [SolveDrain] for each lane of a group that [Alike] has made.
// The law as a function of the pools' means serves all of them where density
// finds it; else each is solved by itself.
func SolveAlike(lanes []*Lane, o SolveOptions) (out []Drain, err error) {
	defer catch(&err)
	var unlike []*Lane
	at := make([]int, len(lanes))
	for i, l := range lanes {
		at[i] = slices.IndexFunc(unlike, func(m *Lane) bool { return sameButName(m, l) })
		if at[i] < 0 {
			at[i] = len(unlike)
			unlike = append(unlike, l)
		}
	}
	laws, err := solveUnlike(unlike, o)
	if err != nil {
		return nil, err
	}
	out = make([]Drain, len(lanes))
	for i := range out {
		out[i] = laws[at[i]]
	}
	return out, nil
}

func solveUnlike(lanes []*Lane, o SolveOptions) ([]Drain, error) {
	if o.PoissonPools { // a few members are less than what they vary by
		d, err := SolveDrain(lanes[0], o)
		return slices.Repeat([]Drain{d}, len(lanes)), err
	}
	if len(lanes) > 1 && (o.Method == Auto || o.Method == DrainDensity) {
		laws, err := densities(lanes, o)
		var refused *UnsupportedError
		if err == nil || !errors.As(err, &refused) {
			return laws, err
		}
	}
	laws := make([]Drain, len(lanes))
	if o.coarse() && len(lanes) > 1 {
		o.nearly = &alike{first: lanes[0]}
	}
	for i, l := range lanes {
		var err error
		if laws[i], err = SolveDrain(l, o); err != nil {
			return nil, err
		}
		if o.nearly != nil {
			o.nearly.solved = true
		}
	}
	return laws, nil
}

// densities solves nearly alike lanes of several pools at once. An
// [*UnsupportedError] says that they are not of that kind.
func densities(lanes []*Lane, o SolveOptions) ([]Drain, error) {
	p, err := newProblem(lanes[0], o)
	if err != nil {
		return nil, err
	}
	if !lanes[0].Plain() {
		return nil, &UnsupportedError{DrainDensity, "it has more than streams and servers"}
	}
	p.known = p.forgotten()
	p, open, err := p.settled()
	if err != nil {
		return nil, err
	}
	if len(p.single(open)) < max(2, len(open)) {
		return nil, &UnsupportedError{DrainDensity, "it has no several pools, or one sends in groups"}
	}
	if early, _ := p.spent(open); len(early) > 0 && p.known == nil {
		return nil, &UnsupportedError{DrainDensity, "some pools are spent before others begin"}
	}
	laws, err := p.jointly(open, problem.poissonDensity, lanes...)
	for i := range laws {
		laws[i] = p.qualify(laws[i].risen().owningUp("the numbers in its finite streams are fixed"))
	}
	return laws, err
}

// fewMembers is by how many members the pools of lanes that are solved at once
// may differ, in standard deviations of a Poisson number: the surface reaches
// one of them.
const fewMembers = 0.25

// nearlyAlike tells whether b is a but for its name and a few members in its
// pools, with the same end of overload but for the given share of it.
func nearlyAlike(a, b *Lane, apart float64) bool {
	s, ok := OverloadEnd(a)
	t, also := OverloadEnd(b)
	if !ok || !also || math.Abs(s-t) > apart*s || len(a.cfg.Arrivals.streams) != len(b.cfg.Arrivals.streams) {
		return false
	}
	c, d := a.cfg, b.cfg
	c.Name, c.Arrivals, d.Name, d.Arrivals = "", Arrivals{}, "", Arrivals{}
	if !reflect.DeepEqual(c, d) {
		return false
	}
	for i, st := range a.cfg.Arrivals.streams {
		if !nearlySame(st, b.cfg.Arrivals.streams[i]) {
			return false
		}
	}
	return true
}

func nearlySame(a, b Stream) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	p, is := a.Source.(Pool)
	q, too := b.Source.(Pool)
	if !is || !too || p.Together || q.Together {
		return false
	}
	n, m := float64(p.Total()), float64(q.Total())
	p.Instances, p.Requests, q.Instances, q.Requests = 0, 0, 0, 0
	a.Source, b.Source = p, q
	return math.Abs(n-m) <= fewMembers*math.Sqrt(math.Min(n, m)) && reflect.DeepEqual(a, b)
}

func sameButName(a, b *Lane) bool {
	c, d := a.cfg, b.cfg
	c.Name = d.Name
	return reflect.DeepEqual(c, d)
}

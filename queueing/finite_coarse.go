package queueing

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// A coarse solve saves laws where they would change nothing. A pool that had
// best stayed Poisson shows when its mean is moved up, and is not moved down.
// The product of two deviations is needed where z is not a function of one sum
// of the effects, s = a_1 x_1 + a_2 x_2 + …: where it is, z = z(0) + s + q s^2
// and each pool by itself bends by the same b_i/a_i^2 = q. Requests of pools
// that differ only in how much of the drain time each adds are of that kind.

// gatherCoarsely solves for the means that matter to the tolerance.
func (p problem) gatherCoarsely(open []int, at func(map[int]int) (*Drain, error)) (*joint, error) {
	j := &joint{corner: map[[2]int]*Drain{}}
	up, err := eachMoved(len(open)+1, at, func(k int) map[int]int {
		if k == len(open) {
			return nil
		}
		return map[int]int{open[k]: 0}
	})
	if err != nil {
		return nil, err
	}
	j.middle = up[len(open)]
	var matter []int
	for k := range open {
		if j.apart(up[k]) > p.tolerance() {
			matter = append(matter, k)
		} else {
			up[k] = j.middle
		}
		j.pools = append(j.pools, jointPool{finite: p.inJoint(open[k]), drains: []*Drain{up[k], j.middle, j.middle}})
	}
	down, err := eachMoved(len(matter), at, func(k int) map[int]int { return map[int]int{open[matter[k]]: jointNodes} })
	if err != nil {
		return nil, err
	}
	for k, d := range down {
		j.pools[matter[k]].drains[jointNodes] = d
	}
	if err := p.corners(j, open, at); err != nil {
		return nil, err
	}
	return j.measured(), nil
}

// corners moves those pairs whose product matters.
func (p problem) corners(j *joint, open []int, at func(map[int]int) (*Drain, error)) error {
	var pairs [][2]int
	for b := range open {
		for a := range b {
			if j.unlike(a, b) > p.tolerance() {
				pairs = append(pairs, [2]int{a, b})
			}
		}
	}
	laws, err := eachMoved(len(pairs), at, func(k int) map[int]int {
		return map[int]int{open[pairs[k][0]]: jointCorner, open[pairs[k][1]]: jointCorner}
	})
	for k, d := range laws {
		j.corner[pairs[k]] = d
	}
	return err
}

// eachMoved solves for n choices of moved means, side by side.
func eachMoved(n int, at func(map[int]int) (*Drain, error), moved func(k int) map[int]int) ([]*Drain, error) {
	laws := make([]*Drain, n)
	err := sideBySide(n, func(k int) (err error) {
		laws[k], err = at(moved(k))
		return err
	})
	if err != nil {
		return nil, err
	}
	return laws, nil
}

// apart is the largest difference from the middle law.
func (j *joint) apart(d *Drain) float64 {
	worst := 0.0
	for _, t := range probes(*j.middle) {
		worst = math.Max(worst, math.Abs(d.CDF(t)-j.middle.CDF(t)))
	}
	return worst
}

// unlike is about what the product of two pools' deviations may change, beyond
// that of a z that depends on one sum.
func (j *joint) unlike(a, b int) float64 {
	worst := 0.0
	for _, t := range probes(*j.middle) {
		s := surface{joint: j}
		z := func(d *Drain) float64 { return mathext.NormalQuantile(math.Min(math.Max(d.CDF(t), 1e-12), 1-1e-12)) }
		s.middle = z(j.middle)
		s.moves(z)
		x, y := s.effect(a), s.effect(b)
		if x.a == 0 || y.a == 0 {
			continue
		}
		off := math.Abs(x.bend/(x.a*x.a)-y.bend/(y.a*y.a)) * x.a * y.a
		worst = math.Max(worst, math.Min(math.Abs(off), 0.1)*math.Abs(x.a*y.a))
	}
	return worst
}

// effect of a pool's mean on z: a x + bend x^2.
type effect struct{ a, bend float64 }

func (s *surface) effect(i int) effect {
	row := s.moved[i]
	return effect{(row[0] - row[jointNodes]) / 2, (row[0] + row[jointNodes]) / 2}
}

// bent is the product's coefficient if z depends on one sum of both effects.
func (s *surface) bent(a, b int) float64 {
	x, y := s.effect(a), s.effect(b)
	if x.a == 0 || y.a == 0 {
		return 0
	}
	return (x.bend/(x.a*x.a) + y.bend/(y.a*y.a)) * x.a * y.a
}

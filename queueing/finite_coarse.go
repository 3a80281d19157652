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
	var err error
	solve := func(nodes map[int]int) *Drain {
		if err != nil {
			return j.middle
		}
		d, failed := at(nodes)
		if err = failed; err != nil {
			return j.middle
		}
		return d
	}
	j.middle = solve(nil)
	for _, i := range open {
		up, down := solve(map[int]int{i: 0}), j.middle
		if err == nil && j.apart(up) > p.tolerance() {
			down = solve(map[int]int{i: jointNodes})
		} else {
			up = j.middle
		}
		j.pools = append(j.pools, jointPool{finite: p.inJoint(i), drains: []*Drain{up, j.middle, down}})
	}
	if err != nil {
		return nil, err
	}
	for b, i := range open {
		for a, other := range open[:b] {
			if j.unlike(a, b) > p.tolerance() {
				j.corner[[2]int{a, b}] = solve(map[int]int{i: jointCorner, other: jointCorner})
			}
		}
	}
	if err != nil {
		return nil, err
	}
	return j.measured(), nil
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

package queueing

import (
	"math"
	"math/cmplx"
	"testing"
)

// Probabilities that are known for any number: of services that take so long at most,
// gamma sums, for the members of some of the pools, which is the least smooth a law
// can be in them, and z^N.
func TestPointsFixNumbers(t *testing.T) {
	for _, members := range [][]float64{{1}, {5}, {300}, {12, 8}, {90, 40}, {5, 4, 2}} {
		for _, scv := range []float64{.3, 1} {
			for _, eps := range []float64{1e-7, 1e-9} {
				if len(members) > 1 && (eps < 1e-8) != (scv == 1) {
					continue
				}
				points, left := ringsOf(members, []int{1, 1, 1}[:len(members)], scv, eps, 1e4)
				if !(left <= eps) {
					t.Errorf("%v: %g is left out of %g", members, left, eps)
				}
				for chosen := 1; chosen < 1<<len(members); chosen++ {
					checkPoints(t, points, members, chosen, scv, left)
				}
			}
		}
	}
}

func checkPoints(t *testing.T, points []circlePoint, members []float64, chosen int, scv, left float64) {
	n := 0.0
	for k, x := range members {
		n += x * float64(chosen>>k&1)
	}
	laws := map[string]func(j int) float64{"z": func(j int) float64 { return math.Pow(1-.7/n, float64(j)) }}
	for name, q := range map[string]float64{"early": -2.5, "late": .5} {
		u := math.Max(n+q*math.Sqrt(n*(1+scv)), .2)
		laws[name] = func(j int) float64 {
			if j == 0 {
				return 1
			}
			below, _ := gammaTails(float64(j)/scv, u/scv)
			return below
		}
	}
	for name, law := range laws {
		values := make([]float64, int(n+10*math.Sqrt(n)+30))
		for j := range values {
			values[j] = law(j)
		}
		got := 0.0
		for _, pt := range points {
			mean, sum := complex(0, 0), complex(0, 0)
			for k, x := range members {
				mean += complex(x*float64(chosen>>k&1), 0) * pt.means[k]
			}
			chance := cmplx.Exp(-mean)
			for j, v := range values {
				sum += chance * complex(v, 0)
				chance *= mean / complex(float64(j+1), 0)
			}
			got += real(pt.weight * sum)
		}
		if off := math.Abs(got - law(int(n))); !(off <= left+1e-10) {
			t.Errorf("%v, SCV %g, %s of %b: off by %.2g, stated %.2g, %d points", members, scv, name, chosen, off, left, len(points))
		}
	}
}

// Groups, whose size multiplies what a pool's number does.
func TestPointsFixGroups(t *testing.T) {
	members, sizes := []float64{40, 25}, []int{3, 1}
	points, left := ringsOf(members, sizes, 1, 1e-8, 1e4)
	for _, u := range []float64{90, 140, 175} {
		got := 0.0
		for _, pt := range points {
			mean := [2]complex128{pt.means[0] * 40, pt.means[1] * 25}
			// the number of requests by Panjer's recursion, n p(n) = 3 M p(n-3) + M' p(n-1)
			p := []complex128{cmplx.Exp(-mean[0] - mean[1])}
			sum := p[0]
			for n := 1; n < 420; n++ {
				x := mean[1] * p[n-1]
				if n > 2 {
					x += 3 * mean[0] * p[n-3]
				}
				p = append(p, x/complex(float64(n), 0))
				below, _ := gammaTails(float64(n), u)
				sum += p[n] * complex(below, 0)
			}
			got += real(pt.weight * sum)
		}
		if want, _ := gammaTails(145, u); !(math.Abs(got-want) <= left+1e-10) {
			t.Errorf("at %g: off by %.2g, stated %.2g", u, got-want, left)
		}
	}
}

// However large pools are, and however many: points are chosen at once, or not at all.
func TestPointsOfLargePools(t *testing.T) {
	for _, members := range [][]float64{{1e9}, {1e6, 3e8}, {1e5, 1e5, 1e5}} {
		points, left := ringsOf(members, []int{1, 1, 1}[:len(members)], 1, 1e-8, 1e4)
		if most := math.Pow(16, float64(len(members))); len(points) == 0 || float64(len(points)) > most || !(left <= 1e-8) {
			t.Errorf("%v: %d points, %g left out", members, len(points), left)
		}
		total := 0.0
		for _, pt := range points {
			total += real(pt.weight)
		}
		if !(math.Abs(total-1) < 1e-12) {
			t.Errorf("%v: weights add up to %g", members, total)
		}
	}
	if points, _ := ringsOf([]float64{50, 60, 70, 80, 90}, []int{1, 1, 1, 1, 1}, 1, 1e-8, 1e4); points != nil {
		t.Errorf("%d points of five pools", len(points))
	}
}

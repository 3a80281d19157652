package steady

import (
	"math"
	"testing"
)

// TestPriorityWaits: the inverted law against the walk of the number ahead,
// service end by service end, and its mean against Cobham's.
func TestPriorityWaits(t *testing.T) {
	for _, servers := range []int{1, 4} {
		m := Priority{Servers: servers, Classes: []Class{{"a", 0.25 * float64(servers), 1, 1}, {"b", 0.3 * float64(servers), 1, 1}, {"c", 0.35 * float64(servers), 1, 1}}}
		classes, err := m.PerClass()
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.Classes {
			tail := func(x float64) float64 {
				p, err := m.ClassWaitTail(i, x)
				if err != nil {
					t.Fatal(err)
				}
				return p
			}
			area := 0.0
			for from := 0.0; from < 1200; from++ {
				part, _ := panel(from, from+1, tail)
				area += part
			}
			want(t, "mean wait", area, classes[i].Wq, 1e-7)
			for _, x := range []float64{0.2, 1, 4, 20} {
				if got, walked := tail(x), m.walked(i, x); math.Abs(got-walked) > 1e-9 {
					t.Errorf("%d servers, class %d: P(wait > %g) inverted %.12g, walked %.12g", servers, i, x, got, walked)
				}
			}
			q, err := m.ClassWaitQuantile(i, 0.99)
			if err != nil {
				t.Fatal(err)
			}
			want(t, "at the quantile", tail(q), 0.01, 1e-7)
		}
	}
}

// TestPriorityWaitsNearSaturation: there the wait of the last class is
// exponential, with its mean, but for terms of the size of 1 - rho.
func TestPriorityWaitsNearSaturation(t *testing.T) {
	m := Priority{Servers: 1, Classes: []Class{{"a", 0.3, 1, 1}, {"b", 0.7 - 1e-8, 1, 1}}}
	classes, err := m.PerClass()
	if err != nil {
		t.Fatal(err)
	}
	q, err := m.ClassWaitQuantile(1, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "median", q, math.Ln2*classes[1].Wq, 1e-6)
}

// walked is P(wait > t) by uniformisation: the number ahead goes up with the
// classes above and down with the servers, from geometric + 1 until it is 0.
func (m Priority) walked(i int, t float64) float64 {
	const most = 1200
	mu := float64(m.Servers) / m.Classes[0].MeanService
	above, upto := m.load(i), m.load(i+1)
	ahead := make([]float64, most+1)
	for n := 1; n <= most; n++ {
		ahead[n] = (1 - upto) * math.Pow(upto, float64(n-1))
	}
	rate := mu * (1 + above)
	total, weight := 0.0, math.Exp(-rate*t)
	for step := 1; step < 1000; step++ {
		left := 0.0
		for _, p := range ahead[1:] {
			left += p
		}
		total += weight * left
		weight *= rate * t / float64(step)
		next := make([]float64, most+1)
		for n := 1; n <= most; n++ {
			next[n-1] += ahead[n] / (1 + above)
			next[min(n+1, most)] += ahead[n] * above / (1 + above)
		}
		next[0] = 0
		ahead = next
	}
	return m.held(m.Classes) * total
}

// TestPriorityTransform holds the law for any service against three others:
// the one for a common exponential service, M/G/1 of a single class, and the
// mean wait by Cobham and Kleinrock, interruptions included.
func TestPriorityTransform(t *testing.T) {
	common := Priority{Servers: 1, Classes: []Class{{"a", 0.25, 1, 1}, {"b", 0.3, 1, 1}, {"c", 0.35, 1, 1}}}
	for i := range common.Classes {
		for _, x := range []float64{0.01, 0.2, 1, 4, 20, 100} {
			got, err := common.ClassWaitTail(i, x)
			if err != nil {
				t.Fatal(err)
			}
			if want := common.commonLaw(i).tail(x); math.Abs(got-want) > 1e-9 {
				t.Errorf("class %d: P(wait > %g) = %.12g, by the common service %.12g", i, x, got, want)
			}
		}
	}
	for _, scv := range []float64{0, 0.25, 0.7, 1, 4, 400} {
		alone := Priority{Servers: 1, Classes: []Class{{"none", 0, 3, 1}, {"all", 0.6, 1, scv}}}
		for _, x := range []float64{0.1, 0.5, 1, 2.5, 3, 8} {
			got, err := alone.ClassWaitTail(1, x)
			want, err2 := MG1{0.6, TwoMoments(1, scv)}.WaitTail(x)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			within := 2e-9
			if scv == 0 && x == 1 {
				within = 1e-5 // the law has a kink there
			}
			if math.Abs(got-want) > within {
				t.Errorf("SCV %g: P(wait > %g) = %.12g, as M/G/1 %.12g", scv, x, got, want)
			}
		}
	}
}

// TestPriorityTransformMeans integrates the tails of unlike classes.
func TestPriorityTransformMeans(t *testing.T) {
	classes := []Class{{"a", 0.5, 0.4, 0.5}, {"b", 0.02, 10, 3}, {"c", 0.8, 0.3, 1}, {"d", 0.1, 1, 0.3}}
	for _, m := range []Priority{{classes, 1, false}, {classes, 1, true},
		{append(classes[:3:3], Class{"more than can be served", 4, 1, 0.4}), 1, false}} {
		each, err := m.PerClass()
		if err != nil {
			t.Fatal(err)
		}
		for i := range m.Classes {
			if each[i].Status == Saturated {
				continue
			}
			area := 0.0
			for from, width := 0.0, 0.05; from < 400*each[i].Wq; from, width = from+width, width*1.3 {
				part, _ := panel(from, from+width, func(x float64) float64 {
					p, err := m.ClassWaitTail(i, x)
					if err != nil {
						t.Fatal(err)
					}
					return p
				})
				area += part
			}
			want(t, name(m)+" mean wait", area, each[i].Wq, 1e-6)
		}
	}
}

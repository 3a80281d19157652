package fit

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// The uniform law's likelihood jumps at the window's end, so it is maximised
// over the edges of the intervals, and its ranges come from a parametric
// bootstrap: counts are drawn from the fit and fitted again.

// uniformAt is the best window from begins on: at each edge the likelihood
// has its greatest value in closed form.
func uniformAt(c Counts, begins float64, found bool) (*Arrivals, float64, bool) {
	first := 0
	for first < len(c.N) && c.Edges[first+1] <= begins {
		first++
	}
	total, in := c.total(), 0.0
	best, end := math.Inf(-1), -1
	for i := first; i < len(c.N)-1; i++ {
		in += c.N[i]
		w := c.Edges[i+1] - begins
		rest := c.span() - w
		if in/w <= (total-in)/rest {
			continue
		}
		if ll := xlogy(in, in/w) + xlogy(total-in, (total-in)/rest); ll > best {
			best, end = ll, i
		}
	}
	if end < 0 {
		return nil, 0, false
	}
	m := windowOf(c, begins, end)
	m.Surge.Found = found
	return m, logLikelihood(c, m.upTo), true
}

// windowOf is base and count of the window that ends with interval end.
func windowOf(c Counts, begins float64, end int) *Arrivals {
	in, total := 0.0, c.total()
	for i, n := range c.N {
		if i <= end && c.Edges[i+1] > begins {
			in += n
		}
	}
	w := c.Edges[end+1] - begins
	base := (total - in) / (c.span() - w)
	return &Arrivals{Rate: Range{Value: base}, Surge: &Surge{Law: UniformDelay, Begins: begins,
		Count: Range{Value: in - base*w}, Delay: Range{Value: w}}}
}

const bootstraps = 200

// bootstrapWindow finds the ranges of a uniform surge.
func (a *Arrivals) bootstrapWindow(c Counts, o Options) {
	source := rand.New(rand.NewPCG(o.Seed, 0x77696e646f77))
	means := make([]float64, len(c.N))
	for i := range means {
		means[i] = a.mean(c.Edges[i], c.Edges[i+1])
	}
	var base, count, window []float64
	again := Counts{c.Edges, make([]float64, len(c.N))}
	for range bootstraps {
		for i, mu := range means {
			again.N[i] = 0
			if mu > 0 {
				again.N[i] = distuv.Poisson{Lambda: mu, Src: source}.Rand()
			}
		}
		if m, _, ok := uniformAt(again, a.Surge.Begins, false); ok {
			base, count, window = append(base, m.Rate.Value), append(count, m.Surge.Count.Value), append(window, m.Surge.Delay.Value)
		}
	}
	a.Rate, a.Surge.Count = percentiles(a.Rate.Value, base), percentiles(a.Surge.Count.Value, count)
	a.Surge.Delay = percentiles(a.Surge.Delay.Value, window)
	cell := c.Edges[1] - c.Edges[0] // an end is known to half an interval at best
	a.Surge.Delay.Lo = math.Max(math.Min(a.Surge.Delay.Lo, a.Surge.Delay.Value-cell/2), a.Surge.Delay.Value/2)
	a.Surge.Delay.Hi = math.Max(a.Surge.Delay.Hi, a.Surge.Delay.Value+cell/2)
}

// percentiles is the range of bootstrapped values, and of the value itself
// where so few counts were drawn that all lie to one side of it.
func percentiles(value float64, all []float64) Range {
	if len(all) < bootstraps/2 {
		return Range{value, math.NaN(), math.NaN()}
	}
	slices.Sort(all)
	return Range{value, math.Min(value, all[len(all)/20]), math.Max(value, all[len(all)-1-len(all)/20])}
}

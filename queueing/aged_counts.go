package queueing

import "math"

// agedCounts tells how many have come in the time before an instant, a Poisson number and
// the batches' means, and so how long ago the last but N came.
type agedCounts struct {
	problem
	waits  int
	sharp  bool // it came when as many as that come on the mean
	now    float64
	came   int // of a batch that comes now
	counts []float64
	tables map[int][]float64
}

const agedTable = 512 // points

func (p problem) newAgedCounts(shape agedShape) *agedCounts {
	if shape.waits == 0 {
		return nil
	}
	return &agedCounts{problem: p, waits: shape.waits, sharp: shape.sharp, tables: map[int][]float64{}}
}

// at sets the instant; later tells that nobody leaves of the few who wait from then on.
func (a *agedCounts) at(t float64, later bool) {
	if a.now = t; later {
		return
	}
	mean, batches := a.since(t - a.cfg.Mechanisms.MaxAge)
	if cap(a.counts) == 0 {
		a.counts = make([]float64, a.waits+2)
	}
	for j := range a.counts { // or more
		a.counts[j] = a.probably(j-batches, mean)
	}
}

// atLeast is the chance that so many have come in the last tau.
func (a *agedCounts) atLeast(n int) float64 { return a.counts[n] }

func (a *agedCounts) exactly(n int) float64 { return math.Max(0, a.counts[n]-a.counts[n+1]) }

// since is the mean of the Poisson number that has come, and the number in batches.
func (a *agedCounts) since(t float64) (mean float64, batches int) {
	if t < 0 {
		batches = a.cfg.Backlog
	}
	for _, j := range a.cfg.Arrivals.jumps {
		if j.At >= t && j.At < a.now {
			batches += int(math.Round(j.Size.Mean()))
		}
	}
	return a.cfg.Arrivals.Flow(math.Max(0, t), a.now), batches + a.came
}

// young is the chance that who came N ago has waited for no longer than tau so long from now.
func (a *agedCounts) young(left float64) float64 {
	from := a.now - (a.cfg.Mechanisms.MaxAge*(1+1e-9) - left)
	if from > a.now {
		return 0
	}
	mean, batches := a.since(from)
	return a.probably(a.waits-batches, mean)
}

// probably is the chance that a Poisson number of a mean is so large.
func (a *agedCounts) probably(least int, mean float64) float64 {
	if least <= 0 {
		return 1
	}
	if a.sharp {
		return indicator(mean >= float64(least))
	}
	n := float64(least)
	wide := 8*math.Sqrt(n) + 20
	lo := math.Max(0, n-wide)
	x := (mean - lo) / (n + wide - lo) * (agedTable - 1)
	switch {
	case x <= 0:
		return 0
	case x >= agedTable-1:
		return 1
	}
	table := a.tables[least]
	if table == nil {
		table = make([]float64, agedTable)
		for i := range table {
			table[i], _ = gammaTails(n, lo+(n+wide-lo)*float64(i)/(agedTable-1))
		}
		a.tables[least] = table
	}
	i := int(x)
	return table[i] + (x-float64(i))*(table[i+1]-table[i])
}

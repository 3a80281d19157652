package study

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Nested sampling: draws of the inputs outside, the law of the drain time for
// each draw inside. With X the inputs and T the drain time,
//
//	P(T > D) = E P(T > D | X)
//	var g(X) = var E(g(X) | X_i) + E var(g(X) | X_i)
//
// so that the mean over draws of P(breach) is what someone who does not know X
// should expect, and the first term over var g(X) is what X_i explains by
// itself, its first-order Sobol index (I. M. Sobol', Math. Comput. Simul. 55
// (2001)). The rows of the Sobol design's two matrices are independent draws
// and serve for both.
//
// Inside, theory may take finite streams for Poisson ones: that widens the
// chance within a draw by about a tenth, which the spread over draws drowns.

// Ignorance is what not knowing the inputs means for one design.
type Ignorance struct {
	Draws  int // of all inputs
	Points int // of the Sobol design, each as many evaluations as inputs and two

	P5, P50, P95 montecarlo.Estimate // s, quantiles over the draws of the P99 of the drain time
	MeanBreach   montecarlo.Estimate // P(T > D), over chance and ignorance
	Meets        montecarlo.Estimate // share of the draws that meet the objective
	Never        montecarlo.Estimate // share of the draws that never drain, or of whose storms 1 % do not within the simulated horizon
	Simulated    int                 // draws that were answered by simulation

	Varies bool // whether P(T > D) differs by more than a point between draws, and some index of it can be told from 0

	late, breach []montecarlo.SobolIndex
	looked       *montecarlo.Estimate // MeanBreach with the confidence that each look at the standing has; nil where nobody looked
}

// Of are the Sobol indices of P99 or Breach, one an input in their order.
func (g *Ignorance) Of(m Metric) []montecarlo.SobolIndex {
	if m == Breach {
		return g.breach
	}
	return g.late
}

// Describe takes what the draws say together from another sample of the same
// inputs, and keeps what goes with which of them.
func (g *Ignorance) Describe(by *Ignorance) {
	points, varies, late, breach := g.Points, g.Varies, g.late, g.breach
	*g = *by
	g.Points, g.Varies, g.late, g.breach = points, varies, late, breach
}

const (
	leastSwing  = 0.01 // of P(T > D), for its inputs to be told apart by it
	leastPoints = 32
	mostRows    = 1600 // of the Sobol design
	mostFewer   = 4    // how many times fewer rows and draws where they are simulated
	mostDraws   = 1024
	drawsBatch  = 128
	// standingDraws are the most that the standing takes where fewer would do for
	// the mean; without a breach 505 show in one of four looks that a risk is
	// below 1 %.
	standingDraws = 512
	// goodMean and goodIndex are the half-widths of the intervals of the mean
	// P(breach) and of the greatest total index at which sampling stops.
	goodMean  = 0.05
	goodIndex = 0.15
	// innerStorms are simulated for each draw where no theory covers it, or as
	// many as bring innerRequests, but not below leastStorms.
	innerStorms   = 400
	innerRequests = 2e5
	leastStorms   = 20
)

// drawn is the answer for one draw.
type drawn struct {
	late, breach float64
	never, meets bool
	simulated    bool
}

// ignorance samples around a middle that took so many requests a storm, if it
// was simulated.
func (u Unknown) ignorance(ctx context.Context, requests float64, o Options) (Ignorance, error) {
	o, fewer := o.inside(requests)
	rows := mostRows / fewer
	var g Ignorance
	var all []drawn
	most := mostDraws * rows / mostRows
	if o.Draws > 0 {
		rows, most = o.Draws, o.Draws
	}
	inputs := len(u.Inputs)
	for g.Points = leastPoints; ; g.Points *= 2 {
		design, err := montecarlo.NewSobolDesign(inputs, g.Points, o.Seed)
		if err != nil {
			return g, err
		}
		more, err := u.draws(ctx, design.Rows()[len(all):], o)
		if err != nil {
			return g, err
		}
		all = append(all, more...)
		if err := g.index(design, all); err != nil {
			return g, err
		}
		if 2*g.Points*(inputs+2) > rows || o.Draws == 0 && g.indexed() {
			break
		}
	}
	plain := make([]drawn, 0, 2*g.Points)
	for i := 0; i < len(all); i += inputs + 2 {
		plain = append(plain, all[i], all[i+1])
	}
	return g, u.average(ctx, &g, plain, most, o)
}

// inside are the options of the answer to one draw, and how many times fewer
// draws that affords, around a middle that took so many requests a storm, if it
// was simulated.
func (o Options) inside(requests float64) (inner Options, fewer int) {
	o.coarse, o.rough, o.Replications, o.Precision = false, true, innerStorms, Precision{}
	if requests > 0 {
		o.Replications = max(leastStorms, min(innerStorms, int(innerRequests/requests)))
		return o, mostFewer
	}
	return o, 1
}

// DrawInputs is what not knowing the inputs means for each design, without what
// goes with which of them; nil for one without inputs.
func DrawInputs(ctx context.Context, unknowns []Unknown, o Options) ([]*Ignorance, error) {
	o.Method, o.shared, o.counted = o.Method.orAuto(), &queueing.Shared{}, &counted{report: o.Progress}
	all := make([]*Ignorance, len(unknowns))
	for i, u := range unknowns {
		if len(u.Inputs) == 0 {
			continue
		}
		c, err := u.Compile(u.middle())
		if err != nil {
			return nil, err
		}
		var d DesignSensitivity
		rough, _ := o.inside(0)
		if d.Middle, err = u.at(ctx, u.middle(), rough); err != nil {
			return nil, err
		}
		inner, fewer := o.inside(d.simulatedRequests(c))
		inner.standing = &c.Objective
		if err := u.average(ctx, &d.Ignorance, nil, mostDraws/fewer, inner); err != nil {
			return nil, err
		}
		g := &guard{design: c.Designs[0].Name}
		if g.ignorance(&d.Ignorance); g.broken != nil {
			return nil, g.broken
		}
		all[i] = &d.Ignorance
	}
	return all, nil
}

// draws answers rows of uniform numbers.
func (u Unknown) draws(ctx context.Context, rows [][]float64, o Options) ([]drawn, error) {
	out := make([]drawn, len(rows))
	o.counted.expect(len(rows))
	err := inParallel(ctx, len(rows), o.Workers, func(i int) error {
		texts := make([]string, len(u.Inputs))
		for k, in := range u.Inputs {
			texts[k] = in.Draw(rows[i][k])
		}
		a, err := u.at(ctx, texts, o)
		o.counted.one()
		if err != nil {
			return err
		}
		out[i] = drawn{late: P99.Of(&a).Value, breach: Breach.Of(&a).Value, never: math.IsInf(P99.Of(&a).Value, 1), meets: a.MeetsObjective,
			simulated: a.Drain != nil && a.Drain.Quality == queueing.Simulated}
		return nil
	})
	return out, err
}

// index estimates the Sobol indices from the design's rows.
func (g *Ignorance) index(design *montecarlo.SobolDesign, all []drawn) error {
	late, breach := make([]float64, len(all)), make([]float64, len(all))
	worst := 0.0
	for _, d := range all {
		if !math.IsInf(d.late, 1) {
			worst = math.Max(worst, d.late)
		}
	}
	for i, d := range all {
		late[i], breach[i] = math.Min(d.late, worst), d.breach
	}
	g.Varies = slices.Max(breach)-slices.Min(breach) > leastSwing
	var err error
	if g.late, err = design.Indices(late); err != nil {
		return err
	}
	g.breach, err = design.Indices(breach)
	g.Varies = g.Varies && slices.ContainsFunc(g.breach, func(x montecarlo.SobolIndex) bool { return x.Total.Lo > 0 })
	return err
}

// indexed tells whether the greatest total index of each answer is known well
// enough.
func (g *Ignorance) indexed() bool {
	if len(g.late) == 1 { // it explains everything
		return true
	}
	for _, m := range []Metric{P99, Breach} {
		if m == Breach && !g.Varies {
			continue
		}
		indices := g.Of(m)
		top := indices[0].Total
		for _, x := range indices {
			if x.Total.Value > top.Value {
				top = x.Total
			}
		}
		if top.Hi-top.Lo > 2*goodIndex {
			return false
		}
	}
	return true
}

// average takes more draws until the mean P(breach) is known well enough, and
// where the standing is asked for can be told from the risk allowed, or there are
// the most allowed, and describes them. For the standing their number doubles from
// one look to the next, and each look has its share of the chance of being wrong
// (Bonferroni), so that all looks together are right with the confidence that
// one has elsewhere.
func (u Unknown) average(ctx context.Context, g *Ignorance, all []drawn, most int, o Options) error {
	rng := rand.New(rand.NewPCG(o.Seed, 0xd4a35))
	confidence := 1 - (1-montecarlo.Confidence)/float64(looks(max(most, standingDraws)))
	for {
		if len(all) > 0 {
			g.describe(all)
			if o.standing != nil && o.Draws == 0 {
				looked := meanChance(breaches(all), confidence)
				g.looked = &looked
			}
			m, told := g.MeanBreach, o.standing == nil || g.Stands(*o.standing) != Unsure
			if o.Draws == 0 && told && m.Hi-m.Lo <= 2*goodMean || len(all) >= most && (told || len(all) >= standingDraws) {
				return nil
			}
		}
		batch := min(drawsBatch, most)
		if o.Draws > 0 {
			batch = most - len(all)
		}
		if o.standing != nil {
			batch = max(batch, len(all))
		}
		more, err := u.draws(ctx, uniforms(rng, batch, len(u.Inputs)), o)
		if err != nil {
			return err
		}
		all = append(all, more...)
	}
}

// looks are the most that the standing takes: after the first batch, and each
// time that the draws have doubled, until there are the most.
func looks(most int) int {
	n := 1
	for draws := min(drawsBatch, most); draws < most; draws *= 2 {
		n++
	}
	return n
}

func uniforms(rng *rand.Rand, rows, inputs int) [][]float64 {
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, inputs)
		for k := range out[i] {
			out[i][k] = rng.Float64()
		}
	}
	return out
}

func (g *Ignorance) describe(all []drawn) {
	late := make(montecarlo.Outcomes, len(all))
	meets, never := 0, 0
	g.Draws, g.Simulated = len(all), 0
	for i, d := range all {
		late[i] = d.late
		if d.meets {
			meets++
		}
		if d.never {
			never++
		}
		if d.simulated {
			g.Simulated++
		}
	}
	slices.Sort(late)
	g.P5, g.P50, g.P95 = late.Quantile(0.05), late.Quantile(0.5), late.Quantile(0.95)
	g.MeanBreach = meanChance(breaches(all), montecarlo.Confidence)
	g.Meets, g.Never = montecarlo.Proportion(meets, len(all)), montecarlo.Proportion(never, len(all))
}

func breaches(all []drawn) montecarlo.Outcomes {
	out := make(montecarlo.Outcomes, len(all))
	for i, d := range all {
		out[i] = d.breach
	}
	return out
}

// fewOf so many chances near 0 or 1 the normal interval of their mean says too
// little: draws that all are 0 would leave no doubt.
const fewOf = 10

// meanChance is the mean of chances with its interval at a confidence. Where they
// add up to little, or to little less than their number, it is the exact one of the
// binomial law: a storm that breaches with each of the chances has their mean for
// its own, and the number of such storms that breach is rounded outwards.
func meanChance(chances montecarlo.Outcomes, confidence float64) montecarlo.Estimate {
	m, n := chances.Mean(), len(chances)
	sum := m.Value * float64(n)
	if sum < fewOf || float64(n)-sum < fewOf {
		m.Lo = montecarlo.ProportionAgainst(int(math.Floor(sum+roundSum)), n, 0, confidence).Lo
		m.Hi = montecarlo.ProportionAgainst(int(math.Ceil(sum-roundSum)), n, 0, confidence).Hi
	} else if confidence != m.Confidence { // the interval is Student's, and as wide as its quantile
		law := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}
		half := (m.Hi - m.Value) * law.Quantile((1+confidence)/2) / law.Quantile((1+m.Confidence)/2)
		m.Lo, m.Hi = m.Value-half, m.Value+half
	}
	m.Lo, m.Hi, m.Confidence = math.Max(0, m.Lo), math.Min(1, m.Hi), confidence
	return m
}

// roundSum is what rounding adds to a sum of chances.
const roundSum = 1e-9

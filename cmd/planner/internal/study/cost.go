package study

import (
	"errors"
	"math"

	"singlelane/montecarlo"
	"singlelane/queueing"
)

// Prices are what a design costs, in one currency.
type Prices struct {
	ServerHour, InstanceHour, BreachMinute float64
}

// Cost is what a design costs in a year: what stands ready all year, and the
// minutes that recoveries take beyond the objective. Servers that join in an
// incident are not in it.
type Cost struct {
	Servers   float64
	Instances float64
	Breaches  montecarlo.Estimate // expected
	Total     montecarlo.Estimate // expected; +Inf where a recovery may never end
	P95       montecarlo.Estimate // 19 years in 20 cost no more
	// NoYear tells that minutes beyond the objective have a price but the case
	// does not say how often there are any: they are left out.
	NoYear bool
	Reason string // why P95 is not known; empty if it is

	perSecond float64 // price of a second beyond the objective, 0 with NoYear
}

// Standing is what stands ready all year.
func (c *Cost) Standing() float64 { return c.Servers + c.Instances }

const hoursPerYear = SecondsPerYear / 3600

// price answers what the design costs. The year must be there.
func (a *Answer) price(d Design, all []recovery, within float64) error {
	p := d.Prices
	if p == nil {
		return nil
	}
	c := &Cost{Servers: d.Servers * p.ServerHour * hoursPerYear, Instances: d.Instances * p.InstanceHour * hoursPerYear, Breaches: plain(0)}
	c.NoYear = p.BreachMinute > 0 && a.Year == nil
	late := plain(0)
	if p.BreachMinute > 0 && a.Year != nil {
		c.perSecond = p.BreachMinute / 60
		c.Breaches = scaled(c.perSecond, a.Year.Over)
		var err error
		if late, err = lateYear(all, within); err != nil && !errors.Is(err, queueing.ErrDefective) {
			return err
		}
		if err != nil {
			c.Reason = "the drain time of an event may be infinite"
		}
	}
	fixed := plain(c.Servers + c.Instances)
	c.Total, c.P95 = plus(fixed, c.Breaches), plus(fixed, scaled(p.BreachMinute/60, late))
	a.Cost = c
	return nil
}

// lateYear is the P95 of the seconds a year beyond the objective.
func lateYear(all []recovery, within float64) (montecarlo.Estimate, error) {
	if len(all) == 0 {
		return plain(0), nil
	}
	late := make([]recovery, len(all))
	for i, r := range all {
		if late[i] = r; r.law != nil {
			late[i].law = excess{r.law, within}
		}
	}
	law, err := yearOf(late)
	if err != nil {
		return plain(math.NaN()), err
	}
	return quantileOf(law, late, 0.95), nil
}

// excess is the law of max(0, T - within).
type excess struct {
	queueing.Distribution
	within float64
}

func (e excess) Mean() float64              { return e.Distribution.MeanOver(e.within) }
func (e excess) CDF(t float64) float64      { return e.Distribution.CDF(e.within + t) }
func (e excess) Exceed(t float64) float64   { return e.Distribution.Exceed(e.within + t) }
func (e excess) MeanOver(t float64) float64 { return e.Distribution.MeanOver(e.within + t) }

func (e excess) Quantile(p float64) float64 {
	return math.Max(0, e.Distribution.Quantile(p)-e.within)
}

// StdDev is an upper bound, since E X^2 <= E X times the largest X but for
// one case in 10^9.
func (e excess) StdDev() float64 { return math.Sqrt(e.Mean() * e.Quantile(1-1e-9)) }

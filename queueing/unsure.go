package queueing

import (
	"fmt"
	"math"
	"strings"
)

const (
	unsureShare = 0.01 // of a quantile
	unsureMost  = 0.1  // off by more, the law is too rough for quantiles far out to be told
)

// unsure tells in words which quantiles of a law by a method that was asked for may be off by a
// share that shows, as its distribution function may be by AbsError: the p-quantile is between
// those of p less and p plus that error. Nothing is known of times after the quantile of 1 less
// the error, and of what they make of the mean.
func (o SolveOptions) unsure(d Drain) Drain {
	if o.Method != Chain || !(d.AbsError < unsureMost) {
		return d
	}
	var told []string
	for _, q := range []struct {
		name string
		p    float64
	}{{"P50", .5}, {"P90", .9}, {"P99", .99}, {"P99.9", .999}} {
		low, high := q.p-d.AbsError, q.p+d.AbsError
		from, to := d.Quantile(low), math.Inf(1)
		if high < 1 {
			to = d.Quantile(high)
		}
		switch {
		case math.IsInf(to, 1) && !math.IsInf(from, 1):
			told = append(told, fmt.Sprintf("%s is %.3g s or more", q.name, from))
		case to-from > unsureShare*to:
			told = append(told, fmt.Sprintf("%s is between %.3g and %.3g s", q.name, from, to))
		}
	}
	if len(told) == 0 {
		return d
	}
	words := fmt.Sprintf("the distribution function may be off by %.1g, so %s", d.AbsError, strings.Join(told, ", "))
	if d.AbsError >= 1e-3 {
		words += "; the mean and what else far tails make up may be larger than what is found"
	}
	d.Warnings = append(d.Warnings, words)
	return d
}

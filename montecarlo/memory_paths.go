package montecarlo

import (
	"math"
	"slices"
)

// all is every column of the collector, in one order.
func (c *collector) all() []*Outcomes {
	all := c.scalars()
	for i := range c.grid {
		all = append(all, &c.backlog[i], &c.wait[i])
	}
	for i := range c.columns {
		all = append(all, c.columns[i].all()...)
	}
	for i := range c.each {
		all = append(all, c.each[i].all()...)
	}
	return all
}

// writeSpan keeps the span's rows of every column, and what was counted over
// all its storms. It takes the latter out of the pools, where it would mix with
// what is counted of later spans.
func (c *collector) writeSpan(s Span, w *spanWriter) {
	for _, v := range c.all() {
		w.column((*v)[s.First:s.Last])
	}
	w.verdicts(c.verdicts[s.First:s.Last])
	for i := range c.columns {
		for _, f := range c.columns[i].fates[s.First:s.Last] {
			f.write(w)
		}
	}
	w.count(c.events)
	c.kept.events, c.events = c.kept.events+c.events, 0
	for i, waits := range c.waits {
		waits.write(w)
		c.kept.of(i).merge(waits)
		waits.reset()
	}
}

func (c *collector) readSpan(s Span, in *spanReader) error {
	for _, v := range c.all() {
		in.column((*v)[s.First:s.Last])
	}
	in.verdicts(s.Last-s.First, func(i int, v Verdict) { c.verdicts[s.First+i] = v })
	for i := range c.columns {
		for k := range c.columns[i].fates[s.First:s.Last] {
			c.columns[i].fates[s.First+k].read(in)
		}
	}
	c.kept.events += in.natural()
	for i := range c.waits {
		c.kept.of(i).read(in)
	}
	if err := in.end(); err != nil {
		return err
	}
	if slices.ContainsFunc(c.drain[s.First:s.Last], func(t float64) bool { return !(t >= 0) }) {
		return errSpanValues
	}
	return nil
}

// pooled is what was counted in the spans that went through a memory.
type pooled struct {
	events int64
	waits  []*Waits
}

// of is the i-th count of waits.
func (p *pooled) of(i int) *Waits {
	for len(p.waits) <= i {
		p.waits = append(p.waits, newWaits())
	}
	return p.waits[i]
}

// restore puts the counts of the spans back into the collector's pools.
func (p *pooled) restore(c *collector) {
	c.events += p.events
	for i, w := range p.waits {
		c.waits[i].merge(w)
	}
	*p = pooled{}
}

func (f *Fates) counts() [8]*int64 {
	return [...]*int64{&f.Arrived, &f.Attempts, &f.Served, &f.InTime, &f.Refused, &f.AgedOut, &f.GivenUp, &f.Left}
}

func (f *Fates) write(w *spanWriter) {
	for _, n := range f.counts() {
		w.count(*n)
	}
}

func (f *Fates) read(in *spanReader) {
	for _, n := range f.counts() {
		*n = in.natural()
	}
}

// write keeps the bins that hold something: how far each is from the one
// before, and what it holds.
func (w *Waits) write(out *spanWriter) {
	out.count(w.zero)
	out.count(w.n)
	out.number(w.max)
	bins, filled := w.bins[:w.used()], int64(0)
	for _, k := range bins {
		if k != 0 {
			filled++
		}
	}
	out.count(filled)
	before := 0
	for i, k := range bins {
		if k != 0 {
			out.count(int64(i - before))
			out.count(k)
			before = i
		}
	}
}

// read adds what was kept.
func (w *Waits) read(in *spanReader) {
	zero, n, longest := in.natural(), in.natural(), in.number()
	if !(longest >= 0) || math.Signbit(longest) {
		in.fail(errSpanValues)
		return
	}
	seen, bin, used := zero, int64(0), int64(waitBin(longest))
	for range in.natural() {
		on := in.natural()
		if in.err != nil || on > used-bin {
			in.fail(errSpanValues)
			return
		}
		bin += on
		k := in.natural()
		w.bins[bin] += k
		seen += k
	}
	if seen != n {
		in.fail(errSpanValues)
		return
	}
	w.zero, w.n, w.max = w.zero+zero, w.n+n, max(w.max, longest)
}

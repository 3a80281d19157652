package montecarlo

// pathSpanData is what is kept of a span of storms followed request by
// request: each column of the collector, and what is counted over all storms
// since the span before.
type pathSpanData struct {
	Columns  []Outcomes
	Verdicts []Verdict
	Fates    [][]Fates
	Waits    []waitsData
	Events   int64
}

// waitsData is a Waits with the bins that hold something.
type waitsData struct {
	Zero, N int64
	Max     float64
	Bins    []int
	Counts  []int64
}

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

// writeSpan takes the span's rows out of the columns, and the counts out of
// the pools, where they would otherwise mix with those of later spans.
func (c *collector) writeSpan(s Span) any {
	d := pathSpanData{Verdicts: c.verdicts[s.First:s.Last], Events: c.events}
	for _, v := range c.all() {
		d.Columns = append(d.Columns, (*v)[s.First:s.Last])
	}
	for i := range c.columns {
		d.Fates = append(d.Fates, c.columns[i].fates[s.First:s.Last])
	}
	for _, w := range c.waits {
		d.Waits = append(d.Waits, w.data())
		w.reset()
	}
	c.events = 0
	c.kept.add(d)
	return d
}

func (c *collector) readSpan(s Span, decode func(any) error) error {
	var d pathSpanData
	if err := decode(&d); err != nil {
		return err
	}
	n, columns := s.Last-s.First, c.all()
	if len(d.Columns) != len(columns) || len(d.Verdicts) != n || len(d.Fates) != len(c.columns) || len(d.Waits) != len(c.waits) {
		return errSpanShape
	}
	if !lawful(d.Verdicts) {
		return errSpanValues
	}
	for i, v := range columns {
		if len(d.Columns[i]) != n {
			return errSpanShape
		}
		copy((*v)[s.First:], d.Columns[i])
	}
	for i := range c.columns {
		if len(d.Fates[i]) != n {
			return errSpanShape
		}
		copy(c.columns[i].fates[s.First:], d.Fates[i])
	}
	copy(c.verdicts[s.First:], d.Verdicts)
	for _, w := range d.Waits {
		if !w.valid() {
			return errSpanShape
		}
	}
	c.kept.add(d)
	return nil
}

// pooled is what was counted in the spans that went through a memory.
type pooled struct {
	events int64
	waits  []waitsData // of every span, a stream's at a time
	stream []int
}

func (p *pooled) add(d pathSpanData) {
	p.events += d.Events
	for i, w := range d.Waits {
		p.waits, p.stream = append(p.waits, w), append(p.stream, i)
	}
}

// restore puts the counts of the spans back into the collector's pools.
func (p *pooled) restore(c *collector) {
	c.events += p.events
	for k, w := range p.waits {
		w.addTo(c.waits[p.stream[k]])
	}
	*p = pooled{}
}

func (w *Waits) data() waitsData {
	d := waitsData{Zero: w.zero, N: w.n, Max: w.max}
	for i, k := range w.bins {
		if k != 0 {
			d.Bins, d.Counts = append(d.Bins, i), append(d.Counts, k)
		}
	}
	return d
}

func (d waitsData) valid() bool {
	if len(d.Bins) != len(d.Counts) {
		return false
	}
	for _, i := range d.Bins {
		if i < 0 || i >= waitBins {
			return false
		}
	}
	return true
}

func (d waitsData) addTo(w *Waits) {
	w.zero += d.Zero
	w.n += d.N
	w.max = max(w.max, d.Max)
	for k, i := range d.Bins {
		w.bins[i] += d.Counts[k]
	}
}

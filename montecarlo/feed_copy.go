package montecarlo

// Copies of feeds share what never changes and nothing else.
func (f *steadyFeed) twin() feed { c := *f; return &c }
func (f *surgeFeed) twin() feed  { c := *f; return &c }
func (f *batchFeed) twin() feed  { c := *f; return &c }
func (f *poolFeed) twin() feed   { c := *f; return &c }
func (f *traceFeed) twin() feed  { c := *f; return &c }

func (f *steadyFeed) become(o feed) { *f = *o.(*steadyFeed) }
func (f *surgeFeed) become(o feed)  { *f = *o.(*surgeFeed) }
func (f *batchFeed) become(o feed)  { *f = *o.(*batchFeed) }
func (f *poolFeed) become(o feed)   { *f = *o.(*poolFeed) }
func (f *traceFeed) become(o feed)  { *f = *o.(*traceFeed) }

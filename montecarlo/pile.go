package montecarlo

import (
	"math"
	"sort"
	"sync"
	"sync/atomic"

	"singlelane/queueing"
)

// pileBlock is how many values a block of a pile holds.
const pileBlock = 1 << 16

// pile is outcomes in blocks, each sorted as soon as it is full: whoever
// interrupts millions of replications waits for the last blocks only, and what
// is asked of all is found from the blocks. Which replications a block holds does not
// depend on the number of workers, nor do sums over blocks.
type pile struct {
	all    Outcomes
	counts []atomic.Int64  // of what is there, by block
	sums   []blockMoments  // of blocks that are sorted
	ready  []bool          // is sorted; each written by one goroutine
	mu     sync.Mutex      // one question at a time, since the answers are kept
	whole  bool            // is sorted
	ranked map[int]float64 // values that were asked for by rank
}

// newPile is for values that are still to come.
func newPile(all Outcomes) *pile {
	blocks := (len(all) + pileBlock - 1) / pileBlock
	return &pile{all: all, counts: make([]atomic.Int64, blocks), sums: make([]blockMoments, blocks),
		ready: make([]bool, blocks), ranked: map[int]float64{}}
}

// block is the i-th one.
func (p *pile) block(i int) Outcomes {
	return p.all[i*pileBlock : min(len(p.all), (i+1)*pileBlock)]
}

// filled says that the values from `from` to `to` are there. It sorts the blocks
// that are full with them.
func (p *pile) filled(from, to int) {
	for i := from / pileBlock; i*pileBlock < to; i++ {
		n := min(to, (i+1)*pileBlock) - max(from, i*pileBlock)
		if p.counts[i].Add(int64(n)) == int64(len(p.block(i))) {
			p.close(i)
		}
	}
}

func (p *pile) close(i int) {
	b := p.block(i)
	ascendAlone(b)
	p.sums[i], p.ready[i] = momentsOf(b), true
}

// cut leaves the first n values, and sorts the blocks that are not yet.
func (p *pile) cut(n int) {
	p.all, p.counts = p.all[:n], nil
	blocks := (n + pileBlock - 1) / pileBlock
	p.sums, p.ready = p.sums[:blocks], p.ready[:blocks]
	for i := range p.ready {
		if !p.ready[i] {
			p.close(i)
		}
	}
}

// sorted is all values in order, which takes its time.
func (p *pile) sorted(workers int) Outcomes {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.whole && len(p.ready) > 1 {
		ascend(p.all, workers)
	}
	p.whole = true
	return p.all
}

// some are values that follow the law of all, in order.
func (p *pile) some() Outcomes {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.whole || len(p.ready) == 0 {
		return p.all
	}
	return p.block(0)
}

// each visits the sorted blocks.
func (p *pile) each(visit func(b Outcomes)) {
	for i := range p.ready {
		visit(p.block(i))
	}
}

// while hands over the values block by block as long as more is true, and tells
// whether it came to the end.
func (p *pile) while(more func(b Outcomes) bool) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := range p.ready {
		if !more(p.block(i)) {
			return false
		}
	}
	return true
}

// above counts the values beyond t.
func (p *pile) above(t float64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	t = queueing.Until(t)
	p.each(func(b Outcomes) { n += len(b) - sort.Search(len(b), func(i int) bool { return b[i] > t }) })
	return n
}

// at is the value of a rank from 0 on, as it would stand in the whole: the
// windows of the blocks that may hold it are halved by the bits of a value
// until one value is left. Numbers of at least 0 compare like their bits.
func (p *pile) at(rank int) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.whole {
		return p.all[rank]
	}
	if x, known := p.ranked[rank]; known {
		return x
	}
	lo, hi := make([]int, len(p.ready)), make([]int, len(p.ready))
	for i := range hi {
		hi[i] = len(p.block(i))
	}
	cut := make([]int, len(lo))
	least, most := uint64(0), math.Float64bits(math.Inf(1))
	for least < most { // the value's bits lie in [least, most]
		mid := least + (most-least)/2
		t, upTo := math.Float64frombits(mid), 0
		for i := range cut {
			b := p.block(i)[lo[i]:hi[i]]
			cut[i] = lo[i] + sort.Search(len(b), func(k int) bool { return b[k] > t })
			upTo += cut[i]
		}
		if upTo > rank {
			most = mid
			copy(hi, cut)
		} else {
			least = mid + 1
			copy(lo, cut)
		}
	}
	x := math.Float64frombits(least)
	p.ranked[rank] = x
	return x
}

// over are the moments of (X - q)^+, which is 0 but for the blocks' ends.
func (p *pile) over(q float64) (mean, sd float64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := float64(len(p.all))
	sum, square := 0.0, 0.0
	p.each(func(b Outcomes) {
		for i := len(b) - 1; i >= 0 && b[i] > q; i-- {
			sum += b[i] - q
			square += (b[i] - q) * (b[i] - q)
		}
	})
	mean = sum / n
	return mean, math.Sqrt((square - n*mean*mean) / (n - 1))
}

// moments of all, from those of the blocks.
func (p *pile) moments() blockMoments {
	var sum blockMoments
	for _, m := range p.sums {
		sum = sum.with(m)
	}
	return sum
}

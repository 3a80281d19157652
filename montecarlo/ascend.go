package montecarlo

import (
	"math"
	"math/bits"
	"sync"
	"sync/atomic"
)

// Millions of drain times are to be sorted while whoever has interrupted the
// program waits. Numbers of at least 0 compare like their bits, so they are
// first put into buckets by the bits of their distance from the least, all in
// place: the radix sort of P. M. McIlroy, K. Bostic and M. D. McIlroy,
// Engineering Radix Sort, Computing Systems 6 (1993), 5-27.
const (
	bucketBits   = 11     // so that all buckets' ends stay in the first cache
	bucketHolds  = 4      // values, up to twice as many, where they are spread evenly
	sortDirectly = 40     // values that are inserted in order as soon
	sortAlone    = 50_000 // values that one worker has sorted before another is there
)

// ascend sorts times and counts, numbers of at least 0 up to +Inf, in linear
// time; the buckets are shared out among workers.
func ascend(v []float64, workers int) {
	if workers < 2 || len(v) <= sortAlone {
		ascendAlone(v)
		return
	}
	b := bucketsOf(v)
	ends := make([]int, b.last+1)
	if b.place(v, ends); b.shift == 0 {
		return // the same within each bucket
	}
	var (
		group sync.WaitGroup
		taken atomic.Int64
	)
	for range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for i := int(taken.Add(1)); i <= len(ends); i = int(taken.Add(1)) {
				ascendAlone(within(v, ends, i-1))
			}
		}()
	}
	group.Wait()
}

// ascendAlone sorts without other workers, and takes no memory but the stack.
func ascendAlone(v []float64) {
	if len(v) <= sortDirectly {
		insertAll(v)
		return
	}
	var most [1 << bucketBits]int
	b := bucketsOf(v)
	ends := most[:b.last+1]
	if b.place(v, ends); b.shift == 0 {
		return
	}
	for i := range ends {
		ascendAlone(within(v, ends, i))
	}
}

// insertAll sorts a few values.
func insertAll(v []float64) {
	for i := 1; i < len(v); i++ {
		x, j := v[i], i
		for ; j > 0 && v[j-1] > x; j-- {
			v[j] = v[j-1]
		}
		v[j] = x
	}
}

// within is what the i-th bucket holds, given where each ends.
func within(v []float64, ends []int, i int) []float64 {
	if i == 0 {
		return v[:ends[0]]
	}
	return v[ends[i-1]:ends[i]]
}

// buckets are equally many neighbouring floating-point numbers each. +Inf has
// the last one, whatever the greatest number before it.
type buckets struct {
	least, span uint64 // span is from the least to the greatest finite value, +1 where there is more
	shift       int
	last        int // number of the last bucket, a power of 2 less 1
}

func bucketsOf(v []float64) buckets {
	least, most, endless := math.Inf(1), math.Inf(-1), uint64(0)
	for _, x := range v {
		if x > math.MaxFloat64 {
			endless = 1
			continue
		}
		least, most = min(least, x), max(most, x)
	}
	if math.IsInf(least, 1) {
		return buckets{}
	}
	b := buckets{least: math.Float64bits(least)}
	b.span = math.Float64bits(most) - b.least + endless
	of := min(bucketBits, bits.Len(uint(len(v)/(2*bucketHolds))))
	b.shift, b.last = max(0, bits.Len64(b.span)-of), 1<<of-1
	return b
}

func (b buckets) of(x float64) int {
	return int(min(math.Float64bits(x)-b.least, b.span)>>b.shift) & b.last
}

// place swaps each value to where its bucket is filled next, until what comes
// back belongs where it was taken from. next becomes where the buckets end.
func (b buckets) place(v []float64, next []int) {
	var most [1 << bucketBits]int
	end := most[:len(next)]
	for _, x := range v {
		end[b.of(x)]++
	}
	begin := 0
	for i, n := range end {
		next[i] = begin
		begin += n
		end[i] = begin
	}
	for i := range next {
		for next[i] < end[i] {
			x := v[next[i]]
			for k := b.of(x); k != i; k = b.of(x) {
				x, v[next[k]] = v[next[k]], x
				next[k]++
			}
			v[next[i]] = x
			next[i]++
		}
	}
}

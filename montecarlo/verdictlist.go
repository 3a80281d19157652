package montecarlo

import "sync/atomic"

// verdictList is one verdict a replication, two bits each, so that the drain times
// alone take memory that counts. All have drained unless it was told otherwise.
type verdictList []uint32

// verdictsAWord is how many verdicts a word holds.
const verdictsAWord = 16

// lengthened is a copy for n replications.
func (l verdictList) lengthened(n int) verdictList {
	return lengthened(l, (n+verdictsAWord-1)/verdictsAWord)
}

// set says what became of replication i, once. Neighbours may be set meanwhile.
func (l verdictList) set(i int, v Verdict) {
	if v != Drained {
		atomic.OrUint32(&l[i/verdictsAWord], uint32(v)<<(i%verdictsAWord*2))
	}
}

func (l verdictList) at(i int) Verdict {
	return Verdict(l[i/verdictsAWord] >> (i % verdictsAWord * 2) & 3)
}

// slice is the verdicts from one replication to before another.
func (l verdictList) slice(first, last int) []Verdict {
	v := make([]Verdict, last-first)
	for i := range v {
		v[i] = l.at(first + i)
	}
	return v
}

// tally counts the verdicts of the first n replications.
func (l verdictList) tally(n int) Verdicts {
	var v Verdicts
	for i := range n {
		v.count(l.at(i))
	}
	return v
}

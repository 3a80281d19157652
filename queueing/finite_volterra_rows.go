package queueing

import "sync"

// The equations of [volterra] at the nodes of a panel are set up side by side: each node
// has tables of its own, which are found in the same order however many there are at once.

// withRows makes room for each node, unless services have tables that all share.
func (v *volterra) withRows() {
	v.lock = new(sync.Mutex)
	if v.terms.sums.absolute() {
		return
	}
	for range gauss16.x {
		v.rows = append(v.rows, v.apart())
	}
}

// apart is v with tables of its own.
func (v *volterra) apart() *volterra {
	w := *v
	sums := sumsOf(v.cfg.Service).(*poleSums)
	if v.terms.sums.terms != nil {
		sums.terms = &countTerms{sums: sums}
	}
	w.terms = countTerms{sums: sums, group: v.group}
	before := newIdleChance(v.before.lane, v.before.start, v.before.begin, sums)
	if v.before.level > 0 { // of one busy period
		before.transformPassage = newTransformPassage(v.before.lane, v.before.start, v.before.begin, v.before.level, sums)
	}
	before.fine = v.before.fine
	w.before = before
	if v.aside != nil {
		aside := *v.aside
		aside.before = before
		aside.transformPassage = newTransformPassage(v.aside.lane, v.aside.start, point(0), 0, sums)
		w.aside = &aside
	}
	w.room()
	return &w
}

// beside has work done for each node: it may change what belongs to the node, and no
// other's.
func (v *volterra) beside(work func(w *volterra, i int)) {
	if v.rows == nil {
		for i := range gauss16.x {
			work(v, i)
		}
		return
	}
	err := sideBySide(len(v.rows), func(i int) error {
		w := v.rows[i]
		w.idle, w.later, w.work, w.rises, w.matrix = v.idle, v.later, v.work, v.rises, v.matrix
		if v.aside != nil {
			w.aside.most = v.aside.most
		}
		work(w, i)
		return nil
	})
	if err != nil {
		panic(stopped{err})
	}
}

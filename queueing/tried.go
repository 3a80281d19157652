package queueing

import "sync"

// tried keeps what ways of solving have found with which several others begin, or
// why they refuse, so that they are tried once for a lane and a tolerance.
type tried struct {
	mu     sync.Mutex
	kept   map[question]answer
	starts map[moment]*start
}

// moment is when a lane's law is asked for.
type moment struct {
	lane      *Lane
	at        float64
	tolerance float64
}

type question struct {
	way       string
	lane      *Lane
	tolerance float64
}

type answer struct {
	drain Drain
	err   error
}

// once is what solve finds, or has found.
func (p problem) once(way string, solve func() (Drain, error)) (Drain, error) {
	if p.tried == nil {
		return solve()
	}
	asked := question{way, p.Lane, p.tolerance()}
	p.tried.mu.Lock()
	found, is := p.tried.kept[asked]
	p.tried.mu.Unlock()
	if !is {
		found.drain, found.err = solve()
		p.tried.mu.Lock()
		p.tried.kept[asked] = found
		p.tried.mu.Unlock()
	}
	return found.drain, found.err
}

// startOnce is the start that find finds, or has found.
func (p problem) startOnce(find func() *start) *start {
	if p.tried == nil {
		return find()
	}
	asked := moment{p.Lane, p.begin, p.tolerance()}
	p.tried.mu.Lock()
	found, is := p.tried.starts[asked]
	p.tried.mu.Unlock()
	if !is {
		found = find()
		p.tried.mu.Lock()
		if p.tried.starts == nil {
			p.tried.starts = map[moment]*start{}
		}
		p.tried.starts[asked] = found
		p.tried.mu.Unlock()
	}
	return found
}

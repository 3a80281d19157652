package steady

import "math"

// MostCustomers is the largest population of a closed network whose mean
// response, thinking apart, is at most t seconds. It errs with
// [ErrUnreachable] when not even one customer meets it, and returns MaxServers
// when any number does. Responses grow with the population where no station
// slows down as it fills.
func (m Closed) MostCustomers(t float64) (int, error) {
	within := func(n int) (bool, error) {
		m.Customers = n
		if m.leastResponse() > t {
			return false, nil // known without solving
		}
		x, err := m.Solve()
		return x.Response <= t, err
	}
	first, err := firstPopulation(func(n int) (bool, error) { ok, err := within(n); return !ok, err })
	switch {
	case err != nil:
		return 0, err
	case first == 1:
		return 0, ErrUnreachable
	}
	return min(first-1, MaxServers), nil
}

// FewestCustomers is the least population of a closed network that makes x
// rounds/s. It errs with [ErrUnreachable] when none does: the bottleneck is
// too slow for it.
func (m Closed) FewestCustomers(x float64) (int, error) {
	if err := m.Validate(); err != nil {
		return 0, err
	}
	if top := m.topRate(); x >= top {
		return 0, ErrUnreachable
	}
	first, err := firstPopulation(func(n int) (bool, error) {
		m.Customers = n
		if float64(n) < x*m.round() {
			return false, nil // fewer than are away at once without any queue
		}
		out, err := m.Solve()
		return out.Throughput >= x, err
	})
	if err == nil && first > MaxServers {
		return 0, ErrUnreachable
	}
	return first, err
}

// firstPopulation is the least number of customers from 1 on at which ok
// turns true; beyond MaxServers it is larger than that.
func firstPopulation(ok func(n int) (bool, error)) (int, error) {
	var fault error
	n := firstCount(1, func(n int) bool {
		if n > MaxServers || fault != nil {
			return true // ends the search
		}
		met, err := ok(n)
		if err != nil {
			fault = err
		}
		return met || err != nil
	})
	return n, fault
}

// topRate is what the bottleneck can do, in rounds/s; +Inf without one.
func (m Closed) topRate() float64 {
	least := math.Inf(1)
	for _, s := range m.Stations {
		if s.Delay || s.Visits == 0 {
			continue
		}
		fastest := s.top()
		for _, r := range s.Rates {
			fastest = math.Max(fastest, r)
		}
		least = math.Min(least, fastest/(s.MeanService*s.Visits))
	}
	return least
}

// leastResponse is the asymptotic bound N/X - Z with X at most the
// bottleneck's rate (Lazowska et al. 1984, table 5.1).
func (m Closed) leastResponse() float64 {
	return float64(m.Customers)/m.topRate() - m.Think
}

// round is the least time of a round, thinking included: each station alone
// and at its fastest.
func (m Closed) round() float64 {
	sum := m.Think
	for _, s := range m.Stations {
		fastest := 1.0
		for _, r := range s.Rates {
			fastest = math.Max(fastest, r)
		}
		sum += s.Visits * s.MeanService / fastest
	}
	return sum
}

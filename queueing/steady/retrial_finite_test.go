package steady

import (
	"math"
	"testing"

	"singlelane/queueing/markov"
)

// paper is a lane of 200 with an orbit of 20, 9.5/s in, 10/s out, a time-out of
// 3 s and 4 retries; refused requests are lost.
var paper = FiniteRetrial{9.5, 10, 1, 200, 20, 3, 4, 3, true}

// TestFiniteRetrialOfPaper: means from Gaussian elimination in 400 bits
// (testdata/reference/markov.csv), of the orbit's rates 4/15 and 1/15 per second.
func TestFiniteRetrialOfPaper(t *testing.T) {
	for _, k := range []struct {
		limit         int
		escape, drain float64
	}{
		{50, 293911.3828716551014722693, 311020.8971296690120877271},
		{100, 86151815695502.61842115161, 91173197874988.24419804079},
		{200, 7.160342993022839440274886e30, 7.57768565657145852755151e30},
	} {
		m := paper
		m.Limit = k.limit
		o, err := m.Overload()
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" escape", o.Escape.Mean, k.escape, 1e-11)
		want(t, name(m)+" drain", o.Drain.Mean, k.drain, 1e-11)
	}
}

// TestFiniteRetrialElimination: means from Gaussian elimination in 150 decimal
// digits of a generator written down anew, of clients that never give up and of
// two servers, whose refused requests retry.
func TestFiniteRetrialElimination(t *testing.T) {
	for _, k := range []struct {
		m                   FiniteRetrial
		escape, drain, fill float64
	}{
		{FiniteRetrial{9.5, 10, 1, 60, 8, 3, math.Inf(1), 3, false}, 21731.086113094839, 22806.228470600818, 89.588410953541798},
		{FiniteRetrial{9, 5, 2, 50, 8, 2, 2, 1.5, false}, 3638.6445748722699, 4555.8866600743409, 48.273868672280932},
	} {
		o, err := k.m.Overload()
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(k.m)+" escape", o.Escape.Mean, k.escape, 1e-12)
		want(t, name(k.m)+" drain", o.Drain.Mean, k.drain, 1e-12)
		want(t, name(k.m)+" fill", o.Fill.Mean, k.fill, 1e-12)
	}
}

// TestFiniteRetrialWithRoom: an orbit that is never full is one without a bound,
// and one without room is M/M/c/K.
func TestFiniteRetrialWithRoom(t *testing.T) {
	for _, m := range []Retrial{{0.5, 1, 1, 1, 1}, {5, 4, 2, 4, 10}, {2.7, 1, 3, 7, 0.01}} {
		finite := FiniteRetrial{m.ArrivalRate, m.ServiceRate, m.Servers, m.Limit, 300, m.RetryDelay, math.Inf(1), math.Inf(1), false}
		got, all := measures(t, finite), measures(t, m)
		if !(got.Rho == all.Rho && got.Status == all.Status) {
			t.Errorf("%s: %v, want %v", name(finite), got, all)
		}
		for what, pair := range map[string][2]float64{"P0": {got.P0, all.P0}, "PWait": {got.PWait, all.PWait}, "PBlock": {got.PBlock, all.PBlock}, "L": {got.L, all.L},
			"Lq": {got.Lq, all.Lq}, "W": {got.W, all.W}, "Wq": {got.Wq, all.Wq}, "throughput": {got.Throughput, all.Throughput}} {
			want(t, name(finite)+" "+what, pair[0], pair[1], 1e-9)
		}
		finite.OrbitLimit = 0
		got, all = measures(t, finite), measures(t, MMcK{m.ArrivalRate, m.ServiceRate, m.Servers, m.Limit})
		want(t, name(finite)+" L", got.L, all.L, 1e-12)
		want(t, name(finite)+" PBlock", got.PBlock, all.PBlock, 1e-12)
	}
}

// TestFiniteRetrialAgainstSimulation walks the chain of timed-out and refused
// requests by the rules, each attempt late with the chance that the sum of an
// Erlang number of services, written as a Poisson one, exceeds the time-out.
func TestFiniteRetrialAgainstSimulation(t *testing.T) {
	m := FiniteRetrial{2.1, 3, 1, 12, 6, 2, 3, 1.5, false}
	late := make([]float64, m.Limit)
	term := math.Exp(-m.ServiceRate * m.Timeout)
	for q, sum := 0, 0.0; q < m.Limit; q++ {
		sum += term
		late[q] = sum
		term *= m.ServiceRate * m.Timeout / float64(q+1)
	}
	x := measures(t, m)
	got := walkChain(77, func(s state, add func(float64, state)) { // lane, orbit
		lane, orbit := s[0], s[1]
		attempt := func(rate float64, left int) {
			if lane == m.Limit {
				add(rate, state{lane, min(left+1, m.OrbitLimit)})
				return
			}
			add(rate*late[lane], state{lane + 1, min(left+1, m.OrbitLimit)})
			add(rate*(1-late[lane]), state{lane + 1, left})
		}
		attempt(m.ArrivalRate, orbit)
		if orbit > 0 {
			attempt(float64(orbit)/m.RetryDelay*3/4, orbit-1)
			add(float64(orbit)/m.RetryDelay/4, state{lane, orbit - 1})
		}
		if lane > 0 {
			add(m.ServiceRate, state{lane - 1, orbit})
		}
	}, func(s state) float64 { return float64(s[0] + s[1]) })
	compare(t, name(m), got, x.L)
}

// TestFiniteRetrialShares: requests are answered or not, nobody is late without a
// time-out, and the tipping load is that of the chain.
func TestFiniteRetrialShares(t *testing.T) {
	for _, m := range []FiniteRetrial{
		paper, {2.1, 3, 1, 12, 6, 2, 3, 1.5, false}, {5, 4, 2, 4, 30, 10, math.Inf(1), math.Inf(1), false}, {30, 4, 2, 9, 3, .1, 0, .5, false}, {5, 4, 2, 4, 0, 1, 2, 1, true},
	} {
		o, err := m.Overload()
		if err != nil {
			t.Fatal(err)
		}
		want(t, name(m)+" answered or not", o.Goodput/m.ArrivalRate+o.Unanswered, 1, 1e-11)
		x := measures(t, m)
		if math.IsInf(m.Timeout, 1) {
			want(t, name(m)+" goodput", o.Goodput, x.Throughput, 1e-12)
		}
		if o.Tips != (o.TippingRate < m.ArrivalRate && m.ArrivalRate < float64(m.Servers)*m.ServiceRate) {
			t.Errorf("%s: tips %v at %g/s, the tipping load is %g/s", name(m), o.Tips, m.ArrivalRate, o.TippingRate)
		}
		if !(o.Escape.Mean <= o.Drain.Mean) || !(o.Beyond >= 0 && o.Beyond <= 1) {
			t.Errorf("%s: %+v", name(m), o)
		}
	}
	o, err := paper.Overload()
	if err != nil {
		t.Fatal(err)
	}
	want(t, "tipping load", o.TippingRate, paper.chain().TippingLoad(), 1e-15)
	// Without arrivals the full lane drains, and never fills.
	idle := paper
	idle.ArrivalRate = 0
	if o, err = idle.Overload(); err != nil || !math.IsInf(o.Fill.Mean, 1) || o.Tips || o.Goodput != 0 || o.Unanswered != 0 {
		t.Errorf("without arrivals: %+v, %v", o, err)
	}
}

// TestFiniteRetrialBeyondSquares: a time whose square is no number has a standard
// deviation, that of an exponential law as in all long escapes; a way that is
// too unlikely for a number takes forever.
func TestFiniteRetrialBeyondSquares(t *testing.T) {
	m := paper
	m.Limit = 1000
	o, err := m.Overload()
	if err != nil {
		t.Fatal(err)
	}
	if !(o.Escape.Mean > 1e155) || math.IsInf(o.Drain.Mean, 1) {
		t.Errorf("%+v", o)
	}
	want(t, "standard deviation of the escape", o.Escape.StdDev, o.Escape.Mean, 1e-9)
	want(t, "standard deviation of the drain", o.Drain.StdDev, o.Drain.Mean, 1e-9)
	m = FiniteRetrial{1e-12, 1e12, 1, 20, 5, 1e-6, 4, 1e-6, true}
	if o, err = m.Overload(); err != nil || !math.IsInf(o.Fill.Mean, 1) {
		t.Errorf("%+v, %v", o, err)
	}
}

// TestFiniteRetrialFaults: every field out of range, and chains that are too large.
func TestFiniteRetrialFaults(t *testing.T) {
	for _, m := range []FiniteRetrial{{}, {1, 1, 1, 1, -1, 1, 1, 1, false}, {1, 1, 1, 1, 1, 1, -1, 1, false}, {1, 1, 1, 1, 1, 1, 1, 0, false}, {1, 1, 1, 1, 1, 1, math.NaN(), math.NaN(), false},
		{1, 1, 1, 1000, 1000, 1, 1, 1, false}, {1, 1, 1, 10, 1, 1, 1, 1e8, false}, {1, 1, 1, MaxRetrial + 1, 1, 1, 1, 1, false}} {
		if m.Validate() == nil {
			t.Errorf("%s is valid", name(m))
		}
		if _, err := m.Overload(); err == nil {
			t.Errorf("%s has an answer", name(m))
		}
	}
	if _, err := (FiniteRetrial{1, 1, 1, 3, 1, 1, 1, 1, false}).States(-1); err == nil {
		t.Error("-1 states")
	}
}

// TestFiniteRetrialRates: who leaves the orbit retries with the chance that makes
// the mean number of retries what was asked.
func TestFiniteRetrialRates(t *testing.T) {
	c := paper.chain()
	want(t, "attempts", c.Amplification(), 5, 1e-14)
	want(t, "retry rate", c.RetryRate, 4.0/15, 1e-15)
	m := paper
	m.Retries = math.Inf(1)
	if c := m.chain(); c.GiveUpRate != 0 || c.RetryRate != 1.0/3 {
		t.Errorf("nobody gives up: %+v", c)
	}
	m.Timeout = math.Inf(1)
	if c := m.chain(); c != (markov.Orbit{Arrivals: 9.5, ServiceRate: 10, Servers: 1, Limit: 200, Size: 20, RetryRate: 1.0 / 3}) {
		t.Errorf("nobody is late: %+v", c)
	}
}

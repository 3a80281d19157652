package steady

import (
	"errors"
	"math"
	"testing"

	"singlelane/queueing"
)

func single(name string, demand float64) Station {
	return Station{Name: name, MeanService: demand, Servers: 1, Visits: 1}
}

// TestClosedBothWays: MVA and convolution agree, also where the network's
// constant overflows a float64.
func TestClosedBothWays(t *testing.T) {
	for _, n := range []int{0, 1, 2, 17, 400} {
		m := Closed{n, 12, []Station{single("a", 0.3), single("b", 0.25), single("c", 1)}}
		mva, err := m.Solve()
		if err != nil {
			t.Fatal(err)
		}
		// By one speed, and by two that are the same.
		for _, rates := range [][]float64{nil, {1, 1}} {
			for i := range m.Stations {
				m.Stations[i].Rates = rates
			}
			now, before := m.convolve(m.Think)
			want(t, "throughput", now.x, mva.Throughput, 1e-11)
			want(t, "throughput of one fewer", 1+before.x, 1+mva.Throughput-mva.Gain, 1e-11)
			for i, s := range mva.Stations {
				want(t, "queue", now.queue[i], s.L, 1e-10)
				want(t, "queue of one fewer", 1+before.queue[i], 1+s.L+mva.ByDemand[i], 1e-10)
			}
		}
	}
}

// TestClosedManyServers: the case at which the textbook's load-dependent MVA
// turns negative, and a station that never lets anyone wait.
func TestClosedManyServers(t *testing.T) {
	m := Closed{90, 1, []Station{{"eight", 3, 8, 1, false, nil}, single("one", 0.3)}}
	x, err := m.Solve()
	if err != nil {
		t.Fatal(err)
	}
	held := x.Thinking
	for _, s := range x.Stations {
		held += s.L
		if !(s.W >= 0.3 && s.Rho <= 1) {
			t.Errorf("%s: %+v", s.Name, s.Measures)
		}
	}
	want(t, "customers", held, 90, 1e-12)
	ample := Closed{40, 0, []Station{{"hall", 2, 40, 1, false, nil}, single("till", 0.3)}}
	delay := Closed{40, 0, []Station{{"hall", 2, 1, 1, true, nil}, single("till", 0.3)}}
	a, err1 := ample.Solve()
	b, err2 := delay.Solve()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	want(t, "as many servers as customers", a.Throughput, b.Throughput, 1e-12)
	rates := Closed{40, 0, []Station{{"hall", 2, 0, 1, false, []float64{1, 2, 2.5}}, single("till", 0.3)}}
	if c, err := rates.Solve(); err != nil || c.Throughput >= 1.25*(1+1e-12) {
		t.Errorf("load-dependent: %+v %v", c, err)
	}
}

// TestClosedIsRepair: one station of c servers and thinking sources is the
// machine-repair model.
func TestClosedIsRepair(t *testing.T) {
	for _, c := range []int{1, 3} {
		x, err := Closed{12, 10, []Station{{"shop", 1, c, 1, false, nil}}}.Solve()
		if err != nil {
			t.Fatal(err)
		}
		y := measures(t, Repair{0.1, 1, c, 12})
		want(t, "throughput", x.Throughput, y.Throughput, 1e-12)
		want(t, "L", x.Stations[0].L, y.L, 1e-12)
	}
}

// TestNothingTakesTime: a round without service and thinking is refused, and
// an open network that serves nobody does not react to its load.
func TestNothingTakesTime(t *testing.T) {
	idle := []Station{{"unvisited", 1, 1, 0, false, nil}}
	var fault *queueing.FieldError
	if _, err := (Closed{3, 0, idle}).Solve(); !errors.As(err, &fault) {
		t.Errorf("Closed: %v", err)
	}
	x, err := Closed{3, 2, idle}.Solve()
	want(t, "rounds of thinkers", x.Throughput, 1.5, 1e-15)
	s, err2 := LoadSlope(Jackson{ArrivalRate: 1, Stations: idle})
	if err := errors.Join(err, err2); err != nil || s.ElasticW != 0 || s.ElasticL != 0 {
		t.Errorf("%+v %v", s, err)
	}
}

// TestMVALarge: 10^5 customers fill the bottleneck.
func TestMVALarge(t *testing.T) {
	queue := make([]float64, 3)
	x := MVA(100_000, 30, []float64{0.01, 0.05, 0.049}, queue)
	want(t, "throughput", x, 20, 1e-12)
	want(t, "customers", queue[0]+queue[1]+queue[2]+30*x, 1e5, 1e-12)
	want(t, "the fastest station", queue[0], 0.25, 1e-9)
}

// TestMVAByTheBook: the recursion as the books write it, for few and many
// customers and for any number of stations, one of which is not visited.
func TestMVAByTheBook(t *testing.T) {
	demands := []float64{0.3, 0.25, 0, 1, 1e-3, 0.7, 1e-9, 0.999, 1}
	for stations := range demands {
		d := demands[:stations+1]
		for _, n := range []int{0, 1, 2, 3, 4, 50, 1000} {
			for _, think := range []float64{0, 0.5, 1e6} {
				numbers, throughput := make([]float64, len(d)), 0.0
				for k := 1; k <= n; k++ {
					round := think
					for i := range d {
						round += d[i] * (1 + numbers[i])
					}
					throughput = float64(k) / round
					for i := range d {
						numbers[i] = throughput * d[i] * (1 + numbers[i])
					}
				}
				queue := make([]float64, len(d))
				want(t, "throughput", MVA(n, think, d, queue), throughput, 1e-12)
				for i := range d {
					want(t, "number", queue[i], numbers[i], 1e-11)
				}
			}
		}
	}
}

// TestBoundsHold: asymptotic, balanced and exact in order.
func TestBoundsHold(t *testing.T) {
	for _, n := range []int{1, 2, 5, 20, 200} {
		for _, think := range []float64{0, 1, 50} {
			m := Closed{n, think, []Station{single("a", 0.3), single("b", 0.25), single("c", 1)}}
			x, err1 := m.Solve()
			wide, err2 := m.AsymptoticBounds()
			close, err3 := m.BalancedBounds()
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			const e = 1 + 1e-12
			if !(wide.ThroughputLow <= close.ThroughputLow*e && close.ThroughputLow <= x.Throughput*e && x.Throughput <= close.ThroughputHigh*e && close.ThroughputHigh <= wide.ThroughputHigh*e) {
				t.Errorf("n %d, think %g: throughput %g, %+v, %+v", n, think, x.Throughput, close, wide)
			}
			if !(wide.ResponseLow <= close.ResponseLow*e && close.ResponseLow <= x.Response*e && x.Response <= close.ResponseHigh*e && close.ResponseHigh <= wide.ResponseHigh*e) {
				t.Errorf("n %d, think %g: response %g, %+v, %+v", n, think, x.Response, close, wide)
			}
		}
	}
	if _, err := (Closed{3, 0, []Station{{"x", 1, 2, 1, false, nil}}}).AsymptoticBounds(); err == nil {
		t.Error("bounds of several servers are given")
	}
}

// TestMultiClassExact: against every state of a small network added up, and
// against one class when the classes are alike.
func TestMultiClassExact(t *testing.T) {
	m := MultiClosed{[]int{2, 3}, []float64{2, 0}, [][]float64{{0.3, 0.2}, {0.1, 0.4}}, nil}
	x, err := m.Exact()
	if err != nil {
		t.Fatal(err)
	}
	g := addUp(m, 2, 3)
	want(t, "first class", x.Throughput[0], addUp(m, 1, 3)/g, 1e-12)
	want(t, "second class", x.Throughput[1], addUp(m, 2, 2)/g, 1e-12)
	alike := MultiClosed{[]int{7, 5}, []float64{4, 4}, [][]float64{{0.3, 0.2, 1}, {0.3, 0.2, 1}}, []bool{false, false, true}}
	y, err := alike.Exact()
	if err != nil {
		t.Fatal(err)
	}
	queue := make([]float64, 2)
	all := MVA(12, 5, []float64{0.3, 0.2}, queue)
	want(t, "both classes", y.Throughput[0]+y.Throughput[1], all, 1e-12)
	want(t, "share", y.Throughput[0]/all, 7.0/12, 1e-12)
}

// addUp is the normalisation constant of two classes at two stations, with
// thinking, by every way to place them.
func addUp(m MultiClosed, a, b int) float64 {
	sum := 0.0
	factorial := func(n int) float64 { return math.Gamma(float64(n + 1)) }
	for a1 := 0; a1 <= a; a1++ {
		for a2 := 0; a1+a2 <= a; a2++ {
			for b1 := 0; b1 <= b; b1++ {
				for b2 := 0; b1+b2 <= b; b2++ {
					w := factorial(a1+b1) / factorial(a1) / factorial(b1) * factorial(a2+b2) / factorial(a2) / factorial(b2)
					w *= math.Pow(m.Demands[0][0], float64(a1)) * math.Pow(m.Demands[0][1], float64(a2))
					w *= math.Pow(m.Demands[1][0], float64(b1)) * math.Pow(m.Demands[1][1], float64(b2))
					w *= math.Pow(m.Think[0], float64(a-a1-a2)) / factorial(a-a1-a2)
					w *= math.Pow(m.Think[1], float64(b-b1-b2)) / factorial(b-b1-b2)
					sum += w
				}
			}
		}
	}
	return sum
}

// TestApproximateMVA: Schweitzer within a sixth of exact, Linearizer within a
// hundredth and closer in all; both take what exact cannot.
func TestApproximateMVA(t *testing.T) {
	linear, schweitzer := 0.0, 0.0
	for _, m := range []MultiClosed{
		{[]int{4, 6}, []float64{2, 0}, [][]float64{{0.3, 0.2}, {0.1, 0.4}}, nil},
		{[]int{1, 20}, []float64{0, 10}, [][]float64{{1, 0.2, 0.1}, {0.1, 0.4, 0.5}}, nil},
		{[]int{10, 3, 2}, []float64{5, 0, 1}, [][]float64{{0.2, 0.2}, {0.6, 0.1}, {0, 1}}, nil},
	} {
		exact, err1 := m.Exact()
		near, err2 := m.Linearizer()
		rough, err3 := m.Schweitzer()
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		for r, x := range exact.Throughput {
			linear = math.Max(linear, math.Abs(near.Throughput[r]/x-1))
			schweitzer = math.Max(schweitzer, math.Abs(rough.Throughput[r]/x-1))
		}
	}
	if !(linear < 0.01 && schweitzer < 1.0/6 && linear < schweitzer) {
		t.Errorf("Linearizer is off by %.2g, Schweitzer by %.2g", linear, schweitzer)
	}
	huge := MultiClosed{[]int{50_000, 20_000, 30_000}, []float64{5, 5, 5}, [][]float64{{0.2, 0.1}, {0.1, 0.3}, {0.1, 0.1}}, nil}
	if _, err := huge.Exact(); err == nil {
		t.Error("an exact lattice of 10^13 populations is begun")
	}
	x, err := huge.Linearizer()
	if err != nil {
		t.Fatal(err)
	}
	if busy := 0.2*x.Throughput[0] + 0.1*x.Throughput[1] + 0.1*x.Throughput[2]; busy > 1+1e-6 {
		t.Errorf("10^5 customers keep a station %g busy", busy)
	}
}

// TestVisits: against a network worked by hand, and a rare way that
// subtraction would lose.
func TestVisits(t *testing.T) {
	v, err := Visits([]float64{1, 0, 0}, [][]float64{{0, 0.8, 0.1}, {0.5, 0, 0}, {1, 0, 0}})
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range []float64{2, 1.6, 0.2} {
		want(t, "visits", v[i], x, 1e-14)
	}
	rare, err := Visits([]float64{1, 0}, [][]float64{{0, 1e-18}, {1, 0}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "rare visits", rare[1], 1e-18, 1e-12)
	for _, bad := range [][][]float64{{{0, 1}, {1, 0}}, {{0, 2}, {0, 0}}, {{0.9, 0.9}, {0, 0}}, {{0}}} {
		if _, err := Visits([]float64{1, 0}, bad); err == nil {
			t.Errorf("routing %v is taken", bad)
		}
	}
}

// TestJacksonIsItsStations: one M/M/c station is M/M/c, and the bottleneck
// saturates the whole.
func TestJacksonIsItsStations(t *testing.T) {
	m := Jackson{9, []Station{{"x", 0.25, 3, 1, false, nil}}}
	x, y := measures(t, m), measures(t, MMc{9, 4, 3})
	want(t, "W", x.W, y.W, 1e-12)
	want(t, "P0", x.P0, y.P0, 1e-12)
	full := measures(t, m.AtRate(12.5))
	if full.Status != Saturated || m.Bottleneck() != 0 {
		t.Errorf("%+v", full)
	}
}

// TestMultiNetwork: the stations' and the classes' measures add up to the
// customers, obey Little's law, and one class is the network of one class.
func TestMultiNetwork(t *testing.T) {
	m := MultiNetwork{
		Classes: []ClosedClass{{"a", 6, 3}, {"b", 4, 0}},
		Stations: []SharedStation{{"x", []float64{0.1, 0.4}, []float64{3, 1}, false}, {"y", []float64{1, 0.2}, []float64{1, 2}, false},
			{"z", []float64{2, 1}, []float64{0.5, 0}, true}},
	}
	for _, m.By = range MultiMethods() {
		x, err := m.Solve()
		if err != nil {
			t.Fatal(err)
		}
		atClasses, atStations := x.Thinking, x.Thinking
		for r, c := range x.Classes {
			atClasses += c.L
			want(t, "Little for "+c.Name, c.L+c.Throughput*m.Classes[r].Think, float64(m.Classes[r].Customers), 1e-9)
		}
		for _, s := range x.Stations {
			atStations += s.L
			if fault := lawful(nil, s.Measures); fault != "" {
				t.Errorf("%s %s: %s", m.By, s.Name, fault)
			}
		}
		want(t, "customers by class", atClasses, 10, 1e-9)
		want(t, "customers by station", atStations, 10, 1e-9)
		if fault := lawful(nil, x.Whole()); fault != "" {
			t.Errorf("%s: %s", m.By, fault)
		}
	}
	one := MultiNetwork{Classes: m.Classes[:1], Stations: []SharedStation{{"x", []float64{0.1}, []float64{3}, false}, {"y", []float64{1}, []float64{1}, false}}}
	x, err1 := one.Solve()
	y, err2 := Closed{6, 3, []Station{{"x", 0.1, 1, 3, false, nil}, {"y", 1, 1, 1, false, nil}}}.Solve()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	want(t, "throughput", x.Classes[0].Throughput, y.Throughput, 1e-12)
	want(t, "bottleneck", float64(x.Bottleneck), float64(y.Bottleneck), 0)
	for k, s := range x.Stations {
		want(t, "L", s.L, y.Stations[k].L, 1e-12)
		want(t, "Wq", s.Wq, y.Stations[k].Wq, 1e-9)
	}
	m.Classes[0].Customers, m.Classes[1].Customers, m.By = 100_000, 50_000, ""
	big, err := m.Solve()
	if err != nil || big.By != Linearizer {
		t.Fatal(big.By, err)
	}
	if busy := big.Stations[big.Bottleneck].Rho; !(busy > 0.999 && busy <= 1+1e-9) {
		t.Errorf("the bottleneck of 150000 customers is %g busy", busy)
	}
	for _, bad := range []MultiNetwork{{}, {Classes: m.Classes}, {Classes: m.Classes, Stations: []SharedStation{{"x", []float64{1}, []float64{1}, false}}},
		{Classes: m.Classes, Stations: m.Stations, By: "guess"}} {
		if _, err := bad.Measures(); err == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}

// TestClosedSlopes holds the slopes of closed networks against differences of
// whole solutions, of the fixed-rate kind, that of several speeds and that of
// thousands of customers.
func TestClosedSlopes(t *testing.T) {
	mixed := []Station{{"hall", 2, 3, 1, false, nil}, single("till", 0.3), {"way", 1, 1, 2, true, nil}, {"ramp", 0.2, 0, 1, false, []float64{1, 2, 2.5}}}
	for _, m := range []Closed{
		{1, 2, mixed}, {2, 0, mixed}, {17, 4, mixed},
		{5, 3, []Station{single("a", 0.3), single("b", 0.25), {"way", 1, 1, 2, true, nil}}},
		{3000, 100, []Station{single("a", 0.03), single("b", 0.032)}},
	} {
		solve := func(m Closed) ClosedMeasures {
			x, err := m.Solve()
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		x, fewer := solve(m), m
		fewer.Customers--
		y := solve(fewer)
		want(t, "gain", x.Throughput-x.Gain, y.Throughput, 1e-12)
		if m.Customers > 1 {
			want(t, "elasticity of W", x.ElasticW, float64(m.Customers)*(1-y.Response/x.Response), 1e-9)
		}
		for i, s := range m.Stations {
			at := func(steps float64) float64 {
				varied := m
				varied.Stations = append([]Station(nil), m.Stations...)
				varied.Stations[i].MeanService = s.MeanService * math.Exp(steps/1024)
				return math.Log(solve(varied).Throughput)
			}
			slope := (8*(at(1)-at(-1)) - (at(2) - at(-2))) * 1024 / 12
			want(t, "elasticity of the throughput to "+s.Name, 1+x.ByDemand[i], 1+slope, 1e-7)
		}
	}
}

// TestStationWaits: the tail of a visit's wait is what its quantile says, and
// P(wait > 0) that of its station.
func TestStationWaits(t *testing.T) {
	m := Jackson{8, []Station{{"a", 0.2, 2, 1, false, nil}, {"b", 0.05, 1, 2, false, nil}, {"way", 3, 1, 1, true, nil}}}
	stations, err := m.PerStation()
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range stations {
		q, err1 := m.StationWaitQuantile(i, 0.99)
		tail, err2 := m.StationWaitTail(i, q)
		waits, err3 := m.StationWaitTail(i, 0)
		if err := errors.Join(err1, err2, err3); err != nil {
			t.Fatal(err)
		}
		want(t, s.Name+" share that waits", 1+waits, 1+s.PWait, 1e-12)
		if !m.Stations[i].Delay {
			want(t, s.Name+" tail at the quantile", tail, 0.01, 1e-9)
		}
	}
}

// TestMultiGains: a class alone gains what the network of one class does, and
// classes alike gain alike, less than one of them would alone.
func TestMultiGains(t *testing.T) {
	stations := func(classes int) []SharedStation {
		out := []SharedStation{{Name: "a"}, {Name: "b"}}
		for range classes {
			out[0].MeanService, out[0].Visits = append(out[0].MeanService, 0.3), append(out[0].Visits, 1)
			out[1].MeanService, out[1].Visits = append(out[1].MeanService, 0.1), append(out[1].Visits, 2)
		}
		return out
	}
	single, err := Closed{4, 5, []Station{{"a", 0.3, 1, 1, false, nil}, {"b", 0.1, 1, 2, false, nil}}}.Solve()
	if err != nil {
		t.Fatal(err)
	}
	alone, err1 := MultiNetwork{Classes: []ClosedClass{{"x", 4, 5}}, Stations: stations(1)}.Gains()
	alike, err2 := MultiNetwork{Classes: []ClosedClass{{"x", 4, 5}, {"y", 4, 5}, {"none", 0, 5}}, Stations: stations(3)}.Gains()
	rough, err3 := MultiNetwork{Classes: []ClosedClass{{"x", 4, 5}}, Stations: stations(1), By: Schweitzer}.Gains()
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	want(t, "gain of a class alone", alone[0], single.Gain, 1e-10)
	want(t, "gain of a class like another", alike[0], alike[1], 1e-10)
	if !(alike[0] < alone[0]) || alike[2] != 0 || rough != nil {
		t.Errorf("gains %v beside %v, of nobody %g, by approximation %v", alike, alone, alike[2], rough)
	}
}

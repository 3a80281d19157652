package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing"
)

// Closed is a closed network: Customers go round its stations, thinking
// between rounds, and never leave. One round visits each station as often as
// its Visits say. Single-server stations may be first come first served with
// exponential service or processor sharing with any.
type Closed struct {
	Customers int     // 0 to MaxServers
	Think     float64 // s between rounds, at least 0
	Stations  []Station
}

// Validate reports every field out of its range. A round has to take time.
func (m Closed) Validate() error {
	err := errors.Join(countBetween("Closed.Customers", m.Customers, 0, MaxServers),
		nonNegative("Closed.Think", m.Think), validateStations("Closed", m.Stations))
	round := m.Think
	for _, s := range m.Stations {
		round += s.Visits * s.MeanService
	}
	if err == nil && !(round > 0 && !math.IsInf(round, 1)) {
		return &queueing.FieldError{Field: "Closed.Stations", Got: round, Want: "visits or thinking that take time, and a finite one"}
	}
	return err
}

// ClosedMeasures of a closed network.
type ClosedMeasures struct {
	Throughput float64 // rounds/s
	Response   float64 // s of one round, thinking apart
	Cycle      float64 // s of one round and its thinking
	Thinking   float64 // mean number of customers that think
	Bottleneck int     // index of the station that limits the throughput, -1: none
	Stations   []StationMeasures

	// How the network answers to its load, the customers, and to its demands.
	Gain     float64   // rounds/s that the last customer added, X(N) - X(N-1), to 1e-12 of X
	ElasticW float64   // N (W(N) - W(N-1)) / W(N): per cent for one per cent; 0 for one customer
	ByDemand []float64 // d ln X / d ln D of each station's seconds a round
}

// fixedRate tells whether MVA in its simple form covers every station.
func (m Closed) fixedRate() bool {
	for _, s := range m.Stations {
		if !s.Delay && (s.Rates != nil || s.Servers > 1) {
			return false
		}
	}
	return true
}

// Solve gives the exact answer: by mean value analysis when every station
// has one server or none waits there, else by convolution.
func (m Closed) Solve() (ClosedMeasures, error) {
	if err := m.Validate(); err != nil {
		return ClosedMeasures{}, err
	}
	demands, think := m.demands()
	if m.fixedRate() {
		now, before := crowd{queue: make([]float64, len(demands))}, crowd{queue: make([]float64, len(demands))}
		before.x = MVA(m.Customers-1, think, demands, before.queue)
		now.x = MVA(m.Customers, think, demands, now.queue)
		return m.assemble(now, before), nil
	}
	if work := m.work(); work > maxConvolution {
		return ClosedMeasures{}, fmt.Errorf("%w: %d customers at stations of several speeds take %.2g steps, want at most %.2g", ErrTooLarge, m.Customers, work, maxConvolution)
	}
	return m.assemble(m.convolve(think)), nil
}

// maxConvolution bounds the terms of a convolution, some 5 ns each.
const maxConvolution = 4e8

// crowd is a number of customers: what goes round, and the mean number at
// each station that is not a delay.
type crowd struct {
	x     float64 // rounds/s
	queue []float64
}

// demands are the seconds of service of one round at each station, 0 at the
// delay stations, whose seconds go to the thinking.
func (m Closed) demands() (demands []float64, think float64) {
	demands, think = make([]float64, len(m.Stations)), m.Think
	for i, s := range m.Stations {
		if s.Delay {
			think += s.Visits * s.MeanService
		} else {
			demands[i] = s.Visits * s.MeanService
		}
	}
	return demands, think
}

// MVA is exact mean value analysis of fixed-rate stations (Reiser &
// Lavenberg, J. ACM 27, 1980; Lazowska et al. 1984, section 6.4.2): the
// throughput of the given number of customers that think for think seconds
// and ask demands[i] seconds of station i a round. The mean number at each
// station is left in queue, which has the length of demands. It allocates
// nothing; arguments out of range give NaN or a panic on unequal lengths.
// Squares of demands are formed, so these are 0 or from 1e-150 to 1e150.
func MVA(customers int, think float64, demands, queue []float64) (throughput float64) {
	if len(queue) != len(demands) {
		panic("steady: MVA needs a queue for each demand")
	}
	clear(queue)
	if customers < 1 {
		return 0
	}
	// With r the residence times, x the throughput and v = d r, a step is
	// r = d + x v. The next throughput n/(think + sum r) needs of this only
	// sum d + x sum v, so that its division runs beside the step and not
	// after it. Here v stands in queue; four sums run side by side, since one
	// would wait for itself.
	all := think
	for _, d := range demands {
		all += d
	}
	x, sum := 1/all, 0.0
	for i, d := range demands {
		queue[i] = d * d
		sum += queue[i]
	}
	for n := 2; n < customers; n++ {
		next := float64(n) / (all + x*sum)
		sum = mvaStep(x, demands, queue)
		x = next
	}
	if customers > 1 {
		before := x
		x = float64(customers) / (all + x*sum)
		for i, d := range demands {
			queue[i] = x * (d + before*queue[i])
		}
		return x
	}
	for i, d := range demands {
		queue[i] = x * d
	}
	return x
}

// mvaStep takes v = d r from one number of customers to the next and returns
// its sum.
func mvaStep(x float64, demands, v []float64) float64 {
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(demands); i += 4 {
		d, v := demands[i:i+4:i+4], v[i:i+4:i+4]
		v[0] = d[0] * (d[0] + x*v[0])
		v[1] = d[1] * (d[1] + x*v[1])
		v[2] = d[2] * (d[2] + x*v[2])
		v[3] = d[3] * (d[3] + x*v[3])
		s0, s1, s2, s3 = s0+v[0], s1+v[1], s2+v[2], s3+v[3]
	}
	for ; i < len(demands); i++ {
		v[i] = demands[i] * (demands[i] + x*v[i])
		s0 += v[i]
	}
	return (s0 + s1) + (s2 + s3)
}

// assemble turns what goes round with all customers and with one fewer into
// the measures of all.
func (m Closed) assemble(now, before crowd) ClosedMeasures {
	x, queue := now.x, now.queue
	out := ClosedMeasures{Throughput: x, Bottleneck: -1, Stations: make([]StationMeasures, len(m.Stations))}
	least := math.Inf(1)
	out.Thinking = x * m.Think
	for i, s := range m.Stations {
		visits := x * s.Visits
		busy := visits * s.MeanService
		one := Measures{Busy: busy, L: queue[i], Throughput: visits, Sustainable: math.Inf(1)}
		if s.Delay {
			one.L = busy
		} else {
			one.Sustainable = s.top() / s.MeanService
			one.Rho = busy / s.top()
			if s.Visits > 0 && one.Sustainable/s.Visits < least {
				out.Bottleneck, least = i, one.Sustainable/s.Visits
			}
		}
		if visits > 0 {
			one.W = one.L / visits
			one.Wq = math.Max(0, one.W-s.MeanService)
		}
		one.Lq = visits * one.Wq
		out.Response += s.Visits * one.W
		out.Stations[i] = StationMeasures{s.Name, one}
	}
	out.Cycle = out.Response + m.Think
	m.slopes(&out, before)
	return out
}

// slopes fills in how the network answers to its customers and its demands.
// With G the normalisation constant, X(N) = G(N-1)/G(N) and D dG/dD = L G
// (Lazowska et al. 1984, chapter 19, for the product form), so that the
// elasticity of X to a demand is L(N-1) - L(N).
func (m Closed) slopes(out *ClosedMeasures, before crowd) {
	if gain := out.Throughput - before.x; gain > 1e-12*out.Throughput {
		out.Gain = gain
	}
	response := 0.0
	for i, s := range m.Stations {
		there := before.queue[i]
		if s.Delay {
			there = before.x * s.Visits * s.MeanService
		}
		by := there - out.Stations[i].L
		if math.Abs(by) < 1e-14*there {
			by = 0 // a difference of roundings
		}
		out.ByDemand = append(out.ByDemand, by)
		response += ratio(there, before.x)
	}
	if m.Customers > 1 && out.Response > 0 {
		out.ElasticW = float64(m.Customers) * (1 - response/out.Response)
	}
}

// top is the speed of the station when it is full, in services.
func (s Station) top() float64 {
	if s.Rates != nil {
		return s.Rates[len(s.Rates)-1]
	}
	return float64(s.Servers)
}

// Bounds of a closed network's throughput and response.
type Bounds struct {
	ThroughputLow, ThroughputHigh float64 // rounds/s
	ResponseLow, ResponseHigh     float64 // s
	Knee                          float64 // customers beyond which some surely wait
}

var errBounds = &queueing.FieldError{Field: "Closed.Stations", Got: "several servers", Want: "single servers and delays for bounds"}

// AsymptoticBounds of single-server stations (Lazowska et al. 1984, table
// 5.1), from the sum and the maximum of the demands.
func (m Closed) AsymptoticBounds() (Bounds, error) {
	sum, most, z, _, err := m.forBounds()
	if err != nil {
		return Bounds{}, err
	}
	n := float64(m.Customers)
	b := Bounds{
		ThroughputLow: n / (n*sum + z), ThroughputHigh: math.Min(1/most, n/(sum+z)),
		ResponseLow: math.Max(sum, n*most-z), ResponseHigh: n * sum, Knee: (sum + z) / most,
	}
	return b, nil
}

// BalancedBounds are the tighter balanced job bounds (Zahorjan, Sevcik, Eager
// & Galler 1982; Lazowska et al. 1984, table 5.2).
func (m Closed) BalancedBounds() (Bounds, error) {
	sum, most, z, count, err := m.forBounds()
	if err != nil {
		return Bounds{}, err
	}
	n := float64(m.Customers)
	slow := (n - 1) * most / (1 + z/(n*sum))
	quick := (n - 1) * sum / count / (1 + z/sum)
	b := Bounds{
		ThroughputLow: n / (sum + z + slow), ThroughputHigh: math.Min(1/most, n/(sum+z+quick)),
		ResponseLow: math.Max(n*most-z, sum+quick), ResponseHigh: sum + slow,
	}
	b.Knee = (sum + z) / most
	return b, nil
}

func (m Closed) forBounds() (sum, most, think, count float64, err error) {
	err = errors.Join(m.Validate(), countBetween("Closed.Customers", m.Customers, 1, MaxServers))
	if err == nil && !m.fixedRate() {
		err = errBounds
	}
	demands, think := m.demands()
	for _, d := range demands {
		if d > 0 {
			sum, most, count = sum+d, math.Max(most, d), count+1
		}
	}
	if err == nil && count == 0 {
		err = &queueing.FieldError{Field: "Closed.Stations", Got: "delays only", Want: "a station with a server"}
	}
	return sum, most, think, count, err
}

package steady

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"singlelane/queueing"
)

// MultiMethod names the way a network of several classes is solved.
type MultiMethod string

const (
	ExactMVA   MultiMethod = "exact"
	Linearizer MultiMethod = "linearizer"
	Schweitzer MultiMethod = "schweitzer"
)

// MultiMethods lists them, the most precise first.
func MultiMethods() []MultiMethod { return []MultiMethod{ExactMVA, Linearizer, Schweitzer} }

// ClosedClass is a class of customers that never leave.
type ClosedClass struct {
	Name      string
	Customers int     // 0 to MaxServers
	Think     float64 // s between rounds, at least 0
}

// SharedStation is a station that several classes visit: one server, first
// come first served with one exponential service for all, or processor
// sharing with any; or a delay.
type SharedStation struct {
	Name        string
	MeanService []float64 // s of one visit of each class, positive
	Visits      []float64 // of each class, at least 0
	Delay       bool      // nobody waits here
}

// MultiNetwork is a closed network of several classes in terms of services
// and visits, of product form (F. Baskett, K. M. Chandy, R. R. Muntz & F. G.
// Palacios, J. ACM 22, 1975); [MultiClosed] is its mathematics.
type MultiNetwork struct {
	Classes  []ClosedClass
	Stations []SharedStation
	By       MultiMethod // "": exact where that is allowed, else Linearizer
}

// Validate reports every field out of its range.
func (m MultiNetwork) Validate() error {
	var errs []error
	if len(m.Stations) == 0 {
		errs = append(errs, &queueing.FieldError{Field: "MultiNetwork.Stations", Got: 0, Want: "at least one station"})
	}
	if m.By != "" && !slices.Contains(MultiMethods(), m.By) {
		errs = append(errs, &queueing.FieldError{Field: "MultiNetwork.By", Got: m.By, Want: fmt.Sprint("one of ", MultiMethods())})
	}
	for k, s := range m.Stations {
		at := fmt.Sprintf("MultiNetwork.Stations[%d].", k)
		if len(s.MeanService) != len(m.Classes) || len(s.Visits) != len(m.Classes) {
			errs = append(errs, &queueing.FieldError{Field: at + "MeanService", Got: len(s.MeanService), Want: "a mean and visits for each class"})
			continue
		}
		for r := range m.Classes {
			errs = append(errs, positive(fmt.Sprintf("%sMeanService[%d]", at, r), s.MeanService[r]),
				nonNegative(fmt.Sprintf("%sVisits[%d]", at, r), s.Visits[r]))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return m.closed().Validate()
}

func (m MultiNetwork) closed() MultiClosed {
	var out MultiClosed
	for _, s := range m.Stations {
		out.Delay = append(out.Delay, s.Delay)
	}
	for r, c := range m.Classes {
		out.Customers, out.Think = append(out.Customers, c.Customers), append(out.Think, c.Think)
		demands := make([]float64, len(m.Stations))
		for k, s := range m.Stations {
			demands[k] = s.Visits[r] * s.MeanService[r]
		}
		out.Demands = append(out.Demands, demands)
	}
	return out
}

// MultiNetworkMeasures are those of the classes, whose Throughput counts
// rounds and whose W is one round's time at the stations, and of the stations,
// whose Throughput counts visits and whose W is one visit's, the mean over the
// classes.
type MultiNetworkMeasures struct {
	By         MultiMethod
	Classes    []ClassMeasures
	Stations   []StationMeasures
	Thinking   float64 // mean number of customers that think
	Bottleneck int     // index of the busiest station with a server, -1: none
}

// Solve the network by its method.
func (m MultiNetwork) Solve() (MultiNetworkMeasures, error) {
	if err := m.Validate(); err != nil {
		return MultiNetworkMeasures{}, err
	}
	closed, by := m.closed(), m.By
	if by == "" {
		by = ExactMVA
		if closed.lattice() > maxLattice {
			by = Linearizer
		}
	}
	solve := map[MultiMethod]func() (MultiMeasures, error){
		ExactMVA: closed.Exact, Linearizer: closed.Linearizer, Schweitzer: closed.Schweitzer}[by]
	x, err := solve()
	if err != nil {
		return MultiNetworkMeasures{}, err
	}
	return m.assemble(by, x), nil
}

// Gains are, of each class, the rounds/s of its own that its last customer
// added: its throughput less the one with a customer of it fewer, all other
// classes as they are; 0 for a class without customers. By exact mean value
// analysis alone: the approximations do not tell two populations so close
// apart, and nil is returned.
func (m MultiNetwork) Gains() ([]float64, error) {
	x, err := m.Solve()
	if err != nil || x.By != ExactMVA {
		return nil, err
	}
	gains := make([]float64, len(m.Classes))
	for r, c := range m.Classes {
		if c.Customers == 0 {
			continue
		}
		fewer := m
		fewer.Classes, fewer.By = slices.Clone(m.Classes), ExactMVA
		fewer.Classes[r].Customers--
		y, err := fewer.Solve()
		if err != nil {
			return nil, err
		}
		gain := x.Classes[r].Throughput - y.Classes[r].Throughput
		if gain > 1e-12*x.Classes[r].Throughput {
			gains[r] = gain
		}
	}
	return gains, nil
}

// lattice is how many numbers exact MVA keeps.
func (m MultiClosed) lattice() float64 {
	n := float64(len(m.Demands[0]))
	for _, c := range m.Customers {
		n *= float64(c + 1)
	}
	return n
}

func (m MultiNetwork) assemble(by MultiMethod, x MultiMeasures) MultiNetworkMeasures {
	out := MultiNetworkMeasures{By: by, Bottleneck: -1}
	for r, c := range m.Classes {
		rate := x.Throughput[r]
		one := Measures{Sustainable: math.Inf(1), Throughput: rate, W: x.Response[r], L: rate * x.Response[r]}
		for _, s := range m.Stations {
			one.Busy += rate * s.Visits[r] * s.MeanService[r]
		}
		one.Lq = math.Max(0, one.L-one.Busy)
		one.Wq = ratio(one.Lq, rate)
		out.Thinking += rate * c.Think
		out.Classes = append(out.Classes, ClassMeasures{c.Name, one})
	}
	for k, s := range m.Stations {
		one := Measures{Sustainable: math.Inf(1)}
		for r := range m.Classes {
			one.Throughput += x.Throughput[r] * s.Visits[r]
			one.Busy += x.Throughput[r] * s.Visits[r] * s.MeanService[r]
			one.L += x.Queue[r][k]
		}
		if !s.Delay {
			one.Rho = one.Busy
			if out.Bottleneck < 0 || one.Rho > out.Stations[out.Bottleneck].Rho {
				out.Bottleneck = k
			}
		}
		one.Lq = math.Max(0, one.L-one.Busy)
		one.W, one.Wq = ratio(one.L, one.Throughput), ratio(one.Lq, one.Throughput)
		out.Stations = append(out.Stations, StationMeasures{s.Name, one})
	}
	return out
}

// Measures of all classes together: L, Lq, W, Wq and Throughput of the rounds
// (thinking apart), Rho of the bottleneck. P0 and PWait are not set.
func (m MultiNetwork) Measures() (Measures, error) {
	x, err := m.Solve()
	if err != nil {
		return Measures{}, err
	}
	return x.Whole(), nil
}

// Whole sums the classes up.
func (x MultiNetworkMeasures) Whole() Measures {
	var out Measures
	for _, c := range x.Classes {
		out.L, out.Lq, out.Busy = out.L+c.L, out.Lq+c.Lq, out.Busy+c.Busy
		out.Throughput += c.Throughput
	}
	out.W, out.Wq = ratio(out.L, out.Throughput), ratio(out.Lq, out.Throughput)
	if x.Bottleneck >= 0 {
		out.Rho = x.Stations[x.Bottleneck].Rho
	}
	return out
}

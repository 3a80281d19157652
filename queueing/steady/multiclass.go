package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing"
)

// MultiClosed is a closed network of several classes of customers at
// single-server and delay stations of product form.
type MultiClosed struct {
	Customers []int       // of each class
	Think     []float64   // s between rounds, of each class
	Demands   [][]float64 // s of one round, [class][station]
	Delay     []bool      // stations where nobody waits; nil: none
}

// MultiMeasures of a closed network, by class.
type MultiMeasures struct {
	Throughput []float64   // rounds/s
	Response   []float64   // s of one round, thinking apart
	Queue      [][]float64 // mean number of the class at the station
	Exact      bool
	Iterations int // of the approximate methods
}

// maxLattice bounds the exact recursion's memory, in numbers.
const maxLattice = 20_000_000

// Validate reports every field out of its range.
func (m MultiClosed) Validate() error {
	if len(m.Customers) == 0 || len(m.Customers) != len(m.Think) || len(m.Customers) != len(m.Demands) {
		return &queueing.FieldError{Field: "MultiClosed.Customers", Got: len(m.Customers), Want: "one or more classes, each with Think and Demands"}
	}
	var errs []error
	stations := len(m.Demands[0])
	if m.Delay != nil && len(m.Delay) != stations {
		errs = append(errs, &queueing.FieldError{Field: "MultiClosed.Delay", Got: len(m.Delay), Want: "one a station, or none"})
	}
	for r, row := range m.Demands {
		errs = append(errs, countBetween(fmt.Sprintf("MultiClosed.Customers[%d]", r), m.Customers[r], 0, MaxServers),
			nonNegative(fmt.Sprintf("MultiClosed.Think[%d]", r), m.Think[r]))
		if len(row) != stations || stations == 0 {
			errs = append(errs, &queueing.FieldError{Field: fmt.Sprintf("MultiClosed.Demands[%d]", r), Got: len(row),
				Want: "a demand for each station, at least one"})
		}
		sum := m.Think[r]
		for k, d := range row {
			errs = append(errs, nonNegative(fmt.Sprintf("MultiClosed.Demands[%d][%d]", r, k), d))
			sum += d
		}
		errs = append(errs, positive(fmt.Sprintf("MultiClosed round of class %d", r), sum))
	}
	return errors.Join(errs...)
}

func (m MultiClosed) delay(k int) bool { return m.Delay != nil && m.Delay[k] }

func (m MultiClosed) blank() MultiMeasures {
	out := MultiMeasures{Throughput: make([]float64, len(m.Customers)), Response: make([]float64, len(m.Customers))}
	for range m.Customers {
		out.Queue = append(out.Queue, make([]float64, len(m.Demands[0])))
	}
	return out
}

// Exact is multi-class mean value analysis over all populations up to the
// one asked for (Reiser & Lavenberg 1980; Lazowska et al. 1984, section 7.4.1).
// Its cost is the product of the classes' customers: it errs where that takes
// more than 2e7 numbers; [MultiClosed.Linearizer] has no such bound.
func (m MultiClosed) Exact() (MultiMeasures, error) {
	if err := m.Validate(); err != nil {
		return MultiMeasures{}, err
	}
	stations, lattice := len(m.Demands[0]), 1
	strides := make([]int, len(m.Customers))
	for r, n := range m.Customers {
		strides[r] = lattice
		if (n+1)*stations > maxLattice/lattice {
			return MultiMeasures{}, fmt.Errorf("steady: exact multi-class MVA needs more than %d numbers; use Linearizer", maxLattice)
		}
		lattice *= n + 1
	}
	total := make([]float64, lattice*stations)
	out := m.blank()
	at := make([]int, len(m.Customers))
	for p := 1; p < lattice; p++ {
		for r := range at { // the next population, by counting
			if at[r]++; at[r] <= m.Customers[r] {
				break
			}
			at[r] = 0
		}
		now := total[p*stations : (p+1)*stations]
		for r, n := range at {
			if n == 0 {
				out.Throughput[r] = 0
				clear(out.Queue[r])
				continue
			}
			before := total[(p-strides[r])*stations : (p-strides[r]+1)*stations]
			m.residences(r, n, out, func(k int) float64 { return before[k] })
			for k := range now {
				now[k] += out.Queue[r][k]
			}
		}
	}
	out.Exact = true
	return out, nil
}

// residences sets throughput, response and queues of class r with n
// customers, given the mean number that one of them meets at each station.
func (m MultiClosed) residences(r, n int, out MultiMeasures, met func(k int) float64) {
	sum := 0.0
	for k, d := range m.Demands[r] {
		if !m.delay(k) {
			d *= 1 + met(k)
		}
		out.Queue[r][k] = d
		sum += d
	}
	x := float64(n) / (m.Think[r] + sum)
	for k := range out.Queue[r] {
		out.Queue[r][k] *= x
	}
	out.Throughput[r], out.Response[r] = x, sum
}

// Schweitzer approximates: what a customer meets is what is there, with its
// own class in proportion one customer less (P. Schweitzer 1979; Y. Bard
// 1979). Errors of some per cent.
func (m MultiClosed) Schweitzer() (MultiMeasures, error) {
	if err := m.Validate(); err != nil {
		return MultiMeasures{}, err
	}
	return m.core(m.Customers, nil)
}

// Linearizer refines Schweitzer by the change of the shares from a customer
// less (K. M. Chandy & D. Neuse, Comm. ACM 25, 1982). Errors of some tenths
// of a per cent.
func (m MultiClosed) Linearizer() (MultiMeasures, error) {
	if err := m.Validate(); err != nil {
		return MultiMeasures{}, err
	}
	classes := len(m.Customers)
	full, err := m.core(m.Customers, nil)
	var was [][][]float64
	for range 3 {
		shift := make([][][]float64, classes) // [less][class][station]
		for s := range m.Customers {
			less := append([]int(nil), m.Customers...)
			less[s] = max(0, less[s]-1)
			part, fault := m.core(less, was)
			err = errors.Join(err, fault)
			shift[s] = make([][]float64, classes)
			for r := range m.Customers {
				shift[s][r] = make([]float64, len(m.Demands[0]))
				for k := range shift[s][r] {
					shift[s][r][k] = portion(part.Queue[r][k], less[r]) - portion(full.Queue[r][k], m.Customers[r])
				}
			}
		}
		var fault error
		full, fault = m.core(m.Customers, shift)
		err, was = errors.Join(err, fault), shift
	}
	return full, err
}

func portion(queue float64, n int) float64 {
	if n == 0 {
		return 0
	}
	return queue / float64(n)
}

// core iterates the approximate equations to a relative change of 1e-13.
func (m MultiClosed) core(customers []int, shift [][][]float64) (MultiMeasures, error) {
	out := m.blank()
	stations := float64(len(m.Demands[0]))
	for r, n := range customers {
		for k := range out.Queue[r] {
			out.Queue[r][k] = float64(n) / stations
		}
	}
	for out.Iterations = 1; out.Iterations <= 100_000; out.Iterations++ {
		change := 0.0
		was := m.blank()
		for r := range out.Queue {
			copy(was.Queue[r], out.Queue[r])
		}
		for s, n := range customers {
			if n == 0 {
				clear(out.Queue[s])
				continue
			}
			m.residences(s, n, out, func(k int) float64 { return met(customers, was.Queue, shift, s, k) })
			for k := range out.Queue[s] {
				change = math.Max(change, math.Abs(out.Queue[s][k]-was.Queue[s][k])/float64(n))
			}
		}
		if change < 1e-13 {
			return out, nil
		}
	}
	return out, errors.New("steady: the approximate network equations did not converge")
}

// met is the number that a customer of class s meets at station k.
func met(customers []int, queue [][]float64, shift [][][]float64, s, k int) float64 {
	sum := 0.0
	for r, n := range customers {
		if n == 0 {
			continue
		}
		share := queue[r][k] / float64(n)
		if shift != nil {
			share += shift[s][r][k]
		}
		if r == s {
			n--
		}
		sum += float64(n) * math.Max(0, share)
	}
	return sum
}

package steady

import (
	"errors"
	"fmt"
	"math"

	"singlelane/queueing"
)

// Class is one class of requests.
type Class struct {
	Name        string
	ArrivalRate float64 // 1/s, at least 0
	MeanService float64 // s, positive
	ServiceSCV  float64 // at least 0
}

// ClassMeasures are those of one class.
type ClassMeasures struct {
	Name string
	Measures
}

// Priority is a queue with priority classes, the first served first, first
// come first served within a class. One server takes any service law
// (M/G/1: Cobham, Operations Research 2, 1954); several take exponential
// service with one mean for all.
type Priority struct {
	Classes    []Class
	Servers    int  // 1 to MaxServers
	Preemptive bool // a higher class interrupts, and what it interrupts resumes
}

// Validate reports every field out of its range.
func (m Priority) Validate() error {
	errs := []error{countBetween("Priority.Servers", m.Servers, 1, MaxServers)}
	if len(m.Classes) == 0 {
		errs = append(errs, &queueing.FieldError{Field: "Priority.Classes", Got: 0, Want: "at least one class"})
	}
	for i, k := range m.Classes {
		at := fmt.Sprintf("Priority.Classes[%d].", i)
		errs = append(errs, nonNegative(at+"ArrivalRate", k.ArrivalRate), positive(at+"MeanService", k.MeanService),
			nonNegative(at+"ServiceSCV", k.ServiceSCV))
		if m.Servers <= 1 {
			continue
		}
		if k.MeanService != m.Classes[0].MeanService {
			errs = append(errs, &queueing.FieldError{Field: at + "MeanService", Got: k.MeanService,
				Want: "the mean of the first class: several servers need a common one"})
		}
		if k.ServiceSCV != 1 {
			errs = append(errs, &queueing.FieldError{Field: at + "ServiceSCV", Got: k.ServiceSCV,
				Want: "1: several servers need exponential service"})
		}
	}
	return errors.Join(errs...)
}

// load of the classes before k, and 1 minus it.
func (m Priority) load(k int) float64 {
	sum := 0.0
	for _, c := range m.Classes[:k] {
		sum += c.ArrivalRate * c.MeanService
	}
	if load := sum / float64(m.Servers); math.Abs(load-1) > queueing.Decimals {
		return load
	}
	return 1
}

// PerClass gives the measures of each class. A class is saturated when the
// classes up to it bring as much as the servers can do; those above it stay
// stable, with the saturated class always there to be in their way when
// service is not preemptive. Sustainable is the class's own largest rate,
// given the classes above it. Wq is the mean of the time not in service, PWait
// the share for which that time is not 0: those that find no server free for
// them and, with preemption, those that are interrupted.
func (m Priority) PerClass() ([]ClassMeasures, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	out := make([]ClassMeasures, len(m.Classes))
	for k, c := range m.Classes {
		out[k] = ClassMeasures{c.Name, m.class(k)}
	}
	return out, nil
}

func (m Priority) class(k int) Measures {
	c, servers := m.Classes[k], float64(m.Servers)
	above, upto := m.load(k), m.load(k+1)
	out := Measures{
		Sustainable: math.Max(0, 1-above) * servers / c.MeanService,
		Rho:         c.ArrivalRate * c.MeanService / servers, Busy: c.ArrivalRate * c.MeanService,
	}
	if upto >= 1 {
		inf := math.Inf(1)
		out.Status, out.PWait, out.Throughput = Saturated, 1, out.Sustainable
		out.Busy = out.Sustainable * c.MeanService
		out.L, out.Lq, out.W, out.Wq = inf, inf, inf, inf
		return out
	}
	if m.Preemptive {
		out.Wq = m.preemptive(k)
	} else {
		out.Wq = m.residual() / ((1 - above) * (1 - upto))
	}
	out.PWait = m.waitsAtAll(k)
	out.W = out.Wq + c.MeanService
	out.L, out.Lq = c.ArrivalRate*out.W, c.ArrivalRate*out.Wq
	out.Throughput = c.ArrivalRate
	return out
}

// held is the probability that every server is busy with the classes given.
func (m Priority) held(classes []Class) float64 {
	load := 0.0
	for _, c := range classes {
		load += c.ArrivalRate * c.MeanService
	}
	return ErlangC(float64(m.Servers), load)
}

// residual is the mean time until a server falls free, seen by an arrival
// (Kleinrock 1976, eq. 3.31, which gives W0/((1-above)(1-upto)) for the
// wait): E[S^2] summed over what is in service, or, with several servers,
// C/(c mu). The first saturated class fills what the ones above it leave.
func (m Priority) residual() float64 {
	if m.Servers > 1 {
		return m.held(m.Classes) * m.Classes[0].MeanService / float64(m.Servers)
	}
	sum, load := 0.0, 0.0
	for _, c := range m.Classes {
		mine := math.Min(c.ArrivalRate*c.MeanService, math.Max(0, 1-load))
		sum += mine * c.MeanService * (1 + c.ServiceSCV) / 2
		load += c.ArrivalRate * c.MeanService
	}
	return sum
}

// preemptive is the time that class k spends not in service. One server
// (Kleinrock 1976, eq. 3.39): E[S] above/(1-above) of interruptions beside
// the residual work of the classes up to k. Several: the classes up to k
// together are an M/M/c, whatever comes below them (J. P. Buzen & A. B.
// Bondi, Operations Research 31, 1983).
func (m Priority) preemptive(k int) float64 {
	above, upto := m.load(k), m.load(k+1)
	mean := m.Classes[k].MeanService
	if m.Servers == 1 {
		work := Priority{Classes: m.Classes[:k+1], Servers: 1}.residual()
		return mean*above/(1-above) + work/((1-above)*(1-upto))
	}
	return mean * queueSlope(float64(m.Servers), above, upto) / float64(m.Servers)
}

// queueSlope is the mean slope of Lq = rho C/(1-rho) of M/M/c between two
// loads. Where they are close it integrates the slope at each load instead of
// subtracting two nearly equal queues.
func queueSlope(c, from, to float64) float64 {
	queue := func(rho float64) float64 { return rho * ErlangC(c, c*rho) / (1 - rho) }
	slope := func(rho float64) float64 {
		return ErlangC(c, c*rho) / (1 - rho) * (1 + ErlangCElasticity(c, c*rho) + rho/(1-rho))
	}
	gap := to - from
	if gap > 0.05*math.Min(from, 1-to) {
		return (queue(to) - queue(from)) / gap
	}
	if gap*c <= 1e-9*from {
		return slope((from + to) / 2)
	}
	area, _ := panel(from, to, slope)
	return area / gap
}

// Measures of all classes together: Sustainable is the total rate, with the
// classes in their proportions, at which the last class saturates. W and Wq
// are means over the requests.
func (m Priority) Measures() (Measures, error) {
	classes, err := m.PerClass()
	if err != nil {
		return Measures{}, err
	}
	out := Measures{Rho: m.load(len(m.Classes))}
	rate, none := 0.0, 0.0
	for i, c := range classes {
		rate += m.Classes[i].ArrivalRate
		out.L, out.Lq = out.L+c.L, out.Lq+c.Lq
		out.Busy += c.Busy
		out.Throughput += c.Throughput
		none += m.Classes[i].ArrivalRate * c.PWait
	}
	out.Sustainable = ratio(rate, out.Rho)
	if rate > 0 {
		out.W, out.Wq, out.PWait = out.L/rate, out.Lq/rate, none/rate
	}
	if m.load(len(m.Classes)) >= 1 {
		out.Status = Saturated
		return out, nil
	}
	out.P0 = 1 - out.Rho
	if m.Servers > 1 {
		whole, err := MMc{rate, 1 / m.Classes[0].MeanService, m.Servers}.Measures()
		out.P0 = whole.P0
		return out, err
	}
	return out, nil
}

// Offered is the total rate of the classes.
func (m Priority) Offered() float64 {
	sum := 0.0
	for _, c := range m.Classes {
		sum += c.ArrivalRate
	}
	return sum
}

// AtRate scales every class by the same factor.
func (m Priority) AtRate(rate float64) Loaded {
	classes := make([]Class, len(m.Classes))
	factor := ratio(rate, m.Offered())
	for i, c := range m.Classes {
		c.ArrivalRate *= factor
		classes[i] = c
	}
	m.Classes = classes
	return m
}

// AtServers is the same queue with c servers.
func (m Priority) AtServers(c int) Staffed { m.Servers = c; return m }

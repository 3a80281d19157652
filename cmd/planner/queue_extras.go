package main

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"singlelane/queueing/steady"
)

// extras are what single models have beside the common measures.
func (a *queueAnswer) extras(m steady.Model) error {
	switch m := m.(type) {
	case zoneModel:
		rows, err := m.rows()
		a.rows = append(a.rows, rows...)
		return err
	case steady.GGc:
		by := "an approximation"
		if m.Used() == steady.Kingman {
			by = "an upper bound"
		}
		a.rows = append(a.rows, queueRow{key: "approximation", text: string(m.Used())})
		a.notes = append(a.notes, "the waits are "+by+" ("+string(m.Used())+"), the wait's law is taken as exponential above 0")
	case steady.BatchMM1:
		if low := math.Floor(m.BatchMean); low < m.BatchMean && m.Even() {
			a.notes = append(a.notes, fmt.Sprintf("batches are of %g or %g requests, as even as whole sizes can be", low, low+1))
		}
	case steady.MG1:
		a.notes = append(a.notes, "the law of the wait is that of "+lawWords(m))
		if m.Inverts() {
			a.notes = append(a.notes, "its probabilities come from a transform, with an error of about 1e-10")
		}
		return a.spreadOfWait(m)
	case steady.PS:
		return a.sharedSojourn(m)
	case steady.FiniteRetrial:
		return a.overloads(m)
	case steady.Retrial:
		orbit, err := m.InOrbit()
		a.rows = append(a.rows, queueRow{key: "orbit", value: orbit})
		return err
	case steady.Priority:
		classes, err := m.PerClass()
		a.addClasses(classes, "rho", "p_wait", "l", "lq", "w_s", "wq_s", "throughput_per_s")
		a.parted = &partedWaits{m.ClassWaitQuantile, m.ClassWaitTail}
		if last := len(m.Classes) - 1; m.Preemptive && slices.ContainsFunc(m.Classes[:last], func(c steady.Class) bool { return c.ServiceSCV == 0 }) {
			a.notes = append(a.notes, "interruptions of SCV 0 make waits of exactly their whole multiples likely: jumps of the law")
		}
		if m.Preemptive && m.Servers > 1 && len(m.Classes) > 1 {
			a.notes = append(a.notes, "the law of the wait is with the last to come of the lowest class making room, and going on first")
		}
		return err
	case steady.Jackson:
		stations, err := m.PerStation()
		a.bottleneck(m.Bottleneck(), m.Stations)
		a.addStations(stations)
		a.parted = &partedWaits{m.StationWaitQuantile, m.StationWaitTail}
		return err
	case steady.Closed:
		a.closedRows(m, *a.closed)
	case steady.MultiNetwork:
		x, err := m.Solve()
		a.rows = append(a.rows, queueRow{key: "thinking", value: x.Thinking})
		if x.Bottleneck >= 0 {
			a.rows = append(a.rows, queueRow{key: "bottleneck", text: m.Stations[x.Bottleneck].Name})
		}
		a.rows = append(a.rows, queueRow{key: "approximation", text: string(x.By)})
		a.addClasses(x.Classes, "l", "lq", "w_s", "wq_s", "throughput_per_s")
		gains, err2 := m.Gains()
		for r, gain := range gains {
			parts := a.groups[len(a.groups)-1].parts
			parts[r] = append(parts[r], queueRow{key: "last_customer_adds_per_s", value: gain})
		}
		a.addStations(x.Stations)
		return errors.Join(err, err2)
	}
	return nil
}

// unknownWaits says why a model has no quantiles of the wait.
func unknownWaits(m steady.Model) string {
	switch m := m.(type) {
	case steady.Priority:
		return "the classes differ; theirs are below"
	case steady.PS:
		return "nobody waits; those of the time in the system are above"
	case steady.Retrial, steady.FiniteRetrial:
		return "retries are served out of order"
	case steady.Jackson:
		return "requests overtake; those of one visit are below"
	case steady.Closed, steady.MultiNetwork:
		return "mean value analysis gives means"
	case steady.BatchMM1:
		if !m.HasWaitLaw() {
			return batchWords(m)
		}
	}
	return ""
}

// batchWords says which laws of the batch have a law of the wait.
func batchWords(m steady.BatchMM1) string {
	geometric := 1 - 1/m.BatchMean
	if m.Even() {
		return fmt.Sprintf("they are for even batches of up to %d requests, and for --batch-scv %.6g (geometric)", steady.LargestEvenBatch, geometric)
	}
	return fmt.Sprintf("mean and SCV do not give the batch's law; those of --batch-scv %.6g (as even as whole sizes can be) and %.6g (geometric) do",
		steady.LeastBatchSCV(m.BatchMean), geometric)
}

// sojournLevels are the quantiles of the sojourn where nobody waits.
var sojournLevels = []struct {
	key string
	p   float64
}{{"w_p50_s", 0.5}, {"w_p90_s", 0.9}, {"w_p99_s", 0.99}}

// sharedSojourn adds the quantiles of the sojourn at servers that are shared.
func (a *queueAnswer) sharedSojourn(m steady.PS) error {
	for _, q := range sojournLevels {
		t, err := m.SojournQuantile(q.p)
		if err != nil {
			return err
		}
		a.rows = append(a.rows, queueRow{key: q.key, value: t})
	}
	a.notes = append(a.notes, "the law of the time in the system is that of exponential service; all else holds for any")
	return nil
}

// spreadOfWait adds the standard deviation of the wait of M/G/1.
func (a *queueAnswer) spreadOfWait(m steady.MG1) error {
	second, err := m.WaitSecondMoment()
	if err != nil {
		return err
	}
	mean := a.row("wq_s").value
	sd := second
	if !math.IsInf(second, 1) {
		sd = math.Sqrt(math.Max(0, second-mean*mean))
	}
	a.rows = append(a.rows, queueRow{key: "wq_sd_s", value: sd})
	return nil
}

func lawWords(m steady.MG1) string {
	switch scv := m.Service.SCV(); {
	case scv == 0:
		return "service that always takes the same time"
	case scv < 1:
		return "gamma service with this mean and SCV"
	case scv > 1:
		return "hyperexponential service with balanced means and this SCV"
	}
	return "exponential service"
}

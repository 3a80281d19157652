package main

import (
	"sort"
	"strings"

	"singlelane/queueing/steady"
)

// queueModel is one calculator of planner queue.
type queueModel struct {
	name, line string
	rows       []string // the measures that the model has, by JSON key
	build      func(r *queueReader) steady.Model
	example    string
}

var (
	waitingRows = []string{"rho", "p0", "p_wait", "l", "lq", "w_s", "wq_s", "throughput_per_s"}
	lossRows    = []string{"rho", "utilisation", "p0", "p_wait", "p_block", "l", "lq", "w_s", "wq_s", "throughput_per_s"}
)

// queueModels in the order of the list that planner queue prints.
var queueModels = []queueModel{
	{"mm1", "one exponential server", waitingRows, func(r *queueReader) steady.Model {
		return steady.MM1{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate()}
	}, "--arrivals 9/s --service-rate 10/s"},
	{"mmc", "c exponential servers, one queue", waitingRows, buildMMc, "--arrivals 9/s --service-rate 4/s --servers 3"},
	{"mmck", "c exponential servers, at most K in the system", lossRows, func(r *queueReader) steady.Model {
		return steady.MMcK{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.count("servers", 1), Limit: r.requiredCount("limit")}
	}, "--arrivals 9/s --service-rate 4/s --servers 3 --limit 100"},
	{"mminf", "a server for everyone", []string{"p0", "l", "w_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.MMInf{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate()}
	}, "--arrivals 9/s --service-mean 2s"},
	{"erlang-b", "c servers and no queue: who finds all busy is lost", []string{"rho", "utilisation", "p0", "p_block", "l", "w_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.MMcc{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.servers()}
	}, "--arrivals 9/s --service-mean 2s --servers 25"},
	{"erlang-c", "the delay formula: mmc by another name", waitingRows, buildMMc, "--arrivals 9/s --service-mean 2s --target-wait 1s --target-level 80%"},
	{"erlang-a", "c exponential servers, waiting requests give up", []string{"rho", "utilisation", "p0", "p_wait", "p_abandon", "l", "lq", "w_s", "wq_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.ErlangA{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.servers(), Patience: r.required("patience")}
	}, "--arrivals 9/s --service-mean 2s --servers 18 --patience 30s"},
	{"mg1", "one server, any service law by two moments", waitingRows, func(r *queueReader) steady.Model {
		return steady.MG1{ArrivalRate: r.required("arrivals"), Service: steady.TwoMoments(1/r.serviceRate(), r.optional("service-scv", 1))}
	}, "--arrivals 9/s --service-rate 10/s --service-scv 4"},
	{"md1", "one server, every service takes the same time", waitingRows, func(r *queueReader) steady.Model {
		return steady.MD1(r.required("arrivals"), r.serviceRate())
	}, "--arrivals 9/s --service-rate 10/s"},
	{"mdc", "c servers, every service takes the same time", waitingRows, func(r *queueReader) steady.Model {
		return steady.MDc{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.servers()}
	}, "--arrivals 9/s --service-rate 4/s --servers 3"},
	{"ggc", "c servers, any arrivals and services by two moments (approximate)", []string{"rho", "p0", "p_wait", "l", "lq", "w_s", "wq_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.GGc{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), ArrivalSCV: r.optional("arrival-scv", 1),
			ServiceSCV: r.optional("service-scv", 1), Servers: r.count("servers", 1), By: steady.Approximation(r.approximation(approximationNames()))}
	}, "--arrivals 9/s --service-rate 4/s --servers 3 --arrival-scv 2 --service-scv 0.5"},
	{"priority", "classes, the first served first; one server, or c alike", waitingRows, func(r *queueReader) steady.Model {
		return steady.Priority{Classes: r.classes(), Servers: r.count("servers", 1), Preemptive: r.preemptive()}
	}, "--class name=urgent,arrivals=1/s,service-mean=200ms --class name=bulk,arrivals=2/s,service-mean=300ms"},
	{"repair", "finite sources: each fails, waits for one of c servers, and is up again", []string{"rho", "p0", "p_wait", "l", "lq", "w_s", "wq_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.Repair{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.count("servers", 1), Sources: r.requiredCount("sources")}
	}, "--arrivals 1/d --service-mean 2h --servers 2 --sources 20"},
	{"retrial", "c servers, refused or late requests wait in an orbit and try again", []string{"rho", "p0", "p_wait", "p_block", "l", "lq", "w_s", "wq_s", "throughput_per_s"}, buildRetrial,
		"--arrivals 9.5/s --service-rate 10/s --limit 200 --orbit-limit 20 --timeout 3s --retries 4"},
	{"batch", "one exponential server, requests come in batches", waitingRows, func(r *queueReader) steady.Model {
		mean := r.required("batch-mean")
		return steady.BatchMM1{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), BatchMean: mean, BatchSCV: r.optional("batch-scv", steady.LeastBatchSCV(mean))}
	}, "--arrivals 3/s --service-rate 10/s --batch-mean 3 --batch-scv 0.5"},
	{"ps", "c servers shared by all who are there", []string{"rho", "p0", "l", "w_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.PS{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.count("servers", 1)}
	}, "--arrivals 9/s --service-rate 10/s"},
	{"jackson", "an open network of c-server stations", []string{"rho", "p0", "l", "lq", "w_s", "wq_s", "throughput_per_s"}, func(r *queueReader) steady.Model {
		return steady.Jackson{ArrivalRate: r.required("arrivals"), Stations: r.stations()}
	}, "--arrivals 4/s --station name=api,service-mean=100ms,servers=1 --station name=db,service-mean=50ms,visits=3"},
	{"mva", "a closed network: customers go round its stations", []string{"l", "lq", "w_s", "wq_s", "throughput_per_s"}, buildMVA, "--customers 20 --think 5s --station name=cpu,service-mean=100ms --station name=disk,service-mean=50ms,visits=4"},
	{"zones", "k out of n zones have to be up: how often fewer are", nil, buildZones, "--zones 3 --needed 2 --unavailability 0.1% --common-cause 10%"},
}

func buildMMc(r *queueReader) steady.Model {
	return steady.MMc{ArrivalRate: r.required("arrivals"), ServiceRate: r.serviceRate(), Servers: r.servers()}
}

func queueModelNamed(name string) *queueModel {
	for i := range queueModels {
		if queueModels[i].name == name {
			return &queueModels[i]
		}
	}
	return nil
}

func queueModelNames() []string {
	var names []string
	for _, m := range queueModels {
		names = append(names, m.name)
	}
	return names
}

// takes lists the flags that the model asks for, by building it from nothing.
func (m *queueModel) takes() string {
	r := queueReader{in: newQueueInput(), model: m.name, used: map[string]bool{}}
	built := m.build(&r)
	noteQuestions(&r, built)
	var names []string
	for name, used := range r.used {
		if used && !strings.Contains(name, ".") {
			names = append(names, "--"+name)
		}
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

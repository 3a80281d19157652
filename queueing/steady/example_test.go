package steady_test

import (
	"fmt"

	"singlelane/queueing"
	"singlelane/queueing/steady"
)

// A gateway forwards 125 packets/s and takes 2 ms for each (R. Jain, The Art
// of Computer Systems Performance Analysis, 1991, example 31.2): 0.33 packets
// in it, 2.66 ms each, and more than 12 packets with a probability of 1.5e-8.
func ExampleMM1() {
	gateway := steady.MM1{ArrivalRate: 125, ServiceRate: 500}
	x, err := gateway.Measures()
	if err != nil {
		panic(err)
	}
	states, err := gateway.States(12)
	if err != nil {
		panic(err)
	}
	fmt.Printf("rho %.2f, L %.3f, W %.2f ms\n", x.Rho, x.L, 1000*x.W)
	fmt.Printf("P(12) %.2e\n", states[12])
	// Output:
	// rho 0.25, L 0.333, W 2.67 ms
	// P(12) 4.47e-08
}

// Gross and Harris' eye clinic: 6 patients an hour, 20 minutes each, three
// doctors. p0 = 1/9, Lq = 8/9, a wait of 4/27 h.
func ExampleMMc() {
	clinic := steady.MMc{ArrivalRate: 6, ServiceRate: 3, Servers: 3}
	x, err := clinic.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("p0 %.4f, Lq %.4f, Wq %.1f min, W %.1f min\n", x.P0, x.Lq, 60*x.Wq, 60*x.W)
	// Output: p0 0.1111, Lq 0.8889, Wq 8.9 min, W 28.9 min
}

// Gross and Harris' inspection station: three stalls, room for four cars to
// wait, a car a minute, six minutes each. p0 = 0.00088, Lq = 3.09, L = 6.06.
func ExampleMMcK() {
	station := steady.MMcK{ArrivalRate: 1, ServiceRate: 1.0 / 6, Servers: 3, Limit: 7}
	x, err := station.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("p0 %.5f, Lq %.2f, L %.2f, turned away %.1f an hour\n", x.P0, x.Lq, x.L, 60*x.PBlock)
	// Output: p0 0.00088, Lq 3.09, L 6.06, turned away 30.3 an hour
}

// The Erlang B table's 20 trunks at 2 % loss carry 13.18 erlang offered.
func ExampleErlangB() {
	fmt.Printf("%.4f\n", steady.ErlangB(20, 13.18))
	fmt.Printf("%.2f trunks would do exactly\n", steady.ErlangBServers(13.18, 0.02))
	// Output:
	// 0.0200
	// 20.00 trunks would do exactly
}

// Ten thousand servers, 90 % busy: a probability that naive sums lose.
func ExampleErlangC() {
	fmt.Printf("%.10e\n", steady.ErlangC(10_000, 9_000))
	fmt.Printf("e^%.1f at 50 %%\n", steady.LogErlangC(10_000, 5_000))
	// Output:
	// 2.0916197944e-25
	// e^-1936.3 at 50 %
}

// A self-service hall: the number there is Poisson whatever the service law.
func ExampleMMInf() {
	x, err := steady.MMInf{ArrivalRate: 9, ServiceRate: 0.5}.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Println(x.L, "there,", x.W, "s each")
	// Output: 18 there, 2 s each
}

// A call centre under its load: those who give up keep it stable.
func ExampleErlangA() {
	centre := steady.ErlangA{ArrivalRate: 9, ServiceRate: 0.5, Servers: 16, Patience: 30}
	x, err := centre.Measures()
	if err != nil {
		panic(err)
	}
	tail, err := centre.WaitTail(5)
	if err != nil {
		panic(err)
	}
	fmt.Printf("rho %.3f, %.1f %% give up, %.2f s in the queue, over 5 s: %.1f %%\n", x.Rho, 100*x.PAbandon, x.Wq, 100*tail)
	// Output: rho 1.125, 11.4 % give up, 3.41 s in the queue, over 5 s: 20.0 %
}

// Fixed service halves the wait of exponential service, by Pollaczek and
// Khinchine; SCV 4 makes it two and a half times as long.
func ExampleMG1() {
	for _, scv := range []float64{0, 1, 4} {
		m := steady.MG1{ArrivalRate: 9, Service: steady.TwoMoments(0.1, scv)}
		x, err := m.Measures()
		if err != nil {
			panic(err)
		}
		p99, err := m.WaitQuantile(0.99)
		if err != nil {
			panic(err)
		}
		fmt.Printf("SCV %g: %.2f s, 99 %% within %.2f s\n", scv, x.Wq, p99)
	}
	// Output:
	// SCV 0: 0.45 s, 99 % within 2.19 s
	// SCV 1: 0.90 s, 99 % within 4.50 s
	// SCV 4: 2.25 s, 99 % within 11.78 s
}

// The 'half of M/M/c' rule is off by some per cent for several servers.
func ExampleMDc() {
	exact, err := steady.MDc{ArrivalRate: 1.8, ServiceRate: 1, Servers: 2}.Measures()
	if err != nil {
		panic(err)
	}
	exponential, err := steady.MMc{ArrivalRate: 1.8, ServiceRate: 1, Servers: 2}.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("exact %.5f s, half of M/M/2 %.5f s\n", exact.Wq, exponential.Wq/2)
	// Output: exact 2.14692 s, half of M/M/2 2.13158 s
}

// Four answers to the same two moments.
func ExampleGGc() {
	for _, by := range steady.Approximations() {
		x, err := steady.GGc{ArrivalRate: 9, ServiceRate: 4, ArrivalSCV: 0.5, ServiceSCV: 2, Servers: 3, By: by}.Measures()
		if err != nil {
			panic(err)
		}
		fmt.Printf("%s %.1f ms\n", by, 1000*x.Wq)
	}
	// Output:
	// whitt 215.0 ms
	// allen-cunneen 236.6 ms
	// klb 231.4 ms
	// kingman 1111.1 ms
}

// Two classes at one server: the bulk waits five times as long (Cobham).
func ExamplePriority() {
	lane := steady.Priority{Servers: 1, Classes: []steady.Class{
		{Name: "urgent", ArrivalRate: 1, MeanService: 0.2, ServiceSCV: 1},
		{Name: "bulk", ArrivalRate: 2, MeanService: 0.3, ServiceSCV: 1},
	}}
	classes, err := lane.PerClass()
	if err != nil {
		panic(err)
	}
	for _, c := range classes {
		fmt.Printf("%s waits %.3f s\n", c.Name, c.Wq)
	}
	// Output:
	// urgent waits 0.275 s
	// bulk waits 1.375 s
}

// Twenty machines, two repairers.
func ExampleRepair() {
	x, err := steady.Repair{ArrivalRate: 1.0 / 24, ServiceRate: 0.5, Servers: 2, Sources: 20}.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f down on average, each for %.2f h\n", x.L, x.W)
	// Output: 2.49 down on average, each for 3.41 h
}

// One server without a queue whose refused requests come back: the orbit's
// mean is rho (rho + lambda delay) / (1-rho) (Falin & Templeton 1997).
func ExampleRetrial() {
	m := steady.Retrial{ArrivalRate: 0.5, ServiceRate: 1, Servers: 1, Limit: 1, RetryDelay: 1}
	orbit, err := m.InOrbit()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.6f in the orbit\n", orbit)
	// Output: 1.000000 in the orbit
}

// Batches of three: L = rho (1+3) / (2 (1-rho)).
func ExampleBatchMM1() {
	x, err := steady.BatchMM1{ArrivalRate: 0.2, ServiceRate: 1, BatchMean: 3}.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("L %.2f at rho %.1f\n", x.L, x.Rho)
	// Output: L 3.00 at rho 0.6
}

// Sharing stretches every request by the same factor, whatever its size.
func ExamplePS() {
	slow, err := steady.PS{ArrivalRate: 9, ServiceRate: 10, Servers: 1}.Slowdown()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.1f times as long as alone\n", slow)
	// Output: 10.0 times as long as alone
}

// A request goes to the database after 80 % of its visits to the front and
// comes back from there half of the time.
func ExampleJackson() {
	visits, err := steady.Visits([]float64{1, 0}, [][]float64{{0, 0.8}, {0.5, 0}})
	if err != nil {
		panic(err)
	}
	network := steady.Jackson{ArrivalRate: 4, Stations: []steady.Station{
		{Name: "front", MeanService: 0.1, Servers: 1, Visits: visits[0]},
		{Name: "database", MeanService: 0.05, Servers: 1, Visits: visits[1]},
	}}
	x, err := network.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("visits %.3f, W %.3f s, at most %.1f/s by %s\n", visits, x.W, x.Sustainable, network.Stations[network.Bottleneck()].Name)
	// Output: visits [1.667 1.333], W 0.591 s, at most 6.0/s by front
}

// Three interactive users of a CPU and two disks, 15 s of thinking.
func ExampleClosed() {
	network := steady.Closed{Customers: 3, Think: 15, Stations: []steady.Station{
		{Name: "cpu", MeanService: 0.605, Servers: 1, Visits: 1},
		{Name: "disk 1", MeanService: 0.030, Servers: 1, Visits: 70},
		{Name: "disk 2", MeanService: 0.027, Servers: 1, Visits: 50},
	}}
	x, err := network.Solve()
	if err != nil {
		panic(err)
	}
	b, err := network.BalancedBounds()
	if err != nil {
		panic(err)
	}
	fmt.Printf("X %.4f/s, R %.3f s, between %.3f and %.3f s\n", x.Throughput, x.Response, b.ResponseLow, b.ResponseHigh)
	// Output: X 0.1515/s, R 4.800 s, between 4.630 and 5.936 s
}

// Interactive and batch work at one system (H. Schwetman, Purdue CSD-TR-355,
// 1982, table 5): 15 APL users who think for 1 s, 5 IMS users for 15 s.
func ExampleMultiNetwork() {
	network := steady.MultiNetwork{
		Classes: []steady.ClosedClass{{Name: "apl", Customers: 15, Think: 1}, {Name: "ims", Customers: 5, Think: 15}},
		Stations: []steady.SharedStation{
			{Name: "system", MeanService: []float64{0.025, 0.5}, Visits: []float64{1, 1}},
		},
	}
	x, err := network.Solve()
	if err != nil {
		panic(err)
	}
	for _, c := range x.Classes {
		fmt.Printf("%s %.3f/s, %.3f s\n", c.Name, c.Throughput, c.W)
	}
	fmt.Printf("%s is %.1f %% busy\n", x.Stations[x.Bottleneck].Name, 100*x.Whole().Rho)
	// Output:
	// apl 14.323/s, 0.047 s
	// ims 0.314/s, 0.934 s
	// system is 51.5 % busy
}

// Two classes: exact, and by the two approximations.
func ExampleMultiClosed() {
	m := steady.MultiClosed{Customers: []int{4, 6}, Think: []float64{2, 0}, Demands: [][]float64{{0.3, 0.2}, {0.1, 0.4}}}
	exact, err := m.Exact()
	if err != nil {
		panic(err)
	}
	linearizer, err := m.Linearizer()
	if err != nil {
		panic(err)
	}
	schweitzer, err := m.Schweitzer()
	if err != nil {
		panic(err)
	}
	fmt.Printf("exact %.4f, linearizer %.4f, schweitzer %.4f\n", exact.Throughput, linearizer.Throughput, schweitzer.Throughput)
	// Output: exact [0.9829 2.0078], linearizer [0.9830 2.0050], schweitzer [0.9806 1.9516]
}

// The square-root rule against the exact formula.
func ExampleSquareRootServers() {
	for _, load := range []float64{10, 1000, 100_000} {
		rule := steady.SquareRootServers(load, 0.2)
		fmt.Printf("%g erlang: rule %d, exact %d\n", load, rule.Servers, steady.ErlangCServers(load, 0.2))
	}
	// Output:
	// 10 erlang: rule 14, exact 14
	// 1000 erlang: rule 1034, exact 1034
	// 100000 erlang: rule 100336, exact 100337
}

// Three zones of 99.9 %, two of which have to be up; one failure in ten
// takes them all.
func ExampleZones() {
	for _, common := range []float64{0, 0.1} {
		nines, err := steady.Zones{Count: 3, Needed: 2, Unavailability: 0.001, CommonCause: common}.Nines()
		if err != nil {
			panic(err)
		}
		fmt.Printf("common cause %g: %.2f nines\n", common, nines)
	}
	// Output:
	// common cause 0: 5.52 nines
	// common cause 0.1: 3.99 nines
}

// What the wait needs: the fewest servers, and the largest safe rate.
func ExampleFewestServers() {
	lane := steady.MMc{ArrivalRate: 9, ServiceRate: 0.5, Servers: 21}
	goal := steady.WaitWithin(1, 0.8) // 80 % wait no longer than a second
	c, err := steady.FewestServers(lane, goal)
	if err != nil {
		panic(err)
	}
	rate, err := steady.LargestRate(lane, goal)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d servers, good up to %.3f/s\n", c, rate)
	// Output: 21 servers, good up to 9.482/s
}

// A lognormal service law: its wait by transform inversion.
func ExampleMG1_WaitTail() {
	m := steady.MG1{ArrivalRate: 0.7, Service: queueing.Lognormal{MeanTime: 1, Variability: 2}}
	for _, t := range []float64{0, 1, 10} {
		p, err := m.WaitTail(t)
		if err != nil {
			panic(err)
		}
		fmt.Printf("P(wait > %g s) %.4f\n", t, p)
	}
	// Output:
	// P(wait > 0 s) 0.7000
	// P(wait > 1 s) 0.5267
	// P(wait > 10 s) 0.0997
}

// The grocery of D. Gross and C. M. Harris (Fundamentals of Queueing Theory,
// 3rd ed. 1998, example 4.1, p. 170): 40 customers an hour, 4 minutes each at
// one of four counters, wait for 1.14 minutes.
func ExampleMMc_Measures() {
	x, err := steady.MMc{ArrivalRate: 40.0 / 60, ServiceRate: 1.0 / 4, Servers: 4}.Measures()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.2f minutes\n", x.Wq)
	// Output: 1.14 minutes
}

// A CPU and two disks under 0.3 jobs/s (Lazowska et al. 1984, p. 113): the
// CPU sees 36.3 visits/s, is 18.2 % busy and holds 0.222 jobs.
func ExampleJackson_PerStation() {
	system := steady.Jackson{ArrivalRate: 0.3, Stations: []steady.Station{
		{Name: "cpu", MeanService: 0.005, Servers: 1, Visits: 121},
		{Name: "disk 1", MeanService: 0.030, Servers: 1, Visits: 70},
		{Name: "disk 2", MeanService: 0.027, Servers: 1, Visits: 50},
	}}
	stations, err := system.PerStation()
	if err != nil {
		panic(err)
	}
	cpu := stations[0]
	fmt.Printf("%s: %.1f visits/s, %.2f %% busy, %.3f jobs\n", cpu.Name, cpu.Throughput, 100*cpu.Rho, cpu.L)
	// Output: cpu: 36.3 visits/s, 18.15 % busy, 0.222 jobs
}

// The central server of Bolch et al. (1998, example 8.3, p. 331) with six
// jobs: 9.920 jobs/s, and 0.244, 2.261, 2.261 and 1.234 of them at the stations.
func ExampleClosed_Solve() {
	x, err := steady.Closed{Customers: 6, Stations: []steady.Station{
		{Name: "cpu", MeanService: 0.02, Servers: 1, Visits: 1},
		{Name: "disk 1", MeanService: 0.2, Servers: 1, Visits: 0.4},
		{Name: "disk 2", MeanService: 0.4, Servers: 1, Visits: 0.2},
		{Name: "disk 3", MeanService: 0.6, Servers: 1, Visits: 0.1},
	}}.Solve()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.3f/s\n", x.Throughput)
	for _, s := range x.Stations {
		fmt.Printf("%s %.3f\n", s.Name, s.L)
	}
	// Output:
	// 9.920/s
	// cpu 0.244
	// disk 1 2.261
	// disk 2 2.261
	// disk 3 1.234
}

// One customer of each of two classes (Lazowska et al. 1984, p. 142): 3/19
// and 2/19 rounds/s, and 15/19 of the first class at the disk.
func ExampleMultiClosed_Exact() {
	x, err := steady.MultiClosed{Customers: []int{1, 1}, Think: []float64{0, 0}, Demands: [][]float64{{1, 3}, {2, 4}}}.Exact()
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.4f/19 and %.4f/19, at the disk %.4f/19\n", 19*x.Throughput[0], 19*x.Throughput[1], 19*x.Queue[0][1])
	// Output: 3.0000/19 and 2.0000/19, at the disk 15.0000/19
}

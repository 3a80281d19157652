package queueing
import ("testing";"time";"fmt")
func TestDbg(t *testing.T) {
	for _, c := range []struct{n, back int; s Service; idle bool}{ {2400,0,Gamma{.1,1/2.5},true}} {
		held := Pool{Instances:c.n, Requests:1, Start:120, Held:true, Delay: ExponentialDelay{180}}
		srcs := []Source{Steady{4}, held}
		if c.back>0 { srcs = append(srcs, Batch{c.back,0}) } else { srcs = append(srcs, Steady{.1}) }
		l := laneOf(t, Config{Servers:1, Service:c.s, Backlog:c.back, Target: Target{Idle:c.idle, Waiting: 0}, Arrivals: arrivalsOf(t, srcs...)})
		p, err := newProblem(l, SolveOptions{})
		if err != nil { t.Fatal(err) }
		p.effort = newEffort(chainEffort)
		t0 := time.Now()
		d, err := p.byVolterra()
		fmt.Println(c.n, c.back, c.s, c.idle, "begin", p.begin, d.AbsError, err, time.Since(t0))
	}
}
func mustLogn(m, v float64) Service { return Lognormal{m, v} }

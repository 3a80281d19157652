package fit

import (
	"bytes"
	"math"
	"testing"

	"singlelane/cmd/planner/internal/fit/trace"
)

// FuzzFit: whatever the numbers of a trace, fitting ends, and what it finds is
// finite and in order.
func FuzzFit(f *testing.F) {
	for _, s := range []string{
		"arrival,start,end\n0,0,1\n1,1,2\n2,2,3\n3,3,4\n4,4,5\n5,5,6\n6,6,7\n7,7,8\n8,8,9\n9,9,10\n10,10,12\n",
		"arrival,start,end\n0,0,0\n0,0,0\n1,1,1\n1,1,1\n1,1,1\n2,2,2\n2,2,2\n2,2,2\n3,3,3\n3,3,3\n3,4e6,4e6\n",
		"start,end\n1,2\n1,2.5\n1,3\n2,9\n2,9\n2,9\n7,9\n7,9\n8,8\n9,9\n9,9.1\n",
		"time,depth,completed\n0,300,0\n60,282,61\n120,264,119\n180,251,180\n240,228,241\n300,209,299\n360,190,362\n",
		"time,arrivals\n0,5\n1,0\n2,0\n3,9000\n4,5\n5,1\n6,0\n7,1e15\n",
		"arrival\n0\n1\n2\n3\n3\n3\n4\n5\n6\n7\n90000000\n",
	} {
		f.Add([]byte(s), uint8(0), 0.0)
	}
	f.Fuzz(func(t *testing.T, data []byte, servers uint8, incident float64) {
		tr, err := trace.Read("log", bytes.NewReader(data), trace.Options{MaxRows: 500})
		if err != nil {
			return
		}
		if incident < 0 || incident > 1e10 {
			incident = math.NaN()
		}
		o := Options{Servers: int(servers), Incident: incident}
		found := (*Fit)(nil)
		if tr.Series != nil {
			found = Series(tr, o)
		} else {
			found = Requests(tr, o)
		}
		sound(t, found)
	})
}

// sound holds a fit against what its doc comments promise.
func sound(t *testing.T, f *Fit) {
	positive := func(what string, r Range, least float64) {
		if !(r.Value >= least) || math.IsInf(r.Value, 0) || r.Known() && !(r.Lo <= r.Value*(1+1e-9) && r.Value <= r.Hi*(1+1e-9) && r.Lo >= 0) {
			t.Fatalf("%s: %+v", what, r)
		}
	}
	if a := f.Arrivals; a != nil {
		positive("rate", a.Rate, 0)
		if s := a.Surge; s != nil {
			positive("count", s.Count, 0)
			positive("delay", s.Delay, 0)
		}
	}
	if s := f.Service; s != nil {
		positive("service", s.Mean, 1e-10)
		positive("SCV", s.SCV, 0)
		if err := s.Queueing().Validate(); err != nil {
			t.Fatal(err)
		}
	}
	if f.Servers != nil && f.Servers.Count < 1 {
		t.Fatalf("%+v", f.Servers)
	}
	if times, in := f.Model(); len(times) != len(in) {
		t.Fatal("times without values")
	}
}

package montecarlo

import (
	"bytes"
	"context"
	"errors"
	"math"
	"runtime"
	"testing"

	"singlelane/queueing"
)

// mostRead is more memory than reading a span may take, bytes, whatever it
// says that it holds; how long its columns are the simulation knows. What the
// tests run beside takes some of it.
const mostRead = 1 << 20

// memoryFor is how many bytes doing something takes, and those of whatever
// else runs at the time.
func memoryFor(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// FuzzColumn reads any bytes as a column, verdicts and a count of waits. It
// takes no memory for what they claim, and what it makes of them comes back the
// same when it is kept in turn.
func FuzzColumn(f *testing.F) {
	add := func(n int, v ...float64) {
		var w spanWriter
		w.column(v)
		w.verdicts(make([]Verdict, n))
		waits := newWaits()
		for _, x := range v {
			waits.add(x)
		}
		waits.write(&w)
		f.Add(uint8(n), w.b)
	}
	add(3, 0, 0, 0)
	add(3, 1, 2, 300)
	add(3, 0.5, 7, 1e9)
	add(0)
	f.Add(uint8(255), []byte{wholeColumn, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add(uint8(255), []byte{sameColumn, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f})
	f.Fuzz(func(t *testing.T, n uint8, data []byte) {
		column, verdicts, waits := make([]float64, n), make([]Verdict, n), newWaits()
		read := func(r *spanReader) error {
			r.column(column)
			r.verdicts(len(verdicts), func(i int, v Verdict) { verdicts[i] = v })
			waits.read(r)
			return r.end()
		}
		var err error
		if took := memoryFor(func() { err = read(&spanReader{b: data}) }); took > mostRead {
			t.Fatalf("%d bytes took %d to read", len(data), took)
		}
		if err != nil {
			return
		}
		write := func() []byte {
			var w spanWriter
			w.column(column)
			w.verdicts(verdicts)
			waits.write(&w)
			return w.b
		}
		kept := write()
		waits = newWaits()
		if err := read(&spanReader{b: kept}); err != nil {
			t.Fatalf("what was read and is kept again is refused: %v", err)
		}
		if again := write(); !bytes.Equal(again, kept) {
			t.Errorf("kept %x, and then %x", kept, again)
		}
	})
}

// FuzzSpan has any bytes recalled as the one span of a simulation, of drain
// times or of followed storms: an error that names the span, or an answer with
// as many storms as were asked for, whose numbers can be ordered.
func FuzzSpan(f *testing.F) {
	const storms = 4
	config := queueing.Config{Backlog: 5, Servers: 1, Service: queueing.Exponential{MeanTime: 1. / 3}}
	lane := laneOf(f, config, queueing.Steady{PerSecond: 2})
	ask := func(followed bool, m Memory) (times Outcomes, requests int64, err error) {
		o := Options{Seed: 3, Replications: storms, Horizon: 600, Workers: 1, Peaks: true, Memory: m}
		if !followed {
			d, err := Drains(context.Background(), []*queueing.Lane{lane}, o)
			if err != nil {
				return nil, 0, err
			}
			return d.Times(), 0, nil
		}
		p, err := FollowPaths(context.Background(), []*queueing.Lane{lane}, PathOptions{Grid: []float64{0, 5}, Options: o})
		if err != nil {
			return nil, 0, err
		}
		return p.Drain, p.Streams[0].Wait.N(), nil
	}
	for _, followed := range []bool{false, true} {
		b := newNotebook(0, 1)
		if _, _, err := ask(followed, b); err != nil {
			f.Fatal(err)
		}
		for _, data := range b.kept {
			f.Add(followed, data)
			f.Add(followed, data[:len(data)/2])
		}
	}
	f.Fuzz(func(t *testing.T, followed bool, data []byte) {
		b := newNotebook(0, 1)
		b.kept[Span{drainsKind, 0, storms}], b.kept[Span{pathsKind, 0, storms}] = data, data
		var kept *KeptError
		times, requests, err := ask(followed, b)
		switch {
		case errors.As(err, &kept):
		case err != nil:
			t.Fatal(err)
		case b.recall != 1 || len(times) != storms || requests < 0:
			t.Errorf("%d spans recalled, %d storms, %d requests", b.recall, len(times), requests)
		}
		for i, x := range times {
			if math.IsNaN(x) || x < 0 || i > 0 && x < times[i-1] {
				t.Errorf("drain times %v", times)
			}
		}
	})
}

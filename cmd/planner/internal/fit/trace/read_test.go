package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func read(t *testing.T, text string, o Options) *Trace {
	t.Helper()
	tr, err := Read("log.csv", strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// TestSameLogInManyForms reads one log of three requests in every form that
// tells the same, out of order too.
func TestSameLogInManyForms(t *testing.T) {
	want := &Requests{Arrival: []int64{0, 500e6, 2e9}, Start: []int64{0, 1500e6, 2e9}, End: []int64{1500e6, 3500e6, 2250e6}}
	forms := map[string]string{
		"dates":         "arrival,start,end\n2012-06-29T20:04:00Z,2012-06-29T20:04:00Z,2012-06-29T20:04:01.5Z\n2012-06-29T20:04:00.5Z,2012-06-29T20:04:01.5Z,2012-06-29T20:04:03.5Z\n2012-06-29T20:04:02Z,2012-06-29T20:04:02Z,2012-06-29T20:04:02.25Z\n",
		"out of order":  "end,start,arrival\n2250,2000,2000\n1500,0,0\n3500,1500,500\n",
		"Unix seconds":  "Arrival Time,Start Time,End Time\n1341000240,1341000240,1341000241.5\n1341000240.5,1341000241.5,1341000243.5\n1341000242,1341000242,1341000242.25\n",
		"Unix millis":   "arrived_at,started_at,finished_at\n1341000240000,1341000240000,1341000241500\n1341000240500,1341000241500,1341000243500\n1341000242000,1341000242000,1341000242250\n",
		"tabs":          "arrival\tstart\tend\n10\t10\t11.5\n10.5\t11.5\t13.5\n12\t12\t12.25\n",
		"waits":         "arrival,wait,service\n10,0,1.5\n10.5,1,2\n12,0,0.25\n",
		"waits in ms":   "id,arrival,wait_ms,service_ms\na,10,0,1500\nb,10.5,1000,2000\nc,12,0,250\n",
		"units in cell": "arrival,wait,service\n10,0s,1.5s\n10.5,1s,2000ms\n12,0s,250ms\n",
		"end, service":  "arrival,end,service\n10,11.5,1.5\n10.5,13.5,2\n12,12.25,0.25\n",
		"mark, CRLF":    "\xef\xbb\xbfarrival;start;end\r\n10;10;11.5\r\n10.5;11.5;13.5\r\n12;12;12.25\r\n",
		"zones":         "arrival,start,end\n2012-06-29T22:04:00+02:00,2012-06-29T22:04:00+02:00,2012-06-29T20:04:01.5Z\n2012-06-29T20:04:00.5Z,2012-06-29T20:04:01.5Z,2012-06-29T20:04:03.5Z\n2012-06-29T20:04:02Z,2012-06-29T20:04:02Z,2012-06-29T20:04:02.25Z\n",
	}
	for name, text := range forms {
		t.Run(name, func(t *testing.T) {
			if name == "out of order" {
				text = strings.NewReplacer("2250", "2.25", "2000", "2", "1500", "1.5", "3500", "3.5", "500", "0.5").Replace(text)
			}
			tr := read(t, text, Options{MixedZones: true})
			got := *tr.Requests
			got.Resolution = 0
			if d := cmp.Diff(want, &got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestGzip(t *testing.T) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	fmt.Fprint(z, "arrival,start,end\n")
	for i := range 5000 {
		fmt.Fprintf(z, "%d,%d,%d\n", i, i, i+1)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	tr, err := Read("log.csv.gz", bytes.NewReader(b.Bytes()), Options{})
	if err != nil || tr.Rows != 5000 {
		t.Fatal(tr, err)
	}
	for cut := 1; cut < b.Len(); cut += 97 {
		_, err := Read("log.csv.gz", bytes.NewReader(b.Bytes()[:cut]), Options{})
		var f *Faults
		if !errors.As(err, &f) {
			t.Fatalf("cut at %d of %d: %v", cut, b.Len(), err)
		}
		if cut > b.Len()/2 && (f.First[0].Line < 2 || !strings.Contains(err.Error(), "cut off")) {
			t.Fatalf("cut at %d of %d: %v", cut, b.Len(), err)
		}
	}
}

// TestBrokenFiles holds each fault against the message that names its row.
func TestBrokenFiles(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":             {"", "log.csv: is empty"},
		"heading alone":     {"arrival,start,end\n", "log.csv: has no rows below its heading"},
		"no heading":        {"1,2,3\n4,5,6\n", "log.csv:1: the first line is data, not names of columns"},
		"no known column":   {"colour,size\nred,2\n", "log.csv:1: no column is known by its name among colour, size"},
		"missing columns":   {"end,service_s\n", "log.csv:1: neither the arrival nor the start of a request is among the columns end, service_s"},
		"NaN":               {"arrival,start,end\n1,NaN,3\n", "log.csv:2: start: NaN is not a finite number"},
		"infinite":          {"arrival,start,end\n1,2,+Inf\n", "log.csv:2: end: +Inf is not a finite number"},
		"huge":              {"arrival,start,end\n1,2,1e999\n", "log.csv:2: end: 1e999 is too large"},
		"word":              {"arrival,start,end\n1,2,3\nsoon,2,3\n", "log.csv:3: arrival: soon is not a number"},
		"ends early":        {"arrival,start,end\n1,2,3\n1,2,1.5\n", "log.csv:3: ends 0.5 s before it starts"},
		"starts early":      {"arrival,start,end\n1,0.5,3\n", "log.csv:2: starts 0.5 s before it arrives"},
		"negative duration": {"arrival,wait,service\n1,-0.5,3\n1,2,-3\n", "log.csv:2: wait: -0.5 is a negative duration\nlog.csv:3: service: -3 is a negative duration"},
		"named twice":       {"arrival,start,arrival,end\n1,2,3,4\n", "log.csv:1: two columns are named arrival"},
		"no status":         {"{}", "log.csv: is not an answer of Prometheus: it has no status"},
		"no zone":           {"arrival,start,end\n2012-06-29T20:04:00Z,2012-06-29T20:04:00,2012-06-29T20:04:01Z\n", "log.csv:2: start: 2012-06-29T20:04:00 and the dates before it: only some name their time zone"},
		"other zone":        {"arrival,start,end\n2012-06-29T20:04:00Z,2012-06-29T20:04:00Z,2012-06-29T20:04:01Z\n2012-06-29T22:04:00+02:00,2012-06-29T20:04:00Z,2012-06-29T20:04:01Z\n", "log.csv:3: arrival: 2012-06-29T22:04:00+02:00 is in another time zone than the dates before it"},
		"date and number":   {"arrival,start,end\n2012-06-29T20:04:00Z,1341000240,1341000241\n", "log.csv:2: start: 1341000240 is a number, the instants before it are dates\nlog.csv:2: end: 1341000241 is a number, the instants before it are dates"},
		"no such day":       {"arrival,start,end\n2012-06-31T20:04:00Z,,\n", "log.csv:2: arrival: 2012-06-31T20:04:00Z is not a date"},
		"short row":         {"arrival,start,end\n1,2,3\n1,2\n", "log.csv:3: has 2 columns, the heading has 3"},
		"formula":           {"arrival,\"=HYPERLINK(\"\"http://x\"\")\",end\n1,2,3\n", "log.csv:1: column 2 is named =HYPERLINK(\"http://x\")"},
		"escape in a cell":  {"arrival,start,end\n\x1b[31m1,2,3\n", `log.csv:2: arrival: "\x1b[31m1" is not a number`},
		"bare quote":        {"arrival,start,end\n1,2\"x,3\n", `log.csv:2: is not a row: bare " in non-quoted-field`},
		"not text":          {"a\x00b", "log.csv: is not text"},
		"no arrival":        {"arrival,start,end\n,2,3\n", "log.csv:2: arrival: is empty"},
		"depth back":        {"time,depth\n1,2\n0,3\n", "log.csv:3: time: lies before the row above it"},
		"depth twice":       {"time,depth\n1,2\n1,3\n", "log.csv:3: time: is the same instant as the row before"},
		"depth negative":    {"time,depth\n1,2\n2,-3\n", "log.csv:3: depth: -3 is negative"},
		"depth NaN":         {"time,depth\n1,2\n2,NaN\n", "log.csv:3: depth: NaN is not a finite number"},
		"one depth":         {"time,depth\n1,2\n", "log.csv: has 1 rows, a series needs at least 2"},
		"not an answer":     {`{"status":"error","errorType":"bad_data","error":"parse error"}`, "log.csv: Prometheus answered error: parse error"},
		"instant vector":    {`{"status":"success","data":{"resultType":"vector","result":[]}}`, "log.csv: the answer is a vector, want a matrix"},
		"half an answer":    {`{"status":"success","data":{"resultType":"matrix","result":[{"met`, "log.csv: the JSON ends too early"},
		"swf short":         {"; Version: 2.2\n1 2 3\n", "log.csv:2: has 3 fields, the Standard Workload Format has 18"},
		"swf word":          {"; Version: 2.2\n1 x 0 5 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1\n", "log.csv:2: submit time: x is not a number"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read("log.csv", strings.NewReader(c.text), Options{})
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

// TestManyFaults: the first twenty are told, the others counted.
func TestManyFaults(t *testing.T) {
	text := "arrival,start,end\n" + strings.Repeat("1,2,x\n", 1000)
	_, err := Read("log.csv", strings.NewReader(text), Options{})
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[19] != "log.csv:21: end: x is not a number" || lines[20] != "log.csv: 980 more faults are not listed" {
		t.Errorf("%d lines, the last: %v", len(lines), lines[len(lines)-2:])
	}
	if _, err := Read("log.csv", strings.NewReader("arrival\n1\n2\n3\n"), Options{MaxRows: 2}); err == nil || !strings.Contains(err.Error(), "log.csv:4: has more than 2 rows") {
		t.Error(err)
	}
}

func TestCensored(t *testing.T) {
	tr := read(t, "arrival,start,end\n1,1,2\n2,2,\n3,,\n", Options{})
	want := []int64{1e9, Missing, Missing}
	if !slices.Equal(tr.Requests.End, want) || !slices.Equal(tr.Requests.Start, []int64{0, 1e9, Missing}) {
		t.Error(tr.Requests)
	}
}

// TestSeries: the balance of depth, arrivals and completions, from counters
// with resets, counts per interval, and counts alone.
func TestSeries(t *testing.T) {
	counter := read(t, "time,depth,completed\n0,10,100\n10,14,106\n20,12,2\n40,0,20\n", Options{}).Series
	want := &Series{Times: []int64{0, 10e9, 20e9, 40e9}, Depth: []float64{10, 14, 12, 0}, Arrived: []float64{10, 0, 6}, Completed: []float64{6, 2, 18}, Gaps: 1, Resets: 1}
	if d := cmp.Diff(want, counter); d != "" {
		t.Error(d)
	}
	each := read(t, "time,depth,completed\n0,10,0\n10,14,6\n20,12,2\n40,0,18\n", Options{Interval: true}).Series
	want.Resets = 0
	if d := cmp.Diff(want, each); d != "" {
		t.Error(d)
	}
	bare := read(t, "start,count\n0s,7\n10m,5\n20m,\n", Options{}).Series
	if d := cmp.Diff(&Series{Times: []int64{0, 600e9, 1200e9}, Arrived: []float64{7, 5}}, bare); d != "" {
		t.Error(d)
	}
}

// TestPrometheus: two instances whose counters are reset at different times,
// samples missing in one of them, and a series that is left out.
func TestPrometheus(t *testing.T) {
	answer := `{"status":"success","data":{"resultType":"matrix","result":[
	{"metric":{"__name__":"jobs_enqueued_total","instance":"a"},"values":[[1000,"5"],[1010,"8"],[1020,"1"],[1030,"4"]]},
	{"metric":{"__name__":"jobs_enqueued_total","instance":"b"},"values":[[1000,"100"],[1010,"101"],[1030,"105"]]},
	{"metric":{"__name__":"queue_depth"},"values":[[1000,"2"],[1010,"3"],[1020,"NaN"],[1030,"0"]]},
	{"metric":{"__name__":"temperature"},"values":[[1000,"20"]]}]}}`
	tr := read(t, answer, Options{})
	want := &Series{Times: []int64{0, 10e9, 30e9}, Depth: []float64{2, 3, 0}, Arrived: []float64{4, 8}, Completed: []float64{3, 11}, Resets: 1, Gaps: 0}
	if d := cmp.Diff(want, tr.Series); d != "" {
		t.Error(d)
	}
	if !strings.Contains(strings.Join(tr.Notes, "\n"), "left out: temperature") {
		t.Error(tr.Notes)
	}
}

// TestSWF: the shipped log says of itself that it has no waits.
func TestSWF(t *testing.T) {
	tr, err := ReadFile(t.Context(), "../../../../../testdata/scenarios/traces/NASA-iPSC-1993-3.1-cln.swf.gz", nil, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if tr.Rows != 18239 || !tr.Requests.NoWaits || !strings.Contains(tr.Warnings[0], "submit times are start times") {
		t.Error(tr.Rows, tr.Requests.NoWaits, tr.Warnings)
	}
	if !slices.Equal(tr.Requests.Arrival, tr.Requests.Start) {
		t.Error("waits were invented")
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"arrival,start,end\n1,2,3\n", "arrival\twait_ms\tservice_ms\n2012-06-29T20:04:00+02:00\t5\t6\n", "time,depth,completed\n1,2,3\n2,3,4\n",
		"start,count\n0s,7\n10m,5\n20m,\n", "; Version: 2.2\n1 2 0 5 1 -1 -1 1 -1 -1 1 1 1 -1 -1 -1 -1 -1\n",
		`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"x_total_arrivals"},"values":[[1,"2"],[2,"3"]]}]}}`,
		"\x1f\x8b\x08\x00", "arrival,start,end\n-9e18,9e18,1e308\n",
	} {
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, mixed bool) {
		tr, err := Read("log", bytes.NewReader(data), Options{MixedZones: mixed, MaxRows: 1000})
		if err != nil {
			var faults *Faults
			if !errors.As(err, &faults) || len(faults.First) == 0 || len(faults.First) > mostFaults {
				t.Fatalf("not a fault of the file: %v", err)
			}
			return
		}
		check(t, tr)
	})
}

// check holds a trace against what its doc comments promise.
func check(t *testing.T, tr *Trace) {
	if (tr.Requests == nil) == (tr.Series == nil) || tr.Rows < 1 {
		t.Fatal("neither or both kinds, or no rows")
	}
	if s := tr.Series; s != nil {
		for i := 1; i < len(s.Times); i++ {
			if s.Times[i] <= s.Times[i-1] {
				t.Fatal("times do not increase")
			}
		}
		for _, c := range [][]float64{s.Arrived, s.Completed} {
			if c != nil && len(c) != len(s.Times)-1 {
				t.Fatal("counts do not lie between instants")
			}
		}
		return
	}
	r := tr.Requests
	if !slices.IsSorted(r.Arrival) {
		t.Fatal("not in order")
	}
	for i, a := range r.Arrival {
		if r.Start != nil && r.Start[i] != Missing && r.Start[i] < a {
			t.Fatal("starts before it arrives")
		}
		if r.End != nil && r.End[i] != Missing && r.End[i] < a {
			t.Fatal("ends before it arrives")
		}
	}
}

// TestReadingStops when it is asked to, whatever the format, and that is no
// fault of the file.
func TestReadingStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, text := range []string{"arrival,start,end\n1,2,3\n", "{}", "; Version: 2.2\n"} {
		_, err := ReadFile(ctx, "-", strings.NewReader(text), Options{})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestWaitingForInputEnds with the context, though nothing is ever written.
func TestWaitingForInputEnds(t *testing.T) {
	stdin, silent := io.Pipe()
	defer func() { _ = silent.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := ReadFile(ctx, "-", stdin, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

package trace

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// The Standard Workload Format (S. Chapin et al., "Benchmarks and standards
// for the evaluation of parallel job schedulers", JSSPP 1999; version 2.2 at
// the Parallel Workloads Archive) has one line a job of 18 numbers: job, submit
// time, wait, run time and processors come first, in seconds, -1 for what is
// not known. Comments begin with a semicolon.

func isSWF(name string, head []byte) bool {
	if strings.HasSuffix(strings.TrimSuffix(name, ".gz"), ".swf") {
		return true
	}
	return bytes.HasPrefix(head, []byte(";")) && bytes.Contains(head, []byte("; Version:"))
}

const (
	swfFields  = 18
	swfNumbers = 5 // of the fields, read here
)

func readSWF(name string, in *bufio.Reader, o Options) (*Trace, error) {
	out := &Trace{Name: name, Format: SWF, Relative: true, Requests: &Requests{Resolution: 1e9}}
	faults := &Faults{File: name}
	r, unknown, waits, noWaits := out.Requests, 0, 0, false
	start := int64(0)
	for line := 1; ; line++ {
		text, err := in.ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, unreadable(name, line, err)
		}
		if comment, is := strings.CutPrefix(strings.TrimSpace(text), ";"); is {
			noWaits = noWaits || strings.Contains(comment, "no information on wait times")
			if value, is := strings.CutPrefix(strings.TrimSpace(comment), "UnixStartTime:"); is {
				if _, ns, err := number(strings.TrimSpace(value)); err == nil && ns > 0 {
					start, out.Relative = ns, false
				}
			}
		} else if fields := strings.Fields(text); len(fields) > 0 {
			if out.Rows++; out.Rows > o.MaxRows {
				return nil, faulty(name, line, "", "fit a part of it", "has more than %d rows", o.MaxRows)
			}
			if v, ok := swfJob(faults, line, fields); ok {
				switch submit, wait, run := v[1], v[2], v[3]; {
				case run < 0 || submit < 0:
					unknown++
				default:
					if wait > 0 {
						waits++
					}
					begin := start + submit + max(wait, 0)
					r.Arrival = append(r.Arrival, start+submit)
					r.Start = append(r.Start, begin)
					r.End = append(r.End, begin+run)
					r.Servers = append(r.Servers, int32(min(max(v[4]/1e9, 1), 1<<30)))
				}
			}
		}
		if err != nil {
			break
		}
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	if r.N() == 0 {
		return nil, faulty(name, 0, "", "", "has no jobs with a submit and a run time")
	}
	if noWaits || waits == 0 {
		r.NoWaits = true
		why := "no job has a wait time above 0"
		if noWaits {
			why = "its header says that it has no wait times and that submit times are start times"
		}
		out.Warnings = append(out.Warnings, "the log knows no waits: "+why+"; waits and backlog are not invented")
	}
	if unknown > 0 {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%d of %d jobs lack a submit or a run time and are left out", unknown, out.Rows))
	}
	if !r.inOrder() {
		out.Notes = append(out.Notes, "rows are put in order of arrival")
		r.order()
	}
	out.settle()
	return out, nil
}

// swfJob reads the first fields of a line in ns.
func swfJob(faults *Faults, line int, fields []string) (v [swfNumbers]int64, ok bool) {
	if len(fields) != swfFields {
		faults.add(Fault{line, "", fmt.Sprintf("has %d fields, the Standard Workload Format has %d", len(fields), swfFields), ""})
		return v, false
	}
	names := [...]string{"job", "submit time", "wait time", "run time", "processors"}
	for i := range v {
		x, ns, err := number(fields[i])
		switch {
		case err != nil:
			faults.add(Fault{line, names[i], err.Error(), ""})
			return v, false
		case x < -1 || x > 9e9:
			faults.add(Fault{line, names[i], clean(fields[i]) + " is out of range", "-1 is for what is not known"})
			return v, false
		case ns == notDecimal:
			ns = times(x, ns, 1e9)
		}
		v[i] = ns
	}
	return v, true
}

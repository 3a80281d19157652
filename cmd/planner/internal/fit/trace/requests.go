package trace

import (
	"cmp"
	"fmt"
	"slices"
)

// requests reads one row a request. What was measured may be instants,
// durations or both; what follows from them is worked out row by row.
func (t *table) requests(out *Trace) (*Requests, error) {
	r := &Requests{Resolution: 1}
	columns := t.head.ofRequests()
	knowsArrival := t.head.has(Arrival)
	knowsStart := t.head.has(Start) || t.head.has(Arrival, Wait) || t.head.has(End, Service)
	knowsEnd := t.head.has(End) || knowsStart && t.head.has(Service)
	added := t.head.has(Wait) || t.head.has(Service)
	durations := int64(1e9)
	for {
		more, err := t.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		if t.fields == nil {
			continue
		}
		q := t.request(&columns)
		if t.faults.Total > 0 {
			continue
		}
		if added {
			durations = finest(finest(durations, max(q.wait, 0)), max(q.service, 0))
		}
		if knowsArrival {
			r.Arrival = append(r.Arrival, q.arrival)
		}
		if knowsStart {
			r.Start = append(r.Start, q.start)
		}
		if knowsEnd {
			r.End = append(r.End, q.end)
		}
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	if t.rows == 0 {
		return nil, faulty(t.name, 0, "", "", "has no rows below its heading")
	}
	if added {
		r.Resolution = durations
	}
	if !knowsArrival {
		r.Arrival, r.NoWaits = slices.Clone(r.Start), true
		out.Warnings = append(out.Warnings, "the log has no arrivals: starts are taken for them, so it knows no waits and no backlog")
	}
	if !r.inOrder() {
		out.Notes = append(out.Notes, "rows are put in order of arrival")
		r.order()
	}
	return r, nil
}

// request is one row.
type request struct{ arrival, start, end, wait, service int64 }

// ofRequests is the columns of a request, looked up once and not in each row.
type ofRequests struct{ arrival, start, end, wait, service column }

func (h *heading) ofRequests() ofRequests {
	return ofRequests{h.column(Arrival), h.column(Start), h.column(End), h.column(Wait), h.column(Service)}
}

// request reads a row and completes it.
func (t *table) request(c *ofRequests) request {
	before := t.faults.Total
	q := request{t.instant(c.arrival), t.instant(c.start), t.instant(c.end), t.span(c.wait), t.span(c.service)}
	if t.faults.Total > before {
		return q
	}
	if q.start == Missing && q.arrival != Missing && q.wait != Missing {
		q.start = q.arrival + q.wait
	}
	if q.start == Missing && q.end != Missing && q.service != Missing {
		q.start = q.end - q.service
	}
	if q.end == Missing && q.start != Missing && q.service != Missing {
		q.end = q.start + q.service
	}
	switch {
	case c.arrival.there && q.arrival == Missing:
		t.fault(c.arrival.name, "is empty", "every request has an arrival; only start and end may be missing")
	case !c.arrival.there && q.start == Missing:
		t.fault(c.start.name, "is empty", "")
	case q.end != Missing && q.start != Missing && q.end < q.start:
		t.fault("", fmt.Sprintf("ends %.6g s before it starts", Seconds(q.start-q.end)), "")
	case q.start != Missing && q.arrival != Missing && q.start < q.arrival:
		t.fault("", fmt.Sprintf("starts %.6g s before it arrives", Seconds(q.arrival-q.start)), "")
	case q.end != Missing && q.arrival != Missing && q.end < q.arrival:
		t.fault("", fmt.Sprintf("ends %.6g s before it arrives", Seconds(q.arrival-q.end)), "")
	}
	return q
}

func (r *Requests) inOrder() bool { return slices.IsSorted(r.Arrival) }

// order sorts the requests by arrival; rows of the same instant keep their
// order.
func (r *Requests) order() {
	place := make([]int32, r.N())
	for i := range place {
		place[i] = int32(i)
	}
	slices.SortStableFunc(place, func(a, b int32) int { return cmp.Compare(r.Arrival[a], r.Arrival[b]) })
	for _, c := range []*[]int64{&r.Start, &r.End, &r.Arrival} {
		*c = placed(*c, place)
	}
	r.Servers = placed(r.Servers, place)
}

func placed[T any](column []T, place []int32) []T {
	if column == nil {
		return nil
	}
	out := make([]T, len(column))
	for i, p := range place {
		out[i] = column[p]
	}
	return out
}

package trace

import (
	"fmt"
	"math"
	"slices"
)

// series reads one row an instant. A completed or arrivals column that never
// falls, but for resets to nearly nothing, counts since the beginning; else
// its numbers are those of the interval that ends at the row, or, in a file of
// time and count alone, of the interval that begins there.
func (t *table) series() (*Series, error) {
	s := &Series{}
	columns := map[Role][]float64{}
	ended := false
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
		if ended {
			t.fault("", "follows a row without a count, which is the end", "")
			break
		}
		at := t.instant(t.head.column(Time))
		switch n := len(s.Times); {
		case at == Missing && t.faults.Total == 0:
			t.fault(t.head.byRole[Time].name, "is empty", "")
		case n > 0 && at != Missing && at == s.Times[n-1]:
			t.fault(t.head.byRole[Time].name, "is the same instant as the row before", "leave one of them out")
		case n > 0 && at != Missing && at < s.Times[n-1]:
			t.fault(t.head.byRole[Time].name, "lies before the row above it", "sort the rows by time")
		}
		s.Times = append(s.Times, at)
		for _, role := range []Role{Depth, Completed, Arrivals} {
			if _, _, ok := t.cell(role); !ok {
				continue
			}
			x, there := t.count(role)
			if !there && role == Arrivals && !t.head.has(Depth) && !t.head.has(Completed) {
				ended = true
				continue
			}
			columns[role] = append(columns[role], x)
		}
	}
	if err := t.faults.err(); err != nil {
		return nil, err
	}
	if len(s.Times) < 2 {
		return nil, faulty(t.name, 0, "", "", "has %d rows, a series needs at least 2", len(s.Times))
	}
	s.Depth = columns[Depth]
	if s.Depth == nil && columns[Completed] == nil {
		s.starts(columns[Arrivals], ended)
		return s, nil
	}
	s.Arrived = s.perInterval(columns[Arrivals], t.o.Interval)
	s.Completed = s.perInterval(columns[Completed], t.o.Interval)
	s.derive()
	s.findGaps()
	return s, nil
}

// count reads a number of requests.
func (t *table) count(role Role) (x float64, there bool) {
	text, c, _ := t.cell(role)
	if text == "" {
		if role != Arrivals {
			t.fault(c.name, "is empty", "leave out rows that were not measured")
		}
		return 0, false
	}
	x, _, err := number(text)
	switch {
	case err != nil:
		t.complain(c, err)
	case x < 0:
		t.fault(c.name, clean(text)+" is negative", "")
	case x > 1e15:
		t.fault(c.name, clean(text)+" is more than 1e15", "")
	}
	return x, true
}

// starts takes counts of the intervals that begin at the rows.
func (s *Series) starts(counts []float64, ended bool) {
	s.Arrived = counts
	if n := len(s.Times); !ended {
		s.Times = append(s.Times, s.Times[n-1]+min(s.Times[n-1]-s.Times[n-2], maxSpan))
	}
	s.findGaps()
}

// perInterval turns a column into the counts between rows.
func (s *Series) perInterval(column []float64, interval bool) []float64 {
	if column == nil {
		return nil
	}
	if interval || !isCounter(column) {
		return column[1:]
	}
	out, resets := increments(column)
	s.Resets += resets
	return out
}

// isCounter tells a running total from counts per interval: it falls rarely,
// and then to less than half.
func isCounter(column []float64) bool {
	falls := 0
	for i := 1; i < len(column); i++ {
		if column[i] < column[i-1] {
			if falls++; column[i] > column[i-1]/2 {
				return false
			}
		}
	}
	return falls <= 1+len(column)/20 && slices.Max(column) > 0
}

// increments of a counter. After a reset what it shows has come since.
func increments(column []float64) (out []float64, resets int) {
	out = make([]float64, len(column)-1)
	for i := range out {
		if out[i] = column[i+1] - column[i]; out[i] < 0 {
			out[i] = column[i+1]
			resets++
		}
	}
	return out, resets
}

// derive works out arrivals or completions from the balance of the other and
// the depth.
func (s *Series) derive() {
	if s.Depth == nil || (s.Arrived == nil) == (s.Completed == nil) {
		return
	}
	from, sign := s.Arrived, -1.0
	if s.Completed != nil {
		from, sign = s.Completed, 1
	}
	out := make([]float64, len(from))
	for i := range out {
		out[i] = math.Max(0, from[i]+sign*(s.Depth[i+1]-s.Depth[i]))
	}
	if s.Completed != nil {
		s.Arrived = out
	} else {
		s.Completed = out
	}
}

// findGaps counts the intervals much longer than the middle one.
func (s *Series) findGaps() {
	widths := make([]int64, len(s.Times)-1)
	for i := range widths {
		widths[i] = s.Times[i+1] - s.Times[i]
	}
	sorted := slices.Clone(widths)
	slices.Sort(sorted)
	for _, w := range widths {
		if float64(w) > 1.5*float64(sorted[len(sorted)/2]) {
			s.Gaps++
		}
	}
}

// String says how much was measured.
func (s *Series) String() string {
	return fmt.Sprintf("%d instants over %.6g s", len(s.Times), Seconds(s.Times[len(s.Times)-1]-s.Times[0]))
}

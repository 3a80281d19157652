package scenario

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"singlelane/queueing"
)

// rows calls each for every row of a CSV file but a heading and comments
// (lines that begin with #).
func rows(r io.Reader, columns int, each func(line int, fields []string) error) error {
	c := csv.NewReader(r)
	c.Comment, c.FieldsPerRecord, c.TrimLeadingSpace, c.ReuseRecord = '#', columns, true, true
	for n := 0; ; n++ {
		fields, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		var p *csv.ParseError
		switch {
		case errors.As(err, &p):
			return &complaint{fmt.Sprintf("line %d: %s", p.Line, clean(p.Err.Error())), ""}
		case err != nil:
			return &complaint{clean(err.Error()), ""}
		case n > maxDataRows:
			return &complaint{fmt.Sprintf("has more than %d rows", maxDataRows), ""}
		}
		line, _ := c.FieldPos(0)
		if _, err := parseSeconds(fields[0]); n == 0 && err != nil {
			continue // the heading
		}
		if err := each(line, fields); err != nil {
			return err
		}
	}
}

// parseSeconds reads a duration, or a bare number of seconds as measuring
// tools write them.
func parseSeconds(text string) (float64, error) {
	if x, err := parseNumber(text); err == nil {
		return x, nil
	}
	return parseDuration(text)
}

// readTrace reads rows of: start of the interval, count. An interval ends
// where the next begins. A last row without a count is the end of the last
// interval, which is otherwise as long as the one before it.
func readTrace(r io.Reader) (*dataFile, error) {
	f := &dataFile{}
	ended := false
	err := rows(r, 2, func(line int, fields []string) error {
		if ended {
			return atLine(line, &complaint{"follows a row without a count, which is the end", ""})
		}
		at, err := f.startOf(fields[0])
		f.edges = append(f.edges, at)
		if ended = strings.TrimSpace(fields[1]) == ""; ended || err != nil {
			return atLine(line, err)
		}
		n, err := parseNumber(strings.TrimSpace(fields[1]))
		if err == nil && !(n >= 0 && n <= maxCount) {
			err = &complaint{quoted(fields[1]) + " is not a count from 0 on", ""}
		}
		f.counts = append(f.counts, n)
		return atLine(line, err)
	})
	if err != nil {
		return nil, err
	}
	last := len(f.edges) - 1
	if last < 1 {
		return nil, &complaint{"has fewer than two rows of time and count", ""}
	}
	if !ended {
		f.edges = append(f.edges, 2*f.edges[last]-f.edges[last-1])
	}
	f.trace, err = queueing.NewTrace(f.edges, f.counts, false)
	if err != nil {
		return nil, &complaint{clean(err.Error()), ""}
	}
	return f, nil
}

// startOf reads the next start of an interval.
func (f *dataFile) startOf(text string) (float64, error) {
	at, err := parseSeconds(strings.TrimSpace(text))
	switch last := len(f.edges) - 1; {
	case err != nil:
		return 0, err
	case !(at >= 0 && at <= maxSeconds):
		return 0, &complaint{quoted(text) + " is not a time from 0 on", ""}
	case last >= 0 && at <= f.edges[last]:
		return 0, &complaint{"the times do not increase", ""}
	}
	return at, nil
}

// readTimes reads rows of one service time.
func readTimes(r io.Reader) (*dataFile, error) {
	var times []float64
	err := rows(r, 1, func(line int, fields []string) error {
		x, err := parseSeconds(strings.TrimSpace(fields[0]))
		if err == nil && !(x >= minSeconds && x <= maxSeconds) {
			err = &complaint{quoted(fields[0]) + " is not a service time of 1ns or more", ""}
		}
		times = append(times, x)
		return atLine(line, err)
	})
	if err != nil {
		return nil, err
	}
	s, err := queueing.NewEmpirical(slices.Clip(times))
	if err != nil {
		return nil, &complaint{"has no service times", ""}
	}
	return &dataFile{service: s}, nil
}

func atLine(line int, err error) error {
	var c *complaint
	if errors.As(err, &c) {
		return &complaint{fmt.Sprintf("line %d: %s", line, c.problem), c.hint}
	}
	return err
}

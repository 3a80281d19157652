// Package prometheus asks a Prometheus server for the counters and the depth
// of a queue over a range of time, by the server's own client library. What
// they mean is for package trace: resets, gaps and sums over instances are
// dealt with there.
package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"singlelane/cmd/planner/internal/fit/trace"
)

// Question is what to ask. Queries that are empty are not asked.
type Question struct {
	URL                          string
	Arrivals, Completions, Depth string // PromQL: two counters and a gauge
	Since, Until                 time.Time
	Step                         time.Duration // at least a millisecond
}

const (
	mostPoints = 10_000    // a query: a server refuses more than 11,000
	mostAsked  = 1_000_000 // points of a query in all
	patience   = time.Minute
)

// Error is an answer that is none: the server cannot be reached, or refuses.
type Error struct{ Query, Problem, Hint string }

func (e *Error) Error() string {
	if e.Query == "" {
		return e.Problem
	}
	return fmt.Sprintf("query %s: %s", e.Query, e.Problem)
}

// Points is the number of instants asked for.
func (q Question) Points() int { return int(q.Until.Sub(q.Since)/q.Step) + 1 }

// Name of the source without what a URL may hold in secret.
func (q Question) Name() string {
	u, err := url.Parse(q.URL)
	if err != nil {
		return "prometheus"
	}
	return u.Scheme + "://" + u.Host
}

// Ask puts the queries, in pieces that a server answers, and gives every
// series with the role of its query, and the server's own warnings.
func Ask(ctx context.Context, q Question) (all []trace.Samples, warnings []string, err error) {
	if n := q.Points(); n > mostAsked {
		return nil, nil, &Error{"", fmt.Sprintf("%d instants are asked for, allowed are %d", n, mostAsked), "take a longer --step or a shorter range"}
	}
	client, err := api.NewClient(api.Config{Address: q.URL, Client: &http.Client{Timeout: patience}})
	if err != nil {
		return nil, nil, &Error{"", "the address is no URL: " + err.Error(), "write http://localhost:9090"}
	}
	server := v1.NewAPI(client)
	for _, one := range []struct {
		role  trace.Role
		query string
	}{{trace.Arrivals, q.Arrivals}, {trace.Completed, q.Completions}, {trace.Depth, q.Depth}} {
		if one.query == "" {
			continue
		}
		series, told, err := q.series(ctx, server, one.query)
		if err != nil {
			return nil, nil, err
		}
		warnings = append(warnings, told...)
		for _, s := range series {
			s.Role = one.role
			all = append(all, s)
		}
	}
	return all, warnings, nil
}

// series of one query over the whole range, those of the pieces joined.
func (q Question) series(ctx context.Context, server v1.API, query string) ([]trace.Samples, []string, error) {
	var all []trace.Samples
	var warnings []string
	place := map[string]int{}
	for from := q.Since; !from.After(q.Until); from = from.Add(mostPoints * q.Step) {
		until := from.Add((mostPoints - 1) * q.Step)
		if until.After(q.Until) {
			until = q.Until
		}
		value, told, err := server.QueryRange(ctx, query, v1.Range{Start: from, End: until, Step: q.Step})
		if err != nil {
			return nil, nil, explain(ctx, query, err)
		}
		warnings = append(warnings, told...)
		matrix, ok := value.(model.Matrix)
		if !ok {
			return nil, nil, &Error{query, "the answer is a " + value.Type().String() + ", not a matrix", "query a counter or a gauge"}
		}
		for _, stream := range matrix {
			name := stream.Metric.String()
			if len(stream.Histograms) > 0 {
				return nil, nil, &Error{query, name + " is a histogram", "query its _count"}
			}
			at, seen := place[name]
			if !seen {
				at = len(all)
				place[name] = at
				all = append(all, trace.Samples{Name: name})
			}
			for _, p := range stream.Values {
				all[at].Times = append(all[at].Times, p.Timestamp.UnixNano())
				all[at].Values = append(all[at].Values, float64(p.Value))
			}
		}
	}
	if len(all) == 0 {
		return nil, nil, &Error{query, "there is no series in that range", "look at the query in the server's own page, and at --since and --until"}
	}
	return all, warnings, nil
}

// explain turns the library's errors into words.
func explain(ctx context.Context, query string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var answer *v1.Error
	var network net.Error
	switch {
	case errors.As(err, &answer):
		return &Error{query, answer.Msg, ""}
	case errors.As(err, &network) && network.Timeout():
		return &Error{query, fmt.Sprintf("no answer within %s", patience), "take a longer --step or a shorter range"}
	}
	var dial *net.OpError
	if errors.As(err, &dial) {
		return &Error{"", "the server cannot be reached: " + dial.Error(), "is it running, and is --prometheus its address?"}
	}
	return &Error{query, err.Error(), ""}
}

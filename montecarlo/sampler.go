package montecarlo

import (
	"errors"
	"fmt"
	"strings"

	"singlelane/queueing"
)

// samplerOf is how a lane's drain times are drawn: as insisted on, or in the
// fastest way that is exact. It errs where what is insisted on is not.
func samplerOf(l *queueing.Lane, insist queueing.Method) (m queueing.Method, reason string, err error) {
	leaps, why := leapable(l)
	switch {
	case insist == queueing.Leaps && !leaps:
		return "", "", &UnsupportedError{l.Name(), "leaps are not exact: " + why}
	case insist == queueing.Recursion && !l.Plain():
		return "", "", &UnsupportedError{l.Name(), "the recursion serves in order of arrival and nothing else; here are " + mechanism(l)}
	case insist == queueing.Recursion:
		return insist, "order of arrival, request by request", nil
	case insist == queueing.Events && l.Plain():
		return insist, "event by event, as asked", nil
	case insist == queueing.Events, !l.Plain():
		return queueing.Events, "event by event: " + mechanism(l), nil
	case leaps:
		return queueing.Leaps, "leaps are exact for every lane", nil
	}
	return queueing.Recursion, "no leaps: " + why, nil
}

// choose is the slowest method that a lane of the region takes, and why.
func choose(lanes []*queueing.Lane, insist queueing.Method) (method queueing.Method, reason string, err error) {
	if len(lanes) == 0 {
		return "", "", &OptionError{"lanes", 0, "at least one"}
	}
	slowness := map[queueing.Method]int{queueing.Leaps: 1, queueing.Recursion: 2, queueing.Events: 3}
	for i, l := range lanes {
		m, why, err := samplerOf(l, insist)
		if err == nil && m != queueing.Leaps {
			err = countable(l)
		}
		if err != nil {
			return "", "", err
		}
		if slowness[m] > slowness[method] {
			method, reason = m, why
			if m == queueing.Recursion && insist == "" {
				reason = fmt.Sprintf("%s in lane %d", why, i+1)
			}
		}
	}
	return method, reason, nil
}

// chooseToFollow is choose for what follows single requests, as leaps do not.
func chooseToFollow(lanes []*queueing.Lane, insist queueing.Method) (queueing.Method, string, error) {
	if insist != queueing.Events {
		insist = ""
	}
	m, why, err := choose(lanes, insist)
	if m != queueing.Events {
		m, why = queueing.Recursion, "order of arrival, request by request"
	}
	for _, l := range lanes {
		err = errors.Join(err, countable(l))
	}
	return m, why, err
}

// countable errs for a lane with too many requests to simulate one by one.
func countable(l *queueing.Lane) error {
	n := atHand(l)
	if n > maxRequests {
		return &UnsupportedError{l.Name(), fmt.Sprintf("%.3g requests are too many to simulate one by one, at most %d are", n, maxRequests)}
	}
	if at := l.Initial().Mean(); at > maxInLane && !l.Plain() {
		return &UnsupportedError{l.Name(), fmt.Sprintf("%.3g requests at once are too many to simulate event by event, at most %d are", at, maxInLane)}
	}
	return nil
}

// mechanism names the mechanisms of the lane.
func mechanism(l *queueing.Lane) string {
	return strings.Join(l.Config().Mechanisms.Names(), ", ")
}

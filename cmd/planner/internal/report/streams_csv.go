package report

import (
	"io"

	"singlelane/cmd/planner/internal/study"
)

// streamColumns are of the requests of one stream, or of one lane, in the storms
// that were followed; SI units and shares.
var streamColumns = []string{"design", "of", "name", "n", "wait_mean_s", "wait_p50_s", "wait_p99_s", "sojourn_p99_s", "longest_wait_p99_s",
	"nearly_done_p99_s", "last_done_p99_s", "in_time", "refused", "aged_out", "given_up", "left", "attempts",
	"peak_p99", "waited_hours_mean", "over_level_p99_s"}

const laneFields = 3 // of streamColumns, the last, that lanes have

// StreamsCSV writes one row a stream and one row a lane of each design whose
// storms were followed.
func StreamsCSV(w io.Writer, r *study.Result) error {
	rows := [][]string{streamColumns}
	for i := range r.Designs {
		a := &r.Designs[i]
		for j := range a.Streams {
			rows = append(rows, streamRow(a, &a.Streams[j]))
		}
		for _, l := range a.LanePaths {
			row := append([]string{a.Name, "lane", l.Name, field(float64(l.Peak.N))}, make([]string, len(streamColumns)-4-laneFields)...)
			rows = append(rows, append(row, fields(l.Peak.P99.Value, l.Waited.Mean.Value/3600, p99(l.Over))...))
		}
	}
	return writeCSV(w, rows)
}

func streamRow(a *study.Answer, s *study.Stream) []string {
	row := append([]string{a.Name, "stream", s.Name, field(float64(a.Peak.N))},
		fields(s.Wait.Mean.Value, s.Wait.P50.Value, s.Wait.P99.Value, s.Sojourn.P99.Value, p99(s.Longest), p99(s.Nearly), p99(s.LastDone),
			s.InTime.Value, s.Refused.Value, s.AgedOut.Value, s.GivenUp.Value, s.Left, s.Attempts.Value)...)
	return append(row, make([]string, laneFields)...)
}

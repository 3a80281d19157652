package trace

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestDatesInRuns reads dates as they follow each other in a log, each by one
// clock that remembers the one before, and holds each against package time.
func TestDatesInRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	zones := []*time.Location{time.UTC, time.FixedZone("", 7200), time.FixedZone("", -34200), time.UTC}
	at := time.Date(2012, 2, 28, 23, 59, 50, 0, time.UTC)
	c := clock{mixed: true}
	for i := range 20_000 {
		at = at.Add(time.Duration(r.Int64N(20e9)) - 2*time.Second)
		if r.IntN(100) == 0 {
			at = at.AddDate(0, 0, 1+r.IntN(40))
		}
		want := at.Round([]time.Duration{1, 1e3, 1e6, 1e9}[r.IntN(4)])
		text := want.In(zones[r.IntN(len(zones))]).Format(time.RFC3339Nano)
		if r.IntN(4) == 0 {
			text = text[:10] + " " + text[11:]
		}
		got, err := c.read(text)
		if err != nil || got != want.UnixNano() {
			t.Fatalf("date %d, %s: %d, %v, want %d", i, text, got, err, want.UnixNano())
		}
	}
}

// TestDatesAfterAGoodOne is refused or read as package time does, whatever was
// read before.
func TestDatesAfterAGoodOne(t *testing.T) {
	for _, text := range []string{
		"2012-06-29T24:00:00Z", "2012-06-29T20:60:00Z", "2012-06-29T20:04:60Z", "2012-06-29T20:04:0Z", "2012-06-29T20:04:00",
		"2012-06-29T20:04:00.Z", "2012-06-29T20:04:00.5", "2012-06-29T20:04:00.1234567891Z", "2012-06-29T20:04:00,5Z", "2012-06-29T20:04:00z",
		"2012-06-29T20:04:00ZZ", "2012-06-29T20-04-00Z", "2012-06-29T20:0x:00Z", "2012-06-29T", "2012-06-29", "2012-06-29T20:04:00+00:00", "2012-06-29T-1:04:00Z",
	} {
		t.Run(text, func(t *testing.T) {
			c := clock{}
			if _, err := c.read("2012-06-29T20:03:59.25Z"); err != nil {
				t.Fatal(err)
			}
			want, wrong := time.Parse(time.RFC3339, text)
			got, err := c.read(text)
			if (err != nil) != (wrong != nil) || err == nil && got != want.UnixNano() {
				t.Errorf("%d, %v; package time: %d, %v", got, err, want.UnixNano(), wrong)
			}
		})
	}
}

// BenchmarkDate is one date after another of the same day, and each of another
// day than the one before.
func BenchmarkDate(b *testing.B) {
	for _, days := range []int{1, 2} {
		texts := make([]string, 1000)
		for i := range texts {
			texts[i] = time.Date(2012, 6, 1+i%days, 20, i%60, 7, 125e6, time.UTC).Format(time.RFC3339Nano)
		}
		b.Run(fmt.Sprintf("%d days in turn", days), func(b *testing.B) {
			c, i := clock{}, 0
			for b.Loop() {
				if _, err := c.read(texts[i%len(texts)]); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

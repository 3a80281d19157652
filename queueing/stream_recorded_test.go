package queueing

import (
	"math"
	"testing"
)

// TestRecorded: counts of whole intervals are certain, of cut ones binomial;
// instants are counted one by one; parts add up to the whole.
func TestRecorded(t *testing.T) {
	byCount, err := NewRecordedCounts([]float64{0, 10, 30, 40}, []int{5, 0, 7})
	if err != nil {
		t.Fatal(err)
	}
	at := []float64{0, 1, 1, 4, 12, 39.5, 39.5, 40}
	byInstant, err := NewRecordedInstants(at)
	if err != nil {
		t.Fatal(err)
	}
	if c := byCount.Count(0, 35); c.Fixed != 5 || len(c.Binomials) != 1 || c.Binomials[0] != (Binomial{7, 0.5, 1}) {
		t.Errorf("%+v", c)
	}
	if c := byInstant.Count(1, 39.5); c.Fixed != 4 || c.Variance() != 0 {
		t.Errorf("%+v", c)
	}
	for name, src := range map[string]Recorded{"counts": byCount, "instants": byInstant} {
		if src.Validate() != nil || src.Total() != int(math.Round(src.Flow(-1, 1e6))) {
			t.Errorf("%s: %d requests, Flow is %v", name, src.Total(), src.Flow(-1, 1e6))
		}
		sum, flow := 0, 0.0
		for k := range 3 {
			part := src.Split(3, k).(Recorded)
			sum += part.Total()
			flow += part.Flow(3, 33)
			if len(part.Instants()) > 0 && len(part.Instants()) != part.Total() {
				t.Errorf("%s: part %d has %d instants of %d", name, k, len(part.Instants()), part.Total())
			}
		}
		if sum != src.Total() || math.Abs(flow-src.Flow(3, 33)) > 1e-12 {
			t.Errorf("%s: the parts have %d of %d, Flow %v of %v", name, sum, src.Total(), flow, src.Flow(3, 33))
		}
	}
	for _, bad := range [][]float64{nil, {1, 0}, {math.NaN()}, {-1}, {math.Inf(1)}} {
		if _, err := NewRecordedInstants(bad); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
	if _, err := NewRecordedCounts([]float64{0, 1}, []int{-1}); err == nil {
		t.Error("a negative count was accepted")
	}
}

package plots_test

import (
	"bytes"
	"sync"
	"testing"

	"singlelane/plots"
)

// TestSaveTogether saves a chart from several goroutines at once, as a report
// does: all get the same bytes.
func TestSaveTogether(t *testing.T) {
	for _, f := range []plots.Format{plots.PNG, plots.SVG, plots.PDF} {
		var wg sync.WaitGroup
		var raw [4]bytes.Buffer
		for i := range raw {
			wg.Go(func() {
				if err := waits().Save(&raw[i], f); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for i := range raw {
			if raw[i].Len() == 0 || !bytes.Equal(raw[i].Bytes(), raw[0].Bytes()) {
				t.Errorf("%s: copy %d differs", f, i)
			}
		}
	}
}

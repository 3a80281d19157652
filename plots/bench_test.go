package plots_test

import (
	"io"
	"testing"

	"singlelane/plots"
)

// BenchmarkSave draws each chart of a report.
func BenchmarkSave(b *testing.B) {
	for name, c := range golden() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := c.Save(io.Discard, plots.PNG); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

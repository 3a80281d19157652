package trace

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"testing"
	"time"
)

// logOf writes n rows of a log in one of the ways that logs are written,
// without keeping them.
func logOf(n int, dates bool) io.Reader {
	r, w := io.Pipe()
	go func() {
		var b bytes.Buffer
		b.WriteString("arrival,start,end\n")
		day := time.Date(2012, 6, 29, 20, 4, 0, 0, time.UTC)
		for i := range n {
			a := int64(i) * 100_003_000
			if dates {
				for k, d := range []int64{0, 31_000_000, 731_000_000} {
					b.Write(day.Add(time.Duration(a+d)).AppendFormat(nil, "2006-01-02T15:04:05.000Z07:00"))
					b.WriteByte(",,\n"[k])
				}
			} else {
				fmt.Fprintf(&b, "%d.%06d,%d.%06d,%d.%06d\n", 1753875123+a/1e9, a%1e9/1e3, 1753875123+(a+31_000_000)/1e9, (a+31_000_000)%1e9/1e3, 1753875123+(a+731_000_000)/1e9, (a+731_000_000)%1e9/1e3)
			}
			if b.Len() > 1<<16 || i == n-1 {
				if _, err := w.Write(b.Bytes()); err != nil {
					return
				}
				b.Reset()
			}
		}
		_ = w.Close()
	}()
	return r
}

func BenchmarkRead(b *testing.B) {
	const rows = 200_000
	for _, c := range []struct {
		name        string
		dates, gzip bool
	}{{"seconds", false, false}, {"dates", true, false}, {"dates gzipped", true, true}} {
		data, err := io.ReadAll(logOf(rows, c.dates))
		if err != nil {
			b.Fatal(err)
		}
		if c.gzip {
			var packed bytes.Buffer
			z := gzip.NewWriter(&packed)
			if _, err := z.Write(data); err != nil {
				b.Fatal(err)
			}
			if err := z.Close(); err != nil {
				b.Fatal(err)
			}
			data = packed.Bytes()
		}
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Read("log", bytes.NewReader(data), Options{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(rows*float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

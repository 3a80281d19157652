package steady

import "testing"

// The sum over every server count from 1 to 10^4 at 90 % load each.
func BenchmarkErlangCTable(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sum := 0.0
		for c := 1.0; c <= 1e4; c++ {
			sum += ErlangC(c, 0.9*c)
		}
		if !near(sum, 69.0036747471872, 1e-13) {
			b.Fatal(sum)
		}
	}
}

func BenchmarkErlangCMillionServers(b *testing.B) {
	b.ReportAllocs()
	for _, load := range []float64{0.9e6, 0.999e6, 999_999, 999_999.999} {
		b.Run(format(load), func(b *testing.B) {
			for b.Loop() {
				ErlangC(1e6, load)
			}
		})
	}
}

func BenchmarkErlangBMillionServers(b *testing.B) {
	for _, load := range []float64{0.9e6, 1e6, 1_000_002, 1.1e6} {
		b.Run(format(load), func(b *testing.B) {
			for b.Loop() {
				ErlangB(1e6, load)
			}
		})
	}
}

// 1000 customers at 20 stations.
func BenchmarkMVA(b *testing.B) {
	demands, queue := make([]float64, 20), make([]float64, 20)
	for i := range demands {
		demands[i] = 0.001 * float64(1+i%7)
	}
	b.ReportAllocs()
	for b.Loop() {
		MVA(1000, 1, demands, queue)
	}
}

func BenchmarkMeasures(b *testing.B) {
	b.ReportAllocs()
	bench := func(name string, m interface{ Measures() (Measures, error) }) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := m.Measures(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	bench("mmc", MMc{90, 1, 100})
	bench("mmck", MMcK{90, 1, 100, 200})
	bench("erlang-a", ErlangA{100, 1, 100, 2})
	bench("mdc", MDc{90, 1, 100})
	bench("mdc near saturation", MDc{99.99, 1, 100})
	bench("repair", Repair{0.1, 1, 10, 100})
}

// Laws behind transforms: a quantile takes some twenty inversions.
func BenchmarkQuantiles(b *testing.B) {
	bench := func(name string, quantile func(p float64) (float64, error)) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := quantile(0.99); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	bench("ps, two servers", PS{1.8, 1, 2}.SojournQuantile)
	bench("ps, two servers near saturation", PS{2 - 2e-9, 1, 2}.SojournQuantile)
	bench("ps, a million servers", PS{999_999, 1, 1_000_000}.SojournQuantile)
	classes := []Class{{"a", 30, 1, 1}, {"b", 60, 1, 1}}
	bench("priority, interruptions", func(p float64) (float64, error) { return Priority{classes, 100, true}.ClassWaitQuantile(1, p) })
}

package montecarlo

import "math"

// Waits counts the waits of very many requests in bins whose edges lie 1/64
// of a power of two apart, so that a quantile is right to 0.8 %.
type Waits struct {
	zero int64 // that did not wait
	bins []int64
	n    int64
	max  float64
}

const (
	waitBits   = 6 // bins a power of two: 2^waitBits
	waitShift  = 52 - waitBits
	waitLowest = (1023 - 30) << waitBits // 2^-30 s
	waitBins   = 64 << waitBits          // up to 2^34 s
)

func newWaits() *Waits { return &Waits{bins: make([]int64, waitBins)} }

func (w *Waits) add(x float64) {
	w.n++
	if x <= 0 {
		w.zero++
		return
	}
	if x > w.max {
		w.max = x
	}
	w.bins[waitBin(x)]++
}

func (w *Waits) merge(v *Waits) {
	w.n += v.n
	w.zero += v.zero
	w.max = max(w.max, v.max)
	for i, k := range v.bins[:v.used()] {
		w.bins[i] += k
	}
}

// used is the number of bins below which all that were counted lie.
func (w *Waits) used() int { return waitBin(w.max) + 1 }

// waitBin is the bin of a wait above 0, the first for 0.
func waitBin(x float64) int {
	i := int(math.Float64bits(x)>>waitShift) - waitLowest
	return min(max(i, 0), waitBins-1)
}

// N is the number of requests.
func (w *Waits) N() int64 { return w.n }

// Max is the longest wait in seconds.
func (w *Waits) Max() float64 { return w.max }

// Quantile is the p-quantile of a request's wait in seconds, right to 0.8 %,
// NaN without any request.
func (w *Waits) Quantile(p float64) float64 {
	if w.n == 0 {
		return math.NaN()
	}
	rank := int64(math.Ceil(p * float64(w.n)))
	seen := w.zero
	if rank <= seen {
		return 0
	}
	for i, k := range w.bins {
		if seen += k; seen >= rank {
			upper := math.Float64frombits(uint64(i+1+waitLowest) << waitShift)
			return min(upper, w.max)
		}
	}
	return w.max
}

// reset forgets everything.
func (w *Waits) reset() {
	clear(w.bins[:w.used()])
	*w = Waits{bins: w.bins}
}

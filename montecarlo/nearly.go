package montecarlo

// nearlyAll is 99 in 100 of n, rounded up.
func nearlyAll(n int) int { return (n*99 + 99) / 100 }

// smallest is the k-th smallest of the values, k from 1, which it puts in
// another order (C. A. R. Hoare, Comm. ACM 4 (1961), algorithm 65).
func smallest(v []float64, k int) float64 {
	lo, hi := 0, len(v)-1
	for lo < hi {
		pivot := v[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i++
				j--
			}
		}
		switch {
		case k-1 <= j:
			hi = j
		case k-1 >= i:
			lo = i
		default:
			return v[k-1]
		}
	}
	return v[k-1]
}
